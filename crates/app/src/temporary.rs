//! Temporary directories of this process. They go away with the work, also when the user
//! interrupts it or a child is killed.

use std::io;

use tempfile::TempDir;

/// Makes an empty directory.
pub(crate) fn directory() -> io::Result<TempDir> {
    tempfile::Builder::new().prefix(&prefix()).tempdir()
}

/// Removes every directory that this process made and still has, just before it exits.
///
/// # Errors
/// Fails if one of them cannot be removed.
pub fn remove_all() -> io::Result<()> {
    let prefix = prefix();
    for entry in tempfile::env::temp_dir().read_dir()? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            match std::fs::remove_dir_all(entry.path()) {
                // Whoever made it was faster.
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
                removed => removed?,
            }
        }
    }
    Ok(())
}

fn prefix() -> String {
    format!("trimtab-{}-", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_can_be_removed() {
        let left = directory().unwrap().keep();
        std::fs::write(left.join("part"), "half").unwrap();
        remove_all().unwrap();
        assert!(!left.exists());
    }
}
