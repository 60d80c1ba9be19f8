//! What Terraform manages, as `terraform show -json` prints it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::failure::{Failure, Kind};

/// The largest state that is read: a state of tens of thousands of resources is smaller.
const LARGEST: u64 = 256 << 20;

/// Reads states. Each must be whole: a resource that is missed would be changed behind its
/// owner's back.
///
/// # Errors
/// Fails at the first file that is not what `terraform show -json` prints.
pub(super) fn states(files: &[PathBuf]) -> Result<Vec<Value>, Failure> {
    files.iter().map(|file| state(file)).collect()
}

fn state(file: &Path) -> Result<Value, Failure> {
    let name = file.display();
    let length = std::fs::metadata(file).map_err(|cause| unreadable(file, &cause))?.len();
    if length > LARGEST {
        return Err(refused(
            format!("{name} has {length} bytes, more than a Terraform state has"),
            format!("Terraform 상태 파일로는 너무 큽니다({length}바이트): {name}"),
        ));
    }
    let text = std::fs::read(file).map_err(|cause| unreadable(file, &cause))?;
    let value: Value = serde_json::from_slice(&text).map_err(|cause| {
        refused(format!("{name} is not JSON"), format!("JSON이 아닙니다: {name}")).because(&cause)
    })?;
    if value.get("format_version").is_none() {
        return Err(refused(
            format!("{name} is not what `terraform show -json` prints: it has no format_version"),
            format!("`terraform show -json`의 출력이 아닙니다(format_version 없음): {name}"),
        ));
    }
    Ok(value)
}

fn unreadable(file: &Path, cause: &std::io::Error) -> Failure {
    let name = file.display();
    let message = (format!("could not read {name}"), format!("파일을 읽지 못했습니다: {name}"));
    Failure::new(Kind::Failed, message)
        .because(cause)
        .with_hint(("give a file that can be read", "읽을 수 있는 파일을 지정하세요"))
}

fn refused(en: String, ko: String) -> Failure {
    Failure::new(Kind::Failed, (en, ko)).with_hint((
        "write it with `terraform show -json > state.json` in the directory of the configuration",
        "구성 디렉터리에서 `terraform show -json > state.json` 명령으로 만드세요",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_json_with_its_format() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let whole = write("state.json", r#"{"format_version": "1.0"}"#);
        assert_eq!(states(&[whole]).unwrap().len(), 1);
        for (name, text) in [("cut.json", r#"{"format_version"#), ("other.json", r#"{"a": 1}"#)] {
            let failure = states(&[write(name, text)]).unwrap_err();
            assert!(failure.message.en.contains(name), "{failure:?}");
        }
        assert!(states(&[dir.path().join("missing.json")]).is_err());
    }
}
