//! Words that several exports use, in each language.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use trimtab_model::action::Action;
use trimtab_model::environment::Environment;
use trimtab_model::gate::Signal;
use trimtab_model::money::Money;
use trimtab_model::plan::{Change, ChangeWindow, WaveName};
use trimtab_model::resource::ResourceRef;
use trimtab_model::text::{Language, counted};

/// Returns a text in the reader's language.
pub(super) fn say<'a>(language: Language, en: &'a str, ko: &'a str) -> &'a str {
    match language {
        Language::En => en,
        Language::Ko => ko,
    }
}

/// Returns what changes: each setting with its value before and after.
pub(super) fn change(action: &Action) -> String {
    let (before, after) = (action.current(), action.recommended());
    let word = |value: Option<&Value>| match value {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let differs = |name: &&String| before.get(*name) != after.get(*name);
    names
        .into_iter()
        .filter(differs)
        .map(|name| format!("{name} {} → {}", word(before.get(name)), word(after.get(name))))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Returns a resource's name and identifier.
pub(super) fn resource(of: &ResourceRef) -> String {
    match &of.name {
        Some(name) => format!("{name} ({})", of.id),
        None => of.id.to_string(),
    }
}

/// Returns the sum of what changes save a month, one of each currency; a sum that cannot be
/// written exactly is none.
pub(super) fn sum<'a>(changes: impl Iterator<Item = &'a Change>) -> Option<String> {
    let mut sums: BTreeMap<String, Money> = BTreeMap::new();
    for one in changes {
        let saving = one.estimated_monthly_savings.likely;
        let code = saving.currency.code().to_owned();
        let sum = match sums.get(&code) {
            Some(sum) => sum.checked_add(saving).ok()?,
            None => saving,
        };
        sums.insert(code, sum);
    }
    let words: Vec<String> = sums.into_values().map(money).collect();
    (!words.is_empty()).then(|| words.join(" + "))
}

/// Returns an amount, rounded to its minor unit.
pub(super) fn money(amount: Money) -> String {
    amount.rounded().to_string()
}

pub(super) fn length(length: SignedDuration, language: Language) -> String {
    let minutes = length.as_mins();
    let (hours, rest) = (minutes / 60, minutes % 60);
    match language {
        Language::En if hours == 0 => counted(minutes, "minute"),
        Language::En if rest == 0 => counted(hours, "hour"),
        Language::En => format!("{} {}", counted(hours, "hour"), counted(rest, "minute")),
        Language::Ko if hours == 0 => format!("{minutes}분"),
        Language::Ko if rest == 0 => format!("{hours}시간"),
        Language::Ko => format!("{hours}시간 {rest}분"),
    }
}

/// Returns a moment to the minute, in the zone of the first window that has one, else in UTC.
pub(super) fn moment(at: Timestamp, windows: &[ChangeWindow]) -> String {
    let zone = windows.iter().find_map(|window| TimeZone::get(&window.time_zone).ok());
    let zoned = at.to_zoned_datetime(zone.unwrap_or(TimeZone::UTC));
    zoned.strftime("%Y-%m-%d %H:%M %Z").to_string()
}

pub(super) fn environment(environment: Environment, language: Language) -> &'static str {
    match environment {
        Environment::Dev => say(language, "development", "개발"),
        Environment::Staging => say(language, "staging", "스테이징"),
        Environment::Prod | Environment::Unknown => say(language, "production", "운영"),
    }
}

pub(super) fn wave(name: WaveName, language: Language) -> String {
    match name {
        WaveName::Canary => say(language, "canary", "카나리").to_owned(),
        WaveName::Percent(100) => say(language, "all", "전체").to_owned(),
        WaveName::Percent(percent) => match language {
            Language::En => format!("up to {percent} %"),
            Language::Ko => format!("{percent}%까지"),
        },
    }
}

/// Returns the days and hours of a window.
pub(super) fn window(window: &ChangeWindow, language: Language) -> String {
    const DAYS: [(&str, &str); 7] = [
        ("Mon", "월"),
        ("Tue", "화"),
        ("Wed", "수"),
        ("Thu", "목"),
        ("Fri", "금"),
        ("Sat", "토"),
        ("Sun", "일"),
    ];
    let days: Vec<&str> = window
        .days
        .iter()
        .filter_map(|day| DAYS.get(usize::from(*day)))
        .map(|(en, ko)| say(language, en, ko))
        .collect();
    let days = if days.is_empty() {
        say(language, "every day", "매일").to_owned()
    } else {
        days.join(", ")
    };
    let hours = format!("{}–{}", window.from.strftime("%H:%M"), window.until.strftime("%H:%M"));
    format!("{days} {hours} ({})", window.time_zone)
}

pub(super) fn signal(signal: Signal, language: Language) -> &'static str {
    let (en, ko) = match signal {
        Signal::CpuUtilization => ("CPU use (%)", "CPU 사용률 (%)"),
        Signal::MemoryUtilization => ("memory use (%)", "메모리 사용률 (%)"),
        Signal::Swap => ("swap in use", "스왑 사용량"),
        Signal::NetworkUtilization => {
            ("network against its baseline (%)", "네트워크 기준 대역폭 대비 (%)")
        }
        Signal::LatencyP95 => ("response time p95 (ms)", "응답 시간 p95 (ms)"),
        Signal::FailedRequests => ("failed requests", "실패한 요청"),
        Signal::Requests => ("requests", "요청 수"),
        Signal::ErrorRate => ("error rate (%)", "오류율 (%)"),
        Signal::Availability => ("availability (%)", "가용성 (%)"),
        Signal::FreeMemory => ("memory left", "남은 메모리"),
        Signal::DatabaseConnections => ("database connections", "DB 연결 수"),
        Signal::ReplicaLag => ("replica lag (s)", "복제 지연 (초)"),
        Signal::CpuCreditBalance => ("CPU credits left", "남은 CPU 크레딧"),
        Signal::BurstBalance => ("burst balance (%)", "버스트 잔량 (%)"),
        Signal::ReadIops => ("reads a second", "초당 읽기 수"),
        Signal::ReadLatency => ("read latency (ms)", "읽기 지연 시간 (ms)"),
        Signal::StatusCheckFailed => ("failed status checks", "상태 검사 실패"),
        Signal::HealthyHosts => ("healthy targets", "정상 대상 수"),
        Signal::UnhealthyHosts => ("unhealthy targets", "비정상 대상 수"),
        Signal::Invocations => ("runs of the function", "함수 호출 수"),
        Signal::FunctionErrors => ("failed runs of the function", "함수 오류 수"),
        Signal::Throttles => ("throttled runs of the function", "함수 스로틀 수"),
        Signal::FunctionDuration => ("duration of the function (ms)", "함수 실행 시간 (ms)"),
        Signal::EventAge => ("age of events (ms)", "이벤트 대기 시간 (ms)"),
        Signal::Alarm => ("alarms that watch it", "감시 중인 알람"),
    };
    say(language, en, ko)
}
