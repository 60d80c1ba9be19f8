//! The lists of the page of settings: each is of a few keys of the configuration, and says which.

use maud::{Markup, html};

use trimtab_render::document::plan::words;
use trimtab_render::style::Style;
use trimtab_render::table::{Cell, Column, Kind, Priority, Table, Tone};
use trimtab_render::time;

use crate::reader::Reader;
use crate::ui::{Sheet, card, sheet};
use crate::view::{ChangeTime, Configured};

/// A list of the page.
pub(super) struct Section {
    /// The word by which an address names it.
    pub(super) id: &'static str,
    title: &'static str,
    /// The keys that say it.
    keys: &'static str,
    /// What is said where it has nothing.
    none: &'static str,
    /// Makes its table.
    pub(super) table: fn(&Configured, &Style) -> Table,
}

/// The lists, in their order.
pub(super) const SECTIONS: [Section; 7] = [
    Section {
        id: "accounts",
        title: "web-settings-accounts",
        keys: "[[account]], [organization], environments.accounts",
        none: "web-settings-accounts-none",
        table: accounts,
    },
    Section {
        id: "times",
        title: "web-settings-times",
        keys: "[[rollout.window]], [[rollout.freeze]], rollout.calendars",
        none: "web-settings-times-none",
        table: times,
    },
    Section {
        id: "sizing",
        title: "web-settings-sizing",
        keys: "[sizing], [sizing.dev], [sizing.staging], [sizing.prod]",
        none: "web-settings-none",
        table: sizing,
    },
    Section {
        id: "exceptions",
        title: "web-settings-exceptions",
        keys: "[[exempt]], [checks.<check>]",
        none: "web-settings-none",
        table: exceptions,
    },
    Section {
        id: "limits",
        title: "web-settings-limits",
        keys: "[rollout], [rollout.gate]",
        none: "web-settings-none",
        table: limits,
    },
    Section {
        id: "channels",
        title: "web-settings-channels",
        keys: "[notify.mail.<name>], [notify.slack.<name>], [notify.webhook.<name>], [notify.files.<name>], [notify.reports]",
        none: "web-settings-channels-none",
        table: channels,
    },
    Section {
        id: "rates",
        title: "web-settings-rates",
        keys: "[[exchange_rate]]",
        none: "web-settings-rates-none",
        table: rates,
    },
];

impl Section {
    /// Shows it.
    pub(super) fn shown(&self, reader: &Reader, found: &Configured) -> Markup {
        let title = reader.text(self.title);
        let table = (self.table)(found, &reader.style);
        let body = html! {
            @if table.is_empty() {
                p class="nothing" { (reader.text(self.none)) }
            } @else {
                (sheet(reader, &Sheet {
                    id: self.id,
                    caption: &title,
                    table: &table,
                    link: None,
                    choose: None,
                    has_files: true,
                }))
            }
        };
        card(&title, Some(&keys(reader, self.keys)), &body)
    }
}

/// Says which keys of the configuration say something.
pub(super) fn keys(reader: &Reader, keys: &str) -> String {
    reader.text_with("web-settings-keys", &[("keys", keys)])
}

fn text(style: &Style, key: &'static str, title: &str, priority: Priority) -> Column {
    Column::new(key, style.locale().text(title), Kind::Text, priority)
}

/// Returns texts in one cell; missing where there are none.
fn list(all: &[impl AsRef<str>]) -> Cell {
    let all: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
    Cell::optional((!all.is_empty()).then(|| all.join(", ")))
}

fn accounts(found: &Configured, style: &Style) -> Table {
    let locale = style.locale();
    let mut table = Table::new(vec![
        text(style, "account", "column-account", Priority::Essential),
        text(style, "alias", "web-column-alias", Priority::Essential),
        text(style, "environment", "column-environment", Priority::High),
        text(style, "read_role", "web-column-read-role", Priority::High),
        text(style, "apply_role", "web-column-apply-role", Priority::High),
        text(style, "scheduler_role", "web-column-scheduler-role", Priority::Wide),
        text(style, "regions", "web-column-regions", Priority::Wide),
        Column::new(
            "last_read",
            locale.text("web-column-last-read"),
            Kind::Timestamp,
            Priority::Essential,
        ),
        Column::new("resources", locale.text("column-resources"), Kind::Count, Priority::High),
        Column::new("holes", locale.text("web-column-holes"), Kind::Count, Priority::High),
        text(style, "origin", "web-setting-origin", Priority::Wide),
    ]);
    for one in &found.accounts {
        let plain = |cell| (cell, Tone::Plain);
        let role = |role: &Option<String>| match (role, one.is_configured) {
            (Some(role), _) => Cell::text(role),
            (None, true) => Cell::text(locale.text("web-settings-own-credentials")),
            (None, false) => Cell::Missing,
        };
        let holes = one.holes.map_or(Cell::Missing, Cell::Count);
        let tone = if one.holes.unwrap_or(0) > 0 { Tone::Danger } else { Tone::Plain };
        let origin =
            if one.is_configured { "web-settings-configured" } else { "web-settings-seen" };
        table.toned_row(vec![
            plain(Cell::text(&one.account)),
            plain(Cell::optional(one.alias.as_deref())),
            plain(Cell::optional(one.environment.as_deref())),
            plain(role(&one.read_role)),
            plain(role(&one.apply_role)),
            plain(Cell::optional(one.scheduler_role.as_deref())),
            plain(list(&one.regions)),
            plain(one.last_read.map_or(Cell::Missing, Cell::Timestamp)),
            plain(one.resources.map_or(Cell::Missing, Cell::Count)),
            (holes, tone),
            plain(Cell::text(locale.text(origin))),
        ]);
    }
    table
}

