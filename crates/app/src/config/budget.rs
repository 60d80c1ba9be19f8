//! `[[budget]]`: what a month may cost, in all or of one account, team or service.

use std::path::PathBuf;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::Deserialize;

use trimtab_model::money::{Currency, Money};

use super::file::ConfigFile;
use super::keys::{Key, KeyKind};
use super::refused::Refused;

/// One budget. Every condition that is given must hold of a charge.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetTable {
    /// What people call it.
    pub name: Option<String>,
    /// What a calendar month may cost.
    pub monthly: MoneyText,
    /// The account whose cost counts.
    pub account: Option<String>,
    /// The value of a tag of `tags.owners` whose cost counts.
    pub team: Option<String>,
    /// The service whose cost counts, as the bill names it.
    pub service: Option<String>,
}

impl BudgetTable {
    /// Returns what its cost is kept to, in order: account, team, service. Empty for the whole bill.
    pub fn scope(&self) -> Vec<&str> {
        [&self.account, &self.team, &self.service]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect()
    }
}

/// Returns the budgets of the first file that names any.
pub(super) fn budgets(layers: &[(PathBuf, ConfigFile)]) -> Vec<BudgetTable> {
    let mut all = layers.iter().map(|(_, file)| &file.budget);
    all.find(|budgets| !budgets.is_empty()).cloned().unwrap_or_default()
}

/// An amount above zero with its currency, such as `28500 USD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "toml::Value")]
pub struct MoneyText(pub Money);

impl TryFrom<toml::Value> for MoneyText {
    type Error = Refused;

    fn try_from(value: toml::Value) -> Result<Self, Self::Error> {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let parts: Vec<&str> = text.split_whitespace().collect();
        let money = match parts.as_slice() {
            [amount, currency] => {
                let amount = Decimal::from_str(&amount.replace([',', '_'], "")).ok();
                let currency = Currency::from_str(currency).ok();
                amount.zip(currency).map(|(amount, currency)| Money::new(amount, currency))
            }
            _ => None,
        };
        money.filter(|money| money.is_positive()).map(Self).ok_or_else(|| {
            Refused::new(
                format!(
                    "`{text}` is no amount above zero with its currency, such as \"28500 USD\""
                ),
                format!("\"28500 USD\"처럼 통화가 붙은 0보다 큰 금액이 아닙니다: `{text}`"),
            )
        })
    }
}

/// The keys, in the order of the page.
pub(super) const BUDGET_KEYS: &[Key] = &[
    Key {
        path: "budget[].monthly",
        kind: KeyKind::Text,
        default: "",
        text: "What a calendar month (UTC) may cost, with its currency, such as \"28500 USD\" or \"40000000 KRW\". Required; one `[[budget]]` is one budget. A budget in another currency than the bill's is compared by a rate of `exchange_rate`.",
    },
    Key {
        path: "budget[].name",
        kind: KeyKind::Text,
        default: "what it is of",
        text: "What people call the budget.",
    },
    Key {
        path: "budget[].account",
        kind: KeyKind::Text,
        default: "every account",
        text: "The account whose cost counts: its twelve digits, quoted. Where account, team and service are given together, all must hold.",
    },
    Key {
        path: "budget[].team",
        kind: KeyKind::Text,
        default: "every team",
        text: "The team whose cost counts: charges with this value in a tag of `tags.owners`, in any case.",
    },
    Key {
        path: "budget[].service",
        kind: KeyKind::Text,
        default: "every service",
        text: "The service whose cost counts, as the bill names it, such as \"Amazon Elastic Compute Cloud\".",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(text: &str) -> Result<BudgetTable, String> {
        toml::from_str(text).map_err(|cause: toml::de::Error| cause.message().to_owned())
    }

    #[test]
    fn an_amount_is_exact_and_has_a_currency() {
        let table = budget("monthly = \"40,000,000 KRW\"\nteam = \"live-ops\"").unwrap();
        assert_eq!(table.monthly.0, Money::new(40_000_000.into(), Currency::KRW));
        assert_eq!(table.scope(), ["live-ops"]);
    }

    #[test]
    fn an_amount_without_a_currency_or_above_nothing_is_refused() {
        for text in [
            "monthly = 28500",
            "monthly = \"28500\"",
            "monthly = \"0 USD\"",
            "monthly = \"-5 USD\"",
        ] {
            let problem = budget(text).unwrap_err();
            assert!(problem.contains("28500 USD"), "{problem}");
        }
        assert!(budget("name = \"all\"").is_err());
    }
}
