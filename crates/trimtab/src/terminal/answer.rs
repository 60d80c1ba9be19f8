//! Writes answers to stdout. A reader that closes the pipe is not an error.

use std::io::{ErrorKind, Write};

use trimtab_app::failure::{Failure, Kind};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Printed {
    /// The answer is complete.
    Complete,
    /// The answer was printed; some of the data behind it was missing.
    Partial,
    /// The answer was printed, and it says that something is wrong.
    Found(Kind),
    /// The answer was printed as far as it was when the user interrupted.
    Interrupted,
}

/// Prints bytes as they are.
///
/// # Errors
/// Fails if stdout cannot be written, unless its reader went away.
pub fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe => {
            let message = ("could not write the answer", "결과를 출력하지 못했습니다");
            Err(Failure::new(Kind::Failed, message).because(&cause))
        }
        _ => Ok(()),
    }
}

/// Prints text, with a line end behind it.
///
/// # Errors
/// Fails if stdout cannot be written, unless its reader went away.
pub fn print_text(text: &str) -> Result<(), Failure> {
    let mut text = text.to_owned();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    print_bytes(text.as_bytes())
}

/// Prints a JSON document, indented.
///
/// # Errors
/// Fails if stdout cannot be written, unless its reader went away.
pub fn print_json(value: &serde_json::Value) -> Result<(), Failure> {
    print_text(&trimtab_render::contract::pretty(value))
}
