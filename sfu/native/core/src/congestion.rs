//! What a peer gets while its path takes no more video: its pictures are broken off, and each begins anew with a
//! keyframe when there is room, with no gap in its numbers but that of what was dropped. The worker says when; only TCP
//! connections are ever full.

use std::time::Instant;

use crate::core::Core;
use crate::ids::{Kind, Path, PeerId};
use crate::output::Output;

impl Core {
    /// What waited for `path` has been dropped, and nothing of video is taken until `path_has_room`.
    pub fn path_is_full(&mut self, path: Path) {
        let Some(id) = self.addresses.get(&path) else { return };
        let Some(peer) = self.peers.get_mut(id).filter(|peer| peer.paths.in_use() == Some(path)) else { return };
        peer.full_path = Some(path);
        for (_, slot) in &peer.slots {
            if let Some(slot) = self.slots.get_mut(slot).filter(|slot| slot.kind == Kind::Video) {
                slot.map.clear();
            }
        }
    }

    pub fn path_has_room(&mut self, path: Path, now: Instant, out: &mut dyn Output) {
        let Some(id) = self.addresses.get(&path).copied() else { return };
        let Some(peer) = self.peers.get_mut(&id).filter(|peer| peer.full_path == Some(path)) else { return };
        peer.full_path = None;
        self.ask_for_pictures(id, now, out);
    }

    /// The peer has gone over to another path, which is not full.
    pub(crate) fn leave_full_path(&mut self, id: PeerId, now: Instant, out: &mut dyn Output) {
        let was_full = self.peers.get_mut(&id).and_then(|peer| peer.full_path.take());
        if was_full.is_some() {
            self.ask_for_pictures(id, now, out);
        }
    }

    /// Not from the cache: all that was missed is more than a slow line can take.
    fn ask_for_pictures(&mut self, id: PeerId, now: Instant, out: &mut dyn Output) {
        let slots = self.peers.get(&id).map(|peer| peer.slots.clone()).unwrap_or_default();
        for (_, slot) in slots {
            let wish = self.slots.get(&slot).filter(|slot| slot.kind == Kind::Video).and_then(|slot| slot.wish);
            if let Some(wish) = wish {
                self.ask_for_keyframes(wish.track, now, out);
            }
        }
    }
}
