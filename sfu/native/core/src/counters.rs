//! Totals since the start, by the name of the metric. The core adds, the worker copies them out.

macro_rules! counters {
    ($($name:ident),+ $(,)?) => {
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Counters { $(pub $name: u64),+ }

        impl Counters {
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),+];

            /// The values, in the order of `NAMES`.
            pub fn values(&self) -> [u64; Self::NAMES.len()] {
                [$(self.$name),+]
            }
        }
    };
}

counters! {
    received_packets,
    received_bytes,
    forwarded_packets,
    forwarded_bytes,
    stun_answered,
    resent_packets,
    recovered_packets,
    padding_packets,
    caught_up_slots,
    keyframe_requests_sent,
    nacks_sent,
    nacks_received,
    keyframe_requests_received,
    dropped_unknown,
    dropped_oversize,
    dropped_stun,
    dropped_unvalidated,
    dropped_without_keys,
    dropped_malformed,
    dropped_unauthentic,
    dropped_replayed,
    dropped_too_many_ssrcs,
    dropped_unbound,
    dropped_payload_type,
    dropped_closed_track,
    dropped_policed,
    dropped_duplicate,
    dropped_sealed_twice,
    dropped_resend_budget,
    dropped_without_address,
    dropped_keyframe_requests,
}
