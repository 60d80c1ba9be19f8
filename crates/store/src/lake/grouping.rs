//! Sums of charges by what they have in common.
//!
//! The engine reads and filters; what is left is added up here. A bill repeats its words,
//! and numbers stand for them ([`super::codes`]), so that a row costs a few looks into
//! small tables instead of a comparison of texts.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Decimal128Array, Int64Array, RecordBatch};
use arrow::datatypes::{Decimal128Type, Field, Int64Type, Schema};
use arrow::error::ArrowError;
use trimtab_model::text::Text;

use super::codes::{Codes, numbered};
use super::open::LakeError;
use crate::billing::decimal::{PRECISION, SCALE};
use crate::error::words;

/// What is added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// A decimal column; its sum is absent where no row has a value.
    Amount(&'static str),
    /// How many rows have a value in the column `of`.
    Count {
        /// A column that is among the amounts.
        of: &'static str,
        /// What the answer calls it.
        named: &'static str,
    },
    /// A column that holds counts.
    Total(&'static str),
    /// All rows, and what the answer calls them.
    Rows(&'static str),
}

/// Sums in progress.
pub(super) struct Grouping {
    keys: Vec<Key>,
    measures: Vec<Measure>,
    amounts: Vec<(&'static str, Amount)>,
    totals: Vec<(&'static str, Vec<i64>)>,
    rows: Vec<i64>,
}

/// One of the columns that groups have in common. A group is a group by the keys before
/// it, and a value of this one.
struct Key {
    name: &'static str,
    codes: Codes,
    numbers: HashMap<(u32, u32), u32, foldhash::fast::RandomState>,
    members: Vec<(u32, u32)>,
}

/// The sum of a decimal column per group, and how many rows lack it.
#[derive(Default)]
struct Amount {
    sums: Vec<i128>,
    missing: Vec<i64>,
}

impl Grouping {
    /// Starts sums over columns of `schema`. Of a column of tags only some are kept apart, where these are named.
    pub(super) fn new(
        schema: &Schema,
        (keys, tags): (&[&'static str], &[String]),
        measures: &[Measure],
    ) -> Result<Self, LakeError> {
        let key = |name: &&'static str| {
            let codes = schema
                .field_with_name(name)
                .ok()
                .and_then(|field| match *name {
                    "Tags" => Codes::of_tags(field.data_type(), tags),
                    _ => Codes::new(field.data_type()),
                })
                .ok_or_else(|| unexpected(name))?;
            Ok(Key { name, codes, numbers: HashMap::default(), members: Vec::new() })
        };
        let mut amounts = Vec::new();
        let mut totals = Vec::new();
        for measure in measures {
            match measure {
                Measure::Amount(name) => amounts.push((*name, Amount::default())),
                Measure::Total(name) => totals.push((*name, Vec::new())),
                Measure::Count { .. } | Measure::Rows(_) => {}
            }
        }
        Ok(Self {
            keys: keys.iter().map(key).collect::<Result<_, LakeError>>()?,
            measures: measures.to_vec(),
            amounts,
            totals,
            rows: Vec::new(),
        })
    }

    /// Adds rows.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        let mut groups = vec![0_u32; batch.num_rows()];
        for key in &mut self.keys {
            let column = column(batch, key.name)?;
            let codes = key.codes.of_rows(column).ok_or_else(|| unexpected(key.name))?;
            key.part(&mut groups, codes.into_iter());
        }
        self.grow();
        for group in &groups {
            if let Some(rows) = self.rows.get_mut(*group as usize) {
                *rows += 1;
            }
        }
        for (name, amount) in &mut self.amounts {
            let column = column(batch, name)?.as_primitive_opt::<Decimal128Type>();
            amount.add(column.ok_or_else(|| unexpected(name))?, &groups)?;
        }
        for (name, totals) in &mut self.totals {
            let column = column(batch, name)?.as_primitive_opt::<Int64Type>();
            let counts = column.ok_or_else(|| unexpected(name))?;
            for (group, count) in groups.iter().zip(counts.iter()) {
                if let Some(total) = totals.get_mut(*group as usize) {
                    *total += count.unwrap_or_default();
                }
            }
        }
        Ok(())
    }

    /// Adds the sums of other rows by the same keys.
    pub(super) fn merge(&mut self, other: &Self) -> Result<(), LakeError> {
        let mut groups = vec![0_u32; other.rows.len()];
        for ((key, other), codes) in self.keys.iter_mut().zip(&other.keys).zip(other.codes()) {
            let numbers = key.codes.take_over(&other.codes);
            let codes = codes.iter().map(|code| numbers.get(*code as usize).copied());
            key.part(&mut groups, codes.map(Option::unwrap_or_default));
        }
        self.grow();
        for ((_, own), (_, other)) in self.amounts.iter_mut().zip(&other.amounts) {
            own.merge(other, &groups)?;
        }
        for ((_, own), (_, other)) in self.totals.iter_mut().zip(&other.totals) {
            add_each(own, other, &groups);
        }
        add_each(&mut self.rows, &other.rows, &groups);
        Ok(())
    }

    /// Returns one row per group: its keys, then the measures.
    pub(super) fn finish(&self) -> Result<RecordBatch, LakeError> {
        let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
        for (key, codes) in self.keys.iter().zip(self.codes()) {
            columns.push((key.name, key.codes.values(&codes)));
        }
        for measure in &self.measures {
            columns.push(self.answer(*measure)?);
        }
        let fields: Vec<Field> = columns
            .iter()
            .map(|(name, column)| Field::new(*name, column.data_type().clone(), true))
            .collect();
        let columns = columns.into_iter().map(|(_, column)| column).collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(|cause| odd(&cause))
    }

    fn answer(&self, measure: Measure) -> Result<(&'static str, ArrayRef), LakeError> {
        let amount = |name: &str| {
            let found = self.amounts.iter().find(|(known, _)| *known == name);
            found.map(|(_, amount)| amount).ok_or_else(|| unexpected(name))
        };
        Ok(match measure {
            Measure::Amount(name) => {
                let Amount { sums, missing } = amount(name)?;
                let has = missing.iter().zip(&self.rows).map(|(missing, rows)| missing < rows);
                let sums: Decimal128Array =
                    sums.iter().zip(has).map(|(sum, has)| has.then_some(*sum)).collect();
                let sums = sums.with_precision_and_scale(PRECISION, SCALE);
                (name, Arc::new(sums.map_err(|cause| odd(&cause))?))
            }
            Measure::Count { of, named } => {
                let missing = &amount(of)?.missing;
                let counts = missing.iter().zip(&self.rows).map(|(missing, rows)| rows - missing);
                (named, Arc::new(Int64Array::from_iter_values(counts)))
            }
            Measure::Total(name) => {
                let totals = self.totals.iter().find(|(known, _)| *known == name);
                let totals = totals.map(|(_, totals)| totals.clone()).unwrap_or_default();
                (name, Arc::new(Int64Array::from(totals)))
            }
            Measure::Rows(named) => (named, Arc::new(Int64Array::from(self.rows.clone()))),
        })
    }

    /// Returns the numbers of the values of every group, key by key.
    fn codes(&self) -> Vec<Vec<u32>> {
        let mut groups: Vec<u32> = (0..).take(self.rows.len()).collect();
        let mut all = Vec::new();
        for key in self.keys.iter().rev() {
            let member = |group: &u32| key.members.get(*group as usize).copied();
            let members = groups.iter().map(|group| member(group).unwrap_or_default());
            let (before, codes) = members.unzip();
            groups = before;
            all.push(codes);
        }
        all.reverse();
        all
    }

    /// Makes room for groups that are new.
    fn grow(&mut self) {
        let groups = self.keys.last().map_or(1, |key| key.members.len());
        self.rows.resize(groups, 0);
        for (_, amount) in &mut self.amounts {
            amount.sums.resize(groups, 0);
            amount.missing.resize(groups, 0);
        }
        for (_, totals) in &mut self.totals {
            totals.resize(groups, 0);
        }
    }
}

impl Key {
    /// Parts groups by the value of this key.
    fn part(&mut self, groups: &mut [u32], codes: impl Iterator<Item = u32>) {
        let mut last: Option<((u32, u32), u32)> = None;
        for (group, code) in groups.iter_mut().zip(codes) {
            let member = (*group, code);
            *group = match last {
                Some((known, group)) if known == member => group,
                _ => {
                    let group = numbered(&mut self.numbers, &mut self.members, member);
                    last = Some((member, group));
                    group
                }
            };
        }
    }
}

impl Amount {
    fn add(&mut self, column: &Decimal128Array, groups: &[u32]) -> Result<(), LakeError> {
        let mut has_left = false;
        let mut add = |group: u32, value: i128| {
            if let Some(sum) = self.sums.get_mut(group as usize) {
                let (added, left) = sum.overflowing_add(value);
                *sum = added;
                has_left |= left;
            }
        };
        match column.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => {
                for (group, value) in groups.iter().zip(column.values()) {
                    add(*group, *value);
                }
            }
            Some(nulls) => {
                for ((group, value), has) in groups.iter().zip(column.values()).zip(nulls) {
                    if has {
                        add(*group, *value);
                    } else if let Some(missing) = self.missing.get_mut(*group as usize) {
                        *missing += 1;
                    }
                }
            }
        }
        if has_left { Err(too_large()) } else { Ok(()) }
    }

    fn merge(&mut self, other: &Self, groups: &[u32]) -> Result<(), LakeError> {
        for (group, value) in groups.iter().zip(&other.sums) {
            if let Some(sum) = self.sums.get_mut(*group as usize) {
                *sum = sum.checked_add(*value).ok_or_else(too_large)?;
            }
        }
        add_each(&mut self.missing, &other.missing, groups);
        Ok(())
    }
}

fn add_each(own: &mut [i64], other: &[i64], groups: &[u32]) {
    for (group, count) in groups.iter().zip(other) {
        if let Some(sum) = own.get_mut(*group as usize) {
            *sum += count;
        }
    }
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, LakeError> {
    batch.column_by_name(name).ok_or_else(|| unexpected(name))
}

fn unexpected(name: &str) -> LakeError {
    LakeError::Unexpected(Text::new(
        format!("no column {name} of the type that was asked for"),
        format!("요청한 형식이 아니거나 없는 열({name})"),
    ))
}

fn odd(cause: &ArrowError) -> LakeError {
    LakeError::Unexpected(words(cause))
}

fn too_large() -> LakeError {
    LakeError::Unexpected(Text::new(
        "amounts whose sum has more than 38 digits",
        "합계가 38자리를 넘는 금액",
    ))
}

#[cfg(test)]
mod tests {
    use arrow::array::{Date32Array, StringViewArray};
    use arrow::datatypes::DataType;

    use super::*;
    use crate::billing::schema::decimal_type;

    type Row = (Option<&'static str>, Option<i32>, Option<i128>);

    const LONG: &str = "a text of more than twelve bytes";
    const MEASURES: &[Measure] = &[
        Measure::Amount("cost"),
        Measure::Count { of: "cost", named: "known" },
        Measure::Rows("rows"),
    ];

    fn grouping() -> Grouping {
        let fields = vec![
            Field::new("service", DataType::Utf8View, true),
            Field::new("day", DataType::Date32, true),
        ];
        Grouping::new(&Schema::new(fields), (&["service", "day"], &[]), MEASURES).unwrap()
    }

    fn batch(rows: &[Row]) -> RecordBatch {
        let services: StringViewArray = rows.iter().map(|row| row.0).collect();
        let days: Date32Array = rows.iter().map(|row| row.1).collect();
        let costs: Decimal128Array = rows.iter().map(|row| row.2).collect();
        let costs = costs.with_data_type(decimal_type());
        RecordBatch::try_from_iter([
            ("service", Arc::new(services) as ArrayRef),
            ("day", Arc::new(days)),
            ("cost", Arc::new(costs)),
        ])
        .unwrap()
    }

    /// Adds up each part on its own, then the parts; returns `service day cost known rows`.
    fn answer(parts: &[&[Row]]) -> Vec<String> {
        let mut whole = grouping();
        for rows in parts {
            let mut part = grouping();
            for rows in rows.chunks(2) {
                part.add(&batch(rows)).unwrap();
            }
            whole.merge(&part).unwrap();
        }
        let batch = whole.finish().unwrap();
        let texts = |index: usize| {
            let column = arrow::compute::cast(batch.column(index), &DataType::Utf8).unwrap();
            column.as_string::<i32>().iter().map(|text| text.unwrap_or("-").to_owned()).collect()
        };
        let columns: Vec<Vec<String>> = (0..5).map(texts).collect();
        let line =
            |row: usize| columns.iter().map(|column| column[row].as_str()).collect::<Vec<_>>();
        let mut lines: Vec<String> = (0..batch.num_rows()).map(|row| line(row).join(" ")).collect();
        lines.sort();
        lines
    }

    #[test]
    fn rows_are_added_up_by_text_and_day() {
        let one = 1_000_000_000_000_000_000;
        let rows: &[Row] = &[
            (Some("short"), Some(1), Some(one)),
            (Some(LONG), Some(1), Some(2 * one)),
            (Some("short"), Some(2), None),
            (Some("short"), Some(1), Some(-3 * one)),
            (None, None, Some(1)),
            (Some(LONG), Some(1), None),
            (Some("short"), Some(1), Some(5)),
        ];
        let expected = [
            "- - 0.000000000000000001 1 1".to_owned(),
            format!("{LONG} 1970-01-02 2.000000000000000000 1 2"),
            "short 1970-01-02 -1.999999999999999995 3 3".to_owned(),
            "short 1970-01-03 - 0 1".to_owned(),
        ];
        assert_eq!(answer(&[rows]), expected);
        let (first, second) = rows.split_at(4);
        assert_eq!(answer(&[second, first]), expected);
        assert_eq!(answer(&[]), [""; 0]);
    }

    #[test]
    fn a_sum_that_128_bits_cannot_hold_is_an_error() {
        let mut grouping = grouping();
        grouping.add(&batch(&[(None, None, Some(i128::MAX))])).unwrap();
        assert!(grouping.add(&batch(&[(None, None, Some(1))])).is_err());
    }
}
