use super::*;
use crate::srtp::vectors::bytes;

/// The master key of RFC 3711 B.3; the packets are those that libsrtp's own test publishes for it.
fn cm() -> CmSha1 {
    let key: [u8; 16] = bytes("e1f97a0d3e018be0d64fa32c06de4139").try_into().unwrap();
    let salt: [u8; 14] = bytes("0ec675ad498afeebb6960b3aabe6").try_into().unwrap();
    CmSha1::new(&key, &salt)
}

const RTP: &str = "800f1234 decafbad cafebabe abababab abababab abababab abababab";
const SEALED_RTP: &str = "800f1234 decafbad cafebabe 4e55dc4c e79978d8 8ca4d215 949d2402 b78d6acc 99ea179b 8dbb";
const RTCP: &str = "81c8000b cafebabe abababab abababab abababab abababab";
const SEALED_RTCP: &str = "81c8000b cafebabe 7128035b e487b9bd bef89041 f977a5a8 80000001 993e08cd 54d6c123 0798";

#[test]
fn the_keystream_is_that_of_rfc_3711_appendix_b_2() {
    let key: [u8; 16] = bytes("2b7e151628aed2a6abf7158809cf4f3c").try_into().unwrap();
    let salt: [u8; 14] = bytes("f0f1f2f3f4f5f6f7f8f9fafbfcfd").try_into().unwrap();
    let mut stream = [0; 48];
    Session::new(&key, salt, &[0; 20]).apply_keystream(0, 0, &mut stream);
    let expected = "e03ead0935c95e80e166b16dd92b4eb4 d23513162b02d0f72a43a2fe4a5f97ab 41e95b3bb0a2e8dd477901e4fca894c0";
    assert_eq!(stream.to_vec(), bytes(expected));
}

#[test]
fn rtp_is_sealed_and_opened_as_published() {
    let at = Position { ssrc: 0xcafe_babe, index: 0x1234 };
    let plain = bytes(RTP);
    let mut buffer = plain.clone();
    buffer.resize(plain.len() + TAG, 0);
    let length = cm().seal_rtp(&mut buffer, Extent { header: 12, length: plain.len() }, at).unwrap();
    assert_eq!(buffer[..length], bytes(SEALED_RTP));
    let length = cm().open_rtp(&mut buffer, 12, at).unwrap();
    assert_eq!(buffer[..length], plain);
}

#[test]
fn rtcp_is_sealed_and_opened_as_published() {
    let plain = bytes(RTCP);
    let mut buffer = plain.clone();
    buffer.resize(plain.len() + RTCP_INDEX + TAG, 0);
    let length = cm().seal_rtcp(&mut buffer, plain.len(), 1).unwrap();
    assert_eq!(buffer[..length], bytes(SEALED_RTCP));
    let opened = cm().open_rtcp(&mut buffer).unwrap();
    assert_eq!((opened.index, &buffer[..opened.length]), (1, &plain[..]));
}

#[test]
fn a_flipped_bit_anywhere_is_noticed() {
    let at = Position { ssrc: 0xcafe_babe, index: 0x1234 };
    let sealed = bytes(SEALED_RTP);
    for position in 0..sealed.len() {
        let mut damaged = sealed.clone();
        damaged[position] ^= 0x10;
        assert_eq!(cm().open_rtp(&mut damaged, 12, at), Err(Error::Unauthentic));
    }
}
