//! The way from the worker to Python: a bounded queue and an eventfd. The worker never waits for Python; what
//! Python does not fetch is replaced (Report, Levels) or dropped and counted (datagrams).

use std::collections::{HashMap, VecDeque};
use std::os::fd::{AsRawFd, RawFd};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sfu_core::ids::{PeerId, TrackId};
use sfu_core::output::{Event, Report};

use crate::sockets::EventFd;

const MAX_DATAGRAMS_OF_A_PEER: usize = 32;
const MAX_DATAGRAMS: usize = 4096;

#[derive(Debug, PartialEq)]
pub enum Notice {
    Datagram { peer: PeerId, data: Vec<u8> },
    Connected { peer: PeerId },
    Moved { peer: PeerId },
    Report(Report),
    Levels(Vec<(TrackId, u8)>),
}

#[derive(Default)]
struct Waiting {
    datagrams: usize,
    moved: bool,
}

#[derive(Default)]
struct Queue {
    notices: VecDeque<Notice>,
    datagrams: usize,
    by_peer: HashMap<PeerId, Waiting>,
    report: Option<Report>,
    levels: Option<Vec<(TrackId, u8)>>,
}

impl Queue {
    /// `false` when it was dropped.
    fn push(&mut self, event: Event<'_>) -> bool {
        match event {
            Event::Datagram { peer, data } => return self.push_datagram(peer, data),
            Event::Connected { peer } => self.notices.push_back(Notice::Connected { peer }),
            Event::Moved { peer } => {
                if !std::mem::replace(&mut self.by_peer.entry(peer).or_default().moved, true) {
                    self.notices.push_back(Notice::Moved { peer });
                }
            }
            Event::Report(report) => self.report = Some(report),
            Event::Levels(levels) => self.levels = Some(levels),
        }
        true
    }

    fn push_datagram(&mut self, peer: PeerId, data: &[u8]) -> bool {
        let waiting = self.by_peer.entry(peer).or_default();
        if waiting.datagrams >= MAX_DATAGRAMS_OF_A_PEER || self.datagrams >= MAX_DATAGRAMS {
            return false;
        }
        waiting.datagrams += 1;
        self.datagrams += 1;
        self.notices.push_back(Notice::Datagram { peer, data: data.to_vec() });
        true
    }
}

pub struct Events {
    queue: Mutex<Queue>,
    raised: EventFd,
}

impl Events {
    pub fn new() -> std::io::Result<Self> {
        Ok(Self { queue: Mutex::default(), raised: EventFd::new()? })
    }

    pub fn fileno(&self) -> RawFd {
        self.raised.as_raw_fd()
    }

    /// `false` when the event was dropped.
    pub fn push(&self, event: Event<'_>) -> bool {
        let kept = self.lock().push(event);
        self.raised.raise();
        kept
    }

    /// Everything that waits, in order; the latest report and levels come last.
    pub fn drain(&self) -> impl Iterator<Item = Notice> {
        self.raised.clear();
        let queue = std::mem::take(&mut *self.lock());
        let report = queue.report.map(Notice::Report);
        queue.notices.into_iter().chain(report).chain(queue.levels.map(Notice::Levels))
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
