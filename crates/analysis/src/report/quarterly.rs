//! The quarterly report: for a review of the architecture.
//!
//! What each workload costs and moves, how far its demand rises above its average, what
//! environments beside production cost, what to do next, and what was decided.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use trimtab_model::document::{
    Block, Column, ColumnKind, CostBasis, Days, Document, DocumentKind, Figure, Figures, Row, Rows,
    Section, Sentence, Tone, Value,
};
use trimtab_model::environment::Environment;
use trimtab_model::money::{Currency, Money};
use trimtab_model::text::{Text, counted};

use super::facts::{Elasticity, ReportFacts, WorkloadMonth};
use super::ledger::{Ledger, month_before, percent_of, total};
use super::monthly::whole_month;
use super::{changes, decision_log, figures, footer, quarter_months, realised, roadmap, themes};

/// Workloads that are shown.
const MOST_WORKLOADS: usize = 20;

/// Makes the report of the last whole quarter before the moment of `facts`.
pub fn quarterly(facts: &ReportFacts<'_>) -> Document {
    let today = facts.known_until.to_zoned_datetime(TimeZone::UTC).date();
    let months = last_quarter(facts).unwrap_or([today.first_of_month(); 3]);
    let [first, _, last] = months;
    let period = Days { first, last: last.last_of_month() };
    let ledger = Ledger::open_months(facts);
    let cost = ledger.and_then(|ledger| quarter_cost(ledger, months));
    let currency = ledger.map(|ledger| ledger.currency);
    let workloads = workloads(facts, period, currency);
    let known: Vec<Date> = months.into_iter().filter(|month| is_whole(ledger, *month)).collect();
    let from = first.to_zoned_datetime(facts.time_zone.clone());
    let from = from.map_or(facts.now, |midnight| midnight.timestamp());
    Document {
        kind: DocumentKind::Quarterly,
        title: Text::new("Quarterly architecture review", "분기 아키텍처 검토"),
        verdict: verdict(facts, cost, first),
        as_of: facts.now,
        period,
        basis: ledger.map_or(CostBasis::Effective, |ledger| ledger.basis),
        sections: vec![
            summary(facts, cost, &workloads),
            quarter_months::section(ledger, months),
            workload_section(facts, &workloads, &known),
            environments(&workloads),
            themes::section(facts),
            roadmap::section(facts),
            decision_log::section(facts, from),
            realised::section(facts, currency.unwrap_or(Currency::USD), from),
            changes::without_note(facts, from),
        ],
        sheets: Vec::new(),
        footer: footer::footer(facts, ledger, period),
    }
}

/// Returns the months of the last quarter that is over in UTC and in the zone.
pub fn last_quarter(facts: &ReportFacts<'_>) -> Option<[Date; 3]> {
    let mut month = month_before(facts.first_day_to_come()?)?;
    while month.month() % 3 != 0 {
        month = month_before(month)?;
    }
    let middle = month_before(month)?;
    Some([month_before(middle)?, middle, month])
}

fn quarter_cost(ledger: Ledger<'_>, months: [Date; 3]) -> Option<Money> {
    let sums: Option<Vec<Money>> = months.iter().map(|month| whole_month(ledger, *month)).collect();
    total(ledger.currency, sums?)
}

/// Returns whether the bill covers all of a month.
fn is_whole(ledger: Option<Ledger<'_>>, month: Date) -> bool {
    ledger.and_then(|ledger| whole_month(ledger, month)).is_some()
}

/// Returns what people call the quarter that begins with a month.
fn quarter_name(first: Date) -> Text {
    let (year, number) = (first.year(), (first.month() - 1) / 3 + 1);
    Text::new(format!("Q{number} {year}"), format!("{year}년 {number}분기"))
}

