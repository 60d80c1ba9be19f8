//! The lever that stops everything: a file that anybody who can write to the data directory can
//! make, by hand if need be.

use std::io;
use std::path::{Path, PathBuf};

use trimtab_rollout::Halt;

const FILE: &str = "halt";
/// What is shown of what was written into it.
const LONGEST: usize = 200;

/// Reads the lever. One that cannot be read is pulled.
pub fn halt_reason(data_dir: &Path) -> Halt {
    match std::fs::read(path(data_dir)) {
        Ok(bytes) => {
            let text: String = String::from_utf8_lossy(&bytes)
                .chars()
                .filter(|sign| !sign.is_control())
                .take(LONGEST)
                .collect();
            Halt::Set(if text.trim().is_empty() { FILE.to_owned() } else { text.trim().to_owned() })
        }
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Halt::Clear,
        Err(cause) => Halt::Set(cause.to_string()),
    }
}

/// Pulls the lever.
///
/// # Errors
/// Fails when the file cannot be written.
pub fn set_halt(data_dir: &Path, reason: &str) -> io::Result<()> {
    std::fs::write(path(data_dir), reason)
}

/// Lets go of the lever; returns whether it was pulled.
///
/// # Errors
/// Fails when the file cannot be removed.
pub fn clear_halt(data_dir: &Path) -> io::Result<bool> {
    match std::fs::remove_file(path(data_dir)) {
        Ok(()) => Ok(true),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(cause),
    }
}

fn path(data_dir: &Path) -> PathBuf {
    data_dir.join(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lever_says_why_and_one_that_cannot_be_read_is_pulled() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(halt_reason(dir.path()), Halt::Clear);
        set_halt(dir.path(), "event\u{1b}[31m tonight\n").unwrap();
        assert_eq!(halt_reason(dir.path()), Halt::Set("event[31m tonight".to_owned()));
        assert!(clear_halt(dir.path()).unwrap());
        assert!(!clear_halt(dir.path()).unwrap());
        std::fs::create_dir(dir.path().join(FILE)).unwrap();
        assert!(matches!(halt_reason(dir.path()), Halt::Set(_)));
    }
}
