//! What is spent, what can be saved and what is committed to, as JSON.

use axum::response::Response;
use jiff::civil::Date;
use serde_json::json;

use trimtab_app::failure::Failure;
use trimtab_render::contract::{allocation_json, unit_cost_json};

use super::asked::Asked;
use super::part::{MOST, Part};
use super::shape;
use crate::pages::unit_cost;
use crate::problem::Problem;
use crate::query::Query;
use crate::scope::{Scope, account_alone, nothing_alone};
use crate::view::{
    self, Basis, Budgets, Choices, Commitments, CostBridge, Hours, Overview, Savings, Spending,
    allocated, bridge, budgets, commitments, hours, overview, savings, spending,
};

/// What the first page says.
#[utoipa::path(get, path = "/api/v1/overview", tag = "cost",
    params(("account" = Option<String>, Query), ("environment" = Option<String>, Query), ("team" = Option<String>, Query)),
    responses((status = 200, body = Overview), (status = 400, body = Problem), (status = 500, body = Problem)))]
pub(crate) async fn first(asked: Asked) -> Response {
    asked.answered(|shared, reader| overview(shared, &Scope::of(&reader.query)?).map(Some)).await
}

/// The accounts, environments and teams that answers can be narrowed to.
#[utoipa::path(get, path = "/api/v1/scopes", tag = "cost",
    responses((status = 200, body = Choices), (status = 500, body = Problem)))]
pub(crate) async fn scopes(asked: Asked) -> Response {
    asked.answered(|shared, _| shared.choices().map(|found| Some(Choices::clone(&found)))).await
}

/// Cost by one thing, in one stretch of time, beside the stretch before.
#[utoipa::path(get, path = "/api/v1/costs", tag = "cost",
    params(
        ("group_by" = Option<String>, Query, description = "service, account, environment, team, region, usage-type, resource or category"),
        ("basis" = Option<String>, Query, description = "effective, billed or list"),
        ("from" = Option<String>, Query, description = "First day, UTC"),
        ("until" = Option<String>, Query, description = "Last day, UTC"),
        ("against_from" = Option<String>, Query, description = "First day of the stretch to compare with; the one before where absent"),
        ("against_until" = Option<String>, Query, description = "Its last day"),
        ("service" = Option<String>, Query), ("account" = Option<String>, Query),
        ("region" = Option<String>, Query), ("resource" = Option<String>, Query),
        ("environment" = Option<String>, Query), ("team" = Option<String>, Query),
        ("usage_type" = Option<String>, Query),
    ),
    responses((status = 200, body = Spending), (status = 400, body = Problem), (status = 404, body = Problem, description = "No bill was ingested.")))]
pub(crate) async fn costs(asked: Asked) -> Response {
    asked
        .answered(|shared, reader| {
            let part = Part::of(&reader.query, MOST)?;
            let found = spending(shared, &reader.query)?;
            found.map(|found| part.of_items(&*found, &found.items)).transpose()
        })
        .await
}

/// Whose cost it is, in one stretch of time.
#[utoipa::path(get, path = "/api/v1/allocation", tag = "cost",
    params(
        ("by" = Option<String>, Query, description = "One way to divide it, such as team; every way where absent"),
        ("from" = Option<String>, Query, description = "First day, UTC"),
        ("until" = Option<String>, Query, description = "Last day, UTC"),
        ("account" = Option<String>, Query),
    ),
    responses((status = 200, body = shape::Allocated, description = "As `trimtab cost allocation -o json`, with the days."), (status = 400, body = Problem), (status = 404, body = Problem, description = "No bill was ingested.")))]
pub(crate) async fn allocation(asked: Asked) -> Response {
    asked
        .listed(|shared, reader| {
            account_alone(&reader.query)?;
            let found = allocated(shared, &reader.query)?;
            Ok(found.map(|found| {
                let mut json = allocation_json(&found.all);
                if let Some(fields) = json.as_object_mut() {
                    fields.insert("from".to_owned(), json!(found.from));
                    fields.insert("until".to_owned(), json!(found.until));
                    fields.insert("missing_days".to_owned(), json!(found.missing_days));
                }
                json
            }))
        })
        .await
}

/// What made the difference between a month and the one before.
#[utoipa::path(get, path = "/api/v1/costs/bridge", tag = "cost",
    params(("month" = Option<String>, Query, description = "As 2026-10; the last whole month where absent")),
    responses((status = 200, body = CostBridge), (status = 400, body = Problem), (status = 404, body = Problem, description = "No bill of a whole month was ingested.")))]
