//! What is wrong with the queries, the indexes and the connections of a database server.

use trimtab_model::database::{
    Capacity, ClassIf, Confidence, Connections, Inspection, Memory, QueryFinding, QueryFindingKind,
    Rights, Subject,
};

use super::page::Page;
use crate::locale::Locale;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::{number, sanitise};

/// Characters of a query that a page shows; JSON has all of it.
const QUERY: usize = 400;

/// The signal of a server that has not counted for long.
const AGE: &str = "age";

/// Makes the table of findings.
pub fn database_inspection_table(inspection: &Inspection, style: &Style) -> Table {
    let locale = style.locale();
    let column = |key: &'static str, title: &str, kind, priority| {
        Column::new(key, locale.text(title), kind, priority)
    };
    let mut table = Table::new(vec![
        column("finding", "column-finding", Kind::Text, Priority::Essential),
        column("load_percent", "column-load-share", Kind::Percent, Priority::Essential),
        column("subject", "column-subject", Kind::Text, Priority::Essential).cut_late(),
        column("calls", "column-calls", Kind::Count, Priority::High),
        column("examined_per_returned", "column-examined", Kind::Number, Priority::High),
        column("confidence", "column-confidence", Kind::Text, Priority::High)
            .ranked(["low", "medium", "high"].map(|name| (name.to_owned(), name)).to_vec()),
        column("suggestion", "column-suggestion", Kind::Text, Priority::Normal),
        column("reason", "column-reason", Kind::Text, Priority::Normal),
        column("advice", "column-advice", Kind::Text, Priority::Wide),
        column("class_if", "column-class-if", Kind::Text, Priority::Wide),
        column("digest", "column-digest", Kind::Text, Priority::Wide),
    ]);
    for finding in &inspection.findings {
        let class = finding.class_if.as_ref().and_then(|one| one.class.as_ref());
        let waste = finding.examined_per_returned.and_then(|waste| {
            rust_decimal::Decimal::from_f64_retain(waste).map(|waste| waste.round_dp(1).normalize())
        });
        table.row(vec![
            Cell::text(finding.kind.as_str()),
            finding.load_share.map_or(Cell::Missing, |share| Cell::Percent(share * 100.0)),
            Cell::Text(subject(finding, locale)),
            finding.calls.map_or(Cell::Missing, Cell::Count),
            waste.map_or(Cell::Missing, Cell::Number),
            Cell::text(finding.confidence.as_str()),
            Cell::optional(finding.suggestion.clone()),
            Cell::text(finding.reason.text.get(style.language)),
            Cell::text(finding.advice.get(style.language)),
            Cell::optional(class.map(|class| class.as_str())),
            Cell::optional(digest(finding)),
        ]);
    }
    table
}

/// Returns the page: the server, what is wrong with it, and what could not be answered.
pub fn database_inspection(inspection: &Inspection, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    server(&mut page, inspection, style);
    page.heading(&headline(inspection, locale));
    // What is true of the server as a whole is said once.
    let signals = inspection.findings.iter().flat_map(|finding| &finding.unseen);
    if let Some(signal) = signals.into_iter().find(|signal| signal.name == AGE) {
        page.faint(&sanitise(signal.text.get(style.language)));
    }
    for finding in &inspection.findings {
        one(&mut page, finding, style);
    }
    if !inspection.unknown.is_empty() {
        page.heading(&locale.text("inspection-unknown"));
        for unknown in &inspection.unknown {
            page.bullet(&sanitise(unknown.why.get(style.language)));
            page.detail(&sanitise(unknown.settled_by.get(style.language)));
        }
    }
    page.gap();
    page.faint(&locale.text("inspection-basis"));
    page.faint(&locale.text("inspection-privacy"));
    page.finish()
}

fn subject(finding: &QueryFinding, locale: Locale) -> String {
    match &finding.about {
        Subject::Statement { text, .. } => text.to_string(),
        Subject::Index { table, index } => format!("{table} {index}"),
        Subject::Server => locale.text("inspection-server"),
    }
}

