//! The lines of one file, unfolded where it is gzip, one at a time.

use std::io::{self, BufRead};
use std::path::Path;

use crate::unfold;

/// What may unfold before its ratio counts.
const GRACE_BYTES: u64 = 16 << 20;
/// Longest line: twice what a load balancer takes as a request with its headers.
pub(super) const MAX_LINE: usize = 64 << 10;

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
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let input = unfold::open(path, GRACE_BYTES)?;
        Ok(Self { input, buffer: Vec::new(), row: 0 })
    }

    /// Returns the row of the line that was read last.
    pub(super) fn row(&self) -> u64 {
        self.row
    }

    /// Reads the next line; absent at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        let mut is_too_long = false;
        let mut is_any = false;
        loop {
            let available = match self.input.fill_buf() {
                Ok(available) => available,
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                Err(cause) => return Err(cause),
            };
            if available.is_empty() {
                if !is_any {
                    return Ok(None);
                }
                break;
            }
            is_any = true;
            let end = available.iter().position(|byte| *byte == b'\n');
            let (part, _) = available.split_at(end.unwrap_or(available.len()));
            if self.buffer.len() + part.len() > MAX_LINE {
                is_too_long = true;
            } else if !is_too_long {
                self.buffer.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            if end.is_some() {
                break;
            }
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
        let mut lines = Lines::open(file.path()).unwrap();
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
        let mut lines = Lines::open(file.path()).unwrap();
        loop {
            match lines.next() {
                Ok(Some(_)) => {}
                Ok(None) => panic!("it ended well"),
                Err(cause) => return cause,
            }
        }
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
