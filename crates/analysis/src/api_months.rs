//! What asking AWS took, month by month.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use trimtab_model::api_use::{ApiMonth, ApiUse};
use trimtab_model::money::{Currency, Money, MoneyError};

/// The meter of metrics that are asked for.
const METRICS: &str = "cloudwatch/getmetricdata";
/// The meter of requests to Cost Explorer.
const REQUESTS: &str = "cost_explorer/api_request";

/// Adds up what runs took by the UTC month in which they began, the newest first.
///
/// # Errors
/// Fails if a sum has more digits than an amount can hold.
pub fn api_months(uses: &[ApiUse]) -> Result<Vec<ApiMonth>, MoneyError> {
    let mut months: BTreeMap<String, ApiMonth> = BTreeMap::new();
    for one in uses {
        let began = one.began.to_zoned_datetime(TimeZone::UTC);
        let month = began.strftime("%Y-%m").to_string();
        let sum = months.entry(month.clone()).or_insert_with(|| ApiMonth {
            month,
            runs: 0,
            calls: 0,
            metrics: 0,
            requests: 0,
            cost: Some(Money::zero(Currency::USD)),
        });
        sum.runs += 1;
        sum.calls += one.call_count();
        sum.metrics += one.quantity(METRICS);
        sum.requests += one.quantity(REQUESTS);
        for paid in &one.paid {
            sum.cost = match (sum.cost, paid.cost) {
                (Some(sum), Some(cost)) => Some(sum.checked_add(cost)?),
                // One price that is not known leaves the sum unknown.
                _ => None,
            };
        }
    }
    Ok(months.into_values().rev().collect())
}

/// Returns what a run cost; absent where a price is not known.
///
/// # Errors
/// As [`api_months`].
pub fn api_cost(one: &ApiUse) -> Result<Option<Money>, MoneyError> {
    Ok(api_months(std::slice::from_ref(one))?.pop().and_then(|month| month.cost))
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;
    use trimtab_model::api_use::{ApiPurpose, OperationCalls, PaidUse};

    use super::*;

    fn run(began: &str, metrics: u64, cents: Option<i64>) -> ApiUse {
        ApiUse {
            purpose: ApiPurpose::Scan,
            began: began.parse().unwrap(),
            ended: began.parse().unwrap(),
            finished: true,
            calls: vec![OperationCalls {
                service: "EC2".to_owned(),
                operation: "DescribeVolumes".to_owned(),
                count: 2,
            }],
            paid: vec![PaidUse {
                meter: METRICS.to_owned(),
                quantity: metrics,
                unit: "metric".to_owned(),
                cost: cents.map(|cents| Money::usd(Decimal::new(cents, 2))),
                price: None,
            }],
        }
    }

    #[test]
    fn runs_of_a_month_add_up_and_a_price_that_is_not_known_makes_the_sum_unknown() {
        let uses = [
            run("2026-11-02T00:00:00Z", 1_000, None),
            run("2026-10-31T23:59:59Z", 2_000, Some(2)),
            run("2026-10-01T00:00:00Z", 1_000, Some(1)),
        ];
        let months = api_months(&uses).unwrap();
        let told: Vec<(&str, u64, u64, Option<Money>)> =
            months.iter().map(|one| (&*one.month, one.calls, one.metrics, one.cost)).collect();
        let three = Some(Money::usd(Decimal::new(3, 2)));
        assert_eq!(told, [("2026-11", 2, 1_000, None), ("2026-10", 4, 3_000, three)]);
        assert_eq!(api_cost(&uses[1]).unwrap(), Some(Money::usd(Decimal::new(2, 2))));
    }
}
