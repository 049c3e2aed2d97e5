//! Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). Written only: what
//! receivers say of our packets is not negotiated yet.

use super::{TRANSPORT_FEEDBACK, write_packet};
use crate::bytes::Writer;
use crate::sequence::low16;
use crate::twcc::Batch;

const FORMAT: u8 = 15;
const REFERENCE_MICROS: i64 = 64_000;
const DELTA_MICROS: i64 = 250;
const STATUSES_PER_CHUNK: usize = 7;
const MAX_RUN: usize = 0x1fff;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Missing = 0,
    Small = 1,
    Large = 2,
}

pub fn write(writer: &mut Writer<'_>, sender: u32, media: u32, batch: &Batch) {
    let first = batch.times.iter().flatten().next().copied().unwrap_or(0);
    let reference = first.div_euclid(REFERENCE_MICROS);
    let deltas = deltas(&batch.times, reference * REFERENCE_MICROS);
    write_packet(writer, FORMAT, TRANSPORT_FEEDBACK, |writer| {
        writer.u32(sender);
        writer.u32(media);
        writer.u16(low16(batch.base));
        writer.u16(u16::try_from(batch.times.len()).unwrap_or(0));
        let reference = u32::try_from(reference.rem_euclid(1 << 24)).unwrap_or(0);
        writer.u32(reference << 8 | u32::from(batch.feedback_count));
        write_chunks(writer, &deltas);
        deltas.iter().flatten().for_each(|delta| write_delta(writer, *delta));
    });
}

/// Steps of 250 µs between arrivals. Each is taken from the rounded time before, so errors do not add up.
fn deltas(times: &[Option<i64>], reference: i64) -> Vec<Option<i16>> {
    let mut before = reference;
    let mut delta = |time: i64| {
        let steps = (time - before).div_euclid(DELTA_MICROS).clamp(i64::from(i16::MIN), i64::from(i16::MAX));
        before += steps * DELTA_MICROS;
        i16::try_from(steps).unwrap_or(0)
    };
    times.iter().map(|time| time.map(&mut delta)).collect()
}

fn status(delta: Option<i16>) -> Status {
    match delta {
        None => Status::Missing,
        Some(0..=255) => Status::Small,
        Some(_) => Status::Large,
    }
}

fn write_chunks(writer: &mut Writer<'_>, deltas: &[Option<i16>]) {
    let mut rest = deltas;
    while let Some(first) = rest.first() {
        let kind = status(*first);
        let run = rest.iter().take(MAX_RUN).take_while(|delta| status(**delta) == kind).count();
        let taken = if run > STATUSES_PER_CHUNK {
            writer.u16((kind as u16) << 13 | u16::try_from(run).unwrap_or(0));
            run
        } else {
            write_vector(writer, rest)
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
}

/// Up to seven statuses of two bits each.
fn write_vector(writer: &mut Writer<'_>, deltas: &[Option<i16>]) -> usize {
    let mut chunk = 0xc000_u16;
    let mut taken = 0;
    for (delta, shift) in deltas.iter().zip([12, 10, 8, 6, 4, 2, 0]) {
        chunk |= (status(*delta) as u16) << shift;
        taken += 1;
    }
    writer.u16(chunk);
    taken
}

fn write_delta(writer: &mut Writer<'_>, delta: i16) {
    match u8::try_from(delta) {
        Ok(small) => writer.u8(small),
        Err(_) => writer.u16(delta as u16),
    }
}
