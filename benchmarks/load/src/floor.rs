//! The floor under any forwarder: bare `sendto` of datagrams of the same sizes to as many sockets, read on another core.
//! Nothing is parsed or encrypted, so its CPU per packet is the price of the kernel's way alone.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use serde::Serialize;

use crate::{Failure, clock};

pub struct Plan {
    pub destinations: usize,
    /// Sizes of the datagrams, taken in turn.
    pub sizes: Vec<usize>,
    /// Bursts (one datagram to each destination) per second; 0 sends without a pause.
    pub bursts_per_second: f64,
    pub seconds: f64,
    pub send_core: Option<usize>,
    pub read_core: Option<usize>,
}

#[derive(Serialize)]
pub struct Floor {
    destinations: usize,
    sent: u64,
    read: u64,
    pps: f64,
    cpu_us_per_packet: f64,
}

pub fn run(plan: &Plan) -> Result<Floor, Failure> {
    let sinks: Vec<UdpSocket> =
        (0..plan.destinations).map(|_| UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))).collect::<Result<_, _>>()?;
    let addresses: Vec<SocketAddr> = sinks.iter().map(UdpSocket::local_addr).collect::<Result<_, _>>()?;
    let (over, read) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let reader = {
        let (over, read, core) = (over.clone(), read.clone(), plan.read_core);
        thread::spawn(move || drain(&sinks, core, &over, &read).map_err(|failure| failure.to_string()))
    };
    if let Some(core) = plan.send_core {
        clock::pin_to(core)?;
    }
    let (sent, cpu, lasted) = send(plan, &addresses)?;
    over.store(true, Ordering::Relaxed);
    reader.join().map_err(|_| "the reading thread died")??;
    Ok(Floor {
        destinations: plan.destinations,
        sent,
        read: read.load(Ordering::Relaxed),
        pps: sent as f64 / lasted.as_secs_f64(),
        cpu_us_per_packet: cpu.as_secs_f64() * 1e6 / sent as f64,
    })
}

fn send(plan: &Plan, addresses: &[SocketAddr]) -> Result<(u64, Duration, Duration), Failure> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let bytes = vec![0xA5; plan.sizes.iter().copied().max().unwrap_or(0)];
    let (started, cpu) = (Instant::now(), clock::thread_cpu());
    let mut sent = 0;
    for (bursts, size) in plan.sizes.iter().cycle().enumerate() {
        let elapsed = started.elapsed();
        if elapsed.as_secs_f64() >= plan.seconds {
            break;
        }
        if plan.bursts_per_second > 0.0 {
            let due = Duration::from_secs_f64(bursts as f64 / plan.bursts_per_second);
            thread::sleep(due.saturating_sub(elapsed));
        }
        for address in addresses {
            // A full send buffer counts as sent: the kernel's way was paid for.
            let _ = socket.send_to(&bytes[..*size], address);
            sent += 1;
        }
    }
    Ok((sent, clock::thread_cpu() - cpu, started.elapsed()))
}

fn drain(sinks: &[UdpSocket], core: Option<usize>, over: &AtomicBool, read: &AtomicU64) -> Result<(), Failure> {
    if let Some(core) = core {
        clock::pin_to(core)?;
    }
    let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
    for (index, sink) in sinks.iter().enumerate() {
        sink.set_nonblocking(true)?;
        epoll.add(sink, EpollEvent::new(EpollFlags::EPOLLIN, index as u64))?;
    }
    let mut buffer = [0; 2000];
    let mut ready = [EpollEvent::empty(); 128];
    while !over.load(Ordering::Relaxed) {
        let count = epoll.wait(&mut ready, EpollTimeout::from(50_u16))?;
        for event in &ready[..count] {
            while sinks[event.data() as usize].recv(&mut buffer).is_ok() {
                read.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
    Ok(())
}
