//! What a cost is made of: from the price list through the contract and commitments to what is paid.

use trimtab_model::build_up::{BuildUp, CostStep};
use trimtab_model::money::Money;
use trimtab_model::price::PriceBasis;
use trimtab_model::recommendation::Estimate;

use crate::chart::{Caption, Step, StepKind, Waterfall};
use crate::locale::Locale;
use crate::number;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Makes the table of the steps of a cost, before and after a change.
pub fn build_up_table(build_up: &BuildUp, style: &Style) -> Table {
    let locale = style.locale();
    let amount =
        |key, title: &str| Column::new(key, locale.text(title), Kind::Money, Priority::Essential);
    let mut table = Table::new(vec![
        Column::new("step", locale.text("build-up-step"), Kind::Text, Priority::Essential),
        amount("now", "build-up-now"),
        amount("after", "build-up-after"),
        amount("difference", "column-difference"),
    ]);
    for one in &build_up.steps {
        let is_something = [one.now, one.after].into_iter().flatten().any(is_shown);
        // Most costs have neither: a row of nothing would have to be explained.
        if matches!(one.step, CostStep::UnusedCommitment | CostStep::Other) && !is_something {
            continue;
        }
        let pair = one.now.zip(one.after);
        let difference = pair.and_then(|(now, after)| after.checked_sub(now).ok());
        table.row(vec![
            Cell::Text(step_name(one.step, locale)),
            Cell::amount(one.now),
            Cell::amount(one.after),
            Cell::amount(difference),
        ]);
    }
    table
}

fn is_shown(money: Money) -> bool {
    !money.rounded().amount.is_zero()
}

fn step_name(step: CostStep, locale: Locale) -> String {
    match step {
        CostStep::List => locale.text("build-up-list"),
        CostStep::Contract => locale.text("build-up-contract"),
        CostStep::Commitment => locale.text("build-up-commitment"),
        CostStep::UnusedCommitment => locale.text("build-up-unused-commitment"),
        CostStep::Other => locale.text("build-up-other"),
        CostStep::Effective => locale.text("build-up-effective"),
    }
}

/// Returns what the steps mean, and which of them are not known and why.
pub fn build_up_notes(estimate: &Estimate, style: &Style) -> Vec<String> {
    let locale = style.locale();
    let build_up = estimate.build_up();
    match build_up.basis {
        PriceBasis::List => return vec![locale.text("build-up-no-bill")],
        PriceBasis::Estimated => return vec![locale.text("build-up-estimated")],
        PriceBasis::Bill if !build_up.has_steps() => return vec![locale.text("build-up-no-steps")],
        PriceBasis::Bill => {}
    }
    let mut notes = vec![covered(estimate, &build_up, style)];
    let is_unknown = |step| build_up.step(step).now.is_none();
    if is_unknown(CostStep::List) {
        notes.push(locale.text("build-up-list-unknown"));
    } else if is_unknown(CostStep::Contract) || is_unknown(CostStep::Commitment) {
        notes.push(locale.text("build-up-contract-unknown"));
    }
    let list = build_up.step(CostStep::List);
    if list.now.is_some() && list.after.is_none() {
        notes.push(locale.text("build-up-after-unknown"));
    }
    notes
}

/// Says how much of the use commitments cover, and what that means for the saving.
fn covered(estimate: &Estimate, build_up: &BuildUp, style: &Style) -> String {
    let locale = style.locale();
    match build_up.covered_share {
        Some(share) if share.is_zero() => locale.text("build-up-not-covered"),
        Some(share) => {
            let share = number::share(share, rust_decimal::Decimal::ONE);
            let most = style.monthly(estimate.high);
            locale.text_with("build-up-covered", &[("share", &share), ("most", &most)])
        }
        None => {
            locale.text_with("build-up-covered-unknown", &[("most", &style.monthly(estimate.high))])
        }
    }
}

/// Returns the way from the list price to what is left after the change; nothing where a step is
/// not known, and where nothing comes off the list price.
pub fn build_up_chart(estimate: &Estimate, caption: Caption, style: &Style) -> Option<Waterfall> {
    let locale = style.locale();
    let build_up = estimate.build_up();
    let list = build_up.step(CostStep::List).now?;
    let discounts = [CostStep::Contract, CostStep::Commitment, CostStep::Other];
    let mut steps = Vec::new();
    for step in discounts {
        let amount = build_up.step(step).now?;
        if is_shown(amount) {
            let (kind, name) = (StepKind::Price, Some(step_name(step, locale)));
            steps.push(Step { kind, name, amount, link: None });
        }
    }
    // Without a discount the table says as much.
    if steps.is_empty() {
        return None;
    }
    let saving = estimate.cost_after.checked_sub(estimate.cost_now).ok()?;
    let name = Some(locale.text("label-savings"));
    steps.push(Step { kind: StepKind::Optimisation, name, amount: saving, link: None });
    let from = (step_name(CostStep::List, locale), list);
    let to = (locale.text("label-cost-after"), estimate.cost_after);
    Some(Waterfall { caption, from, steps, to })
}

#[cfg(test)]
mod tests {
    use trimtab_model::build_up::BilledSteps;
    use trimtab_model::text::Language;

    use super::super::sample;
    use super::*;

    fn usd(text: &str) -> Money {
        Money::usd(text.parse().unwrap())
    }

    fn billed() -> Estimate {
        Estimate {
            low: usd("86.14"),
            likely: usd("86.14"),
            high: usd("129.21"),
            cost_now: usd("258.42"),
            cost_after: usd("172.28"),
            basis: PriceBasis::Bill,
            billed: Some(BilledSteps {
                list: Some(usd("344.56")),
                contracted: Some(usd("344.56")),
                covered: usd("86.14"),
                covered_contracted: Some(usd("172.28")),
            }),
            ..sample::rightsize().estimated_monthly_savings
        }
    }

    #[test]
    fn steps_lead_from_the_list_price_to_what_is_paid() {
        let style = sample::english();
        insta::assert_snapshot!(build_up_table(&billed().build_up(), &style).terminal(&style), @r"
        Step                        Now  After the change  Difference
        ─────────────────────────────────────────────────────────────
        List price              $344.56           $172.28    −$172.28
        Contract discount         $0.00             $0.00       $0.00
        Commitments             −$86.14           −$43.07      $43.07
        Commitment left unused    $0.00            $43.07      $43.07
        Effective cost          $258.42           $172.28     −$86.14
        ");
        let notes = build_up_notes(&billed(), &style);
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(notes[0].contains("50%") && notes[0].contains("$129/mo"), "{notes:?}");
        let chart = build_up_chart(&billed(), Caption::new("b", "t", ""), &style).unwrap();
        // A discount of nothing is no step.
        assert_eq!(chart.steps.len(), 2);
    }

    #[test]
    fn what_is_not_known_is_said() {
        for language in [Language::Ko, Language::En] {
            let style = Style { language, ..sample::english() };
            let listed = sample::rightsize().estimated_monthly_savings;
            assert_eq!(build_up_notes(&listed, &style), [style.locale().text("build-up-no-bill")]);
            let chart = build_up_chart(&listed, Caption::new("b", "t", ""), &style);
            assert!(chart.is_none(), "discounts are not known");
            let alone = Estimate { billed: None, ..billed() };
            assert_eq!(build_up_notes(&alone, &style), [style.locale().text("build-up-no-steps")]);
        }
    }
}
