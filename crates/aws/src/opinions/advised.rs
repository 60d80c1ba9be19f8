//! The parts that opinions of all kinds have.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use trimtab_model::money::Money;
use trimtab_model::opinion::{Advice, Aspect, Opinion, OpinionSource};
use trimtab_model::resource::ResourceKind;

use super::name;
use crate::session::Session;

/// Makes an opinion of Compute Optimizer about a resource of the session's place that has no
/// more to it than what is said here; absent where its ARN cannot be read.
pub(super) fn opinion(
    session: &Session,
    kind: ResourceKind,
    arn: Option<&str>,
    advice: Advice,
    finding: &str,
) -> Option<Opinion> {
    let arn = arn?;
    let id = name::of_arn(kind, arn)?;
    Some(Opinion {
        source: OpinionSource::ComputeOptimizer,
        account: session.account().clone(),
        region: name::region_of_arn(arn).map_or_else(|| session.region().clone(), Into::into),
        kind,
        id: id.into(),
        aspect: Aspect::Whole,
        advice,
        finding: finding.to_owned(),
        reason_codes: Vec::new(),
        recommended: BTreeMap::new(),
        summary: None,
        monthly_saving: None,
        monthly_saving_after_discounts: None,
        lookback_days: None,
        memory: None,
        refreshed_at: None,
    })
}

/// Returns an amount that AWS gives as a binary number: its shortest decimal digits.
pub(super) fn saving(value: f64, currency: Option<&str>) -> Option<Money> {
    let amount: Decimal = value.to_string().parse().ok()?;
    let currency = currency.unwrap_or("USD").parse().ok()?;
    Some(Money { amount: amount.normalize(), currency })
}

/// Returns whole days; absent where AWS gives none.
pub(super) fn days(value: f64) -> Option<u32> {
    (1.0..=3650.0).contains(&value).then_some(value as u32)
}

/// Makes the proposal of one key.
pub(super) fn target(key: &str, value: Option<String>) -> BTreeMap<String, String> {
    value.map(|value| (key.to_owned(), value)).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_the_digits_that_aws_shows() {
        let amount = |value| saving(value, Some("USD")).map(|money| money.amount.to_string());
        assert_eq!(amount(210.24).as_deref(), Some("210.24"));
        assert_eq!(amount(0.1 + 0.2).as_deref(), Some("0.30000000000000004"));
        assert_eq!(amount(f64::NAN), None);
        assert_eq!(saving(1.0, Some("dollars")), None);
    }

    #[test]
    fn a_look_back_is_whole_days() {
        assert_eq!(days(14.0), Some(14));
        assert_eq!(days(0.0), None);
        assert_eq!(days(f64::NAN), None);
    }
}
