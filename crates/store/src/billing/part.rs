//! Writes charges to staged Parquet files, one series per billing period and account.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch, TimestampMicrosecondArray};
use arrow::datatypes::{Decimal128Type, Int32Type, TimestampMicrosecondType};
use serde::{Deserialize, Serialize};

use trimtab_model::text::{StaticText, Text};

use super::decimal::ONE;
use super::map::Mapped;
use super::moment;
use super::page::Rows;
use super::staged::Staged;
use crate::error::{InputError, words};

const INCOMPLETE: StaticText = StaticText {
    en: "has charges without a column that they must have",
    ko: "꼭 있어야 할 열이 없는 요금이 있습니다",
};
const BEYOND: StaticText = StaticText {
    en: "holds amounts of more than 10^18 in sum",
    ko: "금액의 합이 10^18을 넘습니다",
};
/// Bytes that all open writers of one thread may hold before the largest is flushed.
const OPEN_BYTES: usize = 192 << 20;
/// Sums of absolute amounts per file and currency stay below this many units, so
/// that no sum over a lake overflows 128 bits.
const MOST: i128 = ONE * 1_000_000_000_000_000_000;

/// Which bill a charge belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BillGroup {
    /// The billing period, as `2026-10`.
    pub billing_period: String,
    /// FOCUS `BillingAccountId`; empty where the file does not say.
    pub billing_account: String,
}

/// Sums of one currency, exact, in units of 10⁻¹⁸.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ExactSum {
    /// Rows.
    pub rows: u64,
    /// Sum of `BilledCost` over the rows that have one.
    #[serde(with = "as_text")]
    pub billed: i128,
    /// Rows without `BilledCost`.
    pub billed_unknown: u64,
    /// Sum of `EffectiveCost` over the rows that have one.
    #[serde(with = "as_text")]
    pub effective: i128,
    /// Rows without `EffectiveCost`.
    pub effective_unknown: u64,
    /// Sum of the absolute amounts.
    #[serde(with = "as_text")]
    absolute: i128,
}

// JSON numbers of other readers end at 64 bits.
mod as_text {
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(value: &i128, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<i128, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

impl ExactSum {
    /// Adds another sum of the same currency.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.billed += other.billed;
        self.billed_unknown += other.billed_unknown;
        self.effective += other.effective;
        self.effective_unknown += other.effective_unknown;
        self.absolute += other.absolute;
    }
}

/// What a file holds of one bill.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct GroupPart {
    /// The staged Parquet files.
    pub files: Vec<PathBuf>,
    /// Sums per currency code.
    pub sums: BTreeMap<String, ExactSum>,
    /// First moment of usage, microseconds since 1970. Rows that span more than a day count
    /// only where there are no others.
    pub usage_from: Option<i64>,
    /// First moment after the last usage. Rows that span more than a day do not count:
    /// a charge for the whole month says nothing about how far the bill reaches. Absent
    /// where there are no others.
    pub usage_until: Option<i64>,
}

impl GroupPart {
    /// Adds what another file or thread found of the same bill.
    pub fn add(&mut self, other: Self) {
        self.files.extend(other.files);
        for (currency, sum) in other.sums {
            self.sums.entry(currency).or_default().add(&sum);
        }
        self.add_usage(other.usage_from, other.usage_until);
    }

    /// Adds a stretch of usage, or the start of a charge that spans more than a day.
    fn add_usage(&mut self, from: Option<i64>, until: Option<i64>) {
        self.usage_from = match (self.usage_until, until) {
            (None, Some(_)) => from,
            (Some(_), None) => self.usage_from,
            _ => earliest(self.usage_from, from),
        };
        self.usage_until = self.usage_until.max(until);
    }

    /// Returns how many rows there are.
    pub fn rows(&self) -> u64 {
        self.sums.values().map(|sum| sum.rows).sum()
    }
}

struct Open {
    files: Staged,
    part: GroupPart,
}

/// Writes the charges of one thread.
pub(super) struct Parts {
    file: PathBuf,
    staging: PathBuf,
    thread: usize,
    most_groups: usize,
    open: BTreeMap<BillGroup, Open>,
}

