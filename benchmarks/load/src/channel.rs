//! A WebSocket that never blocks the event loop: `take` gives a message or nothing, `say` queues one.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;

use tungstenite::handshake::client::Request;
use tungstenite::{Error, Message, WebSocket};

use crate::Failure;

/// A stream that can be told not to block.
pub trait Line: Read + Write + Sized {
    fn stop_blocking(&self) -> io::Result<()>;
}

impl Line for TcpStream {
    fn stop_blocking(&self) -> io::Result<()> {
        self.set_nodelay(true)?;
        self.set_nonblocking(true)
    }
}

impl Line for UnixStream {
    fn stop_blocking(&self) -> io::Result<()> {
        self.set_nonblocking(true)
    }
}

pub struct Channel<L: Line> {
    socket: WebSocket<L>,
    pub is_closed: bool,
}

impl<L: Line> Channel<L> {
    pub fn open(line: L, request: Request) -> Result<Self, Failure> {
        let (socket, _) = tungstenite::client(request, line).map_err(|error| format!("WebSocket refused: {error}"))?;
        socket.get_ref().stop_blocking()?;
        Ok(Self { socket, is_closed: false })
    }

    pub fn say(&mut self, text: String) -> Result<(), Failure> {
        match self.socket.send(Message::text(text)) {
            Ok(()) => Ok(()),
            // The rest stays queued and leaves with the next `take`.
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// None when nothing waits, or when the connection is over.
    pub fn take(&mut self) -> Result<Option<String>, Failure> {
        while !self.is_closed {
            match self.socket.read() {
                Ok(Message::Text(text)) => return Ok(Some(text.as_str().to_owned())),
                Ok(_) => {}
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                Err(_) => self.is_closed = true,
            }
        }
        Ok(None)
    }
}
