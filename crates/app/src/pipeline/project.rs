//! Writing a project that was made: all of it, or nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Kind};

/// Writes files below a directory, which is made: `(path, text, whether it is started by its name)`.
///
/// They are written beside it first, so that a directory of that name has all of them or none.
///
/// # Errors
/// Fails where the directory is there and is not empty, and if anything cannot be written.
pub fn write_project<'a>(
    directory: &Path,
    files: impl Iterator<Item = (&'a str, &'a str, bool)>,
) -> Result<(), Failure> {
    let is_taken = match fs::read_dir(directory) {
        Ok(mut entries) => entries.next().is_some(),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => false,
        Err(cause) => return Err(unwritable(directory, &cause)),
    };
    if is_taken {
        let name = directory.display();
        return Err(Failure::usage(
            (format!("{name} is not empty"), format!("비어 있지 않은 디렉터리입니다: {name}")),
            (
                "give a directory that is not there yet: nothing is written over",
                "아직 없는 디렉터리를 지정하세요. 있는 파일은 덮어쓰지 않습니다",
            ),
        ));
    }
    let beside = beside(directory);
    let written = write_all(&beside, files).and_then(|()| {
        if directory.exists() {
            fs::remove_dir(directory)?;
        }
        fs::rename(&beside, directory)
    });
    written.map_err(|cause| {
        // What is left of it is of no use; that it could not be written is what counts.
        drop(fs::remove_dir_all(&beside));
        unwritable(directory, &cause)
    })
}

fn beside(directory: &Path) -> PathBuf {
    let name = directory.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_else(|| "project".to_owned());
    directory.with_file_name(format!(".{name}.{}", std::process::id()))
}

fn write_all<'a>(
    directory: &Path,
    files: impl Iterator<Item = (&'a str, &'a str, bool)>,
) -> io::Result<()> {
    for (path, text, is_executable) in files {
        let path = directory.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, text)?;
        if is_executable {
            make_executable(&path)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = fs::metadata(path)?.permissions();
    permissions.set_mode(permissions.mode() | 0o111);
    fs::set_permissions(path, permissions)
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> io::Result<()> {
    Ok(())
}

fn unwritable(directory: &Path, cause: &io::Error) -> Failure {
    let name = directory.display();
    Failure::new(
        Kind::Failed,
        (format!("could not write {name}: {cause}"), format!("{name}에 쓰지 못했습니다: {cause}")),
    )
    .with_hint(("choose a directory that you may write", "쓸 수 있는 디렉터리를 지정하세요"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str, bool); 2] =
        [("src/main.rs", "fn main() {}\n", false), ("deploy", "#!/bin/sh\n", true)];

    #[test]
    fn all_of_it_is_written_and_nothing_beside() {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path().join("notice");
        write_project(&directory, FILES.into_iter()).unwrap();
        assert_eq!(fs::read_to_string(directory.join("src/main.rs")).unwrap(), "fn main() {}\n");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_there_is_not_written_over() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("mine"), "mine").unwrap();
        assert!(write_project(place.path(), FILES.into_iter()).is_err());
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_empty_directory_is_taken() {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path().join("empty");
        fs::create_dir(&directory).unwrap();
        write_project(&directory, FILES.into_iter()).unwrap();
        assert!(directory.join("deploy").is_file());
    }
}
