//! Everybody who is in the lesson, and the event loop that keeps their media and their signalling going.

use std::time::{Duration, Instant};

use crate::Failure;
use crate::driver::{Driver, SIGNALLING_INTERVAL};
use crate::phases::{self, Course};
use crate::report::Report;
use crate::seat::{Place, Seat};
use crate::traffic::Traffic;

pub const TALKING: u8 = 30;
pub const SILENT: u8 = 127;

pub struct Class {
    pub driver: Driver,
    pub seats: Vec<Seat>,
    speech: Speech,
}

/// Who talks, while nobody commands it.
struct Speech {
    talkers: usize,
    change_after: Option<Duration>,
    changed: Instant,
    first: usize,
}

impl Class {
    pub fn new(talkers: usize, change_after: Option<Duration>) -> Result<Self, Failure> {
        let speech = Speech { talkers, change_after, changed: Instant::now(), first: 0 };
        Ok(Self { driver: Driver::new()?, seats: Vec::new(), speech })
    }

    pub fn enter(&mut self, place: Place) -> Result<(), Failure> {
        let seat = Seat::take(place, &mut self.driver, &mut self.seats)?;
        self.seats.push(seat);
        Ok(())
    }

    /// Leaves, and comes again after a while as somebody who is new to the room.
    pub fn come_again(&mut self, index: usize, after: Duration) -> Result<(), Failure> {
        let place = self.seats.remove(index).give_up(&mut self.driver);
        self.go_on(after)?;
        let seat = Seat::take(place, &mut self.driver, &mut self.seats)?;
        self.seats.insert(index, seat);
        Ok(())
    }

    pub fn traffic(&self) -> Traffic {
        let mut sum = Traffic::default();
        self.seats.iter().for_each(|seat| sum.add(&seat.traffic));
        sum
    }

    pub fn measure(&mut self, course: &Course) -> Result<Report, Failure> {
        let Self { driver, seats, speech } = self;
        phases::measure(driver, course, &mut |driver| follow(seats, speech, driver))
    }

    pub fn go_on(&mut self, time: Duration) -> Result<(), Failure> {
        self.until(time, |_| false).map(drop)
    }

    /// Goes on until `done` says so or the time is over; true when it said so.
    pub fn until(&mut self, limit: Duration, mut done: impl FnMut(&mut Self) -> bool) -> Result<bool, Failure> {
        let end = Instant::now() + limit;
        loop {
            if done(self) {
                return Ok(true);
            }
            if Instant::now() >= end {
                return Ok(false);
            }
            follow(&mut self.seats, &mut self.speech, &mut self.driver)?;
            self.driver.turn(SIGNALLING_INTERVAL)?;
        }
    }

    /// From here on this seat alone talks.
    pub fn let_speak(&mut self, index: usize) {
        (self.speech.change_after, self.speech.talkers, self.speech.first) = (None, 1, index);
        self.speech.apply(&mut self.seats, &mut self.driver);
    }
}

impl Speech {
    fn go_on(&mut self, seats: &mut [Seat], driver: &mut Driver) {
        if self.change_after.is_none_or(|time| self.changed.elapsed() < time) || seats.is_empty() {
            return;
        }
        self.changed = Instant::now();
        self.first = (self.first + 1) % seats.len();
        self.apply(seats, driver);
    }

    fn apply(&self, seats: &mut [Seat], driver: &mut Driver) {
        let count = seats.len();
        for (index, seat) in seats.iter_mut().enumerate() {
            let talks = (index + count - self.first) % count < self.talkers;
            seat.set_level(if talks { TALKING } else { SILENT }, driver);
        }
    }
}

fn follow(seats: &mut [Seat], speech: &mut Speech, driver: &mut Driver) -> Result<(), Failure> {
    speech.go_on(seats, driver);
    seats.iter_mut().try_for_each(|seat| seat.follow(driver))
}
