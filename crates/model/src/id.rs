//! Identifiers, one type each, so that an account cannot stand where a region is meant.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::anomaly::AnomalyOf;

// A macro because twelve newtypes over `String` with the same six traits would
// otherwise be three hundred lines that differ in one word.
macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the identifier as AWS writes it.
            pub fn new(value: impl Into<String>) -> Self {
                Self(value.into())
            }

            /// Returns the identifier as AWS writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self::new(value)
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self(value)
            }
        }
    };
}

identifier! {
    /// An AWS account as a bill names it: FOCUS `SubAccountId`, twelve digits.
    SubAccountId
}
identifier! {
    /// A region code such as `ap-northeast-2`.
    RegionId
}
identifier! {
    /// A resource as its own service names it: `i-…`, `vol-…`, a DB instance identifier, an ARN.
    ResourceId
}
identifier! {
    /// A check, named after the wasteful condition: `ebs-volume-unattached`.
    CheckId
}
identifier! {
    /// An EC2 instance type such as `m6i.large`.
    InstanceType
}
identifier! {
    /// An RDS instance class such as `db.r6g.large`.
    DbInstanceClass
}
identifier! {
    /// A recommendation: a hash of check and resource, stable across runs.
    RecommendationId
}

identifier! {
    /// Days that stand out: a hash of what they are of, and of the first of them.
    AnomalyId
}
identifier! {
    /// A plan: the hash of what it holds.
    PlanId
}
identifier! {
    /// A change of a plan: a hash of its recommendation and its action.
    ChangeId
}
identifier! {
    /// One carrying out of a plan.
    RunId
}

impl RecommendationId {
    /// Returns the identifier for `check` on `resource` in `account` and `region`.
    ///
    /// The same condition on the same resource has the same identifier in every
    /// run, so that a dismissal survives a new analysis. Twelve hexadecimal
    /// digits of SHA-256 behind `R-`.
    pub fn of(
        check: &CheckId,
        account: &SubAccountId,
        region: &RegionId,
        resource: &ResourceId,
    ) -> Self {
        let parts = [check.as_str(), account.as_str(), region.as_str(), resource.as_str()];
        Self(format!("R-{}", digits(&parts)))
    }
}

impl AnomalyId {
    /// Returns the identifier of days in a row that stand out and begin with `first`.
    ///
    /// It stays the same while the days go on. Twelve hexadecimal digits of SHA-256 behind `A-`.
    pub fn of(of: &AnomalyOf, first: Date) -> Self {
        // What has no name is told from what is called nothing.
        let named = |name: &Option<String>| name.as_ref().map(|name| format!("={name}"));
        let (service, account) = (named(&of.service), named(&of.account));
        let parts = [
            service.as_deref().unwrap_or_default(),
            account.as_deref().unwrap_or_default(),
            of.currency.code(),
            if of.is_rise { "rise" } else { "fall" },
            &first.to_string(),
        ];
        Self(format!("A-{}", digits(&parts)))
    }
}

/// Returns twelve hexadecimal digits of the SHA-256 of texts.
fn digits(parts: &[&str]) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digest = hash.finalize();
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recommendation_keeps_its_identifier_across_runs() {
        let of = |resource: &str| {
            RecommendationId::of(
                &"ebs-volume-unattached".into(),
                &"111122223333".into(),
                &"ap-northeast-2".into(),
                &resource.into(),
            )
        };
        assert_eq!(of("vol-1"), of("vol-1"));
        assert_ne!(of("vol-1"), of("vol-2"));
        assert_eq!(of("vol-1").as_str().len(), 14);
    }

    #[test]
    fn an_anomaly_is_told_from_another_by_what_it_is_of_and_by_its_first_day() {
        let of = |service: Option<&str>, is_rise: bool, first: &str| {
            let of = AnomalyOf {
                service: service.map(str::to_owned),
                account: None,
                currency: crate::money::Currency::USD,
                is_rise,
            };
            AnomalyId::of(&of, first.parse().unwrap())
        };
        let one = of(Some("EC2"), true, "2026-10-20");
        assert_eq!(one, of(Some("EC2"), true, "2026-10-20"));
        assert_eq!(one.as_str().len(), 14);
        assert_ne!(one, of(Some("EC2"), false, "2026-10-20"));
        assert_ne!(one, of(Some("EC2"), true, "2026-10-21"));
        assert_ne!(of(None, true, "2026-10-20"), of(Some(""), true, "2026-10-20"));
    }
}
