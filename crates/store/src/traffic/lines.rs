//! The lines of one file, unfolded where it is gzip, one at a time.

use std::io::{self, BufRead, Read as _};
use std::path::Path;

use super::ahead;
use crate::unfold;

/// What may unfold before its ratio counts.
const GRACE_BYTES: u64 = 16 << 20;
/// Longest line: twice what a load balancer takes as a request with its headers.
pub(super) const MAX_LINE: usize = 64 << 10;

/// Smaller files are not worth a thread of their own.
const LEAST_AHEAD: u64 = 1 << 20;

/// Where a file is unfolded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfolding {
    /// Where it is read.
    Here,
    /// In a thread of its own, if it is large.
    Ahead,
}

/// The lines of a file.
pub(super) struct Lines {
    input: Box<dyn BufRead>,
    buffer: Vec<u8>,
    /// Rows read, from 1.
    row: u64,
}

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Its text, without what ends it.
    Text(&'a [u8]),
    /// It is longer than a line can be; its text was passed over.
    TooLong,
}

impl Lines {
    /// Opens a file.
    pub(super) fn open(path: &Path, unfolding: Unfolding) -> io::Result<Self> {
        let is_ahead = unfolding == Unfolding::Ahead && unfold::is_folded(path, LEAST_AHEAD)?;
        let open = if is_ahead { ahead::open } else { unfold::open };
        let input = open(path, GRACE_BYTES)?;
        Ok(Self { input, buffer: Vec::new(), row: 0 })
    }

    /// Returns the row of the line that was read last.
    pub(super) fn row(&self) -> u64 {
        self.row
    }

    /// Reads the next line; absent at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        // Room for the longest line, and for what ends it.
        let mut input = (&mut self.input).take(MAX_LINE as u64 + 1);
        if input.read_until(b'\n', &mut self.buffer)? == 0 {
            return Ok(None);
        }
        let is_ended = self.buffer.last() == Some(&b'\n');
        let is_too_long = !is_ended && self.buffer.len() > MAX_LINE;
        if is_ended {
            self.buffer.pop();
        } else if is_too_long {
            self.input.skip_until(b'\n')?;
        }
        self.row += 1;
        if is_too_long {
            return Ok(Some(Line::TooLong));
        }
        if self.buffer.last() == Some(&b'\r') {
            self.buffer.pop();
        }
        Ok(Some(Line::Text(&self.buffer)))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn check(bytes: &[u8], expected: &[&str]) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let mut lines = Lines::open(file.path(), Unfolding::Here).unwrap();
        let mut found = Vec::new();
        loop {
            match lines.next() {
                Ok(Some(Line::Text(text))) => {
                    found.push(String::from_utf8_lossy(text).into_owned())
                }
                Ok(Some(Line::TooLong)) => found.push("too long".to_owned()),
                Ok(None) => break,
                Err(cause) => {
                    found.push(format!("row {}: {:?}", lines.row() + 1, cause.kind()));
                    break;
                }
            }
        }
        assert_eq!(found, expected);
    }

    fn folded(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn lines_end_as_any_system_ends_them() {
        check(b"a\nb\r\n\nc", &["a", "b", "", "c"]);
        check(b"", &[]);
        check(&[folded(b"a\n"), folded(b"b\n")].concat(), &["a", "b"]);
    }

    #[test]
    fn a_line_without_end_costs_itself_only() {
        let long = vec![b'x'; MAX_LINE * 3];
        check(&[b"a\n", long.as_slice(), b"\nb\n"].concat(), &["a", "too long", "b"]);
        check(&long, &["too long"]);
    }

    /// Reads all lines of `bytes`, and returns how that failed.
    fn failure(bytes: &[u8]) -> io::Error {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let mut lines = Lines::open(file.path(), Unfolding::Here).unwrap();
        loop {
            match lines.next() {
                Ok(Some(_)) => {}
                Ok(None) => panic!("it ended well"),
                Err(cause) => return cause,
            }
        }
    }

    /// Reads a file in both ways; returns how many lines it gave, and how it ended.
    fn both(bytes: &[u8]) -> [(u64, Option<io::ErrorKind>); 2] {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        [Unfolding::Here, Unfolding::Ahead].map(|unfolding| {
            let mut lines = Lines::open(file.path(), unfolding).unwrap();
            loop {
                match lines.next() {
                    Ok(Some(_)) => {}
                    Ok(None) => return (lines.row(), None),
                    Err(cause) => return (lines.row(), Some(cause.kind())),
                }
            }
        })
    }

    #[test]
    fn what_is_unfolded_ahead_is_the_same() {
        // Numbers that are mixed well hardly fold, so that the file is large enough for a thread.
        let text: String = (0_u64..200_000)
            .map(|number| {
                format!("{:016x}\n", number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (number << 7))
            })
            .collect();
        let whole = folded(text.as_bytes());
        assert!(whole.len() as u64 > LEAST_AHEAD, "{}", whole.len());
        assert_eq!(both(&whole), [(200_000, None); 2]);
        let [here, ahead] = both(whole.get(..whole.len() / 2).unwrap());
        assert_eq!(here, ahead);
        assert_eq!(here.1, Some(io::ErrorKind::UnexpectedEof));
        assert!(here.0 > 50_000, "{here:?}");
    }

    #[test]
    fn a_cut_stream_and_a_bomb_are_errors() {
        let cut = folded(b"a\nb\nc");
        let failed = failure(cut.get(..cut.len() - 4).unwrap());
        assert_eq!(failed.kind(), io::ErrorKind::UnexpectedEof);
        let line = [[b'x'; 60_000].as_slice(), b"\n"].concat();
        let failed = failure(&folded(&line.repeat(600)));
        assert!(failed.to_string().contains("200 times"));
    }
}
