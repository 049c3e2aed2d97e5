//! AEAD_AES_128_GCM for RTP and RTCP (RFC 7714). A nonce is a pure function of SSRC and index, so whoever
//! calls `seal_…` answers for never giving the same pair twice.

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, Tag, UnboundKey};

use super::key_derivation::{Label, derive};
use super::{ENCRYPTED, Error, Extent, OpenedRtcp, Position, RTCP_CLEAR, RTCP_INDEX, sender_ssrc};

pub const TAG: usize = 16;

pub struct Gcm {
    rtp: Session,
    rtcp: Session,
}

struct Session {
    /// `None` only if the library refused a key of the right size.
    key: Option<LessSafeKey>,
    salt: [u8; 12],
}

impl Session {
    fn new(key: &[u8; 16], salt: [u8; 12]) -> Self {
        Self { key: UnboundKey::new(&AES_128_GCM, key).ok().map(LessSafeKey::new), salt }
    }

    /// RFC 7714 §8.1 and §9.1: two zero bytes, SSRC, and 48 bits of index, XOR the salt.
    fn nonce(&self, ssrc: u32, index: u64) -> Nonce {
        let block = (u128::from(ssrc) << 48) | u128::from(index & 0xffff_ffff_ffff);
        let mut nonce = self.salt;
        let [_, _, _, _, used @ ..] = block.to_be_bytes();
        for (target, byte) in nonce.iter_mut().zip(used) {
            *target ^= byte;
        }
        Nonce::assume_unique_for_key(nonce)
    }

    fn open(&self, nonce: Nonce, aad: &[u8], body: &mut [u8]) -> Result<(), Error> {
        let key = self.key.as_ref().ok_or(Error::Unauthentic)?;
        let opened = key.open_in_place(nonce, Aad::from(aad), body);
        opened.map(|_| ()).map_err(|_| Error::Unauthentic)
    }

    fn seal(&self, nonce: Nonce, aad: &[u8], body: &mut [u8]) -> Result<Tag, Error> {
        let key = self.key.as_ref().ok_or(Error::Unauthentic)?;
        key.seal_in_place_separate_tag(nonce, Aad::from(aad), body).map_err(|_| Error::Unauthentic)
    }
}

impl Gcm {
    pub fn new(key: &[u8; 16], salt: &[u8; 12]) -> Self {
        let mut padded = [0; 14];
        for (target, byte) in padded.iter_mut().zip(salt) {
            *target = *byte;
        }
        let session = |encryption, salting| {
            Session::new(&derive::<16>(key, &padded, encryption), derive::<12>(key, &padded, salting))
        };
        Self {
            rtp: session(Label::RtpEncryption, Label::RtpSalt),
            rtcp: session(Label::RtcpEncryption, Label::RtcpSalt),
        }
    }

    pub fn open_rtp(&self, packet: &mut [u8], header: usize, at: Position) -> Result<usize, Error> {
        let length = packet.len().checked_sub(TAG).filter(|length| *length >= header).ok_or(Error::Short)?;
        let (aad, body) = packet.split_at_mut_checked(header).ok_or(Error::Short)?;
        self.rtp.open(self.rtp.nonce(at.ssrc, at.index), aad, body)?;
        Ok(length)
    }

    pub fn seal_rtp(&self, buffer: &mut [u8], extent: Extent, at: Position) -> Result<usize, Error> {
        let (plain, rest) = buffer.split_at_mut_checked(extent.length).ok_or(Error::Short)?;
        let (aad, body) = plain.split_at_mut_checked(extent.header).ok_or(Error::Short)?;
        let target = rest.first_chunk_mut::<TAG>().ok_or(Error::Short)?;
        let tag = self.rtp.seal(self.rtp.nonce(at.ssrc, at.index), aad, body)?;
        target.copy_from_slice(tag.as_ref());
        Ok(extent.length + TAG)
    }

    pub(crate) fn open_rtcp(&self, packet: &mut [u8]) -> Result<OpenedRtcp, Error> {
        let at_index = packet.len().checked_sub(RTCP_INDEX).ok_or(Error::Short)?;
        let (sealed, trailer) = packet.split_at_mut_checked(at_index).ok_or(Error::Short)?;
        let trailer = *trailer.first_chunk::<RTCP_INDEX>().ok_or(Error::Short)?;
        let length = sealed.len().checked_sub(TAG).filter(|length| *length >= RTCP_CLEAR).ok_or(Error::Short)?;
        let (clear, body) = sealed.split_first_chunk_mut::<RTCP_CLEAR>().ok_or(Error::Short)?;
        let word = u32::from_be_bytes(trailer);
        if word & ENCRYPTED == 0 {
            return Err(Error::Unauthentic);
        }
        let index = word & !ENCRYPTED;
        self.rtcp.open(self.rtcp.nonce(sender_ssrc(clear), u64::from(index)), &rtcp_aad(clear, trailer), body)?;
        Ok(OpenedRtcp { length, index })
    }

    pub fn seal_rtcp(&self, buffer: &mut [u8], length: usize, index: u32) -> Result<usize, Error> {
        let trailer = (index | ENCRYPTED).to_be_bytes();
        let (plain, rest) = buffer.split_at_mut_checked(length).ok_or(Error::Short)?;
        let (clear, body) = plain.split_first_chunk_mut::<RTCP_CLEAR>().ok_or(Error::Short)?;
        let (tag_target, rest) = rest.split_first_chunk_mut::<TAG>().ok_or(Error::Short)?;
        let index_target = rest.first_chunk_mut::<RTCP_INDEX>().ok_or(Error::Short)?;
        let nonce = self.rtcp.nonce(sender_ssrc(clear), u64::from(index & !ENCRYPTED));
        let tag = self.rtcp.seal(nonce, &rtcp_aad(clear, trailer), body)?;
        tag_target.copy_from_slice(tag.as_ref());
        *index_target = trailer;
        Ok(length + TAG + RTCP_INDEX)
    }
}

fn rtcp_aad(clear: &[u8; RTCP_CLEAR], trailer: [u8; RTCP_INDEX]) -> [u8; RTCP_CLEAR + RTCP_INDEX] {
    let mut aad = [0; RTCP_CLEAR + RTCP_INDEX];
    for (target, byte) in aad.iter_mut().zip(clear.iter().chain(&trailer)) {
        *target = *byte;
    }
    aad
}

#[cfg(test)]
#[path = "gcm_tests.rs"]
mod tests;
