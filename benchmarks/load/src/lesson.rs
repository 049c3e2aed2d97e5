//! Mode «lesson»: the people of a demo school hold a lesson through signaling, as browsers would. The teacher starts
//! it, the others join one after another; what each join cost all of them together is part of the result.

use std::fs;
use std::io::{self, Read};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::driver::Driver;
use crate::http::Site;
use crate::peer::{Published, Shape};
use crate::phases::{self, Course};
use crate::report::Report;
use crate::seat::{Place, Seat, Traffic};
use crate::sender::Voice;

const TALKING: u8 = 30;
const SILENT: u8 = 127;

pub struct Plan {
    /// File with the JSON line of `zvonok demo --json`; `-` is stdin.
    pub demo: String,
    pub people: usize,
    pub visible: usize,
    pub tile: (u32, u32),
    pub talkers: usize,
    /// After each join, before its cost is read.
    pub quiet: Duration,
    pub course: Course,
}

#[derive(Deserialize)]
struct Demo {
    people: Vec<Person>,
    lesson_url: String,
}

#[derive(Deserialize)]
struct Person {
    role: String,
    login_url: String,
}

#[derive(Deserialize)]
struct Card {
    room_role: Option<String>,
}

#[derive(Deserialize)]
struct Ticket {
    ticket: String,
}

/// What one join cost everybody together.
#[derive(Serialize)]
struct JoinCost {
    people: usize,
    traffic: Traffic,
}

#[derive(Serialize)]
pub struct LessonReport {
    #[serde(flatten)]
    report: Report,
    joins: Vec<JoinCost>,
    resets: u64,
    failures: u64,
    closed: Vec<String>,
}

struct SignedIn {
    site: Site,
    cookie: String,
    room_role: String,
}

pub fn run(plan: &Plan) -> Result<LessonReport, Failure> {
    let demo: Demo = serde_json::from_str(&read(&plan.demo)?)?;
    let (site, path) = Site::of(&demo.lesson_url)?;
    let api = format!("/api{path}");
    let mut driver = Driver::new()?;
    let mut seats: Vec<Seat> = Vec::new();
    let mut joins = Vec::new();
    for person in enter_in_order(&demo, &site, &api, plan.people)? {
        let place = prepare(plan, person, &api, seats.len())?;
        let before = total(&seats);
        let seat = Seat::take(place, &mut driver, &mut seats)?;
        seats.push(seat);
        phases::turn_for(&mut driver, plan.quiet, &mut |driver| follow(&mut seats, driver))?;
        joins.push(JoinCost { people: seats.len(), traffic: difference(&total(&seats), &before) });
    }
    let report = phases::measure(&mut driver, &plan.course, &mut |driver| follow(&mut seats, driver))?;
    let mut result = LessonReport { report, joins, resets: 0, failures: 0, closed: Vec::new() };
    if plan.course.hold {
        println!("{}", serde_json::to_string(&result)?);
        phases::hold(&mut driver, &mut |driver| follow(&mut seats, driver))?;
    }
    result.resets = seats.iter().map(|seat| seat.resets).sum();
    result.failures = seats.iter().map(|seat| seat.failures).sum();
    result.closed = seats.iter().filter_map(|seat| seat.closed.clone()).collect();
    seats.iter_mut().filter(|seat| seat.closed.is_none()).try_for_each(Seat::leave)?;
    Ok(result)
}

fn read(file: &str) -> Result<String, Failure> {
    if file != "-" {
        return Ok(fs::read_to_string(file)?);
    }
    let mut line = String::new();
    io::stdin().lock().read_to_string(&mut line)?;
    Ok(line)
}

fn follow(seats: &mut [Seat], driver: &mut Driver) -> Result<(), Failure> {
    seats.iter_mut().try_for_each(|seat| seat.follow(driver))
}

/// The lesson's teacher, then its pupils, then observers, signed in, as many as wanted.
fn enter_in_order(demo: &Demo, site: &Site, api: &str, people: usize) -> Result<Vec<SignedIn>, Failure> {
    let staff = demo.people.iter().filter(|person| !matches!(person.role.as_str(), "pupil" | "parent"));
    let staff = staff.map(|person| sign_in(person, site, api)).collect::<Result<Vec<_>, _>>()?;
    let (mut chosen, others): (Vec<_>, Vec<_>) =
        staff.into_iter().flatten().partition(|person| person.room_role == "teacher");
    chosen.truncate(1);
    let teacher = chosen.first().ok_or("nobody of the staff teaches this lesson")?;
    teacher.site.post(&format!("{api}/start"), &teacher.cookie)?.json::<Card>()?;
    for person in demo.people.iter().filter(|person| person.role == "pupil") {
        if chosen.len() < people {
            chosen.extend(sign_in(person, site, api)?);
        }
    }
    chosen.extend(others.into_iter().filter(|person| person.room_role == "observer"));
    chosen.truncate(people);
    if chosen.len() < people {
        return Err(format!("only {} people may enter this lesson", chosen.len()).into());
    }
    Ok(chosen)
}

/// None for somebody who has no part in this lesson.
fn sign_in(person: &Person, site: &Site, api: &str) -> Result<Option<SignedIn>, Failure> {
    let (_, login) = Site::of(&person.login_url)?;
    let cookie = site.get(&login, "")?.cookies();
    let card: Card = site.get(api, &cookie)?.json()?;
    Ok(card.room_role.map(|room_role| SignedIn { site: site.clone(), cookie, room_role }))
}

fn prepare(plan: &Plan, person: SignedIn, api: &str, index: usize) -> Result<Place, Failure> {
    let SignedIn { site, cookie, room_role } = person;
    let ticket: Ticket = site.post(&format!("{api}/ticket"), &cookie)?.json()?;
    let level = if index < plan.talkers { TALKING } else { SILENT };
    let phase = index as f64 / plan.people as f64;
    // The numbers of the sources come with the answer.
    let published = Published { voice: Voice { source: 0, level }, camera_source: 0, phase };
    let publishes = (room_role != "observer").then_some(published);
    let shape = Shape { publishes, video_slots: plan.visible };
    Ok(Place { site, cookie, ticket: ticket.ticket, shape, tile: plan.tile })
}

fn total(seats: &[Seat]) -> Traffic {
    let mut sum = Traffic::default();
    seats.iter().for_each(|seat| sum.add(&seat.traffic));
    sum
}

fn difference(after: &Traffic, before: &Traffic) -> Traffic {
    let mut result = after.clone();
    for (side, earlier) in [(&mut result.said, &before.said), (&mut result.heard, &before.heard)] {
        for (name, tally) in earlier {
            if let Some(entry) = side.get_mut(name) {
                entry.messages -= tally.messages;
                entry.bytes -= tally.bytes;
            }
        }
        side.retain(|_, tally| tally.messages > 0);
    }
    result
}
