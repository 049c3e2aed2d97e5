//! One browser's side of the transport: checks, SRTP both ways, RTCP. Remembers every index that was sealed
//! for it, and fails the test when one comes twice.

use std::collections::HashSet;

use hmac::{Hmac, KeyInit, Mac};
use sfu_core::bytes::Writer;
use sfu_core::demux::{self, Datagram};
use sfu_core::ids::Path;
use sfu_core::rtcp::{Compound, OWN_SSRC, nack, pli};
use sfu_core::rtp::{Header, extension::Elements};
use sfu_core::srtp::{Extent, Keys, Opener, Position, Sealer};
use sfu_core::vp8::Descriptor;
use sha1::Sha1;

use super::{Lab, Plain, path};

pub struct Client {
    pub id: u64,
    pub path: Path,
    opener: Opener,
    sealer: Sealer,
    sealed: HashSet<(u32, u16)>,
    delivered: HashSet<Vec<u8>>,
}

/// A decrypted RTP packet as the client sees it.
#[derive(Clone, Debug)]
pub struct Received {
    pub header: Header,
    pub csrcs: Vec<u32>,
    pub extensions: Vec<(u8, Vec<u8>)>,
    pub payload: Vec<u8>,
}

impl Received {
    pub fn descriptor(&self) -> Descriptor {
        Descriptor::parse(&self.payload).unwrap()
    }

    /// The payload behind the descriptor.
    pub fn frame(&self) -> &[u8] {
        &self.payload[self.descriptor().length..]
    }
}

#[derive(Default)]
pub struct Inbox {
    pub rtp: Vec<Received>,
    /// Compound packets.
    pub rtcp: Vec<Vec<u8>>,
    pub other: Vec<Vec<u8>>,
}

impl Inbox {
    pub fn packets_of_type(&self, packet_type: u8, format: u8) -> Vec<Vec<u8>> {
        let packets = self.rtcp.iter().flat_map(|bytes| Compound::new(bytes));
        packets.filter(|p| p.packet_type == packet_type && p.count == format).map(|p| p.body.to_vec()).collect()
    }

    /// SSRCs whose keyframe was asked for.
    pub fn plis(&self) -> Vec<u32> {
        let packets = self.rtcp.iter().flat_map(|bytes| Compound::new(bytes));
        packets.filter(|p| p.packet_type == 206 && p.count == pli::FORMAT).filter_map(|p| pli::parse(&p)).collect()
    }

    pub fn nacks(&self) -> Vec<(u32, u16)> {
        let packets = self.rtcp.iter().flat_map(|bytes| Compound::new(bytes));
        let parsed = packets.filter(|p| p.packet_type == 205 && p.count == nack::FORMAT).map(|packet| {
            let (ssrc, missing) = nack::parse(&packet).unwrap();
            missing.map(|sequence| (ssrc, sequence)).collect::<Vec<_>>()
        });
        parsed.flatten().collect()
    }
}

impl Client {
    pub fn new(id: u64, send: &Keys, receive: &Keys) -> Self {
        Self {
            id,
            path: path(10_000 + id as u16),
            opener: Opener::new(receive),
            sealer: Sealer::new(send),
            sealed: HashSet::new(),
            delivered: HashSet::new(),
        }
    }

    pub fn check(&self, lab: &mut Lab, from: Path, nominates: bool) {
        let id = self.id;
        let user = format!("srv{id}:cli{id}");
        lab.datagram(from, &binding_request(&user, &format!("password-of-{id}"), nominates));
    }

    pub fn seal(&self, plain: &Plain) -> Vec<u8> {
        let header = Header::parse(&plain.bytes).unwrap();
        let mut buffer = plain.bytes.clone();
        buffer.resize(plain.bytes.len() + 32, 0);
        let extent = Extent { header: header.length, length: plain.bytes.len() };
        let at = Position { ssrc: header.ssrc, index: plain.index };
        let length = self.sealer.seal_rtp(&mut buffer, extent, at).unwrap();
        buffer.truncate(length);
        buffer
    }

    pub fn send(&self, lab: &mut Lab, packets: &[Plain]) {
        for plain in packets {
            lab.datagram(self.path, &self.seal(plain));
        }
    }

    pub fn seal_rtcp(&mut self, write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
        let mut buffer = vec![0; 1500];
        let mut writer = Writer::new(&mut buffer);
        write(&mut writer);
        let length = writer.finish().unwrap();
        let sealed = self.sealer.seal_rtcp(&mut buffer, length).unwrap();
        buffer.truncate(sealed);
        buffer
    }

