//! Moments on a bare media node: from a message on the control connection to what the peers receive. A page is turned,
//! a microphone is closed, somebody is removed; times in milliseconds from the writing of the message.

use std::time::Duration;

use serde::Serialize;

use crate::driver::Driver;
use crate::node::{Node, Plan, Wishes, microphone, viewed};
use crate::{Failure, clock, phases};

/// Between two turns of one peer, and twice between two closings.
const REST: Duration = Duration::from_secs(1);
const PICTURE_LIMIT: Duration = Duration::from_secs(3);
/// A packet that comes later than this after a command was not stopped by it.
const LAST_PACKET_LIMIT: Duration = Duration::from_millis(600);

pub struct MomentsPlan {
    pub turns: usize,
    /// Peers that turn pages, one directly after the other; then comes a rest.
    pub turners: usize,
    pub mutes: usize,
    pub removals: usize,
}

#[derive(Default, Serialize)]
pub struct Moments {
    /// Message → whole keyframe of each newly viewed source; NaN (null) when none came.
    turn_ms: Vec<f64>,
    /// Message → last packet of the closed microphone at anybody.
    mute_ms: Vec<f64>,
    /// Message → last packet of a removed peer at anybody, and of anybody at it.
    removal_from_ms: Vec<f64>,
    removal_to_ms: Vec<f64>,
}

pub fn measure(node: &mut Node, driver: &mut Driver, plan: &Plan) -> Result<Moments, Failure> {
    let mut moments = Moments::default();
    let mut wishes = Wishes { pages: vec![0; plan.peers], muted: None, removed: None };
    let turners = plan.moments.turners.clamp(1, plan.peers);
    for turn in 0..plan.moments.turns {
        turn_page(node, driver, plan, &mut wishes, turn % turners, &mut moments.turn_ms)?;
        if turn % turners == turners - 1 {
            pause(node, driver, REST)?;
        }
    }
    for mute in 0..plan.moments.mutes {
        close_microphone(node, driver, plan, &mut wishes, mute % plan.talkers.max(1), &mut moments.mute_ms)?;
    }
    for removal in 0..plan.moments.removals.min(plan.peers.saturating_sub(2)) {
        remove(node, driver, plan, &mut wishes, plan.peers - 1 - removal, &mut moments)?;
    }
    Ok(moments)
}

fn pause(node: &mut Node, driver: &mut Driver, time: Duration) -> Result<(), Failure> {
    phases::turn_for(driver, time, &mut |_| node.listen())
}

/// Peers of the driver are numbered from 1 in the order of the room.
fn id(index: usize) -> u64 {
    index as u64 + 1
}

fn milliseconds(from_ns: u64, to_ns: Option<u64>) -> f64 {
    to_ns.map_or(f64::NAN, |to_ns| to_ns.saturating_sub(from_ns) as f64 / 1e6)
}

fn turn_page(
    node: &mut Node,
    driver: &mut Driver,
    plan: &Plan,
    wishes: &mut Wishes,
    index: usize,
    turn_ms: &mut Vec<f64>,
) -> Result<(), Failure> {
    let before = viewed(plan, 0, index, wishes.pages[index]);
    wishes.pages[index] += 1;
    let mut new = viewed(plan, 0, index, wishes.pages[index]);
    new.retain(|source| !before.contains(source));
    let Some(peer) = driver.peer(id(index)) else { return Ok(()) };
    peer.sight.forget(&new);
    let said_ns = clock::realtime_ns();
    node.wish(plan, wishes)?;
    let there = |driver: &Driver| driver.seen_by(id(index), |sight| sight.all_pictures_ns(&new)).is_some();
    driver.run(PICTURE_LIMIT, there)?;
    let came = |source: &u32| milliseconds(said_ns, driver.seen_by(id(index), |sight| sight.picture_ns(*source)));
    turn_ms.extend(new.iter().map(came));
    Ok(())
}

fn close_microphone(
    node: &mut Node,
    driver: &mut Driver,
    plan: &Plan,
    wishes: &mut Wishes,
    index: usize,
    mute_ms: &mut Vec<f64>,
) -> Result<(), Failure> {
    wishes.muted = Some(index);
    let said_ns = clock::realtime_ns();
    node.wish(plan, wishes)?;
    pause(node, driver, LAST_PACKET_LIMIT)?;
    let source = microphone(plan, 0, index);
    let last = driver.peers().filter_map(|peer| peer.sight.last_packet_ns(source)).max();
    mute_ms.push(milliseconds(said_ns, last));
    wishes.muted = None;
    node.wish(plan, wishes)?;
    pause(node, driver, REST / 2)
}

fn remove(
    node: &mut Node,
    driver: &mut Driver,
    plan: &Plan,
    wishes: &mut Wishes,
    index: usize,
    moments: &mut Moments,
) -> Result<(), Failure> {
    wishes.removed = Some(index);
    let said_ns = clock::realtime_ns();
    node.wish(plan, wishes)?;
    pause(node, driver, LAST_PACKET_LIMIT)?;
    let (sound, picture) = (microphone(plan, 0, index), microphone(plan, 0, index) + 1);
    let latest = |source| driver.peers().filter_map(move |peer| peer.sight.last_packet_ns(source)).max();
    moments.removal_from_ms.push(milliseconds(said_ns, latest(sound).max(latest(picture))));
    let to = driver.seen_by(id(index), |sight| sight.last_of_all_ns());
    moments.removal_to_ms.push(milliseconds(said_ns, to));
    driver.remove(id(index));
    Ok(())
}
