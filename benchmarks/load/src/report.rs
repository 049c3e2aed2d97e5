//! From what the peers counted to the JSON that the benchmark scripts read.

use std::time::Duration;

use serde::Serialize;

use crate::driver::Driver;
use crate::peer::Peer;
use crate::receiver::Counts;

#[derive(Serialize)]
pub struct Spread {
    pub count: usize,
    pub p50: f64,
    pub p90: f64,
    pub p99: f64,
    pub p999: f64,
    pub max: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |quantile: f64| {
            let index = (values.len() as f64 * quantile).ceil() as usize;
            values.get(index.saturating_sub(1)).copied().unwrap_or(f64::NAN)
        };
        Self { count: values.len(), p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1.0) }
    }
}

#[derive(Serialize)]
pub struct Flow {
    #[serde(flatten)]
    pub counts: Counts,
    pub delay_us: Spread,
}

impl Flow {
    fn of<'a>(parts: impl Iterator<Item = (&'a Counts, &'a Vec<u32>)>) -> Self {
        let (mut counts, mut delays) = (Counts::default(), Vec::new());
        for (more, nanoseconds) in parts {
            counts.add(more);
            delays.extend(nanoseconds.iter().map(|ns| f64::from(*ns) / 1000.0));
        }
        Self { counts, delay_us: Spread::of(delays) }
    }
}

#[derive(Serialize)]
pub struct Report {
    pub peers: usize,
    pub connected: usize,
    pub failed: usize,
    pub seconds: f64,
    pub sent: u64,
    pub received: u64,
    pub audio: Flow,
    pub video: Flow,
    /// Distinct pictures that a peer received, least and most of all peers.
    pub pictures: (usize, usize),
    pub keyframe_requests: u64,
    /// Answer applied → DTLS done, and → first picture.
    pub connect_ms: Spread,
    pub picture_ms: Spread,
    pub generator: Generator,
}

/// The generator's own state: figures are good only while it is neither late nor dropping.
#[derive(Serialize)]
pub struct Generator {
    pub cpu_share: f64,
    pub dropped: u64,
    pub worst_lateness_ms: f64,
}

/// What was sent and dropped before the measurement began.
pub struct Before {
    sent: u64,
    dropped: u64,
    cpu: Duration,
}

fn sent(peers: &Driver) -> u64 {
    peers.peers().filter_map(Peer::sender).map(|sender| sender.sent).sum()
}

fn dropped(peers: &Driver) -> u64 {
    peers.peers().filter_map(Peer::socket).map(|socket| u64::from(socket.dropped())).sum()
}

impl Before {
    pub fn start(driver: &mut Driver, cpu: Duration) -> Self {
        driver.peers_mut().for_each(Peer::start_measuring);
        Self { sent: sent(driver), dropped: dropped(driver), cpu }
    }

    pub fn stop(&self, driver: &mut Driver, cpu: Duration, lasted: Duration) -> Report {
        driver.peers_mut().for_each(|peer| peer.receiver.stop());
        let receivers = || driver.peers().map(|peer| &peer.receiver);
        let audio = Flow::of(receivers().map(|r| (&r.audio, &r.audio_delays)));
        let video = Flow::of(receivers().map(|r| (&r.video, &r.video_delays)));
        let pictures: Vec<usize> = receivers().map(|r| r.video_sources.len()).collect();
        let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
        let senders = || driver.peers().filter_map(Peer::sender);
        let lateness = senders().map(|sender| sender.worst_lateness).max().unwrap_or_default();
        Report {
            peers: driver.peers().count(),
            connected: driver.peers().filter(|peer| peer.connected_after.is_some()).count(),
            failed: driver.peers().filter(|peer| peer.failed).count(),
            seconds: lasted.as_secs_f64(),
            sent: sent(driver) - self.sent,
            received: audio.counts.received + video.counts.received,
            audio,
            video,
            pictures: (pictures.iter().copied().min().unwrap_or(0), pictures.iter().copied().max().unwrap_or(0)),
            keyframe_requests: senders().map(|sender| sender.keyframe_requests).sum(),
            connect_ms: Spread::of(driver.peers().filter_map(|peer| peer.connected_after).map(milliseconds).collect()),
            picture_ms: Spread::of(driver.peers().filter_map(|peer| peer.picture_after).map(milliseconds).collect()),
            generator: Generator {
                cpu_share: (cpu - self.cpu).as_secs_f64() / lasted.as_secs_f64(),
                dropped: dropped(driver) - self.dropped,
                worst_lateness_ms: milliseconds(lateness),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_names_the_value_that_the_share_does_not_exceed() {
        let spread = Spread::of((1..=1000).rev().map(f64::from).collect());
        assert_eq!((spread.p50, spread.p99, spread.p999, spread.max), (500.0, 990.0, 999.0, 1000.0));
    }
}
