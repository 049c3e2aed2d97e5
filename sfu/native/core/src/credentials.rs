//! ICE credentials of all peers, found by our ufrag. A restart adds a generation; the older ones end at the
//! first authenticated check that uses the newer (RFC 8445 §9).

use std::collections::HashMap;

use crate::command::IceCredentials;
use crate::ids::PeerId;
use crate::stun::{Integrity, Request};

/// Restarts that nobody has answered yet; more are a caller's mistake and push out the oldest.
const MAX_GENERATIONS: usize = 4;

struct Credential {
    peer: PeerId,
    remote_ufrag: Vec<u8>,
    integrity: Integrity,
}

#[derive(Default)]
pub struct Directory {
    by_local_ufrag: HashMap<Vec<u8>, Credential>,
    /// Local ufrags of a peer, oldest first.
    generations: HashMap<PeerId, Vec<Vec<u8>>>,
}

/// Whose check it was, and whether it was the first with newer credentials.
pub struct Match<'a> {
    pub peer: PeerId,
    pub integrity: &'a Integrity,
    pub is_restart: bool,
}

impl Directory {
    pub fn add(&mut self, peer: PeerId, credentials: &IceCredentials) {
        let local = credentials.local_ufrag.clone().into_bytes();
        let Some(integrity) = Integrity::new(credentials.local_pwd.as_bytes()) else { return };
        if self.by_local_ufrag.contains_key(&local) {
            return;
        }
        let remote_ufrag = credentials.remote_ufrag.clone().into_bytes();
        self.by_local_ufrag.insert(local.clone(), Credential { peer, remote_ufrag, integrity });
        let generations = self.generations.entry(peer).or_default();
        generations.push(local);
        if generations.len() > MAX_GENERATIONS {
            self.by_local_ufrag.remove(&generations.remove(0));
        }
    }

    pub fn remove(&mut self, peer: PeerId) {
        for local in self.generations.remove(&peer).unwrap_or_default() {
            self.by_local_ufrag.remove(&local);
        }
    }

    /// The peer whose authentic check this is. The HMAC is computed for known user names only.
    pub fn authenticate(&mut self, request: &Request<'_>) -> Option<Match<'_>> {
        let (local, remote) = request.ufrags()?;
        let credential = self.by_local_ufrag.get(local)?;
        if credential.remote_ufrag != remote || !request.is_authentic(&credential.integrity) {
            return None;
        }
        let is_restart = self.end_older_than(credential.peer, local);
        let credential = self.by_local_ufrag.get(local)?;
        Some(Match { peer: credential.peer, integrity: &credential.integrity, is_restart })
    }

    fn end_older_than(&mut self, peer: PeerId, local: &[u8]) -> bool {
        let Some(generations) = self.generations.get_mut(&peer) else { return false };
        let Some(index) = generations.iter().position(|generation| generation == local) else { return false };
        for older in generations.drain(..index) {
            self.by_local_ufrag.remove(&older);
        }
        index > 0
    }
}
