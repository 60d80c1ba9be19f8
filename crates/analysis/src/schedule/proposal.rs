//! The verdict on hours off: the same for every kind, but for its signals and its limits.

use trimtab_model::action::{Action, ScheduleTarget};
use trimtab_model::environment::Environment;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    Estimate, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown, Verdict,
};
use trimtab_model::resource::ResourceRef;
use trimtab_model::schedule::{Schedule, hour_name};
use trimtab_model::text::{Reason, StaticText, Text};

use super::demand::{Demand, Hour, Signal, busiest_off_hour, proving_rest};
use super::gate::{MIN_WEEKS, START_LEAD_HOURS};
use super::plan::{Rules, plan};
use super::saving::{ComingHoliday, coming_holidays, of_hours_off};
use crate::check::{Check, Facts};
use crate::observation::Observation;
use crate::verdict::{Proposal, pass, risk};

/// The name of the threshold that each check sets for itself.
pub const MIN_OFF_HOURS: &str = "min_off_hours";

/// The sentence of that threshold.
pub const MIN_OFF_HOURS_TEXT: StaticText = StaticText {
    en: "Hours that a stop must last to be worth it.",
    ko: "중지할 만한 최소 시간입니다. 이보다 짧은 유휴 시간에는 계속 켜 둡니다.",
};

/// Makes the threshold for the shortest stop.
pub const fn min_off_hours(default: &'static str) -> Threshold {
    Threshold { name: MIN_OFF_HOURS, default, unit: "hours", text: MIN_OFF_HOURS_TEXT }
}

/// What a check brings.
#[derive(Debug)]
pub struct Case<'a> {
    /// The resource.
    pub resource: ResourceRef,
    /// What would be stopped.
    pub target: ScheduleTarget,
    /// What shows use; the first one names the busiest hour.
    pub signals: Vec<Signal<'a>>,
    /// What stopping it for good would save.
    pub stopped: Result<Estimate, Unknown>,
    /// The check that judges what is never used.
    pub idle_check: &'static str,
    /// The risk outside production.
    pub base_risk: u8,
    /// What a start may not bring back.
    pub loss: Text,
    /// What could have changed the decision.
    pub unseen: UnseenSignal,
    /// What is special about the kind.
    pub notes: Vec<Text>,
}

/// Judges whether a resource can be off in some hours of the week.
///
/// # Errors
/// Returns `Unknown` if an hour was not seen often enough, or the cost is not known.
pub fn judge(check: &Check, facts: &Facts<'_>, case: Case<'_>) -> Result<Verdict, Unknown> {
    let min_weeks = u16::try_from(whole(check, facts, MIN_WEEKS.name)).unwrap_or(u16::MAX);
    let demand = Demand::of(&case.signals, min_weeks);
    demand.require_proof(min_weeks, settled_by(&case))?;
    if !demand.is_ever_used() {
        return Ok(pass(
            "never-used",
            format!(
                "No hour of use was seen, so nothing tells when to start it: {} judges it.",
                case.idle_check
            ),
            format!(
                "사용한 시간이 한 번도 없어 언제 시작할지 알 수 없습니다. 이 경우는 {}에서 판단합니다.",
                case.idle_check
            ),
        ));
    }
    let rules = Rules {
        start_lead_hours: whole(check, facts, START_LEAD_HOURS.name),
        min_off_hours: whole(check, facts, MIN_OFF_HOURS),
    };
    let week = plan(|hour| demand.at(hour) == Hour::Used, rules);
    if week.off_hours() == 0 {
        return Ok(pass(
            "no-off-hours",
            format!(
                "It is used around the clock, or never idle for {} hours in a row.",
                rules.min_off_hours
            ),
            format!(
                "하루 종일 사용하거나, {}시간 이상 이어지는 유휴 시간이 없습니다.",
                rules.min_off_hours
            ),
        ));
    }
    let calendar = &facts.policy.calendar;
    let schedule = Schedule { time_zone: calendar.zone_name().to_owned(), week };
    let holidays = coming_holidays(calendar, facts.now, &schedule.week);
    let savings = of_hours_off(case.stopped?, &schedule.week, &holidays)?;
    let evidence = evidence(facts, &case.signals, &demand, &schedule, &holidays);
    let (on, off) = (schedule.phrase(), schedule.off_phrase());
    let (zone, weeks) = (schedule.time_zone.clone(), demand.weeks);
    let resource = case.resource;
    Ok(Proposal {
        action: Action::ApplySchedule { schedule, target: case.target },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::IdleOffHours],
        reason: Reason::new(
            "idle-off-hours",
            format!("It was used only within {} ({zone}) in each of {weeks} weeks: it can be off for {}.", on.en, off.en),
            format!("{weeks}주 모두 {}({zone}) 안에서만 사용되어 {} 동안 꺼 둘 수 있습니다.", on.ko, off.ko),
        ),
        savings,
        performance_risk: risk(resource.environment, case.base_risk),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::Needed,
        undo: Undo::Compensating(case.loss),
        evidence: Evidence {
            signals_not_seen: vec![case.unseen],
            notes: case.notes.into_iter().chain(evidence.notes).collect(),
            ..evidence
        },
    }
    .into_verdict(check, resource))
}

