//! Servers that mostly wait, beside the functions in their place.

use rust_decimal::Decimal;

use trimtab_model::action::ContainerMove;
use trimtab_model::money::Money;
use trimtab_model::recommendation::CostComponent;
use trimtab_model::serverless::{
    Candidate, Conversion, Economics, Fit, FunctionArchitecture, FunctionCost, FunctionSimulation,
    QueueWork, RunsBy, Sensitivity, Trigger, TriggerKind, Workload,
};

use super::page::Page;
use super::recommendation_show::product;
use super::words;
use crate::locale::Locale;
use crate::number::{exact, significant};
use crate::sanitise;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Makes the list of candidates.
pub fn candidate_table<'a>(all: impl Iterator<Item = &'a Candidate>, style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, title: &str, kind, priority| Column::new(key, locale.text(title), kind, priority);
    let mut table = Table::new(vec![
        column("resource", "column-resource", Kind::Text, Priority::Essential),
        column("name", "web-column-name", Kind::Text, Priority::High),
        column("account", "column-account", Kind::Text, Priority::Wide),
        column("region", "column-region", Kind::Text, Priority::Wide),
        column("environment", "column-environment", Kind::Text, Priority::Wide),
        column("server", "column-server", Kind::Text, Priority::High),
        column("fit", "column-fit", Kind::Text, Priority::Essential),
        column("duty", "column-duty", Kind::Percent, Priority::Essential),
        column("longest_minutes", "column-longest-work", Kind::Number, Priority::High),
        column("runs", "column-runs-a-month", Kind::Number, Priority::High),
        column("trigger", "column-trigger", Kind::Text, Priority::Wide),
        column("function", "column-function", Kind::Text, Priority::High),
        column("server_cost", "column-server-cost", Kind::Money, Priority::Essential),
        column("function_cost", "column-function-cost", Kind::Money, Priority::Essential),
        column("break_even", "column-break-even", Kind::Number, Priority::Wide),
    ]);
    for candidate in all {
        table.row(row(candidate, locale));
    }
    table
}

fn row(candidate: &Candidate, locale: Locale) -> Vec<Cell> {
    let workload = &candidate.workload;
    // What no function can do costs nothing as one.
    let can = candidate.fit != Fit::DoesNotFit;
    let economics = candidate.economics.as_ref().ok();
    let priced = economics.filter(|_| can);
    let function = priced.and_then(|economics| economics.options.first());
    let cost =
        |usd: Option<Decimal>| usd.map_or(Cell::Missing, |usd| Cell::Amount(Money::usd(usd)));
    vec![
        Cell::text(candidate.resource.id.as_str()),
        Cell::optional(candidate.resource.name.as_deref()),
        Cell::text(candidate.resource.account.as_str()),
        Cell::text(candidate.resource.region.as_str()),
        Cell::text(candidate.environment().as_str()),
        Cell::text(&candidate.server),
        Cell::text(fit_word(candidate.fit, locale)),
        Cell::Percent(workload.duty_cycle * 100.0),
        Cell::Number(Decimal::from(workload.longest_seconds) / Decimal::from(60)),
        number(workload.runs),
        Cell::text(trigger_word(candidate.trigger, locale)),
        function.map_or(Cell::Missing, |one| Cell::text(function_word(one, locale))),
        cost(economics.and_then(|economics| sum(&economics.now))),
        cost(function.map(|one| one.monthly_high)),
        priced.and_then(|economics| economics.break_even).map_or(Cell::Missing, Cell::Number),
    ]
}

fn number(value: f64) -> Cell {
    Decimal::try_from(value).map_or(Cell::Missing, |value| Cell::Number(value.round()))
}

fn sum(components: &[CostComponent]) -> Option<Decimal> {
    components.iter().try_fold(Decimal::ZERO, |sum, one| {
        sum.checked_add(one.quantity.checked_mul(one.price.usd)?)
    })
}

/// Returns whether it fits, in words.
pub fn fit_word(fit: Fit, locale: Locale) -> String {
    locale.text(match fit {
        Fit::Fits => "fit-fits",
        Fit::FitsAfterChanges => "fit-after-changes",
        Fit::DoesNotFit => "fit-not",
    })
}

/// Returns what starts the function, in words.
pub fn trigger_word(trigger: Trigger, locale: Locale) -> String {
    locale.text(match trigger {
        Trigger::Request => "trigger-request",
        Trigger::Schedule => "trigger-schedule",
        Trigger::Event => "trigger-event",
        Trigger::Queue => "trigger-queue",
    })
}

fn function_word(one: &FunctionCost, locale: Locale) -> String {
    function_of(one.memory_mb, one.architecture, locale)
}

