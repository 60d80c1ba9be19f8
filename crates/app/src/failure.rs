//! What a failure means to the person in front of it: its kind, what to do next,
//! and the exit code.

use std::error::Error;

use trimtab_model::explain::Explain;
use trimtab_model::money::MoneyError;
use trimtab_model::text::{StaticText, Text};
use trimtab_store::InputError;
use trimtab_store::lake::LakeError;

use crate::config::ConfigError;
use crate::filter::FilterError;

/// The kinds of failure, each with one exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something did not work.
    Failed,
    /// The command was used wrongly, or the configuration says something unknown.
    Usage,
    /// Credentials or permissions are missing.
    Permission,
    /// The result is complete but some of the data was not: it was printed.
    Partial,
    /// A plan is too old, or is not what was approved.
    Stale,
    /// A gate failed, and what was changed is as it was before.
    RolledBack,
    /// Something could not be taken back: a person must look.
    NeedsOperator,
    /// The user interrupted.
    Interrupted,
}

impl Kind {
    /// Returns the exit code. They are a contract: see docs/cli.md.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Permission => 3,
            Self::Partial => 4,
            Self::Stale => 20,
            Self::RolledBack => 21,
            Self::NeedsOperator => 22,
            Self::Interrupted => 130,
        }
    }
}

/// A failure as the user sees it.
#[derive(Debug)]
pub struct Failure {
    /// What kind it is.
    pub kind: Kind,
    /// What did not work: a lower-case fragment.
    pub message: Text,
    /// Why, from the outside in.
    pub causes: Vec<Text>,
    /// What to do next.
    pub hint: Option<Box<Text>>,
}

impl Failure {
    /// Makes a failure of `kind`.
    pub fn new(kind: Kind, message: impl Into<Text>) -> Self {
        Self { kind, message: message.into(), causes: Vec::new(), hint: None }
    }

    /// Makes a failure about how the command was used.
    pub fn usage(message: impl Into<Text>, hint: impl Into<Text>) -> Self {
        Self::new(Kind::Usage, message).with_hint(hint)
    }

    /// Makes a failure from an error of ours and its chain of causes.
    pub fn from_error(kind: Kind, error: &(dyn Explain + 'static)) -> Self {
        let failure = Self::new(kind, error.text()).with_causes(error.source());
        let error: &(dyn Error + 'static) = error;
        match error.downcast_ref().and_then(lake_hint) {
            Some(hint) => failure.with_hint(hint),
            None => failure,
        }
    }

    /// Adds why: an error, ours or not, and its chain of causes.
    pub fn because(self, cause: &(dyn Error + 'static)) -> Self {
        self.with_causes(Some(cause))
    }

    /// Adds what to do next.
    pub fn with_hint(mut self, hint: impl Into<Text>) -> Self {
        self.hint = Some(Box::new(hint.into()));
        self
    }

    fn with_causes(mut self, first: Option<&(dyn Error + 'static)>) -> Self {
        let mut source = first;
        while let Some(cause) = source {
            let words = words(cause);
            // Some libraries repeat in each error what the one behind it says.
            if !self.causes.last().is_some_and(|last| last.en.contains(&words.en)) {
                self.causes.push(words);
            }
            source = cause.source();
        }
        self
    }
}

/// Returns what an error says of itself, translated where the words are ours or the system's.
pub(crate) fn words(error: &(dyn Error + 'static)) -> Text {
    if let Some(money) = error.downcast_ref::<MoneyError>() {
        return money.text();
    }
    match error.downcast_ref::<Box<LakeError>>() {
        Some(lake) => lake.text(),
        None => trimtab_store::words(error),
    }
}

/// Returns what to do about a failure of the lake.
fn lake_hint(error: &LakeError) -> Option<StaticText> {
    match error {
        LakeError::Damaged { .. } => Some(StaticText {
            en: "nothing was added up from it; check the disk, and ingest the bill of that month again",
            ko: "이 파일의 금액은 합산하지 않았습니다. 디스크를 점검하고 그 달의 청구서를 다시 수집하세요",
        }),
        LakeError::Place { place, .. } if place.contains("://") => Some(StaticText {
            en: "make the bucket, or correct `lake` in trimtab.toml or TRIMTAB_LAKE; AWS_REGION and the credentials of the environment must be of the bucket",
            ko: "버킷을 만들거나 trimtab.toml의 `lake` 또는 TRIMTAB_LAKE를 바로잡으세요. AWS_REGION과 환경의 자격 증명은 그 버킷의 것이어야 합니다",
        }),
        LakeError::Place { .. }
        | LakeError::Busy
        | LakeError::Engine(_)
        | LakeError::State(_)
        | LakeError::Amount(_)
        | LakeError::Unexpected(_) => None,
    }
}

impl From<FilterError> for Failure {
    fn from(error: FilterError) -> Self {
        let message = Text::new("the filter cannot be read", "필터를 읽을 수 없습니다");
        Self::usage(
            message.because(&error.text()),
            (
                "for example --filter 'saving>500usd and risk<=low and env!=prod'",
                "예: --filter 'saving>500usd and risk<=low and env!=prod'",
            ),
        )
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error.text(), *error.hint)
    }
}

impl From<&InputError> for Failure {
    fn from(error: &InputError) -> Self {
        Self::new(Kind::Failed, error.text()).with_hint(error.hint.as_ref().clone())
    }
}
