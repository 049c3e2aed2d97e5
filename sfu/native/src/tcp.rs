//! The TCP connections of the worker (RFC 6544 passive candidates): accepted, read, written and closed without ever
//! waiting for one of them. Each holds the buffers that it was given when it was accepted, and no others. A stranger has
//! seconds to pass an authenticated check; where there are too many, the oldest stranger makes room. The worker
//! carries datagrams and changes between this and the core.

use std::collections::VecDeque;
use std::io::{ErrorKind, IoSlice, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsRawFd, RawFd};
use std::time::{Duration, Instant};

use sfu_core::backlog::{self, Backlog};
use sfu_core::framing::Deframer;
use sfu_core::ids::{ConnectionId, Local, Path};
use sfu_core::output::Content;

use crate::sockets::{Epoll, Ready, descriptor_limit, make_prompt};

/// Four schools of a thousand of whom every second one has no UDP; one costs at most 240 KB.
const MAX_CONNECTIONS: usize = 2048;
/// Files that the rest of the process may need.
const OTHER_DESCRIPTORS: usize = 256;
/// Of one address, as long as nobody knows who they are: a school behind one address joins at once.
const MAX_STRANGERS_OF_ADDRESS: usize = 512;
const CHECK_WITHIN: Duration = Duration::from_secs(10);
/// A browser checks a pair in use every few seconds, a spare one twice a minute.
const SILENT_FOR: Duration = Duration::from_secs(60);
const LOOK_AROUND: Duration = Duration::from_secs(1);
/// After an accept that failed for want of files or memory.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);
/// Before the datagrams of everybody else have their turn.
const ACCEPTS_AT_ONCE: usize = 32;
const READY_AT_ONCE: usize = 64;

pub const COUNTERS: [&str; 6] =
    ["tcp_accepted", "tcp_closed", "tcp_refused", "tcp_dropped_packets", "tcp_full", "tcp_accept_errors"];

struct Connection {
    id: ConnectionId,
    stream: TcpStream,
    remote: SocketAddr,
    /// Away while what it gave is carried to the core.
    deframer: Option<Deframer>,
    backlog: Backlog,
    accepted: Instant,
    heard: Instant,
    is_validated: bool,
    is_touched: bool,
    waits_to_write: bool,
}

impl Connection {
    fn path(&self) -> Path {
        Path { local: Local::Tcp(self.id), remote: self.remote }
    }

