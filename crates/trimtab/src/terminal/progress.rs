//! A progress bar on stderr, for work that takes longer than a moment.

use std::cell::Cell;
use std::fmt;
use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{HumanDuration, ProgressState, ProgressStyle};

use trimtab_app::progress::{Measure, Progress, Stage};
use trimtab_render::locale::Locale;

/// Where nothing is known of how long it takes.
const WAITING: &str = "{spinner} {wide_msg} {elapsed}";

/// A bar, or nothing where stderr is not a terminal or the user wants quiet.
pub struct ProgressBar {
    bar: Option<indicatif::ProgressBar>,
    locale: Locale,
    shown: Cell<Option<(Stage, Option<Measure>)>>,
}

impl ProgressBar {
    /// Starts a bar that says what is being done.
    pub fn start(title: &str, locale: Locale, quiet: bool) -> Self {
        let shown = Cell::default();
        if quiet || !std::io::stderr().is_terminal() {
            return Self { bar: None, locale, shown };
        }
        let bar = indicatif::ProgressBar::new_spinner();
        set_template(&bar, WAITING);
        bar.set_message(title.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar: Some(bar), locale, shown }
    }

    /// Says what is being done now.
    pub fn say(&self, text: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(text.to_owned());
        }
    }

    /// Shows how far the work is.
    pub fn show(&self, progress: Progress<'_>) {
        let Some(bar) = &self.bar else { return };
        let part = progress.part.filter(|part| part.of > 0);
        let shown = (progress.stage, part.map(|part| part.measure));
        if self.shown.replace(Some(shown)) != Some(shown) {
            set_template(bar, &self.template(shown.1));
            bar.reset_elapsed();
            bar.reset_eta();
        }
        if let Some(part) = part {
            bar.set_length(part.of);
            bar.set_position(part.done);
        }
        bar.set_message(self.message(progress));
    }

    fn message(&self, progress: Progress<'_>) -> String {
        let stage = self.locale.text(match progress.stage {
            Stage::Finding => "progress-finding",
            Stage::Download => "progress-download",
            Stage::Bills => "progress-bills",
            Stage::Inventory => "progress-inventory",
            Stage::Metrics => "progress-metrics",
            Stage::Traffic => "progress-traffic",
            Stage::Charges => "progress-charges",
            Stage::Checks => "progress-checks",
        });
        let Some(file) = progress.file else { return stage };
        let arguments = [
            ("stage", stage.as_str()),
            ("number", &file.number.to_string()),
            ("of", &file.of.to_string()),
            ("file", &trimtab_render::sanitise(file.name)),
        ];
        self.locale.text_with("progress-file", &arguments)
    }

    /// Returns how a bar of this measure looks: the message has what is left of the line.
    fn template(&self, measure: Option<Measure>) -> String {
        let amount = match measure {
            None => return WAITING.to_owned(),
            Some(Measure::Bytes) => "{bytes}/{total_bytes}",
            Some(Measure::Rows) => "{human_pos}/{human_len}",
        };
        let left = self.locale.text_with("progress-left", &[("time", "{remaining}")]);
        format!("{{spinner}} {{wide_msg}} {{bar:12}} {amount} · {left}")
    }
}

fn set_template(bar: &indicatif::ProgressBar, template: &str) {
    // A template that is refused leaves the bar as it looked before: nothing to tell.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.with_key("remaining", remaining));
    }
}

/// Writes how long it still takes; before anything is done, nobody knows.
fn remaining(state: &ProgressState, to: &mut dyn fmt::Write) {
    let written = match state.pos() {
        0 => write!(to, "–"),
        _ => write!(to, "{:#}", HumanDuration(state.eta())),
    };
    // Only the buffer of a line is written, which has no reason to fail.
    written.unwrap_or_default();
}

impl Drop for ProgressBar {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