impl Parts {
    /// Prepares to write into `staging`; `thread` keeps the names of its files apart.
    pub(super) fn new(file: &Path, staging: &Path, thread: usize, most_groups: usize) -> Self {
        Self {
            file: file.to_owned(),
            staging: staging.to_owned(),
            thread,
            most_groups,
            open: BTreeMap::new(),
        }
    }

    /// Writes a batch, its rows parted by bill.
    ///
    /// # Errors
    /// Fails when staging cannot be written, or the file holds too many bills.
    pub(super) fn write(&mut self, mapped: &Mapped) -> Result<(), InputError> {
        if mapped.batch.num_rows() == 0 {
            return Ok(());
        }
        let groups = self.groups(mapped)?;
        let is_one = groups.len() == 1;
        for (group, rows) in groups {
            let rows = if is_one { Rows::All(mapped.batch.num_rows()) } else { Rows::Some(&rows) };
            self.write_group(group, &mapped.batch, rows)?;
        }
        self.flush_largest()
    }

    /// Closes the files.
    ///
    /// # Errors
    /// Fails when staging cannot be written.
    pub(super) fn finish(mut self) -> Result<BTreeMap<BillGroup, GroupPart>, InputError> {
        let mut parts = BTreeMap::new();
        for (group, open) in std::mem::take(&mut self.open) {
            let files = open.files.close().map_err(|cause| self.internal(&cause))?;
            parts.insert(group, GroupPart { files, ..open.part });
        }
        Ok(parts)
    }

    /// Returns the bills of a batch with the rows of each.
    fn groups(&self, mapped: &Mapped) -> Result<Vec<(BillGroup, Vec<u32>)>, InputError> {
        type Key = (i32, Option<usize>);
        let mut found: Vec<(Key, Vec<u32>)> = Vec::new();
        for row in 0..mapped.batch.num_rows() {
            let key = (mapped.periods.value(row), mapped.accounts.key(row));
            let number = u32::try_from(row).unwrap_or(u32::MAX);
            // A bill has few periods and accounts, so walking through them is fastest.
            match found.iter_mut().find(|(known, _)| *known == key) {
                Some((_, rows)) => rows.push(number),
                None => found.push((key, vec![number])),
            }
            if found.len() > self.most_groups {
                return Err(self.too_many());
            }
        }
        let accounts = mapped.accounts.values().as_string::<i32>();
        let group = |(period, account): Key| BillGroup {
            billing_period: moment::month_text(period),
            billing_account: match account {
                Some(key) if key < accounts.len() => accounts.value(key).to_owned(),
                _ => String::new(),
            },
        };
        Ok(found.into_iter().map(|(key, rows)| (group(key), rows)).collect())
    }

    fn write_group(
        &mut self,
        group: BillGroup,
        batch: &RecordBatch,
        rows: Rows<'_>,
    ) -> Result<(), InputError> {
        if !self.open.contains_key(&group) {
            if self.open.len() >= self.most_groups {
                return Err(self.too_many());
            }
            let name = format!("{}-{}", self.thread, self.open.len());
            let files = Staged::new(&self.staging, name);
            self.open.insert(group.clone(), Open { files, part: GroupPart::default() });
        }
        let file = self.file.clone();
        let Some(open) = self.open.get_mut(&group) else { return Ok(()) };
        tally(&mut open.part, batch, rows).map_err(|problem| {
            let hint = (
                "check its amounts; no real bill is that large",
                "금액을 확인하세요. 이만큼 큰 청구서는 없습니다",
            );
            InputError::new(&file, problem, hint)
        })?;
        open.files.write(batch, rows).map_err(|cause| {
            let hint = (
                "check the free space of the data directory",
                "데이터 디렉터리의 남은 공간을 확인하세요",
            );
            InputError::new(&file, unstaged(&cause), hint)
        })
    }

    fn flush_largest(&mut self) -> Result<(), InputError> {
        let held: usize = self.open.values().map(|open| open.files.held()).sum();
        if held <= OPEN_BYTES {
            return Ok(());
        }
        let largest = self.open.values_mut().max_by_key(|open| open.files.held());
        let flushed = largest.map_or(Ok(()), |open| open.files.flush());
        flushed.map_err(|cause| self.internal(&cause))
    }

