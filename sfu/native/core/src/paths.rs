//! The validated pairs of one peer and which of them is in use (RFC 8445 §8, lite; rebinding).

use std::time::{Duration, Instant};

use crate::ids::Path;

pub const MAX_PATHS: usize = 8;

/// How long the pair in use may be silent before another validated one, that is not, takes its place.
/// Shorter follows a moving phone sooner, longer does not swing between two interfaces that are both alive.
const SILENCE: Duration = Duration::from_secs(2);

/// Firefox nominates every pair that works, one over TCP beside the one over UDP that it uses. Chromium nominates the pair
/// that it uses again and again, and one over TCP only when UDP has said nothing for longer than this.
const NOMINATED_TOGETHER: Duration = Duration::from_secs(2);

/// What an authenticated check says of its pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    Works,
    Nominated,
    /// The first check after a restart of ICE: what was before counts no more.
    Restarted,
}

#[derive(Clone, Copy, Debug)]
struct Validated {
    path: Path,
    heard: Instant,
    nominated: Option<Instant>,
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
    pub fn validate(&mut self, path: Path, claim: Claim, now: Instant) -> (Change, Option<Path>) {
        let mut evicted = None;
        let nominated = (claim == Claim::Nominated).then_some(now);
        match self.validated.iter_mut().find(|known| known.path == path) {
            Some(known) => {
                known.heard = now;
                known.nominated = nominated.or(known.nominated);
            }
            None => {
                evicted = self.make_room();
                self.validated.push(Validated { path, heard: now, nominated });
            }
        }
        let takes_over = match claim {
            Claim::Works => self.in_use.is_none_or(|current| !self.contains(current)),
            Claim::Nominated => !(path.is_stream() && self.uses_nominated_datagrams(now)),
            Claim::Restarted => true,
        };
        (if takes_over { self.switch(path) } else { Change::Nothing }, evicted)
    }

    fn uses_nominated_datagrams(&self, now: Instant) -> bool {
        let current = self.validated.iter().find(|known| Some(known.path) == self.in_use && !known.path.is_stream());
        let nominated = current.and_then(|current| current.nominated);
        nominated.is_some_and(|nominated| now.saturating_duration_since(nominated) <= NOMINATED_TOGETHER)
    }

    /// The pair is gone. The one that was heard last takes its place; without another it stays in use, and leads
    /// nowhere, until one is validated.
    pub fn lose(&mut self, path: Path) -> Change {
        self.validated.retain(|known| known.path != path);
        let next = self.validated.iter().max_by_key(|known| known.heard).map(|known| known.path);
        match next.filter(|_| self.in_use == Some(path)) {
            Some(next) => self.switch(next),
            None => Change::Nothing,
        }
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
    use super::Claim::{Nominated, Restarted, Works};
    use super::*;
    use crate::ids::{ConnectionId, Local};
    use crate::invented;

    fn path(port: u16) -> Path {
        Path { local: Local::Udp(0), remote: ([192, 0, 2, 1], port).into() }
    }

    fn stream(serial: u32) -> Path {
        Path { local: Local::Tcp(ConnectionId { place: 0, serial }), ..path(1) }
    }

    #[test]
    fn the_first_pair_is_used_until_another_is_nominated() {
        let now = invented::start();
        let mut paths = Paths::default();
        assert_eq!(paths.validate(path(1), Works, now).0, Change::Connected);
        assert_eq!(paths.validate(path(2), Works, now).0, Change::Nothing);
        assert_eq!(paths.validate(path(2), Nominated, now).0, Change::Moved);
        assert_eq!(paths.validate(path(2), Nominated, now).0, Change::Nothing);
        assert_eq!(paths.in_use(), Some(path(2)));
    }

    #[test]
    fn media_from_another_pair_moves_only_when_the_one_in_use_is_silent() {
        let now = invented::start();
        let mut paths = Paths::default();
        paths.validate(path(1), Nominated, now);
        paths.validate(path(2), Works, now);
        assert_eq!(paths.hear(path(2), now + Duration::from_secs(1)), Change::Nothing);
        paths.hear(path(1), now + Duration::from_secs(1));
        assert_eq!(paths.hear(path(2), now + Duration::from_secs(3)), Change::Nothing);
        assert_eq!(paths.hear(path(2), now + Duration::from_millis(3100)), Change::Moved);
    }

    #[test]
    fn a_pair_over_tcp_that_is_nominated_beside_one_over_udp_is_the_second_choice() {
        let now = invented::start();
        let mut paths = Paths::default();
        paths.validate(stream(1), Nominated, now);
        assert_eq!(paths.validate(path(2), Nominated, now).0, Change::Moved);
        assert_eq!(paths.validate(stream(3), Nominated, now + Duration::from_secs(1)).0, Change::Nothing);
        assert_eq!(paths.validate(stream(3), Nominated, now + Duration::from_millis(2100)).0, Change::Moved);
    }

    #[test]
    fn a_restart_takes_over_whatever_it_comes_by() {
        let now = invented::start();
        let mut paths = Paths::default();
        paths.validate(path(1), Nominated, now);
        assert_eq!(paths.validate(stream(2), Restarted, now).0, Change::Moved);
    }

    #[test]
    fn a_lost_pair_is_replaced_by_the_one_that_was_heard_last() {
        let now = invented::start();
        let mut paths = Paths::default();
        paths.validate(path(1), Nominated, now);
        paths.validate(path(2), Works, now + Duration::from_millis(1));
        paths.validate(path(3), Works, now + Duration::from_millis(2));
        assert_eq!(paths.lose(path(2)), Change::Nothing);
        assert_eq!(paths.lose(path(1)), Change::Moved);
        assert_eq!(paths.in_use(), Some(path(3)));
    }

    #[test]
    fn when_the_only_pair_is_lost_the_next_check_is_enough() {
        let now = invented::start();
        let mut paths = Paths::default();
        paths.validate(path(1), Nominated, now);
        assert_eq!(paths.lose(path(1)), Change::Nothing);
        assert_eq!(paths.validate(path(2), Works, now).0, Change::Moved);
    }

    #[test]
    fn eight_pairs_are_kept_and_the_one_in_use_never_leaves() {
        let now = invented::start();
        let mut paths = Paths::default();
        for port in 1..=8 {
            paths.validate(path(port), Works, now + Duration::from_secs(u64::from(port)));
        }
        let (change, evicted) = paths.validate(path(9), Works, now + Duration::from_secs(9));
        assert_eq!((change, evicted), (Change::Nothing, Some(path(2))));
        assert!(paths.contains(path(1)) && paths.contains(path(9)));
        assert_eq!(paths.iter().count(), MAX_PATHS);
    }
}
