//! What happened, in order, and the summary below it.

use std::collections::BTreeMap;

use jiff::{Timestamp, ZonedDateTime};

use trimtab_model::call::CallResult;
use trimtab_model::gate::GateState;
use trimtab_model::id::ChangeId;
use trimtab_model::journal::{ChangeOutcome, Direction, Entry, Event};
use trimtab_model::plan::Change;
use trimtab_model::text::Reason;

use super::checks;
use super::figures::measured;
use super::page::RolloutPage;
use crate::document::page::Page;
use crate::document::plan::words as plan_words;
use crate::document::run::words as run_words;
use crate::document::words;
use crate::sanitise;
use crate::style::Style;
use crate::width::{Alignment, cells, padded, wrapped};

/// Cells of the clock and of the name of a resource.
const CLOCK: usize = 8;
const NAME: usize = 23;
/// Stands for a space at which no line is broken, while lines are.
const HELD: &str = "\u{e000}";

/// Returns the rollout as a timeline, and below it what was verified.
pub fn rollout_show(page: &RolloutPage<'_>, style: &Style) -> String {
    let mut text = Page::new(style);
    let locale = style.locale();
    text.strong(&locale.text_with("rollout-title", &[("plan", page.plan_id), ("run", page.run)]));
    let seed = page.seed.to_string();
    text.faint(&locale.text_with("rollout-basis", &[("seed", &seed)]));
    let mut timeline = Timeline {
        page,
        style,
        text: &mut text,
        day: None,
        wave: None,
        calls: BTreeMap::new(),
        intents: BTreeMap::new(),
    };
    for entry in page.journal.entries() {
        timeline.entry(entry);
    }
    checks::summary(page, &mut text, style);
    text.finish()
}

/// A call that was made, and what came of it.
struct Made {
    at: Timestamp,
    direction: Direction,
    action: &'static str,
    refusal: Option<String>,
}

struct Timeline<'a, 'p> {
    page: &'a RolloutPage<'a>,
    style: &'a Style,
    text: &'a mut Page<'p>,
    day: Option<String>,
    wave: Option<(usize, usize)>,
    /// Calls of each change that are not told yet.
    calls: BTreeMap<ChangeId, Vec<Made>>,
    intents: BTreeMap<u64, ChangeId>,
}

impl Timeline<'_, '_> {
    fn entry(&mut self, entry: &Entry) {
        let locale = self.style.locale();
        let at = entry.at;
        match &entry.event {
            Event::RunStarted { operator, .. } => {
                let by = sanitise(operator);
                self.line(at, "", &locale.text_with("rollout-begun", &[("by", &by)]));
            }
            Event::StageApproved { stage, by, .. } => {
                let (stage, by) = (self.stage(*stage), sanitise(by));
                let arguments = [("stage", stage), ("by", by.as_str())];
                self.line(at, "", &locale.text_with("line-stage-approved", &arguments));
            }
            Event::ChangeStarted { change, .. } => self.begins(at, change),
            Event::PreflightJudged { change, rows, found, refusal } => {
                let (rows, found) = (rows.to_string(), found.len().to_string());
                let arguments = [("rows", rows.as_str()), ("found", found.as_str())];
                let judged = locale.text_with("line-preflight", &arguments);
                match refusal {
                    Some(reason) => self.because(at, change, &judged, reason),
                    None => self.about(at, change, &judged),
                }
            }
            Event::Intent { change, direction, call, .. } => {
                self.intents.insert(entry.number, change.clone());
                let action = call.iam_action();
                let made = Made { at, direction: *direction, action, refusal: None };
                self.calls.entry(change.clone()).or_default().push(made);
            }
            Event::Outcome { intent, result } => self.outcome(*intent, result),
            Event::SoakStarted { change, .. } => {
                let soak = self.change(change).map(|one| plan_words::length(one.soak, locale));
                let soak = soak.unwrap_or_default();
                self.about(at, change, &locale.text_with("rollout-made", &[("length", &soak)]));
                self.told(change);
            }
            Event::SoakRestarted { change, reason, .. } => {
                self.because(at, change, &locale.text("line-soak-restarted"), reason);
            }
            Event::GateJudged { change, verdict, .. } => {
                let state = run_words::gate_state(verdict.state, locale);
                let state = match verdict.state {
                    GateState::Pass => state,
                    GateState::Inconclusive | GateState::Fail => self.style.red(&state),
                };
                self.about(at, change, &state);
                let words: Vec<String> =
                    measured(verdict).iter().map(|one| one.words(locale)).collect();
                self.list(&words);
            }
            Event::Paged { change, reason } => {
                self.because(at, change, &locale.text("line-paged"), reason);
            }
            Event::Held { change, reason } => {
                self.because(at, change, &locale.text("line-held"), reason);
            }
            Event::RollbackStarted { change, reason } => {
                let back = self.style.red(&locale.text("line-rollback-started"));
                self.because(at, change, &back, reason);
            }
            Event::WaveHalted { stage, reason, .. } => {
                let stage = self.stage(*stage);
                let halted = locale.text_with("line-wave-halted", &[("stage", stage)]);
                self.line(at, "", &format!("{halted} {}", self.style.sentence(&reason.text)));
            }
            Event::ChangeClosed { change, outcome, reason, .. } => {
                self.closed(at, change, *outcome, reason);
            }
            Event::RunClosed { outcome } => {
                let outcome = run_words::run_outcome(Some(*outcome), locale);
                let ended = locale.text_with("rollout-ended", &[("outcome", &outcome)]);
                self.line(at, "", &ended);
            }
            Event::LeaseTaken { .. }
            | Event::Wished { .. }
            | Event::Unheld { .. }
            | Event::Adopted { .. }
            | Event::StageStarted { .. } => {}
        }
    }

