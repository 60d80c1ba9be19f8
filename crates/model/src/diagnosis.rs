//! What was tried before accounts are read, and what is missing for what.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::id::{CheckId, RegionId, SubAccountId};
use crate::opinion::OpinionSource;
use crate::resource::ResourceKind;
use crate::text::{Reason, Text};

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it belongs to.
    pub area: Area,
    /// How it ended.
    pub status: Status,
    /// The account, where it is about one.
    pub account: Option<SubAccountId>,
    /// The region, where it is about one.
    pub region: Option<RegionId>,
    /// What was found.
    pub reason: Reason,
    /// What to do about it.
    pub hint: Option<Text>,
}

impl Step {
    /// Makes a step about no place in particular.
    pub fn new(area: Area, status: Status, reason: Reason) -> Self {
        Self { area, status, account: None, region: None, reason, hint: None }
    }

    /// Adds the account, and the region where it is about one.
    pub fn at(mut self, account: &str, region: Option<&str>) -> Self {
        self.account = Some(account.into());
        self.region = region.map(RegionId::new);
        self
    }

    /// Adds what to do about it.
    pub fn with_hint(mut self, hint: impl Into<Text>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What a step belongs to, in the order in which they are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// Who we are.
    Credentials,
    /// Which accounts and regions let us in.
    Accounts,
    /// What may be read there.
    Permissions,
    /// This machine.
    Environment,
}

impl Area {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Accounts => "accounts",
            Self::Permissions => "permissions",
            Self::Environment => "environment",
        }
    }
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It works.
    Ok,
    /// It works, and something about it should be known.
    Note,
    /// Credentials, a setting or a permission is missing.
    Missing,
    /// It could not be found out, or does not work.
    Failed,
    /// It was not tried.
    NotAsked,
}

impl Status {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Missing => "missing",
            Self::Failed => "failed",
            Self::NotAsked => "not-asked",
        }
    }
}

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Resources of a kind.
    Kind(ResourceKind),
    /// Metrics.
    Metrics,
    /// What a service of AWS recommends.
    Opinions(OpinionSource),
}

impl Subject {
    /// Returns the kind, where it is one.
    pub fn kind(self) -> Option<ResourceKind> {
        match self {
            Self::Kind(kind) => Some(kind),
            Self::Metrics | Self::Opinions(_) => None,
        }
    }

    /// Returns the service whose opinion it is, where it is one.
    pub fn opinions(self) -> Option<OpinionSource> {
        match self {
            Self::Opinions(source) => Some(source),
            Self::Kind(_) | Self::Metrics => None,
        }
    }
}

/// One IAM action in one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permission {
    /// The account.
    pub account: SubAccountId,
    /// The region.
    pub region: RegionId,
    /// What it reads.
    pub subject: Subject,
    /// The action.
    pub action: String,
    /// Whether it is allowed.
    pub status: Status,
}

/// A need that is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// Who needs it: an ARN of IAM.
    pub principal: String,
    /// Who that is, in words.
    pub who: Text,
    /// The account that cannot be read.
    pub account: SubAccountId,
    /// Where it was refused; everywhere where empty.
    pub regions: BTreeSet<RegionId>,
    /// The actions that were refused.
    pub actions: Vec<String>,
    /// What cannot be read without.
    pub subjects: Vec<Subject>,
    /// The checks that will say Unknown.
    pub checks: Vec<CheckId>,
    /// The statement of a policy that grants it.
    pub statement: Value,
}
