//! How the packet path behaves, seen through its sockets' eyes: one file per promise, over one lab.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    reason = "a failure here is a failure of the test, and invented time must begin somewhere"
)]

mod catching_up;
mod forwarding;
mod full_path;
mod isolation;
mod lab;
mod loss;
mod publishing;
