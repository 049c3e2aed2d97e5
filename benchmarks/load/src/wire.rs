//! The messages of the wire protocol (signaling/live/messages.py) that a synthetic participant says and understands.

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
    Reoffer { offer: &'a Offer },
    Settle { connection: u32 },
    SetView { tracks: Vec<ViewedTrack> },
    Leave,
}

impl What<'_> {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Join { .. } => "join",
            Self::Reoffer { .. } => "reoffer",
            Self::Settle { .. } => "settle",
            Self::SetView { .. } => "set_view",
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
}

#[derive(Deserialize)]
pub struct Snapshot {
    pub participants: Vec<Participant>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Said {
    Joined {
        you: String,
        answer: String,
        snapshot: Snapshot,
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
    MediaReset {},
    PleaseReoffer {},
    Closed {
        reason: String,
    },
    #[serde(other)]
    Other,
}

/// The `type` of any message, for counting.
#[derive(Deserialize)]
pub struct Typed<'a> {
    #[serde(rename = "type", borrow)]
    pub name: &'a str,
}
