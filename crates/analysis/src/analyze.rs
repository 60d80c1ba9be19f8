//! The way in: every enabled check, one result.

use std::collections::BTreeMap;

use trimtab_model::analysis::{Analysis, Holiday, Passed, RisingCost, Total, Unjudged};
use trimtab_model::charge::{Charges, Cost};
use trimtab_model::coverage::Coverage;
use trimtab_model::money::{Currency, Money, MoneyError};
use trimtab_model::recommendation::{Recommendation, Verdict};

use crate::check::{Check, Facts};
use crate::coverage::coverage;
use crate::exemption::Exemptions;
use crate::interaction::{cap::cap, overlap::resolve};
use crate::ranking::rank;
use crate::saving::AMOUNT_DECIMALS;

/// Judges everything in `facts` with every check that the policy leaves on.
pub fn analyze(facts: &Facts<'_>) -> Analysis {
    analyze_with(crate::checks::ALL, facts)
}

/// Judges everything in `facts` with those of `checks` that the policy leaves on.
pub fn analyze_with(checks: &[&Check], facts: &Facts<'_>) -> Analysis {
    let mut found = Vec::new();
    let mut increases = Vec::new();
    let mut passed = Vec::new();
    let mut unknown = Vec::new();
    let mut exemptions = Exemptions::of(facts);
    for check in
        checks.iter().filter(|check| !facts.policy.disabled_checks.contains(&check.check_id()))
    {
        for judgement in (check.judge)(check, facts) {
            let (check, resource) = (check.check_id(), judgement.resource);
            match exemptions.verdict(&check, &resource, judgement.verdict) {
                Verdict::Recommend(recommendation) => found.push(*recommendation),
                Verdict::Increase(increase) => {
                    increases.push(RisingCost { check, resource, increase: *increase });
                }
                Verdict::Pass(reason) | Verdict::Exempt(reason) => {
                    passed.push(Passed { check, resource, reason });
                }
                Verdict::Unknown(gap) => unknown.push(Unjudged { check, resource, unknown: gap }),
            }
        }
    }
    let (mut items, superseded) = resolve(found);
    cap(&mut items, facts.snapshot, facts.charges);
    rank(&mut items);
    items.iter_mut().for_each(keep_what_is_shown);
    increases.iter_mut().for_each(|one| one.increase.evidence.keep_first_use());
    increases.sort_by(|a, b| {
        (a.increase.from, &a.check, &a.resource).cmp(&(b.increase.from, &b.check, &b.resource))
    });
    passed.sort_by(|a, b| (&a.check, &a.resource).cmp(&(&b.check, &b.resource)));
    unknown.sort_by(|a, b| (&a.check, &a.resource).cmp(&(&b.check, &b.resource)));
    let serverless = crate::serverless::candidates(checks, facts, &passed);
    Analysis {
        as_of: facts.now,
        coverage: Coverage { exemptions: exemptions.coverage(), ..coverage(checks, facts) },
        totals: totals(&items, facts.charges),
        items,
        increases,
        superseded,
        passed,
        unknown,
        only_aws: Vec::new(),
        serverless,
        functions: Vec::new(),
        holidays: holidays(facts),
    }
}

/// Leaves out what no page shows: of the metrics after the first their days, of the options what the
/// bill says of the cost that all of them have.
fn keep_what_is_shown(item: &mut Recommendation) {
    item.evidence.keep_first_use();
    for option in &mut item.options {
        option.estimated_monthly_savings.billed = None;
    }
}

/// Returns the holidays of the year that follows.
fn holidays(facts: &Facts<'_>) -> Vec<Holiday> {
    let calendar = &facts.policy.calendar;
    let today = calendar.day_of(facts.now);
    let last = today.saturating_add(jiff::Span::new().years(1));
    calendar
        .holidays_between(today, last)
        .map(|(date, name)| Holiday { date, name: name.clone() })
        .collect()
}

