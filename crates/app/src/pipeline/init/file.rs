//! Writes what is proposed: whole or not at all, and never over what is there.

use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::draft::Draft;
use crate::failure::{Failure, Kind};

/// The files that were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The configuration.
    pub config: PathBuf,
    /// The role, where one is proposed.
    pub template: Option<PathBuf>,
}

/// What to do with a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and nothing is written.
    Keep,
    /// It is replaced.
    Replace,
}

/// Fails if a configuration is there already.
///
/// # Errors
/// Fails if it is, and says how to look at it and how to replace it.
pub fn refuse_existing(path: &Path) -> Result<(), Failure> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let path = path.display();
    Err(Failure::usage(
        (
            format!("{path} is there already, and stays"),
            format!("이미 있는 파일이라 그대로 두었습니다: {path}"),
        ),
        (
            "look at it with `trimtab config show`, or replace it with --force",
            "`trimtab config show`로 내용을 확인하거나, --force로 바꿔 쓰세요",
        ),
    ))
}

/// Writes the configuration to `path` and the role beside it.
///
/// # Errors
/// Fails where a file cannot be written, or is there and must stay.
pub fn write(draft: &Draft, path: &Path, existing: Existing) -> Result<Written, Failure> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if existing == Existing::Keep {
        refuse_existing(path)?;
    }
    let mut template = None;
    // The role first: a configuration that names it is the sign that all is there.
    if let Some((kind, text)) = &draft.template {
        let role = path.with_file_name(kind.file_name());
        let is_same = std::fs::read_to_string(&role).is_ok_and(|old| old == *text);
        if !is_same {
            if existing == Existing::Keep {
                refuse_existing(&role)?;
            }
            put(directory, &role, text, existing)?;
        }
        template = Some(role);
    }
    put(directory, path, &draft.config, existing)?;
    Ok(Written { config: path.to_owned(), template })
}

fn put(directory: &Path, path: &Path, text: &str, existing: Existing) -> Result<(), Failure> {
    let failed = |cause: &std::io::Error| {
        let path = path.display();
        let message =
            (format!("could not write {path}"), format!("파일을 쓰지 못했습니다: {path}"));
        Failure::new(Kind::Failed, message).because(cause).with_hint((
            "run it in a directory that you may write, or name another file with --file",
            "쓸 수 있는 디렉터리에서 실행하거나 --file로 다른 파일을 지정하세요",
        ))
    };
    let mut file = NamedTempFile::new_in(directory).map_err(|cause| failed(&cause))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.as_file().sync_all())
        .map_err(|cause| failed(&cause))?;
    let put = match existing {
        // Also where somebody else has made the file since it was looked for.
        Existing::Keep => file.persist_noclobber(path),
        Existing::Replace => file.persist(path),
    };
    put.map(|_file| ()).map_err(|cause| failed(&cause.error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays_unless_it_is_to_be_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("trimtab.toml");
        let draft = |config: &str| Draft { config: config.to_owned(), template: None };
        write(&draft("one"), &path, Existing::Keep).unwrap();
        let refused = write(&draft("two"), &path, Existing::Keep).unwrap_err();
        assert_eq!(refused.kind, Kind::Usage);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
        write(&draft("two"), &path, Existing::Replace).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "no draft is left");
    }
}