/// Returns the size of a function, in words.
pub(super) fn function_of(
    memory_mb: u32,
    architecture: FunctionArchitecture,
    locale: Locale,
) -> String {
    let memory = memory_mb.to_string();
    locale.text_with("function-of", &[("memory", &memory), ("architecture", architecture.as_str())])
}

/// Returns the server, and the function in its place.
pub(super) fn conversion_words(conversion: &Conversion, locale: Locale) -> (String, String) {
    let function = function_of(conversion.memory_mb, conversion.architecture, locale);
    (conversion.server.clone(), function)
}

/// Returns the function, and the tasks in its place.
pub(super) fn container_words(container: &ContainerMove, locale: Locale) -> (String, String) {
    let of_1024 = |units: u32| significant(f64::from(units) / 1024.0);
    let tasks = locale.text_with(
        "tasks-of",
        &[
            ("tasks", &container.tasks.to_string()),
            ("vcpu", &of_1024(container.cpu_units)),
            ("memory", &of_1024(container.memory_mib)),
        ],
    );
    (function_of(container.memory_mb, container.architecture, locale), tasks)
}

/// Returns one candidate as a page of a terminal.
pub fn candidate_show(candidate: &Candidate, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    page.strong(&format!(
        "{} · {}",
        words::resource_name(&candidate.resource),
        fit_word(candidate.fit, locale)
    ));
    work(&mut page, &candidate.workload, locale);
    page.labelled(&locale.text("column-trigger"), &trigger_word(candidate.trigger, locale));
    for (title, reasons) in
        [("serverless-obstacles", &candidate.obstacles), ("serverless-changes", &candidate.changes)]
    {
        if !reasons.is_empty() {
            page.heading(&locale.text(title));
            for reason in reasons {
                page.bullet(&style.sentence(&reason.text));
            }
        }
    }
    match &candidate.economics {
        Ok(economics) if candidate.fit == Fit::DoesNotFit => {
            page.heading(&locale.text("serverless-costs"));
            if let Some(now) = sum(&economics.now) {
                page.labelled(&locale.text("serverless-now"), &style.monthly(Money::usd(now)));
            }
        }
        Ok(economics) => costs(&mut page, economics, candidate.workload.runs_by, style),
        Err(unknown) => {
            page.heading(&locale.text("serverless-costs"));
            page.sentence(&style.sentence(&unknown.reason.text));
        }
    }
    page.heading(&locale.text("show-unseen"));
    for signal in &candidate.signals_not_seen {
        page.bullet(&style.sentence(&signal.text));
    }
    page.finish()
}

fn work(page: &mut Page<'_>, workload: &Workload, locale: Locale) {
    let figure = |value: f64| significant(value);
    let (duty, days) = (figure(workload.duty_cycle * 100.0), figure(workload.days));
    let (working, waiting) = (figure(workload.working_percent), figure(workload.waiting_percent));
    page.labelled(
        &locale.text("serverless-work"),
        &locale.text_with(
            "serverless-work-words",
            &[("duty", &duty), ("days", &days), ("working", &working), ("waiting", &waiting)],
        ),
    );
    let minutes = figure(workload.longest_seconds as f64 / 60.0);
    let runs = figure(workload.runs.round());
    let key = match workload.runs_by {
        RunsBy::Requests => "serverless-runs-requests",
        RunsBy::Stretches => "serverless-runs-stretches",
        RunsBy::Messages => "serverless-runs-messages",
    };
    page.labelled(
        &locale.text("serverless-runs"),
        &locale.text_with(key, &[("runs", &runs), ("minutes", &minutes)]),
    );
    if let Some(queues) = &workload.queues {
        page.labelled(&locale.text("serverless-queue"), &queue_words(queues, locale));
    }
    if let Some(memory) = workload.memory_mb {
        let memory = figure(memory.round());
        page.labelled(
            &locale.text("serverless-memory"),
            &locale.text_with("serverless-memory-words", &[("memory", &memory)]),
        );
    }
}

/// Returns the queues that a server reads, how full they get and how long it holds a message.
fn queue_words(queues: &QueueWork, locale: Locale) -> String {
    let names = sanitise(&queues.names.join(", "));
    let mut words = vec![match queues.deepest {
        Some(deepest) => locale.text_with(
            "serverless-queue-depth",
            &[("names", &names), ("deepest", &significant(deepest.round()))],
        ),
        None => locale.text_with("serverless-queue-depth-unknown", &[("names", &names)]),
    }];
    match queues.seconds_of_a_message {
        // Nothing was in flight when SQS looked, once a minute.
        Some(seconds) if seconds <= 0.0 => words.push(locale.text("serverless-queue-held-short")),
        Some(seconds) => {
            let seconds = significant(seconds);
            words.push(locale.text_with("serverless-queue-held", &[("seconds", &seconds)]));
        }
        None => {}
    }
    words.join("; ")
}

