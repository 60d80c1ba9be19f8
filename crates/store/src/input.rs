//! Lists the files of an input directory without ever leaving it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use trimtab_model::explain::Explain;
use trimtab_model::metric::Origin;
use trimtab_model::text::Text;

use crate::error::InputError;
use crate::inventory::Place;

/// How deep an input directory may be nested: logs of a load balancer lie ten directories deep.
const MAX_DEPTH: usize = 12;

/// A regular file of an input directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InputFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its path below the directory that was listed, with `/` between the parts.
    pub relative: String,
}

impl InputFile {
    /// Returns the account and the region of `<account>/<region>/<file>`, if both are there.
    pub fn origin(&self) -> Option<Origin> {
        let Place { account, region } = Place::of_directory(&self.relative);
        Some(Origin { account: account?, region: region? })
    }
}

/// Lists the regular files below `dir/part`, sorted; an absent part is an empty list.
///
/// Hidden files are left out. What cannot be listed is returned beside the files, so
/// that one bad entry does not hide the others.
pub fn list(dir: &Path, part: &str) -> (Vec<InputFile>, Vec<InputError>) {
    let root = dir.join(part);
    match dir.canonicalize() {
        Ok(canonical) => {
            let mut walk =
                Walk { canonical, open: Vec::new(), files: Vec::new(), errors: Vec::new() };
            walk.directory(&root, "");
            walk.files.sort();
            (walk.files, walk.errors)
        }
        Err(cause) => {
            let hint = (
                "give a directory that exists and that you may read",
                "읽을 수 있는 기존 디렉터리를 지정하세요",
            );
            (Vec::new(), vec![InputError::unreadable(dir, &cause, hint)])
        }
    }
}

fn unlisted(cause: &std::io::Error) -> Text {
    Text::new("cannot be listed", "목록을 읽을 수 없습니다").because(&cause.text())
}

/// A walk through an input directory.
struct Walk {
    /// The input directory, without links.
    canonical: PathBuf,
    /// The directories that are being listed, without links, the deepest last.
    open: Vec<PathBuf>,
    files: Vec<InputFile>,
    errors: Vec<InputError>,
}