fn verdict(facts: &ReportFacts<'_>, cost: Option<Money>, first: Date) -> Sentence {
    let quarter = ("quarter", Value::Text(quarter_name(first)));
    let opening = match cost {
        None => Sentence::plain(
            "What {quarter} cost is not known: no bill of all of its three months was read.",
            "{quarter} 비용을 알 수 없습니다. 세 달치 청구 데이터를 모두 읽지 못했습니다.",
            &[quarter],
        ),
        Some(cost) => Sentence::plain(
            "{quarter} cost {cost}.",
            "{quarter} 비용은 {cost}입니다.",
            &[quarter, ("cost", Value::Amount(cost))],
        ),
    };
    let totals = facts.analysis.map(|analysis| &analysis.totals);
    let total = totals.and_then(|totals| totals.values().max_by_key(|one| one.recommendations));
    match total {
        None => opening,
        Some(total) => opening.then(Sentence::new(
            "At current use [{range}] could be saved.",
            "현재 사용량 기준으로 [{range}] 줄일 수 있습니다.",
            Tone::Fell,
            &[(
                "range",
                Value::MonthlyRange { low: total.low, likely: total.likely, high: total.high },
            )],
        )),
    }
}

fn summary(facts: &ReportFacts<'_>, cost: Option<Money>, workloads: &[Workload]) -> Section {
    let missing = |en: &str, ko: &str| Value::Missing(Text::new(en, ko));
    let quarter = Figure {
        name: "quarter".into(),
        label: Text::new("Cost of the quarter", "분기 비용"),
        value: cost.map_or_else(
            || {
                missing(
                    "the bill does not cover all three months",
                    "세 달치 청구 데이터가 다 있지 않습니다",
                )
            },
            Value::Amount,
        ),
        note: None,
        tone: Tone::Plain,
    };
    let ratio = environments_percent(workloads);
    let environments = Figure {
        name: "environments".into(),
        label: Text::new("Dev and staging beside production", "운영 대비 개발·스테이징"),
        value: ratio.map_or_else(
            || missing("cost by environment is not known", "환경별 비용을 알 수 없습니다"),
            Value::Percent,
        ),
        note: None,
        tone: Tone::Plain,
    };
    Section {
        name: "summary".into(),
        title: None,
        blocks: vec![Block::Figures(Figures::new([quarter, environments, figures::found(facts)]))],
    }
}

/// One workload of the quarter, in one currency.
#[derive(Debug, Clone)]
struct Workload {
    name: Option<String>,
    currency: Currency,
    by_environment: BTreeMap<Environment, Money>,
    cost: Option<Money>,
    data_transfer: Option<Money>,
}

/// Returns the workloads of a quarter in the currency of the report, the most expensive first.
fn workloads(facts: &ReportFacts<'_>, period: Days, currency: Option<Currency>) -> Vec<Workload> {
    let mut groups: BTreeMap<(Option<&str>, Currency), Vec<&WorkloadMonth>> = BTreeMap::new();
    let is_meant = |row: &&WorkloadMonth| {
        period.contains(row.month) && currency.is_none_or(|currency| row.cost.currency == currency)
    };
    for row in facts.workloads.iter().filter(is_meant) {
        let name = row.workload.as_deref().filter(|name| !name.trim().is_empty());
        groups.entry((name, row.cost.currency)).or_default().push(row);
    }
    let mut all: Vec<Workload> = groups
        .into_iter()
        .map(|((name, currency), rows)| {
            let mut by_environment: BTreeMap<Environment, Money> = BTreeMap::new();
            for row in &rows {
                let sum = by_environment.entry(row.environment).or_insert(Money::zero(currency));
                *sum = sum.checked_add(row.cost).unwrap_or(*sum);
            }
            let transfer: Option<Vec<Money>> = rows.iter().map(|row| row.data_transfer).collect();
            Workload {
                name: name.map(str::to_owned),
                currency,
                cost: total(currency, rows.iter().map(|row| row.cost)),
                data_transfer: transfer.and_then(|transfer| total(currency, transfer)),
                by_environment,
            }
        })
        .collect();
    all.sort_by(|left, right| {
        let amount = |workload: &Workload| workload.cost.map(|cost| cost.amount);
        amount(right).cmp(&amount(left)).then_with(|| left.name.cmp(&right.name))
    });
    all
}

fn workload_section(facts: &ReportFacts<'_>, workloads: &[Workload], known: &[Date]) -> Section {
    let blocks = if workloads.iter().all(|workload| workload.name.is_none()) {
        vec![Block::missing(Sentence::plain(
            "Cost by workload is not known. A tag that names the service or application of resources, activated for \
             cost allocation and named in `tags.workloads` of the configuration, would make it known.",
            "워크로드별 비용을 알 수 없습니다. 자원에 서비스나 애플리케이션 태그를 달아 비용 할당 태그로 켜고, 설정의 \
             `tags.workloads`에 키를 적으면 알 수 있습니다.",
            &[],
        ))]
    } else {
        workload_blocks(facts, workloads, known)
    };
    Section {
        name: "workloads".into(), title: Some(Text::new("Workloads", "워크로드")), blocks
    }
}

