//! The binding of the packet path: converts Python's arguments into commands and events into Python's objects,
//! and maps errors. `sfu/_packetpath.pyi` is its documentation; `sfu/packetpath.py` is its only importer.

mod conversion;
mod events;
mod sockets;
mod tcp;
mod worker;

use pyo3::prelude::*;

#[pymodule]
mod _packetpath {
    #[pymodule_export]
    use crate::PacketPath;
    #[pymodule_export]
    use crate::conversion::{
        Codecs, Connected, Datagram, LayerReport, Levels, Moved, PacketPathError, PeerReport, Report, SlotReport,
        TrackReport,
    };
    /// Of the files that `build.rs` names, as they were when this was built.
    #[pymodule_export]
    const SOURCE_DIGEST: &str = env!("SOURCE_DIGEST");
}

use std::net::IpAddr;
use std::os::fd::RawFd;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, atomic::Ordering};
use std::thread::{Builder, JoinHandle};

use pyo3::types::{PyDict, PyList};
use sfu_core::command::{Command, IceCredentials, NewSlot, NewTrack};
use sfu_core::ids::{PeerId, SlotId, TrackId};

use conversion::{Codecs, PacketPathError, keys, notice};
use events::Events;
use sockets::{BindError, EventFd};
use tcp::Connections;
use worker::{Message, Totals, Worker};

#[pyclass(frozen, module = "sfu._packetpath")]
pub struct PacketPath {
    #[pyo3(get)]
    port: u16,
    commands: Sender<Message>,
    wakeup: Arc<EventFd>,
    events: Arc<Events>,
    totals: Totals,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl PacketPath {
    fn send(&self, command: Command) {
        self.post(Message::Command(command));
    }

    /// After `close` there is nobody to hear it, which is as good as carried out.
    fn post(&self, message: Message) {
        if self.commands.send(message).is_ok() {
            self.wakeup.raise();
        }
    }

    fn stop(&self) {
        self.post(Message::Stop);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

impl Drop for PacketPath {
    fn drop(&mut self) {
        self.stop();
    }
}

fn bind_error(error: &BindError) -> PyErr {
    let text = format!("cannot open {} {}: {}", error.protocol, error.address, error.cause);
    match error.cause.raw_os_error() {
        Some(errno) => PacketPathError::new_err((errno, text)),
        None => PacketPathError::new_err(text),
    }
}

#[pymethods]
impl PacketPath {
    #[new]
    fn new(addresses: Vec<String>, port: u16) -> PyResult<Self> {
        let parsed: Result<Vec<IpAddr>, _> = addresses.iter().map(|address| address.parse()).collect();
        let parsed =
            parsed.map_err(|_| PacketPathError::new_err(format!("not IP addresses: {}", addresses.join(", "))))?;
        if parsed.is_empty() || parsed.len() > usize::from(u8::MAX) {
            return Err(PacketPathError::new_err("between 1 and 255 addresses are needed"));
        }
        let (bound, port) = sockets::bind(&parsed, port).map_err(|error| bind_error(&error))?;
        let (commands, messages) = channel();
        let wakeup = Arc::new(EventFd::new()?);
        let events = Arc::new(Events::new()?);
        let totals = worker::totals();
        let worker = Worker {
            bound,
            connections: Connections::new()?,
            wakeup: wakeup.clone(),
            messages,
            events: events.clone(),
            totals: totals.clone(),
        };
        let thread = Builder::new().name("packetpath".into()).spawn(move || worker.run())?;
        Ok(Self { port, commands, wakeup, events, totals, thread: Mutex::new(Some(thread)) })
    }

    fn fileno(&self) -> RawFd {
        self.events.fileno()
    }

    fn drain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        for waiting in self.events.drain() {
            list.append(notice(py, waiting)?)?;
        }
        Ok(list)
    }

    fn close(&self, py: Python<'_>) {
        py.detach(|| self.stop());
    }

    fn counters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (name, total) in worker::counter_names().zip(self.totals.iter()) {
            dict.set_item(name, total.load(Ordering::Relaxed))?;
        }
        Ok(dict)
    }

    fn add_peer(&self, peer: u64, local_ufrag: String, local_pwd: String, remote_ufrag: String) {
        let credentials = IceCredentials { local_ufrag, local_pwd, remote_ufrag };
        self.send(Command::AddPeer { peer: PeerId(peer), credentials });
    }

    fn restart_ice(&self, peer: u64, local_ufrag: String, local_pwd: String, remote_ufrag: String) {
        let credentials = IceCredentials { local_ufrag, local_pwd, remote_ufrag };
        self.send(Command::RestartIce { peer: PeerId(peer), credentials });
    }

    fn remove_peer(&self, peer: u64) {
        self.send(Command::RemovePeer { peer: PeerId(peer) });
    }

    fn send_datagrams(&self, peer: u64, datagrams: Vec<Vec<u8>>) {
        self.send(Command::SendDatagrams { peer: PeerId(peer), datagrams });
    }

    #[allow(clippy::too_many_arguments, reason = "the border names its arguments")]
    fn set_keys(
        &self,
        peer: u64,
        profile: &str,
        receive_key: &[u8],
        receive_salt: &[u8],
        send_key: &[u8],
        send_salt: &[u8],
    ) -> PyResult<()> {
        let receive = keys(profile, receive_key, receive_salt)?;
        let send = keys(profile, send_key, send_salt)?;
        self.send(Command::SetKeys { peer: PeerId(peer), receive, send });
        Ok(())
    }

    fn set_codecs(&self, peer: u64, codecs: &Codecs) {
        self.send(Command::SetCodecs { peer: PeerId(peer), codecs: codecs.0 });
    }

    #[allow(clippy::too_many_arguments, reason = "the border names its arguments")]
    fn add_track(
        &self,
        peer: u64,
        track: u64,
        source: u32,
        kind: &str,
        mid: String,
        rids: Vec<String>,
        ssrcs: Vec<(u32, u32)>,
    ) -> PyResult<()> {
        let kind = conversion::kind(kind)?;
        let (peer, track) = (PeerId(peer), TrackId(track));
        self.send(Command::AddTrack(NewTrack { peer, track, source, kind, mid, rids, ssrcs }));
        Ok(())
    }

    fn open_track(&self, track: u64, is_open: bool) {
        self.send(Command::OpenTrack { track: TrackId(track), is_open });
    }

    fn request_keyframe(&self, track: u64, layer: usize) {
        self.send(Command::RequestKeyframe { track: TrackId(track), layer });
    }

    fn set_send_limit(&self, peer: u64, bitrate_bps: u64) {
        self.send(Command::SetSendLimit { peer: PeerId(peer), bitrate_bps });
    }

    fn add_slot(&self, peer: u64, slot: u64, kind: &str, ssrc: u32, rtx_ssrc: u32) -> PyResult<()> {
        let kind = conversion::kind(kind)?;
        self.send(Command::AddSlot(NewSlot { peer: PeerId(peer), slot: SlotId(slot), kind, ssrc, rtx_ssrc }));
        Ok(())
    }

    fn map_slot(&self, slot: u64, track: u64, layer: usize) {
        let track = (track != 0).then_some(TrackId(track));
        self.send(Command::MapSlot { slot: SlotId(slot), track, layer });
    }
}
