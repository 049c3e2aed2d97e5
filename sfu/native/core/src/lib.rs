//! The packet path without sockets, clocks, threads or Python: what one worker knows about its peers,
//! tracks and slots. The worker feeds [`core::Core`] with datagrams, commands and the time, and sends
//! what it returns through an [`output::Output`]. Files are the nouns of the problem, one each.

#![forbid(unsafe_code)]

pub mod backlog;
pub mod bindings;
pub mod bytes;
pub mod cache;
mod catchup;
pub mod clock;
pub mod clockmap;
pub mod command;
mod congestion;
mod connectivity;
mod control;
pub mod core;
pub mod counters;
pub mod credentials;
pub mod demux;
mod dispatch;
mod feedback;
mod forward;
pub mod framing;
pub mod ids;
mod ingress;
#[cfg(test)]
mod invented;
pub mod keyframe;
pub mod levels;
mod loss;
pub mod meter;
pub mod nack;
pub mod output;
pub mod packetmap;
pub mod paths;
pub mod peer;
pub mod police;
pub mod reception;
mod reports;
pub mod resend;
pub mod rewrite;
pub mod rtcp;
pub mod rtp;
pub mod sequence;
pub mod slot;
pub mod srtp;
pub mod stint;
pub mod stun;
pub mod track;
pub mod twcc;
pub mod vp8;