fn workload_blocks(facts: &ReportFacts<'_>, workloads: &[Workload], known: &[Date]) -> Vec<Block> {
    // A column that is empty from top to bottom says nothing.
    let is_measured = !facts.elasticity.is_empty();
    let mut columns = vec![
        Column::new("workload", ColumnKind::Text, "Workload", "워크로드"),
        Column::new("cost", ColumnKind::Amount, "Cost", "비용"),
        Column::new("transfer", ColumnKind::Percent, "Data transfer", "데이터 전송"),
        Column::new(
            "other",
            ColumnKind::Percent,
            "Dev and staging : production",
            "개발·스테이징 : 운영",
        ),
    ];
    if is_measured {
        columns.push(Column::new("elasticity", ColumnKind::Text, "Peak : average", "피크 : 평균"));
    }
    let mut rows: Vec<Row> = workloads
        .iter()
        .take(MOST_WORKLOADS)
        .map(|workload| workload_row(facts, workload, is_measured))
        .collect();
    rows.extend(remainder(workloads, columns.len()));
    let mut blocks =
        vec![Block::Rows(Rows { name: "workloads".into(), title: None, columns, rows })];
    if known.len() < 3 {
        blocks.push(Block::note(Sentence::plain(
            "Sums of the months that the bill covers: {count} of 3.",
            "청구 데이터가 다 있는 달만 더했습니다: 3달 중 {count}달.",
            &[("count", Value::Count(u64::try_from(known.len()).unwrap_or(u64::MAX)))],
        )));
    }
    blocks.push(if is_measured {
        Block::note(Sentence::plain(
            "Where the peak is far above the average, scaling with demand saves; where it is near, a smaller size or a \
             commitment does.",
            "피크가 평균보다 훨씬 높으면 수요에 맞춘 확장·축소가, 가까우면 작은 크기나 약정이 비용을 줄입니다.",
            &[],
        ))
    } else {
        Block::missing(Sentence::plain(
            "How far demand rises above its average is not known by workload. The roadmap below rests on the metrics of \
             each resource.",
            "워크로드별로 수요가 평균보다 얼마나 오르는지는 알 수 없습니다. 아래 로드맵은 자원마다 읽은 지표를 근거로 합니다.",
            &[],
        ))
    });
    blocks
}

/// Returns the row of the workloads that are not shown, and the row of all.
fn remainder(workloads: &[Workload], columns: usize) -> Vec<Row> {
    let Some(currency) = workloads.first().map(|workload| workload.currency) else {
        return Vec::new();
    };
    let line = |words: Text, some: &[Workload]| {
        let sums: Option<Vec<Money>> = some.iter().map(|workload| workload.cost).collect();
        let cost =
            sums.and_then(|sums| total(currency, sums)).map_or_else(too_large, Value::Amount);
        let mut cells = vec![Value::Text(words), cost];
        cells.resize(columns, Value::text("", ""));
        Row::new(cells)
    };
    let others = workloads.get(MOST_WORKLOADS..).unwrap_or_default();
    let mut rows = Vec::new();
    if !others.is_empty() {
        let words = Text::new(
            counted(others.len(), "more workload"),
            format!("그 밖의 워크로드 {}개", others.len()),
        );
        rows.push(line(words, others));
    }
    rows.push(line(Text::new("Together", "합계"), workloads).total());
    rows
}

fn too_large() -> Value {
    Value::Missing(Text::new("the amount is too large", "금액이 너무 큽니다"))
}

