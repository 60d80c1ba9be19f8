//! What is known of the resource of a change just before anything is asked of AWS.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::preflight::{
    AddressPreflight, DbInstancePreflight, DbStoragePreflight, FunctionPreflight, GroupPreflight,
    InstancePreflight, LogGroupPreflight, VolumePreflight,
};
use crate::text::Reason;

/// What must be known of a resource besides what it is, before it is changed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Facts {
    /// Nothing was read.
    #[default]
    None,
    /// Of an instance.
    Instance(Box<InstancePreflight>),
    /// Of a volume.
    Volume(VolumePreflight),
    /// Of an address.
    Address(AddressPreflight),
    /// Of a database whose class is changed.
    DbInstance(Box<DbInstancePreflight>),
    /// Of a database whose storage is changed.
    DbStorage(DbStoragePreflight),
    /// Of a function.
    Function(FunctionPreflight),
    /// Of a log group.
    LogGroup(LogGroupPreflight),
    /// Of an Auto Scaling group.
    Group(GroupPreflight),
}

/// The facts, and why those are absent that are.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Inspected {
    /// What was read.
    pub facts: Facts,
    /// What could not be read: AWS's refusals and failures, in the order in which they came.
    pub unread: Vec<Reason>,
    /// What people vouched for, by the row of the table that it is about.
    pub attested: BTreeMap<String, Attested>,
}

/// What somebody vouched for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attested {
    /// Who.
    pub by: String,
    /// What they saw or decided, in their own words.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

/// What one row of a table says of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowVerdict {
    /// Never in place.
    Block,
    /// What it needs was not read: nothing is done without it.
    Unread,
    /// Only after another step, which is not made here.
    Prep,
    /// Only with a word of the owner, which is not there.
    Attest,
    /// Later.
    Wait,
    /// Said, and no more.
    Warn,
    /// The owner gave their word.
    Attested,
    /// Nothing is in the way.
    Pass,
}

/// One row of a table, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedRow {
    /// Its name, such as `ec2-24`.
    pub row: String,
    /// What it says.
    pub verdict: RowVerdict,
    /// Why; empty where nothing is in the way.
    pub reasons: Vec<Reason>,
}

impl RowVerdict {
    /// Every verdict, the worst first.
    pub const ALL: [Self; 8] = [
        Self::Block,
        Self::Unread,
        Self::Prep,
        Self::Attest,
        Self::Wait,
        Self::Warn,
        Self::Attested,
        Self::Pass,
    ];

    /// Returns the word that is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Unread => "unread",
            Self::Prep => "prep",
            Self::Attest => "attest",
            Self::Wait => "wait",
            Self::Warn => "warn",
            Self::Attested => "attested",
            Self::Pass => "pass",
        }
    }
}
