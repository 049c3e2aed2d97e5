//! What the generator itself can do: publishers and receivers joined without any server, more and more of them,
//! until a packet is lost or the core is full. Below that rate a loss is the server's.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::driver::Driver;
use crate::peer::{Peer, Published, Shape};
use crate::report::{Before, Report};
use crate::sender::Voice;
use crate::socket::MediaSocket;
use crate::{Failure, clock};

const STEPS: [usize; 6] = [8, 16, 32, 64, 96, 128];
const CONNECT_LIMIT: Duration = Duration::from_secs(20);
const FULL_CORE: f64 = 0.97;

#[derive(Serialize)]
pub struct Step {
    pairs: usize,
    /// Packets that this one thread sent or received in a second.
    handled_pps: f64,
    is_clean: bool,
    report: Report,
}

#[derive(Serialize)]
pub struct SelfCheck {
    /// The largest clean rate: the generator is loss-free up to here.
    clean_pps: f64,
    steps: Vec<Step>,
}

pub fn run(window: Duration) -> Result<SelfCheck, Failure> {
    let mut steps = Vec::new();
    for pairs in STEPS {
        let step = measure(pairs, window)?;
        let go_on = step.is_clean;
        steps.push(step);
        if !go_on {
            break;
        }
    }
    let clean_pps = steps.iter().filter(|step| step.is_clean).map(|step| step.handled_pps).fold(0.0, f64::max);
    Ok(SelfCheck { clean_pps, steps })
}

fn measure(pairs: usize, window: Duration) -> Result<Step, Failure> {
    let mut driver = Driver::new()?;
    for index in 0..pairs {
        join_pair(&mut driver, index, pairs)?;
    }
    let connected = |driver: &Driver| driver.peers().all(|peer| peer.connected_after.is_some());
    if !driver.run(CONNECT_LIMIT, connected)? {
        return Err(format!("{pairs} pairs did not connect").into());
    }
    driver.run(Duration::from_millis(500), |_| false)?;
    let (started, before) = (Instant::now(), Before::start(&mut driver, clock::process_cpu()));
    driver.run(window, |_| false)?;
    let lasted = started.elapsed();
    let report = before.stop(&mut driver, clock::process_cpu(), lasted);
    let counts = [&report.audio.counts, &report.video.counts];
    let is_clean = counts.iter().all(|count| count.lost + count.recovered + count.duplicates + count.skipped == 0)
        && report.generator.dropped == 0
        && report.generator.cpu_share < FULL_CORE;
    Ok(Step { pairs, handled_pps: (report.sent + report.received) as f64 / lasted.as_secs_f64(), is_clean, report })
}

fn join_pair(driver: &mut Driver, index: usize, pairs: usize) -> Result<(), Failure> {
    let now = Instant::now();
    let voice = Voice { source: 2 * index as u32 + 1, level: 30 };
    let published = Published { voice, camera_source: 2 * index as u32 + 2, phase: index as f64 / pairs as f64 };
    let shape = Shape { publishes: Some(published), video_slots: 0, is_still: false };
    let publisher = Peer::new(1, &shape, now)?;
    let socket = MediaSocket::bind(IpAddr::V4(Ipv4Addr::LOCALHOST))?;
    let (receiver, answer) = Peer::answering(&publisher.offer().sdp, socket, now)?;
    driver.add(receiver)?;
    let id = driver.add(publisher)?;
    driver.accept(id, &answer)
}
