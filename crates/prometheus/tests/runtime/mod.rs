//! What runs a conversation in a test.

/// Waits for a conversation to end.
pub fn block_on<T>(conversation: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("threads")
        .block_on(conversation)
}
