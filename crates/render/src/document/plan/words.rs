//! The words of plans and runs.

use jiff::SignedDuration;

use trimtab_model::environment::Environment;
use trimtab_model::gate::{HealthGate, Presence, Signal};
use trimtab_model::plan::{Approval, Change, ChangeClass, ChangeWindow, RecoveryPoint, WaveName};
use trimtab_model::text::memory;

use crate::locale::Locale;
use crate::{number, sanitise, time};

/// Returns what a wave is called.
pub fn wave(name: WaveName, locale: Locale) -> String {
    match name {
        WaveName::Canary => locale.text("wave-canary"),
        WaveName::Percent(percent) => {
            locale.text_with("wave-percent", &[("percent", &percent.to_string())])
        }
    }
}

/// Returns the word of a wave for machines: `canary` or `25%`.
pub fn wave_code(name: WaveName) -> String {
    match name {
        WaveName::Canary => "canary".to_owned(),
        WaveName::Percent(percent) => format!("{percent}%"),
    }
}

/// Returns how far a change can be taken back.
pub fn class(class: ChangeClass, locale: Locale) -> String {
    match class {
        ChangeClass::Reversible => locale.text("class-reversible"),
        ChangeClass::Slow => locale.text("class-slow"),
        ChangeClass::Destructive => locale.text("class-destructive"),
    }
}

/// Returns the word of a class for machines.
pub fn class_code(class: ChangeClass) -> &'static str {
    match class {
        ChangeClass::Reversible => "reversible",
        ChangeClass::Slow => "slow",
        ChangeClass::Destructive => "destructive",
    }
}

/// Returns what is kept before a change.
pub fn recovery(point: &RecoveryPoint, locale: Locale) -> String {
    match point {
        RecoveryPoint::Settings => locale.text("recovery-settings"),
        RecoveryPoint::InstanceSnapshots => locale.text("recovery-instance-snapshots"),
        RecoveryPoint::VolumeSnapshot => locale.text("recovery-volume-snapshot"),
        RecoveryPoint::DbSnapshot => locale.text("recovery-db-snapshot"),
    }
}

/// Returns the word of a recovery point for machines.
pub fn recovery_code(point: &RecoveryPoint) -> &'static str {
    match point {
        RecoveryPoint::Settings => "settings",
        RecoveryPoint::InstanceSnapshots => "instance-snapshots",
        RecoveryPoint::VolumeSnapshot => "volume-snapshot",
        RecoveryPoint::DbSnapshot => "db-snapshot",
    }
}

/// Returns what a stage needs before it starts.
pub fn approval(approval: Approval, locale: Locale) -> String {
    match approval {
        Approval::Hash => locale.text("approval-hash"),
        Approval::HashAndAlias => locale.text("approval-hash-and-alias"),
        Approval::TwoPersons => locale.text("approval-two-persons"),
    }
}

/// Returns the word of an approval for machines.
pub fn approval_code(approval: Approval) -> &'static str {
    match approval {
        Approval::Hash => "hash",
        Approval::HashAndAlias => "hash-and-alias",
        Approval::TwoPersons => "two-persons",
    }
}

/// Returns a length of time; less than nothing is none.
pub fn length(length: SignedDuration, locale: Locale) -> String {
    time::duration(u64::try_from(length.as_secs()).unwrap_or_default(), locale)
}

/// Returns how long a change may be down.
pub fn downtime(change: &Change, locale: Locale) -> String {
    if change.downtime_budget.is_zero() {
        return locale.text("downtime-none");
    }
    locale.text_with("downtime-most", &[("length", &length(change.downtime_budget, locale))])
}

/// Returns days, hours, zone and environments of a window.
pub fn window(window: &ChangeWindow, locale: Locale) -> String {
    let days: Vec<String> = window.days.iter().map(|day| weekday(*day, locale)).collect();
    let days = if days.is_empty() { locale.text("window-every-day") } else { days.join(", ") };
    let hours = format!("{}–{}", window.from.strftime("%H:%M"), window.until.strftime("%H:%M"));
    let zone = sanitise(&window.time_zone);
    let environments = environments(&window.environments, locale);
    format!("{days} {hours} {zone} · {environments}")
}

