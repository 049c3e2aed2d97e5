//! RTP (RFC 3550 §5) and its header extensions (RFC 8285): one packet parsed into what forwarding needs.

pub mod extension;
pub mod header;

pub use extension::Extensions;
pub use header::{Header, MIN_HEADER};

use crate::command::Codecs;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    Short,
    Version,
    Padding,
}

/// A decrypted packet: header, the extensions that we understand, payload without padding.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    pub header: Header,
    pub extensions: Extensions<'a>,
    pub payload: &'a [u8],
}

impl<'a> Packet<'a> {
    pub fn parse(bytes: &'a [u8], codecs: &Codecs) -> Result<Self, Error> {
        let header = Header::parse(bytes)?;
        let extensions = Extensions::read(&header, bytes, codecs);
        let payload = header.payload(bytes)?;
        Ok(Self { header, extensions, payload })
    }
}

#[cfg(test)]
mod tests;
