//! One participant's WebSocket to signaling: opened at the join, opened again by a helper thread whenever it breaks, so
//! that nobody's media wait for a server that does not answer. Says when it was lost; `seat.rs` resumes.

use std::net::TcpStream;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use tungstenite::client::IntoClientRequest;
use tungstenite::http::HeaderValue;

use crate::channel::Channel;
use crate::http::Site;
use crate::wire::SUBPROTOCOL;
use crate::{Failure, clock};

/// Pages try at once and then a few times a second; a server that comes back within three seconds meets them soon.
const RETRY: Duration = Duration::from_millis(100);
const RETRIES: usize = 300;

pub struct Link {
    site: Site,
    cookie: String,
    channel: Option<Channel<TcpStream>>,
    coming: Option<Receiver<Channel<TcpStream>>>,
    pub lost_ns: Option<u64>,
}

pub enum Heard {
    Text(String),
    /// The connection is there again.
    Again,
    Nothing,
}

impl Link {
    pub fn open(site: &Site, cookie: &str) -> Result<Self, Failure> {
        let channel = connect(site, cookie)?;
        Ok(Self { site: site.clone(), cookie: cookie.to_owned(), channel: Some(channel), coming: None, lost_ns: None })
    }

    /// False when it is lost at the moment.
    pub fn say(&mut self, text: String) -> bool {
        let said = self.channel.as_mut().is_some_and(|channel| channel.say(text).is_ok());
        if !said {
            self.lose();
        }
        said
    }

    pub fn take(&mut self) -> Heard {
        let Some(channel) = &mut self.channel else { return self.look_for_it() };
        match channel.take() {
            Ok(Some(text)) => Heard::Text(text),
            Ok(None) if !channel.is_closed => Heard::Nothing,
            _ => {
                self.lose();
                Heard::Nothing
            }
        }
    }

    pub fn close(&mut self) {
        (self.channel, self.coming) = (None, None);
    }

    fn lose(&mut self) {
        if self.channel.take().is_none() {
            return;
        }
        self.lost_ns = Some(clock::realtime_ns());
        let (sender, receiver) = channel();
        let (site, cookie) = (self.site.clone(), self.cookie.clone());
        self.coming = Some(receiver);
        thread::spawn(move || {
            if let Some(found) = (0..RETRIES).find_map(|_| connect_or_rest(&site, &cookie)) {
                let _ = sender.send(found);
            }
        });
    }

    fn look_for_it(&mut self) -> Heard {
        match self.coming.as_ref().map(Receiver::try_recv) {
            Some(Ok(channel)) => {
                (self.channel, self.coming) = (Some(channel), None);
                Heard::Again
            }
            Some(Err(_)) | None => Heard::Nothing,
        }
    }
}

fn connect_or_rest(site: &Site, cookie: &str) -> Option<Channel<TcpStream>> {
    let found = connect(site, cookie).ok();
    if found.is_none() {
        thread::sleep(RETRY);
    }
    found
}

fn connect(site: &Site, cookie: &str) -> Result<Channel<TcpStream>, Failure> {
    let mut request = format!("ws://{}/ws", site.authority).into_client_request()?;
    let headers = request.headers_mut();
    headers.insert("Cookie", HeaderValue::from_str(cookie)?);
    headers.insert("Origin", HeaderValue::from_str(&site.origin)?);
    headers.insert("Sec-WebSocket-Protocol", HeaderValue::from_static(SUBPROTOCOL));
    Channel::open(site.connect()?, request)
}