/// Returns the environments that a rule is about.
pub fn environments(environments: &[Environment], locale: Locale) -> String {
    if environments.is_empty() {
        return locale.text("environments-all");
    }
    environments.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ")
}

fn weekday(day: u8, locale: Locale) -> String {
    match day {
        0 => locale.text("weekday-mon"),
        1 => locale.text("weekday-tue"),
        2 => locale.text("weekday-wed"),
        3 => locale.text("weekday-thu"),
        4 => locale.text("weekday-fri"),
        5 => locale.text("weekday-sat"),
        _ => locale.text("weekday-sun"),
    }
}

/// Returns a gate with its limit: `CPU use at most 80 %`.
pub fn gate(gate: &HealthGate, locale: Locale) -> String {
    let mut name = signal(gate.signal, locale);
    if matches!(gate.signal, Signal::NetworkUtilization | Signal::BurstBalance) {
        // In and out, operations and bytes: several gates of one signal.
        name = format!("{name} {}", sanitise(&gate.source.metric));
    }
    if gate.signal == Signal::Alarm {
        let by = sanitise(gate.source.resource.as_str());
        name = locale.text_with("gate-alarm", &[("signal", &name), ("by", &by)]);
    }
    let text_of = if gate.is_bytes() { memory } else { number::significant };
    let limit = gate.limit.map(text_of);
    let text = match (limit, gate.signal.is_floor()) {
        (None, _) if gate.signal == Signal::Alarm => name,
        (Some(limit), true) => {
            locale.text_with("gate-least", &[("signal", &name), ("limit", &limit)])
        }
        (Some(limit), false) => {
            locale.text_with("gate-most", &[("signal", &name), ("limit", &limit)])
        }
        (None, _) => locale.text_with("gate-compared", &[("signal", &name)]),
    };
    match gate.presence {
        Presence::Required => text,
        Presence::Optional => locale.text_with("gate-optional", &[("gate", &text)]),
    }
}

/// Returns the name of a signal with its unit.
pub fn signal(signal: Signal, locale: Locale) -> String {
    match signal {
        Signal::CpuUtilization => locale.text("signal-cpu"),
        Signal::MemoryUtilization => locale.text("signal-memory"),
        Signal::Swap => locale.text("signal-swap"),
        Signal::NetworkUtilization => locale.text("signal-network"),
        Signal::LatencyP95 => locale.text("signal-latency"),
        Signal::FailedRequests => locale.text("signal-failed"),
        Signal::Requests => locale.text("signal-requests"),
        Signal::ErrorRate => locale.text("signal-error-rate"),
        Signal::Availability => locale.text("signal-availability"),
        Signal::FreeMemory => locale.text("signal-free-memory"),
        Signal::DatabaseConnections => locale.text("signal-connections"),
        Signal::ReplicaLag => locale.text("signal-replica-lag"),
        Signal::CpuCreditBalance => locale.text("signal-credits"),
        Signal::BurstBalance => locale.text("signal-burst"),
        Signal::ReadIops => locale.text("signal-reads"),
        Signal::ReadLatency => locale.text("signal-read-latency"),
        Signal::StatusCheckFailed => locale.text("signal-status-check"),
        Signal::HealthyHosts => locale.text("signal-healthy-hosts"),
        Signal::UnhealthyHosts => locale.text("signal-unhealthy-hosts"),
        Signal::Invocations => locale.text("signal-invocations"),
        Signal::FunctionErrors => locale.text("signal-function-errors"),
        Signal::Throttles => locale.text("signal-throttles"),
        Signal::FunctionDuration => locale.text("signal-function-duration"),
        Signal::EventAge => locale.text("signal-event-age"),
        Signal::Alarm => locale.text("signal-alarm"),
    }
}

/// Returns the word of a severity.
pub fn severity(severity: &str, locale: Locale) -> String {
    match severity {
        "error" => locale.text("severity-error"),
        "warning" => locale.text("severity-warning"),
        _ => locale.text("severity-note"),
    }
}
