//! A window of indices that were seen (RFC 3711 §3.3.2): against replays on the way in, and on the way out
//! the guard that no index is sealed twice.

pub const SIZE: u64 = 1024;
const WORDS: usize = 16;

#[derive(Clone, Debug, Default)]
pub struct Window {
    highest: Option<u64>,
    seen: [u64; WORDS],
}

impl Window {
    pub fn highest(&self) -> Option<u64> {
        self.highest
    }

    /// Not seen before, and not so old that it cannot be told.
    pub fn is_fresh(&self, index: u64) -> bool {
        match self.highest {
            None => true,
            Some(highest) if index > highest => true,
            Some(highest) => highest - index < SIZE && !self.is_marked(index),
        }
    }

    /// Marks an index; `false` when it was not fresh.
    pub fn insert(&mut self, index: u64) -> bool {
        if !self.is_fresh(index) {
            return false;
        }
        let highest = self.highest.unwrap_or(index);
        if index.saturating_sub(highest) >= SIZE {
            self.seen = [0; WORDS];
        } else {
            (highest.saturating_add(1)..=index).for_each(|passed| self.unmark(passed));
        }
        self.highest = Some(highest.max(index));
        let (word, bit) = place(index);
        if let Some(word) = self.seen.get_mut(word) {
            *word |= bit;
        }
        true
    }

    fn unmark(&mut self, index: u64) {
        let (word, bit) = place(index);
        if let Some(word) = self.seen.get_mut(word) {
            *word &= !bit;
        }
    }

    fn is_marked(&self, index: u64) -> bool {
        let (word, bit) = place(index);
        self.seen.get(word).is_none_or(|word| word & bit != 0)
    }
}

fn place(index: u64) -> (usize, u64) {
    let position = index % SIZE;
    (usize::try_from(position / 64).unwrap_or(0), 1 << (position % 64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn an_index_passes_once_and_an_old_one_never() {
        let mut window = Window::default();
        assert!(window.insert(5000));
        assert!(!window.insert(5000));
        assert!(window.insert(4999));
        assert!(window.insert(5000 - SIZE + 1));
        assert!(!window.insert(5000 - SIZE));
        assert!(window.insert(9000));
        assert!(!window.insert(5001));
    }

    proptest! {
        #[test]
        fn the_window_agrees_with_a_set(steps in prop::collection::vec(0_u64..3000, 1..400)) {
            let (mut window, mut seen, mut highest) = (Window::default(), HashSet::new(), 0);
            for index in steps {
                let expected = (seen.is_empty() || index + SIZE > highest) && !seen.contains(&index);
                prop_assert_eq!(window.insert(index), expected);
                if expected {
                    seen.insert(index);
                    highest = highest.max(index);
                }
            }
        }
    }
}
