//! AES128_CM_HMAC_SHA1_80 for RTP and RTCP (RFC 3711 §4).

use aes::Aes128;
use ctr::cipher::{InnerIvInit, KeyInit, StreamCipher};
use ctr::{Ctr128BE, CtrCore};
use hmac::{Hmac, Mac};
use sha1::Sha1;

use super::key_derivation::{Label, derive};
use super::{ENCRYPTED, Error, Extent, OpenedRtcp, Position, RTCP_CLEAR, RTCP_INDEX, sender_ssrc};

pub const TAG: usize = 10;

pub struct CmSha1 {
    rtp: Session,
    rtcp: Session,
}

struct Session {
    cipher: Aes128,
    salt: [u8; 14],
    mac: Hmac<Sha1>,
}

impl Session {
    fn new(key: &[u8; 16], salt: [u8; 14], authentication: &[u8; 20]) -> Self {
        let mut block = [0; 64];
        for (target, byte) in block.iter_mut().zip(authentication) {
            *target = *byte;
        }
        Self { cipher: Aes128::new(key.into()), salt, mac: Hmac::new(&block.into()) }
    }

    /// RFC 3711 §4.1.1: (salt · 2¹⁶) XOR (SSRC · 2⁶⁴) XOR (index · 2¹⁶).
    fn apply_keystream(&self, ssrc: u32, index: u64, body: &mut [u8]) {
        let mut salt = [0; 16];
        for (target, byte) in salt.iter_mut().zip(self.salt) {
            *target = byte;
        }
        let iv = u128::from_be_bytes(salt) ^ (u128::from(ssrc) << 64) ^ (u128::from(index) << 16);
        let counter = CtrCore::inner_iv_init(&self.cipher, &iv.to_be_bytes().into());
        Ctr128BE::<&Aes128>::from_core(counter).apply_keystream(body);
    }

    fn tag(&self, covered: &[u8], rollover: Option<u32>) -> Hmac<Sha1> {
        let mut mac = self.mac.clone();
        mac.update(covered);
        if let Some(rollover) = rollover {
            mac.update(&rollover.to_be_bytes());
        }
        mac
    }
}

impl CmSha1 {
    pub fn new(key: &[u8; 16], salt: &[u8; 14]) -> Self {
        let session = |encryption, salting, authentication| {
            Session::new(
                &derive::<16>(key, salt, encryption),
                derive(key, salt, salting),
                &derive(key, salt, authentication),
            )
        };
        Self {
            rtp: session(Label::RtpEncryption, Label::RtpSalt, Label::RtpAuthentication),
            rtcp: session(Label::RtcpEncryption, Label::RtcpSalt, Label::RtcpAuthentication),
        }
    }

    pub fn open_rtp(&self, packet: &mut [u8], header: usize, at: Position) -> Result<usize, Error> {
        let length = packet.len().checked_sub(TAG).filter(|length| *length >= header).ok_or(Error::Short)?;
        let (plain, tag) = packet.split_at_mut_checked(length).ok_or(Error::Short)?;
        let mac = self.rtp.tag(plain, Some(at.rollover()));
        mac.verify_truncated_left(tag).map_err(|_| Error::Unauthentic)?;
        let body = plain.get_mut(header..).ok_or(Error::Short)?;
        self.rtp.apply_keystream(at.ssrc, at.index, body);
        Ok(length)
    }

    pub fn seal_rtp(&self, buffer: &mut [u8], extent: Extent, at: Position) -> Result<usize, Error> {
        let (plain, rest) = buffer.split_at_mut_checked(extent.length).ok_or(Error::Short)?;
        let target = rest.first_chunk_mut::<TAG>().ok_or(Error::Short)?;
        let body = plain.get_mut(extent.header..).ok_or(Error::Short)?;
        self.rtp.apply_keystream(at.ssrc, at.index, body);
        write_tag(target, self.rtp.tag(plain, Some(at.rollover())));
        Ok(extent.length + TAG)
    }

    pub(crate) fn open_rtcp(&self, packet: &mut [u8]) -> Result<OpenedRtcp, Error> {
        let at_tag = packet.len().checked_sub(TAG).ok_or(Error::Short)?;
        let (covered, tag) = packet.split_at_mut_checked(at_tag).ok_or(Error::Short)?;
        let length =
            covered.len().checked_sub(RTCP_INDEX).filter(|length| *length >= RTCP_CLEAR).ok_or(Error::Short)?;
        self.rtcp.tag(covered, None).verify_truncated_left(tag).map_err(|_| Error::Unauthentic)?;
        let (plain, trailer) = covered.split_at_mut_checked(length).ok_or(Error::Short)?;
        let word = u32::from_be_bytes(*trailer.first_chunk().ok_or(Error::Short)?);
        let index = word & !ENCRYPTED;
        let (clear, body) = plain.split_first_chunk_mut::<RTCP_CLEAR>().ok_or(Error::Short)?;
        if word & ENCRYPTED != 0 {
            self.rtcp.apply_keystream(sender_ssrc(clear), u64::from(index), body);
        }
        Ok(OpenedRtcp { length, index })
    }

    pub fn seal_rtcp(&self, buffer: &mut [u8], length: usize, index: u32) -> Result<usize, Error> {
        let covered = length + RTCP_INDEX;
        let (plain, rest) = buffer.split_at_mut_checked(length).ok_or(Error::Short)?;
        let (clear, body) = plain.split_first_chunk_mut::<RTCP_CLEAR>().ok_or(Error::Short)?;
        self.rtcp.apply_keystream(sender_ssrc(clear), u64::from(index & !ENCRYPTED), body);
        *rest.first_chunk_mut::<RTCP_INDEX>().ok_or(Error::Short)? = (index | ENCRYPTED).to_be_bytes();
        let (covered_bytes, rest) = buffer.split_at_mut_checked(covered).ok_or(Error::Short)?;
        let target = rest.first_chunk_mut::<TAG>().ok_or(Error::Short)?;
        write_tag(target, self.rtcp.tag(covered_bytes, None));
        Ok(covered + TAG)
    }
}

fn write_tag(target: &mut [u8; TAG], mac: Hmac<Sha1>) {
    for (target, byte) in target.iter_mut().zip(mac.finalize().into_bytes()) {
        *target = byte;
    }
}

#[cfg(test)]
#[path = "cm_sha1_tests.rs"]
mod tests;
