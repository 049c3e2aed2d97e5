//! Connectivity checks: who may send from where. Nothing unauthenticated is answered or remembered.

use std::collections::HashMap;
use std::time::Instant;

use crate::core::Core;
use crate::ids::{Path, PeerId};
use crate::output::{Event, Output};
use crate::paths::Change;
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
            out.transmit(path, self.scratch.get(..length).unwrap_or_default());
            self.counters.stun_answered += 1;
        }
        if request.refusal().is_none() {
            let (peer, takes_over) = (found.peer, request.use_candidate || found.is_restart);
            self.validate(peer, path, takes_over, now, out);
        }
    }

    fn validate(&mut self, id: PeerId, path: Path, takes_over: bool, now: Instant, out: &mut dyn Output) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.heard = now;
        let (change, evicted) = peer.paths.validate(path, takes_over, now);
        if let Some(evicted) = evicted {
            remove_if_own(&mut self.addresses, evicted, id);
        }
        self.addresses.insert(path, id);
        announce(id, change, out);
    }

    /// An authentic packet of `id` came by `path`.
    pub(crate) fn hear(&mut self, id: PeerId, path: Path, now: Instant, out: &mut dyn Output) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.heard = now;
        announce(id, peer.paths.hear(path, now), out);
    }
}

/// Another peer may have validated the same address since.
pub(crate) fn remove_if_own(addresses: &mut HashMap<Path, PeerId>, path: Path, peer: PeerId) {
    if addresses.get(&path) == Some(&peer) {
        addresses.remove(&path);
    }
}

fn announce(peer: PeerId, change: Change, out: &mut dyn Output) {
    match change {
        Change::Nothing => {}
        Change::Connected => out.event(Event::Connected { peer }),
        Change::Moved => out.event(Event::Moved { peer }),
    }
}
