//! The weekly report: read by a team in a minute, on Monday.
//!
//! Last week beside the week before, what moved and why, what has to be decided, what was
//! changed and how it went. A week whose last days are not billed yet is compared day by day.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use trimtab_model::document::{
    Bar, BarGroup, Block, ChartBlock, ChartData, Days, Document, DocumentKind, Figure, Figures,
    Section, Sentence, Tone, Value,
};
use trimtab_model::document::{CostBasis, Decision};
use trimtab_model::money::Currency;
use trimtab_model::text::Text;

use super::decisions::{self, first_deadline};
use super::facts::ReportFacts;
use super::forecast::MonthForecast;
use super::ledger::Ledger;
use super::movers::{self, Mover};
use super::week::{Comparison, earlier, last_week};
use super::{anomalies, changes, figures, footer, realised, tags};

/// Makes the report of the last whole week before the moment of `facts`.
pub fn weekly(facts: &ReportFacts<'_>) -> Document {
    let today = facts.known_until.to_zoned_datetime(TimeZone::UTC).date();
    let week = last_week(facts).unwrap_or(Days { first: today, last: today });
    let ledger = Ledger::open(facts);
    let comparison = ledger.and_then(|ledger| Comparison::of(ledger, week));
    let moved = match (ledger, &comparison) {
        (Some(ledger), Some(comparison)) => movers::movers(ledger, comparison),
        _ => Vec::new(),
    };
    let waiting = decisions::waiting(facts);
    let verdict = verdict(facts, comparison.as_ref(), &moved, &waiting);
    let month = facts.yesterday().unwrap_or(today).first_of_month();
    let from = week.first.to_zoned_datetime(facts.time_zone.clone());
    let from = from.map_or(facts.now, |midnight| midnight.timestamp());
    Document {
        kind: DocumentKind::Weekly,
        title: Text::new("Weekly cost report", "주간 비용 보고"),
        verdict,
        as_of: facts.now,
        period: week,
        basis: ledger.map_or(CostBasis::Effective, |ledger| ledger.basis),
        sections: vec![
            summary(facts, ledger, comparison.as_ref(), week),
            movers::section(facts, comparison.as_ref(), &moved),
            anomalies::section(facts, ledger, week),
            decisions::section(facts, waiting),
            saved(facts, ledger),
            changes::section(facts, from),
            changes::windows(facts),
            tags::coverage(facts, month),
        ],
        sheets: Vec::new(),
        footer: footer::footer(facts, ledger, Days { first: earlier(week, 7).first, ..week }),
    }
}

fn verdict(
    facts: &ReportFacts<'_>,
    comparison: Option<&Comparison>,
    moved: &[Mover],
    waiting: &[Decision],
) -> Sentence {
    let cost = match comparison {
        None => Sentence::plain(
            "What last week cost is not known: no bill of it is kept in the data directory.",
            "지난주 비용을 알 수 없습니다. 데이터 디렉터리에 이 기간의 청구 데이터가 없습니다.",
            &[],
        ),
        Some(comparison) => of_cost(comparison),
    };
    let cost = match moved.first() {
        Some(mover) => cost.then(of_mover(facts, mover)),
        None => cost,
    };
    if waiting.is_empty() {
        return cost;
    }
    let count = Value::Count(u64::try_from(waiting.len()).unwrap_or(u64::MAX));
    cost.then(match first_deadline(waiting) {
        Some(deadline) => Sentence::plain(
            "Decisions that wait: {count}, the first until {deadline}.",
            "결정 대기 {count}건, 가장 이른 기한은 {deadline}입니다.",
            &[("count", count), ("deadline", Value::Moment(deadline))],
        ),
        None => Sentence::plain(
            "Decisions that wait: {count}.",
            "결정 대기 {count}건.",
            &[("count", count)],
        ),
    })
}

fn of_cost(comparison: &Comparison) -> Sentence {
    let is_whole = comparison.days.count() == 7;
    let cost = Value::Amount(comparison.cost);
    let days = [
        ("cost", cost.clone()),
        ("first", Value::Date(comparison.days.first)),
        ("last", Value::Date(comparison.days.last)),
    ];
    let opening = if is_whole {
        Sentence::plain("Last week cost {cost},", "지난주 비용은 {cost},", &[("cost", cost)])
    } else {
        Sentence::plain(
            "Of last week only {first} to {last} is in the bill: {cost},",
            "지난주 중 {first}–{last}만 청구 데이터에 있습니다. 비용은 {cost},",
            &days,
        )
    };
    opening.then(difference(comparison))
}