fn workload_row(facts: &ReportFacts<'_>, workload: &Workload, is_measured: bool) -> Row {
    let missing = |en: &str, ko: &str| Value::Missing(Text::new(en, ko));
    let transfer =
        workload.data_transfer.zip(workload.cost).and_then(|(part, whole)| percent_of(part, whole));
    let name = workload
        .name
        .clone()
        .map_or_else(|| Value::text("without the tag", "태그 없음"), Value::Name);
    let mut cells = vec![
        name,
        workload.cost.map_or_else(too_large, Value::Amount),
        transfer.map_or_else(
            || missing("usage types do not tell", "사용 유형으로 알 수 없습니다"),
            Value::Percent,
        ),
        ratio(&workload.by_environment).map_or_else(
            || missing("it has no production", "운영 환경이 없습니다"),
            Value::Percent,
        ),
    ];
    if is_measured {
        let elasticity = workload
            .name
            .as_ref()
            .and_then(|name| facts.elasticity.iter().find(|one| one.workload == *name));
        cells.push(elasticity.and_then(peak_to_average).map_or_else(
            || missing("no metrics of it were read", "지표를 읽지 못했습니다"),
            Value::Text,
        ));
    }
    Row::new(cells)
}

/// Returns `3.2 (CPUUtilization)`, with how many machines were looked at where that is not all; absent where there was no demand.
fn peak_to_average(elasticity: &Elasticity) -> Option<Text> {
    let is_known = elasticity.average > 0.0 && elasticity.peak.is_finite();
    let (measured, all) = elasticity.measured;
    let ratio = elasticity.peak / elasticity.average;
    let metric = &elasticity.metric;
    is_known.then(|| match measured < all {
        false => Text::verbatim(format!("{ratio:.1} ({metric})")),
        true => Text::new(
            format!("{ratio:.1} ({metric}, {measured} of {all} machines)"),
            format!("{ratio:.1} ({metric}, {all}대 중 {measured}대)"),
        ),
    })
}

/// Returns dev and staging beside production, in percent.
fn ratio(by_environment: &BTreeMap<Environment, Money>) -> Option<f64> {
    let amount =
        |environment| by_environment.get(&environment).map_or(Decimal::ZERO, |money| money.amount);
    let beside = amount(Environment::Dev).checked_add(amount(Environment::Staging))?;
    let production = amount(Environment::Prod);
    beside.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(production)?.to_f64()
}

/// Absent where two currencies are charged: they are never added.
fn environments_percent(workloads: &[Workload]) -> Option<f64> {
    ratio(&sums_by_environment(workloads)?)
}

fn sums_by_environment(workloads: &[Workload]) -> Option<BTreeMap<Environment, Money>> {
    let currency = workloads.first()?.currency;
    let mut sums: BTreeMap<Environment, Money> = BTreeMap::new();
    for workload in workloads {
        for (environment, amount) in &workload.by_environment {
            let sum = sums.entry(*environment).or_insert(Money::zero(currency));
            *sum = sum.checked_add(*amount).ok()?;
        }
    }
    Some(sums)
}

fn environments(workloads: &[Workload]) -> Section {
    let sums = sums_by_environment(workloads);
    let block = match sums {
        None => Block::missing(Sentence::plain(
            "Cost by environment is not known. A tag such as `env` on resources, activated for cost allocation, would \
             make it known.",
            "환경별 비용을 알 수 없습니다. 자원에 `env` 같은 태그를 달고 비용 할당 태그로 켜면 알 수 있습니다.",
            &[],
        )),
        Some(sums) => {
            let whole = sums
                .values()
                .next()
                .and_then(|first| total(first.currency, sums.values().copied()));
            let rows = sums.iter().map(|(environment, cost)| {
                let share = whole.and_then(|whole| percent_of(*cost, whole)).map_or_else(
                    || Value::Missing(Text::new("nothing was charged", "비용이 없습니다")),
                    Value::Percent,
                );
                Row::new(vec![environment_name(*environment), Value::Amount(*cost), share])
            });
            Block::Rows(Rows {
                name: "environments".into(),
                title: None,
                columns: vec![
                    Column::new("environment", ColumnKind::Text, "Environment", "환경"),
                    Column::new("cost", ColumnKind::Amount, "Cost of the quarter", "분기 비용"),
                    Column::new("share", ColumnKind::Percent, "Share", "비율"),
                ],
                rows: rows.collect(),
            })
        }
    };
    Section {
        name: "environments".into(),
        title: Some(Text::new("Environments", "환경")),
        blocks: vec![block],
    }
}

/// Returns what people call an environment.
pub(super) fn environment_name(environment: Environment) -> Value {
    match environment {
        Environment::Dev => Value::text("development", "개발"),
        Environment::Staging => Value::text("staging", "스테이징"),
        Environment::Prod => Value::text("production", "운영"),
        Environment::Unknown => Value::text("no tag says", "태그 없음"),
    }
}
