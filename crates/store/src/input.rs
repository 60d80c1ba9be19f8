//! Lists the files of an input directory without ever leaving it.

use std::path::{Path, PathBuf};

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

use crate::error::InputError;

/// How deep an input directory may be nested.
const MAX_DEPTH: usize = 8;

/// A regular file of an input directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its path below the directory that was listed, with `/` between the parts.
    pub relative: String,
}

/// Lists the regular files below `dir/part`, sorted; an absent part is an empty list.
///
/// Hidden files are left out. What cannot be listed is returned beside the files, so
/// that one bad entry does not hide the others.
pub fn list(dir: &Path, part: &str) -> (Vec<InputFile>, Vec<InputError>) {
    let mut files = Vec::new();
    let mut errors = Vec::new();
    let root = dir.join(part);
    match dir.canonicalize() {
        Ok(canonical) => walk(&canonical, &root, "", 0, &mut files, &mut errors),
        Err(cause) => errors.push(InputError::unreadable(
            dir,
            &cause,
            (
                "give a directory that exists and that you may read",
                "읽을 수 있는 기존 디렉터리를 지정하세요",
            ),
        )),
    }
    files.sort();
    (files, errors)
}

fn unlisted(cause: &std::io::Error) -> Text {
    Text::new("cannot be listed", "목록을 읽을 수 없습니다").because(&cause.text())
}

fn walk(
    canonical: &Path,
    dir: &Path,
    prefix: &str,
    depth: usize,
    files: &mut Vec<InputFile>,
    errors: &mut Vec<InputError>,
) {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return,
        Err(cause) => {
            errors.push(InputError::new(
                dir,
                unlisted(&cause),
                (
                    "check that it is a directory and that you may read it",
                    "디렉터리인지, 읽기 권한이 있는지 확인하세요",
                ),
            ));
            return;
        }
    };
    if depth >= MAX_DEPTH {
        errors.push(InputError::new(
            dir,
            (
                format!("is nested more than {MAX_DEPTH} directories deep"),
                format!("디렉터리가 {MAX_DEPTH}단계보다 깊습니다"),
            ),
            ("move its files further up", "파일을 더 위쪽 디렉터리로 옮기세요"),
        ));
        return;
    }
    for entry in entries {
        let path = match entry {
            Ok(entry) => entry.path(),
            Err(cause) => {
                errors.push(InputError::new(
                    dir,
                    unlisted(&cause),
                    ("try again", "다시 시도하세요"),
                ));
                continue;
            }
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        // A link may point to files inside the directory, never out of it.
        match path.canonicalize() {
            Ok(target) if !target.starts_with(canonical) => {
                errors.push(InputError::new(
                    &path,
                    (
                        "is a link that leads out of the input directory",
                        "입력 디렉터리 밖을 가리키는 링크입니다",
                    ),
                    ("copy the file into the directory", "파일을 디렉터리 안으로 복사하세요"),
                ));
                continue;
            }
            Ok(_) => {}
            Err(cause) => {
                errors.push(InputError::unreadable(
                    &path,
                    &cause,
                    ("remove the entry, or mend the link", "항목을 지우거나 링크를 바로잡으세요"),
                ));
                continue;
            }
        }
        let relative = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if path.is_dir() {
            walk(canonical, &path, &relative, depth + 1, files, errors);
        } else if path.is_file() {
            files.push(InputFile { path, relative });
        } else {
            errors.push(InputError::new(
                &path,
                ("is neither a file nor a directory", "파일도 디렉터리도 아닙니다"),
                ("remove the entry", "항목을 지우세요"),
            ));
        }
    }
}
