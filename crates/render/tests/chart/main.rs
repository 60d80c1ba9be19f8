//! Every chart, as its callers draw it.
#![expect(clippy::unwrap_used, reason = "tests")]

mod gallery;
mod hostile;
mod sample;
mod structure;
