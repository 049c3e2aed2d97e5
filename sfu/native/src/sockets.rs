//! The operating system: UDP sockets on one port, eventfds, poll. The only file with `unsafe`; it knows
//! nothing of what is in a datagram.

#![allow(unsafe_code, reason = "eventfd and poll have no safe face in std")]

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

/// Holds what arrives while the worker fans out a keyframe.
const BUFFER_BYTES: usize = 4 * 1024 * 1024;
/// How often a free port is looked for that all addresses have.
const PORT_TRIES: usize = 32;

pub struct BindError {
    pub address: SocketAddr,
    pub cause: io::Error,
}

/// One socket per address, all on the same port; port 0 picks one.
pub fn bind(addresses: &[IpAddr], port: u16) -> Result<(Vec<UdpSocket>, u16), BindError> {
    let mut outcome = bind_once(addresses, port);
    for _ in 1..PORT_TRIES {
        if port != 0 || outcome.is_ok() {
            break;
        }
        outcome = bind_once(addresses, port);
    }
    outcome
}

fn bind_once(addresses: &[IpAddr], port: u16) -> Result<(Vec<UdpSocket>, u16), BindError> {
    let mut sockets = Vec::new();
    let mut shared_port = port;
    for address in addresses {
        let address = SocketAddr::new(*address, shared_port);
        let socket = open(address).map_err(|cause| BindError { address, cause })?;
        shared_port = socket.local_addr().map_err(|cause| BindError { address, cause })?.port();
        sockets.push(socket);
    }
    Ok((sockets, shared_port))
}

fn open(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.set_nonblocking(true)?;
    socket.set_recv_buffer_size(BUFFER_BYTES)?;
    socket.set_send_buffer_size(BUFFER_BYTES)?;
    socket.bind(&address.into())?;
    Ok(socket.into())
}

/// A counter in the kernel that makes a file descriptor readable.
pub struct EventFd(File);

impl EventFd {
    pub fn new() -> io::Result<Self> {
        // SAFETY: the call takes no pointers; a negative result is an error.
        let descriptor = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
        if descriptor < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the descriptor is open and nobody else has it.
        Ok(Self(File::from(unsafe { OwnedFd::from_raw_fd(descriptor) })))
    }

    /// A full counter is readable already, so an error needs no answer.
    pub fn raise(&self) {
        let _ = (&self.0).write(&1_u64.to_ne_bytes());
    }

    pub fn clear(&self) {
        let _ = (&self.0).read(&mut [0; 8]);
    }
}

impl AsRawFd for EventFd {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

/// Waits for any of a fixed list of descriptors.
pub struct Poller {
    descriptors: Vec<libc::pollfd>,
}

impl Poller {
    pub fn new(descriptors: impl Iterator<Item = RawFd>) -> Self {
        let entry = |fd| libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
        Self { descriptors: descriptors.map(entry).collect() }
    }

    /// Returns when one is readable or the time is over; `None` waits without end.
    pub fn wait(&mut self, timeout: Option<Duration>) {
        let timeout = timeout.map(|timeout| libc::timespec {
            tv_sec: libc::time_t::try_from(timeout.as_secs()).unwrap_or(libc::time_t::MAX),
            tv_nsec: timeout.subsec_nanos().into(),
        });
        let timeout = timeout.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        // SAFETY: both pointers are valid for the call, and the length is that of the list.
        let ready = unsafe {
            libc::ppoll(
                self.descriptors.as_mut_ptr(),
                self.descriptors.len() as libc::nfds_t,
                timeout,
                std::ptr::null(),
            )
        };
        if ready <= 0 {
            self.descriptors.iter_mut().for_each(|entry| entry.revents = 0);
        }
    }

    pub fn is_readable(&self, index: usize) -> bool {
        self.descriptors.get(index).is_some_and(|entry| entry.revents != 0)
    }
}
