//! SRTP and SRTCP (RFC 3711, RFC 7714): opening what a peer sends, sealing what it receives. Nothing is
//! remembered of a packet before its tag is right. Works in place; the caller owns the buffers.

pub mod cm_sha1;
pub mod gcm;
pub mod key_derivation;
pub mod opener;
pub mod replay;
pub mod sealer;
#[cfg(test)]
mod vectors;

pub use opener::Opener;
pub use sealer::Sealer;

use cm_sha1::CmSha1;
use gcm::Gcm;

/// Largest overhead of a sealed packet: GCM tag and SRTCP index.
pub const MAX_OVERHEAD: usize = 20;
/// SRTCP index with the E bit.
pub(crate) const RTCP_INDEX: usize = 4;
/// The part of RTCP that stays in clear: first header word and sender SSRC.
pub(crate) const RTCP_CLEAR: usize = 8;
pub(crate) const ENCRYPTED: u32 = 0x8000_0000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    Short,
    Unauthentic,
    Replayed,
    TooManySsrcs,
    IndexUsed,
}

/// Master key and salt of one direction. The profile is in the variant, so that sizes cannot disagree.
#[derive(Clone)]
pub enum Keys {
    AeadAes128Gcm { key: [u8; 16], salt: [u8; 12] },
    Aes128CmSha1_80 { key: [u8; 16], salt: [u8; 14] },
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keys(…)")
    }
}

impl Keys {
    pub(crate) fn cipher(&self) -> Cipher {
        match self {
            Self::AeadAes128Gcm { key, salt } => Cipher::Gcm(Box::new(Gcm::new(key, salt))),
            Self::Aes128CmSha1_80 { key, salt } => Cipher::CmSha1(Box::new(CmSha1::new(key, salt))),
        }
    }
}

pub(crate) enum Cipher {
    Gcm(Box<Gcm>),
    CmSha1(Box<CmSha1>),
}

impl Cipher {
    /// Bytes that sealing adds to RTP.
    pub(crate) fn rtp_overhead(&self) -> usize {
        match self {
            Self::Gcm(_) => gcm::TAG,
            Self::CmSha1(_) => cm_sha1::TAG,
        }
    }

    /// Verifies and decrypts; gives the length of the plain packet.
    pub(crate) fn open_rtp(&self, packet: &mut [u8], header: usize, at: Position) -> Result<usize, Error> {
        match self {
            Self::Gcm(gcm) => gcm.open_rtp(packet, header, at),
            Self::CmSha1(cm) => cm.open_rtp(packet, header, at),
        }
    }

    /// Encrypts `buffer[..length]` and appends the tag; gives the length of the sealed packet.
    pub(crate) fn seal_rtp(&self, buffer: &mut [u8], extent: Extent, at: Position) -> Result<usize, Error> {
        match self {
            Self::Gcm(gcm) => gcm.seal_rtp(buffer, extent, at),
            Self::CmSha1(cm) => cm.seal_rtp(buffer, extent, at),
        }
    }

    pub(crate) fn open_rtcp(&self, packet: &mut [u8]) -> Result<OpenedRtcp, Error> {
        match self {
            Self::Gcm(gcm) => gcm.open_rtcp(packet),
            Self::CmSha1(cm) => cm.open_rtcp(packet),
        }
    }

    pub(crate) fn seal_rtcp(&self, buffer: &mut [u8], length: usize, index: u32) -> Result<usize, Error> {
        match self {
            Self::Gcm(gcm) => gcm.seal_rtcp(buffer, length, index),
            Self::CmSha1(cm) => cm.seal_rtcp(buffer, length, index),
        }
    }

    /// The SRTCP index that a packet claims; unauthenticated.
    pub(crate) fn claimed_rtcp_index(&self, packet: &[u8]) -> Result<u32, Error> {
        let trailer = match self {
            Self::Gcm(_) => 0,
            Self::CmSha1(_) => cm_sha1::TAG,
        };
        let end = packet.len().checked_sub(trailer).ok_or(Error::Short)?;
        let before = packet.get(..end).ok_or(Error::Short)?;
        before.last_chunk().copied().map(u32::from_be_bytes).ok_or(Error::Short)
    }
}

/// SSRC and 48-bit packet index: what a nonce is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub ssrc: u32,
    pub index: u64,
}

impl Position {
    pub(crate) fn rollover(self) -> u32 {
        ((self.index >> 16) & 0xffff_ffff) as u32
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Extent {
    pub header: usize,
    pub length: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OpenedRtcp {
    pub length: usize,
    pub index: u32,
}

fn sender_ssrc(clear: &[u8; RTCP_CLEAR]) -> u32 {
    let [_, _, _, _, ssrc @ ..] = *clear;
    u32::from_be_bytes(ssrc)
}