    /// Begins a change, below the heading of its wave.
    fn begins(&mut self, at: Timestamp, id: &ChangeId) {
        let locale = self.style.locale();
        let place = self.page.plan.place(id);
        if self.wave != place {
            self.wave = place;
            self.heading(place);
        }
        let what = self.change(id).map(|found| words::change(&found.action, locale));
        self.about(at, id, &self.style.bold(&what.unwrap_or_default()));
    }

    fn heading(&mut self, place: Option<(usize, usize)>) {
        let locale = self.style.locale();
        let found = place.and_then(|(stage, wave)| {
            let stage = self.page.plan.stages.get(stage)?;
            Some((stage, stage.waves.get(wave)?))
        });
        let Some((stage, wave)) = found else { return };
        let changes = wave.changes.len().to_string();
        let name = match stage.waves.len() {
            1 => String::new(),
            _ => format!(" · {}", plan_words::wave(wave.name, locale)),
        };
        let arguments = [("stage", stage.environment.as_str()), ("changes", changes.as_str())];
        self.text.heading(&format!(
            "{}{name} · {}",
            locale.text_with("rollout-stage", &arguments),
            locale.text_with("rollout-changes", &arguments)
        ));
        // Below a heading the day is said again.
        self.day = None;
    }

    fn closed(&mut self, at: Timestamp, id: &ChangeId, outcome: ChangeOutcome, reason: &Reason) {
        let locale = self.style.locale();
        let name = run_words::change_outcome(outcome, locale);
        match outcome {
            ChangeOutcome::Confirmed => {
                let saving = self.change(id).map(|one| {
                    let saving = &one.estimated_monthly_savings;
                    self.style.green(&self.style.monthly(saving.likely))
                });
                let saving = saving.unwrap_or_default();
                let told = locale.text_with("rollout-confirmed", &[("saving", &saving)]);
                self.about(at, id, &told);
            }
            ChangeOutcome::Original | ChangeOutcome::Refused => {
                self.about(at, id, &self.style.red(&name));
            }
            ChangeOutcome::NeedsOperator => self.because(at, id, &self.style.red(&name), reason),
        }
        self.told(id);
    }

