//! Whether the data directory is its owner's alone to write: whoever can write the journal or the
//! log decides what is done in an account.

use std::io;
use std::path::{Path, PathBuf};

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

/// What runs are decided by, below the data directory.
const FILES: &[&str] = &["state.sqlite", "state.sqlite-wal", "audit.jsonl"];

/// A data directory that no run goes by.
#[derive(Debug, thiserror::Error)]
pub enum Unguarded {
    /// Everybody may write it.
    #[error("anybody can write {path}")]
    Writable {
        /// What.
        path: PathBuf,
    },
    /// It is elsewhere than it seems.
    #[error("{path} is a symbolic link")]
    Linked {
        /// What.
        path: PathBuf,
    },
    /// Nobody can tell.
    #[error("could not look at {path}")]
    Unseen {
        /// What.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
}

impl Explain for Unguarded {
    fn text(&self) -> Text {
        let korean = match self {
            Self::Writable { path } => format!("누구나 쓸 수 있습니다: {}", path.display()),
            Self::Linked { path } => format!("심볼릭 링크입니다: {}", path.display()),
            Self::Unseen { path, .. } => format!("확인하지 못했습니다: {}", path.display()),
        };
        Text::new(self.to_string(), korean)
    }
}

/// Looks whether runs may go by what is in a data directory.
///
/// # Errors
/// Refuses one that anybody can write, or that leads elsewhere.
pub fn guarded(data_dir: &Path) -> Result<(), Unguarded> {
    let files = FILES.iter().map(|name| data_dir.join(name));
    for path in std::iter::once(data_dir.to_owned()).chain(files) {
        let found = match std::fs::symlink_metadata(&path) {
            Ok(found) => found,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => continue,
            Err(cause) => return Err(Unguarded::Unseen { path, cause }),
        };
        if found.is_symlink() {
            return Err(Unguarded::Linked { path });
        }
        if is_writable_by_all(&found) {
            return Err(Unguarded::Writable { path });
        }
    }
    Ok(())
}

#[cfg(unix)]
fn is_writable_by_all(found: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    found.permissions().mode() & 0o002 != 0
}

#[cfg(not(unix))]
fn is_writable_by_all(_found: &std::fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn allow(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn g19_what_anybody_may_write_or_what_leads_elsewhere_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        std::fs::create_dir(&data).unwrap();
        allow(&data, 0o700);
        assert!(guarded(&data).is_ok());
        let log = data.join("audit.jsonl");
        std::fs::write(&log, "").unwrap();
        allow(&log, 0o666);
        assert!(matches!(guarded(&data), Err(Unguarded::Writable { path }) if path == log));
        allow(&log, 0o600);
        allow(&data, 0o777);
        assert!(matches!(guarded(&data), Err(Unguarded::Writable { path }) if path == data));
        allow(&data, 0o700);
        let link = dir.path().join("link");
        symlink(&data, &link).unwrap();
        assert!(matches!(guarded(&link), Err(Unguarded::Linked { .. })));
    }
}
