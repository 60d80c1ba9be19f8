//! The audit log: a line for each call that changes something, chained by hashes, on the disk
//! before the call is made. If it cannot be written, nothing is changed.
//!
//! Several processes may write it: the one that drives a run, and whoever vouches for something
//! meanwhile. Each looks at what the others added, and adds its own line, with the file locked.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use trimtab_model::audit::AuditLine;
use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

use crate::digest;

/// The file below the data directory.
const FILE: &str = "audit.jsonl";
/// What the first line is chained to.
const SEED: &str = "trimtab audit log";
/// A line is longer than this only if somebody else wrote it.
const LONGEST_LINE: u64 = 1 << 20;

#[derive(Serialize, Deserialize)]
struct Chained {
    line: AuditLine,
    hash: String,
}

/// An audit log that cannot be written, or that is not as it was written.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The disk refuses.
    #[error("could not use the audit log {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// A line does not fit the one before.
    #[error("the audit log {path} was altered at line {line}")]
    Altered {
        /// The file.
        path: PathBuf,
        /// The first line that does not fit, from 1 on.
        line: usize,
    },
}

impl AuditError {
    /// Returns whether the disk is full, so that room would help.
    pub fn wants_room(&self) -> bool {
        matches!(self, Self::File { cause, .. } if cause.kind() == io::ErrorKind::StorageFull)
    }
}

impl Explain for AuditError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::File { path, .. } => {
                format!("감사 기록을 사용할 수 없습니다: {}", path.display())
            }
            Self::Altered { path, line } => {
                format!("감사 기록이 {line}번째 줄에서 변조되었습니다: {}", path.display())
            }
        };
        Text::new(self.to_string(), korean)
    }
}

/// The audit log of one data directory.
#[derive(Debug)]
pub struct Audit {
    file: File,
    path: PathBuf,
    /// How far it was read and verified.
    end: End,
}

/// The end of a part of the log that was verified.
#[derive(Debug, Clone)]
struct End {
    /// How many bytes are before it.
    bytes: u64,
    /// How many lines are before it.
    lines: usize,
    /// The hash of the last of them.
    hash: String,
}

impl Default for End {
    fn default() -> Self {
        Self { bytes: 0, lines: 0, hash: digest::of_text(SEED) }
    }
}

impl Audit {
    /// Opens the log below `data_dir`, all of it verified. A torn last line, which no call
    /// followed, is cut off.
    ///
    /// # Errors
    /// Fails when it cannot be opened for appending or a line does not fit.
    pub fn open(data_dir: &Path) -> Result<Self, AuditError> {
        let path = data_dir.join(FILE);
        let mut options = OpenOptions::new();
        options.create(true).read(true).write(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file =
            options.open(&path).map_err(|cause| AuditError::File { path: path.clone(), cause })?;
        let mut audit = Self { file, path, end: End::default() };
        audit.locked(Self::catch_up)?;
        Ok(audit)
    }

    /// Writes a line, on the disk before this returns.
    ///
    /// # Errors
    /// Fails when the disk refuses, or when what another process added does not fit; the call that
    /// the line announces must not be made then.
    pub fn write(&mut self, line: &AuditLine) -> Result<(), AuditError> {
        self.locked(|audit| {
            audit.catch_up()?;
            audit.append(line)
        })
    }

    /// Does something while no other process writes. The system frees the lock of one that died.
    fn locked<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, AuditError>,
    ) -> Result<T, AuditError> {
        self.file.lock().map_err(|cause| self.failed(cause))?;
        let done = work(self);
        let freed = self.file.unlock().map_err(|cause| self.failed(cause));
        done.and_then(|done| freed.map(|()| done))
    }

    fn failed(&self, cause: io::Error) -> AuditError {
        AuditError::File { path: self.path.clone(), cause }
    }

