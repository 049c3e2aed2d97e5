//! The fixed header, the CSRC list and the extent of the extension block (RFC 3550 §5.1, §5.3.1).

use super::Error;
use crate::bytes::{Reader, Writer};

pub const MIN_HEADER: usize = 12;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub marker: bool,
    pub payload_type: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    pub has_padding: bool,
    pub extension_profile: u16,
    pub extension_at: usize,
    pub extension_length: usize,
    /// Of the whole header: what SRTP leaves in clear.
    pub length: usize,
}

impl Header {
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        Self::read(&mut reader, bytes.len()).ok_or(Error::Short)?
    }

    fn read(reader: &mut Reader<'_>, total: usize) -> Option<Result<Self, Error>> {
        let [first, second] = reader.array()?;
        let sequence = reader.u16()?;
        let timestamp = reader.u32()?;
        let ssrc = reader.u32()?;
        if first >> 6 != 2 {
            return Some(Err(Error::Version));
        }
        reader.take(usize::from(first & 0x0f) * 4)?;
        let (mut extension_profile, mut extension_at, mut extension_length) = (0, 0, 0);
        if first & 0x10 != 0 {
            extension_profile = reader.u16()?;
            extension_length = usize::from(reader.u16()?) * 4;
            extension_at = total - reader.remaining();
            reader.take(extension_length)?;
        }
        Some(Ok(Self {
            marker: second & 0x80 != 0,
            payload_type: second & 0x7f,
            sequence,
            timestamp,
            ssrc,
            has_padding: first & 0x20 != 0,
            extension_profile,
            extension_at,
            extension_length,
            length: total - reader.remaining(),
        }))
    }

    /// The payload without its padding; only a decrypted packet can tell.
    pub fn payload<'a>(&self, bytes: &'a [u8]) -> Result<&'a [u8], Error> {
        let payload = bytes.get(self.length..).ok_or(Error::Short)?;
        if !self.has_padding {
            return Ok(payload);
        }
        let padding = usize::from(*payload.last().ok_or(Error::Padding)?);
        let kept = payload.len().checked_sub(padding).filter(|_| padding > 0).ok_or(Error::Padding)?;
        payload.get(..kept).ok_or(Error::Padding)
    }
}

/// The fields of a header that we write: one CSRC, extensions announced but written by the caller.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    pub marker: bool,
    pub payload_type: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    pub csrc: u32,
    pub has_extensions: bool,
}

impl Fields {
    pub fn write(&self, writer: &mut Writer<'_>) {
        writer.u8(0x81 | if self.has_extensions { 0x10 } else { 0 });
        writer.u8(self.payload_type & 0x7f | if self.marker { 0x80 } else { 0 });
        writer.u16(self.sequence);
        writer.u32(self.timestamp);
        writer.u32(self.ssrc);
        writer.u32(self.csrc);
    }
}
