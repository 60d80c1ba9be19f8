//! Reports into a directory.

use std::path::{Path, PathBuf};

use trimtab_render::report::ReportFormat;

use crate::error::SendError;
use crate::letter::{Content, Letter};

/// A directory, and the formats that a report is written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilesChannel {
    /// The directory; it is made if need be.
    pub directory: PathBuf,
    /// The formats.
    pub formats: Vec<ReportFormat>,
}

impl FilesChannel {
    pub(crate) fn files(&self, letter: &Letter<'_>) -> Result<Vec<(String, Vec<u8>)>, SendError> {
        let formats = match letter.content {
            Content::Report(_) => self.formats.as_slice(),
            // One file shows that the directory can be written to.
            Content::Test => self.formats.get(..1).unwrap_or_default(),
        };
        formats.iter().map(|format| letter.file(*format)).collect()
    }
}

/// Writes files whole, each in the place of one of the same name. Returns how many.
pub(crate) fn write_all(
    directory: &Path,
    files: &[(String, Vec<u8>)],
) -> Result<String, SendError> {
    std::fs::create_dir_all(directory)
        .map_err(|cause| SendError::Write { path: directory.to_owned(), cause })?;
    for (name, bytes) in files {
        let path = directory.join(name);
        let beside = directory.join(format!(".{name}.part"));
        std::fs::write(&beside, bytes)
            .and_then(|()| std::fs::rename(&beside, &path))
            .map_err(|cause| SendError::Write { path, cause })?;
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    Ok(names.join(" "))
}
