//! `trimtab notify`, and the list of what came of sending.

use std::time::Duration;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline;
use trimtab_app::pipeline::notify::{Came, ChannelLine, Posting, Waited, overview, trial};
use trimtab_model::document::Days;
use trimtab_model::text::Text;
use trimtab_render::locale::Locale;
use trimtab_render::style::Style;
use trimtab_render::table::{Cell, Column, Kind as CellKind, Priority, Table};

use crate::cli::{NotifyCommand, NotifyTestArgs};
use crate::console::Console;
use crate::terminal::Printed;

/// Runs `trimtab notify …`.
pub fn run(console: &Console, command: &NotifyCommand) -> Result<Printed, Failure> {
    match command {
        NotifyCommand::List => list(console),
        NotifyCommand::Test(args) => test(console, args),
    }
}

/// Waits between two tries.
pub fn pause(length: Duration) -> Waited {
    std::thread::sleep(length);
    Waited::Whole
}

fn list(console: &Console) -> Result<Printed, Failure> {
    let state = pipeline::open_state(&console.settings)?;
    let lines = overview(&console.settings, &state, pipeline::now())?;
    let style = console.list_style();
    let locale = console.style.locale();
    let mut table = Table::new(vec![
        column("channel", locale.text("notify-column-channel"), Priority::Essential),
        column("kind", locale.text("notify-column-kind"), Priority::Normal),
        column("to", locale.text("notify-column-to"), Priority::Essential).cut_late(),
        column("report", locale.text("notify-column-report"), Priority::Essential),
        moment("next", locale.text("notify-column-next"), Priority::High),
        column("period", locale.text("column-period"), Priority::Normal),
        column("last", locale.text("notify-column-last"), Priority::Essential),
        moment("at", locale.text("notify-column-at"), Priority::High),
        column("note", locale.text("notify-column-note"), Priority::Normal),
    ]);
    for line in &lines {
        table.row(cells(line, &style));
    }
    console.print_table("notify.list", &table)?;
    if lines.is_empty() {
        console.say(&locale.text("notify-no-channel"));
    }
    Ok(Printed::Complete)
}

fn cells(line: &ChannelLine, style: &Style) -> Vec<Cell> {
    let locale = style.locale();
    let last = line.last.as_ref();
    let at = last.map(|last| last.ended_at.unwrap_or(last.began_at));
    let outcome = last.map(|last| outcome_word(last.outcome.as_str(), locale));
    vec![
        Cell::text(&line.channel),
        Cell::text(line.kind),
        Cell::text(&line.place),
        Cell::optional(line.report.map(|kind| report_word(kind.as_str(), locale))),
        line.next.map_or(Cell::Missing, Cell::Timestamp),
        Cell::optional(last.map(|last| days(last.key.period))),
        Cell::optional(outcome),
        at.map_or(Cell::Missing, Cell::Timestamp),
        note(last.map(|last| &last.note), style),
    ]
}

fn test(console: &Console, args: &NotifyTestArgs) -> Result<Printed, Failure> {
    let mut channels = args.channels.clone();
    if channels.is_empty() {
        channels = console.settings.notify.channels().map(|(name, _)| name.to_owned()).collect();
    }
    if channels.is_empty() {
        return Err(no_channel());
    }
    let all = trial(&console.settings, &channels, pipeline::now(), &pause)?;
    let style = console.list_style();
    let locale = console.style.locale();
    let mut table = Table::new(outcome_columns(locale).into());
    for one in &all {
        table.row(vec![
            Cell::text(&one.channel),
            Cell::text(one.kind),
            Cell::text(&one.place),
            Cell::text(came_word(one.came, style.locale())),
            Cell::Count(one.tries.into()),
            note(Some(&one.note), &style),
        ]);
    }
    console.print_table("notify.test", &table)?;
    for hint in all.iter().filter_map(|one| one.hint.as_ref()) {
        console.say(hint.get(console.style.language));
    }
    Ok(printed(all.iter().map(|one| one.came)))
}

/// The columns of what came of something that was sent.
fn outcome_columns(locale: Locale) -> [Column; 6] {
    [
        column("channel", locale.text("notify-column-channel"), Priority::Essential),
        column("kind", locale.text("notify-column-kind"), Priority::Normal),
        column("to", locale.text("notify-column-to"), Priority::Essential).cut_late(),
        column("result", locale.text("notify-column-result"), Priority::Essential),
        count("tries", locale.text("notify-column-tries")),
        column("note", locale.text("notify-column-note"), Priority::High),
    ]
}