fn difference(comparison: &Comparison) -> Sentence {
    let Some(change) = comparison.change() else {
        return Sentence::plain(
            "and the week before is not in the bill.",
            "전주 비용은 청구 데이터에 없습니다.",
            &[],
        );
    };
    let amount = trimtab_model::money::Money::new(change.amount.abs(), change.currency);
    let percent = match comparison.percent() {
        Some(percent) => Value::Percent(percent.abs()),
        None => Value::Missing(Text::new("it cost nothing the week before", "전주 비용 없음")),
    };
    let values = [("amount", Value::Amount(amount)), ("percent", percent)];
    match Tone::of_change(change) {
        Tone::Fell => Sentence::new(
            "[{amount} ({percent}) less] than on the same days of the week before.",
            "전주 같은 날보다 [{amount} ({percent}) 줄었습니다].",
            Tone::Fell,
            &values,
        ),
        Tone::Rose => Sentence::new(
            "[{amount} ({percent}) more] than on the same days of the week before.",
            "전주 같은 날보다 [{amount} ({percent}) 늘었습니다].",
            Tone::Rose,
            &values,
        ),
        Tone::Plain | Tone::Danger | Tone::Muted => Sentence::plain(
            "as much as on the same days of the week before.",
            "전주 같은 날과 같습니다.",
            &[],
        ),
    }
}

fn of_mover(facts: &ReportFacts<'_>, mover: &Mover) -> Sentence {
    let (service, account) = &mover.place;
    Sentence::plain(
        "The largest move: {service} in {account}, {change}.",
        "가장 크게 움직인 곳: {service}({account}) {change}.",
        &[
            ("service", Value::Name(service.clone())),
            ("account", movers::account_name(facts, account.as_ref())),
            ("change", Value::Change(mover.change)),
        ],
    )
}

fn summary(
    facts: &ReportFacts<'_>,
    ledger: Option<Ledger<'_>>,
    comparison: Option<&Comparison>,
    week: Days,
) -> Section {
    let forecast = ledger.map(|ledger| {
        let today = facts.yesterday().unwrap_or(ledger.covered.last);
        MonthForecast::of(ledger, today)
    });
    let known = forecast.as_ref().and_then(|forecast| forecast.as_ref().ok());
    let shown: Vec<Figure> = vec![
        figures::month_to_date(facts, ledger),
        figures::month_end(facts, forecast.as_ref()),
        figures::found(facts),
        figures::per_user(facts, ledger, comparison),
    ];
    let mut blocks = vec![Block::Figures(Figures::new(shown))];
    blocks.extend(ledger.map(|ledger| daily(ledger, week)));
    blocks.extend(known.map(|forecast| Block::note(forecast.method())));
    Section { name: "summary".into(), title: None, blocks }
}

/// Says what was saved so far, by estimate and by the bill.
fn saved(facts: &ReportFacts<'_>, ledger: Option<Ledger<'_>>) -> Section {
    let found = facts.analysis.and_then(|analysis| analysis.totals.keys().next().copied());
    let currency = found.or(ledger.map(|ledger| ledger.currency)).unwrap_or(Currency::USD);
    Section {
        name: "saved".into(),
        title: Some(Text::new("Saved so far", "지금까지의 절감")),
        blocks: vec![realised::so_far(facts, currency, Timestamp::MIN)],
    }
}

fn daily(ledger: Ledger<'_>, week: Days) -> Block {
    let before = earlier(week, 7);
    let days = Days { first: before.first, last: week.last };
    let bars = days
        .iter()
        .map(|date| Bar {
            date,
            amount: ledger.day(date),
            group: if week.contains(date) { BarGroup::Current } else { BarGroup::Previous },
            is_provisional: ledger.is_provisional(date),
        })
        .collect();
    Block::chart(ChartBlock {
        name: "daily".into(),
        title: Text::new("Cost by day", "일별 비용"),
        caption: Some(Sentence::plain(
            "Grey: the week before. Blue: last week. UTC days.",
            "회색은 전주, 파란색은 지난주입니다. UTC 하루 기준입니다.",
            &[],
        )),
        data: ChartData::DailyBars(bars),
    })
}
