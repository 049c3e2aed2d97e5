//! Loudest audio level (RFC 6464) of a track since the last time it was asked for.

#[derive(Clone, Copy, Debug, Default)]
pub struct Loudest {
    minus_dbov: Option<u8>,
}

impl Loudest {
    pub fn hear(&mut self, minus_dbov: u8) {
        let level = minus_dbov & 0x7f;
        self.minus_dbov = Some(self.minus_dbov.map_or(level, |loudest| loudest.min(level)));
    }

    pub fn take(&mut self) -> Option<u8> {
        self.minus_dbov.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loudest_wins_and_is_forgotten_once_told() {
        let mut loudest = Loudest::default();
        for level in [127, 30 | 0x80, 90] {
            loudest.hear(level);
        }
        assert_eq!(loudest.take(), Some(30));
        assert_eq!(loudest.take(), None);
    }
}
