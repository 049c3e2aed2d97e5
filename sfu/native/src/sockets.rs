//! The operating system: UDP sockets and TCP listeners on one port, eventfds, poll, epoll. The only file with
//! `unsafe`; it knows nothing of what is in a datagram.

#![allow(unsafe_code, reason = "eventfd, poll, epoll and limits have no safe face in std")]

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::time::Duration;

use socket2::{Domain, Protocol, SockRef, Socket, Type};

/// Holds what arrives while the worker fans out a keyframe.
const BUFFER_BYTES: usize = 4 * 1024 * 1024;
/// How often a free port is looked for that all addresses have.
const PORT_TRIES: usize = 32;
/// Connections that the kernel has made and that nobody has accepted yet: a class that comes at once.
const WAITING_CONNECTIONS: i32 = 1024;
/// What the kernel may hold of a connection: 100 ms of way at 5 Mbit/s. More is a queue that nobody looks after.
const TCP_SEND_BYTES: usize = 96 * 1024;
/// What it may hold that is not on its way.
const TCP_UNSENT_BYTES: libc::c_int = 16 * 1024;

pub struct BindError {
    pub protocol: &'static str,
    pub address: SocketAddr,
    pub cause: io::Error,
}

/// One UDP socket and one TCP listener per address, in the order of the addresses.
#[derive(Default)]
pub struct Bound {
    pub udp: Vec<UdpSocket>,
    pub tcp: Vec<TcpListener>,
}

/// All on the same port; port 0 picks one.
pub fn bind(addresses: &[IpAddr], port: u16) -> Result<(Bound, u16), BindError> {
    let mut outcome = bind_once(addresses, port);
    for _ in 1..PORT_TRIES {
        if port != 0 || outcome.is_ok() {
            break;
        }
        outcome = bind_once(addresses, port);
    }
    outcome
}

fn bind_once(addresses: &[IpAddr], port: u16) -> Result<(Bound, u16), BindError> {
    let mut bound = Bound::default();
    let mut shared_port = port;
    for address in addresses {
        let address = SocketAddr::new(*address, shared_port);
        let failed = |protocol, address| move |cause| BindError { protocol, address, cause };
        let socket = open(address).map_err(failed("UDP", address))?;
        let address = socket.local_addr().map_err(failed("UDP", address))?;
        bound.tcp.push(listen(address).map_err(failed("TCP", address))?);
        bound.udp.push(socket);
        shared_port = address.port();
    }
    Ok((bound, shared_port))
}

/// A port whose connections of before have not died down can be had again at once.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.set_nonblocking(true)?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(WAITING_CONNECTIONS)?;
    Ok(socket.into())
}

/// Datagrams leave at once, and what waits waits with us, where it can be dropped.
pub fn make_prompt(stream: &TcpStream) -> io::Result<()> {
    stream.set_nonblocking(true)?;
    stream.set_nodelay(true)?;
    SockRef::from(stream).set_send_buffer_size(TCP_SEND_BYTES)?;
    let unsent = TCP_UNSENT_BYTES;
    let length = libc::socklen_t::try_from(size_of_val(&unsent)).unwrap_or(0);
    // SAFETY: the pointer is to a `c_int` that lives through the call, and the length is its size.
    let result = unsafe {
        libc::setsockopt(
            stream.as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_NOTSENT_LOWAT,
            std::ptr::from_ref(&unsent).cast(),
            length,
        )
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// How many files this process may have open.
pub fn descriptor_limit() -> usize {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the pointer is valid for the call; the outcome of a failure is the zero from above.
    unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) };
    usize::try_from(limit.rlim_cur).unwrap_or(usize::MAX)
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

    /// Whether `wait` looks at it; poll(2) passes over negative descriptors.
    pub fn watch(&mut self, index: usize, descriptor: Option<RawFd>) {
        if let Some(entry) = self.descriptors.get_mut(index) {
            entry.fd = descriptor.unwrap_or(-1);
        }
    }
}

/// Descriptors that come and go, each with a number of its owner's. Readable itself when one of them is ready.
pub struct Epoll {
    descriptor: OwnedFd,
    ready: Vec<libc::epoll_event>,
}

pub struct Ready {
    pub number: u64,
    pub is_writable: bool,
    /// Something to read: bytes, the end, or an error.
    pub is_readable: bool,
}

impl Epoll {
    /// `at_once`: how many are told in one turn.
    pub fn new(at_once: usize) -> io::Result<Self> {
        // SAFETY: the call takes no pointers; a negative result is an error.
        let descriptor = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
        if descriptor < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the descriptor is open and nobody else has it.
        let descriptor = unsafe { OwnedFd::from_raw_fd(descriptor) };
        Ok(Self { descriptor, ready: vec![libc::epoll_event { events: 0, u64: 0 }; at_once] })
    }

    pub fn add(&self, socket: &impl AsRawFd, number: u64) -> io::Result<()> {
        self.control(libc::EPOLL_CTL_ADD, socket, libc::EPOLLIN, number)
    }

    pub fn watch_writing(&self, socket: &impl AsRawFd, number: u64, is_watched: bool) -> io::Result<()> {
        let events = libc::EPOLLIN | if is_watched { libc::EPOLLOUT } else { 0 };
        self.control(libc::EPOLL_CTL_MOD, socket, events, number)
    }

    fn control(&self, operation: libc::c_int, socket: &impl AsRawFd, events: libc::c_int, u64: u64) -> io::Result<()> {
        let mut event = libc::epoll_event { events: events as u32, u64 };
        // SAFETY: the pointer is valid for the call, and both descriptors are open.
        let result =
            unsafe { libc::epoll_ctl(self.descriptor.as_raw_fd(), operation, socket.as_raw_fd(), &raw mut event) };
        if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }

    /// Adds those that are ready at this moment; a closed descriptor leaves by itself.
    pub fn ready(&mut self, found: &mut Vec<Ready>) {
        let capacity = libc::c_int::try_from(self.ready.len()).unwrap_or(libc::c_int::MAX);
        // SAFETY: the pointer is valid for the call, and the length is that of the list.
        let count = unsafe { libc::epoll_wait(self.descriptor.as_raw_fd(), self.ready.as_mut_ptr(), capacity, 0) };
        found.extend(self.ready.iter().take(usize::try_from(count).unwrap_or(0)).map(|event| {
            let events = event.events as i32;
            Ready {
                number: event.u64,
                is_writable: events & libc::EPOLLOUT != 0,
                is_readable: events & !libc::EPOLLOUT != 0,
            }
        }));
    }
}

impl AsRawFd for Epoll {
    fn as_raw_fd(&self) -> RawFd {
        self.descriptor.as_raw_fd()
    }
}
