//! Room on the disk that is kept for the way back.
//!
//! A disk that fills up while a machine is stopped must not keep its start from being written
//! down. So a file of a fixed size is made before the first change, and given up when the disk
//! is full.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The file below the data directory.
const FILE: &str = "reserve";
/// Its size: a journal entry is a few kilobytes, so this is thousands of them.
const BYTES: usize = 16 << 20;

/// The reserve of one data directory.
#[derive(Debug)]
pub struct Reserve(PathBuf);

impl Reserve {
    /// Makes the reserve, unless it is there.
    ///
    /// # Errors
    /// Fails when the disk has no room for it; nothing must be changed then.
    pub fn make(data_dir: &Path) -> io::Result<Self> {
        let path = data_dir.join(FILE);
        let is_there = std::fs::metadata(&path).is_ok_and(|found| found.len() == BYTES as u64);
        if !is_there {
            // Half of a reserve is none, and takes room from others.
            fill(&path).map_err(|cause| std::fs::remove_file(&path).err().unwrap_or(cause))?;
        }
        Ok(Self(path))
    }

    /// Gives the room up.
    ///
    /// # Errors
    /// Fails when the file cannot be removed.
    pub fn give_up(&self) -> io::Result<()> {
        match std::fs::remove_file(&self.0) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause),
            _ => Ok(()),
        }
    }
}

/// Writes real blocks: a file with holes would reserve nothing.
fn fill(path: &Path) -> io::Result<()> {
    let mut file = File::create(path)?;
    let block = vec![0xa5; 1 << 16];
    for _ in 0..BYTES / block.len() {
        file.write_all(&block)?;
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserve_is_made_once_and_given_up() {
        let dir = tempfile::tempdir().unwrap();
        let reserve = Reserve::make(dir.path()).unwrap();
        Reserve::make(dir.path()).unwrap();
        assert_eq!(std::fs::metadata(dir.path().join(FILE)).unwrap().len(), BYTES as u64);
        reserve.give_up().unwrap();
        reserve.give_up().unwrap();
        assert!(!dir.path().join(FILE).exists());
    }

    #[test]
    fn a09_without_room_there_is_no_reserve() {
        assert!(Reserve::make(Path::new("/dev/full")).is_err());
    }
}
