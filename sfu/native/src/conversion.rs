//! The objects that Python sees, and how they are made from the core's.

use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use sfu_core::ids::Kind;
use sfu_core::output;
use sfu_core::srtp::Keys;

use crate::events::Notice;

pyo3::create_exception!(sfu._packetpath, PacketPathError, PyOSError);

#[pyclass(frozen, module = "sfu._packetpath")]
pub struct Codecs(pub sfu_core::command::Codecs);

#[pymethods]
impl Codecs {
    #[new]
    #[pyo3(signature = (*, opus, vp8, vp8_rtx, mid, rid, repaired_rid, audio_level, transport_cc, abs_send_time, video_orientation))]
    #[allow(clippy::too_many_arguments, reason = "the border names its arguments")]
    fn new(
        opus: u8,
        vp8: u8,
        vp8_rtx: u8,
        mid: u8,
        rid: u8,
        repaired_rid: u8,
        audio_level: u8,
        transport_cc: u8,
        abs_send_time: u8,
        video_orientation: u8,
    ) -> PyResult<Self> {
        if [opus, vp8, vp8_rtx].iter().any(|payload_type| *payload_type > 127) {
            return Err(PyValueError::new_err("a payload type has seven bits"));
        }
        Ok(Self(sfu_core::command::Codecs {
            opus,
            vp8,
            vp8_rtx,
            mid,
            rid,
            repaired_rid,
            audio_level,
            transport_cc,
            abs_send_time,
            video_orientation,
        }))
    }
}

#[pyclass(frozen, get_all, module = "sfu._packetpath")]
pub struct Datagram {
    peer: u64,
    data: Py<PyBytes>,
}

#[pyclass(frozen, get_all, module = "sfu._packetpath")]
pub struct Connected {
    peer: u64,
}

#[pyclass(frozen, get_all, module = "sfu._packetpath")]
pub struct Moved {
    peer: u64,
}

#[pyclass(frozen, get_all, module = "sfu._packetpath")]
pub struct LayerReport {
    bitrate_bps: u64,
    width: u16,
    height: u16,
}

#[pyclass(frozen, get_all, module = "sfu._packetpath")]
pub struct TrackReport {
    track: u64,
    layers: Vec<Py<LayerReport>>,
}

#[pyclass(frozen, get_all, module = "sfu._packetpath")]
pub struct SlotReport {
    peer: u64,
    slot: u64,
    track: u64,
    layer: i64,
}

#[pyclass(frozen, get_all, module = "sfu._packetpath")]
pub struct PeerReport {
    peer: u64,
    silent_ms: u64,
    remb_bps: i64,
    fraction_lost: f64,
    fraction_lost_down: f64,
    fraction_lost_up: f64,
    rtt_ms: i64,
}

#[pyclass(frozen, get_all, module = "sfu._packetpath")]
pub struct Report {
    peers: Vec<Py<PeerReport>>,
    tracks: Vec<Py<TrackReport>>,
    slots: Vec<Py<SlotReport>>,
}

#[pyclass(frozen, get_all, module = "sfu._packetpath")]
pub struct Levels {
    levels: Vec<(u64, u8)>,
}

/// `None` is −1 at the border.
fn signed(value: Option<u64>) -> i64 {
    value.map_or(-1, |value| i64::try_from(value).unwrap_or(i64::MAX))
}

fn peer_report(py: Python<'_>, report: &output::PeerReport) -> PyResult<Py<PeerReport>> {
    Py::new(
        py,
        PeerReport {
            peer: report.peer.0,
            silent_ms: report.silent_ms,
            remb_bps: signed(report.remb_bps),
            fraction_lost: report.fraction_lost,
            fraction_lost_down: report.fraction_lost_down,
            fraction_lost_up: report.fraction_lost_up,
            rtt_ms: signed(report.rtt_ms),
        },
    )
}

fn track_report(py: Python<'_>, report: &output::TrackReport) -> PyResult<Py<TrackReport>> {
    let layer = |layer: &output::LayerReport| {
        let output::LayerReport { bitrate_bps, width, height } = *layer;
        Py::new(py, LayerReport { bitrate_bps, width, height })
    };
    let layers = report.layers.iter().map(layer).collect::<PyResult<_>>()?;
    Py::new(py, TrackReport { track: report.track.0, layers })
}

fn slot_report(py: Python<'_>, report: &output::SlotReport) -> PyResult<Py<SlotReport>> {
    let (track, layer) = report.source.map_or((0, None), |(track, layer)| (track.0, Some(layer as u64)));
    Py::new(py, SlotReport { peer: report.peer.0, slot: report.slot.0, track, layer: signed(layer) })
}

fn report(py: Python<'_>, report: &output::Report) -> PyResult<Py<Report>> {
    let peers = report.peers.iter().map(|peer| peer_report(py, peer)).collect::<PyResult<_>>()?;
    let tracks = report.tracks.iter().map(|track| track_report(py, track)).collect::<PyResult<_>>()?;
    let slots = report.slots.iter().map(|slot| slot_report(py, slot)).collect::<PyResult<_>>()?;
    Py::new(py, Report { peers, tracks, slots })
}

pub fn notice(py: Python<'_>, notice: Notice) -> PyResult<Py<PyAny>> {
    Ok(match notice {
        Notice::Datagram { peer, data } => {
            Py::new(py, Datagram { peer: peer.0, data: PyBytes::new(py, &data).unbind() })?.into_any()
        }
        Notice::Connected { peer } => Py::new(py, Connected { peer: peer.0 })?.into_any(),
        Notice::Moved { peer } => Py::new(py, Moved { peer: peer.0 })?.into_any(),
        Notice::Report(waiting) => report(py, &waiting)?.into_any(),
        Notice::Levels(levels) => {
            let levels = levels.into_iter().map(|(track, level)| (track.0, level)).collect();
            Py::new(py, Levels { levels })?.into_any()
        }
    })
}

pub fn kind(name: &str) -> PyResult<Kind> {
    match name {
        "audio" => Ok(Kind::Audio),
        "video" => Ok(Kind::Video),
        _ => Err(PyValueError::new_err("a kind is «audio» or «video»")),
    }
}

pub fn keys(profile: &str, key: &[u8], salt: &[u8]) -> PyResult<Keys> {
    let wrong = |_| PyValueError::new_err("wrong size of a key or salt");
    let key = key.try_into().map_err(wrong)?;
    match profile {
        "AEAD_AES_128_GCM" => Ok(Keys::AeadAes128Gcm { key, salt: salt.try_into().map_err(wrong)? }),
        "AES128_CM_SHA1_80" => Ok(Keys::Aes128CmSha1_80 { key, salt: salt.try_into().map_err(wrong)? }),
        _ => Err(PyValueError::new_err("an unknown SRTP profile")),
    }
}
