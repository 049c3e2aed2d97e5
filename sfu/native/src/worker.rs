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
use sfu_core::ids::{ConnectionId, Local, Path};
use sfu_core::output::{Content, Event, Output};

use crate::events::Events;
use crate::sockets::{Bound, EventFd, Poller};
use crate::tcp::{self, Change, Connections};

/// Datagrams of one socket before the others and the timers have their turn.
const BATCH: usize = 128;
/// The largest UDP datagram, so that a long one is seen to be long and not cut.
const RECEIVE_BYTES: usize = 65_536;
/// Of one TCP connection before the others have their turn.
const READ_BYTES: usize = 16_384;

/// What the shell counts beside the core and the connections.
const SHELL_COUNTERS: [&str; 2] = ["dropped_events", "dropped_send_errors"];

/// In the order of `counter_names`.
pub type Totals = Arc<[AtomicU64]>;

pub fn counter_names() -> impl Iterator<Item = &'static str> {
    Counters::NAMES.iter().chain(&SHELL_COUNTERS).chain(&tcp::COUNTERS).copied()
}

pub fn totals() -> Totals {
    counter_names().map(|_| AtomicU64::new(0)).collect()
}

pub enum Message {
    Command(Command),
    Stop,
}

pub struct Worker {
    pub bound: Bound,
    pub connections: Connections,
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

    fn work(self) {
        let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let start = Instant::now();
        let mut core = Core::new(start, Ntp::from_unix(unix));
        let mut watch = Watch::new(&self.wakeup, &self.bound, &self.connections);
        let (bound, messages) = (&self.bound, &self.messages);
        let mut shell = Shell {
            sockets: &bound.udp,
            connections: self.connections,
            events: &self.events,
            now: start,
            dropped_events: 0,
            dropped_sends: 0,
        };
        let mut buffer = vec![0; RECEIVE_BYTES];
        loop {
            watch.wait(&core, &mut shell, bound);
            if watch.is_woken() && !obey(&self.wakeup, messages, &mut core, &mut shell) {
                return;
            }
            for (index, socket) in bound.udp.iter().enumerate().filter(|(index, _)| watch.has_datagrams(*index)) {
                receive(&mut core, index, socket, &mut buffer, &mut shell);
            }
            if watch.has_streams() {
                watch.receive_streams(&mut core, &mut buffer, &mut shell);
            }
            for (_, listener) in bound.tcp.iter().enumerate().filter(|(index, _)| watch.has_callers(*index)) {
                shell.connections.accept(listener, shell.now);
            }
            pass_time(&mut core, &mut shell);
            settle(&mut core, &mut shell);
            publish(&self.totals, core.counters(), &shell);
        }
    }
}

/// What the worker waits for: the wakeup, the UDP sockets, the listeners, and all connections as one.
struct Watch {
    poller: Poller,
    sockets: usize,
    streams: usize,
    readable: Vec<ConnectionId>,
}

impl Watch {
    fn new(wakeup: &EventFd, bound: &Bound, connections: &Connections) -> Self {
        let sockets = bound.udp.iter().map(AsRawFd::as_raw_fd).chain(bound.tcp.iter().map(AsRawFd::as_raw_fd));
        let descriptors = std::iter::once(wakeup.as_raw_fd()).chain(sockets).chain([connections.descriptor()]);
        let streams = 1 + bound.udp.len() + bound.tcp.len();
        Self { poller: Poller::new(descriptors), sockets: bound.udp.len(), streams, readable: Vec::new() }
    }

    fn wait(&mut self, core: &Core, shell: &mut Shell<'_>, bound: &Bound) {
        let now = Instant::now();
        let accepts = shell.connections.accepts(now);
        for (index, listener) in bound.tcp.iter().enumerate() {
            self.poller.watch(1 + self.sockets + index, accepts.then_some(listener.as_raw_fd()));
        }
        let timeout = [core.next_timeout(), shell.connections.next_timeout()].into_iter().flatten().min();
        self.poller.wait(timeout.map(|timeout| timeout.saturating_duration_since(now)));
        shell.now = Instant::now();
    }

    fn is_woken(&self) -> bool {
        self.poller.is_readable(0)
    }

    fn has_datagrams(&self, socket: usize) -> bool {
        self.poller.is_readable(1 + socket)
    }

    fn has_callers(&self, listener: usize) -> bool {
        self.poller.is_readable(1 + self.sockets + listener)
    }

