//! Unfolds a file ahead of who reads it, in a thread of its own.
//!
//! To unfold lines takes about as long as to understand them, so that two processors take half the
//! time of one.

use std::io::{self, BufRead, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use trimtab_model::explain::Explained;
use trimtab_model::text::Text;

use crate::unfold;

/// Bytes that are handed over at once.
const PART: usize = 256 << 10;
/// Parts that wait to be read at most.
const MOST_WAITING: usize = 2;

/// Some of what was unfolded, none at the end; or what it ends with.
type Part = io::Result<Vec<u8>>;

/// What a thread unfolds.
struct Ahead {
    parts: Receiver<Part>,
    present: Vec<u8>,
    at: usize,
    is_over: bool,
}

/// Opens a file that is folded by gzip, as [`unfold::open`] does.
pub(super) fn open(path: &Path, grace: u64) -> io::Result<Box<dyn BufRead>> {
    let (sender, parts) = sync_channel(MOST_WAITING);
    let path = path.to_owned();
    let work = move || {
        let last = send(&path, grace, &sender).map(|()| Vec::new());
        // Where nobody receives any more, nobody misses the end.
        sender.send(last).unwrap_or_default();
    };
    std::thread::Builder::new().name("unfold".to_owned()).spawn(work)?;
    Ok(Box::new(Ahead { parts, present: Vec::new(), at: 0, is_over: false }))
}

/// Sends a file part by part, until it ends or nobody receives.
fn send(path: &Path, grace: u64, sender: &SyncSender<Part>) -> io::Result<()> {
    let mut input = unfold::open(path, grace)?;
    loop {
        let mut part = Vec::with_capacity(PART);
        let read = (&mut input).take(PART as u64).read_to_end(&mut part);
        let is_over = part.is_empty();
        // What was unfolded before a failure is handed over.
        if !is_over && sender.send(Ok(part)).is_err() {
            return Ok(());
        }
        read?;
        if is_over {
            return Ok(());
        }
    }
}

impl BufRead for Ahead {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.present.len() && !self.is_over {
            // A thread that ends without a last part has panicked.
            let part = self.parts.recv().unwrap_or_else(|_| {
                let why = Text::new("the decoder gave up", "해독을 끝내지 못했습니다");
                Err(io::Error::other(Explained(why)))
            });
            self.is_over = part.as_ref().map_or(true, Vec::is_empty);
            self.present = part?;
            self.at = 0;
        }
        Ok(self.present.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.present.len());
    }
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}