impl Walk {
    fn directory(&mut self, dir: &Path, prefix: &str) {
        let entries = match std::fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return,
            Err(cause) => {
                let hint = (
                    "check that it is a directory and that you may read it",
                    "디렉터리인지, 읽기 권한이 있는지 확인하세요",
                );
                return self.fail(dir, unlisted(&cause), hint);
            }
        };
        if self.open.len() >= MAX_DEPTH {
            let problem = (
                format!("is nested more than {MAX_DEPTH} directories deep"),
                format!("디렉터리가 {MAX_DEPTH}단계보다 깊습니다"),
            );
            let hint = ("move its files further up", "파일을 더 위쪽 디렉터리로 옮기세요");
            return self.fail(dir, problem, hint);
        }
        let again = ("try again", "다시 시도하세요");
        match dir.canonicalize() {
            Ok(target) => self.open.push(target),
            Err(cause) => {
                return self.errors.push(InputError::unreadable(dir, &cause, again));
            }
        }
        for entry in entries {
            match entry {
                Ok(entry) => self.entry(&entry.path(), prefix),
                Err(cause) => self.fail(dir, unlisted(&cause), again),
            }
        }
        self.open.pop();
    }

    fn entry(&mut self, path: &Path, prefix: &str) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') {
            return;
        }
        // A link may point to files inside the directory, never out of it.
        let target = match path.canonicalize() {
            Ok(target) if !target.starts_with(&self.canonical) => {
                let problem = (
                    "is a link that leads out of the input directory",
                    "입력 디렉터리 밖을 가리키는 링크입니다",
                );
                let hint =
                    ("copy the file into the directory", "파일을 디렉터리 안으로 복사하세요");
                return self.fail(path, problem, hint);
            }
            Ok(target) => target,
            Err(cause) => {
                let hint =
                    ("remove the entry, or mend the link", "항목을 지우거나 링크를 바로잡으세요");
                return self.errors.push(InputError::unreadable(path, &cause, hint));
            }
        };
        let relative = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if path.is_dir() {
            // Only a link can lead to a directory that is being listed, or to one above it.
            if self.open.iter().any(|open| open.starts_with(&target)) {
                let problem = (
                    "is a link to a directory that it lies in, and would never end",
                    "자신이 들어 있는 디렉터리를 가리키는 링크여서 끝없이 이어집니다",
                );
                let hint = (
                    "remove the link; the files are read without it",
                    "링크를 지우세요. 파일은 링크 없이도 읽습니다",
                );
                return self.fail(path, problem, hint);
            }
            self.directory(path, &relative);
        } else if path.is_file() {
            self.files.push(InputFile { path: path.to_owned(), relative });
        } else {
            let problem = ("is neither a file nor a directory", "파일도 디렉터리도 아닙니다");
            self.fail(path, problem, ("remove the entry", "항목을 지우세요"));
        }
    }

    fn fail(&mut self, path: &Path, problem: impl Into<Text>, hint: impl Into<Text>) {
        self.errors.push(InputError::new(path, problem, hint));
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// Lists `metrics`, which holds `a/b/file.csv` and a link at `at` that leads to `target`.
    fn check(at: &str, target: &str, files: &[&str], problems: &[(&str, &str)]) {
        let dir = tempfile::tempdir().unwrap();
        let metrics = dir.path().join("metrics");
        std::fs::create_dir_all(metrics.join("a/b")).unwrap();
        std::fs::write(metrics.join("a/b/file.csv"), "").unwrap();
        symlink(target, metrics.join(at)).unwrap();
        let (found, errors) = list(dir.path(), "metrics");
        let found: Vec<&str> = found.iter().map(|file| file.relative.as_str()).collect();
        assert_eq!(found, files, "{at} -> {target}");
        let errors: Vec<(&Path, &str)> =
            errors.iter().map(|error| (error.file.as_path(), error.problem.en.as_str())).collect();
        let expected: Vec<(PathBuf, &str)> =
            problems.iter().map(|(path, problem)| (metrics.join(path), *problem)).collect();
        let expected: Vec<(&Path, &str)> =
            expected.iter().map(|(path, problem)| (path.as_path(), *problem)).collect();
        assert_eq!(errors, expected, "{at} -> {target}");
    }

    #[test]
    fn a_link_that_loops_is_named_once_and_not_followed() {
        let problem = "is a link to a directory that it lies in, and would never end";
        for (at, target) in [
            ("a/b/loop", "."),
            ("a/b/loop", ".."),
            ("a/b/loop", "../.."),
            ("a/b/loop", "../../.."),
            ("a/loop", "../a"),
        ] {
            check(at, target, &["a/b/file.csv"], &[(at, problem)]);
        }
    }

    #[test]
    fn a_link_within_the_directory_is_followed() {
        check("other", "a/b", &["a/b/file.csv", "other/file.csv"], &[]);
        check("file.csv", "a/b/file.csv", &["a/b/file.csv", "file.csv"], &[]);
    }

    #[test]
    fn two_links_that_lead_to_each_other_end() {
        let dir = tempfile::tempdir().unwrap();
        let metrics = dir.path().join("metrics");
        for part in ["a", "b"] {
            std::fs::create_dir_all(metrics.join(part)).unwrap();
        }
        symlink("../b", metrics.join("a/b")).unwrap();
        symlink("../a", metrics.join("b/a")).unwrap();
        let (files, errors) = list(dir.path(), "metrics");
        assert_eq!(files, []);
        let mut named: Vec<_> = errors.iter().map(|error| error.file.clone()).collect();
        named.sort();
        assert_eq!(named, [metrics.join("a/b/a"), metrics.join("b/a/b")]);
    }
}
