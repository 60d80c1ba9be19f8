//! The closed vocabularies of FOCUS 1.2, spelled as the specification spells them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A word that its FOCUS column does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not a {column}; allowed are {allowed}")]
pub struct FocusWordError {
    /// The FOCUS column.
    pub column: &'static str,
    /// What was found.
    pub value: String,
    /// The allowed words, separated by commas.
    pub allowed: String,
}

// A macro because the closed vocabularies differ only in their words.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident, $column:literal, { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// Every word the column allows, in the order of the specification.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the word as the specification spells it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = FocusWordError;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word).ok_or_else(|| FocusWordError {
                    column: $column,
                    value: word.to_owned(),
                    allowed: Self::ALL.iter().map(|known| known.as_str()).collect::<Vec<_>>().join(", "),
                })
            }
        }
    };
}

vocabulary! {
    /// The highest classification of a charge.
    ChargeCategory, "ChargeCategory", {
        /// Consumption of a service or resource.
        Usage = "Usage",
        /// Acquisition of a service or a commitment.
        Purchase = "Purchase",
        /// Levied by an authority.
        Tax = "Tax",
        /// A voucher or incentive.
        Credit = "Credit",
        /// Anything else the provider applied after the fact.
        Adjustment = "Adjustment",
    }
}

vocabulary! {
    /// Whether a charge corrects an earlier billing period.
    ChargeClass, "ChargeClass", {
        /// A correction of a period that was invoiced already.
        Correction = "Correction",
    }
}

vocabulary! {
    /// How the price of a charge came about.
    PricingCategory, "PricingCategory", {
        /// The list price or a negotiated one.
        Standard = "Standard",
        /// A price that moves with the market: Spot.
        Dynamic = "Dynamic",
        /// A price under a commitment discount.
        Committed = "Committed",
        /// Anything else.
        Other = "Other",
    }
}

vocabulary! {
    /// Whether a committed amount was used.
    CommitmentDiscountStatus, "CommitmentDiscountStatus", {
        /// The commitment covered this usage.
        Used = "Used",
        /// The commitment was paid for and covered nothing.
        Unused = "Unused",
    }
}

vocabulary! {
    /// How often a charge occurs.
    ChargeFrequency, "ChargeFrequency", {
        /// Once.
        OneTime = "One-Time",
        /// Again every period.
        Recurring = "Recurring",
        /// As consumed.
        UsageBased = "Usage-Based",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_word_is_refused_with_the_allowed_ones() {
        let error = "Refund".parse::<ChargeCategory>().unwrap_err();
        assert!(error.to_string().contains("Usage, Purchase, Tax, Credit, Adjustment"));
    }
}
