//! Mode «lesson»: the people of a demo school hold a lesson through signaling, as browsers would. The teacher starts
//! it, the others join one after another; what each join cost all of them together is part of the result.

use std::fs;
use std::io::{self, Read};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::class::{Class, SILENT, TALKING};
use crate::http::Site;
use crate::peer::{Published, Shape};
use crate::phases::Course;
use crate::report::Report;
use crate::seat::{Place, Seat};
use crate::sender::Voice;
use crate::traffic::Traffic;
use crate::{Failure, commands};

pub struct Plan {
    /// File with the JSON line of `zvonok demo --json`; `-` is stdin.
    pub demo: String,
    pub people: usize,
    pub visible: usize,
    pub tile: (u32, u32),
    pub talkers: usize,
    /// How long the same people talk; forever without.
    pub change_speakers: Option<Duration>,
    /// Nobody sends media: for rooms that are larger than this generator could feed.
    pub is_still: bool,
    /// A class alone: somebody else is the teacher, and the lesson is on.
    pub is_class: bool,
    /// Their microphones are off.
    pub is_muted: bool,
    /// After each join, before its cost is read.
    pub quiet: Duration,
    /// Rooms whose last join is counted; every join when empty. The joins between are not waited for.
    pub count_at: Vec<usize>,
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
    resumes: u64,
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
    let mut class = Class::new(plan.talkers, plan.change_speakers)?;
    let mut joins = Vec::new();
    for person in enter_in_order(&demo, &site, &api, plan)? {
        let place = prepare(plan, person, &api, class.seats.len());
        let people = class.seats.len() + 1;
        let is_counted = plan.count_at.is_empty() || plan.count_at.contains(&people);
        if is_counted && !plan.count_at.is_empty() {
            class.go_on(plan.quiet)?;
        }
        let before = class.traffic();
        class.enter(place)?;
        if is_counted {
            class.go_on(plan.quiet)?;
            joins.push(JoinCost { people, traffic: class.traffic().since(&before) });
        }
    }
    let report = class.measure(&plan.course)?;
    let mut result = LessonReport { report, joins, resets: 0, resumes: 0, failures: 0, closed: Vec::new() };
    if plan.course.hold {
        println!("{}", serde_json::to_string(&result)?);
        commands::obey(&mut class)?;
    }
    let seats = &mut class.seats;
    result.resets = seats.iter().map(|seat| seat.resets).sum();
    result.resumes = seats.iter().map(|seat| seat.resumes).sum();
    result.failures = seats.iter().map(|seat| seat.failures).sum();
    result.closed = seats.iter().filter_map(|seat| seat.closed.clone()).collect();
    seats.iter_mut().filter(|seat| seat.closed.is_none()).for_each(Seat::leave);
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

/// The lesson's teacher, then its pupils, then observers, signed in, as many as wanted.
fn enter_in_order(demo: &Demo, site: &Site, api: &str, plan: &Plan) -> Result<Vec<SignedIn>, Failure> {
    let staff = demo.people.iter().filter(|person| !matches!(person.role.as_str(), "pupil" | "parent"));
    let staff = staff.map(|person| sign_in(person, site, api)).collect::<Result<Vec<_>, _>>()?;
    let (mut chosen, others): (Vec<_>, Vec<_>) =
        staff.into_iter().flatten().partition(|person| person.room_role == "teacher");
    chosen.truncate(1);
    if plan.is_class {
        chosen.clear();
    } else {
        let teacher = chosen.first().ok_or("nobody of the staff teaches this lesson")?;
        teacher.site.post(&format!("{api}/start"), &teacher.cookie)?.json::<Card>()?;
    }
    let people = plan.people;
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

fn prepare(plan: &Plan, person: SignedIn, api: &str, index: usize) -> Place {
    let SignedIn { site, cookie, room_role } = person;
    let level = if index < plan.talkers { TALKING } else { SILENT };
    let phase = index as f64 / plan.people as f64;
    // The numbers of the sources come with the answer.
    let published = Published { voice: Voice { source: 0, level }, camera_source: 0, phase };
    let publishes = (room_role != "observer").then_some(published);
    let shape = Shape { publishes, video_slots: plan.visible, is_still: plan.is_still };
    Place { site, cookie, tickets: format!("{api}/ticket"), shape, is_muted: plan.is_muted, tile: plan.tile }
}
