//! Clocks and cores: the one wall clock that stamps packets, CPU time of this process, and pinning.
//! Sender, receivers and the kernel's arrival times share CLOCK_REALTIME, so a one-way delay is one subtraction.

use std::time::Duration;

use nix::sched::{CpuSet, sched_setaffinity};
use nix::time::{ClockId, clock_gettime};
use nix::unistd::Pid;

use crate::Failure;

pub fn realtime_ns() -> u64 {
    read(ClockId::CLOCK_REALTIME).as_nanos() as u64
}

pub fn process_cpu() -> Duration {
    read(ClockId::CLOCK_PROCESS_CPUTIME_ID)
}

pub fn thread_cpu() -> Duration {
    read(ClockId::CLOCK_THREAD_CPUTIME_ID)
}

fn read(clock: ClockId) -> Duration {
    clock_gettime(clock).map_or(Duration::ZERO, Duration::from)
}

/// The calling thread (and those that it starts) runs on this core only.
pub fn pin_to(core: usize) -> Result<(), Failure> {
    let mut cores = CpuSet::new();
    cores.set(core)?;
    sched_setaffinity(Pid::from_raw(0), &cores)?;
    Ok(())
}
