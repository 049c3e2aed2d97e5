//! The course of a run that all modes share: say `measuring`, measure, say `measured` (lines on stderr, at which a
//! benchmark script reads the server's CPU and memory), print the report, and stay until stdin ends if asked to.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::driver::{Driver, SIGNALLING_INTERVAL};
use crate::report::{Before, Report};
use crate::{Failure, clock};

pub struct Course {
    pub warm_up: Duration,
    pub window: Duration,
    /// After the report, stay in the room until stdin ends; then the result is printed once more.
    pub hold: bool,
}

pub fn announce(what: &str) {
    eprintln!("{what}");
}

/// `signal` does the mode's signalling; it runs a few hundred times a second.
pub fn measure(
    driver: &mut Driver,
    course: &Course,
    signal: &mut dyn FnMut(&mut Driver) -> Result<(), Failure>,
) -> Result<Report, Failure> {
    turn_for(driver, course.warm_up, signal)?;
    announce("measuring");
    let (started, before) = (Instant::now(), Before::start(driver, clock::process_cpu()));
    turn_for(driver, course.window, signal)?;
    let report = before.stop(driver, clock::process_cpu(), started.elapsed());
    announce("measured");
    Ok(report)
}

pub fn turn_for(
    driver: &mut Driver,
    time: Duration,
    signal: &mut dyn FnMut(&mut Driver) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let end = Instant::now() + time;
    while Instant::now() < end {
        signal(driver)?;
        driver.turn(SIGNALLING_INTERVAL)?;
    }
    Ok(())
}

pub fn hold(driver: &mut Driver, signal: &mut dyn FnMut(&mut Driver) -> Result<(), Failure>) -> Result<(), Failure> {
    let over = Arc::new(AtomicBool::new(false));
    let flag = over.clone();
    thread::spawn(move || {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        flag.store(true, Ordering::Relaxed);
    });
    while !over.load(Ordering::Relaxed) {
        signal(driver)?;
        driver.turn(SIGNALLING_INTERVAL)?;
    }
    Ok(())
}
