//! Stages, and the waves within one.

use serde::{Deserialize, Serialize};

use super::change::Change;
use crate::environment::Environment;

/// What a stage needs before it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Approval {
    /// One person, by the plan's hash.
    Hash,
    /// One person, by the plan's hash and the alias of each account, typed.
    HashAndAlias,
    /// Two persons, one of whom did not make the plan.
    TwoPersons,
}

/// Changes of one environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// The environment.
    pub environment: Environment,
    /// What it needs before it starts.
    pub approval: Approval,
    /// The waves, in order.
    pub waves: Vec<Wave>,
}

/// How much of a stage a wave brings it to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaveName {
    /// The first change of all.
    Canary,
    /// Up to so many percent of the stage's changes.
    Percent(u8),
}

/// Changes that may be under way together, as far as the budget allows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wave {
    /// Which one it is.
    pub name: WaveName,
    /// Its changes, the least risky first.
    pub changes: Vec<Change>,
}
