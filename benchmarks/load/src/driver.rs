//! The event loop: one thread, one epoll, all peers. Modes call `turn` again and again and do their signalling between.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};

use crate::Failure;
use crate::peer::Peer;
use crate::sight::Sight;

const MAX_DATAGRAM: usize = 2000;
/// How often signalling gets a look while media flow.
pub const SIGNALLING_INTERVAL: Duration = Duration::from_millis(5);

pub struct Driver {
    epoll: Epoll,
    peers: BTreeMap<u64, Peer>,
    next_id: u64,
    buffer: Vec<u8>,
}

impl Driver {
    pub fn new() -> Result<Self, Failure> {
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        Ok(Self { epoll, peers: BTreeMap::new(), next_id: 0, buffer: vec![0; MAX_DATAGRAM] })
    }

    pub fn add(&mut self, peer: Peer) -> Result<u64, Failure> {
        self.next_id += 1;
        self.watch(self.next_id, &peer)?;
        self.peers.insert(self.next_id, peer);
        Ok(self.next_id)
    }

    fn watch(&self, id: u64, peer: &Peer) -> Result<(), Failure> {
        if let Some(socket) = peer.socket() {
            self.epoll.add(socket.fd(), EpollEvent::new(EpollFlags::EPOLLIN, id))?;
        }
        Ok(())
    }

    /// Applies the answer to the peer's offer; its media begin.
    pub fn accept(&mut self, id: u64, answer: &str) -> Result<(), Failure> {
        let Some(mut peer) = self.peers.remove(&id) else { return Ok(()) };
        let is_watched = peer.socket().is_some();
        peer.accept(answer, Instant::now())?;
        if !is_watched {
            self.watch(id, &peer)?;
        }
        self.peers.insert(id, peer);
        Ok(())
    }

    pub fn remove(&mut self, id: u64) {
        self.peers.remove(&id);
    }

    pub fn peer(&mut self, id: u64) -> Option<&mut Peer> {
        self.peers.get_mut(&id)
    }

    pub fn peer_at(&self, id: u64) -> Option<&Peer> {
        self.peers.get(&id)
    }

    /// What one peer's sight tells.
    pub fn seen_by<T>(&self, id: u64, told: impl Fn(&Sight) -> Option<T>) -> Option<T> {
        self.peers.get(&id).and_then(|peer| told(&peer.sight))
    }

    pub fn peers(&self) -> impl Iterator<Item = &Peer> {
        self.peers.values()
    }

    pub fn peers_mut(&mut self) -> impl Iterator<Item = &mut Peer> {
        self.peers.values_mut()
    }

    /// Sends what is due, then waits for packets, `patience` at the longest.
    pub fn turn(&mut self, patience: Duration) -> Result<(), Failure> {
        let now = Instant::now();
        let mut wake = now + patience;
        for peer in self.peers.values_mut() {
            if peer.wakes_at() <= now {
                peer.tick(now);
            }
            wake = wake.min(peer.wakes_at());
        }
        let left = wake.saturating_duration_since(Instant::now());
        let timeout = EpollTimeout::from(left.as_micros().div_ceil(1000).min(1000) as u16);
        let mut ready = [EpollEvent::empty(); 128];
        let count = match self.epoll.wait(&mut ready, timeout) {
            Err(nix::errno::Errno::EINTR) => 0,
            other => other?,
        };
        let now = Instant::now();
        for event in &ready[..count] {
            if let Some(peer) = self.peers.get_mut(&event.data()) {
                peer.read(now, &mut self.buffer)?;
            }
        }
        Ok(())
    }

    /// Turns until `done` says so or the time is over; true when it said so.
    pub fn run(&mut self, limit: Duration, mut done: impl FnMut(&Self) -> bool) -> Result<bool, Failure> {
        let end = Instant::now() + limit;
        while Instant::now() < end {
            if done(self) {
                return Ok(true);
            }
            self.turn(SIGNALLING_INTERVAL)?;
        }
        Ok(done(self))
    }
}