fn times(found: &Configured, style: &Style) -> Table {
    let mut table = Table::new(vec![
        text(style, "kind", "notify-column-kind", Priority::Essential),
        text(style, "when", "notify-column-at", Priority::Essential),
        text(style, "environments", "column-environment", Priority::Essential),
        text(style, "name", "web-column-name", Priority::High),
        text(style, "key", "web-setting", Priority::High),
    ]);
    for one in &found.times {
        let (kind, when, environments) = time_words(one, style);
        table.row(vec![
            Cell::text(kind),
            Cell::optional(when),
            Cell::text(environments),
            Cell::optional(one.name.as_deref()),
            Cell::text(one.key),
        ]);
    }
    table
}

fn time_words(one: &ChangeTime, style: &Style) -> (String, Option<String>, String) {
    let locale = style.locale();
    match (&one.window, &one.freeze) {
        (Some(window), _) => {
            let said = words::window(window, locale);
            let when = said.rsplit_once(" · ").map_or(said.as_str(), |(when, _)| when).to_owned();
            let of = words::environments(&window.environments, locale);
            (locale.text("web-settings-window"), Some(when), of)
        }
        (None, Some(freeze)) => {
            let moment = |at| time::date_time(at, &style.time_zone);
            let when =
                format!("{} – {}", moment(freeze.period.start()), moment(freeze.period.end()));
            let of = words::environments(&freeze.environments, locale);
            (locale.text("web-settings-freeze"), Some(when), of)
        }
        (None, None) => {
            (locale.text("web-settings-calendar"), None, words::environments(&[], locale))
        }
    }
}

fn sizing(found: &Configured, style: &Style) -> Table {
    let mut table = Table::new(vec![
        text(style, "environment", "column-environment", Priority::Essential),
        text(style, "method", "web-column-method", Priority::Essential),
        text(style, "cpu_threshold", "web-column-cpu-threshold", Priority::High),
        text(style, "cpu_headroom", "web-column-cpu-headroom", Priority::Essential),
        text(style, "memory_headroom", "web-column-memory-headroom", Priority::Essential),
        text(style, "lookback", "web-column-lookback", Priority::High),
        text(style, "horizon", "web-column-horizon", Priority::Wide),
        text(style, "other_architecture", "web-column-architecture", Priority::High),
        text(style, "burstable", "web-column-burstable", Priority::High),
        text(style, "previous_generation", "web-column-previous", Priority::High),
        text(style, "estimated_prices", "web-column-estimated", Priority::Wide),
    ]);
    for one in &found.sizing {
        table.row(
            [
                &one.environment,
                &one.method,
                &one.cpu_threshold,
                &one.cpu_headroom,
                &one.memory_headroom,
                &one.lookback,
                &one.horizon,
                &one.other_architecture,
                &one.burstable,
                &one.previous_generation,
                &one.estimated_prices,
            ]
            .into_iter()
            .map(Cell::text)
            .collect(),
        );
    }
    table
}

fn exceptions(found: &Configured, style: &Style) -> Table {
    let mut table = Table::new(vec![
        text(style, "key", "web-setting", Priority::Essential),
        text(style, "what", "web-column-what", Priority::Essential),
        text(style, "until", "column-until", Priority::High),
        text(style, "reason", "column-reason", Priority::Essential),
    ]);
    for one in &found.exceptions {
        table.row(vec![
            Cell::text(&one.key),
            Cell::text(&one.what),
            Cell::optional(one.until.map(|day| day.to_string())),
            Cell::optional(one.reason.as_deref()),
        ]);
    }
    table
}

fn limits(found: &Configured, style: &Style) -> Table {
    let mut table = Table::new(vec![
        text(style, "key", "web-setting", Priority::Essential),
        text(style, "value", "web-setting-value", Priority::Essential),
    ]);
    for one in &found.limits {
        table.row(vec![Cell::text(one.key), Cell::text(&one.value)]);
    }
    table
}

fn channels(found: &Configured, style: &Style) -> Table {
    let mut table = Table::new(vec![
        text(style, "name", "notify-column-channel", Priority::Essential),
        text(style, "kind", "notify-column-kind", Priority::Essential),
        text(style, "place", "web-column-place", Priority::Essential),
        text(style, "receivers", "notify-column-to", Priority::High),
        text(style, "reports", "notify-column-report", Priority::High),
    ]);
    for one in &found.channels {
        table.row(vec![
            Cell::text(&one.name),
            Cell::text(one.kind),
            Cell::text(&one.place),
            list(&one.receivers),
            list(&one.reports),
        ]);
    }
    table
}

fn rates(found: &Configured, style: &Style) -> Table {
    let locale = style.locale();
    let mut table = Table::new(vec![
        text(style, "from", "web-column-currency-from", Priority::Essential),
        text(style, "to", "web-column-currency-to", Priority::Essential),
        Column::new("rate", locale.text("web-column-rate"), Kind::Text, Priority::Essential),
        text(style, "date", "web-column-rate-date", Priority::Essential),
        text(style, "source", "column-source", Priority::Essential),
    ]);
    for one in &found.exchange_rates {
        table.row(vec![
            Cell::text(&one.from),
            Cell::text(&one.to),
            Cell::text(&one.rate),
            Cell::text(one.date.to_string()),
            Cell::text(&one.source),
        ]);
    }
    table
}
