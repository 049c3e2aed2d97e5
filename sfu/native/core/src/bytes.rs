//! Bounds-checked reading and writing of network byte order. Every parser and writer of the core stands
//! on these two; nothing here knows a protocol.

/// Reads from the front of a slice; every method is `None` when the bytes are not there.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub fn remaining(&self) -> usize {
        self.rest.len()
    }

    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*taken)
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }
}

/// Writes to the front of a slice. What does not fit is remembered, and `finish` then says `None`.
pub struct Writer<'a> {
    buffer: &'a mut [u8],
    length: usize,
    overflow: bool,
}

impl<'a> Writer<'a> {
    pub fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, length: 0, overflow: false }
    }

    pub fn position(&self) -> usize {
        self.length
    }

    pub fn written(&self) -> &[u8] {
        self.buffer.get(..self.length).unwrap_or_default()
    }

    pub fn put(&mut self, bytes: &[u8]) {
        let end = self.length.saturating_add(bytes.len());
        match self.buffer.get_mut(self.length..end) {
            Some(target) => {
                target.copy_from_slice(bytes);
                self.length = end;
            }
            None => self.overflow = true,
        }
    }

    pub fn u8(&mut self, value: u8) {
        self.put(&[value]);
    }

    pub fn u16(&mut self, value: u16) {
        self.put(&value.to_be_bytes());
    }

    pub fn u32(&mut self, value: u32) {
        self.put(&value.to_be_bytes());
    }

    pub fn u64(&mut self, value: u64) {
        self.put(&value.to_be_bytes());
    }

    /// Zero bytes up to the next multiple of four.
    pub fn pad_to_word(&mut self) {
        while self.length % 4 != 0 && !self.overflow {
            self.u8(0);
        }
    }

    /// Overwrites two bytes that were written before (a length that only the end knows).
    pub fn patch_u16(&mut self, at: usize, value: u16) {
        match self.buffer.get_mut(at..at.saturating_add(2)) {
            Some(target) => target.copy_from_slice(&value.to_be_bytes()),
            None => self.overflow = true,
        }
    }

    pub fn finish(self) -> Option<usize> {
        (!self.overflow).then_some(self.length)
    }
}
