//! What a developer of the application can act on: figures, examples, and what is not known.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use trimtab_model::evidence::{Evidence, Figure, MetricCoverage};
use trimtab_model::text::Text;
use trimtab_model::traffic::{DuplicateGroup, DuplicateKind};

use super::duplicates::{Repeats, endpoint_name, percent};
use crate::leak::{Driver, Follows, Leak};

const MIB_PER_GIB: f64 = 1024.0;

/// Returns an hour since 1970 by the clock of the readers, with the name of its zone.
pub fn moment_in(hour: i64, zone: &TimeZone) -> String {
    Timestamp::from_second(hour.saturating_mul(3600))
        .map(|moment| {
            moment.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string()
        })
        .unwrap_or_default()
}

/// Returns the figures of a leak in a memory of so many MiB.
pub fn of_leak(leak: &Leak, memory_mib: u64, zone: &TimeZone) -> Vec<Figure> {
    let mib = |percent: f64| percent / 100.0 * memory_mib as f64;
    let gib = |percent: f64| mib(percent) / MIB_PER_GIB;
    let mut figures = vec![
        Figure::number(
            "leak_per_hour",
            "Growth of the floor",
            "메모리 바닥값 증가",
            mib(leak.per_hour),
            "MiB/h",
        ),
        Figure::number(
            "leak_per_hour_low",
            "Growth, lower end of the 95 % interval",
            "증가 속도 95% 구간 하한",
            mib(leak.per_hour_low),
            "MiB/h",
        ),
        Figure::number(
            "leak_per_hour_high",
            "Growth, upper end of the 95 % interval",
            "증가 속도 95% 구간 상한",
            mib(leak.per_hour_high),
            "MiB/h",
        ),
        Figure::number(
            "leak_r_squared",
            "Share of the movement between restarts that the growth explains",
            "재시작 사이의 변화 중 증가 추세로 설명되는 비율",
            leak.r_squared * 100.0,
            "%",
        ),
        Figure::word("leak_since", "Grows since", "증가 시작", moment_in(leak.since, zone)),
        Figure::number(
            "leak_restarts",
            "Restarts seen",
            "관측된 재시작",
            leak.restarts.len() as f64,
            "",
        ),
        Figure::number(
            "memory_after_restart",
            "Memory after a restart",
            "재시작 직후 메모리",
            gib(leak.level_after_restart),
            "GiB",
        ),
        Figure::number(
            "memory_without_leak",
            "Highest memory without the growth",
            "누수를 뺀 최대 메모리",
            gib(leak.highest_without),
            "GiB",
        ),
        Figure::number(
            "hours_to_full",
            "Until the memory is full at this pace",
            "이 속도로 메모리가 가득 찰 때까지",
            leak.hours_to_full,
            "hours",
        ),
    ];
    for figure in &mut figures {
        round(figure);
    }
    figures
}

/// Adds what the growth goes with.
pub fn add_driver(evidence: &mut Evidence, follows: &Follows, memory_mib: u64) {
    match follows {
        Follows::Endpoint(driver) => endpoint(evidence, driver, memory_mib),
        Follows::Nothing { endpoints, hours } => evidence.notes.push(Text::new(
            format!("In {hours} hours the growth went with none of {endpoints} endpoints: it may come from a timer, from another source of requests, or from all of them alike."),
            format!("{hours}시간 동안 {endpoints}개 엔드포인트 중 어느 것과도 함께 늘지 않았습니다. 타이머나 다른 경로의 요청 때문이거나, 모든 요청이 똑같이 원인일 수 있습니다."),
        )),
        Follows::TooFewHours(hours) => evidence.notes.push(Text::new(
            format!("Only {hours} hours have both memory and requests between restarts; four days are needed to name an endpoint."),
            format!("재시작 사이에 메모리와 요청이 모두 있는 시간이 {hours}시간뿐입니다. 엔드포인트를 가리려면 나흘 치가 필요합니다."),
        )),
    }
}

fn endpoint(evidence: &mut Evidence, driver: &Driver, memory_mib: u64) {
    let mib = driver.per_thousand / 100.0 * memory_mib as f64;
    let mut figures = vec![
        Figure::word(
            "leak_endpoint",
            "Grows with calls to",
            "함께 늘어나는 호출",
            driver.name.as_str(),
        ),
        Figure::number(
            "leak_per_thousand_calls",
            "Growth per thousand calls of the service",
            "호출 천 건당 증가",
            mib,
            "MiB",
        ),
        Figure::number(
            "leak_accounted_for",
            "Share of the growth that these calls account for",
            "증가 중 이 호출로 설명되는 비율",
            driver.accounts_for * 100.0,
            "%",
        ),
        Figure::number(
            "leak_foretold",
            "Variance of the last third of the hours that the first two thirds foretell",
            "앞 3분의 2로 예측되는 뒤 3분의 1의 분산",
            driver.foretold * 100.0,
            "%",
        ),
    ];
    for figure in &mut figures {
        round(figure);
    }
    evidence.figures.extend(figures);
    evidence.notes.push(Text::new(
        format!(
            "Of {} endpoints over {} hours it has the closest connection (correlation {:.2}; false discoveries are held at 1 %). A connection is no proof of the cause: look at what the handler keeps.",
            driver.endpoints, driver.hours, driver.correlation
        ),
        format!(
            "엔드포인트 {}개를 {}시간 비교해 관련이 가장 큰 것입니다(상관계수 {:.2}, 거짓 발견율 1% 이하). 관련이 곧 원인은 아니므로, 처리 코드가 무엇을 계속 들고 있는지 확인하세요.",
            driver.endpoints, driver.hours, driver.correlation
        ),
    ));
    if !driver.alike.is_empty() {
        let names = driver.alike.join(", ");
        evidence.notes.push(Text::new(
            format!("These rise and fall with it, so that they cannot be told apart: {names}."),
            format!("함께 늘고 줄어 구분할 수 없는 엔드포인트: {names}."),
        ));
    }
}

