//! What must be known to read the amounts of a report.

use trimtab_model::document::{CostBasis, Days, Sentence, Value};
use trimtab_model::text::Text;

use super::facts::ReportFacts;
use super::ledger::Ledger;

/// Says basis, days, what may still change and what is left out.
pub(super) fn footer(
    facts: &ReportFacts<'_>,
    ledger: Option<Ledger<'_>>,
    period: Days,
) -> Vec<Sentence> {
    let Some(ledger) = ledger else { return Vec::new() };
    let mut lines = vec![basis(ledger), days(facts, ledger)];
    let provisional = ledger.provisional(period);
    if let Some((first, last)) = provisional.first().zip(provisional.last()) {
        lines.push(Sentence::plain(
            "Provisional: {count} days from {first} to {last} may still change.",
            "잠정치: {first}부터 {last}까지 {count}일은 아직 바뀔 수 있습니다.",
            &[
                ("count", Value::Count(u64::try_from(provisional.len()).unwrap_or(u64::MAX))),
                ("first", Value::Date(*first)),
                ("last", Value::Date(*last)),
            ],
        ));
    }
    if !facts.bill.left_out.is_empty() {
        let words: Vec<&str> =
            facts.bill.left_out.iter().map(|category| category.as_str()).collect();
        lines.push(Sentence::plain(
            "Without charges of these categories: {categories}.",
            "다음 종류의 비용은 빠져 있습니다: {categories}.",
            &[("categories", Value::Text(Text::verbatim(words.join(", "))))],
        ));
    }
    for other in ledger.other_currencies() {
        lines.push(Sentence::plain(
            "Charges in {other} are not in this report: amounts of two currencies are never added.",
            "{other} 비용은 이 보고서에 없습니다. 통화가 다른 금액은 더하지 않습니다.",
            &[("other", Value::Currency(other))],
        ));
    }
    lines
}

fn basis(ledger: Ledger<'_>) -> Sentence {
    match ledger.basis {
        CostBasis::Effective => Sentence::plain(
            "Amounts are EffectiveCost: amortised, after all discounts. The bill is in {currency}.",
            "금액은 상각·할인 후 비용(EffectiveCost)입니다. 청구 통화는 {currency}입니다.",
            &[("currency", Value::Currency(ledger.currency))],
        ),
        CostBasis::Billed => Sentence::plain(
            "Amounts are BilledCost, as invoiced: not every charge has an EffectiveCost. The bill is in {currency}.",
            "금액은 청구 비용(BilledCost)입니다. EffectiveCost가 없는 비용이 있기 때문입니다. 청구 통화는 {currency}입니다.",
            &[("currency", Value::Currency(ledger.currency))],
        ),
    }
}

fn days(facts: &ReportFacts<'_>, ledger: Ledger<'_>) -> Sentence {
    let zone = facts.time_zone.iana_name().unwrap_or("UTC");
    Sentence::plain(
        "Days of the bill are UTC days; weeks run from Monday to Sunday and moments are in {zone}. The bill covers \
         {first} to {last}.",
        "청구 데이터의 하루는 UTC 기준이고, 한 주는 월요일부터 일요일까지이며, 시각은 {zone} 기준입니다. \
         청구 데이터 범위는 {first}부터 {last}까지입니다.",
        &[
            ("zone", Value::Text(Text::verbatim(zone))),
            ("first", Value::Date(ledger.covered.first)),
            ("last", Value::Date(ledger.covered.last)),
        ],
    )
}
