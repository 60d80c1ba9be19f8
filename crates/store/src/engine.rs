//! The one place where the query engine is made, so that another one can replace it.

use std::future::Future;
use std::sync::Arc;

use datafusion::execution::context::SessionContext;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::prelude::SessionConfig;
use object_store::ObjectStore;
use tokio::runtime::{Builder, Handle, Runtime};

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

/// A failure of the engine.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Its threads could not be started.
    #[error("could not start the query engine")]
    Start(#[source] std::io::Error),
    /// A query failed.
    #[error("could not query the lake")]
    Query(#[from] datafusion::error::DataFusionError),
}

impl Explain for EngineError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::Start(_) => "쿼리 엔진을 시작하지 못했습니다",
            Self::Query(_) => "레이크를 조회하지 못했습니다",
        };
        Text::new(self.to_string(), korean)
    }
}

/// A query engine with threads of its own.
///
/// Its functions block. Call them from a thread that may block, not from an
/// asynchronous task.
pub struct Engine {
    handle: Handle,
    runtime: Option<Runtime>,
    session: SessionContext,
}

/// Whoever holds the last one may be a task of another runtime, where nobody may wait: what is idle
/// now ends by itself.
impl Drop for Engine {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Engine {
    /// Starts an engine with `threads` threads.
    ///
    /// # Errors
    /// Fails when threads cannot be started.
    pub fn new(threads: usize) -> Result<Self, EngineError> {
        let threads = threads.max(1);
        let runtime = Builder::new_multi_thread()
            .worker_threads(threads)
            .thread_name("trimtab-engine")
            .enable_all()
            .build()
            .map_err(EngineError::Start)?;
        let handle = runtime.handle().clone();
        Ok(Self { handle, runtime: Some(runtime), session: session(threads) })
    }

    /// Returns the session.
    pub fn session(&self) -> &SessionContext {
        &self.session
    }

    /// Lets queries read an object store by its URL.
    pub fn register(&self, url: &ObjectStoreUrl, store: Arc<dyn ObjectStore>) {
        self.session.register_object_store(url.as_ref(), store);
    }

    /// Waits for a query.
    pub fn wait<T>(&self, query: impl Future<Output = T>) -> T {
        self.handle.block_on(query)
    }
}

/// Makes the session.
fn session(threads: usize) -> SessionContext {
    let config = SessionConfig::new()
        .with_target_partitions(threads)
        .with_batch_size(16_384)
        .with_parquet_pruning(true)
        .with_collect_statistics(true);
    SessionContext::new_with_config(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_may_go_in_a_task_of_another_runtime() {
        let engine = Arc::new(Engine::new(1).unwrap());
        assert_eq!(engine.wait(async { 1 }), 1);
        let other = Builder::new_current_thread().build().unwrap();
        other.block_on(async move { drop(engine) });
    }
}
