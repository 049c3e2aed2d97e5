//! The messages of the wire protocol (signaling/live/messages/) that a synthetic participant says and understands.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::node::ViewedTrack;
use crate::peer::Offer;

pub const SUBPROTOCOL: &str = "zvonok.v1";

#[derive(Serialize)]
pub struct Request<'a> {
    pub id: u64,
    #[serde(flatten)]
    pub what: What<'a>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum What<'a> {
    Join { ticket: &'a str, offer: &'a Offer, media: Media },
    Resume { session: &'a str, last_seq: i64 },
    Reoffer { offer: &'a Offer },
    Settle { connection: u32 },
    SetMedia { media: Media, mute_seen: u64 },
    SetView { tracks: Vec<ViewedTrack> },
    Restrict { participant: &'a str, kind: &'static str, how: &'static str },
    RemoveParticipant { participant: &'a str, reason: &'static str },
    Leave,
}

impl What<'_> {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Join { .. } => "join",
            Self::Resume { .. } => "resume",
            Self::Reoffer { .. } => "reoffer",
            Self::Settle { .. } => "settle",
            Self::SetMedia { .. } => "set_media",
            Self::SetView { .. } => "set_view",
            Self::Restrict { .. } => "restrict",
            Self::RemoveParticipant { .. } => "remove_participant",
            Self::Leave => "leave",
        }
    }
}

#[derive(Clone, Copy, Serialize)]
pub struct Media {
    pub microphone: bool,
    pub camera: bool,
    pub screen: bool,
    pub screen_sound: bool,
}

#[derive(Deserialize)]
pub struct Participant {
    pub id: String,
    pub sources: BTreeMap<String, u32>,
    /// Number of the teacher's mute in force; 0 is none.
    #[serde(default)]
    pub mute: u64,
}

#[derive(Deserialize)]
pub struct Snapshot {
    pub seq: i64,
    pub participants: Vec<Participant>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Said {
    Joined {
        session: String,
        you: String,
        answer: String,
        snapshot: Snapshot,
    },
    Resumed {
        snapshot: Option<Snapshot>,
        media_lost: bool,
    },
    Reoffered {
        connection: u32,
        answer: String,
    },
    Failed {
        code: String,
        message: String,
    },
    ParticipantJoined {
        participant: Participant,
    },
    ParticipantChanged {
        participant: Participant,
    },
    ParticipantLeft {
        participant: String,
    },
    Speaking {
        participants: Vec<String>,
    },
    MediaReset {},
    PleaseReoffer {},
    Closed {
        reason: String,
    },
    #[serde(other)]
    Other,
}

/// What any message has: its `type`, and the number of a request or of an event if it carries one.
#[derive(Deserialize)]
pub struct Typed<'a> {
    #[serde(rename = "type", borrow)]
    pub name: &'a str,
    pub re: Option<u64>,
    pub seq: Option<i64>,
}
