//! The receiving side: authenticate, decrypt, refuse replays. State of an SSRC begins with its first
//! authentic packet, and there are at most 64 of them.

use std::collections::HashMap;

use super::replay::Window;
use super::{Cipher, Error, Keys, Position};
use crate::rtp::Header;
use crate::sequence::extend;

const MAX_SSRCS: usize = 64;

pub struct Opener {
    cipher: Cipher,
    rtp: HashMap<u32, Window>,
    rtcp: HashMap<u32, Window>,
}

impl Opener {
    pub fn new(keys: &Keys) -> Self {
        Self { cipher: keys.cipher(), rtp: HashMap::new(), rtcp: HashMap::new() }
    }

    /// Decrypts in place; gives the length of the plain packet.
    pub fn open_rtp(&mut self, packet: &mut [u8], header: &Header) -> Result<usize, Error> {
        let window = self.rtp.get(&header.ssrc);
        if window.is_none() && self.rtp.len() >= MAX_SSRCS {
            return Err(Error::TooManySsrcs);
        }
        let highest = window.and_then(Window::highest).unwrap_or(u64::from(header.sequence));
        let index = extend(highest, header.sequence).ok_or(Error::Replayed)?;
        if window.is_some_and(|window| !window.is_fresh(index)) {
            return Err(Error::Replayed);
        }
        let length = self.cipher.open_rtp(packet, header.length, Position { ssrc: header.ssrc, index })?;
        self.rtp.entry(header.ssrc).or_default().insert(index);
        Ok(length)
    }

    pub fn open_rtcp(&mut self, packet: &mut [u8]) -> Result<usize, Error> {
        let [_, _, _, _, ssrc @ ..] = *packet.first_chunk::<8>().ok_or(Error::Short)?;
        let ssrc = u32::from_be_bytes(ssrc);
        let claimed = self.cipher.claimed_rtcp_index(packet)? & !super::ENCRYPTED;
        let window = self.rtcp.get(&ssrc);
        if window.is_none() && self.rtcp.len() >= MAX_SSRCS {
            return Err(Error::TooManySsrcs);
        }
        if window.is_some_and(|window| !window.is_fresh(u64::from(claimed))) {
            return Err(Error::Replayed);
        }
        let opened = self.cipher.open_rtcp(packet)?;
        self.rtcp.entry(ssrc).or_default().insert(u64::from(opened.index));
        Ok(opened.length)
    }
}

#[cfg(test)]
#[path = "opener_tests.rs"]
mod tests;
