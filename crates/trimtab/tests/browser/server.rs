//! A server of the test's own.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::support::Exports;

/// Returns the directory that commands run in, which is their home too.
pub fn home(exports: &Exports) -> PathBuf {
    exports.data_dir().parent().expect("a directory of ours").to_owned()
}

/// A server that ends with its test.
pub struct Server {
    /// The process.
    pub child: Child,
    /// The address that it printed.
    pub address: String,
}

impl Server {
    /// Starts it on a free port.
    pub fn start(exports: &Exports) -> Self {
        Self::start_with(exports, &[])
    }

    /// Starts it on a free port, with other flags besides.
    pub fn start_with(exports: &Exports, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_trimtab"))
            .args(["serve", "--addr", "127.0.0.1:0"])
            .args(more)
            .current_dir(home(exports))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home(exports))
            .env("TRIMTAB_DATA_DIR", exports.data_dir())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let mut address = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut address).expect("it says where it is");
        assert!(address.starts_with("http://127.0.0.1:"), "it did not start: {address}");
        Self { child, address: address.trim().to_owned() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, which its test has seen then.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
