//! The STUN messages of an ICE-lite agent (RFC 8489, RFC 8445 §7.3): Binding requests in, answers out.
//! Parsing alone authenticates nothing: the caller looks the user name up and then calls `is_authentic`.

use std::net::{IpAddr, SocketAddr};

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::bytes::{Reader, Writer};

const BINDING_REQUEST: u16 = 0x0001;
const BINDING_SUCCESS: u16 = 0x0101;
const BINDING_ERROR: u16 = 0x0111;
const COOKIE: u32 = 0x2112_a442;
const HEADER: usize = 20;
const INTEGRITY: usize = 24;
const FINGERPRINT_XOR: u32 = 0x5354_554e;
/// More attributes than any agent sends; a longer list is not read to its end.
const MAX_ATTRIBUTES: usize = 32;
const MAX_UNKNOWN: usize = 8;

mod attribute {
    pub const USERNAME: u16 = 0x0006;
    pub const MESSAGE_INTEGRITY: u16 = 0x0008;
    pub const ERROR_CODE: u16 = 0x0009;
    pub const UNKNOWN_ATTRIBUTES: u16 = 0x000a;
    pub const XOR_MAPPED_ADDRESS: u16 = 0x0020;
    pub const PRIORITY: u16 = 0x0024;
    pub const USE_CANDIDATE: u16 = 0x0025;
    pub const FINGERPRINT: u16 = 0x8028;
    pub const ICE_CONTROLLED: u16 = 0x8029;
    pub const FIRST_OPTIONAL: u16 = 0x8000;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    NotABindingRequest,
    Malformed,
    WrongFingerprint,
    WithoutCredentials,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 420
    UnknownAttribute,
    /// 487
    RoleConflict,
}

/// A password as a prepared HMAC, so that a check costs no key schedule.
#[derive(Clone)]
pub struct Integrity(Hmac<Sha1>);

impl Integrity {
    pub fn new(password: &[u8]) -> Option<Self> {
        Hmac::new_from_slice(password).ok().map(Self)
    }
}

#[derive(Debug)]
pub struct Request<'a> {
    message: &'a [u8],
    transaction: [u8; 12],
    pub username: &'a [u8],
    integrity_at: usize,
    integrity: &'a [u8],
    pub use_candidate: bool,
    controlled: bool,
    unknown: [u16; MAX_UNKNOWN],
    unknown_count: usize,
}

#[derive(Default)]
struct Attributes<'a> {
    username: Option<&'a [u8]>,
    integrity: Option<(usize, &'a [u8])>,
    use_candidate: bool,
    controlled: bool,
    unknown: [u16; MAX_UNKNOWN],
    unknown_count: usize,
}

impl<'a> Attributes<'a> {
    fn note(&mut self, kind: u16, at: usize, value: &'a [u8]) {
        match kind {
            attribute::USERNAME if self.username.is_none() => self.username = Some(value),
            attribute::MESSAGE_INTEGRITY => self.integrity = Some((at, value)),
            attribute::USE_CANDIDATE => self.use_candidate = true,
            attribute::ICE_CONTROLLED => self.controlled = true,
            attribute::USERNAME | attribute::PRIORITY => {}
            unknown if unknown < attribute::FIRST_OPTIONAL => {
                if let Some(entry) = self.unknown.get_mut(self.unknown_count) {
                    *entry = unknown;
                    self.unknown_count += 1;
                }
            }
            _ => {}
        }
    }
}

pub fn parse(message: &[u8]) -> Result<Request<'_>, Error> {
    let mut reader = Reader::new(message);
    let transaction = read_header(&mut reader)?;
    let mut found = Attributes::default();
    for _ in 0..MAX_ATTRIBUTES {
        if reader.remaining() == 0 {
            break;
        }
        let at = message.len().saturating_sub(reader.remaining());
        let (kind, value) = read_attribute(&mut reader).ok_or(Error::Malformed)?;
        if kind == attribute::FINGERPRINT {
            check_fingerprint(message, at, value, reader.remaining())?;
        } else if found.integrity.is_none() {
            found.note(kind, at, value);
        }
    }
    if reader.remaining() != 0 {
        return Err(Error::Malformed);
    }
    let username = found.username.ok_or(Error::WithoutCredentials)?;
    let (integrity_at, integrity) = found.integrity.ok_or(Error::WithoutCredentials)?;
    Ok(Request {
        message,
        transaction,
        username,
        integrity_at,
        integrity,
        use_candidate: found.use_candidate,
        controlled: found.controlled,
        unknown: found.unknown,
        unknown_count: found.unknown_count,
    })
}

fn read_header(reader: &mut Reader<'_>) -> Result<[u8; 12], Error> {
    let kind = reader.u16().ok_or(Error::Malformed)?;
    let length = reader.u16().ok_or(Error::Malformed)?;
    let cookie = reader.u32().ok_or(Error::Malformed)?;
    let transaction = reader.array().ok_or(Error::Malformed)?;
    if kind != BINDING_REQUEST || cookie != COOKIE {
        return Err(Error::NotABindingRequest);
    }
    if usize::from(length) != reader.remaining() || length % 4 != 0 {
        return Err(Error::Malformed);
    }
    Ok(transaction)
}

