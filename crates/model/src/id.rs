//! Identifiers, one type each, so that an account cannot stand where a region is meant.

use std::fmt;

use serde::{Deserialize, Serialize};

// A macro because eleven newtypes over `String` with the same six traits would
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
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        for part in [check.as_str(), account.as_str(), region.as_str(), resource.as_str()] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let digest = hash.finalize();
        let hex: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Self(format!("R-{hex}"))
    }
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
}