    /// Verifies what was added since the log was last looked at. Only with the file locked is an
    /// unfinished line one that nobody finishes.
    fn catch_up(&mut self) -> Result<(), AuditError> {
        let length = self.file.metadata().map_err(|cause| self.failed(cause))?.len();
        if length < self.end.bytes {
            return Err(AuditError::Altered { path: self.path.clone(), line: self.end.lines });
        }
        let mut added = Vec::new();
        let sought = self.file.seek(SeekFrom::Start(self.end.bytes));
        let read = sought.and_then(|_| self.file.read_to_end(&mut added));
        read.map_err(|cause| self.failed(cause))?;
        let text = whole_lines(added).map_err(|cause| self.failed(cause))?;
        self.end = verify(&self.path, &text, self.end.clone())?;
        if length > self.end.bytes {
            self.file.set_len(self.end.bytes).map_err(|cause| self.failed(cause))?;
        }
        Ok(())
    }

    fn append(&mut self, line: &AuditLine) -> Result<(), AuditError> {
        let body = serde_json::to_string(line).map_err(|cause| self.failed(cause.into()))?;
        let hash = chained(&self.end.hash, &body);
        let whole = Chained { line: line.clone(), hash: hash.clone() };
        let mut text = serde_json::to_string(&whole).map_err(|cause| self.failed(cause.into()))?;
        text.push('\n');
        if let Err(cause) = self.add(&text) {
            // Half a line would keep every later one from being believed. Nobody else has added
            // anything behind it: the file is locked.
            self.file.set_len(self.end.bytes).map_err(|cause| self.failed(cause))?;
            return Err(self.failed(cause));
        }
        let bytes = self.end.bytes + text.len() as u64;
        self.end = End { bytes, lines: self.end.lines + 1, hash };
        Ok(())
    }

    fn add(&mut self, text: &str) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.end.bytes))?;
        self.file.write_all(text.as_bytes())?;
        self.file.sync_data()
    }

    /// Returns the lines of the log below `data_dir`, verified; none where there is no log.
    ///
    /// # Errors
    /// Fails at the first line that does not fit.
    pub fn lines(data_dir: &Path) -> Result<Vec<AuditLine>, AuditError> {
        let path = data_dir.join(FILE);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(AuditError::File { path, cause }),
        };
        let text = match whole_lines(bytes) {
            Ok(text) => text,
            Err(cause) => return Err(AuditError::File { path, cause }),
        };
        verify(&path, &text, End::default())?;
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Chained>(line).ok());
        Ok(lines.map(|chained| chained.line).collect())
    }
}

/// Returns the lines that have their end; one that does not may be torn within a letter.
fn whole_lines(mut bytes: Vec<u8>) -> io::Result<String> {
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    bytes.truncate(whole);
    String::from_utf8(bytes).map_err(|cause| io::Error::new(io::ErrorKind::InvalidData, cause))
}

/// Returns the end of the log behind lines that stand behind `before`.
fn verify(path: &Path, text: &str, before: End) -> Result<End, AuditError> {
    let End { bytes, mut lines, hash: mut last } = before;
    for line in text.lines() {
        lines += 1;
        let altered = || AuditError::Altered { path: path.to_owned(), line: lines };
        if line.len() as u64 > LONGEST_LINE {
            return Err(altered());
        }
        let found: Chained = serde_json::from_str(line).map_err(|_| altered())?;
        let body = serde_json::to_string(&found.line).map_err(|_| altered())?;
        if chained(&last, &body) != found.hash {
            return Err(altered());
        }
        last = found.hash;
    }
    Ok(End { bytes: bytes + text.len() as u64, lines, hash: last })
}