pub(crate) async fn costs_bridge(asked: Asked) -> Response {
    asked
        .answered(|shared, reader| {
            nothing_alone(&reader.query)?;
            bridge(shared, &reader.query)
        })
        .await
}

/// One day by hour, where the bill has hours.
#[utoipa::path(get, path = "/api/v1/costs/hours", tag = "cost",
    params(
        ("day" = String, Query, description = "The day"),
        ("day_of" = Option<String>, Query, description = "utc or kst: where the day begins"),
        ("basis" = Option<String>, Query, description = "effective or billed: hours have no list cost"),
        ("service" = Option<String>, Query), ("account" = Option<String>, Query),
        ("region" = Option<String>, Query), ("resource" = Option<String>, Query),
    ),
    responses((status = 200, body = Hours), (status = 400, body = Problem), (status = 404, body = Problem, description = "No bill was ingested.")))]
pub(crate) async fn costs_hours(asked: Asked) -> Response {
    asked
        .listed(|shared, reader| {
            let day = required_day(&reader.query)?;
            hours(shared, &reader.query, Some(day))
        })
        .await
}

/// Reads the day that is looked at by hour.
fn required_day(query: &Query) -> Result<Date, Failure> {
    if Basis::of(query.get("basis"))? == Basis::List {
        return Err(Failure::usage(
            ("hours have no list cost", "시간별 비용에는 정가가 없습니다"),
            ("basis is effective or billed", "basis에 쓸 수 있는 값: effective, billed"),
        ));
    }
    view::day(query, "day")?.ok_or_else(|| {
        Failure::usage(
            ("the parameter `day` is missing", "`day` 매개변수가 없습니다"),
            ("say which day, as day=2026-10-31", "day=2026-10-31과 같이 날짜를 지정하세요"),
        )
    })
}

/// How far savings have come, and what became of each change.
#[utoipa::path(get, path = "/api/v1/savings", tag = "savings",
    responses((status = 200, body = Savings), (status = 404, body = Problem, description = "Nothing was analysed or planned.")))]
pub(crate) async fn all_savings(asked: Asked) -> Response {
    asked
        .listed(|shared, reader| {
            nothing_alone(&reader.query)?;
            savings(shared)
        })
        .await
}

/// Savings Plans and reservations: what was paid, what it covered, and when it ends.
#[utoipa::path(get, path = "/api/v1/commitments", tag = "cost",
    responses((status = 200, body = Commitments), (status = 404, body = Problem, description = "Neither a bill nor an inventory names a commitment.")))]
pub(crate) async fn all_commitments(asked: Asked) -> Response {
    asked
        .listed(|shared, reader| {
            nothing_alone(&reader.query)?;
            commitments(shared)
        })
        .await
}

/// The month under way beside its budgets.
#[utoipa::path(get, path = "/api/v1/budgets", tag = "cost",
    responses((status = 200, body = Budgets), (status = 404, body = Problem, description = "There is neither a budget nor a bill.")))]
pub(crate) async fn all_budgets(asked: Asked) -> Response {
    asked
        .listed(|shared, reader| {
            nothing_alone(&reader.query)?;
            budgets(shared)
        })
        .await
}

/// What one user cost, by day or month.
#[utoipa::path(get, path = "/api/v1/unit-costs", tag = "cost",
    params(("per" = Option<String>, Query, description = "dau, by day, or mau, by month; dau where absent")),
    responses((status = 200, body = shape::UnitCosts, description = "As `trimtab cost unit -o json`."), (status = 400, body = Problem), (status = 404, body = Problem, description = "No bill was ingested, or no users are known.")))]
pub(crate) async fn unit_costs(asked: Asked) -> Response {
    asked
        .listed(|shared, reader| {
            let per = reader.query.get("per").unwrap_or("dau");
            nothing_alone(&reader.query)?;
            let found = unit_cost::costs(shared, per)?;
            Ok(found.map(|costs| unit_cost_json(&costs)))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_need_a_day_and_have_no_list_cost() {
        let asked =
            |text: &str| required_day(&Query::of(text)).map_err(|failure| failure.message.en);
        assert_eq!(asked("day=2026-10-02").unwrap().to_string(), "2026-10-02");
        assert!(asked("").unwrap_err().contains("`day` is missing"));
        assert!(asked("day=2026-10-02&basis=list").unwrap_err().contains("list cost"));
        assert!(asked("day=yesterday").is_err() && asked("day=2026-10-02&basis=red").is_err());
    }
}
