//! Days of the bill whose cost stands out, and what people said of them.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::AnomalyId;
use crate::money::{Currency, Money};

/// What an anomaly is of: days in a row that stand out are one for each of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnomalyOf {
    /// `ServiceName`, where the bill has it.
    pub service: Option<String>,
    /// `SubAccountId`, where the bill has it.
    pub account: Option<String>,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Whether more was spent than usual, or less.
    pub is_rise: bool,
}

/// What a person says that an anomaly is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnomalyKind {
    /// It was to be expected: an event, a launch, a migration.
    Expected,
    /// It is a mistake or a waste, and nobody is at it yet.
    Real,
    /// Somebody is at it.
    InProgress,
}

impl AnomalyKind {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Expected, Self::Real, Self::InProgress];

    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Real => "real",
            Self::InProgress => "in-progress",
        }
    }
}

impl FromStr for AnomalyKind {
    type Err = UnknownAnomalyKind;

    fn from_str(word: &str) -> Result<Self, UnknownAnomalyKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or(UnknownAnomalyKind)
    }
}

/// A word that no kind of anomaly has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an anomaly is expected, real or in-progress")]
pub struct UnknownAnomalyKind;

/// What somebody said of an anomaly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// The identifier that the anomaly had.
    pub id: AnomalyId,
    /// What it was of.
    pub of: AnomalyOf,
    /// By how much each of its days differed from what is usual, when it was said.
    pub days: BTreeMap<Date, Money>,
    /// What it is.
    pub kind: AnomalyKind,
    /// Why, in the words of whoever said it.
    pub reason: String,
    /// Who said it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// How an anomaly stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnomalyStanding {
    /// Nobody said anything of it.
    Open,
    /// Somebody said what it is.
    Acknowledged(Acknowledgement),
    /// Somebody did, and it grew by more since than makes a day stand out.
    Returned {
        /// What was said.
        before: Acknowledgement,
        /// By how much it grew.
        growth: Money,
    },
}

impl AnomalyStanding {
    /// Returns whether somebody is to look at it.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Open | Self::Returned { .. } => true,
            Self::Acknowledged(_) => false,
        }
    }

    /// Returns what was said of it, also where it came back since.
    pub fn acknowledgement(&self) -> Option<&Acknowledgement> {
        match self {
            Self::Open => None,
            Self::Acknowledged(said) | Self::Returned { before: said, .. } => Some(said),
        }
    }

    /// Returns the word, as in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged(_) => "acknowledged",
            Self::Returned { .. } => "returned",
        }
    }
}

/// What stands out in the bill, and how it was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomalies {
    /// The first and the last day that were judged, UTC; absent where no day has enough weeks of the bill before it.
    pub judged: Option<(Date, Date)>,
    /// How many days the bill covers without a gap up to its last.
    pub covered_days: u64,
    /// How many weeks before a day are needed.
    pub least_weeks: u64,
    /// From this day on AWS may still change what the bill says.
    pub provisional_from: Date,
    /// The currency that was looked at.
    pub currency: Currency,
    /// Whether cost is effective; billed where some charges have no effective cost.
    pub is_effective: bool,
    /// From how much a day on a day may stand out; absent where nothing could be judged.
    pub least_amount: Option<Money>,
    /// From which share of the usual cost on, in percent.
    pub least_percent: u64,
    /// What all that rose cost more than usual; absent where nothing could be judged.
    pub rose: Option<Money>,
    /// What stands out, the largest difference first.
    pub items: Vec<AnomalyItem>,
    /// Cost of usage by day in the days judged; absent on a day that no bill covers.
    pub days: Vec<(Date, Option<Money>)>,
}

/// Days in a row of one service in one account that stand out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnomalyItem {
    /// Its identifier.
    pub id: AnomalyId,
    /// What it is of.
    pub of: AnomalyOf,
    /// By how much each day differed from what is usual.
    pub days: BTreeMap<Date, Money>,
    /// The first day, UTC.
    pub from: Date,
    /// The last day, which counts too.
    pub until: Date,
    /// What the days cost.
    pub cost: Money,
    /// What the same weekdays usually cost.
    pub usual: Money,
    /// The difference.
    pub difference: Money,
    /// Whether AWS may still change what one of the days cost.
    pub is_provisional: bool,
    /// How it stands.
    pub standing: AnomalyStanding,
    /// Usage types that moved most the same way; empty where the bill has none.
    pub usage_types: Vec<AnomalyPart>,
    /// Resources that moved most the same way; empty where the bill has none.
    pub resources: Vec<AnomalyPart>,
    /// Whether its parts were looked up: those of the largest are.
    pub is_explained: bool,
}

/// A part of a service that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnomalyPart {
    /// The usage type, or the resource.
    pub key: String,
    /// By how much more or less it cost than usual.
    pub difference: Money,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back_from_its_word() {
        for kind in AnomalyKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        assert_eq!("fine".parse::<AnomalyKind>(), Err(UnknownAnomalyKind));
    }
}