fn costs(page: &mut Page<'_>, economics: &Economics, runs_by: RunsBy, style: &Style) {
    let locale = style.locale();
    page.heading(&locale.text("serverless-costs"));
    let dollars = |usd: Decimal| style.monthly(Money::usd(usd));
    if let Some(now) = sum(&economics.now) {
        page.labelled(&locale.text("serverless-now"), &dollars(now));
    }
    for one in &economics.options {
        let title = function_word(one, locale);
        let mark = if one.is_proposed { " ←" } else { "" };
        let words = match &one.unfit {
            Some(unfit) => style.sentence(unfit),
            None if one.monthly_low == one.monthly_high => locale.text_with(
                "serverless-option-one",
                &[
                    ("amount", &dollars(one.monthly_high)),
                    ("seconds", &one.seconds_high.normalize().to_string()),
                ],
            ),
            None => locale.text_with(
                "serverless-option",
                &[
                    ("low", &dollars(one.monthly_low)),
                    ("high", &dollars(one.monthly_high)),
                    ("fast", &one.seconds_low.normalize().to_string()),
                    ("slow", &one.seconds_high.normalize().to_string()),
                ],
            ),
        };
        page.bullet(&format!("{title}{mark}: {words}"));
    }
    cut(page, economics, runs_by, locale);
    if let (Some(times), Some(runs)) = (economics.break_even, economics.break_even_runs) {
        page.sentence(&locale.text_with(
            "serverless-break-even",
            &[("times", &times.normalize().to_string()), ("runs", &exact(runs))],
        ));
    }
    page.sentence(
        &locale.text_with("serverless-free-tier", &[("amount", &dollars(economics.free_tier))]),
    );
    cold(page, economics, style);
    started(page, economics, style);
    ends_later(page, economics, style);
    page.heading(&locale.text("serverless-sensitivity"));
    for Sensitivity { factor, function, server } in &economics.sensitivity {
        page.bullet(&locale.text_with(
            "serverless-times",
            &[
                ("factor", &factor.normalize().to_string()),
                ("function", &dollars(*function)),
                ("server", &dollars(*server)),
            ],
        ));
    }
}

/// Says that the proposed function has more runs than the work has stretches or messages, where these are cut.
fn cut(page: &mut Page<'_>, economics: &Economics, runs_by: RunsBy, locale: Locale) {
    let Some(function) = economics.options.first() else { return };
    let (Some(pieces), Some(requests)) = (function.pieces, function.components.first()) else {
        return;
    };
    let (pieces, runs) = (pieces.to_string(), exact(requests.quantity.round()));
    let key = match runs_by {
        RunsBy::Messages => "serverless-pieces-messages",
        RunsBy::Requests | RunsBy::Stretches => "serverless-pieces",
    };
    page.sentence(&locale.text_with(key, &[("pieces", &pieces), ("runs", &runs)]));
}

fn cold(page: &mut Page<'_>, economics: &Economics, style: &Style) {
    let locale = style.locale();
    let cold = &economics.cold_starts;
    let share = significant(cold.share * 100.0);
    let minutes = cold.kept_minutes.to_string();
    let key = if cold.matters { "serverless-cold-waited-for" } else { "serverless-cold" };
    page.sentence(&locale.text_with(key, &[("share", &share), ("minutes", &minutes)]));
    if cold.matters {
        let target = cold.target_milliseconds.to_string();
        let key = match (cold.keeps_target, cold.is_seen) {
            (Some(false), _) => "serverless-target-missed",
            (Some(true), false) => "serverless-target-kept",
            (Some(true), true) => "serverless-target-kept-warm",
            (None, false) => "serverless-target-unknown",
            (None, true) => "serverless-target-unknown-cold",
        };
        page.sentence(&locale.text_with(key, &[("target", &target)]));
    }
    if let Some(ready) = &cold.kept_ready
        && let Some(usd) = ready.quantity.checked_mul(ready.price.usd)
    {
        let amount = style.monthly(Money::usd(usd));
        page.sentence(&locale.text_with("serverless-kept-ready", &[("amount", &amount)]));
    }
}

