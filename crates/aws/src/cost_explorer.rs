//! `ce:GetCostAndUsage`, of which every request costs money.

use aws_sdk_costexplorer::operation::get_cost_and_usage::GetCostAndUsageOutput;
use aws_sdk_costexplorer::types::{
    DateInterval, Granularity, Group, GroupDefinition, GroupDefinitionType, MetricValue,
    ResultByTime,
};
use jiff::civil::Date;

use crate::error::AwsError;
use crate::session::Session;

/// The action.
pub const GET_COST_AND_USAGE: &str = "ce:GetCostAndUsage";

/// What is asked for: what the invoice has, and what amortizes commitments.
const METRICS: [&str; 2] = ["UnblendedCost", "AmortizedCost"];
/// What the answer keeps apart: Cost Explorer allows two dimensions.
const DIMENSIONS: [&str; 2] = ["SERVICE", "LINKED_ACCOUNT"];

/// The cost of one service and account in one month, in Cost Explorer's own digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceCost {
    /// The service.
    pub service: String,
    /// The account.
    pub account: String,
    /// `UnblendedCost`.
    pub unblended: String,
    /// `AmortizedCost`.
    pub amortized: String,
    /// The currency of both.
    pub currency: String,
}

/// One month of an answer, or the part of it that a page has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthPart {
    /// Its first day.
    pub from: Date,
    /// The first day that it leaves out.
    pub until: Date,
    /// Whether AWS still calls it estimated.
    pub estimated: bool,
    /// Services and accounts.
    pub costs: Vec<ServiceCost>,
}

/// One page of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostPage {
    /// The months in it.
    pub months: Vec<MonthPart>,
    /// What asks for the next page, which is one more request.
    pub next: Option<String>,
}

/// Asks for the months from `from` up to `until`, by service and account: one request.
///
/// # Errors
/// Fails without permission, where Cost Explorer was never opened in the account, and on an
/// answer whose two costs have different currencies.
pub async fn cost_page(
    session: &Session,
    from: Date,
    until: Date,
    page: Option<String>,
) -> Result<CostPage, AwsError> {
    let home = session.in_region(session.partition().billing_region());
    let interval = DateInterval::builder().start(from.to_string()).end(until.to_string()).build();
    let interval = interval.map_err(|error| malformed(&error.to_string()))?;
    let mut request = home
        .cost_explorer()
        .get_cost_and_usage()
        .time_period(interval)
        .granularity(Granularity::Monthly)
        .set_next_page_token(page);
    for metric in METRICS {
        request = request.metrics(metric);
    }
    for dimension in DIMENSIONS {
        let group = GroupDefinition::builder().r#type(GroupDefinitionType::Dimension);
        request = request.group_by(group.key(dimension).build());
    }
    let answer = request.send().await;
    read(answer.map_err(|error| AwsError::of(GET_COST_AND_USAGE, &error))?)
}

fn read(answer: GetCostAndUsageOutput) -> Result<CostPage, AwsError> {
    let months = answer.results_by_time.unwrap_or_default();
    Ok(CostPage {
        months: months.into_iter().map(month).collect::<Result<_, _>>()?,
        next: answer.next_page_token.filter(|token| !token.is_empty()),
    })
}

fn month(result: ResultByTime) -> Result<MonthPart, AwsError> {
    let period = result.time_period.ok_or_else(|| malformed("a result without a period"))?;
    let day = |text: &str| text.parse::<Date>().map_err(|error| malformed(&error.to_string()));
    let costs = result.groups.unwrap_or_default().into_iter().map(cost);
    Ok(MonthPart {
        from: day(&period.start)?,
        until: day(&period.end)?,
        estimated: result.estimated,
        costs: costs.collect::<Result<_, _>>()?,
    })
}

fn cost(group: Group) -> Result<ServiceCost, AwsError> {
    let mut keys = group.keys.unwrap_or_default().into_iter();
    let (Some(service), Some(account)) = (keys.next(), keys.next()) else {
        return Err(malformed("a group without service and account"));
    };
    let mut metrics = group.metrics.unwrap_or_default();
    let mut value = |name: &str| metrics.remove(name).and_then(amount);
    let [unblended, amortized] = METRICS;
    let (Some(unblended), Some(amortized)) = (value(unblended), value(amortized)) else {
        return Err(malformed(&format!("{service} without both costs")));
    };
    if unblended.1 != amortized.1 {
        return Err(malformed(&format!("{service} with costs in two currencies")));
    }
    Ok(ServiceCost {
        service,
        account,
        unblended: unblended.0,
        amortized: amortized.0,
        currency: unblended.1,
    })
}

fn amount(value: MetricValue) -> Option<(String, String)> {
    Some((value.amount?, value.unit?))
}

fn malformed(what: &str) -> AwsError {
    AwsError::Failed {
        action: GET_COST_AND_USAGE.to_owned(),
        code: "MalformedAnswer".to_owned(),
        message: what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(currency: &str) -> ResultByTime {
        let value =
            |amount: &str, unit: &str| MetricValue::builder().amount(amount).unit(unit).build();
        let group = Group::builder()
            .keys("AmazonEC2")
            .keys("111122223333")
            .metrics("UnblendedCost", value("0.1234567890123", "USD"))
            .metrics("AmortizedCost", value("0.2", currency))
            .build();
        let period = DateInterval::builder().start("2026-10-01").end("2026-11-01").build();
        ResultByTime::builder()
            .time_period(period.expect("both days"))
            .groups(group)
            .estimated(true)
            .build()
    }

    #[test]
    fn amounts_keep_every_digit() {
        let part = month(group("USD")).expect("a month");
        assert!(part.estimated);
        assert_eq!(part.until.to_string(), "2026-11-01");
        assert_eq!(part.costs[0].unblended, "0.1234567890123");
        assert_eq!(part.costs[0].account, "111122223333");
    }

    #[test]
    fn two_currencies_in_one_group_are_refused() {
        assert!(month(group("KRW")).is_err());
    }
}
