//! What the caller may ask of the core; one variant per call of the border. Unknown ids are ignored.

use crate::ids::{Kind, PeerId, SlotId, TrackId};
use crate::srtp::Keys;

/// Payload types and header extension ids that one peer's offer chose; 0 is «not negotiated».
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Codecs {
    pub opus: u8,
    pub vp8: u8,
    pub vp8_rtx: u8,
    pub mid: u8,
    pub rid: u8,
    pub repaired_rid: u8,
    pub audio_level: u8,
    pub transport_cc: u8,
    pub abs_send_time: u8,
    pub video_orientation: u8,
}

impl Codecs {
    pub fn payload_type(&self, kind: Kind) -> u8 {
        match kind {
            Kind::Audio => self.opus,
            Kind::Video => self.vp8,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IceCredentials {
    pub local_ufrag: String,
    pub local_pwd: String,
    pub remote_ufrag: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTrack {
    pub peer: PeerId,
    pub track: TrackId,
    pub source: u32,
    pub kind: Kind,
    pub mid: String,
    pub rids: Vec<String>,
    /// (SSRC, RTX SSRC or 0), one per layer.
    pub ssrcs: Vec<(u32, u32)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSlot {
    pub peer: PeerId,
    pub slot: SlotId,
    pub kind: Kind,
    pub ssrc: u32,
    pub rtx_ssrc: u32,
}

#[derive(Clone, Debug)]
pub enum Command {
    AddPeer { peer: PeerId, credentials: IceCredentials },
    RestartIce { peer: PeerId, credentials: IceCredentials },
    RemovePeer { peer: PeerId },
    SendDatagrams { peer: PeerId, datagrams: Vec<Vec<u8>> },
    SetKeys { peer: PeerId, receive: Keys, send: Keys },
    SetCodecs { peer: PeerId, codecs: Codecs },
    AddTrack(NewTrack),
    OpenTrack { track: TrackId, is_open: bool },
    RequestKeyframe { track: TrackId, layer: usize },
    SetSendLimit { peer: PeerId, bitrate_bps: u64 },
    AddSlot(NewSlot),
    MapSlot { slot: SlotId, track: Option<TrackId>, layer: usize },
}
