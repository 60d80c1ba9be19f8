//! `trimtab backtest` on the command line.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use trimtab_model::policy::{Preset, SizingPolicy};

/// `trimtab backtest`.
#[derive(Debug, Args)]
pub struct BacktestArgs {
    /// Directory with inventory/ and metrics/ [default: what was ingested and scanned]
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// How much a size is chosen from, in days such as 14d
    #[arg(long, value_name = "DAYS", default_value = "14d", value_parser = parse_days)]
    pub train: u32,
    /// How much it must hold for, in days such as 14d
    #[arg(long, value_name = "DAYS", default_value = "14d", value_parser = parse_days)]
    pub test: u32,
    /// Judge this policy in place of the configuration's
    #[arg(long, value_name = "POLICY")]
    pub policy: Option<PolicyName>,
    /// Account of inventory files that do not say theirs
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Region of inventory files that do not say theirs
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
}

/// A policy by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PolicyName {
    /// The least expected cost: price, credits and harm.
    ExpectedCost,
    /// Compute Optimizer's default preset.
    Default,
    /// Its preset of maximum savings.
    MaximumSavings,
    /// Its balanced preset.
    Balanced,
    /// Its preset of maximum performance.
    MaximumPerformance,
}

impl PolicyName {
    /// Returns the policy.
    pub fn policy(self) -> SizingPolicy {
        match self {
            Self::ExpectedCost => SizingPolicy::default(),
            Self::Default => SizingPolicy::preset(Preset::Default),
            Self::MaximumSavings => SizingPolicy::preset(Preset::MaximumSavings),
            Self::Balanced => SizingPolicy::preset(Preset::Balanced),
            Self::MaximumPerformance => SizingPolicy::preset(Preset::MaximumPerformance),
        }
    }
}

/// Reads days such as `14d`.
fn parse_days(text: &str) -> Result<u32, String> {
    text.strip_suffix('d')
        .and_then(|days| days.parse::<u32>().ok())
        .filter(|days| (1..=366).contains(days))
        .ok_or_else(|| format!("`{text}` is not a number of days such as 14d"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_a_number_and_a_d() {
        assert_eq!(parse_days("14d"), Ok(14));
        for wrong in ["14", "0d", "d", "-1d", "400d"] {
            assert!(parse_days(wrong).is_err(), "{wrong}");
        }
    }
}
