//! Who of AWS's services was asked, where, and who could not be.

use std::collections::BTreeSet;

use trimtab_model::collection::Outcome;
use trimtab_model::coverage::{SourceCoverage, SourceStatus};
use trimtab_model::opinion::{OpinionReading, OpinionSource, Opinions};
use trimtab_model::text::{Text, counted};

/// Returns one source per service that was asked.
pub(super) fn coverage(opinions: &Opinions) -> Vec<SourceCoverage> {
    OpinionSource::ALL
        .iter()
        .filter_map(|source| {
            let readings: Vec<&OpinionReading> =
                opinions.readings.iter().filter(|one| one.source == *source).collect();
            (!readings.is_empty()).then(|| of_source(*source, &readings))
        })
        .collect()
}

fn of_source(source: OpinionSource, readings: &[&OpinionReading]) -> SourceCoverage {
    let answered = readings.iter().filter(|one| one.outcome == Outcome::Complete).count();
    let status = match answered {
        0 => SourceStatus::Absent,
        count if count == readings.len() => SourceStatus::Complete,
        _ => SourceStatus::Partial,
    };
    SourceCoverage {
        source: format!("second-opinion:{}", source.as_str()),
        status,
        resources: None,
        from: None,
        until: readings
            .iter()
            .filter(|one| one.outcome == Outcome::Complete)
            .map(|one| one.at)
            .max(),
        unlocks: Vec::new(),
        text: text(source, readings),
    }
}

fn text(source: OpinionSource, readings: &[&OpinionReading]) -> Text {
    let name = source.name();
    let mut text = Text::new(String::new(), String::new());
    let mut add = |en: String, ko: String| {
        let gap = if text.en.is_empty() { "" } else { " " };
        text = Text::new(format!("{}{gap}{en}", text.en), format!("{}{gap}{ko}", text.ko));
    };
    let opinions: u64 = readings.iter().map(|one| one.opinions).sum();
    let left_out: u64 = readings.iter().map(|one| one.left_out).sum();
    if readings.iter().any(|one| one.outcome == Outcome::Complete) {
        add(
            format!("{name} gave {}.", counted(opinions, "opinion")),
            format!("{name}의 의견 {opinions}건을 읽었습니다."),
        );
    }
    if left_out > 0 {
        add(
            format!(
                "{} about kinds that trimtab does not read, or about purchases, left out.",
                counted(left_out, "opinion")
            ),
            format!("trimtab이 읽지 않는 종류나 구매에 관한 의견 {left_out}건은 제외했습니다."),
        );
    }
    let closed = accounts(readings, |outcome| outcome == Outcome::OptedOut);
    if !closed.is_empty() {
        add(
            format!(
                "These accounts are not enrolled in {name}: {closed}. Enrolling is free and gives its first answers within a day."
            ),
            format!(
                "{name} 서비스에 등록하지 않은 계정입니다: {closed}. 등록은 무료이며 하루 안에 첫 결과가 나옵니다."
            ),
        );
    }
    let unread =
        accounts(readings, |outcome| !matches!(outcome, Outcome::Complete | Outcome::OptedOut));
    if !unread.is_empty() {
        add(
            format!(
                "It could not be read whole in these accounts: {unread}. `trimtab scan` says why."
            ),
            format!("다 읽지 못한 계정입니다: {unread}. 이유는 `trimtab scan` 결과에 있습니다."),
        );
    }
    text
}

fn accounts(readings: &[&OpinionReading], is: impl Fn(Outcome) -> bool) -> String {
    let accounts: BTreeSet<&str> =
        readings.iter().filter(|one| is(one.outcome)).map(|one| one.account.as_str()).collect();
    accounts.into_iter().collect::<Vec<_>>().join(", ")
}
