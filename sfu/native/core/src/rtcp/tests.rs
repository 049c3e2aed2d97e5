use super::rr::Block;
use super::sr::SenderReport;
use super::*;
use crate::clock::Ntp;
use crate::twcc::Batch;
use proptest::prelude::*;

fn written(write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    let mut buffer = [0; 1400];
    let mut writer = Writer::new(&mut buffer);
    write(&mut writer);
    let length = writer.finish().unwrap();
    buffer[..length].to_vec()
}

fn only(bytes: &[u8]) -> Rtcp<'_> {
    let packets: Vec<Rtcp<'_>> = Compound::new(bytes).collect();
    assert_eq!(packets.len(), 1);
    packets[0]
}

#[test]
fn reports_are_read_back_as_written() {
    let report = SenderReport { ssrc: 1, ntp: Ntp(2 << 32 | 3), timestamp: 4, packets: 5, bytes: 6 };
    let bytes = written(|writer| report.write(writer));
    assert_eq!(SenderReport::parse(&only(&bytes)), Some(report));
    let block = Block {
        ssrc: 7,
        fraction_lost: 8,
        cumulative_lost: -9,
        highest: 10,
        jitter: 11,
        last_sr: 12,
        delay_since_last_sr: 13,
    };
    let bytes = written(|writer| rr::write(writer, 1, &[block, block]));
    assert_eq!(rr::blocks(&only(&bytes)).collect::<Vec<_>>(), [block, block]);
}

#[test]
fn a_source_description_fills_whole_words_and_ends_with_zero() {
    let bytes = written(|writer| sdes::write(writer, 0x0102_0304, b"zvonok"));
    assert_eq!(bytes, *b"\x81\xca\x00\x04\x01\x02\x03\x04\x01\x06zvonok\0\0\0\0");
}

#[test]
fn feedback_is_read_back_as_written() {
    assert_eq!(pli::parse(&only(&written(|writer| pli::write(writer, 1, 2)))), Some(2));
    let missing = [65_534, 65_535, 3, 20, 21, 400];
    let bytes = written(|writer| nack::write(writer, 1, 2, &missing));
    let packet = only(&bytes);
    let (media, read) = nack::parse(&packet).unwrap();
    assert_eq!((media, read.collect::<Vec<_>>()), (2, missing.to_vec()));
    let bytes = written(|writer| remb::write(writer, 1, 2_500_000, &[7, 8]));
    assert_eq!(remb::parse(&only(&bytes)).unwrap() / 100, 25_000);
}

#[test]
fn full_intra_requests_name_every_ssrc() {
    let bytes = written(|writer| {
        write_packet(writer, fir::FORMAT, PAYLOAD_FEEDBACK, |writer| {
            [1, 0, 5, 0x0100_0000, 6, 0x0200_0000].iter().for_each(|word| writer.u32(*word));
        });
    });
    assert_eq!(fir::parse(&only(&bytes)).collect::<Vec<_>>(), [5, 6]);
}

#[test]
fn a_remb_whose_count_lies_says_nothing() {
    let mut bytes = written(|writer| remb::write(writer, 1, 1_000_000, &[7]));
    bytes[16] = 255;
    assert_eq!(remb::parse(&only(&bytes)), None);
}

#[test]
fn a_length_that_lies_ends_the_compound_after_what_was_whole() {
    let mut bytes = written(|writer| {
        pli::write(writer, 1, 2);
        pli::write(writer, 1, 3);
    });
    bytes[15] = 200;
    assert_eq!(Compound::new(&bytes).count(), 1);
}

/// Reads a transport feedback by the letter of the draft: what a sender would do with ours.
fn read_twcc(body: &[u8]) -> Option<(u16, u8, Vec<Option<i64>>)> {
    let mut reader = Reader::new(body);
    reader.u64()?;
    let base = reader.u16()?;
    let count = usize::from(reader.u16()?);
    let word = reader.u32()?;
    let mut statuses = Vec::new();
    while statuses.len() < count {
        let chunk = reader.u16()?;
        match chunk >> 14 {
            0 | 1 => statuses.extend(std::iter::repeat_n(chunk >> 13 & 3, usize::from(chunk & 0x1fff))),
            3 => statuses.extend((0..7).rev().map(|index| chunk >> (2 * index) & 3)),
            _ => return None,
        }
    }
    let mut time = i64::from(word >> 8) * 64_000;
    let mut arrival = |status| {
        time += 250
            * match status {
                0 => return Some(None),
                1 => i64::from(reader.u8()?),
                2 => i64::from(reader.u16()? as i16),
                _ => return None,
            };
        Some(Some(time))
    };
    let times = statuses.into_iter().take(count).map(&mut arrival).collect::<Option<_>>()?;
    Some((base, (word & 0xff) as u8, times))
}

proptest! {
    #[test]
    fn transport_feedback_tells_every_arrival_to_a_quarter_of_a_millisecond(
        steps in prop::collection::vec(prop::option::weighted(0.8, -3_000_i64..400_000), 1..400),
        base in any::<u16>(),
    ) {
        let mut now = 5_000_000_i64;
        let times: Vec<Option<i64>> = steps.iter().map(|step| step.map(|step| { now += step; now })).collect();
        prop_assume!(times.iter().any(Option::is_some));
        let batch = Batch { base: u64::from(base), feedback_count: 7, times: times.clone() };
        let bytes = written(|writer| twcc::write(writer, 1, 2, &batch));
        let (read_base, count, read) = read_twcc(only(&bytes).body).unwrap();
        prop_assert_eq!((read_base, count, read.len()), (base, 7, times.len()));
        for (read, time) in read.iter().zip(&times) {
            match (read, time) {
                (Some(read), Some(time)) => prop_assert!((time - read).abs() <= 250),
                (None, None) => {}
                _ => prop_assert!(false, "an arrival and a gap were confused"),
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_passed_over(bytes in prop::collection::vec(any::<u8>(), 0..300), shape in 200_u8..207) {
        let mut shaped = bytes.clone();
        if shaped.len() > 4 {
            shaped[0] = 0x80 | shaped[0] & 0x3f;
            shaped[1] = shape;
            shaped[2] = 0;
        }
        for bytes in [&bytes, &shaped] {
            for packet in Compound::new(bytes) {
                SenderReport::parse(&packet);
                SenderReport::blocks(&packet).chain(rr::blocks(&packet)).for_each(drop);
                bye::parse(&packet).chain(fir::parse(&packet)).for_each(drop);
                nack::parse(&packet).into_iter().for_each(|(_, missing)| missing.for_each(drop));
                pli::parse(&packet);
                remb::parse(&packet);
            }
        }
    }
}