    fn too_many(&self) -> InputError {
        InputError::new(
            &self.file,
            (
                format!("holds more than {} billing periods and accounts", self.most_groups),
                format!("청구 기간과 계정의 조합이 {}개를 넘습니다", self.most_groups),
            ),
            ("check its dates, or split it", "날짜를 확인하거나 파일을 나누세요"),
        )
    }

    fn internal(&self, cause: &(dyn std::error::Error + 'static)) -> InputError {
        let hint = (
            "check that the data directory is writable and has free space",
            "데이터 디렉터리에 쓸 수 있는지, 남은 공간이 있는지 확인하세요",
        );
        InputError::new(&self.file, unstaged(cause), hint)
    }
}

fn unstaged(cause: &(dyn std::error::Error + 'static)) -> Text {
    Text::new("cannot be staged", "데이터 디렉터리에 쓸 수 없습니다").because(&words(cause))
}

fn tally(part: &mut GroupPart, batch: &RecordBatch, rows: Rows<'_>) -> Result<(), StaticText> {
    let missing = || INCOMPLETE;
    let text =
        |name: &str| batch.column_by_name(name).map(|column| column.as_dictionary::<Int32Type>());
    let decimal = |name: &str| {
        batch.column_by_name(name).map(|column| column.as_primitive::<Decimal128Type>())
    };
    let moment = |name: &str| {
        batch.column_by_name(name).map(|column| column.as_primitive::<TimestampMicrosecondType>())
    };
    let currencies = text("BillingCurrency").ok_or_else(missing)?;
    let billed = decimal("BilledCost").ok_or_else(missing)?;
    let effective = decimal("EffectiveCost").ok_or_else(missing)?;
    let codes = currencies.values().as_string::<i32>();
    let mut sums: Vec<ExactSum> = vec![ExactSum::default(); codes.len()];
    // Where the absolute amounts stay below the bound, no other sum has left 128 bits.
    rows.each(|row| {
        let Some(sum) = currencies.key(row).and_then(|key| sums.get_mut(key)) else { return };
        sum.rows += 1;
        if billed.is_valid(row) {
            let value = billed.value(row);
            sum.billed = sum.billed.wrapping_add(value);
            sum.absolute = sum.absolute.saturating_add(value.saturating_abs());
        } else {
            sum.billed_unknown += 1;
        }
        if effective.is_valid(row) {
            let value = effective.value(row);
            sum.effective = sum.effective.wrapping_add(value);
            sum.absolute = sum.absolute.saturating_add(value.saturating_abs());
        } else {
            sum.effective_unknown += 1;
        }
    });
    if sums.iter().any(|sum| sum.absolute > MOST) {
        return Err(BEYOND);
    }
    for (key, sum) in sums.into_iter().enumerate().filter(|(_, sum)| sum.rows > 0) {
        let total = part.sums.entry(codes.value(key).to_owned()).or_default();
        total.add(&sum);
        if total.absolute > MOST {
            return Err(BEYOND);
        }
    }
    let categories = text("ChargeCategory").ok_or_else(missing)?;
    let starts = moment("ChargePeriodStart").ok_or_else(missing)?;
    let ends = moment("ChargePeriodEnd").ok_or_else(missing)?;
    span(part, categories, starts, ends, rows);
    Ok(())
}

fn span(
    part: &mut GroupPart,
    categories: &super::column::Text,
    starts: &TimestampMicrosecondArray,
    ends: &TimestampMicrosecondArray,
    rows: Rows<'_>,
) {
    let words = categories.values().as_string::<i32>();
    let usage: Vec<bool> = words.iter().map(|word| word == Some("Usage")).collect();
    rows.each(|row| {
        let is_usage = categories.key(row).and_then(|key| usage.get(key)).copied();
        if is_usage != Some(true) || starts.is_null(row) {
            return;
        }
        let start = starts.value(row);
        // Without an end the charge is taken as an hour's: the finest that AWS exports.
        let end = if ends.is_valid(row) { ends.value(row) } else { start + 3600 * moment::SECOND };
        let is_short = end > start && end - start <= moment::DAY;
        part.add_usage(Some(start), is_short.then_some(end));
    });
}

fn earliest(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
