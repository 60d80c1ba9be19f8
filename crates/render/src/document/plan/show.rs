//! Everything about one plan: the page that people read before they approve it.

use trimtab_model::plan::{Ancestry, Change, LeftOut, Plan, Stage};

use super::page::PlanPage;
use super::words as plan_words;
use crate::document::page::Page;
use crate::document::words;
use crate::locale::Locale;
use crate::style::Style;
use crate::{sanitise, time};

/// Returns everything about one plan.
pub fn plan_show(page: &PlanPage<'_>, style: &Style) -> String {
    let locale = style.locale();
    let mut text = Page::new(style);
    head(&mut text, page, style);
    rules(&mut text, page.plan, style);
    for stage in &page.plan.stages {
        show_stage(&mut text, page, stage, style);
    }
    left_out(&mut text, &page.plan.left_out, style);
    if !page.notes.is_empty() {
        text.heading(&locale.text("plan-found"));
        for note in &page.notes {
            let severity = plan_words::severity(note.severity, locale);
            let severity = if note.severity == "error" { style.red(&severity) } else { severity };
            let about = note.change.as_deref().map(|id| format!("{id}: ")).unwrap_or_default();
            text.bullet(&format!("{severity}: {about}{}", style.sentence(&note.reason.text)));
        }
    }
    text.gap();
    for line in style.rate_lines(page.savings.iter().map(|saving| saving.likely.currency)) {
        text.faint(&line);
    }
    for command in &page.next {
        text.sentence(&locale.text_with("next-command", &[("command", command)]));
    }
    text.finish()
}

fn head(text: &mut Page<'_>, page: &PlanPage<'_>, style: &Style) {
    let locale = style.locale();
    let plan = page.plan;
    let count = plan.changes().count().to_string();
    let changes = locale.text_with("plan-changes", &[("count", &count)]);
    text.strong(&format!("{} · {changes}", page.id));
    text.gap();
    text.labelled(&locale.text("label-hash"), page.hash);
    for saving in &page.savings {
        let range = style.monthly_range(saving.likely, saving.low, saving.high);
        let basis = locale.text("plan-saving-basis");
        text.labelled(&locale.text("label-savings"), &format!("{} · {basis}", style.green(&range)));
    }
    let moment = |at| time::date_time(at, &style.time_zone);
    let made = locale.text_with(
        "plan-made",
        &[("by", &sanitise(&plan.created_by)), ("at", &moment(plan.created_at))],
    );
    text.labelled(&locale.text("label-made"), &made);
    text.labelled(&locale.text("label-inventory"), &moment(plan.built_from));
    text.labelled(&locale.text("label-expires"), &moment(plan.expires_at));
    let accounts: Vec<String> = plan
        .accounts
        .iter()
        .map(|(account, alias)| match alias {
            Some(alias) => format!("{} ({account})", sanitise(alias)),
            None => sanitise(account.as_str()),
        })
        .collect();
    if !accounts.is_empty() {
        text.labelled(&locale.text("label-accounts"), &accounts.join(", "));
    }
    if !page.runs.is_empty() {
        text.labelled(&locale.text("label-plan-runs"), &page.runs.join(", "));
    }
}

/// Adds when changes may start, and what bounds them.
fn rules(text: &mut Page<'_>, plan: &Plan, style: &Style) {
    let locale = style.locale();
    let rules = &plan.rules;
    text.heading(&locale.text("plan-windows"));
    if rules.windows.is_empty() {
        text.bullet(&locale.text("plan-no-window"));
    }
    for window in &rules.windows {
        text.bullet(&plan_words::window(window, locale));
    }
    for freeze in &rules.freezes {
        let moment = |at| time::date_time(at, &style.time_zone);
        let arguments = [
            ("name", sanitise(&freeze.name)),
            ("from", moment(freeze.period.start())),
            ("until", moment(freeze.period.end())),
            ("environments", plan_words::environments(&freeze.environments, locale)),
        ];
        let arguments: Vec<(&str, &str)> =
            arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
        text.bullet(&locale.text_with("plan-freeze", &arguments));
    }
    let bounds = locale.text_with(
        "plan-bounds",
        &[
            ("most", &rules.max_in_flight.to_string()),
            ("budget", &rules.budget_percent.to_string()),
            ("failures", &rules.max_failures.to_string()),
        ],
    );
    text.bullet(&bounds);
}

