//! The first page: are we well this month, and what must be decided?

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};

use trimtab_model::recommendation::Recommendation;
use trimtab_render::chart::{Caption, Funnel, FunnelStage, Size, Stage};
use trimtab_render::document::words;
use trimtab_render::{money, number, time};

use super::failed;
use crate::blocking;
use crate::html::Html;
use crate::reader::Reader;
use crate::scope::Scope;
use crate::shared::Shared;
use crate::ui::{self, Chart, Empty, Page, Tab, WIDE, card, figure};
use crate::view::{BudgetItem, Cause, Found, Mover, Overview, Spent, before, overview, stack};

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Html {
    let query = reader.query.clone();
    let read = move |shared: &Shared| overview(shared, &Scope::of(&query)?);
    match blocking::read(&shared, read).await {
        Err(failure) => failed(&shared, &reader, Tab::Overview, &failure),
        Ok(overview) => {
            let title = reader.text(Tab::Overview.key());
            let mut page = Page::of(Tab::Overview, &title, body(&reader, &overview));
            page.about = about(&reader, &overview);
            Html::ok(ui::page(&shared, &reader, &page))
        }
    }
}

/// Of when the data is.
fn about(reader: &Reader, overview: &Overview) -> Option<String> {
    let zone = &reader.style.time_zone;
    let bill = overview
        .spending
        .as_ref()
        .map(|spent| reader.text_with("web-bill-until", &[("day", &spent.until.to_string())]));
    let analysis = overview.as_of.map(|moment| {
        reader.text_with("web-analysis-of", &[("moment", &time::date_time(moment, zone))])
    });
    let parts: Vec<String> = bill.into_iter().chain(analysis).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn body(reader: &Reader, overview: &Overview) -> Markup {
    if overview.spending.is_none() && overview.savings.is_none() {
        let (title, reason) = (reader.text("web-no-data"), reader.text("web-no-data-why"));
        let commands = ["trimtab demo", "trimtab init", "trimtab ingest --from DIR"];
        let body = ui::empty(&Empty { title: &title, reason: &reason, commands: &commands });
        return html! { section class="card" { (body) } };
    }
    html! {
        (verdict(reader, overview))
        (figures(reader, overview))
        (daily_cost(reader, overview))
        div class="columns wide" {
            (decisions(reader, overview))
            (movers(reader, overview))
        }
        (funnel(reader, overview))
    }
}

/// The month in one sentence.
fn verdict(reader: &Reader, overview: &Overview) -> Markup {
    let style = &reader.style;
    let spent = overview.spending.as_ref();
    let cost = spent.and_then(|spent| spent.last_month);
    let sentence = match (cost, overview.savings.as_ref()) {
        (Some(cost), Some(found)) if found.likely.is_positive() => {
            let share = found
                .monthly_cost
                .map(|cost| number::share(found.likely.amount, cost.amount))
                .unwrap_or_default();
            let key = if share.is_empty() { "web-verdict-saving" } else { "web-verdict-share" };
            let base = found.monthly_cost.map(|cost| style.monthly(cost)).unwrap_or_default();
            let arguments = [
                ("cost", &style.amount(cost)),
                ("saving", &style.amount(found.likely)),
                ("share", &share),
                ("base", &base),
            ];
            reader.text_with(key, &arguments.map(|(name, text)| (name, text.as_str())))
        }
        (Some(cost), _) => reader.text_with("web-verdict-cost", &[("cost", &style.amount(cost))]),
        (None, Some(found)) => {
            reader.text_with("web-verdict-only-saving", &[("saving", &style.amount(found.likely))])
        }
        (None, None) => return html! {},
    };
    html! { p class="verdict" { (sentence) } }
}

fn figures(reader: &Reader, overview: &Overview) -> Markup {
    html! {
        div class="figures" {
            @if let Some(spent) = &overview.spending { (cost_figures(reader, spent)) }
            @if let Some(budget) = &overview.budget { (budget_figure(reader, budget)) }
            @if let Some(found) = &overview.savings { (saving_figures(reader, found)) }
        }
        @if let Some(spent) = &overview.spending {
            @if spent.unknown > 0 {
                (ui::note(&reader.text_with("web-cost-unknown", &[("count", &spent.unknown.to_string())])))
            }
            @if !spent.other_currencies.is_empty() {
                (ui::note(&reader.text_with("web-other-currencies", &[("currencies", &spent.other_currencies.join(", "))])))
            }
        }
    }
}

fn cost_figures(reader: &Reader, spent: &Spent) -> Markup {
    let style = &reader.style;
    let unknown = || reader.text("web-not-known");
    let shown = |amount: Option<_>| amount.map_or_else(unknown, |amount| style.amount(amount));
    let compared = spent.last_month.zip(spent.month_before).and_then(|(now, before)| {
        let difference = now.checked_sub(before).ok()?;
        let share = number::signed_share(difference.amount, before.amount);
        Some(reader.text_with("web-than-before", &[("change", &share)]))
    });
    let exact = spent.last_month.map(money::full).unwrap_or_default();
    let month = match compared {
        Some(compared) => format!("{exact} · {compared}"),
        None => format!("{exact} · {}", reader.text("web-no-month-before")),
    };
    let how = reader.text_with(
        "web-forecast-how",
        &[("so_far", &shown(spent.month_to_date)), ("day", &spent.until.to_string())],
    );
    let range = spent.month_forecast.zip(spent.month_forecast_low.zip(spent.month_forecast_high));
    let range = range.map(|(likely, (low, high))| style.amount_range(likely, low, high));
    let forecast = match (
        &spent.month_forecast_missing,
        range.as_deref().and_then(|text| text.split_once(" (")),
    ) {
        (Some(why), _) => style.sentence(why),
        (None, Some((_, range))) => format!("({range} P10–P90 · {how}"),
        (None, None) => how,
    };
    html! {
        (figure(&reader.text("web-last-month"), &shown(spent.last_month), &month, ""))
        (figure(&reader.text("web-forecast"), &shown(spent.month_forecast), &forecast, ""))
    }
}

/// What the month may cost, beside what it is expected to.
fn budget_figure(reader: &Reader, budget: &BudgetItem) -> Markup {
    let Some(monthly) = budget.compared.or(budget.monthly) else { return html! {} };
    let spent = budget.spent_percent.map(|percent| {
        reader.text_with("web-budget-spent", &[("share", &number::percent(percent))])
    });
    let chance = budget.overrun_percent.map(|percent| {
        reader.text_with("web-budget-chance", &[("chance", &number::percent(percent))])
    });
    let named = [&budget.name, &budget.team, &budget.account, &budget.service];
    let name = named.into_iter().flatten().next().map(|name| trimtab_render::sanitise(name));
    let missing = budget.missing.as_ref().map(|why| reader.style.sentence(why));
    let notes: Vec<String> = [name, spent, chance, missing].into_iter().flatten().collect();
    let is_likely = budget.overrun_percent.is_some_and(|percent| percent >= LIKELY);
    let class = if is_likely { "warn" } else { "" };
    html! {
        a class="figure-link" href="/budgets" {
            (figure(&reader.text("web-budget-month"), &reader.style.amount(monthly), &notes.join(" · "), class))
        }
    }
}

fn saving_figures(reader: &Reader, found: &Found) -> Markup {
    let style = &reader.style;
    let saving = style.monthly_range(found.likely, found.low, found.high);
    let (amount, range) = saving.split_once(" (").unwrap_or((&saving, ""));
    let range = if range.is_empty() { String::new() } else { format!("({range} · ") };
    let counts = (found.recommendations, found.conditional_recommendations);
    let note = format!("{range}{}", ui::found_count(reader, counts));
    let low = reader.text_with(
        "web-low-risk-count",
        &[
            ("count", &found.low_risk_count.to_string()),
            ("calm", &found.without_restart.to_string()),
        ],
    );
    html! {
        (figure(&reader.text("web-found"), amount, &note, "good"))
        (figure(&reader.text("web-low-risk"), &style.monthly(found.low_risk), &low, ""))
    }
}

/// From this chance on, a budget is likely passed, in percent.
const LIKELY: f64 = 50.0;

/// Days of the chart.
const CHART_DAYS: i32 = 60;

/// Cost by day and service.
fn daily_cost(reader: &Reader, overview: &Overview) -> Markup {
    let (Some(daily), Some(spent)) = (&overview.daily, &overview.spending) else { return html! {} };
    let title = reader.text("web-daily-cost");
    let basis = reader.text("web-daily-cost-about");
    let of = |id: &str| Caption::new(id, title.clone(), basis.clone());
    let days = (before(spent.until, CHART_DAYS - 1), spent.until);
    let no_name = reader.text("web-no-name");
    let drawn = |id: &str| stack(daily, days, spent.provisional_from, of(id), &no_name);
    let (Ok(wide), Ok(narrow)) = (drawn("daily"), drawn("daily-narrow")) else { return html! {} };
    let body = ui::stacked(reader, (&wide, &narrow), &title);
    card(&title, Some(&basis), &body)
}

fn decisions(reader: &Reader, overview: &Overview) -> Markup {
    let body = html! {
        @if overview.runs_held > 0 {
            p class="notice danger" role="note" {
                a href="/runs" { (reader.text_with("web-runs-held", &[("count", &overview.runs_held.to_string())])) }
            }
        }
        @if !overview.waiting.is_empty() {
            ul class="rows" {
                @for stored in &overview.waiting {
                    li {
                        a href={ "/plans/" (stored.id.as_str()) } { (stored.id.as_str()) }
                        span { (reader.text_with("web-plan-waits", &[("count", &stored.plan.changes().count().to_string())])) }
                    }
                }
            }
        }
        @if overview.first.is_empty() {
            p class="nothing" { (reader.text("web-nothing-to-save")) }
        } @else {
            ol class="rows" {
                @for item in &overview.first { (decision(reader, item)) }
            }
            p { a href=(reader.same_scope().on("/recommendations")) { (reader.text("web-all-recommendations")) } }
        }
    };
    card(&reader.text("web-decide"), Some(&reader.text("web-decide-about")), &body)
}

fn decision(reader: &Reader, item: &Recommendation) -> Markup {
    let saving = &item.estimated_monthly_savings;
    html! {
        li {
            div class="row-words" {
                a href={ "/recommendations/" (item.id.as_str()) } {
                    (words::action_type(item.action_type, reader.locale())) " · " (words::resource_name(&item.resource))
                }
                p class="about" { (words::change(&item.action, reader.locale())) }
            }
            div class="row-badges" {
                (ui::environment(item.resource.environment, reader.locale()))
                (ui::risk(item.performance_risk, reader.locale()))
            }
            p class="row-amount saved" { (reader.style.monthly(saving.likely)) }
        }
    }
}

fn movers(reader: &Reader, overview: &Overview) -> Markup {
    let movers = overview.spending.as_ref().map_or(&[][..], |spent| &spent.movers);
    let body = html! {
        @if movers.is_empty() {
            p class="nothing" { (reader.text("web-no-movers")) }
        } @else {
            ul class="rows" { @for mover in movers { (moved(reader, mover)) } }
        }
    };
    card(&reader.text("web-movers"), Some(&reader.text("web-movers-about")), &body)
}

fn moved(reader: &Reader, mover: &Mover) -> Markup {
    let is_less = mover.difference.amount.is_sign_negative();
    let class = if is_less { "row-amount saved" } else { "row-amount" };
    let service = mover.service.clone().unwrap_or_else(|| reader.text("web-no-name"));
    let to = reader.same_scope().with("service", mover.service.as_deref());
    html! {
        li {
            div class="row-words" {
                a href=(to.with("group_by", Some("usage-type")).on("/cost")) { (trimtab_render::sanitise(&service)) }
                p class="about" {
                    (reader.style.amount(mover.before)) " → " (reader.style.amount(mover.after))
                    @if let Some(cause) = &mover.cause { " · " (why(reader, cause)) }
                }
                @if let Some(apart) = apart(reader, mover) { p class="about" { (apart) } }
            }
            p class=(class) {
                (reader.style.change(mover.difference))
                @if !mover.before.amount.is_zero() {
                    span class="range" { (number::signed_share(mover.difference.amount, mover.before.amount)) }
                }
            }
        }
    }
}

/// How much of the difference is usage, and how much price: of the whole bill, not of a part that is looked at.
fn apart(reader: &Reader, mover: &Mover) -> Option<String> {
    let is_whole = Scope::of(&reader.query).is_ok_and(|scope| scope.is_everything());
    match mover.usage.zip(mover.price) {
        None => is_whole.then(|| reader.text("web-mover-not-apart")),
        Some((usage, price)) => {
            let (usage, price) = (reader.style.change(usage), reader.style.change(price));
            Some(reader.text_with("web-mover-apart", &[("usage", &usage), ("price", &price)]))
        }
    }
}

/// What made the difference.
fn why(reader: &Reader, cause: &Cause) -> String {
    match cause {
        Cause::New => reader.text("web-mover-new"),
        Cause::Gone => reader.text("web-mover-gone"),
        Cause::UsageType(name, difference) => {
            format!("{} {}", trimtab_render::sanitise(name), reader.style.change(*difference))
        }
    }
}

/// From what was found to what the bill shows.
fn funnel(reader: &Reader, overview: &Overview) -> Markup {
    let Some(found) = &overview.savings else { return html! {} };
    let stage = |stage, count, amount| FunnelStage { stage, count, amount };
    let title = reader.text("web-funnel");
    let funnel = |id: &str| Funnel {
        caption: Caption::new(id, title.clone(), reader.text("web-saving-about")),
        stages: vec![
            stage(Stage::Found, found.recommendations, Some(found.likely)),
            stage(Stage::Planned, found.planned_changes, found.planned),
            stage(Stage::Applied, found.applied_changes, found.applied),
            stage(Stage::Verified, 0, None),
        ],
    };
    let (wide, narrow) = (funnel("funnel"), funnel("funnel-narrow"));
    let style = &reader.style;
    let body = html! {
        (ui::chart(reader, &Chart {
            wide: &wide.draw(Size::of(WIDE), style),
            narrow: &narrow.draw(Size::NARROW, style),
            legend: &[],
            table: &wide.table(style),
            caption: &title,
        }))
        p class="about" { (reader.text("web-funnel-about")) }
    };
    card(&title, None, &body)
}