    fn outcome(&mut self, intent: u64, result: &CallResult) {
        let Some(id) = self.intents.get(&intent).cloned() else { return };
        let Some(last) = self.calls.get_mut(&id).and_then(|made| made.last_mut()) else { return };
        last.refusal = match result {
            CallResult::Accepted { .. } => None,
            CallResult::Refused { code, .. } => Some(code.clone()),
            CallResult::Unknown { why } => Some(why.clone()),
        };
        // What was held is given back as soon as the gates have passed, and told below them.
        if last.direction == Direction::Release {
            self.told(&id);
        }
    }

    /// Tells the calls of a change since they were told last.
    fn told(&mut self, id: &ChangeId) {
        let Some(made) = self.calls.remove(id) else { return };
        let locale = self.style.locale();
        let clock = |at: Timestamp| {
            at.to_zoned_datetime(self.style.time_zone.clone()).strftime("%H:%M:%S").to_string()
        };
        let mut parts = Vec::new();
        let mut direction = None;
        for one in &made {
            let mut part = format!("{} {}", clock(one.at), one.action);
            if direction.is_some_and(|direction| direction != one.direction) {
                part = format!("{} {part}", run_words::direction(one.direction, locale));
            }
            direction = Some(one.direction);
            if let Some(code) = &one.refusal {
                part.push_str(&format!(" ({})", sanitise(code)));
            }
            parts.push(part);
        }
        self.list(&parts);
    }

    /// Adds parts below the line above, none of them broken.
    fn list(&mut self, parts: &[String]) {
        let kept: Vec<String> = parts.iter().map(|part| part.replace(' ', HELD)).collect();
        if !kept.is_empty() {
            self.below(&kept.join(" · "));
        }
    }

    fn because(&mut self, at: Timestamp, id: &ChangeId, what: &str, reason: &Reason) {
        self.about(at, id, what);
        self.below(&self.style.sentence(&reason.text));
    }

    fn about(&mut self, at: Timestamp, id: &ChangeId, what: &str) {
        let name = self.change(id).map(|one| words::resource_name(&one.resource));
        self.line(at, &name.unwrap_or_default(), what);
    }

    fn line(&mut self, at: Timestamp, name: &str, what: &str) {
        let local = at.to_zoned_datetime(self.style.time_zone.clone());
        let day = local.strftime("%Y-%m-%d").to_string();
        if self.day.as_ref() != Some(&day) {
            let weekday = weekday(&local, self.style);
            self.text.faint(&format!(" {day} {weekday}"));
            self.day = Some(day);
        }
        let clock = padded(&format!("   {}", local.strftime("%H:%M")), CLOCK, Alignment::Left);
        let lead = match name {
            "" => format!("{clock}  "),
            name => format!("{clock}  {}", padded(name, NAME, Alignment::Left)),
        };
        self.hanging(&lead, what);
    }

    /// Adds something that belongs to the line above.
    fn below(&mut self, what: &str) {
        let indent = CLOCK + 2 + NAME;
        let width = self.style.width.saturating_sub(indent).max(NAME);
        for line in wrapped(what, width) {
            let line = self.style.dim(&line.replace(HELD, " "));
            self.text.line(&format!("{}{line}", " ".repeat(indent)));
        }
    }

    fn hanging(&mut self, lead: &str, what: &str) {
        let indent = cells(lead);
        let width = self.style.width.saturating_sub(indent).max(NAME);
        for (number, line) in wrapped(what, width).iter().enumerate() {
            let lead = if number == 0 { lead.to_owned() } else { " ".repeat(indent) };
            self.text.line(format!("{lead}{line}").trim_end());
        }
    }

    fn change(&self, id: &ChangeId) -> Option<&Change> {
        self.page.plan.change(id)
    }

    fn stage(&self, index: usize) -> &'static str {
        self.page.plan.stages.get(index).map_or("–", |stage| stage.environment.as_str())
    }
}

fn weekday(local: &ZonedDateTime, style: &Style) -> String {
    let locale = style.locale();
    match local.weekday().to_monday_zero_offset() {
        0 => locale.text("weekday-mon"),
        1 => locale.text("weekday-tue"),
        2 => locale.text("weekday-wed"),
        3 => locale.text("weekday-thu"),
        4 => locale.text("weekday-fri"),
        5 => locale.text("weekday-sat"),
        _ => locale.text("weekday-sun"),
    }
}