/// Says what starts the function, and what that costs.
fn started(page: &mut Page<'_>, economics: &Economics, style: &Style) {
    let locale = style.locale();
    if economics.triggers.is_empty() {
        return;
    }
    page.heading(&locale.text("serverless-started"));
    for one in &economics.triggers {
        let way = locale.text(trigger_kind(one.kind));
        let mark = if one.is_generated { " ←" } else { "" };
        let cost = match &one.cost {
            Ok(Some(part)) => product(part, locale),
            Ok(None) => locale.text("serverless-started-free"),
            Err(unknown) => style.sentence(&unknown.reason.text),
        };
        page.bullet(&format!("{way}{mark}: {cost}"));
    }
    if let Some(gateway) = &economics.nat_gateway {
        let key = match economics.has_nat_gateway {
            true => "serverless-nat-there",
            false => "serverless-nat",
        };
        page.sentence(&locale.text_with(key, &[("product", &product(gateway, locale))]));
    }
}

fn trigger_kind(kind: TriggerKind) -> &'static str {
    match kind {
        TriggerKind::HttpApi => "started-http-api",
        TriggerKind::FunctionUrl => "started-function-url",
        TriggerKind::LoadBalancer => "started-load-balancer",
        TriggerKind::Scheduler => "started-scheduler",
        TriggerKind::Bucket => "started-bucket",
        TriggerKind::Queue => "started-queue",
    }
}

/// Says what costs on until the server is deleted.
fn ends_later(page: &mut Page<'_>, economics: &Economics, style: &Style) {
    if economics.ends_later.is_empty() && economics.ends_later_unknown.is_empty() {
        return;
    }
    let locale = style.locale();
    page.heading(&locale.text("serverless-ends-later"));
    for part in &economics.ends_later {
        page.bullet(&part_words(part, locale));
    }
    for text in &economics.ends_later_unknown {
        page.bullet(&style.sentence(text));
    }
}

fn part_words(part: &CostComponent, locale: Locale) -> String {
    format!("{} {}", sanitise(&part.name), product(part, locale))
}

/// Returns how the amounts of a candidate came about, part by part.
pub fn candidate_explain(candidate: &Candidate, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    page.strong(&words::resource_name(&candidate.resource));
    work(&mut page, &candidate.workload, locale);
    let Ok(economics) = &candidate.economics else {
        return candidate_show(candidate, style);
    };
    page.heading(&locale.text("serverless-now"));
    for part in &economics.now {
        page.bullet(&part_words(part, locale));
    }
    let can = candidate.fit != Fit::DoesNotFit;
    if let Some(function) = economics.options.first().filter(|_| can) {
        page.heading(&function_word(function, locale));
        let processor = significant(candidate.workload.processor_seconds);
        let working = significant(candidate.workload.working_seconds);
        let taken = significant(candidate.workload.processors);
        let key = match candidate.workload.runs_by {
            RunsBy::Messages => "serverless-seconds-messages",
            RunsBy::Requests | RunsBy::Stretches => "serverless-seconds",
        };
        page.sentence(&locale.text_with(
            key,
            &[("processor", &processor), ("working", &working), ("taken", &taken)],
        ));
        cut(&mut page, economics, candidate.workload.runs_by, locale);
        for part in &function.components {
            page.bullet(&part_words(part, locale));
        }
    }
    page.finish()
}

/// Returns what the function of a candidate costs under assumptions, beside the server.
pub fn function_simulation(
    candidate: &Candidate,
    simulation: &FunctionSimulation,
    style: &Style,
) -> String {
    let locale = style.locale();
    let dollars = |usd: Decimal| style.monthly(Money::usd(usd));
    let mut page = Page::new(style);
    page.strong(&words::resource_name(&candidate.resource));
    page.labelled(
        &locale.text("column-function"),
        &function_of(simulation.memory_mb, simulation.architecture, locale),
    );
    page.labelled(
        &locale.text("serverless-runs"),
        &locale.text_with(
            "serverless-assumed",
            &[
                ("runs", &exact(simulation.runs.normalize())),
                ("seconds", &simulation.seconds.normalize().to_string()),
            ],
        ),
    );
    for part in &simulation.components {
        page.bullet(&part_words(part, locale));
    }
    page.labelled(&locale.text("column-function-cost"), &dollars(simulation.function));
    page.labelled(&locale.text("column-server-cost"), &dollars(simulation.server));
    let key = match simulation.saved.is_sign_negative() {
        true => "serverless-dearer",
        false => "serverless-cheaper",
    };
    page.sentence(&locale.text_with(key, &[("amount", &dollars(simulation.saved.abs()))]));
    if let Some(runs) = simulation.equal_runs {
        page.sentence(&locale.text_with("serverless-equal-runs", &[("runs", &exact(runs))]));
    }
    page.finish()
}
