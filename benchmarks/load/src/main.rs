//! `zvonok-load`: synthetic participants for benchmarks, and the checks of the generator itself. One JSON result on
//! stdout; `measuring` and `measured` on stderr mark the window in which a script reads the server's own counters.

mod channel;
mod class;
mod clock;
mod commands;
mod driver;
mod floor;
mod http;
mod lesson;
mod link;
mod moments;
mod node;
mod peer;
mod phases;
mod receiver;
mod report;
mod seat;
mod self_check;
mod sender;
mod sight;
mod socket;
mod stamp;
mod traffic;
mod vp8;
mod wire;

use std::process::ExitCode;
use std::time::Duration;

use pico_args::Arguments;
use serde::Serialize;

use crate::phases::Course;

pub type Failure = Box<dyn std::error::Error>;

const USAGE: &str = "zvonok-load [--core N] MODE

lesson      --demo FILE|-  [--people 4] [--visible 9] [--tile 320x180] [--talkers 4] [--change-speakers SECONDS]
            [--still] [--class] [--muted] [--quiet-ms 1000] [--count-at 30,100] [--warm-up 3] [--seconds 10] [--hold]: the people of `zvonok demo --json` hold a lesson
            through signaling; with --hold, commands on stdin (src/commands.rs) are answered by JSON lines
node        --socket PATH  [--rooms 1] [--peers 10] [--visible 9] [--tile 320x180] [--talkers 4]
            [--warm-up 3] [--seconds 10] [--hold] [--turns 0] [--turners 1] [--mutes 0] [--removals 0]: rooms on a
            bare media node, by its control socket; then so many moments of each kind in the first room
self-check  [--seconds 2]: how many packets a second this generator handles without losing any
floor       [--destinations 9] [--sizes 1172,200] [--bursts 0] [--seconds 5] [--read-core N]: bare sendto
offer       [--visible 9]: one participant's offer, as JSON";

fn main() -> ExitCode {
    match run(Arguments::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("zvonok-load: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Arguments) -> Result<(), Failure> {
    let core: Option<usize> = arguments.opt_value_from_str("--core")?;
    let mode = arguments.subcommand()?.ok_or(USAGE)?;
    if let (Some(core), true) = (core, mode != "floor") {
        clock::pin_to(core)?;
    }
    match mode.as_str() {
        "lesson" => print(&lesson::run(&lesson_plan(arguments)?)?),
        "node" => print(&node::run(&node_plan(arguments)?)?),
        "self-check" => {
            let seconds = arguments.opt_value_from_str("--seconds")?.unwrap_or(2.0);
            finish(arguments)?;
            print(&self_check::run(Duration::from_secs_f64(seconds))?)
        }
        "floor" => print(&floor::run(&floor_plan(arguments, core)?)?),
        "offer" => {
            let visible = arguments.opt_value_from_str("--visible")?.unwrap_or(9);
            finish(arguments)?;
            print(&sample_offer(visible)?)
        }
        _ => Err(USAGE.into()),
    }
}

fn print(result: &impl Serialize) -> Result<(), Failure> {
    println!("{}", serde_json::to_string(result)?);
    Ok(())
}

fn finish(arguments: Arguments) -> Result<(), Failure> {
    let left = arguments.finish();
    if left.is_empty() { Ok(()) } else { Err(format!("unknown arguments {left:?}\n{USAGE}").into()) }
}

fn course(arguments: &mut Arguments) -> Result<Course, Failure> {
    Ok(Course {
        warm_up: Duration::from_secs_f64(arguments.opt_value_from_str("--warm-up")?.unwrap_or(3.0)),
        window: Duration::from_secs_f64(arguments.opt_value_from_str("--seconds")?.unwrap_or(10.0)),
        hold: arguments.contains("--hold"),
    })
}

fn numbers(arguments: &mut Arguments, name: &'static str) -> Result<Vec<usize>, Failure> {
    let text: Option<String> = arguments.opt_value_from_str(name)?;
    Ok(text.iter().flat_map(|text| text.split(',')).map(str::parse).collect::<Result<_, _>>()?)
}

fn tile(arguments: &mut Arguments) -> Result<(u32, u32), Failure> {
    let text: String = arguments.opt_value_from_str("--tile")?.unwrap_or_else(|| "320x180".to_owned());
    let (width, height) = text.split_once('x').ok_or("a tile is WIDTHxHEIGHT")?;
    Ok((width.parse()?, height.parse()?))
}

fn lesson_plan(mut arguments: Arguments) -> Result<lesson::Plan, Failure> {
    let plan = lesson::Plan {
        demo: arguments.value_from_str("--demo")?,
        people: arguments.opt_value_from_str("--people")?.unwrap_or(4),
        visible: arguments.opt_value_from_str("--visible")?.unwrap_or(9),
        tile: tile(&mut arguments)?,
        talkers: arguments.opt_value_from_str("--talkers")?.unwrap_or(4),
        change_speakers: arguments.opt_value_from_str("--change-speakers")?.map(Duration::from_secs_f64),
        is_still: arguments.contains("--still"),
        is_class: arguments.contains("--class"),
        is_muted: arguments.contains("--muted"),
        count_at: numbers(&mut arguments, "--count-at")?,
        quiet: Duration::from_millis(arguments.opt_value_from_str("--quiet-ms")?.unwrap_or(1000)),
        course: course(&mut arguments)?,
    };
    finish(arguments)?;
    Ok(plan)
}

fn node_plan(mut arguments: Arguments) -> Result<node::Plan, Failure> {
    let plan = node::Plan {
        socket: arguments.value_from_str("--socket")?,
        rooms: arguments.opt_value_from_str("--rooms")?.unwrap_or(1),
        peers: arguments.opt_value_from_str("--peers")?.unwrap_or(10),
        visible: arguments.opt_value_from_str("--visible")?.unwrap_or(9),
        tile: tile(&mut arguments)?,
        talkers: arguments.opt_value_from_str("--talkers")?.unwrap_or(4),
        moments: moments::MomentsPlan {
            turns: arguments.opt_value_from_str("--turns")?.unwrap_or(0),
            turners: arguments.opt_value_from_str("--turners")?.unwrap_or(1),
            mutes: arguments.opt_value_from_str("--mutes")?.unwrap_or(0),
            removals: arguments.opt_value_from_str("--removals")?.unwrap_or(0),
        },
        course: course(&mut arguments)?,
    };
    finish(arguments)?;
    Ok(plan)
}

fn floor_plan(mut arguments: Arguments, core: Option<usize>) -> Result<floor::Plan, Failure> {
    let sizes: String = arguments.opt_value_from_str("--sizes")?.unwrap_or_else(|| "1172".to_owned());
    let plan = floor::Plan {
        destinations: arguments.opt_value_from_str("--destinations")?.unwrap_or(9),
        sizes: sizes.split(',').map(str::parse).collect::<Result<_, _>>()?,
        bursts_per_second: arguments.opt_value_from_str("--bursts")?.unwrap_or(0.0),
        seconds: arguments.opt_value_from_str("--seconds")?.unwrap_or(5.0),
        send_core: core,
        read_core: arguments.opt_value_from_str("--read-core")?,
    };
    finish(arguments)?;
    Ok(plan)
}

fn sample_offer(visible: usize) -> Result<peer::Offer, Failure> {
    let published = peer::Published { voice: sender::Voice { source: 1, level: 30 }, camera_source: 2, phase: 0.0 };
    let shape = peer::Shape { publishes: Some(published), video_slots: visible, is_still: false };
    Ok(peer::Peer::new(1, &shape, std::time::Instant::now())?.offer().clone())
}
