//! Ctrl-C, or being told to end: the work ends at once, and nothing half-written stays.

use std::io;

/// Calls `then` when the user interrupts or the system asks for the end, from a thread of its own; the work goes on until
/// `then` ends the process.
///
/// The data directory needs no care: bills, metrics and decisions are each written whole or
/// not at all, and what was staged goes with the next ingest.
///
/// # Errors
/// Fails where the system lets nobody wait for an interruption.
pub fn on_interrupt(then: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let waiting = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("interrupt".to_owned()).spawn(move || {
        if waiting.block_on(asked_to_end()).is_ok() {
            then();
        }
    })?;
    Ok(())
}

#[cfg(unix)]
async fn asked_to_end() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    // What stops services and machines sends this one.
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminated.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn asked_to_end() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