fn read_attribute<'a>(reader: &mut Reader<'a>) -> Option<(u16, &'a [u8])> {
    let kind = reader.u16()?;
    let length = usize::from(reader.u16()?);
    let value = reader.take(length)?;
    reader.take(length.wrapping_neg() & 3)?;
    Some((kind, value))
}

fn check_fingerprint(message: &[u8], at: usize, value: &[u8], after: usize) -> Result<(), Error> {
    let covered = message.get(..at).ok_or(Error::Malformed)?;
    let expected = (crc32fast::hash(covered) ^ FINGERPRINT_XOR).to_be_bytes();
    if after == 0 && value == expected { Ok(()) } else { Err(Error::WrongFingerprint) }
}

impl Request<'_> {
    /// The two halves of the user name: ours, theirs.
    pub fn ufrags(&self) -> Option<(&[u8], &[u8])> {
        let colon = self.username.iter().position(|byte| *byte == b':')?;
        let (local, rest) = self.username.split_at_checked(colon)?;
        Some((local, rest.get(1..)?))
    }

    pub fn is_authentic(&self, key: &Integrity) -> bool {
        let Some(covered) = self.message.get(4..self.integrity_at) else { return false };
        let mut mac = key.0.clone();
        mac.update(&BINDING_REQUEST.to_be_bytes());
        mac.update(&body_length(self.integrity_at + INTEGRITY).to_be_bytes());
        mac.update(covered);
        mac.verify_slice(self.integrity).is_ok()
    }

    pub fn refusal(&self) -> Option<Refusal> {
        if self.unknown_count > 0 {
            Some(Refusal::UnknownAttribute)
        } else if self.controlled {
            Some(Refusal::RoleConflict)
        } else {
            None
        }
    }

    /// The answer of a check from `source`. `None` when it would be longer than the request: nobody is
    /// amplified through us.
    pub fn answer(&self, source: SocketAddr, key: &Integrity, buffer: &mut [u8]) -> Option<usize> {
        let refusal = self.refusal();
        let kind = if refusal.is_some() { BINDING_ERROR } else { BINDING_SUCCESS };
        let mut writer = Writer::new(buffer);
        writer.u16(kind);
        writer.u16(0);
        writer.u32(COOKIE);
        writer.put(&self.transaction);
        match refusal {
            None => self.write_mapped_address(&mut writer, source),
            Some(Refusal::RoleConflict) => write_error_code(&mut writer, 4, 87),
            Some(Refusal::UnknownAttribute) => {
                write_error_code(&mut writer, 4, 20);
                self.write_unknown(&mut writer);
            }
        }
        write_integrity(&mut writer, key);
        write_fingerprint(&mut writer);
        writer.finish().filter(|length| *length <= self.message.len())
    }

    fn write_mapped_address(&self, writer: &mut Writer<'_>, source: SocketAddr) {
        let cookie = COOKIE.to_be_bytes();
        let mask = cookie.iter().chain(&self.transaction);
        writer.u16(attribute::XOR_MAPPED_ADDRESS);
        let port = source.port() ^ 0x2112;
        match source.ip() {
            IpAddr::V4(address) => {
                writer.u16(8);
                writer.u16(1);
                writer.u16(port);
                address.octets().iter().zip(mask).for_each(|(octet, mask)| writer.u8(octet ^ mask));
            }
            IpAddr::V6(address) => {
                writer.u16(20);
                writer.u16(2);
                writer.u16(port);
                address.octets().iter().zip(mask).for_each(|(octet, mask)| writer.u8(octet ^ mask));
            }
        }
    }

    fn write_unknown(&self, writer: &mut Writer<'_>) {
        let unknown = self.unknown.get(..self.unknown_count).unwrap_or_default();
        writer.u16(attribute::UNKNOWN_ATTRIBUTES);
        writer.u16(u16::try_from(unknown.len() * 2).unwrap_or(0));
        unknown.iter().for_each(|kind| writer.u16(*kind));
        writer.pad_to_word();
    }
}

fn write_error_code(writer: &mut Writer<'_>, class: u8, number: u8) {
    writer.u16(attribute::ERROR_CODE);
    writer.u16(4);
    writer.u16(0);
    writer.u8(class);
    writer.u8(number);
}

fn body_length(message_length: usize) -> u16 {
    u16::try_from(message_length.saturating_sub(HEADER)).unwrap_or(u16::MAX)
}

fn write_integrity(writer: &mut Writer<'_>, key: &Integrity) {
    let length = body_length(writer.position() + INTEGRITY);
    writer.patch_u16(2, length);
    let tag = key.0.clone().chain_update(writer.written()).finalize().into_bytes();
    writer.u16(attribute::MESSAGE_INTEGRITY);
    writer.u16(20);
    writer.put(&tag);
}

fn write_fingerprint(writer: &mut Writer<'_>) {
    let length = body_length(writer.position() + 8);
    writer.patch_u16(2, length);
    let fingerprint = crc32fast::hash(writer.written()) ^ FINGERPRINT_XOR;
    writer.u16(attribute::FINGERPRINT);
    writer.u16(4);
    writer.u32(fingerprint);
}

#[cfg(test)]
#[path = "stun_tests.rs"]
mod tests;
