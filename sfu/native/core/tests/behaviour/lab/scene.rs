//! A publisher with three layers of one camera and a viewer with one slot, and what holds for everything that it sees.

use std::time::Duration;

use sfu_core::ids::Kind;

use super::client::Received;
use super::{Camera, Client, Lab, PUBLISHER, VIEWER};

/// Publisher 1 with video track 10 of three layers, viewer 2 with video slot 20.
pub struct Scene {
    pub lab: Lab,
    pub publisher: Client,
    pub viewer: Client,
    pub layers: Vec<Camera>,
}

pub const SSRCS: [(u32, u32); 3] = [(101, 201), (102, 202), (103, 203)];

impl Scene {
    pub fn new() -> Self {
        let mut lab = Lab::default();
        let publisher = lab.join(1, PUBLISHER);
        let viewer = lab.join(2, VIEWER);
        lab.add_track(1, 10, Kind::Video, &SSRCS);
        lab.add_slot(2, 20, Kind::Video);
        let layers = SSRCS.iter().map(|(ssrc, rtx)| Camera::new(*ssrc, *rtx)).collect();
        Self { lab, publisher, viewer, layers }
    }

    /// Every layer sends a frame of two packets; a third of a tenth of a second passes.
    pub fn frame(&mut self, is_keyframe: bool) {
        for camera in &mut self.layers {
            let packets = camera.frame(is_keyframe, 2);
            self.publisher.send(&mut self.lab, &packets);
        }
        self.lab.pass(Duration::from_micros(33_333));
    }

    pub fn seen(&mut self) -> Vec<Received> {
        self.viewer.take(&mut self.lab).rtp
    }

    pub fn plis(&mut self) -> Vec<u32> {
        self.publisher.take(&mut self.lab).plis()
    }
}

/// Sequence, timestamp, picture id, TL0 and key index go on without a break from packet to packet.
pub fn assert_continuous(packets: &[Received]) {
    for pair in packets.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        assert_eq!(after.header.ssrc, before.header.ssrc);
        assert_eq!(after.header.sequence, before.header.sequence.wrapping_add(1));
        let (old, new) = (before.descriptor(), after.descriptor());
        let step = new.picture_id.unwrap().wrapping_sub(old.picture_id.unwrap()) & 0x7fff;
        let ticks = after.header.timestamp.wrapping_sub(before.header.timestamp);
        assert_eq!(step, u16::from(new.start_of_partition));
        assert_eq!(u16::from(new.tl0_picture_index.unwrap().wrapping_sub(old.tl0_picture_index.unwrap())), step);
        assert!(if step == 0 { ticks == 0 } else { (90..120_000).contains(&ticks) }, "{ticks}");
        let key = new.key_index.unwrap().wrapping_sub(old.key_index.unwrap()) & 0x1f;
        assert_eq!(key == 1, new.start_of_partition && after.frame()[0] & 1 == 0);
    }
}
