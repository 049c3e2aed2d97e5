//! Datagrams in a stream (RFC 4571 §2): two bytes of length before each. A connection of the worker feeds what it read;
//! nothing is known here of sockets or of what a datagram holds.

use crate::core::MAX_DATAGRAM;

pub const HEADER: usize = 2;

/// No datagram that we take is so long: the other end speaks something else, or wants memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

/// Keeps the beginning of a datagram whose end has not come. Its buffer is made once.
pub struct Deframer {
    partial: Vec<u8>,
}

impl Default for Deframer {
    fn default() -> Self {
        Self { partial: Vec::with_capacity(HEADER + MAX_DATAGRAM) }
    }
}

impl Deframer {
    /// `take` gets each datagram that is whole by now, in place. An empty one is nothing (a «null packet»).
    pub fn feed(&mut self, bytes: &mut [u8], take: &mut dyn FnMut(&mut [u8])) -> Result<(), TooLong> {
        let mut rest = self.complete(bytes, take)?;
        while let Some(length) = announced(rest)? {
            if rest.len() < HEADER + length {
                break;
            }
            let (datagram, after) = rest.split_at_mut(HEADER + length);
            deliver(datagram, take);
            rest = after;
        }
        self.partial.extend_from_slice(rest);
        Ok(())
    }

    /// Ends the datagram that was begun before; gives what follows it.
    fn complete<'a>(&mut self, bytes: &'a mut [u8], take: &mut dyn FnMut(&mut [u8])) -> Result<&'a mut [u8], TooLong> {
        if self.partial.is_empty() {
            return Ok(bytes);
        }
        let rest = self.grow_to(HEADER, bytes);
        let Some(length) = announced(&self.partial)? else { return Ok(rest) };
        let rest = self.grow_to(HEADER + length, rest);
        if self.partial.len() == HEADER + length {
            deliver(&mut self.partial, take);
            self.partial.clear();
        }
        Ok(rest)
    }

    fn grow_to<'a>(&mut self, length: usize, bytes: &'a mut [u8]) -> &'a mut [u8] {
        let wanted = length.saturating_sub(self.partial.len()).min(bytes.len());
        let (taken, rest) = bytes.split_at_mut(wanted);
        self.partial.extend_from_slice(taken);
        rest
    }
}

/// The length that a header says, if the header is there.
fn announced(bytes: &[u8]) -> Result<Option<usize>, TooLong> {
    let Some(header) = bytes.first_chunk() else { return Ok(None) };
    let length = usize::from(u16::from_be_bytes(*header));
    if length > MAX_DATAGRAM { Err(TooLong) } else { Ok(Some(length)) }
}

fn deliver(framed: &mut [u8], take: &mut dyn FnMut(&mut [u8])) {
    if let Some(datagram) = framed.get_mut(HEADER..).filter(|datagram| !datagram.is_empty()) {
        take(datagram);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn framed(datagrams: &[Vec<u8>]) -> Vec<u8> {
        let length = |datagram: &[u8]| u16::try_from(datagram.len()).unwrap_or(u16::MAX).to_be_bytes();
        let frame = |datagram: &Vec<u8>| [&length(datagram)[..], datagram].concat();
        datagrams.iter().flat_map(frame).collect()
    }

    fn taken(deframer: &mut Deframer, bytes: &[u8]) -> Result<Vec<Vec<u8>>, TooLong> {
        let mut seen = Vec::new();
        deframer.feed(&mut bytes.to_vec(), &mut |datagram| seen.push(datagram.to_vec())).map(|()| seen)
    }

    #[test]
    fn several_datagrams_of_one_read_come_one_by_one() {
        let sent = [vec![1; 3], vec![2; MAX_DATAGRAM]];
        assert_eq!(taken(&mut Deframer::default(), &framed(&sent)), Ok(sent.to_vec()));
    }

    #[test]
    fn an_empty_datagram_is_nothing() {
        assert_eq!(taken(&mut Deframer::default(), &[0, 0, 0, 1, 9, 0, 0]), Ok(vec![vec![9]]));
    }

    #[test]
    fn a_length_beyond_any_datagram_is_refused_before_its_bytes_come() {
        let too_long = 1501_u16.to_be_bytes();
        assert_eq!(taken(&mut Deframer::default(), &too_long), Err(TooLong));
        let mut deframer = Deframer::default();
        assert_eq!(taken(&mut deframer, &too_long[..1]), Ok(vec![]));
        assert_eq!(taken(&mut deframer, &too_long[1..]), Err(TooLong));
    }

    #[test]
    fn a_browsers_page_request_is_refused() {
        assert_eq!(taken(&mut Deframer::default(), b"GET / HTTP/1.1\r\n"), Err(TooLong));
    }

    proptest! {
        #[test]
        fn wherever_the_stream_is_cut_the_same_datagrams_come(
            sent in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..200), 0..8),
            cuts in prop::collection::vec(1_usize..40, 1..200),
        ) {
            let stream = framed(&sent);
            let (mut deframer, mut seen, mut rest) = (Deframer::default(), Vec::new(), &stream[..]);
            for cut in cuts.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (part, after) = rest.split_at(rest.len().min(*cut));
                seen.extend(taken(&mut deframer, part).unwrap());
                rest = after;
            }
            prop_assert_eq!(seen, sent);
        }

        #[test]
        fn rubbish_neither_panics_nor_grows_the_buffer(chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..3000), 0..6)) {
            let mut deframer = Deframer::default();
            for chunk in chunks {
                if taken(&mut deframer, &chunk).is_err() {
                    break;
                }
                prop_assert!(deframer.partial.capacity() == HEADER + MAX_DATAGRAM);
            }
        }
    }
}
