//! The company of the demo.

use crate::support::{Exports, stderr};

/// Reads it as a user's own exports are read, with this configuration.
pub fn company(configuration: &str) -> Exports {
    let exports = Exports::empty();
    let root = exports.dir().parent().expect("a directory around it").to_owned();
    std::fs::write(root.join("trimtab.toml"), configuration).expect("a file of our own");
    let story = root.join("story");
    let story = story.to_str().expect("UTF-8");
    for arguments in [
        &["demo", "--no-serve", "--dir", story][..],
        &["ingest", "--from", story],
        &["analyze", "--as-of", "2026-10-31T00:00:00Z"],
    ] {
        let output = exports.trimtab(arguments);
        assert!(matches!(output.status.code(), Some(0 | 4)), "{}", stderr(&output));
    }
    exports
}
