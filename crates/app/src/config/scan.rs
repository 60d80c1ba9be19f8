//! `scan`: how live accounts are read.

use serde::Deserialize;

use trimtab_aws::pace::DEFAULT_SHARE_PERCENT;

use super::refused::Refused;

/// `scan`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScanTable {
    /// The share of AWS's default limits that a scan uses.
    pub share_percent: Option<SharePercent>,
}

/// A share of AWS's default limits, in percent: above 100 only where AWS has raised yours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct SharePercent(u32);

impl SharePercent {
    const MOST: u32 = 10_000;

    /// Returns the percentage.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl Default for SharePercent {
    fn default() -> Self {
        Self(DEFAULT_SHARE_PERCENT)
    }
}

impl TryFrom<i64> for SharePercent {
    type Error = Refused;

    fn try_from(value: i64) -> Result<Self, Self::Error> {
        u32::try_from(value)
            .ok()
            .filter(|share| (1..=Self::MOST).contains(share))
            .map(Self)
            .ok_or_else(|| {
                let most = Self::MOST;
                Refused::new(
                    format!("`{value}` is not a share: a number from 1 to {most}"),
                    format!("비율이 아닙니다. 1부터 {most}까지의 수여야 합니다: `{value}`"),
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_percentage_above_zero() {
        let check = |text: &str, expected: Option<u32>| {
            let share = toml::from_str::<ScanTable>(text)
                .ok()
                .map(|table| table.share_percent.unwrap_or_default().get());
            assert_eq!(share, expected, "{text}");
        };
        check("", Some(30));
        check("share_percent = 100", Some(100));
        check("share_percent = 0", None);
        check("share_percent = 10001", None);
        check("share_percent = -5", None);
        check("share_percent = \"30\"", None);
    }
}
