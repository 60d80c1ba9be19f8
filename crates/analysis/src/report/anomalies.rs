//! Days of the week whose cost stands out, and what moved within them.

use std::collections::BTreeMap;

use trimtab_model::anomaly::AnomalyStanding;
use trimtab_model::document::{
    Block, Column, ColumnKind, Days, Row, Rows, Section, Sentence, Tone, Value,
};
use trimtab_model::id::SubAccountId;
use trimtab_model::text::Text;

use super::facts::{ReportFacts, UsagePart};
use super::ledger::Ledger;
use super::movers::{account_name, missing_bill};
use super::rest::smaller;
use crate::anomaly::{Anomaly, Direction, LEAST_WEEKS, Limits, anomalies, drivers, standing};

/// Rows of the table.
const MOST: usize = 8;

/// Makes the section of the days of `week`: found as the anomalies page finds them, from charges of
/// use alone.
pub(super) fn section(facts: &ReportFacts<'_>, ledger: Option<Ledger<'_>>, week: Days) -> Section {
    Section {
        name: "anomalies".into(),
        title: Some(Text::new("What stood out", "눈에 띄는 비용")),
        blocks: ledger.map_or_else(|| vec![missing_bill()], |ledger| blocks(facts, ledger, week)),
    }
}

fn blocks(facts: &ReportFacts<'_>, ledger: Ledger<'_>, week: Days) -> Vec<Block> {
    let series = facts.usage.series;
    let covered = ledger.covered;
    let limits = Limits::of(series, covered, ledger.currency).filter(|_| !series.is_empty());
    let provisional = facts.bill.provisional;
    let found =
        limits.map(|limits| (anomalies(series, (covered, week), provisional, &limits), limits));
    let Some((found, limits)) = found.filter(|(found, _)| found.judged.is_some()) else {
        return vec![Block::missing(Sentence::plain(
            "Whether a day stood out is not known: {weeks} weeks of the bill before it are needed.",
            "눈에 띄는 날이 있었는지 알 수 없습니다. 그 앞 {weeks}주의 청구 데이터가 필요합니다.",
            &[("weeks", Value::Count(LEAST_WEEKS as u64))],
        ))];
    };
    if found.items.is_empty() {
        return vec![Block::note(Sentence::plain(
            "No day of any service in any account stood out: none differed from its weekday by {least} and a quarter.",
            "어떤 계정의 어떤 서비스도 평소 같은 요일과 {least} 이상, 4분의 1 이상 차이 나지 않았습니다.",
            &[("least", Value::Amount(limits.amount))],
        ))];
    }
    // What somebody has said something of is not asked about again.
    let standings: Vec<(&Anomaly, AnomalyStanding)> = found
        .items
        .iter()
        .map(|item| (item, standing(item, facts.acknowledged, limits.amount)))
        .collect();
    let open = || standings.iter().filter(|(_, standing)| standing.is_open());
    let (asked, count) = (open().count(), standings.len());
    let rows: Vec<Row> = open().take(MOST).map(|(item, _)| row(facts, covered, item)).collect();
    let mut blocks = Vec::new();
    if asked > 0 {
        let name = "anomalies".into();
        blocks.push(Block::Rows(Rows { name, title: None, columns: columns(), rows }));
        blocks.extend(smaller(asked, MOST));
    }
    let returned = open().filter(|(_, standing)| standing.acknowledgement().is_some()).count();
    if returned > 0 {
        blocks.push(Block::note(Sentence::plain(
            "Of these, {count} had been acknowledged and grew since.",
            "이 중 {count}건은 확인한 뒤에 금액이 더 늘었습니다.",
            &[("count", Value::Count(returned as u64))],
        )));
    }
    if count > asked {
        blocks.push(Block::note(Sentence::plain(
            "Already acknowledged and not listed: {count} (`trimtab anomaly list --all`).",
            "이미 확인하여 나열하지 않은 항목: {count}건(`trimtab anomaly list --all`).",
            &[("count", Value::Count((count - asked) as u64))],
        )));
    }
    blocks
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("service", ColumnKind::Text, "Service", "서비스"),
        Column::new("account", ColumnKind::Text, "Account", "계정"),
        Column::new("first", ColumnKind::Moment, "From", "시작"),
        Column::new("last", ColumnKind::Moment, "Until", "끝"),
        Column::new("cost", ColumnKind::Amount, "Cost", "비용"),
        Column::new("difference", ColumnKind::Amount, "Than usual", "평소 대비"),
        Column::new("moved", ColumnKind::Text, "What moved", "움직인 항목"),
    ]
}

fn row(facts: &ReportFacts<'_>, covered: Days, item: &Anomaly) -> Row {
    let none = || Value::Missing(Text::new("the charges name none", "청구 데이터에 없습니다"));
    let day = |date: Option<jiff::civil::Date>| date.map_or_else(none, Value::Date);
    let account: Option<SubAccountId> = item.account.clone().map(Into::into);
    let tone = match item.direction {
        Direction::Rose => Tone::Rose,
        Direction::Fell => Tone::Fell,
    };
    Row::new(vec![
        item.service.clone().map_or_else(none, Value::Name),
        account_name(facts, account.as_ref()),
        day(item.days.first().map(|day| day.date)),
        day(item.days.last().map(|day| day.date)),
        Value::Amount(item.cost),
        Value::Change(item.difference),
        moved(facts, covered, item),
    ])
    .toned(5, tone)
}

/// Names the usage type that moved most the same way.
fn moved(facts: &ReportFacts<'_>, covered: Days, item: &Anomaly) -> Value {
    let is_its = |part: &&UsagePart| part.service == item.service && part.account == item.account;
    let parts: BTreeMap<_, _> = facts
        .usage
        .parts
        .iter()
        .filter(is_its)
        .map(|part| (part.usage_type.clone(), part.days.clone()))
        .collect();
    let first = drivers(&parts, covered, item, 1).into_iter().next();
    first.map_or_else(
        || Value::Missing(Text::new("usage types do not tell", "사용 유형으로 알 수 없습니다")),
        |driver| Value::Name(driver.key),
    )
}
