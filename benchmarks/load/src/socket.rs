//! One UDP socket with the kernel's arrival time of every datagram and the count of those that the kernel dropped
//! because nobody read: without that count, a slow generator would look like a lossy server.

use std::io::{self, IoSliceMut};
use std::net::{IpAddr, SocketAddr, SocketAddrV4, SocketAddrV6, UdpSocket};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, setsockopt, sockopt};
use nix::sys::time::TimeSpec;

use crate::Failure;
use crate::clock;

const RECEIVE_BUFFER_BYTES: usize = 8 * 1024 * 1024;

pub struct MediaSocket {
    socket: UdpSocket,
    local: SocketAddr,
    control: Vec<u8>,
    dropped: u32,
}

pub struct Arrival {
    pub len: usize,
    pub from: SocketAddr,
    pub at_ns: u64,
}

impl MediaSocket {
    /// A socket on the address from which this machine reaches `server`.
    pub fn toward(server: SocketAddr) -> Result<Self, Failure> {
        let any: IpAddr = if server.is_ipv4() { [0u8; 4].into() } else { [0u16; 8].into() };
        let probe = UdpSocket::bind((any, 0))?;
        probe.connect(server)?;
        Self::bind(probe.local_addr()?.ip())
    }

    pub fn bind(address: IpAddr) -> Result<Self, Failure> {
        let socket = UdpSocket::bind((address, 0))?;
        socket.set_nonblocking(true)?;
        // The forced size needs privileges; without them the system's limit applies and `dropped` tells.
        if setsockopt(&socket, sockopt::RcvBufForce, &RECEIVE_BUFFER_BYTES).is_err() {
            setsockopt(&socket, sockopt::RcvBuf, &RECEIVE_BUFFER_BYTES)?;
        }
        setsockopt(&socket, sockopt::ReceiveTimestampns, &true)?;
        setsockopt(&socket, sockopt::RxqOvfl, &1)?;
        let local = socket.local_addr()?;
        Ok(Self { socket, local, control: nix::cmsg_space!(TimeSpec, u32), dropped: 0 })
    }

    pub fn local(&self) -> SocketAddr {
        self.local
    }

    /// Datagrams that the kernel dropped at this socket so far.
    pub fn dropped(&self) -> u32 {
        self.dropped
    }

    pub fn fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    pub fn send(&self, datagram: &[u8], to: SocketAddr) {
        // A full send buffer or a port that is closed is a lost packet, which the receivers count.
        let _ = self.socket.send_to(datagram, to);
    }

    /// None when nothing waits.
    pub fn receive(&mut self, buffer: &mut [u8]) -> io::Result<Option<Arrival>> {
        let mut parts = [IoSliceMut::new(buffer)];
        let received = recvmsg::<SockaddrStorage>(
            self.socket.as_raw_fd(),
            &mut parts,
            Some(&mut self.control),
            MsgFlags::MSG_DONTWAIT,
        );
        let message = match received {
            Ok(message) => message,
            Err(Errno::EAGAIN | Errno::ECONNREFUSED) => return Ok(None),
            Err(errno) => return Err(errno.into()),
        };
        let mut at_ns = None;
        for part in message.cmsgs()? {
            match part {
                ControlMessageOwned::ScmTimestampns(time) => at_ns = Some(Duration::from(time).as_nanos() as u64),
                ControlMessageOwned::RxqOvfl(total) => self.dropped = total,
                _ => {}
            }
        }
        let Some(from) = message.address.as_ref().and_then(address) else { return Ok(None) };
        Ok(Some(Arrival { len: message.bytes, from, at_ns: at_ns.unwrap_or_else(clock::realtime_ns) }))
    }
}

fn address(storage: &SockaddrStorage) -> Option<SocketAddr> {
    let four = storage.as_sockaddr_in().map(|four| SocketAddr::V4(SocketAddrV4::from(*four)));
    four.or_else(|| storage.as_sockaddr_in6().map(|six| SocketAddr::V6(SocketAddrV6::from(*six))))
}
