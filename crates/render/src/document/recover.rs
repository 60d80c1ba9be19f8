//! What trimtab left in accounts, and the runs that have not ended: one a row.

use trimtab_model::id::ResourceId;
use trimtab_model::mark::{Belonging, Mark, Marked};
use trimtab_model::money::Money;

use crate::document::run::{RunPage, words};
use crate::locale::Locale;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Something with a mark, and whose it is.
#[derive(Debug, Clone)]
pub struct MarkRow<'a> {
    /// What it is.
    pub mark: &'a Mark,
    /// Whose it is.
    pub belonging: &'a Belonging,
    /// What it costs a month; absent where that is not known.
    pub monthly_cost: Option<Money>,
    /// The commands that finish it or take it away.
    pub next: &'a [String],
}

/// Makes the table: the runs first, then everything with a mark.
pub fn recover_table(runs: &[RunPage<'_>], marks: &[MarkRow<'_>], style: &Style) -> Table {
    let locale = style.locale();
    let text = |key, title: String, priority| Column::new(key, title, Kind::Text, priority);
    let mut table = Table::new(vec![
        text("kind", locale.text("column-kind"), Priority::Essential),
        text("id", locale.text("column-resource"), Priority::Essential).cut_late(),
        text("status", locale.text("column-status"), Priority::Essential),
        text("details", locale.text("column-mark-details"), Priority::Normal),
        Column::new("since", locale.text("column-since"), Kind::Timestamp, Priority::High),
        Column::new(
            "monthly_cost",
            locale.text("column-monthly-cost"),
            Kind::Money,
            Priority::High,
        ),
        text("account", locale.text("column-account"), Priority::Normal),
        text("region", locale.text("column-region"), Priority::Normal),
        text("plan", locale.text("column-plan"), Priority::High),
        text("change", locale.text("column-change-id"), Priority::Normal),
        text("next", locale.text("column-next"), Priority::Essential).cut_late(),
    ]);
    for run in runs {
        table.row(vec![
            Cell::Text(locale.text("mark-run")),
            Cell::text(run.id),
            Cell::Text(words::run_outcome(run.outcome, locale)),
            Cell::Missing,
            Cell::Timestamp(run.started_at),
            Cell::Missing,
            Cell::Missing,
            Cell::Missing,
            Cell::text(run.plan_id),
            Cell::Missing,
            Cell::text(run.next.join("; ")),
        ]);
    }
    for row in marks {
        let mark = row.mark;
        table.row(vec![
            Cell::Text(kind(&mark.what, locale)),
            Cell::text(mark.id.as_str()),
            Cell::Text(status(row.belonging, locale)),
            Cell::optional(details(&mark.what)),
            mark.since.map_or(Cell::Missing, Cell::Timestamp),
            Cell::amount(row.monthly_cost),
            Cell::text(mark.account.as_str()),
            Cell::text(mark.region.as_str()),
            Cell::optional(mark.plan.as_ref().map(|plan| plan.as_str())),
            Cell::optional(mark.change.as_ref().map(|change| change.as_str())),
            Cell::text(row.next.join("; ")),
        ]);
    }
    table
}

fn kind(what: &Marked, locale: Locale) -> String {
    locale.text(match what {
        Marked::Snapshot { .. } => "mark-snapshot",
        Marked::DbSnapshot { .. } => "mark-db-snapshot",
        Marked::Reservation { .. } => "mark-reservation",
        Marked::QuarantinedVolume { .. } => "mark-quarantined-volume",
        Marked::QuarantinedAddress { .. } => "mark-quarantined-address",
        Marked::DrillVolume { .. } => "mark-drill-volume",
        Marked::Deployment { .. } => "mark-deployment",
        Marked::StoppedInstance { .. } => "mark-stopped-instance",
        Marked::Schedule { .. } => "mark-schedule",
    })
}

fn status(belonging: &Belonging, locale: Locale) -> String {
    match belonging {
        Belonging::OpenRun(run) => locale.text_with("mark-open-run", &[("run", run.as_str())]),
        Belonging::EndedRun(run) => locale.text_with("mark-ended-run", &[("run", run.as_str())]),
        Belonging::LostJournal(_) => locale.text("mark-lost-journal"),
        Belonging::Unknown => locale.text("mark-unknown"),
    }
}

/// Says what the API says of it.
fn details(what: &Marked) -> Option<String> {
    let size = |gib: &Option<u32>| gib.map(|gib| format!("{gib} GiB"));
    let parts = match what {
        Marked::Snapshot { volume, state, size_gib } => {
            vec![volume.as_ref().map(ToString::to_string), Some(state.clone()), size(size_gib)]
        }
        Marked::DbSnapshot { database, status, size_gib } => {
            vec![database.as_ref().map(ToString::to_string), Some(status.clone()), size(size_gib)]
        }
        Marked::Reservation { instance_type, instances, ends_at, .. } => vec![
            Some(instance_type.to_string()),
            instances.map(|count| format!("x{count}")),
            ends_at.map(|at| format!("-> {at}")),
        ],
        Marked::QuarantinedVolume { volume_type, size_gib, until } => {
            vec![volume_type.clone(), size(size_gib), Some(format!("-> {until}"))]
        }
        Marked::QuarantinedAddress { public_ip, until } => {
            vec![public_ip.clone(), Some(format!("-> {until}"))]
        }
        Marked::DrillVolume { volume_type, size_gib, .. } => {
            vec![volume_type.clone(), size(size_gib)]
        }
        Marked::Deployment { status, source, target } => {
            let name = |id: &Option<ResourceId>| id.as_ref().map(ToString::to_string);
            vec![name(source), name(target).map(|id| format!("-> {id}")), Some(status.clone())]
        }
        Marked::StoppedInstance { instance_type } => vec![Some(instance_type.to_string())],
        Marked::Schedule { target } => vec![Some(target.clone())],
    };
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

#[cfg(test)]
mod tests {
    use trimtab_model::text::Language;

    use super::*;
    use crate::table::{Format, TableOptions};

    #[test]
    fn what_a_mark_costs_is_a_dash_where_nobody_knows() {
        let mark = Mark {
            account: "111122223333".into(),
            region: "us-east-1".into(),
            id: "snap-1".into(),
            what: Marked::Snapshot {
                volume: Some("vol-1".into()),
                state: "completed".to_owned(),
                size_gib: Some(8),
            },
            since: None,
            plan: Some("P-1".into()),
            change: Some("C-1".into()),
        };
        let next = mark.undo();
        let row = MarkRow {
            mark: &mark,
            belonging: &Belonging::Unknown,
            monthly_cost: None,
            next: &next,
        };
        for (language, word) in [(Language::En, "nothing is known"), (Language::Ko, "알 수 없음")]
        {
            let style = Style::plain(language);
            let table = recover_table(&[], std::slice::from_ref(&row), &style);
            let options = TableOptions { format: Format::Csv, ..TableOptions::default() };
            let shown = table.render(&style, &options).unwrap();
            assert!(shown.contains(word) && shown.contains("snap-1"), "{shown}");
            assert!(!shown.contains("0.00"), "{shown}");
        }
    }
}
