use super::*;
use proptest::prelude::*;

/// RFC 5769 §2.1: a request with short-term credentials (its attributes are kept by RFC 8489).
const REQUEST: &[u8] = b"\x00\x01\x00\x58\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae\
\x80\x22\x00\x10STUN test client\x00\x24\x00\x04\x6e\x00\x01\xff\x80\x29\x00\x08\x93\x2f\xf9\xb1\x51\x26\x3b\x36\
\x00\x06\x00\x09evtj:h6vY   \x00\x08\x00\x14\x9a\xea\xa7\x0c\xbf\xd8\xcb\x56\x78\x1e\xf2\xb5\xb2\xd3\xf2\x49\
\xc1\xb5\x71\xa2\x80\x28\x00\x04\xe5\x7a\x3b\xcf";
const PASSWORD: &[u8] = b"VOkJxbRl1RmTxUk/WvJxBt";

#[test]
fn the_request_of_the_rfc_is_authentic() {
    let request = parse(REQUEST).unwrap();
    assert_eq!(request.ufrags(), Some((&b"evtj"[..], &b"h6vY"[..])));
    assert!(request.is_authentic(&Integrity::new(PASSWORD).unwrap()));
    assert!(!request.is_authentic(&Integrity::new(b"another").unwrap()));
    assert_eq!(request.refusal(), Some(Refusal::RoleConflict));
}

#[test]
fn a_wrong_fingerprint_is_refused() {
    let mut damaged = REQUEST.to_vec();
    *damaged.last_mut().unwrap() ^= 1;
    assert_eq!(parse(&damaged).err(), Some(Error::WrongFingerprint));
}

#[test]
fn what_follows_the_integrity_does_not_count() {
    let integrity_ends = REQUEST.len() - 8;
    let mut extended = REQUEST[..integrity_ends].to_vec();
    extended.extend([0, 0x25, 0, 0]);
    extended[3] = (extended.len() - 20).try_into().unwrap();
    let request = parse(&extended).unwrap();
    assert!(!request.use_candidate && request.is_authentic(&Integrity::new(PASSWORD).unwrap()));
}

#[test]
fn lengths_that_lie_and_other_methods_are_refused() {
    let damaged = |at: usize, value: u8| {
        let mut message = REQUEST.to_vec();
        message[at] = value;
        parse(&message).err()
    };
    assert_eq!(damaged(3, 0x57), Some(Error::Malformed));
    assert_eq!(damaged(3, 0x5c), Some(Error::Malformed));
    assert_eq!(damaged(23, 0xff), Some(Error::Malformed));
    assert_eq!(damaged(4, 0), Some(Error::NotABindingRequest));
    assert_eq!(damaged(1, 3), Some(Error::NotABindingRequest));
    assert_eq!(parse(&REQUEST[..20]).err(), Some(Error::Malformed));
}

#[test]
fn a_message_of_a_thousand_attributes_is_refused() {
    let mut message = b"\x00\x01\x0f\xa0\x21\x12\xa4\x42transaction!".to_vec();
    (0..1000).for_each(|_| message.extend([0x80, 1, 0, 0]));
    assert_eq!(parse(&message).err(), Some(Error::Malformed));
}

#[test]
fn no_answer_is_longer_than_its_question() {
    let request = parse(REQUEST).unwrap();
    let key = Integrity::new(PASSWORD).unwrap();
    let mut buffer = [0; 200];
    let source = "[2001:db8::1]:1".parse().unwrap();
    assert!(request.answer(source, &key, &mut buffer).unwrap() <= REQUEST.len());
    let short = Request { message: &REQUEST[..50], ..request };
    assert_eq!(short.answer(source, &key, &mut buffer), None);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..200), shaped in any::<bool>()) {
        if shaped && bytes.len() >= 20 {
            let length = u16::try_from(bytes.len() - 20).unwrap().to_be_bytes();
            bytes[..8].copy_from_slice(&[0, 1, length[0], length[1], 0x21, 0x12, 0xa4, 0x42]);
        }
        if let Ok(request) = parse(&bytes) {
            request.ufrags();
            prop_assert!(!request.is_authentic(&Integrity::new(PASSWORD).unwrap()));
        }
    }

    #[test]
    fn any_damage_is_noticed(position in 0_usize..80, bit in 0_u32..8) {
        let mut damaged = REQUEST.to_vec();
        damaged[position] ^= 1 << bit;
        let key = Integrity::new(PASSWORD).unwrap();
        prop_assert!(!parse(&damaged).is_ok_and(|request| request.is_authentic(&key)));
    }
}