fn chained(last: &str, body: &str) -> String {
    digest::of_text(&format!("{last}\n{body}"))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn line(change: &str) -> AuditLine {
        AuditLine {
            at: Timestamp::from_second(1_800_000_000).unwrap(),
            operator: "kim@one".to_owned(),
            run: "run-1".to_owned(),
            change: change.to_owned(),
            what: "intent".to_owned(),
            action: "ec2:StopInstances".to_owned(),
            resource: "111122223333/ap-northeast-2/i-1".to_owned(),
            request_id: None,
            code: None,
        }
    }

    fn written() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let mut audit = Audit::open(dir.path()).unwrap();
        for change in ["C-1", "C-2", "C-3"] {
            audit.write(&line(change)).unwrap();
        }
        let path = dir.path().join(FILE);
        (dir, path)
    }

    #[test]
    fn lines_are_read_back_and_added_to() {
        let (dir, _) = written();
        Audit::open(dir.path()).unwrap().write(&line("C-4")).unwrap();
        let lines = Audit::lines(dir.path()).unwrap();
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[3], line("C-4"));
    }

    #[test]
    fn a06_a_torn_last_line_is_cut_off() {
        let (dir, path) = written();
        let whole = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();
        Audit::open(dir.path()).unwrap().write(&line("C-5")).unwrap();
        let changes: Vec<_> =
            Audit::lines(dir.path()).unwrap().into_iter().map(|line| line.change).collect();
        assert_eq!(changes, ["C-1", "C-2", "C-5"]);
    }

    #[test]
    fn a_line_that_is_torn_within_a_letter_is_cut_off() {
        let (dir, path) = written();
        let mut whole = std::fs::read(&path).unwrap();
        whole.extend_from_slice(br#"{"line":{"at":""#);
        whole.push("김".as_bytes()[0]);
        std::fs::write(&path, &whole).unwrap();
        assert_eq!(Audit::lines(dir.path()).unwrap().len(), 3);
        Audit::open(dir.path()).unwrap().write(&line("C-4")).unwrap();
        assert_eq!(Audit::lines(dir.path()).unwrap().len(), 4);
    }

    #[test]
    fn two_that_write_in_turn_leave_one_chain() {
        let dir = tempfile::tempdir().unwrap();
        let [mut one, mut other] = [(); 2].map(|()| Audit::open(dir.path()).unwrap());
        for round in 0..3 {
            one.write(&line(&format!("C-{round}"))).unwrap();
            other.write(&line(&format!("C-{round}b"))).unwrap();
        }
        let changes: Vec<_> =
            Audit::lines(dir.path()).unwrap().into_iter().map(|line| line.change).collect();
        assert_eq!(changes, ["C-0", "C-0b", "C-1", "C-1b", "C-2", "C-2b"]);
    }

    #[test]
    fn a_line_that_another_process_is_writing_is_not_cut_off() {
        let (dir, path) = written();
        let whole = std::fs::read_to_string(&path).unwrap();
        let (head, tail) = whole.split_at(whole.len() - 9);
        let mut writing = OpenOptions::new().write(true).open(&path).unwrap();
        writing.lock().unwrap();
        writing.set_len(head.len() as u64).unwrap();
        writing.seek(SeekFrom::End(0)).unwrap();
        let data_dir = dir.path().to_owned();
        let opening = std::thread::spawn(move || Audit::open(&data_dir).map(|_| ()));
        // One that does not wait is done long before.
        std::thread::sleep(std::time::Duration::from_millis(100));
        writing.write_all(tail.as_bytes()).unwrap();
        writing.unlock().unwrap();
        opening.join().unwrap().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), whole);
    }

    #[test]
    fn a_log_that_was_cut_while_it_is_open_takes_no_more_lines() {
        let (dir, path) = written();
        let mut audit = Audit::open(dir.path()).unwrap();
        let whole = std::fs::read_to_string(&path).unwrap();
        let first = whole.lines().next().unwrap();
        std::fs::write(&path, format!("{first}\n")).unwrap();
        let altered = audit.write(&line("C-4")).unwrap_err();
        assert!(matches!(altered, AuditError::Altered { line: 3, .. }), "{altered}");
    }

    #[test]
    fn g14_what_was_edited_truncated_or_reordered_is_found() {
        let (dir, path) = written();
        let whole = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = whole.lines().collect();
        for (text, at) in [
            (whole.replace("C-2", "C-9"), 2),
            (format!("{}\n{}\n", lines[1], lines[2]), 1),
            (format!("{}\n{}\n{}\n", lines[0], lines[2], lines[1]), 2),
            (format!("{}\nno json\n", lines[0]), 2),
        ] {
            std::fs::write(&path, text).unwrap();
            let altered = Audit::open(dir.path()).unwrap_err();
            assert!(matches!(altered, AuditError::Altered { line, .. } if line == at), "{altered}");
        }
    }
}