/// Adds what of the requests repeats another one.
pub fn add_repeats(evidence: &mut Evidence, repeats: &Repeats<'_>, left: Option<f64>) {
    let seconds = repeats.service.rules.as_ref().map_or(0, |rules| rules.repeat_seconds);
    let mut figures = vec![
        Figure::number(
            "requests",
            "Requests in the logs",
            "로그의 요청",
            repeats.requests as f64,
            "",
        ),
        Figure::number(
            "repeats",
            "Of these, the same request by the same client again at once",
            "같은 클라이언트가 같은 요청을 곧바로 반복한 비율",
            repeats.percent(),
            "%",
        ),
    ];
    if let Some(worst) = repeats.worst {
        figures.push(Figure::word(
            "repeated_endpoint",
            "Most repeated",
            "가장 많이 반복된 호출",
            endpoint_name(worst),
        ));
        figures.push(Figure::number(
            "repeats_of_endpoint",
            "Share of its requests that repeat another one",
            "그 요청 중 반복의 비율",
            percent(worst.duplicates.repeat, worst.total()),
            "%",
        ));
    }
    if let Some(left) = left {
        figures.push(Figure::number(
            "processor_without_repeats",
            "CPU of the busiest hours without the repeats, of what it is",
            "반복을 없앴을 때 가장 바쁜 시간의 CPU(현재 대비)",
            left * 100.0,
            "%",
        ));
    }
    for figure in &mut figures {
        round(figure);
    }
    evidence.figures.extend(figures);
    evidence.notes.push(Text::new(
        format!("A request repeats another one if the same client sends the same method, path and query within {seconds} seconds of an answer that did not fail."),
        format!("같은 클라이언트가 실패하지 않은 같은 메서드·경로·쿼리를 {seconds}초 안에 다시 보낸 요청을 반복으로 셉니다."),
    ));
    for (kind, count) in &repeats.others {
        evidence.notes.push(other(*kind, *count, repeats.requests));
    }
    for group in repeats.examples(repeats.worst) {
        evidence.notes.push(example(group));
    }
    let versions = versions(repeats);
    if !versions.is_empty() {
        let names = versions.join(", ");
        evidence.notes.push(Text::new(
            format!("Client versions among the examples: {names}."),
            format!("예시에 나타난 클라이언트 버전: {names}."),
        ));
    }
}

fn other(kind: DuplicateKind, count: u64, requests: u64) -> Text {
    let share = percent(count, requests);
    let (en, ko) = match kind {
        DuplicateKind::Retry => ("are sent again after a failure", "실패 뒤 다시 보낸 요청"),
        DuplicateKind::Repeat => ("repeat another one", "반복"),
        DuplicateKind::Polling => ("ask at a regular interval", "일정 간격으로 묻는 요청"),
        DuplicateKind::FanOut => ("ask for many things one by one", "여럿을 하나씩 묻는 요청"),
        DuplicateKind::Herd => {
            ("come with many others in the same second", "같은 초에 한꺼번에 몰린 요청")
        }
    };
    Text::new(
        format!("{share:.1} % more {en}; they are not counted in the size."),
        format!("그 밖에 {ko}: {share:.1}%. 크기 계산에는 넣지 않았습니다."),
    )
}

/// Shows one group of repeats: when, which client, which request.
fn example(group: &DuplicateGroup) -> Text {
    let times: Vec<String> = group.times.iter().map(ToString::to_string).collect();
    let times = times.join(", ");
    let client = group.client.as_deref().unwrap_or("-");
    let version = group.client_version.as_deref().unwrap_or("-");
    let (count, request) = (group.requests, &group.request);
    Text::new(
        format!("Example: {request}, {count} times by client {client} ({version}) at {times}."),
        format!("예: {request}, 클라이언트 {client}({version})가 {count}번, 시각 {times}."),
    )
}

fn versions(repeats: &Repeats<'_>) -> Vec<String> {
    let mut versions: Vec<String> = repeats
        .service
        .endpoints
        .iter()
        .flat_map(|endpoint| &endpoint.examples)
        .filter(|group| group.kind == DuplicateKind::Repeat)
        .filter_map(|group| group.client_version.clone())
        .collect();
    versions.sort();
    versions.dedup();
    versions
}

/// Adds a metric that was read, unless the sizing has it already.
pub fn add_coverage(evidence: &mut Evidence, coverage: MetricCoverage) {
    if !evidence.coverage.contains(&coverage) {
        evidence.coverage.push(coverage);
    }
}

/// Says what must come first, and how to see that it worked.
pub fn repair_first() -> Text {
    Text::new(
        "The saving depends on the repair: change the type only after a release with the repair has run for a week and the figures above are gone.",
        "절감은 수정에 달려 있습니다. 수정한 버전이 일주일 동안 돌아가고 위의 현상이 사라진 것을 확인한 뒤에 유형을 바꾸세요.",
    )
}

fn round(figure: &mut Figure) {
    use trimtab_model::evidence::FigureValue;
    if let FigureValue::Number(number) = &mut figure.value {
        *number = (*number * 100.0).round() / 100.0;
    }
}