/// Prints what came of a report for each receiver.
pub fn print_postings(console: &Console, postings: &[Posting]) -> Result<Printed, Failure> {
    let style = console.list_style();
    let locale = console.style.locale();
    let mut columns = vec![
        column("report", locale.text("notify-column-report"), Priority::Essential),
        column("period", locale.text("column-period"), Priority::Essential),
    ];
    columns.extend(outcome_columns(locale));
    let mut table = Table::new(columns);
    for one in postings {
        table.row(vec![
            Cell::text(report_word(&one.key.report, style.locale())),
            Cell::text(days(one.key.period)),
            Cell::text(&one.key.channel),
            Cell::text(one.kind),
            Cell::text(&one.place),
            Cell::text(came_word(one.came, style.locale())),
            Cell::Count(one.tries.into()),
            note(Some(&one.note), &style),
        ]);
    }
    console.print_table("notify.send", &table)?;
    Ok(printed(postings.iter().map(|one| one.came)))
}

/// Returns a line about a report that left by itself, or did not.
pub fn line(one: &Posting, style: &Style) -> String {
    let locale = style.locale();
    let line = locale.text_with(
        "notify-line",
        &[
            ("report", &report_word(&one.key.report, locale)),
            ("period", &days(one.key.period)),
            ("channel", &one.key.channel),
            ("to", &one.place),
            ("result", &came_word(one.came, locale)),
        ],
    );
    let note = one.note.get(style.language);
    let text = if note.is_empty() { line } else { format!("{line}: {note}") };
    trimtab_render::sanitise(&text)
}

/// Says that trimtab.toml has no channel.
pub fn no_channel() -> Failure {
    Failure::usage(
        ("there is no channel to send to", "보낼 채널이 없습니다"),
        (
            "write one under [notify] in trimtab.toml: docs/guide/notify.md shows how",
            "trimtab.toml의 [notify]에 채널을 쓰세요. 방법은 docs/guide/notify.md에 있습니다",
        ),
    )
}

fn printed(all: impl Iterator<Item = Came>) -> Printed {
    let mut all = all;
    if all.any(Came::is_failure) { Printed::Found(Kind::Failed) } else { Printed::Complete }
}

fn days(period: Days) -> String {
    format!("{}/{}", period.first, period.last)
}

fn note(note: Option<&Text>, style: &Style) -> Cell {
    let text = note.map(|note| note.get(style.language)).filter(|text| !text.is_empty());
    Cell::optional(text)
}

fn column(name: &'static str, title: String, priority: Priority) -> Column {
    Column::new(name, title, CellKind::Text, priority)
}

fn moment(name: &'static str, title: String, priority: Priority) -> Column {
    Column::new(name, title, CellKind::Timestamp, priority)
}

fn count(name: &'static str, title: String) -> Column {
    Column::new(name, title, CellKind::Count, Priority::Normal)
}

/// Machines get the word of the contract, people theirs.
fn came_word(came: Came, locale: Locale) -> String {
    if locale.language() == trimtab_model::text::Language::En {
        return came.as_str().to_owned();
    }
    match came {
        Came::Sent => locale.text("notify-sent"),
        Came::Failed => locale.text("notify-failed"),
        Came::Refused => locale.text("notify-refused"),
        Came::Uncertain => locale.text("notify-uncertain"),
        Came::Busy => locale.text("notify-busy"),
        Came::Before => locale.text("notify-before"),
        Came::Would => locale.text("notify-would"),
    }
}

fn outcome_word(word: &str, locale: Locale) -> String {
    match word {
        "sending" => locale.text("notify-sending"),
        "sent" => locale.text("notify-sent"),
        "failed" => locale.text("notify-failed"),
        "refused" => locale.text("notify-refused"),
        _ => locale.text("notify-uncertain"),
    }
}

/// Returns what people call a report.
pub fn report_word(report: &str, locale: Locale) -> String {
    match report {
        "weekly" => locale.text("notify-report-weekly"),
        "monthly" => locale.text("notify-report-monthly"),
        "quarterly" => locale.text("notify-report-quarterly"),
        other => other.to_owned(),
    }
}
