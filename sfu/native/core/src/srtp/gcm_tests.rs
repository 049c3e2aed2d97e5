use super::*;
use crate::srtp::vectors::bytes;

/// The vectors of RFC 7714 §16 and §17 begin at the session keys.
fn gcm() -> Gcm {
    let key: [u8; 16] = bytes("000102030405060708090a0b0c0d0e0f").try_into().unwrap();
    let salt: [u8; 12] = bytes("51756964 2070726f 2071756f").try_into().unwrap();
    Gcm { rtp: Session::new(&key, salt), rtcp: Session::new(&key, salt) }
}

const RTP: &str = "8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070
    61727465 73207472 6573";
const SEALED_RTP: &str = "8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a
    51c7d19b 36de3adf 8833899d 7f27beb1 6a9152cf 765ee439 0cce";
const RTCP: &str = "81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef
    deadbeef deadbeef";
const SEALED_RTCP: &str = "81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda
    4ce09b46 86303ded 0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4";

#[test]
fn rtp_is_sealed_and_opened_as_in_the_rfc() {
    let at = Position { ssrc: 0x5501_a0b2, index: 0xf17b };
    let plain = bytes(RTP);
    let mut buffer = plain.clone();
    buffer.resize(plain.len() + TAG, 0);
    let length = gcm().seal_rtp(&mut buffer, Extent { header: 12, length: plain.len() }, at).unwrap();
    assert_eq!(buffer[..length], bytes(SEALED_RTP));
    let length = gcm().open_rtp(&mut buffer, 12, at).unwrap();
    assert_eq!(buffer[..length], plain);
}

#[test]
fn rtcp_is_sealed_and_opened_as_in_the_rfc() {
    let plain = bytes(RTCP);
    let mut buffer = plain.clone();
    buffer.resize(plain.len() + TAG + RTCP_INDEX, 0);
    let length = gcm().seal_rtcp(&mut buffer, plain.len(), 0x5d4).unwrap();
    assert_eq!(buffer[..length], bytes(SEALED_RTCP));
    let opened = gcm().open_rtcp(&mut buffer).unwrap();
    assert_eq!((opened.index, &buffer[..opened.length]), (0x5d4, &plain[..]));
}

#[test]
fn a_flipped_bit_anywhere_is_noticed() {
    let at = Position { ssrc: 0x5501_a0b2, index: 0xf17b };
    let sealed = bytes(SEALED_RTP);
    for position in 0..sealed.len() {
        let mut damaged = sealed.clone();
        damaged[position] ^= 0x10;
        assert_eq!(gcm().open_rtp(&mut damaged, 12, at), Err(Error::Unauthentic));
    }
}

#[test]
fn rtcp_in_clear_is_refused() {
    let mut sealed = bytes(SEALED_RTCP);
    let at = sealed.len() - RTCP_INDEX;
    sealed[at] &= 0x7f;
    assert_eq!(gcm().open_rtcp(&mut sealed), Err(Error::Unauthentic));
}
