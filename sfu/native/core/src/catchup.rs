//! A picture for somebody who has just been given it: the layer's packets since its last keyframe, from the cache, when
//! that is young. The publisher is spared another keyframe, which it would refuse so soon anyway, and all its viewers.

use std::time::{Duration, Instant};

use crate::cache::Cache;
use crate::command::Codecs;
use crate::core::Core;
use crate::forward::Way;
use crate::ids::{Kind, SlotId};
use crate::output::Output;
use crate::rtp::Packet;
use crate::slot::Incoming;
use crate::track::Layer;
use crate::vp8;

/// Older ones are asked for anew, and may be: it is the spacing of requests. Longer saves keyframes and costs bursts.
const YOUNG: Duration = Duration::from_millis(500);
/// What may be sent at once: more fills the queue of a slow link, and the new keyframe would be there sooner.
const MAX_BYTES: usize = 64 * 1024;
const MAX_PACKETS: u64 = 256;

impl Core {
    /// Sends the slot what it has missed of its picture, if nothing of that is shown on it and the cache has it whole.
    pub(crate) fn catch_up(&mut self, id: SlotId, now: Instant, out: &mut dyn Output) -> Option<()> {
        let slot = self.slots.get_mut(&id).filter(|slot| slot.kind == Kind::Video && slot.map.stint().is_none())?;
        let peer = self.peers.get(&slot.peer).filter(|peer| peer.can_receive(slot.kind))?;
        let wish = slot.wish.filter(|wish| wish.layer == slot.target)?;
        let track = self.tracks.get(&wish.track).filter(|track| track.is_open)?;
        let layer = track.layers.get(wish.layer)?;
        let codecs = &self.peers.get(&track.peer)?.codecs;
        let numbers = missed(layer, now)?;
        let abs_send_time = self.clock.ntp(now).abs_send_time();
        let mut way = Way { counters: &mut self.counters, scratch: &mut self.scratch, abs_send_time, out };
        way.counters.caught_up_slots += 1;
        for number in numbers.clone() {
            let Some((packet, descriptor)) = kept(&layer.cache, number, codecs) else { continue };
            let incoming = Incoming {
                track: wish.track,
                layer: wish.layer,
                generation: layer.generation,
                number,
                packet,
                descriptor: Some(descriptor),
                is_entry: number == numbers.start,
                arrived: now,
            };
            slot.draw_near(&incoming);
            way.forward(track, slot, peer, &incoming);
        }
        Some(())
    }
}

/// From the young keyframe to the newest packet, without a gap.
fn missed(layer: &Layer, now: Instant) -> Option<std::ops::Range<u64>> {
    let is_young = |at: Instant| now.saturating_duration_since(at) <= YOUNG;
    let keyframe = layer.keyframe.filter(|key| key.generation == layer.generation && is_young(key.arrived))?;
    let numbers = keyframe.number..layer.reception.highest()?.checked_add(1)?;
    if numbers.end.saturating_sub(numbers.start) > MAX_PACKETS {
        return None;
    }
    let sizes = numbers.clone().map(|number| layer.cache.get(number).map(<[u8]>::len));
    let bytes = sizes.sum::<Option<usize>>()?;
    (bytes <= MAX_BYTES).then_some(numbers)
}

fn kept<'a>(cache: &'a Cache, number: u64, codecs: &Codecs) -> Option<(Packet<'a>, vp8::Descriptor)> {
    let packet = Packet::parse(cache.get(number)?, codecs).ok()?;
    let descriptor = vp8::Descriptor::parse(packet.payload).ok()?;
    Some((packet, vp8::Descriptor { picture_id: cache.picture_id(number), ..descriptor }))
}
