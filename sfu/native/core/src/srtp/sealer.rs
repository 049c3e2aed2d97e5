//! The sending side. RTP indices belong to the slots, which guard them with a window each; the SRTCP index
//! is one for all of a peer's RTCP and only grows.

use super::{Cipher, Error, Extent, Keys, Position};

const MAX_RTCP_INDEX: u32 = 0x7fff_ffff;

pub struct Sealer {
    cipher: Cipher,
    next_rtcp_index: u32,
}

impl Sealer {
    pub fn new(keys: &Keys) -> Self {
        Self { cipher: keys.cipher(), next_rtcp_index: 1 }
    }

    pub fn rtp_overhead(&self) -> usize {
        self.cipher.rtp_overhead()
    }

    /// The caller has made sure that `at` was never used under these keys.
    pub fn seal_rtp(&self, buffer: &mut [u8], extent: Extent, at: Position) -> Result<usize, Error> {
        self.cipher.seal_rtp(buffer, extent, at)
    }

    pub fn seal_rtcp(&mut self, buffer: &mut [u8], length: usize) -> Result<usize, Error> {
        if self.next_rtcp_index > MAX_RTCP_INDEX {
            return Err(Error::IndexUsed);
        }
        let index = self.next_rtcp_index;
        self.next_rtcp_index += 1;
        self.cipher.seal_rtcp(buffer, length, index)
    }
}
