//! Passwords and addresses that are secrets: from a file or from the environment, never shown.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::super::environment::variable;
use super::values::VariableName;
use crate::failure::{Failure, Kind, words};

/// What the variables hold that the section names. Never shown and never stored.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Secrets(BTreeMap<String, String>);

impl fmt::Debug for Secrets {
    /// Writes the names only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Secrets {
    /// Reads these variables.
    pub(super) fn of<'a>(names: impl Iterator<Item = &'a VariableName>) -> Self {
        Self(names.filter_map(|name| Some((name.0.clone(), variable(&name.0)?))).collect())
    }

    /// Returns the first line of a file, else what a variable holds; absent where neither is named.
    pub(super) fn read(
        &self,
        channel: &str,
        file: Option<&Path>,
        name: Option<&VariableName>,
    ) -> Result<Option<String>, Failure> {
        if let Some(path) = file {
            let text = std::fs::read_to_string(path).map_err(|cause| unreadable(path, &cause))?;
            let line = text.lines().next().unwrap_or_default().trim();
            if line.is_empty() {
                let path = path.display();
                return Err(Failure::usage(
                    (format!("{path} is empty"), format!("파일이 비어 있습니다: {path}")),
                    (
                        format!("write the secret of the channel `{channel}` into its first line"),
                        format!("첫 줄에 채널 `{channel}`의 비밀 값을 쓰세요"),
                    ),
                ));
            }
            return Ok(Some(line.to_owned()));
        }
        let Some(VariableName(name)) = name else { return Ok(None) };
        self.0.get(name).cloned().map(Some).ok_or_else(|| {
            Failure::usage(
                (
                    format!("the environment variable {name} is not set"),
                    format!("환경 변수가 설정되지 않았습니다: {name}"),
                ),
                (
                    format!("the channel `{channel}` takes a secret from it; trimtab.toml names it under [notify]"),
                    format!("채널 `{channel}`의 비밀 값을 담는 변수이며, trimtab.toml의 [notify]에 이름이 있습니다"),
                ),
            )
        })
    }
}

pub(super) fn unreadable(path: &Path, cause: &std::io::Error) -> Failure {
    let path = path.display();
    let message = (format!("{path} cannot be read"), format!("파일을 읽을 수 없습니다: {path}"));
    let mut failure = Failure::new(Kind::Usage, message).with_hint((
        "check the files that [notify] names in trimtab.toml",
        "trimtab.toml의 [notify]에 적힌 파일을 확인하세요",
    ));
    failure.causes.push(words(cause));
    failure
}
