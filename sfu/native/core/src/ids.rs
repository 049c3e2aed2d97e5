//! The numbers by which the caller names things, as types, so that one is never taken for another.

use std::net::SocketAddr;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeerId(pub u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TrackId(pub u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SlotId(pub u64);

/// One accepted TCP connection: its place in the worker's table, and a number that the place does not have again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId {
    pub place: u16,
    pub serial: u32,
}

/// This end of a path: one of the worker's UDP sockets, or one TCP connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Local {
    Udp(u8),
    Tcp(ConnectionId),
}

/// A pair of addresses: where a datagram came in, and the address it came from. UDP and TCP from one address are two
/// paths, and so are two connections from it, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    pub local: Local,
    pub remote: SocketAddr,
}

impl Path {
    pub fn is_stream(&self) -> bool {
        matches!(self.local, Local::Tcp(_))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Audio,
    Video,
}

impl Kind {
    /// RTP clock rate of the room's codecs: Opus (RFC 7587 §4.1) and VP8 (RFC 7741 §4.1).
    pub fn clock_rate(self) -> u32 {
        match self {
            Self::Audio => 48_000,
            Self::Video => 90_000,
        }
    }
}