/// Returns a threshold that counts, cut to a whole number.
fn whole(check: &Check, facts: &Facts<'_>, name: &str) -> usize {
    use rust_decimal::prelude::ToPrimitive;
    check.threshold(facts, name).to_usize().unwrap_or_default()
}

fn settled_by(case: &Case<'_>) -> Vec<String> {
    let mut settled: Vec<String> = series(&case.signals)
        .map(|one| format!("metrics:{}:{}", one.namespace, one.metric))
        .collect();
    settled.sort();
    settled.dedup();
    let environment: Environment = case.resource.environment;
    settled.push(format!("policy:sizing.{environment}.lookback"));
    settled
}

/// Returns what proves that there was no use.
fn series<'s, 'a>(signals: &'s [Signal<'a>]) -> impl Iterator<Item = &'s Observation<'a>> {
    proving_rest(signals).flat_map(|signal| signal.subjects.iter().flatten())
}

fn evidence(
    facts: &Facts<'_>,
    signals: &[Signal<'_>],
    demand: &Demand,
    schedule: &Schedule,
    holidays: &[ComingHoliday],
) -> Evidence {
    let days = series(signals).map(Observation::days).fold(f64::INFINITY, f64::min);
    let off_hours = schedule.week.off_hours() as f64;
    let mut figures = vec![
        Figure::number("weeks_observed", "Observed", "관측 기간", f64::from(demand.weeks), "weeks"),
        Figure::number(
            "off_hours_per_week",
            "Hours off a week",
            "일주일 중 꺼 두는 시간",
            off_hours,
            "hours",
        ),
    ];
    figures.extend(signals.iter().map(|signal| signal.figure(&schedule.week)));
    Evidence {
        window_days: days.is_finite().then_some(days as u32),
        figures,
        coverage: series(signals).map(Observation::coverage).collect(),
        notes: notes(facts, signals, schedule, holidays),
        ..Evidence::default()
    }
}

fn notes(
    facts: &Facts<'_>,
    signals: &[Signal<'_>],
    schedule: &Schedule,
    coming: &[ComingHoliday],
) -> Vec<Text> {
    let calendar = &facts.policy.calendar;
    let windows = series(signals).map(|one| one.profile.window.start());
    let first = windows.min().unwrap_or(facts.now);
    let (first, today) = (calendar.day_of(first), calendar.day_of(facts.now));
    let mut notes = Vec::new();
    if let Some((hour, _)) = busiest_off_hour(signals, &schedule.week) {
        let name = hour_name(hour);
        notes.push(Text::new(
            format!("The busiest of the hours off is {}.", name.en),
            format!("꺼 두는 시간 중 가장 바쁜 때는 {}입니다.", name.ko),
        ));
    }
    let list = |days: Vec<String>| days.join(", ");
    let seen: Vec<_> = calendar.holidays_between(first, today).collect();
    if !seen.is_empty() {
        notes.push(Text::new(
            format!(
                "These holidays of the window counted as Sundays: {}.",
                list(seen.iter().map(|(day, name)| format!("{day} {}", name.en)).collect())
            ),
            format!(
                "관측 기간의 공휴일을 일요일로 계산했습니다: {}.",
                list(seen.iter().map(|(day, name)| format!("{day} {}", name.ko)).collect())
            ),
        ));
    }
    if !coming.is_empty() {
        let hours: usize = coming.iter().map(|holiday| holiday.hours).sum();
        notes.push(Text::new(
            format!("Left off on the holidays of the next 30 days ({}), it would be off for {hours} hours more: counted in the best case only, because the schedules below start it on them too.", list(coming.iter().map(|one| format!("{} {}", one.date, one.name.en)).collect())),
            format!("앞으로 30일 안의 공휴일({})에도 꺼 두면 {hours}시간이 더해집니다. 아래 일정은 공휴일에도 시작하므로 최대 절감액에만 반영했습니다.", list(coming.iter().map(|one| format!("{} {}", one.date, one.name.ko)).collect())),
        ));
    }
    if let Some(last) = calendar.known_until.filter(|last| *last < today) {
        notes.push(Text::new(
            format!("The list of holidays ends on {last}: later ones counted as working days unless the configuration names them."),
            format!("공휴일 목록은 {last}까지입니다. 그 뒤의 공휴일은 설정에 적지 않으면 평일로 계산합니다."),
        ));
    }
    notes.push(Text::new(
        format!("Hours are those of {}. A month is 730 hours, of which an average week is off for {} of 168.", schedule.time_zone, schedule.week.off_hours()),
        format!("시간은 {} 기준입니다. 한 달 730시간 중 평균적인 한 주의 168시간에서 {}시간을 꺼 두는 것으로 계산했습니다.", schedule.time_zone, schedule.week.off_hours()),
    ));
    notes
}