fn digest(finding: &QueryFinding) -> Option<&str> {
    match &finding.about {
        Subject::Statement { digest, .. } => Some(digest),
        Subject::Index { .. } | Subject::Server => None,
    }
}

fn server(page: &mut Page<'_>, inspection: &Inspection, style: &Style) {
    let locale = style.locale();
    let database = &inspection.database;
    let name = database.name.as_ref().map(|name| format!(" · {name}")).unwrap_or_default();
    let (engine, version) = (database.engine.name(), &database.version);
    page.strong(&sanitise(&format!("{engine} {version} · {}{name}", database.address)));
    if let Some(hours) = inspection.age.statement_hours.or(inspection.age.server_hours) {
        page.labelled(&locale.text("inspection-counted"), &stretch(hours, locale));
    }
    if let Some(total) = inspection.total {
        let calls = total.calls.to_string();
        let (shown, seconds) = (number::count(total.calls), number::significant(total.seconds));
        let arguments = [("count", calls.as_str()), ("shown", &shown), ("seconds", &seconds)];
        page.labelled(
            &locale.text("inspection-statements"),
            &locale.text_with("inspection-statements-figure", &arguments),
        );
    }
    if let Some(connections) = &inspection.connections {
        page.labelled(&locale.text("inspection-connections"), &connected(connections, locale));
    }
    if let Some(memory) = inspection.memory {
        page.labelled(&locale.text("inspection-buffer"), &buffer(memory, locale));
    }
    let rights = match &inspection.rights {
        Rights::ReadOnly => locale.text("inspection-read-only"),
        Rights::CanWrite(privileges) => {
            let privileges = privileges.join(", ");
            locale.text_with("inspection-writes", &[("privileges", &privileges)])
        }
        Rights::Unknown => locale.text("not-known"),
    };
    page.labelled(&locale.text("inspection-account"), &sanitise(&rights));
    if let Some(capacity) = &inspection.capacity {
        instance(page, capacity, style);
    }
}

fn stretch(hours: f64, locale: Locale) -> String {
    let (key, amount) = match hours {
        hours if hours >= 48.0 => ("inspection-days", hours / 24.0),
        hours if hours >= 1.0 => ("inspection-hours", hours),
        hours => ("inspection-minutes", hours * 60.0),
    };
    locale.text_with(key, &[("count", &format!("{:.0}", amount.floor()))])
}

fn connected(connections: &Connections, locale: Locale) -> String {
    let idle: u64 = connections.sessions.iter().map(|sessions| sessions.idle).sum();
    let mut parts = vec![locale.text_with(
        "inspection-connected",
        &[("now", &number::count(connections.now())), ("idle", &number::count(idle))],
    )];
    let figures = [
        ("inspection-peak", connections.peak),
        ("inspection-limit", connections.limit),
        ("inspection-aborted", connections.aborted),
    ];
    for (key, figure) in figures {
        if let Some(figure) = figure {
            parts.push(locale.text_with(key, &[("figure", &number::count(figure))]));
        }
    }
    parts.join(" · ")
}

fn buffer(memory: Memory, locale: Locale) -> String {
    let mebibytes = |bytes: u64| format!("{} MiB", number::count(bytes / 1_048_576));
    let mut parts = Vec::new();
    if let Some(bytes) = memory.buffer_bytes {
        parts.push(mebibytes(bytes));
    }
    if let Some(share) = memory.hit_share() {
        let share = number::percent(share * 100.0);
        parts.push(locale.text_with("inspection-hits", &[("share", &share)]));
    }
    if let Some(bytes) = memory.data_bytes {
        parts.push(locale.text_with("inspection-data", &[("size", &mebibytes(bytes))]));
    }
    parts.join(" · ")
}

fn instance(page: &mut Page<'_>, capacity: &Capacity, style: &Style) {
    let locale = style.locale();
    let arguments = [
        ("resource", capacity.resource.as_str()),
        ("class", capacity.class.as_str()),
        ("cpu", &number::percent(capacity.cpu_percent)),
        ("max", &number::percent(capacity.cpu_max_percent)),
        ("days", &capacity.window_days.to_string()),
    ];
    let mut text = locale.text_with("inspection-instance-figure", &arguments);
    if let Some(class) = &capacity.class_now {
        text.push(' ');
        text.push_str(&locale.text_with("inspection-already", &[("class", class.as_str())]));
    }
    if let Some(without) = &capacity.without_all {
        text.push(' ');
        text.push_str(&if_gone(without, "inspection-without-all", style));
    }
    page.labelled(&locale.text("inspection-instance"), &sanitise(&text));
}

