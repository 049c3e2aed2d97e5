//! The validated pairs of one peer and which of them is in use (RFC 8445 §8, lite; rebinding).

use std::time::{Duration, Instant};

use crate::ids::Path;

pub const MAX_PATHS: usize = 8;

/// How long the pair in use may be silent before another validated one, that is not, takes its place.
/// Shorter follows a moving phone sooner, longer does not swing between two interfaces that are both alive.
const SILENCE: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, Debug)]
struct Validated {
    path: Path,
    heard: Instant,
}

#[derive(Clone, Debug, Default)]
pub struct Paths {
    validated: Vec<Validated>,
    in_use: Option<Path>,
}

/// What a packet changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Nothing,
    /// There is an address to send to, for the first time.
    Connected,
    Moved,
}

impl Paths {
    pub fn in_use(&self) -> Option<Path> {
        self.in_use
    }

    pub fn contains(&self, path: Path) -> bool {
        self.validated.iter().any(|known| known.path == path)
    }

    pub fn iter(&self) -> impl Iterator<Item = Path> {
        self.validated.iter().map(|known| known.path)
    }

    /// An authenticated check came by `path`. The second value is a pair that had to leave for it.
    pub fn validate(&mut self, path: Path, takes_over: bool, now: Instant) -> (Change, Option<Path>) {
        let mut evicted = None;
        match self.validated.iter_mut().find(|known| known.path == path) {
            Some(known) => known.heard = now,
            None => {
                evicted = self.make_room();
                self.validated.push(Validated { path, heard: now });
            }
        }
        let change = match self.in_use {
            None => self.switch(path),
            Some(_) if takes_over => self.switch(path),
            Some(_) => Change::Nothing,
        };
        (change, evicted)
    }

    /// An authenticated packet that is no check came by `path`.
    pub fn hear(&mut self, path: Path, now: Instant) -> Change {
        if let Some(known) = self.validated.iter_mut().find(|known| known.path == path) {
            known.heard = now;
        }
        if self.in_use != Some(path) && self.is_silent(now) { self.switch(path) } else { Change::Nothing }
    }

    fn is_silent(&self, now: Instant) -> bool {
        let current = self.validated.iter().find(|known| Some(known.path) == self.in_use);
        current.is_some_and(|current| now.saturating_duration_since(current.heard) > SILENCE)
    }

    fn switch(&mut self, path: Path) -> Change {
        match self.in_use.replace(path) {
            None => Change::Connected,
            Some(before) if before != path => Change::Moved,
            Some(_) => Change::Nothing,
        }
    }

    fn make_room(&mut self) -> Option<Path> {
        if self.validated.len() < MAX_PATHS {
            return None;
        }
        let in_use = self.in_use;
        let idle = self.validated.iter().enumerate().filter(|(_, known)| Some(known.path) != in_use);
        let (index, _) = idle.min_by_key(|(_, known)| known.heard)?;
        Some(self.validated.swap_remove(index).path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Local;
    use crate::invented;

    fn path(port: u16) -> Path {
        Path { local: Local(0), remote: ([192, 0, 2, 1], port).into() }
    }

    #[test]
    fn the_first_pair_is_used_until_another_is_nominated() {
        let now = invented::start();
        let mut paths = Paths::default();
        assert_eq!(paths.validate(path(1), false, now).0, Change::Connected);
        assert_eq!(paths.validate(path(2), false, now).0, Change::Nothing);
        assert_eq!(paths.validate(path(2), true, now).0, Change::Moved);
        assert_eq!(paths.validate(path(2), true, now).0, Change::Nothing);
        assert_eq!(paths.in_use(), Some(path(2)));
    }

    #[test]
    fn media_from_another_pair_moves_only_when_the_one_in_use_is_silent() {
        let now = invented::start();
        let mut paths = Paths::default();
        paths.validate(path(1), true, now);
        paths.validate(path(2), false, now);
        assert_eq!(paths.hear(path(2), now + Duration::from_secs(1)), Change::Nothing);
        paths.hear(path(1), now + Duration::from_secs(1));
        assert_eq!(paths.hear(path(2), now + Duration::from_secs(3)), Change::Nothing);
        assert_eq!(paths.hear(path(2), now + Duration::from_millis(3100)), Change::Moved);
    }

    #[test]
    fn eight_pairs_are_kept_and_the_one_in_use_never_leaves() {
        let now = invented::start();
        let mut paths = Paths::default();
        for port in 1..=8 {
            paths.validate(path(port), false, now + Duration::from_secs(u64::from(port)));
        }
        let (change, evicted) = paths.validate(path(9), false, now + Duration::from_secs(9));
        assert_eq!((change, evicted), (Change::Nothing, Some(path(2))));
        assert!(paths.contains(path(1)) && paths.contains(path(9)));
        assert_eq!(paths.iter().count(), MAX_PATHS);
    }
}
