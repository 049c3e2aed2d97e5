//! Session keys from master keys (RFC 3711 §4.3, key derivation rate 0; RFC 7714 §11 uses the same).

use aes::Aes128;
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit, StreamCipher};

#[derive(Clone, Copy)]
pub enum Label {
    RtpEncryption = 0,
    RtpAuthentication = 1,
    RtpSalt = 2,
    RtcpEncryption = 3,
    RtcpAuthentication = 4,
    RtcpSalt = 5,
}

/// `salt` is the master salt of 112 bits; a GCM salt of 96 bits is filled with zeros at its end.
pub fn derive<const N: usize>(key: &[u8; 16], salt: &[u8; 14], label: Label) -> [u8; N] {
    let mut iv = [0; 16];
    for (target, byte) in iv.iter_mut().zip(salt) {
        *target = *byte;
    }
    iv[7] ^= label as u8;
    let mut derived = [0; N];
    Ctr128BE::<Aes128>::new(key.into(), &iv.into()).apply_keystream(&mut derived);
    derived
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3711 appendix B.3.
    #[test]
    fn the_keys_of_the_rfc_are_derived() {
        let key = 0xe1f9_7a0d_3e01_8be0_d64f_a32c_06de_4139_u128.to_be_bytes();
        let salt = [0x0e, 0xc6, 0x75, 0xad, 0x49, 0x8a, 0xfe, 0xeb, 0xb6, 0x96, 0x0b, 0x3a, 0xab, 0xe6];
        let encryption = 0xc61e_7a93_744f_39ee_1073_4afe_3ff7_a087_u128.to_be_bytes();
        assert_eq!(derive::<16>(&key, &salt, Label::RtpEncryption), encryption);
        let expected_salt = [0x30, 0xcb, 0xbc, 0x08, 0x86, 0x3d, 0x8c, 0x85, 0xd4, 0x9d, 0xb3, 0x4a, 0x9a, 0xe1];
        assert_eq!(derive::<14>(&key, &salt, Label::RtpSalt), expected_salt);
        let authentication: [u8; 20] = derive(&key, &salt, Label::RtpAuthentication);
        assert_eq!(authentication[..8], 0xcebe_321f_6ff7_716b_u64.to_be_bytes());
    }
}
