//! How much of the cost carries a tag, and whose it is.

use std::collections::BTreeMap;

use jiff::civil::Date;

use trimtab_model::document::{
    Block, Column, ColumnKind, Row, Rows, Section, Sentence, Tone, Value,
};
use trimtab_model::money::{Currency, Money};
use trimtab_model::text::{StaticText, Text, counted};

use super::facts::{ReportFacts, TagCost};
use super::ledger::{percent_of, total};

/// The title of the section of whose cost a month was.
pub(super) const ALLOCATION: StaticText =
    StaticText { en: "Whose cost it was", ko: "비용 배분" };
/// Values of a tag that are shown; the rest stands in one row.
const MOST_VALUES: usize = 12;

/// Makes the section of how much carries each tag, in the last month that is known until `month`.
pub(super) fn coverage(facts: &ReportFacts<'_>, month: Date) -> Section {
    let last = facts.tags.iter().map(|tag| tag.month).filter(|of| *of <= month).max();
    let blocks = match last {
        None => vec![missing()],
        Some(last) => {
            let tags = facts.tags.iter().filter(|tag| tag.month == last);
            vec![coverage_rows(tags), of_month(last)]
        }
    };
    Section {
        name: "tags".into(), title: Some(Text::new("Tag coverage", "태그 커버리지")), blocks
    }
}

fn missing() -> Block {
    Block::missing(Sentence::plain(
        "No cost by tag is known. Cost allocation tags, activated in the billing console, together with `tags.owners` in the \
         configuration would make it known.",
        "태그별 비용을 알 수 없습니다. 결제 콘솔에서 비용 할당 태그를 켜고 설정의 `tags.owners`에 키를 적으면 알 수 있습니다.",
        &[],
    ))
}

fn of_month(month: Date) -> Block {
    Block::note(Sentence::plain(
        "Shares of the cost of the month from {month} on.",
        "{month}부터 한 달 비용에서 차지하는 비율입니다.",
        &[("month", Value::Date(month))],
    ))
}

/// The sums of one key in one currency: by value, the untagged part apart.
#[derive(Debug, Default)]
struct OfKey {
    by_value: BTreeMap<String, Money>,
    untagged: Option<Money>,
    is_too_large: bool,
}

fn by_key<'a>(tags: impl Iterator<Item = &'a TagCost>) -> BTreeMap<(String, Currency), OfKey> {
    let mut keys: BTreeMap<(String, Currency), OfKey> = BTreeMap::new();
    for tag in tags {
        let currency = tag.cost.currency;
        let of_key = keys.entry((tag.key.clone(), currency)).or_default();
        let value = tag.value.as_ref().filter(|value| !value.trim().is_empty());
        let sum = match value {
            Some(value) => of_key.by_value.entry(value.clone()).or_insert(Money::zero(currency)),
            None => of_key.untagged.get_or_insert(Money::zero(currency)),
        };
        match sum.checked_add(tag.cost) {
            Ok(more) => *sum = more,
            Err(_) => of_key.is_too_large = true,
        }
    }
    keys
}

impl OfKey {
    fn tagged(&self, currency: Currency) -> Option<Money> {
        (!self.is_too_large).then(|| total(currency, self.by_value.values().copied())).flatten()
    }

    fn untagged(&self, currency: Currency) -> Money {
        self.untagged.unwrap_or(Money::zero(currency))
    }
}

fn coverage_rows<'a>(tags: impl Iterator<Item = &'a TagCost>) -> Block {
    let rows = by_key(tags)
        .into_iter()
        .map(|((key, currency), of_key)| {
            let untagged = of_key.untagged(currency);
            let tagged = of_key.tagged(currency);
            let whole = tagged.and_then(|tagged| tagged.checked_add(untagged).ok());
            let share = tagged.zip(whole).and_then(|(part, whole)| percent_of(part, whole));
            Row::new(vec![
                Value::Name(key),
                share.map_or_else(nothing_charged, Value::Percent),
                Value::Amount(untagged),
            ])
        })
        .collect();
    Block::Rows(Rows {
        name: "tag_coverage".into(),
        title: None,
        columns: vec![
            Column::new("key", ColumnKind::Text, "Tag", "태그"),
            Column::new("share", ColumnKind::Percent, "Cost with the tag", "태그가 있는 비용"),
            Column::new("untagged", ColumnKind::Amount, "Cost without it", "태그가 없는 비용"),
        ],
        rows,
    })
}

fn nothing_charged() -> Value {
    Value::Missing(Text::new("nothing was charged", "비용이 없습니다"))
}

/// Makes the section of whose cost a month was, in one currency.
pub(super) fn allocation(facts: &ReportFacts<'_>, month: Date, currency: Currency) -> Section {
    let of_month = |tag: &&TagCost| tag.month == month && tag.cost.currency == currency;
    let tags: Vec<&TagCost> = facts.tags.iter().filter(of_month).collect();
    let blocks = if tags.is_empty() {
        vec![missing()]
    } else {
        let keys = by_key(tags.into_iter()).into_iter().enumerate();
        keys.map(|(place, ((key, _), of_key))| values_of(place, &key, currency, &of_key)).collect()
    };
    Section { name: "allocation".into(), title: Some(ALLOCATION.into()), blocks }
}

fn values_of(place: usize, key: &str, currency: Currency, of_key: &OfKey) -> Block {
    let mut values: Vec<(&String, Money)> =
        of_key.by_value.iter().map(|(value, amount)| (value, *amount)).collect();
    values.sort_by(|left, right| {
        right.1.amount.cmp(&left.1.amount).then_with(|| left.0.cmp(right.0))
    });
    let untagged = of_key.untagged(currency);
    let whole = of_key.tagged(currency).and_then(|tagged| tagged.checked_add(untagged).ok());
    let line = |name: Value, amount: Option<Money>| {
        let share = amount.zip(whole).and_then(|(part, whole)| percent_of(part, whole));
        Row::new(vec![
            name,
            amount.map_or_else(
                || Value::Missing(Text::new("the amount is too large", "금액이 너무 큽니다")),
                Value::Amount,
            ),
            share.map_or_else(nothing_charged, Value::Percent),
        ])
    };
    let mut rows: Vec<Row> = values
        .iter()
        .take(MOST_VALUES)
        .map(|(value, amount)| line(Value::Name((*value).clone()), Some(*amount)))
        .collect();
    let others = values.get(MOST_VALUES..).unwrap_or_default();
    if !others.is_empty() {
        let words = Text::new(
            counted(others.len(), "more value"),
            format!("그 밖의 값 {}개", others.len()),
        );
        let sum = total(currency, others.iter().map(|(_, amount)| *amount));
        rows.push(line(Value::Text(words), sum));
    }
    rows.push(
        line(Value::text("without the tag", "태그 없음"), Some(untagged)).toned(0, Tone::Muted),
    );
    rows.push(line(Value::text("Together", "합계"), whole).total());
    Block::Rows(Rows {
        name: format!("allocation_{}", place + 1),
        title: Some(Text::new(format!("By {key}"), format!("{key} 기준"))),
        columns: vec![
            Column::new("value", ColumnKind::Text, "Value", "값"),
            Column::new("cost", ColumnKind::Amount, "Cost of the month", "월 비용"),
            Column::new("share", ColumnKind::Percent, "Share", "비율"),
        ],
        rows,
    })
}