    pub fn send_rtcp(&mut self, lab: &mut Lab, write: impl FnOnce(&mut Writer<'_>)) {
        let sealed = self.seal_rtcp(write);
        lab.datagram(self.path, &sealed);
    }

    pub fn send_pli(&mut self, lab: &mut Lab, ssrc: u32) {
        self.send_rtcp(lab, |writer| pli::write(writer, OWN_SSRC + 1, ssrc));
    }

    pub fn send_nack(&mut self, lab: &mut Lab, ssrc: u32, missing: &[u16]) {
        self.send_rtcp(lab, |writer| nack::write(writer, OWN_SSRC + 1, ssrc, missing));
    }

    /// Everything that was sent to this client since the last call.
    pub fn take(&mut self, lab: &mut Lab) -> Inbox {
        let (own, others) = std::mem::take(&mut lab.outbox.sent).into_iter().partition(|(path, _)| *path == self.path);
        lab.outbox.sent = others;
        let own: Vec<(Path, Vec<u8>)> = own;
        let mut inbox = Inbox::default();
        for (_, bytes) in own {
            self.open(bytes, &mut inbox);
        }
        inbox
    }

    pub fn open(&mut self, mut bytes: Vec<u8>, inbox: &mut Inbox) {
        match demux::classify(&bytes) {
            Datagram::Rtp => {
                let header = Header::parse(&bytes).unwrap();
                let is_first = self.sealed.insert((header.ssrc, header.sequence));
                assert!(is_first, "an index was sealed twice: {header:?}");
                inbox.rtp.push(self.open_rtp(bytes, header));
            }
            Datagram::Rtcp => {
                let length = self.opener.open_rtcp(&mut bytes).unwrap();
                bytes.truncate(length);
                inbox.rtcp.push(bytes);
            }
            _ => inbox.other.push(bytes),
        }
    }

    /// As `open`, behind a link that may deliver twice: replays are let go.
    pub fn open_lossy(&mut self, bytes: Vec<u8>, inbox: &mut Inbox) {
        if self.delivered.insert(bytes.clone()) {
            self.open(bytes, inbox);
        }
    }

    fn open_rtp(&mut self, mut bytes: Vec<u8>, header: Header) -> Received {
        let length = self.opener.open_rtp(&mut bytes, &header).unwrap();
        let block = &bytes[header.extension_at..header.extension_at + header.extension_length];
        let elements = Elements::new(header.extension_profile, block);
        let csrcs = bytes[12..12 + 4 * usize::from(bytes[0] & 0x0f)].chunks(4);
        Received {
            header,
            csrcs: csrcs.map(|word| u32::from_be_bytes(word.try_into().unwrap())).collect(),
            extensions: elements.map(|(id, value)| (id, value.to_vec())).collect(),
            payload: bytes[header.length..length].to_vec(),
        }
    }
}

/// A connectivity check as a controlling browser sends it.
pub fn binding_request(user: &str, password: &str, nominates: bool) -> Vec<u8> {
    let mut attributes = vec![(0x0024_u16, vec![0, 0, 0, 1]), (0x802a, vec![0; 8])];
    attributes.insert(0, (0x0006, user.as_bytes().to_vec()));
    if nominates {
        attributes.push((0x0025, Vec::new()));
    }
    stun_message(0x0001, &attributes, Some(password))
}

pub fn stun_message(kind: u16, attributes: &[(u16, Vec<u8>)], password: Option<&str>) -> Vec<u8> {
    let mut body = Vec::new();
    for (attribute, value) in attributes {
        body.extend(attribute.to_be_bytes());
        body.extend((value.len() as u16).to_be_bytes());
        body.extend(value);
        body.resize(body.len().div_ceil(4) * 4, 0);
    }
    let head = |length: usize| {
        let mut head = kind.to_be_bytes().to_vec();
        head.extend((length as u16).to_be_bytes());
        head.extend([0x21, 0x12, 0xa4, 0x42]);
        head.extend(b"transaction!");
        head
    };
    if let Some(password) = password {
        let mut mac = Hmac::<Sha1>::new_from_slice(password.as_bytes()).unwrap();
        mac.update(&head(body.len() + 24));
        mac.update(&body);
        body.extend([0x00, 0x08, 0x00, 0x14]);
        body.extend(mac.finalize().into_bytes());
    }
    let mut message = head(body.len() + 8);
    message.extend(body);
    let fingerprint = crc32fast::hash(&message) ^ 0x5354_554e;
    message.extend([0x80, 0x28, 0x00, 0x04]);
    message.extend(fingerprint.to_be_bytes());
    message
}
