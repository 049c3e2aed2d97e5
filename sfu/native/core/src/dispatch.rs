//! Commands of the caller, carried out. Each may come twice, and any id may just have been removed.

use std::time::Instant;

use crate::command::{Command, IceCredentials, NewSlot, NewTrack};
use crate::connectivity::remove_if_own;
use crate::core::Core;
use crate::ids::{Kind, PeerId, SlotId, TrackId};
use crate::output::{Content, Output};
use crate::peer::Peer;
use crate::slot::{Slot, Wish};
use crate::srtp::{Keys, Opener, Sealer};
use crate::track::Track;

impl Core {
    pub(crate) fn dispatch(&mut self, command: Command, now: Instant, out: &mut dyn Output) {
        match command {
            Command::AddPeer { peer, credentials } => self.add_peer(peer, &credentials, now),
            Command::RestartIce { peer, credentials } => self.restart_ice(peer, &credentials),
            Command::RemovePeer { peer } => self.remove_peer(peer, out),
            Command::SendDatagrams { peer, datagrams } => self.send_datagrams(peer, &datagrams, out),
            Command::SetKeys { peer, receive, send } => {
                self.set_keys(peer, &receive, &send);
                self.fill_slots(peer, now, out);
            }
            Command::SetCodecs { peer, codecs } => {
                self.peers.entry(peer).and_modify(|peer| peer.codecs = codecs);
            }
            Command::AddTrack(track) => self.add_track(&track, now),
            Command::OpenTrack { track, is_open } => self.open_track(track, is_open, now, out),
            Command::RequestKeyframe { track, layer } => self.request_keyframe(track, layer, now, out),
            Command::SetSendLimit { peer, bitrate_bps } => self.set_send_limit(peer, bitrate_bps, out),
            Command::AddSlot(slot) => self.add_slot(&slot, now),
            Command::MapSlot { slot, track, layer } => {
                self.map_slot(slot, track.map(|track| Wish { track, layer }), now, out)
            }
        }
    }

    fn add_peer(&mut self, peer: PeerId, credentials: &IceCredentials, now: Instant) {
        if self.peers.contains_key(&peer) {
            return;
        }
        self.peers.insert(peer, Peer::new(now));
        self.credentials.add(peer, credentials);
        self.wake(now);
    }

    fn restart_ice(&mut self, peer: PeerId, credentials: &IceCredentials) {
        if self.peers.contains_key(&peer) {
            self.credentials.add(peer, credentials);
        }
    }

    fn remove_peer(&mut self, id: PeerId, out: &mut dyn Output) {
        let Some(peer) = self.peers.remove(&id) else { return };
        self.credentials.remove(id);
        for path in peer.paths.iter() {
            remove_if_own(&mut self.addresses, path, id, out);
        }
        for (_, slot) in &peer.slots {
            self.unsubscribe(*slot);
            self.slots.remove(slot);
        }
        for track in &peer.tracks {
            self.remove_track(*track);
        }
    }

    fn remove_track(&mut self, id: TrackId) {
        let Some(track) = self.tracks.remove(&id) else { return };
        for slot in track.subscribers {
            if let Some(slot) = self.slots.get_mut(&slot) {
                slot.map_to(None);
            }
        }
    }

    fn send_datagrams(&mut self, peer: PeerId, datagrams: &[Vec<u8>], out: &mut dyn Output) {
        let Some(path) = self.peers.get(&peer).and_then(|peer| peer.paths.in_use()) else {
            self.counters.dropped_without_address += datagrams.len() as u64;
            return;
        };
        for datagram in datagrams {
            out.transmit(path, Content::Control, datagram);
        }
    }

    fn set_keys(&mut self, peer: PeerId, receive: &Keys, send: &Keys) {
        let Some(peer) = self.peers.get_mut(&peer).filter(|peer| peer.sealer.is_none()) else { return };
        peer.opener = Some(Opener::new(receive));
        peer.sealer = Some(Sealer::new(send));
    }

    /// What the peer waits for can be sent from here on.
    fn fill_slots(&mut self, peer: PeerId, now: Instant, out: &mut dyn Output) {
        let slots = self.peers.get(&peer).map(|peer| peer.slots.clone()).unwrap_or_default();
        for (_, slot) in slots {
            self.show(slot, now, out);
        }
    }

