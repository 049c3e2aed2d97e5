//! As much HTTP/1.1 as signing in and asking for a ticket take: one request a connection, plain, with a cookie.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::Failure;

const TIMEOUT: Duration = Duration::from_secs(10);
const PATIENCE: usize = 60;
const TOO_MANY: u16 = 429;

/// The address of the server: `authority` is host and port.
#[derive(Clone)]
pub struct Site {
    pub origin: String,
    pub authority: String,
}

pub struct Response {
    pub status: u16,
    head: String,
    body: String,
}

impl Site {
    /// The site of a URL, and the path within it.
    pub fn of(url: &str) -> Result<(Self, String), Failure> {
        let rest = url.strip_prefix("http://").ok_or("only plain http:// is spoken here")?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        Ok((Self { origin: format!("http://{authority}"), authority: authority.to_owned() }, format!("/{path}")))
    }

    /// While nobody listens there, a connection on one machine may meet itself, and then holds the server's port.
    pub fn connect(&self) -> Result<TcpStream, Failure> {
        let stream = TcpStream::connect(&self.authority)?;
        if stream.local_addr()? == stream.peer_addr()? {
            return Err("nobody listens there".into());
        }
        stream.set_read_timeout(Some(TIMEOUT))?;
        Ok(stream)
    }

    pub fn get(&self, path: &str, cookie: &str) -> Result<Response, Failure> {
        self.ask("GET", path, cookie, "")
    }

    pub fn post(&self, path: &str, cookie: &str) -> Result<Response, Failure> {
        self.ask("POST", path, cookie, "X-Zvonok: 1\r\nContent-Type: application/json\r\n")
    }

    /// Waits when the server says that this is too fast: signing in thirty people is not what is measured.
    fn ask(&self, method: &str, path: &str, cookie: &str, extra: &str) -> Result<Response, Failure> {
        for _ in 0..PATIENCE {
            let response = self.ask_once(method, path, cookie, extra)?;
            if response.status != TOO_MANY {
                return Ok(response);
            }
            thread::sleep(Duration::from_millis(250));
        }
        Err(format!("{method} {path}: too many requests").into())
    }

    fn ask_once(&self, method: &str, path: &str, cookie: &str, extra: &str) -> Result<Response, Failure> {
        let Self { authority, origin } = self;
        let body = if method == "POST" { "{}" } else { "" };
        let length = body.len();
        let mut stream = self.connect()?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {authority}\r\nOrigin: {origin}\r\nCookie: {cookie}\r\n{extra}\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let text = String::from_utf8(bytes)?;
        let (head, body) = text.split_once("\r\n\r\n").ok_or("no HTTP response")?;
        let status = head.split_ascii_whitespace().nth(1).ok_or("no HTTP status")?.parse()?;
        Ok(Response { status, head: head.to_owned(), body: body.to_owned() })
    }
}

impl Response {
    /// The cookies that were set, as a Cookie header carries them.
    pub fn cookies(&self) -> String {
        let set = self.head.lines().filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            let pair = value.trim().split(';').next()?;
            name.eq_ignore_ascii_case("set-cookie").then_some(pair)
        });
        set.collect::<Vec<_>>().join("; ")
    }

    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        if self.status != 200 {
            return Err(format!("HTTP {}: {}", self.status, self.body).into());
        }
        Ok(serde_json::from_str(&self.body)?)
    }
}
