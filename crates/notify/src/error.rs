//! Why something did not arrive, and whether it is worth another try.

use std::path::PathBuf;
use std::time::Duration;

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;
use trimtab_render::report::ReportError;
use trimtab_render::sanitise;

/// The longest part of an answer that is shown.
const MOST_CHARACTERS: usize = 200;

/// What can be said of something that did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finality {
    /// It did not arrive, and may the next time.
    Later,
    /// It did not arrive, and will not before somebody changes something.
    Never,
    /// It may have arrived: it was sent, and nobody said what became of it.
    Unknown,
}

/// Why something did not arrive. No address of a webhook and no password is ever in it.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The report cannot be written in a format.
    #[error("the report could not be written")]
    Report(#[source] ReportError),
    /// A chart cannot be drawn.
    #[error("a chart could not be drawn: {problem}")]
    Picture {
        /// Why.
        problem: String,
    },
    /// The mail cannot be put together.
    #[error("the mail could not be put together: {problem}")]
    Message {
        /// Why.
        problem: String,
    },
    /// What is needed to send cannot be had.
    #[error("sending could not be prepared: {problem}")]
    Setup {
        /// Why.
        problem: String,
    },
    /// The other side is not there.
    #[error("{place} cannot be reached: {problem}")]
    Unreachable {
        /// Whom.
        place: String,
        /// Why.
        problem: String,
    },
    /// A mail server offers no encryption.
    #[error("{place} offers no STARTTLS; nothing was sent")]
    Insecure {
        /// Which server.
        place: String,
    },
    /// The other side does not want it.
    #[error("{place} refused it: {answer}")]
    Refused {
        /// Who.
        place: String,
        /// What it said.
        answer: String,
    },
    /// The other side does not want it now.
    #[error("{place} does not take it now: {answer}")]
    Deferred {
        /// Who.
        place: String,
        /// What it said.
        answer: String,
        /// How long to leave it alone, where it says so.
        after: Option<Duration>,
    },
    /// It was sent, and nothing was heard of it.
    #[error("it was sent to {place}, which did not say that it has it: {problem}")]
    Unanswered {
        /// To whom.
        place: String,
        /// What happened instead of an answer.
        problem: String,
    },
    /// A file cannot be written.
    #[error("could not write {path}")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
}

impl SendError {
    /// Returns what can be said of it.
    pub fn finality(&self) -> Finality {
        match self {
            // What is missing here, such as a certificate that can be read, is put right here.
            Self::Setup { .. }
            | Self::Unreachable { .. }
            | Self::Deferred { .. }
            | Self::Write { .. } => Finality::Later,
            Self::Report(_)
            | Self::Picture { .. }
            | Self::Message { .. }
            | Self::Insecure { .. }
            | Self::Refused { .. } => Finality::Never,
            Self::Unanswered { .. } => Finality::Unknown,
        }
    }

    /// Returns how long the other side wants to be left alone, where it says so.
    pub fn after(&self) -> Option<Duration> {
        match self {
            Self::Deferred { after, .. } => *after,
            _ => None,
        }
    }
}

impl Explain for SendError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::Report(cause) => {
                return Text::new(self.to_string(), "보고서를 쓰지 못했습니다")
                    .because(&cause.text());
            }
            Self::Picture { problem } => format!("차트를 그리지 못했습니다: {problem}"),
            Self::Message { problem } => format!("메일을 만들지 못했습니다: {problem}"),
            Self::Setup { problem } => format!("보낼 준비를 하지 못했습니다: {problem}"),
            Self::Unreachable { place, problem } => {
                format!("연결하지 못했습니다({place}): {problem}")
            }
            Self::Insecure { place } => {
                format!("메일 서버가 STARTTLS를 지원하지 않아 아무것도 보내지 않았습니다({place})")
            }
            Self::Refused { place, answer } => format!("받는 쪽이 거부했습니다({place}): {answer}"),
            Self::Deferred { place, answer, .. } => {
                format!("받는 쪽이 지금은 받지 않습니다({place}): {answer}")
            }
            Self::Unanswered { place, problem } => {
                format!("보냈지만 받았다는 응답이 없습니다({place}): {problem}")
            }
            Self::Write { path, cause } => {
                let text = Text::new(
                    self.to_string(),
                    format!("파일을 쓰지 못했습니다: {}", path.display()),
                );
                return text.because(&cause.text());
            }
        };
        Text::new(self.to_string(), korean)
    }
}

/// Returns what somebody else said, fit for a line.
pub(crate) fn shortened(text: &str) -> String {
    let line = sanitise(text);
    let line = line.trim();
    match line.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

/// Returns the innermost cause of an error: the outer ones may repeat an address.
pub(crate) fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    shortened(&cause.to_string())
}
