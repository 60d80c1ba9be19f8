//! One sheet of a workbook for each account: what its services and resources cost.

use std::collections::BTreeMap;

use jiff::civil::Date;

use trimtab_model::document::{Block, Column, ColumnKind, Row, Rows, Section, Tone, Value};
use trimtab_model::id::SubAccountId;
use trimtab_model::money::Money;
use trimtab_model::text::Text;

use super::facts::{MeterMonth, ReportFacts};
use super::ledger::{Ledger, percent_of};

/// Accounts that have a sheet; a workbook of hundreds of sheets is opened by nobody.
const MOST_ACCOUNTS: usize = 40;
/// Resources of a sheet.
const MOST_RESOURCES: usize = 200;

/// Makes the sheets, that of the most expensive account first.
pub(super) fn sheets(
    facts: &ReportFacts<'_>,
    ledger: Option<Ledger<'_>>,
    before: Date,
    month: Date,
) -> Vec<Section> {
    let Some(ledger) = ledger else { return Vec::new() };
    let mut costs: BTreeMap<&SubAccountId, Money> = BTreeMap::new();
    for (meter, cost) in ledger.meters(month) {
        let Some(account) = &meter.account else { continue };
        let sum = costs.entry(account).or_insert(Money::zero(ledger.currency));
        *sum = sum.checked_add(cost).unwrap_or(*sum);
    }
    let mut accounts: Vec<(&SubAccountId, Money)> = costs.into_iter().collect();
    accounts.sort_by(|left, right| right.1.amount.cmp(&left.1.amount).then(left.0.cmp(right.0)));
    accounts.truncate(MOST_ACCOUNTS);
    accounts
        .into_iter()
        .map(|(account, _)| sheet(facts, ledger, account, (before, month)))
        .collect()
}

fn sheet(
    facts: &ReportFacts<'_>,
    ledger: Ledger<'_>,
    account: &SubAccountId,
    months: (Date, Date),
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
        blocks: [services, resources].into_iter().flatten().collect(),
    }
}

fn table(
    name: &str,
    ledger: Ledger<'_>,
    account: &SubAccountId,
    (before, month): (Date, Date),
    key: impl Fn(&MeterMonth) -> Option<(String, String)>,
) -> Option<Block> {
    let zero = Money::zero(ledger.currency);
    let mut sums: BTreeMap<(String, String), (Money, Money)> = BTreeMap::new();
    for (place, date) in [before, month].into_iter().enumerate() {
        let of_account = |meter: &MeterMonth| meter.account.as_ref() == Some(account);
        for (meter, cost) in ledger.meters(date).filter(|(meter, _)| of_account(meter)) {
            let Some(key) = key(meter) else { continue };
            let (old, new) = sums.entry(key).or_insert((zero, zero));
            let sum = if place == 0 { old } else { new };
            *sum = sum.checked_add(cost).unwrap_or(*sum);
        }
    }
    let mut sums: Vec<((String, String), (Money, Money))> = sums.into_iter().collect();
    sums.sort_by(|left, right| {
        right.1.1.amount.cmp(&left.1.1.amount).then_with(|| left.0.cmp(&right.0))
    });
    sums.truncate(MOST_RESOURCES);
    let is_resource = name == "resources";
    let rows: Vec<Row> = sums.into_iter().map(|one| row(one, is_resource)).collect();
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
    (!rows.is_empty()).then(|| Block::Rows(Rows { name: name.into(), title: None, columns, rows }))
}

fn row(
    ((key, name), (before, cost)): ((String, String), (Money, Money)),
    is_resource: bool,
) -> Row {
    let too_large = || Value::Missing(Text::new("the amount is too large", "금액이 너무 큽니다"));
    let change = cost.checked_sub(before).ok();
    let percent = change.and_then(|change| percent_of(change, before));
    let mut cells = vec![Value::Name(key)];
    if is_resource {
        cells.push(Value::Name(name));
    }
    let place = cells.len() + 2;
    cells.extend([
        Value::Amount(before),
        Value::Amount(cost),
        change.map_or_else(too_large, Value::Change),
        percent.map_or_else(
            || {
                Value::Missing(Text::new(
                    "it cost nothing the month before",
                    "전달에는 비용이 없었습니다",
                ))
            },
            Value::PercentChange,
        ),
    ]);
    Row::new(cells).toned(place, change.map_or(Tone::Plain, Tone::of_change))
}
