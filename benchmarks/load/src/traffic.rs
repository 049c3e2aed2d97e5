//! What went over a participant's WebSocket, by type of message; payload bytes, without WebSocket and TCP headers.

use std::collections::BTreeMap;

use serde::Serialize;

#[derive(Clone, Copy, Default, Serialize)]
pub struct Tally {
    pub messages: u64,
    pub bytes: u64,
}

#[derive(Clone, Default, Serialize)]
pub struct Traffic {
    pub said: BTreeMap<String, Tally>,
    pub heard: BTreeMap<String, Tally>,
}

impl Traffic {
    pub fn say(&mut self, name: &str, bytes: usize) {
        count(&mut self.said, name, bytes);
    }

    pub fn hear(&mut self, name: &str, bytes: usize) {
        count(&mut self.heard, name, bytes);
    }

    pub fn add(&mut self, other: &Self) {
        for (sum, more) in [(&mut self.said, &other.said), (&mut self.heard, &other.heard)] {
            for (name, tally) in more {
                let entry = sum.entry(name.clone()).or_default();
                entry.messages += tally.messages;
                entry.bytes += tally.bytes;
            }
        }
    }

    pub fn since(&self, before: &Self) -> Self {
        let mut result = self.clone();
        take_away(&mut result.said, &before.said);
        take_away(&mut result.heard, &before.heard);
        result
    }
}

fn take_away(side: &mut BTreeMap<String, Tally>, earlier: &BTreeMap<String, Tally>) {
    for (name, tally) in side.iter_mut() {
        let before = earlier.get(name).copied().unwrap_or_default();
        tally.messages -= before.messages;
        tally.bytes -= before.bytes;
    }
    side.retain(|_, tally| tally.messages > 0);
}

fn count(side: &mut BTreeMap<String, Tally>, name: &str, bytes: usize) {
    let tally = side.entry(name.to_owned()).or_default();
    tally.messages += 1;
    tally.bytes += bytes as u64;
}
