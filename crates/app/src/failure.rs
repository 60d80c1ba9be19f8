//! What a failure means to the person in front of it: its kind, what to do next,
//! and the exit code.

use std::error::Error;

use trimtab_store::InputError;

use crate::config::ConfigError;

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
    pub message: String,
    /// Why, from the outside in.
    pub causes: Vec<String>,
    /// What to do next.
    pub hint: Option<String>,
}

impl Failure {
    /// Makes a failure of `kind`.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), causes: Vec::new(), hint: None }
    }

    /// Makes a failure about how the command was used.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message).with_hint(hint)
    }

    /// Makes a failure from an error and its chain of causes.
    pub fn from_error(kind: Kind, error: &dyn Error) -> Self {
        let mut causes = Vec::new();
        let mut source = error.source();
        while let Some(cause) = source {
            causes.push(cause.to_string());
            source = cause.source();
        }
        Self { kind, message: error.to_string(), causes, hint: None }
    }

    /// Adds what to do next.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error.to_string(), error.hint)
    }
}

impl From<&InputError> for Failure {
    fn from(error: &InputError) -> Self {
        Self::new(Kind::Failed, error.to_string()).with_hint(error.hint.clone())
    }
}
