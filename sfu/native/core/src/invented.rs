//! The moment at which the invented time of the unit tests begins; only tests see this file.

use std::time::Instant;

#[allow(clippy::disallowed_methods, reason = "an Instant can be made in no other way; tests add to this one")]
pub fn start() -> Instant {
    Instant::now()
}
