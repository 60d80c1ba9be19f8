//! The audit log: a line for each call that changes something, chained by hashes, on the disk
//! before the call is made. If it cannot be written, nothing is changed.

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
    last: String,
}

impl Audit {
    /// Opens the log below `data_dir`, all of it verified. A torn last line, which no call
    /// followed, is cut off.
    ///
    /// # Errors
    /// Fails when it cannot be opened for appending or a line does not fit.
    pub fn open(data_dir: &Path) -> Result<Self, AuditError> {
        let path = data_dir.join(FILE);
        let failed = |cause| AuditError::File { path: path.clone(), cause };
        let mut options = OpenOptions::new();
        options.create(true).read(true).write(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(failed)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(failed)?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let last = verify(&path, text.get(..whole).unwrap_or_default())?;
        file.set_len(whole as u64).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        Ok(Self { file, path, last })
    }

    /// Writes a line, on the disk before this returns.
    ///
    /// # Errors
    /// Fails when the disk refuses; the call that it announces must not be made then.
    pub fn write(&mut self, line: &AuditLine) -> Result<(), AuditError> {
        let path = self.path.clone();
        let failed = |cause| AuditError::File { path: path.clone(), cause };
        let body = serde_json::to_string(line).map_err(|cause| failed(cause.into()))?;
        let hash = chained(&self.last, &body);
        let whole = Chained { line: line.clone(), hash: hash.clone() };
        let mut text = serde_json::to_string(&whole).map_err(|cause| failed(cause.into()))?;
        text.push('\n');
        let before = self.file.stream_position().map_err(failed)?;
        if let Err(cause) = self.add(&text) {
            // Half a line would keep every later one from being believed.
            let whole_again = self.file.set_len(before);
            whole_again.and_then(|()| self.file.seek(SeekFrom::Start(before))).map_err(failed)?;
            return Err(failed(cause));
        }
        self.last = hash;
        Ok(())
    }

    fn add(&mut self, text: &str) -> io::Result<()> {
        self.file.write_all(text.as_bytes())?;
        self.file.sync_data()
    }

    /// Returns the lines of the log below `data_dir`, verified; none where there is no log.
    ///
    /// # Errors
    /// Fails at the first line that does not fit.
    pub fn lines(data_dir: &Path) -> Result<Vec<AuditLine>, AuditError> {
        let path = data_dir.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(AuditError::File { path, cause }),
        };
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let text = text.get(..whole).unwrap_or_default();
        verify(&path, text)?;
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Chained>(line).ok());
        Ok(lines.map(|chained| chained.line).collect())
    }
}

/// Returns the hash of the last line.
fn verify(path: &Path, text: &str) -> Result<String, AuditError> {
    let mut last = digest::of_text(SEED);
    for (index, line) in text.lines().enumerate() {
        let altered = || AuditError::Altered { path: path.to_owned(), line: index + 1 };
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
    Ok(last)
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
