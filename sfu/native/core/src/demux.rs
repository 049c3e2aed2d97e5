//! What a datagram is, by its first bytes (RFC 7983 §7, RFC 5761 §4).

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Datagram {
    Stun,
    Dtls,
    Rtp,
    Rtcp,
    Unknown,
}

pub fn classify(bytes: &[u8]) -> Datagram {
    match bytes {
        [0..=3, ..] => Datagram::Stun,
        [20..=63, ..] => Datagram::Dtls,
        [128..=191, 192..=223, ..] => Datagram::Rtcp,
        [128..=191, _, ..] => Datagram::Rtp,
        _ => Datagram::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_first_byte_has_one_meaning() {
        let of = |first: u8| classify(&[first, 0]);
        assert_eq!(of(0), Datagram::Stun);
        assert_eq!(of(4), Datagram::Unknown);
        assert_eq!(of(22), Datagram::Dtls);
        assert_eq!(of(64), Datagram::Unknown);
        assert_eq!(of(128), Datagram::Rtp);
        assert_eq!(of(192), Datagram::Unknown);
        assert_eq!(classify(&[0x80, 200]), Datagram::Rtcp);
        assert_eq!(classify(&[0x80, 224]), Datagram::Rtp);
        assert_eq!(classify(&[]), Datagram::Unknown);
        assert_eq!(classify(&[0x80]), Datagram::Unknown);
    }
}
