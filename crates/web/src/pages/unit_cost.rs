//! Is growth getting cheaper? The bill divided by users.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use rust_decimal::Decimal;

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{self, CostQuery};
use trimtab_model::money::Money;
use trimtab_model::unit_cost::{UnitBasis, UnitCost, UnitCosts};
use trimtab_render::document::{unit_cost_note, unit_cost_table};
use trimtab_render::style::Style;
use trimtab_render::table::Table;
use trimtab_render::{money, number};
use trimtab_store::cost::{CostFilter, GroupBy};

use super::{failed, missing};
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::query::Query;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Page, Sheet, Tab, figure, sheet};

/// Days of a stretch: whole weeks, for weekends differ.
const DAYS: usize = 7;

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let word = reader.query.get("per").unwrap_or("dau").to_owned();
    let found = blocking::read(&shared, move |shared| costs(shared, &word)).await;
    let costs = match found {
        Ok(Some(costs)) => costs,
        Ok(None) => return missing::unit_cost(&shared, &reader).into_response(),
        Err(failure) => return failed(&shared, &reader, Tab::UnitCost, &failure).into_response(),
    };
    if let Some(file) = file::asked(&reader, "unit-cost", |style| table(&costs, style)) {
        return file;
    }
    let title = reader.text(Tab::UnitCost.key());
    let body = body(&reader, &costs, &title);
    Html::ok(ui::page(&shared, &reader, &Page::of(Tab::UnitCost, &title, body))).into_response()
}

/// Divides the bill by users; none where either is missing.
pub(crate) fn costs(shared: &Shared, word: &str) -> Result<Option<UnitCosts>, Failure> {
    let per = match word {
        "dau" => UnitBasis::Dau,
        "mau" => UnitBasis::Mau,
        _ => {
            return Err(Failure::usage(
                (
                    format!("nothing is counted by `{word}`"),
                    format!("그런 단위가 없습니다: `{word}`"),
                ),
                ("per is dau or mau", "per에 쓸 수 있는 값: dau, mau"),
            ));
        }
    };
    if !shared.has_bills()? {
        return Ok(None);
    }
    let groups =
        shared.costs(&CostQuery { by: GroupBy::Day, then: None, filter: CostFilter::default() })?;
    Ok(pipeline::kept_unit_cost(&shared.settings, per, &groups))
}

/// Makes the table: on a page the newest days come first.
fn table(costs: &UnitCosts, style: &Style) -> Table {
    let mut rows = costs.rows.clone();
    rows.sort_by_key(|row| std::cmp::Reverse(row.date));
    unit_cost_table(&UnitCosts { rows, ..costs.clone() }, style)
}

fn body(reader: &Reader, costs: &UnitCosts, title: &str) -> Markup {
    let table = table(costs, &reader.style);
    let to = |word: &str| Query::default().with("per", Some(word)).on("/unit");
    html! {
        div class="tools" {
            nav class="choice" aria-label=(reader.text("web-unit-choose")) {
                @for basis in [UnitBasis::Dau, UnitBasis::Mau] {
                    a href=(to(basis.as_str())) aria-current=[(basis == costs.per).then_some("true")] {
                        (basis.as_str().to_uppercase())
                    }
                }
            }
        }
        (latest(reader, costs))
        section class="card" {
            p { (unit_cost_note(costs, &reader.style)) }
            (sheet(reader, &Sheet {
                id: "list",
                caption: title,
                table: &table,
                link: None,
                choose: None,
                has_files: true,
            }))
        }
    }
}

/// What one user cost over a stretch: all of its cost by all of its users, not the mean of quotients.
fn over(rows: &[&UnitCost]) -> Option<Money> {
    let (first, rest) = rows.split_first()?;
    let mut cost = first.cost?;
    let mut users = first.units?;
    for row in rest {
        cost = cost.checked_add(row.cost?).ok()?;
        users = users.checked_add(row.units?)?;
    }
    let amount = cost.amount.checked_div(Decimal::from(users))?;
    Some(Money::new(amount, cost.currency))
}

/// The last week, or month, that is known whole, beside the one before.
fn latest(reader: &Reader, costs: &UnitCosts) -> Markup {
    let known: Vec<&UnitCost> = costs.rows.iter().filter(|row| row.per_unit.is_some()).collect();
    let length = if costs.per.is_monthly() { 1 } else { DAYS };
    let mut stretches = known.rchunks_exact(length);
    let Some(last) = stretches.next() else { return html! {} };
    let (now, before) = (over(last), stretches.next().and_then(over));
    let (Some(begin), Some(end), Some(now)) = (last.first(), last.last(), now) else {
        return html! {};
    };
    let shown = |cost: Money| money::unit(reader.style.displayed(cost));
    let change = before.filter(|before| before.currency == now.currency).map(|before| {
        let change = now.amount - before.amount;
        (number::signed_share(change, before.amount), shown(before))
    });
    let stretch = if begin.date == end.date {
        end.date.to_string()
    } else {
        format!("{} – {}", begin.date, end.date)
    };
    let users = end.units.map(number::count).unwrap_or_default();
    html! {
        div class="figures" {
            (figure(&reader.text("web-unit-last"), &shown(now), &stretch, ""))
            @if let Some((change, before)) = &change {
                (figure(&reader.text("web-unit-change"), change, before, ""))
            }
            (figure(&reader.text("web-unit-users"), &users, &end.date.to_string(), ""))
        }
    }
}