    /// Writes what the kernel takes; `false` when the connection is broken.
    fn flush(&mut self) -> bool {
        while !self.backlog.is_empty() {
            let slices = self.backlog.slices().map(IoSlice::new);
            match self.stream.write_vectored(&slices) {
                Ok(0) => return false,
                Ok(count) => self.backlog.sent(count),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
        true
    }
}

/// What the core has to hear.
pub enum Change {
    Full(Path),
    Room(Path),
    Lost(Path),
}

pub struct Connections {
    epoll: Epoll,
    places: Vec<Option<Connection>>,
    count: usize,
    max: usize,
    serial: u32,
    /// Those for whom something may be written.
    touched: Vec<ConnectionId>,
    ready: Vec<Ready>,
    changes: VecDeque<Change>,
    look_around: Option<Instant>,
    accept_again: Option<Instant>,
    totals: [u64; COUNTERS.len()],
}

const ACCEPTED: usize = 0;
const CLOSED: usize = 1;
const REFUSED: usize = 2;
const DROPPED: usize = 3;
const FULL: usize = 4;
const ACCEPT_ERRORS: usize = 5;

impl Connections {
    pub fn new() -> std::io::Result<Self> {
        let max = MAX_CONNECTIONS.min(descriptor_limit().saturating_sub(OTHER_DESCRIPTORS));
        Ok(Self {
            epoll: Epoll::new(READY_AT_ONCE)?,
            places: (0..max).map(|_| None).collect(),
            count: 0,
            max,
            serial: 0,
            touched: Vec::with_capacity(max),
            ready: Vec::with_capacity(READY_AT_ONCE),
            changes: VecDeque::new(),
            look_around: None,
            accept_again: None,
            totals: [0; COUNTERS.len()],
        })
    }

    pub fn descriptor(&self) -> RawFd {
        self.epoll.as_raw_fd()
    }

    pub fn totals(&self) -> [u64; COUNTERS.len()] {
        self.totals
    }

    pub fn next_timeout(&self) -> Option<Instant> {
        [self.look_around, self.accept_again].into_iter().flatten().min()
    }

    /// Whether listeners may be looked at.
    pub fn accepts(&mut self, now: Instant) -> bool {
        self.accept_again.take_if(|again| *again <= now);
        self.accept_again.is_none()
    }

    // ── coming and going ──

    pub fn accept(&mut self, listener: &TcpListener, now: Instant) {
        for _ in 0..ACCEPTS_AT_ONCE {
            match listener.accept() {
                Ok((stream, remote)) => self.admit(stream, remote, now),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if is_of_one_connection(&error) => {}
                Err(_) => {
                    self.count(ACCEPT_ERRORS);
                    self.accept_again = Some(now + ACCEPT_AGAIN);
                    return;
                }
            }
        }
    }

    fn admit(&mut self, stream: TcpStream, remote: SocketAddr, now: Instant) {
        self.make_room(remote.ip());
        let place = self.places.iter().position(Option::is_none).filter(|_| self.count < self.max);
        let Some(place) = place.and_then(|place| u16::try_from(place).ok()) else {
            self.count(REFUSED);
            return;
        };
        self.serial = self.serial.wrapping_add(1);
        let id = ConnectionId { place, serial: self.serial };
        if make_prompt(&stream).and_then(|()| self.epoll.add(&stream, number(id))).is_err() {
            self.count(REFUSED);
            return;
        }
        let connection = Connection {
            id,
            stream,
            remote,
            deframer: Some(Deframer::default()),
            backlog: Backlog::default(),
            accepted: now,
            heard: now,
            is_validated: false,
            is_touched: false,
            waits_to_write: false,
        };
        if let Some(free) = self.places.get_mut(usize::from(place)) {
            *free = Some(connection);
        }
        self.count += 1;
        self.count(ACCEPTED);
        self.look_around.get_or_insert(now + LOOK_AROUND);
    }

    /// By the oldest stranger: of this address when it has too many, of anywhere when there are too many in all.
    fn make_room(&mut self, address: IpAddr) {
        let group = network(address);
        let strangers = || self.places.iter().flatten().filter(|connection| !connection.is_validated);
        let own = || strangers().filter(|connection| network(connection.remote.ip()) == group);
        let oldest = if own().count() >= MAX_STRANGERS_OF_ADDRESS {
            own().min_by_key(|connection| connection.accepted)
        } else if self.count >= self.max {
            strangers().min_by_key(|connection| connection.accepted)
        } else {
            return;
        };
        if let Some(id) = oldest.map(|connection| connection.id) {
            self.count(REFUSED);
            self.close(id);
        }
    }

    pub fn validate(&mut self, id: ConnectionId) {
        if let Some(connection) = self.get(id) {
            connection.is_validated = true;
        }
    }

    pub fn close(&mut self, id: ConnectionId) {
        let Some(place) = self.places.get_mut(usize::from(id.place)) else { return };
        let Some(mut connection) = place.take_if(|connection| connection.id == id) else { return };
        self.count -= 1;
        // The last word of a peer that was removed; it needs no answer.
        let _ = connection.stream.write_vectored(&connection.backlog.slices().map(IoSlice::new));
        if connection.is_validated {
            self.changes.push_back(Change::Lost(connection.path()));
        }
        self.count(CLOSED);
        self.note_dropped(connection.backlog.take_dropped());
    }

    fn note_dropped(&mut self, packets: u64) {
        if let Some(total) = self.totals.get_mut(DROPPED) {
            *total += packets;
        }
    }

    fn count(&mut self, which: usize) {
        if let Some(total) = self.totals.get_mut(which) {
            *total += 1;
        }
    }

    /// Closes who has said nothing for too long.
    pub fn look_around(&mut self, now: Instant) {
        if self.look_around.take_if(|due| *due <= now).is_none() {
            return;
        }
        for index in 0..self.places.len() {
            let late = self.places.get(index).and_then(Option::as_ref).filter(|connection| is_late(connection, now));
            if let Some(id) = late.map(|connection| connection.id) {
                self.close(id);
            }
        }
        self.look_around = (self.count > 0).then_some(now + LOOK_AROUND);
    }

    // ── reading and writing ──

    /// Which connections have something to be read; those that can be written are noted for `flush`.
    pub fn ready(&mut self, readable: &mut Vec<ConnectionId>) {
        readable.clear();
        let mut ready = std::mem::take(&mut self.ready);
        self.epoll.ready(&mut ready);
        for one in ready.drain(..) {
            let id = id_of(one.number);
            if one.is_writable {
                self.find_room(id);
            }
            if one.is_readable {
                readable.push(id);
            }
        }
        self.ready = ready;
    }

    /// One read of one connection. Its deframer goes along, and comes back by `went_on`.
    pub fn read(&mut self, id: ConnectionId, buffer: &mut [u8], now: Instant) -> Option<(Path, Deframer, usize)> {
        let connection = self.get(id)?;
        match connection.stream.read(buffer) {
            Ok(length) if length > 0 => {
                connection.heard = now;
                Some((connection.path(), connection.deframer.take()?, length))
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => None,
            _ => {
                self.close(id);
                None
            }
        }
    }

    pub fn went_on(&mut self, id: ConnectionId, deframer: Deframer) {
        if let Some(connection) = self.get(id) {
            connection.deframer = Some(deframer);
        }
    }

    /// `false` when there is no such connection any more.
    pub fn push(&mut self, id: ConnectionId, content: Content, datagram: &[u8], now: Instant) -> bool {
        let Some(connection) = self.get(id) else { return false };
        connection.backlog.push(content, datagram, now);
        let (path, change) = (connection.path(), connection.backlog.take_change());
        self.note(path, change);
        self.touch(id);
        true
    }

    fn find_room(&mut self, id: ConnectionId) {
        if let Some(connection) = self.get(id) {
            connection.backlog.sent(0);
            self.touch(id);
        }
    }

    fn touch(&mut self, id: ConnectionId) {
        let Some(connection) = self.get(id) else { return };
        if !std::mem::replace(&mut connection.is_touched, true) {
            self.touched.push(id);
        }
    }

    /// Writes to everybody for whom something waits as much as the kernel takes.
    pub fn flush(&mut self, now: Instant) {
        while let Some(id) = self.touched.pop() {
            let Some(connection) = self.get(id) else { continue };
            connection.is_touched = false;
            connection.backlog.prune(now);
            let (path, pruned) = (connection.path(), connection.backlog.take_change());
            let is_well = connection.flush();
            let (written, dropped) = (connection.backlog.take_change(), connection.backlog.take_dropped());
            self.note(path, pruned);
            self.note(path, written);
            self.note_dropped(dropped);
            if !is_well || !self.watch(id) {
                self.close(id);
            }
        }
    }

    /// Hears of room to write exactly while something waits for it, be it pictures that are not taken.
    fn watch(&mut self, id: ConnectionId) -> bool {
        let Some(connection) = self.places.get_mut(usize::from(id.place)).and_then(Option::as_mut) else { return true };
        let waits = connection.backlog.waits();
        if std::mem::replace(&mut connection.waits_to_write, waits) == waits {
            return true;
        }
        self.epoll.watch_writing(&connection.stream, number(id), waits).is_ok()
    }

    fn note(&mut self, path: Path, change: Option<backlog::Change>) {
        match change {
            Some(backlog::Change::Full) => {
                self.count(FULL);
                self.changes.push_back(Change::Full(path));
            }
            Some(backlog::Change::Room) => self.changes.push_back(Change::Room(path)),
            None => {}
        }
    }

    pub fn next_change(&mut self) -> Option<Change> {
        self.changes.pop_front()
    }

    fn get(&mut self, id: ConnectionId) -> Option<&mut Connection> {
        self.places.get_mut(usize::from(id.place))?.as_mut().filter(|connection| connection.id == id)
    }
}

fn is_late(connection: &Connection, now: Instant) -> bool {
    let since = |moment: Instant| now.saturating_duration_since(moment);
    since(connection.heard) > SILENT_FOR || !connection.is_validated && since(connection.accepted) > CHECK_WITHIN
}

/// What one subscriber has of addresses: all of IPv4, a /64 of IPv6.
fn network(address: IpAddr) -> [u8; 8] {
    let mut network = [0; 8];
    match address {
        IpAddr::V4(address) => network.iter_mut().zip(address.octets()).for_each(|(to, from)| *to = from),
        IpAddr::V6(address) => network.iter_mut().zip(address.octets()).for_each(|(to, from)| *to = from),
    }
    network
}

fn number(id: ConnectionId) -> u64 {
    u64::from(id.serial) << 16 | u64::from(id.place)
}

fn id_of(number: u64) -> ConnectionId {
    ConnectionId { place: (number & 0xffff) as u16, serial: (number >> 16 & 0xffff_ffff) as u32 }
}

/// The one that waited has gone; the next may be well (accept(2)).
fn is_of_one_connection(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::Interrupted | ErrorKind::PermissionDenied)
        || matches!(error.raw_os_error(), Some(libc::EPROTO | libc::ENETDOWN | libc::EHOSTDOWN | libc::EHOSTUNREACH))
}
