//! Keeps the traffic of services in the data directory: the reduction, and not the logs.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use trimtab_model::traffic::ServiceTraffic;

use crate::error::InputError;

const FILE: &str = "services.json";
const SCHEMA: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Kept<S> {
    schema: u32,
    services: S,
}

/// Keeps services in `data_dir`; those of the same name and source are replaced.
///
/// # Errors
/// Fails if the directory cannot be written to.
pub fn keep(data_dir: &Path, services: &[ServiceTraffic]) -> io::Result<()> {
    let dir = data_dir.join("traffic");
    std::fs::create_dir_all(&dir)?;
    // What cannot be read any more is replaced as a whole.
    let mut all = kept(data_dir).unwrap_or_default();
    let is_same = |one: &ServiceTraffic, other: &ServiceTraffic| {
        (&one.service, one.source) == (&other.service, other.source)
    };
    all.retain(|old| !services.iter().any(|new| is_same(old, new)));
    all.extend(services.iter().cloned());
    all.sort_by(|one, other| (&one.service, one.source).cmp(&(&other.service, other.source)));
    let mut copy = tempfile::NamedTempFile::new_in(&dir)?;
    let document = Kept { schema: SCHEMA, services: &all };
    serde_json::to_writer(io::BufWriter::new(&mut copy), &document)?;
    copy.persist(dir.join(FILE)).map(|_file| ()).map_err(|cause| cause.error)
}

/// Returns the services that were kept in `data_dir`; none where none were.
///
/// # Errors
/// Fails if the file cannot be read, or is of another version of trimtab.
pub fn kept(data_dir: &Path) -> Result<Vec<ServiceTraffic>, InputError> {
    let path = path(data_dir);
    let hint = ("ingest the logs again", "로그를 다시 ingest 하세요");
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(InputError::unreadable(&path, &cause, hint)),
    };
    let kept: Kept<Vec<ServiceTraffic>> = serde_json::from_slice(&text)
        .map_err(|cause| InputError::unreadable(&path, &cause, hint))?;
    if kept.schema == SCHEMA {
        Ok(kept.services)
    } else {
        let problem = ("was kept by another version", "다른 버전이 보관한 파일입니다");
        Err(InputError::new(&path, problem, hint))
    }
}

fn path(data_dir: &Path) -> PathBuf {
    data_dir.join("traffic").join(FILE)
}