    fn add_track(&mut self, new: &NewTrack, now: Instant) {
        let Some(peer) = self.peers.get_mut(&new.peer) else { return };
        if self.tracks.get(&new.track).is_some_and(|known| known.peer != new.peer) {
            return;
        }
        peer.bindings.announce(new);
        self.tracks.entry(new.track).or_insert_with(|| {
            peer.tracks.push(new.track);
            Track::new(new, now)
        });
    }

    fn open_track(&mut self, id: TrackId, is_open: bool, now: Instant, out: &mut dyn Output) {
        let Some(track) = self.tracks.get_mut(&id) else { return };
        track.set_open(is_open);
        self.ask_for_keyframes(id, now, out);
    }

    fn set_send_limit(&mut self, id: PeerId, bitrate_bps: u64, out: &mut dyn Output) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.send_limit_bps = bitrate_bps;
        self.send_limit(id, out);
    }

    fn add_slot(&mut self, new: &NewSlot, now: Instant) {
        let Some(peer) = self.peers.get_mut(&new.peer) else { return };
        let needs_rtx = new.rtx_ssrc != 0;
        let in_use =
            |ssrc: u32| peer.slots.iter().filter_map(|(_, slot)| self.slots.get(slot)).any(|slot| slot.uses(ssrc));
        let is_taken = new.ssrc == new.rtx_ssrc || in_use(new.ssrc) || needs_rtx && in_use(new.rtx_ssrc);
        if self.slots.contains_key(&new.slot) || is_taken {
            return;
        }
        peer.slots.push((new.ssrc, new.slot));
        self.slots.insert(new.slot, Slot::new(new, now));
    }

    fn map_slot(&mut self, id: SlotId, wish: Option<Wish>, now: Instant, out: &mut dyn Output) {
        let Some(kind) = self.slots.get(&id).map(|slot| slot.kind) else { return };
        let fits = |wish: &Wish| self.tracks.get(&wish.track).is_some_and(|track| track.kind == kind);
        if wish.as_ref().is_some_and(|wish| !fits(wish)) {
            return;
        }
        self.unsubscribe(id);
        if let Some(slot) = self.slots.get_mut(&id) {
            slot.map_to(wish);
        }
        let Some(wish) = wish else { return };
        if let Some(track) = self.tracks.get_mut(&wish.track) {
            track.subscribers.push(id);
        }
        self.show(id, now, out);
    }

    /// By the cache, if its keyframe is young, or else by a keyframe that is asked for.
    fn show(&mut self, id: SlotId, now: Instant, out: &mut dyn Output) {
        let Some(wish) = self.slots.get(&id).and_then(|slot| slot.wish) else { return };
        self.choose_layers(wish.track, now);
        self.catch_up(id, now, out);
        self.ask_for_keyframes(wish.track, now, out);
    }

    fn unsubscribe(&mut self, id: SlotId) {
        let wish = self.slots.get(&id).and_then(|slot| slot.wish);
        if let Some(track) = wish.and_then(|wish| self.tracks.get_mut(&wish.track)) {
            track.subscribers.retain(|subscriber| *subscriber != id);
        }
    }

    /// Chooses the layer of each slot that shows `id`: another than the wished one while that is silent.
    pub(crate) fn choose_layers(&mut self, id: TrackId, now: Instant) {
        let Some(track) = self.tracks.get(&id).filter(|track| track.kind == Kind::Video) else { return };
        for id in &track.subscribers {
            let Some(slot) = self.slots.get_mut(id) else { continue };
            slot.target = slot.wish.map_or(0, |wish| track.best_layer(wish.layer, now));
        }
    }

    /// Chooses layers, and asks for the keyframes that the slots wait for.
    pub(crate) fn ask_for_keyframes(&mut self, id: TrackId, now: Instant, out: &mut dyn Output) {
        self.choose_layers(id, now);
        let Some(track) = self.tracks.get_mut(&id).filter(|track| track.kind == Kind::Video && track.is_open) else {
            return;
        };
        for index in 0..track.subscribers.len() {
            let subscriber = track.subscribers.get(index);
            let Some(slot) = subscriber.and_then(|slot| self.slots.get(slot)) else { continue };
            let is_ready = self.peers.get(&slot.peer).is_some_and(|peer| peer.can_receive(slot.kind));
            if is_ready && slot.waits_for_keyframe(track) {
                track.request_keyframe(slot.target);
            }
        }
        self.send_keyframe_requests(id, now, out);
    }
}
