//! Runs what reads the store away from the threads that serve.

use std::sync::Arc;

use trimtab_app::failure::{Failure, Kind};

use crate::shared::Shared;

/// Runs `work` where it may block.
///
/// # Errors
/// Fails as `work` does, and where it panicked.
pub(crate) async fn read<T: Send + 'static>(
    shared: &Arc<Shared>,
    work: impl FnOnce(&Shared) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let shared = Arc::clone(shared);
    match tokio::task::spawn_blocking(move || work(&shared)).await {
        Ok(done) => done,
        Err(cause) => {
            let message = ("a page could not be made", "페이지를 만들지 못했습니다");
            Err(Failure::new(Kind::Failed, message).because(&cause))
        }
    }
}
