//! The thread that owns the sockets and the core: waits, reads, feeds, sends. It never takes the GIL and
//! decides nothing. If it panics, the process ends with a line on stderr, and the supervisor starts another.

use std::net::UdpSocket;
use std::os::fd::AsRawFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Instant, SystemTime};

use sfu_core::clock::Ntp;
use sfu_core::command::Command;
use sfu_core::core::Core;
use sfu_core::counters::Counters;
use sfu_core::ids::{Local, Path};
use sfu_core::output::{Event, Output};

use crate::events::Events;
use crate::sockets::{EventFd, Poller};

/// Datagrams of one socket before the others and the timers have their turn.
const BATCH: usize = 128;
/// The largest UDP datagram, so that a long one is seen to be long and not cut.
const RECEIVE_BYTES: usize = 65_536;

/// What the shell counts beside the core.
pub const SHELL_COUNTERS: [&str; 2] = ["dropped_events", "dropped_send_errors"];

/// The core's counters, then the shell's.
pub type Totals = Arc<[AtomicU64]>;

pub fn totals() -> Totals {
    (0..Counters::NAMES.len() + SHELL_COUNTERS.len()).map(|_| AtomicU64::new(0)).collect()
}

pub enum Message {
    Command(Command),
    Stop,
}

pub struct Worker {
    pub sockets: Vec<UdpSocket>,
    pub wakeup: Arc<EventFd>,
    pub messages: Receiver<Message>,
    pub events: Arc<Events>,
    pub totals: Totals,
}

impl Worker {
    pub fn run(self) {
        if catch_unwind(AssertUnwindSafe(|| self.work())).is_err() {
            eprintln!("packet path: the worker failed, the process ends");
            std::process::abort();
        }
    }

    fn work(&self) {
        let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let mut core = Core::new(Instant::now(), Ntp::from_unix(unix));
        let mut shell = Shell { sockets: &self.sockets, events: &self.events, dropped_events: 0, dropped_sends: 0 };
        let descriptors = std::iter::once(self.wakeup.as_raw_fd());
        let mut poller = Poller::new(descriptors.chain(self.sockets.iter().map(AsRawFd::as_raw_fd)));
        let mut buffer = vec![0; RECEIVE_BYTES];
        loop {
            let now = Instant::now();
            poller.wait(core.next_timeout().map(|timeout| timeout.saturating_duration_since(now)));
            if poller.is_readable(0) && !self.obey(&mut core, &mut shell) {
                return;
            }
            let sockets = self.sockets.iter().enumerate();
            for (index, socket) in sockets.filter(|(index, _)| poller.is_readable(index + 1)) {
                receive(&mut core, index, socket, &mut buffer, &mut shell);
            }
            let now = Instant::now();
            if core.next_timeout().is_some_and(|timeout| timeout <= now) {
                core.handle_timeout(now, &mut shell);
            }
            self.publish(core.counters(), &shell);
        }
    }

    /// Carries out what was commanded; `false` ends the worker.
    fn obey(&self, core: &mut Core, shell: &mut Shell<'_>) -> bool {
        self.wakeup.clear();
        while let Ok(message) = self.messages.try_recv() {
            match message {
                Message::Command(command) => core.handle_command(command, Instant::now(), shell),
                Message::Stop => return false,
            }
        }
        true
    }

    fn publish(&self, counters: &Counters, shell: &Shell<'_>) {
        let values = counters.values().into_iter().chain([shell.dropped_events, shell.dropped_sends]);
        for (total, value) in self.totals.iter().zip(values) {
            total.store(value, Ordering::Relaxed);
        }
    }
}

fn receive(core: &mut Core, index: usize, socket: &UdpSocket, buffer: &mut [u8], shell: &mut Shell<'_>) {
    for _ in 0..BATCH {
        let Ok((length, remote)) = socket.recv_from(buffer) else { return };
        let path = Path { local: Local(u8::try_from(index).unwrap_or(u8::MAX)), remote };
        if let Some(bytes) = buffer.get_mut(..length) {
            core.handle_datagram(path, bytes, Instant::now(), shell);
        }
    }
}

struct Shell<'a> {
    sockets: &'a [UdpSocket],
    events: &'a Events,
    dropped_events: u64,
    dropped_sends: u64,
}

impl Output for Shell<'_> {
    fn transmit(&mut self, path: Path, bytes: &[u8]) {
        let sent = self.sockets.get(usize::from(path.local.0)).map(|socket| socket.send_to(bytes, path.remote));
        self.dropped_sends += u64::from(!matches!(sent, Some(Ok(_))));
    }

    fn event(&mut self, event: Event<'_>) {
        self.dropped_events += u64::from(!self.events.push(event));
    }
}
