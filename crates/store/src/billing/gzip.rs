//! Unfolds gzip as a stream, and stops where it unfolds to more than is plausible.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

use super::limits::Limits;

/// The first two bytes of every gzip file.
pub(super) const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// A reader that counts what passes through it.
#[derive(Debug)]
pub(super) struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Counted<R> {
    pub(super) fn new(inner: R, count: Rc<Cell<u64>>) -> Self {
        Self { inner, count }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

/// Unfolded gzip, members one after the other.
pub(super) struct Unfolded<R: Read> {
    inner: MultiGzDecoder<io::BufReader<Counted<R>>>,
    folded: Rc<Cell<u64>>,
    unfolded: u64,
    limits: Limits,
}

impl<R: Read> Unfolded<R> {
    pub(super) fn new(inner: R, folded: Rc<Cell<u64>>, limits: Limits) -> Self {
        let counted = Counted::new(inner, folded.clone());
        Self {
            inner: MultiGzDecoder::new(io::BufReader::with_capacity(1 << 16, counted)),
            folded,
            unfolded: 0,
            limits,
        }
    }
}

impl<R: Read> Read for Unfolded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.unfolded += read as u64;
        let plausible =
            self.folded.get().saturating_mul(self.limits.ratio) + self.limits.grace_bytes;
        if self.unfolded > plausible || self.unfolded > self.limits.unfolded_bytes {
            return Err(io::Error::other(TooLarge));
        }
        Ok(read)
    }
}

/// The stream unfolds to more than a bill of its size would.
#[derive(Debug, thiserror::Error)]
#[error("unfolds to more than a bill of its size can be")]
pub(super) struct TooLarge;

impl Explain for TooLarge {
    fn text(&self) -> Text {
        Text::new(self.to_string(), "압축을 풀면 청구서로는 지나치게 커집니다")
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn folded(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn unfold(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        Unfolded::new(bytes, Rc::default(), Limits::default()).read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn members_follow_one_another() {
        let both = [folded(b"one "), folded(b"two")].concat();
        assert_eq!(unfold(&both).unwrap(), b"one two");
    }

    #[test]
    fn a_bomb_stops_early() {
        let bomb = folded(&vec![0; 64 << 20]);
        assert!(bomb.len() < 100_000);
        assert!(unfold(&bomb).unwrap_err().to_string().contains("more than a bill"));
    }

    #[test]
    fn a_cut_stream_is_an_error() {
        let whole = folded(b"some words that are long enough to be cut");
        let kind = unfold(&whole[..whole.len() - 6]).unwrap_err().kind();
        assert_eq!(kind, io::ErrorKind::UnexpectedEof);
    }
}
