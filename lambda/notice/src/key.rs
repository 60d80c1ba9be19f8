//! Names that stay the same however often an event arrives.

use sha2::{Digest, Sha256};

/// Returns the name of an object: 64 hexadecimal digits, because a key is longer than an index may be.
pub fn file_id(bucket: &str, object_key: &str) -> String {
    digest(&[bucket, object_key])
}

/// Returns the name of a notice: the same id in another file is another notice.
pub fn notice_key(file_id: &str, id: &str) -> String {
    digest(&[file_id, id])
}

/// Returns the name of a message, which is what a receiver recognises it by.
pub fn message_key(about: &str, channel: &str) -> String {
    digest(&[about, channel])
}

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(file_id("ab", "c"), file_id("a", "bc"));
    }

    #[test]
    fn a_key_has_sixty_four_digits() {
        assert_eq!(notice_key("file", "id").len(), 64);
    }
}