/// Says what would suffice without a load: a condition.
fn if_gone(class_if: &ClassIf, key: &str, style: &Style) -> String {
    let locale = style.locale();
    let cpu = number::percent(class_if.cpu_percent);
    let mut text = locale.text_with(key, &[("cpu", &cpu)]);
    text.push(' ');
    text.push_str(&match (&class_if.class, class_if.monthly_saving) {
        (Some(class), Some(saving)) => locale.text_with(
            "inspection-class-saves",
            &[("class", class.as_str()), ("saving", &style.amount(saving))],
        ),
        (Some(class), None) => locale.text_with("inspection-class", &[("class", class.as_str())]),
        (None, _) => locale.text("inspection-class-same"),
    });
    text
}

fn headline(inspection: &Inspection, locale: Locale) -> String {
    let count = inspection.findings.len();
    if count == 0 {
        return locale.text("inspection-nothing");
    }
    locale.text_with("inspection-found", &[("count", &count.to_string())])
}

fn one(page: &mut Page<'_>, finding: &QueryFinding, style: &Style) {
    let locale = style.locale();
    page.gap();
    let mut title = vec![locale.text(kind_key(finding.kind))];
    if let Some(share) = finding.load_share {
        let share = number::percent(share * 100.0);
        title.push(locale.text_with("inspection-share", &[("share", &share)]));
    }
    if let Some(calls) = finding.calls {
        let (calls, shown) = (calls.to_string(), number::count(calls));
        title.push(locale.text_with("inspection-calls", &[("count", &calls), ("shown", &shown)]));
    }
    if let Some(waste) = finding.examined_per_returned.filter(|waste| *waste >= 2.0) {
        let waste = number::count(waste.round() as u64);
        title.push(locale.text_with("inspection-examined", &[("rows", &waste)]));
    }
    title.push(locale.text(confidence_key(finding.confidence)));
    page.strong(&title.join(" · "));
    if !matches!(finding.about, Subject::Server) {
        let text = subject(finding, locale);
        let more = if text.chars().count() > QUERY { "…" } else { "" };
        let text: String = text.chars().take(QUERY).collect();
        page.detail(&sanitise(&format!("{text}{more}")));
    }
    page.detail(&sanitise(finding.reason.text.get(style.language)));
    page.detail(&sanitise(finding.advice.get(style.language)));
    if let Some(suggestion) = &finding.suggestion {
        page.command(&format!("  {suggestion}"));
    }
    if let Some(class_if) = &finding.class_if {
        page.detail(&if_gone(class_if, "inspection-without", style));
    }
    for signal in finding.unseen.iter().filter(|signal| signal.name != AGE) {
        let text = sanitise(signal.text.get(style.language));
        page.detail(&locale.text_with("inspection-unseen", &[("text", &text)]));
    }
}

fn kind_key(kind: QueryFindingKind) -> &'static str {
    match kind {
        QueryFindingKind::MissingIndex => "finding-missing-index",
        QueryFindingKind::QueryPerRow => "finding-query-per-row",
        QueryFindingKind::DiskTemporaryTable => "finding-disk-temporary-table",
        QueryFindingKind::SortOnDisk => "finding-sort-on-disk",
        QueryFindingKind::FullScan => "finding-full-scan",
        QueryFindingKind::UnusedIndex => "finding-unused-index",
        QueryFindingKind::DuplicateIndex => "finding-duplicate-index",
        QueryFindingKind::IdleConnections => "finding-idle-connections",
    }
}

fn confidence_key(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "inspection-confidence-low",
        Confidence::Medium => "inspection-confidence-medium",
        Confidence::High => "inspection-confidence-high",
    }
}
