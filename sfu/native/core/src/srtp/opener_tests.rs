use super::*;
use crate::srtp::{Extent, Sealer};
use proptest::prelude::*;

fn both_profiles() -> [Keys; 2] {
    [Keys::AeadAes128Gcm { key: [1; 16], salt: [2; 12] }, Keys::Aes128CmSha1_80 { key: [1; 16], salt: [2; 14] }]
}

fn sealed(sealer: &Sealer, ssrc: u32, index: u64) -> Vec<u8> {
    let mut packet = vec![0x80, 96];
    packet.extend(crate::sequence::low16(index).to_be_bytes());
    packet.extend([0; 4]);
    packet.extend(ssrc.to_be_bytes());
    packet.extend(b"payload");
    let extent = Extent { header: 12, length: packet.len() };
    packet.resize(packet.len() + 20, 0);
    let length = sealer.seal_rtp(&mut packet, extent, Position { ssrc, index }).unwrap();
    packet.truncate(length);
    packet
}

fn open(opener: &mut Opener, packet: &[u8]) -> Result<usize, Error> {
    let header = Header::parse(packet).unwrap();
    opener.open_rtp(&mut packet.to_vec(), &header)
}

#[test]
fn the_rollover_counter_is_guessed_over_loss_and_reordering() {
    for keys in both_profiles() {
        let (sealer, mut opener) = (Sealer::new(&keys), Opener::new(&keys));
        for index in [65_500, 65_540, 65_530, 98_000, 130_000, 131_100, 131_000] {
            assert_eq!(open(&mut opener, &sealed(&sealer, 7, index)), Ok(19), "{index}");
        }
        assert_eq!(open(&mut opener, &sealed(&sealer, 7, 131_000)), Err(Error::Replayed));
    }
}

#[test]
fn forged_packets_leave_no_trace() {
    for keys in both_profiles() {
        let (sealer, mut opener) = (Sealer::new(&keys), Opener::new(&keys));
        for ssrc in 0..1_000 {
            let mut forged = sealed(&sealer, ssrc, 40_000);
            *forged.last_mut().unwrap() ^= 1;
            assert_eq!(open(&mut opener, &forged), Err(Error::Unauthentic));
        }
        assert!(opener.rtp.is_empty());
        assert_eq!(open(&mut opener, &sealed(&sealer, 7, 5)), Ok(19));
    }
}

#[test]
fn control_packets_pass_once() {
    for keys in both_profiles() {
        let (mut sealer, mut opener) = (Sealer::new(&keys), Opener::new(&keys));
        let mut packet = vec![0; 60];
        packet[..8].copy_from_slice(&[0x80, 201, 0, 1, 0, 0, 0, 9]);
        let length = sealer.seal_rtcp(&mut packet, 8).unwrap();
        packet.truncate(length);
        assert_eq!(opener.open_rtcp(&mut packet.clone()), Ok(8));
        assert_eq!(opener.open_rtcp(&mut packet), Err(Error::Replayed));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        for keys in both_profiles() {
            let mut opener = Opener::new(&keys);
            prop_assert!(opener.open_rtcp(&mut bytes.clone()).is_err());
            if let Ok(header) = Header::parse(&bytes) {
                prop_assert!(opener.open_rtp(&mut bytes.clone(), &header).is_err());
            }
            prop_assert!(opener.rtp.is_empty() && opener.rtcp.is_empty());
        }
    }
}
