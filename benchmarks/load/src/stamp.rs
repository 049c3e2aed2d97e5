//! What the last bytes of every synthetic payload say: who sent it, which layer, which number, and when.
//! Receivers compare it with the RTP header that the server wrote.

const MAGIC: u32 = 0x5A56_4E4B;
pub const STAMP_BYTES: usize = 24;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The source's number, which the server has to repeat in the CSRC.
    pub source: u32,
    /// Simulcast layer from the smallest up; 0 for audio.
    pub layer: u8,
    pub keyframe: bool,
    /// Counts the stamped packets of one source and layer.
    pub number: u32,
    pub sent_ns: u64,
}

impl Stamp {
    /// Writes into the last bytes of `payload`, which has to be long enough.
    pub fn write(&self, payload: &mut [u8]) {
        let start = payload.len() - STAMP_BYTES;
        let out = &mut payload[start..];
        out[0..4].copy_from_slice(&MAGIC.to_be_bytes());
        out[4..8].copy_from_slice(&self.source.to_be_bytes());
        out[8] = self.layer;
        out[9] = u8::from(self.keyframe);
        out[10..12].fill(0);
        out[12..16].copy_from_slice(&self.number.to_be_bytes());
        out[16..24].copy_from_slice(&self.sent_ns.to_be_bytes());
    }

    /// None for a payload that carries no stamp (the first packets of a large key frame).
    pub fn read(payload: &[u8]) -> Option<Self> {
        let bytes: &[u8; STAMP_BYTES] = payload.last_chunk()?;
        let word = |at: usize| u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        (word(0) == MAGIC).then(|| Self {
            source: word(4),
            layer: bytes[8],
            keyframe: bytes[9] != 0,
            number: word(12),
            sent_ns: u64::from(word(16)) << 32 | u64::from(word(20)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_read_as_it_was_written() {
        let stamp = Stamp { source: 7, layer: 2, keyframe: true, number: 99, sent_ns: 1 << 60 };
        let mut payload = vec![1; 100];
        stamp.write(&mut payload);
        assert_eq!(Stamp::read(&payload), Some(stamp));
        assert_eq!(payload[..76], [1; 76]);
    }

    #[test]
    fn a_payload_without_a_stamp_has_none() {
        assert_eq!(Stamp::read(&[0; 24]), None);
        assert_eq!(Stamp::read(&[0; 3]), None);
    }
}