/// Sums the items that are left in `analysis` again, beside the same monthly cost.
pub fn retotal(analysis: &Analysis) -> BTreeMap<Currency, Total> {
    totals_of(analysis, &analysis.items)
}

/// Sums some items of `analysis`, beside its monthly cost.
pub fn totals_of<'a>(
    analysis: &Analysis,
    items: impl IntoIterator<Item = &'a Recommendation>,
) -> BTreeMap<Currency, Total> {
    let start = analysis
        .totals
        .iter()
        .map(|(currency, total)| {
            (*currency, Total { monthly_cost: total.monthly_cost, ..nothing(*currency) })
        })
        .collect();
    sum(start, items)
}

/// Sums the items per currency, beside what the bill says the account costs a month.
fn totals(items: &[Recommendation], charges: &Charges) -> BTreeMap<Currency, Total> {
    let start = charges
        .totals
        .iter()
        .map(|(currency, cost)| {
            (*currency, Total { monthly_cost: monthly(cost, charges), ..nothing(*currency) })
        })
        .collect();
    sum(start, items)
}

fn sum<'a>(
    mut totals: BTreeMap<Currency, Total>,
    items: impl IntoIterator<Item = &'a Recommendation>,
) -> BTreeMap<Currency, Total> {
    for item in items {
        let currency = item.estimated_monthly_savings.currency();
        let total = totals.entry(currency).or_insert_with(|| nothing(currency));
        // A sum of estimates that does not fit 28 digits has no meaning; the item itself
        // stays visible.
        if let Ok(sum) = with(total, item) {
            *total = sum;
        }
    }
    totals
}

fn nothing(currency: Currency) -> Total {
    let zero = Money::zero(currency);
    Total {
        monthly_cost: None,
        low: zero,
        likely: zero,
        high: zero,
        before_discounts: zero,
        recommendations: 0,
        conditional: None,
        conditional_recommendations: 0,
    }
}

fn with(total: &Total, item: &Recommendation) -> Result<Total, MoneyError> {
    let savings = &item.estimated_monthly_savings;
    if item.is_conditional() {
        let before = total.conditional.unwrap_or(Money::zero(savings.likely.currency));
        return Ok(Total {
            conditional: Some(before.checked_add(savings.likely)?),
            conditional_recommendations: total.conditional_recommendations + 1,
            ..total.clone()
        });
    }
    // List prices are in dollars whatever the bill is in: a sum over both would be neither.
    let before_discounts = if savings.before_discounts.currency == total.before_discounts.currency {
        total.before_discounts.checked_add(savings.before_discounts)?
    } else {
        total.before_discounts
    };
    Ok(Total {
        monthly_cost: total.monthly_cost,
        low: total.low.checked_add(savings.low)?,
        likely: total.likely.checked_add(savings.likely)?,
        high: total.high.checked_add(savings.high)?,
        before_discounts,
        recommendations: total.recommendations + 1,
        conditional: total.conditional,
        conditional_recommendations: total.conditional_recommendations,
    })
}

fn monthly(cost: &Cost, charges: &Charges) -> Option<Cost> {
    let factor = charges.monthly_factor()?;
    let scale = |money: Money| money.times(factor).ok().map(|money| money.cut(AMOUNT_DECIMALS));
    Some(Cost {
        billed: scale(cost.billed)?,
        effective: scale(cost.effective)?,
        list: cost.list.and_then(scale),
        contracted: cost.contracted.and_then(scale),
    })
}

#[cfg(test)]
mod tests {
    use trimtab_model::coverage::SourceStatus;
    use trimtab_model::metric::Statistic;
    use trimtab_model::money::Money;

    use super::*;
    use crate::scene::{Scene, flat, scene};
    use crate::sizing::fit::tests::instance_type;

    const SIZE: &str = "ec2-instance-oversized";

    /// Judges the sizes of instances and databases only.
    fn sizes(scene: &Scene) -> Analysis {
        let checks: Vec<&Check> = crate::checks::ALL
            .iter()
            .copied()
            .filter(|check| check.id.ends_with("-instance-oversized"))
            .collect();
        analyze_with(&checks, &scene.facts())
    }

