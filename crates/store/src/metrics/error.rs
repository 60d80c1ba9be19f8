//! What can go wrong while metrics are read, apart from what is wrong in a file.

use datafusion::error::DataFusionError;

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

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

impl Explain for MetricsError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::Engine(_) => "엔진이 지표를 읽지 못했습니다",
            Self::Window => "지표를 볼 기간이 136년보다 깁니다",
            Self::Malformed => "엔진이 잘못된 프로필을 돌려주었습니다",
        };
        Text::new(self.to_string(), korean)
    }
}
