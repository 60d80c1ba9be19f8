//! Which environment a resource serves, read from its tags.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An environment, in the order in which changes reach them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// Developers' own machines.
    Dev,
    /// Where a change proves itself.
    Staging,
    /// What players meet.
    Prod,
    /// No tag says: treated as carefully as production.
    Unknown,
}

impl Environment {
    /// Every environment, in the order in which changes reach them.
    pub const ALL: &'static [Self] = &[Self::Dev, Self::Staging, Self::Prod, Self::Unknown];

    /// Returns the short name: `dev`, `staging`, `prod` or `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Staging => "staging",
            Self::Prod => "prod",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
