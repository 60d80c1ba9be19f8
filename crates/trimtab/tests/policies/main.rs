//! The policies that `trimtab iam` prints: sound by a tool that others wrote, and refusing
//! everything that no change of ours does.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

mod evaluate;
mod lint;
mod matrix;

use std::process::Command;

use serde_json::Value;

/// The account that the policies are printed for.
const ACCOUNT: &str = "111122223333";

/// Returns what the program prints.
fn printed(arguments: &[&str]) -> Value {
    let home = tempfile::tempdir().expect("a temporary directory");
    let output = Command::new(env!("CARGO_BIN_EXE_trimtab"))
        .args(["iam", "policy"])
        .args(arguments)
        .current_dir(home.path())
        .env_clear()
        .env("HOME", home.path())
        .env("TRIMTAB_DATA_DIR", home.path())
        .env("TRIMTAB_TEST_EXTERNAL_ID", "0123456789abcdef0123456789abcdef")
        .output()
        .expect("the binary runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    serde_json::from_slice(&output.stdout).expect("a policy")
}
