//! What can go wrong while metrics are read, apart from what is wrong in a file.

use datafusion::error::DataFusionError;

/// Why metrics could not be read.
#[derive(Debug, thiserror::Error)]
pub enum MetricsError {
    /// The engine failed, and no file is to blame.
    #[error("the engine could not read the metrics")]
    Engine(#[from] DataFusionError),
    /// The window is longer than the 136 years that a sample's offset can hold.
    #[error("the window of metrics is longer than 136 years")]
    Window,
    /// A profile came back in a shape that this version does not know.
    #[error("the engine returned a malformed profile")]
    Malformed,
}