    /// Three instances: one to shrink, one in a group, one without metrics.
    fn account() -> Scene {
        scene()
            .instance_type(instance_type("m5.large", 2, 8 << 10), "0.096")
            .instance_type(instance_type("m5.xlarge", 4, 16 << 10), "0.192")
            .instance(|instance| instance.kind.instance_type = "m5.xlarge".into())
            .instance(|instance| {
                instance.id = "i-2".into();
                instance.kind.auto_scaling_group_name = Some("web".into());
            })
            .instance(|instance| instance.id = "i-3".into())
            .metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Maximum, flat(10.0, 14))
            .metric("i-1", "CWAgent", "mem_used_percent", Statistic::Maximum, flat(30.0, 14))
    }

    #[test]
    fn every_resource_has_a_verdict_in_its_place() {
        let scene = account();
        let analysis = sizes(&scene);
        let ids = |ids: Vec<&str>| ids.join(" ");
        assert_eq!(ids(analysis.items.iter().map(|i| i.resource.id.as_str()).collect()), "i-1");
        assert_eq!(ids(analysis.passed.iter().map(|p| p.resource.id.as_str()).collect()), "i-2");
        assert_eq!(ids(analysis.unknown.iter().map(|u| u.resource.id.as_str()).collect()), "i-3");
        let settled = &analysis.unknown[0].unknown.settled_by;
        assert_eq!(settled, &["metrics:AWS/EC2:CPUUtilization"]);
    }

    #[test]
    fn totals_are_the_sums_of_the_items() {
        let scene = account();
        let analysis = sizes(&scene);
        let total = &analysis.totals[&Currency::USD];
        assert_eq!(total.likely, analysis.items[0].estimated_monthly_savings.likely);
        assert_eq!(total.recommendations, 1);
        assert_eq!(total.monthly_cost, None);
    }

    #[test]
    fn the_bill_is_the_limit_of_the_total() {
        let mut scene = account().bill("i-1", "BoxUsage:m5.xlarge", "720", "138.24");
        let amount = Money::usd(10.into());
        let cost = Cost { billed: amount, effective: amount, list: None, contracted: None };
        scene.charges.totals = BTreeMap::from([(Currency::USD, cost)]);
        let analysis = sizes(&scene);
        let total = &analysis.totals[&Currency::USD];
        let monthly = total.monthly_cost.expect("there is a bill").effective.amount;
        assert!(total.high.amount <= monthly, "{total:?}");
        assert!(total.likely.is_positive());
        assert!(analysis.items[0].evidence.notes.iter().any(|note| note.en.contains("whole bill")));
    }

    #[test]
    fn a_disabled_check_says_nothing() {
        let mut scene = account();
        scene.policy.disabled_checks.insert(SIZE.into());
        let analysis = sizes(&scene);
        assert!(analysis.items.is_empty() && analysis.passed.is_empty());
    }

    #[test]
    fn coverage_says_what_is_there_and_what_it_unlocks() {
        let scene = account();
        let analysis = sizes(&scene);
        let source = |name: &str| {
            analysis.coverage.sources.iter().find(|s| s.source == name).expect("listed").clone()
        };
        assert_eq!(source("billing").status, SourceStatus::Absent);
        assert_eq!(source("inventory:describe-instances").status, SourceStatus::Complete);
        let cpu = source("metrics:AWS/EC2:CPUUtilization");
        assert_eq!((cpu.status, cpu.resources), (SourceStatus::Partial, Some((1, 3))));
        assert_eq!(cpu.unlocks, [SIZE.into()]);
        let network = source("metrics:AWS/EC2:NetworkIn");
        assert_eq!(network.status, SourceStatus::Absent);
        assert!(network.text.en.contains("get-metric-data"));
        assert_eq!(source("metrics:AWS/RDS:CPUUtilization").resources, Some((0, 0)));
        assert_eq!(source("traffic").status, SourceStatus::Absent);
    }
}