    fn has_streams(&self) -> bool {
        self.poller.is_readable(self.streams)
    }

    fn receive_streams(&mut self, core: &mut Core, buffer: &mut [u8], shell: &mut Shell<'_>) {
        let Some(buffer) = buffer.get_mut(..READ_BYTES) else { return };
        shell.connections.ready(&mut self.readable);
        for id in self.readable.drain(..) {
            receive_stream(core, id, buffer, shell);
        }
    }
}

/// Carries out what was commanded; `false` ends the worker.
fn obey(wakeup: &EventFd, messages: &Receiver<Message>, core: &mut Core, shell: &mut Shell<'_>) -> bool {
    wakeup.clear();
    while let Ok(message) = messages.try_recv() {
        match message {
            Message::Command(command) => core.handle_command(command, shell.tick(), shell),
            Message::Stop => return false,
        }
    }
    true
}

fn receive(core: &mut Core, index: usize, socket: &UdpSocket, buffer: &mut [u8], shell: &mut Shell<'_>) {
    for _ in 0..BATCH {
        let Ok((length, remote)) = socket.recv_from(buffer) else { return };
        let path = Path { local: Local::Udp(u8::try_from(index).unwrap_or(u8::MAX)), remote };
        if let Some(bytes) = buffer.get_mut(..length) {
            core.handle_datagram(path, bytes, shell.tick(), shell);
        }
    }
}

fn receive_stream(core: &mut Core, id: ConnectionId, buffer: &mut [u8], shell: &mut Shell<'_>) {
    let now = shell.tick();
    let Some((path, mut deframer, length)) = shell.connections.read(id, buffer, now) else { return };
    let Some(bytes) = buffer.get_mut(..length) else { return };
    let outcome = deframer.feed(bytes, &mut |datagram| core.handle_datagram(path, datagram, now, shell));
    match outcome {
        Ok(()) => shell.connections.went_on(id, deframer),
        Err(_) => shell.connections.close(id),
    }
}

fn pass_time(core: &mut Core, shell: &mut Shell<'_>) {
    let now = shell.tick();
    if core.next_timeout().is_some_and(|timeout| timeout <= now) {
        core.handle_timeout(now, shell);
    }
    shell.connections.look_around(now);
}

/// Writes what waits for connections, and tells the core how they fare; what it says to that is written, too.
fn settle(core: &mut Core, shell: &mut Shell<'_>) {
    let now = shell.now;
    loop {
        shell.connections.flush(now);
        match shell.connections.next_change() {
            Some(Change::Full(path)) => core.path_is_full(path),
            Some(Change::Room(path)) => core.path_has_room(path, now, shell),
            Some(Change::Lost(path)) => core.lose_path(path, now, shell),
            None => return,
        }
    }
}

fn publish(totals: &Totals, counters: &Counters, shell: &Shell<'_>) {
    let values = counters.values().into_iter().chain([shell.dropped_events, shell.dropped_sends]);
    for (total, value) in totals.iter().zip(values.chain(shell.connections.totals())) {
        total.store(value, Ordering::Relaxed);
    }
}

struct Shell<'a> {
    sockets: &'a [UdpSocket],
    connections: Connections,
    events: &'a Events,
    now: Instant,
    dropped_events: u64,
    dropped_sends: u64,
}

impl Shell<'_> {
    fn tick(&mut self) -> Instant {
        self.now = Instant::now();
        self.now
    }

    fn send(&mut self, path: Path, content: Content, bytes: &[u8]) -> bool {
        match path.local {
            Local::Udp(index) => {
                let socket = self.sockets.get(usize::from(index));
                socket.is_some_and(|socket| socket.send_to(bytes, path.remote).is_ok())
            }
            Local::Tcp(id) => self.connections.push(id, content, bytes, self.now),
        }
    }
}

impl Output for Shell<'_> {
    fn transmit(&mut self, path: Path, content: Content, bytes: &[u8]) {
        self.dropped_sends += u64::from(!self.send(path, content, bytes));
    }

    fn path_begins(&mut self, path: Path) {
        if let Local::Tcp(id) = path.local {
            self.connections.validate(id);
        }
    }

    fn path_ends(&mut self, path: Path) {
        if let Local::Tcp(id) = path.local {
            self.connections.close(id);
        }
    }

    fn event(&mut self, event: Event<'_>) {
        self.dropped_events += u64::from(!self.events.push(event));
    }
}
