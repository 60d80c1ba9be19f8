//! One sheet of a workbook for each account: what its services and resources cost.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::civil::Date;

use trimtab_model::document::{
    Block, Column, ColumnKind, Row, Rows, Section, Sentence, Tone, Value,
};
use trimtab_model::id::SubAccountId;
use trimtab_model::money::Money;
use trimtab_model::text::Text;

use super::facts::{MeterMonth, ReportFacts};
use super::ledger::{Ledger, percent_of};
use super::monthly::whole_month;
use super::rest::smaller;

/// Accounts that have a sheet; a workbook of hundreds of sheets is opened by nobody.
const MOST_ACCOUNTS: usize = 40;
/// Resources of a sheet.
const MOST_RESOURCES: usize = 200;

/// What was charged in two months; absent where it cannot be known.
type Pair = (Option<Money>, Option<Money>);

/// Makes the sheets, that of the most expensive account first. Of a month before that the bill does not cover as a
/// whole nothing is said.
pub(super) fn sheets(
    facts: &ReportFacts<'_>,
    ledger: Option<Ledger<'_>>,
    before: Date,
    month: Date,
) -> Vec<Section> {
    let Some(ledger) = ledger else { return Vec::new() };
    let before = whole_month(ledger, before).map(|_| before);
    let mut costs: BTreeMap<&SubAccountId, Option<Money>> = BTreeMap::new();
    for (meter, cost) in ledger.meters(month) {
        let Some(account) = &meter.account else { continue };
        add(costs.entry(account).or_insert(Some(Money::zero(ledger.currency))), cost);
    }
    let mut accounts: Vec<(&SubAccountId, Option<Money>)> = costs.into_iter().collect();
    accounts.sort_by(|left, right| largest_first(left.1, right.1).then(left.0.cmp(right.0)));
    let all = accounts.len();
    accounts.truncate(MOST_ACCOUNTS);
    let mut sheets: Vec<Section> = accounts
        .into_iter()
        .map(|(account, _)| sheet(facts, ledger, account, (before, month)))
        .collect();
    if let (Some(last), Some(note)) = (sheets.last_mut(), without_sheet(all)) {
        last.blocks.push(note);
    }
    sheets
}

fn without_sheet(all: usize) -> Option<Block> {
    let left = all.checked_sub(MOST_ACCOUNTS).filter(|left| *left > 0)?;
    Some(Block::note(Sentence::plain(
        "{count} less expensive accounts have no sheet.",
        "비용이 더 적은 계정 {count}개는 시트가 없습니다.",
        &[("count", Value::Count(u64::try_from(left).unwrap_or(u64::MAX)))],
    )))
}

/// Adds a cost to a sum, which is not known any more where it is too large.
fn add(sum: &mut Option<Money>, cost: Money) {
    *sum = sum.and_then(|sum| sum.checked_add(cost).ok());
}

fn largest_first(left: Option<Money>, right: Option<Money>) -> Ordering {
    let amount = |money: Option<Money>| money.map(|money| money.amount);
    amount(right).cmp(&amount(left))
}

fn sheet(
    facts: &ReportFacts<'_>,
    ledger: Ledger<'_>,
    account: &SubAccountId,
    months: (Option<Date>, Date),
) -> Section {
    let alias = facts.bill.accounts.get(account).and_then(|known| known.alias.clone());
    let title = alias.map_or_else(|| account.to_string(), |alias| format!("{alias} ({account})"));
    let of_service = |meter: &'_ MeterMonth| Some((meter.service.clone(), String::new()));
    let of_resource = |meter: &'_ MeterMonth| {
        let id = meter.resource.as_ref()?;
        let name = meter.name.as_deref().unwrap_or_default();
        Some((format!("{id}"), name.to_owned()))
    };
    let services = table("services", ledger, account, months, of_service);
    let resources = table("resources", ledger, account, months, of_resource);
    Section {
        name: format!("account_{account}"),
        title: Some(Text::verbatim(title)),
        blocks: [services, resources].concat(),
    }
}

fn table(
    name: &str,
    ledger: Ledger<'_>,
    account: &SubAccountId,
    (before, month): (Option<Date>, Date),
    key: impl Fn(&MeterMonth) -> Option<(String, String)>,
) -> Vec<Block> {
    let zero = Some(Money::zero(ledger.currency));
    let mut sums: BTreeMap<(String, String), Pair> = BTreeMap::new();
    for date in before.into_iter().chain([month]) {
        let of_account = |meter: &MeterMonth| meter.account.as_ref() == Some(account);
        for (meter, cost) in ledger.meters(date).filter(|(meter, _)| of_account(meter)) {
            let Some(key) = key(meter) else { continue };
            let (old, new) = sums.entry(key).or_insert((before.and(zero), zero));
            add(if date == month { new } else { old }, cost);
        }
    }
    let mut sums: Vec<((String, String), Pair)> = sums.into_iter().collect();
    sums.sort_by(|left, right| {
        largest_first(left.1.1, right.1.1).then_with(|| left.0.cmp(&right.0))
    });
    let note = smaller(sums.len(), MOST_RESOURCES);
    sums.truncate(MOST_RESOURCES);
    if sums.is_empty() {
        return Vec::new();
    }
    let is_resource = name == "resources";
    let rows: Vec<Row> =
        sums.into_iter().map(|one| row(one, before.is_some(), is_resource)).collect();
    let mut columns = vec![if is_resource {
        Column::new("resource", ColumnKind::Text, "Resource", "자원")
    } else {
        Column::new("service", ColumnKind::Text, "Service", "서비스")
    }];
    if is_resource {
        columns.push(Column::new("name", ColumnKind::Text, "Name", "이름"));
    }
    columns.extend([
        Column::new("before", ColumnKind::Amount, "The month before", "전달 비용"),
        Column::new("cost", ColumnKind::Amount, "Cost of the month", "월 비용"),
        Column::new("change", ColumnKind::Amount, "Change", "증감"),
        Column::new("percent", ColumnKind::Percent, "%", "%"),
    ]);
    let rows = Block::Rows(Rows { name: name.into(), title: None, columns, rows });
    [rows].into_iter().chain(note).collect()
}

fn row(
    ((key, name), (before, cost)): ((String, String), Pair),
    is_compared: bool,
    is_resource: bool,
) -> Row {
    let unknown = || match is_compared {
        true => Value::Missing(Text::new("the amount is too large", "금액이 너무 큽니다")),
        false => Value::Missing(Text::new(
            "the bill does not cover the month before as a whole",
            "전달 청구 데이터가 다 있지 않습니다",
        )),
    };
    let change = cost.zip(before).and_then(|(cost, before)| cost.checked_sub(before).ok());
    let percent = change.zip(before).and_then(|(change, before)| percent_of(change, before));
    let mut cells = vec![Value::Name(key)];
    if is_resource {
        cells.push(Value::Name(name));
    }
    let place = cells.len() + 2;
    let too_large = || Value::Missing(Text::new("the amount is too large", "금액이 너무 큽니다"));
    let nothing = || {
        Value::Missing(Text::new("it cost nothing the month before", "전달에는 비용이 없었습니다"))
    };
    cells.extend([
        before.map_or_else(unknown, Value::Amount),
        cost.map_or_else(too_large, Value::Amount),
        change.map_or_else(unknown, Value::Change),
        match percent {
            Some(percent) => Value::PercentChange(percent),
            None if change.is_some() => nothing(),
            None => unknown(),
        },
    ]);
    Row::new(cells).toned(place, change.map_or(Tone::Plain, Tone::of_change))
}
