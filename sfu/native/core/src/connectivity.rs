//! Connectivity checks: who may send from where. Nothing unauthenticated is answered or remembered.

use std::collections::HashMap;
use std::time::Instant;

use crate::core::Core;
use crate::ids::{Path, PeerId};
use crate::output::{Content, Event, Output};
use crate::paths::{Change, Claim};
use crate::stun;

impl Core {
    pub(crate) fn receive_check(&mut self, path: Path, bytes: &[u8], now: Instant, out: &mut dyn Output) {
        let Some(request) = stun::parse(bytes).ok() else {
            self.counters.dropped_stun += 1;
            return;
        };
        let Some(found) = self.credentials.authenticate(&request) else {
            self.counters.dropped_stun += 1;
            return;
        };
        if let Some(length) = request.answer(path.remote, found.integrity, &mut self.scratch) {
            out.transmit(path, Content::Control, self.scratch.get(..length).unwrap_or_default());
            self.counters.stun_answered += 1;
        }
        if request.refusal().is_some() {
            return;
        }
        let peer = found.peer;
        let claim = match (found.is_restart, request.use_candidate) {
            (true, _) => Claim::Restarted,
            (false, true) => Claim::Nominated,
            (false, false) => Claim::Works,
        };
        self.validate(peer, path, claim, now, out);
    }

    fn validate(&mut self, id: PeerId, path: Path, claim: Claim, now: Instant, out: &mut dyn Output) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.heard = now;
        let (change, evicted) = peer.paths.validate(path, claim, now);
        if let Some(evicted) = evicted {
            remove_if_own(&mut self.addresses, evicted, id, out);
        }
        if self.addresses.insert(path, id).is_none() {
            out.path_begins(path);
        }
        self.settle_change(id, change, now, out);
    }

    /// An authentic packet of `id` came by `path`.
    pub(crate) fn hear(&mut self, id: PeerId, path: Path, now: Instant, out: &mut dyn Output) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.heard = now;
        let change = peer.paths.hear(path, now);
        self.settle_change(id, change, now, out);
    }

    /// The connection of `path` has ended.
    pub fn lose_path(&mut self, path: Path, now: Instant, out: &mut dyn Output) {
        let Some(id) = self.addresses.remove(&path) else { return };
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let change = peer.paths.lose(path);
        self.settle_change(id, change, now, out);
    }

    fn settle_change(&mut self, peer: PeerId, change: Change, now: Instant, out: &mut dyn Output) {
        match change {
            Change::Nothing => {}
            Change::Connected => out.event(Event::Connected { peer }),
            Change::Moved => {
                out.event(Event::Moved { peer });
                self.leave_full_path(peer, now, out);
            }
        }
    }
}

/// Another peer may have validated the same address since.
pub(crate) fn remove_if_own(addresses: &mut HashMap<Path, PeerId>, path: Path, peer: PeerId, out: &mut dyn Output) {
    if addresses.get(&path) == Some(&peer) {
        addresses.remove(&path);
        out.path_ends(path);
    }
}