fn show_stage(text: &mut Page<'_>, page: &PlanPage<'_>, stage: &Stage, style: &Style) {
    let locale = style.locale();
    let name = stage.environment.as_str();
    text.heading(&locale.text_with("plan-stage", &[("stage", name)]));
    text.sentence(&plan_words::approval(stage.approval, locale));
    let given: Vec<String> = page
        .approvals
        .iter()
        .filter(|one| one.stage == name)
        .map(|one| {
            let at = time::date_time(one.at, &style.time_zone);
            locale.text_with("plan-approved-by", &[("by", &sanitise(&one.by)), ("at", &at)])
        })
        .collect();
    match given.is_empty() {
        true => text.sentence(&locale.text("plan-not-approved")),
        false => text.sentence(&given.join(" · ")),
    }
    let watch = page.plan.rules.stage(stage.environment);
    let arguments = [
        ("soak", plan_words::length(watch.soak, locale)),
        ("extension", plan_words::length(watch.extension, locale)),
        ("confirm", plan_words::length(watch.confirm_after, locale)),
    ];
    let arguments: Vec<(&str, &str)> =
        arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
    text.sentence(&match watch.confirm_after.is_zero() {
        true => locale.text_with("plan-watch", &arguments),
        false => locale.text_with("plan-watch-confirm", &arguments),
    });
    let mut number = 0;
    for wave in &stage.waves {
        text.gap();
        let count = wave.changes.len().to_string();
        let wave_name = plan_words::wave(wave.name, locale);
        let arguments = [("wave", wave_name.as_str()), ("count", count.as_str())];
        text.line(&format!(" {}", locale.text_with("plan-wave", &arguments)));
        for change in &wave.changes {
            number += 1;
            show_change(text, number, change, style);
            show_attestations(text, page, change, style);
        }
    }
}

fn show_change(text: &mut Page<'_>, number: usize, change: &Change, style: &Style) {
    let locale = style.locale();
    let resource = &change.resource;
    text.step(
        number,
        &format!(
            "{} · {} · {}",
            change.id,
            words::resource_name(resource),
            style.bold(&words::change(&change.action, locale))
        ),
    );
    let place = [
        sanitise(resource.id.as_str()),
        resource.kind.as_str().to_owned(),
        sanitise(resource.account.as_str()),
        sanitise(resource.region.as_str()),
        sanitise(change.recommendation.as_str()),
    ];
    text.detail(&place.join(" · "));
    let saving = &change.estimated_monthly_savings;
    let range = style.monthly_range(saving.likely, saving.low, saving.high);
    let basis = words::price_basis(saving.basis, locale);
    let detail = |text: &mut Page<'_>, label: &str, value: &str| {
        text.detail(&format!("{label}: {value}"));
    };
    detail(text, &locale.text("label-savings"), &format!("{} · {basis}", style.green(&range)));
    let risk = words::risk(change.risk, locale);
    let class = plan_words::class(change.class, locale);
    detail(text, &locale.text("label-risk"), &format!("{risk} · {class}"));
    detail(text, &locale.text("label-downtime"), &plan_words::downtime(change, locale));
    detail(text, &locale.text("label-recovery"), &plan_words::recovery(&change.recovery, locale));
    detail(text, &locale.text("label-gates"), &gates(change, locale));
    detail(text, &locale.text("label-undo"), &words::undo(&change.undo, locale));
    if let Some(migration) = &change.migration {
        let (name, region) = (sanitise(&migration.name), sanitise(migration.region.as_str()));
        let arguments = [("name", name.as_str()), ("region", region.as_str())];
        text.detail(&locale.text_with("plan-migration", &arguments));
    }
    if let Ancestry::Possibly(tool) = &change.ancestry {
        let tool = sanitise(tool);
        text.detail(&locale.text_with("plan-possibly-managed", &[("tool", &tool)]));
    }
}

/// Adds what people vouched for of a change.
fn show_attestations(text: &mut Page<'_>, page: &PlanPage<'_>, change: &Change, style: &Style) {
    let locale = style.locale();
    for one in page.attestations.iter().filter(|one| one.change == change.id.as_str()) {
        let arguments = [
            ("row", one.row.clone()),
            ("by", sanitise(&one.by)),
            ("at", time::date_time(one.at, &style.time_zone)),
            ("note", sanitise(&one.note)),
        ];
        let arguments: Vec<(&str, &str)> =
            arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
        text.detail(&locale.text_with("plan-attested", &arguments));
    }
}

fn gates(change: &Change, locale: Locale) -> String {
    if change.gates.is_empty() {
        return locale.text("gates-none");
    }
    let gates: Vec<String> =
        change.gates.iter().map(|gate| plan_words::gate(gate, locale)).collect();
    gates.join(" · ")
}

fn left_out(text: &mut Page<'_>, left_out: &[LeftOut], style: &Style) {
    let locale = style.locale();
    if left_out.is_empty() {
        return;
    }
    text.heading(&locale.text("plan-left-out"));
    for one in left_out {
        text.bullet(&format!(
            "{} · {}: {}",
            sanitise(one.recommendation.as_str()),
            words::resource_name(&one.resource),
            style.sentence(&one.reason.text)
        ));
        if let Some(patch) = &one.patch {
            let owner = sanitise(&patch.owner);
            let arguments = [("owner", owner.as_str()), ("format", patch.format.as_str())];
            text.detail(&locale.text_with("plan-patch", &arguments));
        }
    }
}
