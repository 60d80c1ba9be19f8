//! The columns of a file of metrics, brought to one shape.

use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use datafusion::functions::core::expr_fn::nullif;
use datafusion::logical_expr::{Expr, cast, ident, lit, try_cast, when};
use datafusion::scalar::ScalarValue;
use trimtab_model::metric::Origin;
use trimtab_model::period::Period;
use trimtab_model::text::StaticText;

use crate::error::InputError;

/// The text columns, which together name a series.
pub(crate) const GROUP: [&str; 4] = ["resource_id", "namespace", "metric", STATISTIC];
pub(crate) const STATISTIC: &str = "statistic";
/// The text columns that say where a series is from. They may be absent.
pub(crate) const ORIGIN: [&str; 2] = ["account", "region"];
pub(super) const PERIOD: &str = "period_seconds";
pub(super) const TIMESTAMP: &str = "timestamp";
pub(super) const VALUE: &str = "value";
/// The moment of a sample in seconds since 1970, after reading.
pub(super) const SECOND: &str = "second";
/// What a sample is made of, in the order in which it is aggregated.
pub(crate) const SAMPLE: [&str; 3] = [SECOND, VALUE, PERIOD];
/// Numbers from here on are milliseconds: as seconds it would be the year 5138.
const FIRST_MILLISECOND_COUNT: i64 = 100_000_000_000;

const TEXT: StaticText = StaticText { en: "text", ko: "텍스트" };
const MOMENT: StaticText = StaticText { en: "a timestamp", ko: "타임스탬프" };
const NUMBER: StaticText = StaticText { en: "a number", ko: "숫자" };

/// Whether a table has the columns of [`ORIGIN`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WithOrigin {
    /// It has them.
    Yes,
    /// No file says where it is from, so that grouping by them would be in vain.
    No,
}

/// How one file writes the columns that differ between files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    timestamp: DataType,
    value: DataType,
    period: Option<DataType>,
    /// Whether the rows say where they are from.
    has_origin: bool,
    /// Where the file's directory says that rows are from which do not say it themselves.
    origin: Option<Origin>,
}

impl Columns {
    /// Recognises the columns of a Parquet file.
    pub(super) fn recognise(
        path: &Path,
        schema: &Schema,
        origin: Option<Origin>,
    ) -> Result<Self, InputError> {
        // One of the two alone says nothing.
        let has_origin = ORIGIN.iter().all(|name| schema.field_with_name(name).is_ok());
        for name in GROUP.iter().chain(ORIGIN.iter().filter(|_| has_origin)) {
            let found = column(path, schema, name)?;
            if !is_text(found) {
                return Err(wrong_type(path, name, found, TEXT));
            }
        }
        let timestamp = column(path, schema, TIMESTAMP)?;
        let timestamp = match timestamp {
            DataType::Timestamp(_, _) => timestamp.clone(),
            integer if integer.is_integer() => DataType::Int64,
            text if is_text(text) => DataType::Utf8,
            other => return Err(wrong_type(path, TIMESTAMP, other, MOMENT)),
        };
        let value = column(path, schema, VALUE)?;
        if !value.is_numeric() {
            return Err(wrong_type(path, VALUE, value, NUMBER));
        }
        let period = schema.field_with_name(PERIOD).ok().map(Field::data_type);
        if let Some(period) = period.filter(|period| !period.is_numeric()) {
            return Err(wrong_type(path, PERIOD, period, NUMBER));
        }
        let period = period.cloned();
        Ok(Self { timestamp, value: value.clone(), period, has_origin, origin })
    }

    /// The columns of the Parquet files that we make of CSV.
    pub(super) fn of_csv(has_origin: bool, origin: Option<Origin>) -> Self {
        Self {
            timestamp: DataType::Timestamp(TimeUnit::Millisecond, Some(Arc::from("UTC"))),
            value: DataType::Float64,
            period: Some(DataType::Int64),
            has_origin,
            origin,
        }
    }

    /// Returns whether times are written as text.
    pub(super) fn is_text_timestamp(&self) -> bool {
        self.timestamp == DataType::Utf8
    }

    /// Returns whether any series may have an origin.
    pub(super) fn may_have_origin(&self) -> bool {
        self.has_origin || self.origin.is_some()
    }

    /// Returns the schema to read with: only what is needed.
    pub(super) fn schema(&self) -> Schema {
        let mut fields: Vec<Field> = GROUP
            .iter()
            .chain(ORIGIN.iter().filter(|_| self.has_origin))
            .map(|name| Field::new(*name, DataType::Utf8View, true))
            .collect();
        fields.push(Field::new(TIMESTAMP, self.timestamp.clone(), true));
        fields.push(Field::new(VALUE, self.value.clone(), true));
        if let Some(period) = &self.period {
            fields.push(Field::new(PERIOD, period.clone(), true));
        }
        Schema::new(fields)
    }

    /// Returns what to select: the series, with its origin or without, [`SECOND`],
    /// [`VALUE`] and [`PERIOD`].
    pub(super) fn selection(&self, with_origin: WithOrigin) -> Vec<Expr> {
        let mut selection: Vec<Expr> = GROUP.iter().map(|name| ident(*name)).collect();
        match with_origin {
            WithOrigin::Yes => selection.extend(self.origin_columns()),
            WithOrigin::No => {}
        }
        selection.push(self.second().alias(SECOND));
        selection.push(cast(ident(VALUE), DataType::Float64).alias(VALUE));
        let period = match self.period {
            Some(_) => cast(ident(PERIOD), DataType::Int64),
            None => lit(ScalarValue::Int64(None)),
        };
        selection.push(period.alias(PERIOD));
        selection
    }

    /// Returns account and region as the row says them, else as the directory does.
    fn origin_columns(&self) -> [Expr; 2] {
        let own = self.origin.as_ref();
        let directory = [
            own.map(|origin| origin.account.as_str().to_owned()),
            own.map(|origin| origin.region.as_str().to_owned()),
        ];
        let directory = directory.map(|text| lit(ScalarValue::Utf8View(text)));
        let [account, region] = ORIGIN;
        let [own_account, own_region] = directory;
        if !self.has_origin {
            return [own_account.alias(account), own_region.alias(region)];
        }
        let said = || ident(account).not_eq(lit("")).and(ident(region).not_eq(lit("")));
        [(account, own_account), (region, own_region)].map(|(name, own)| {
            let known = when(said(), ident(name))
                .otherwise(own)
                // `otherwise` fails only for branches of different types.
                .unwrap_or_else(|_| ident(name));
            // Of a choice alone the engine's two planners disagree whether it may be null.
            nullif(known, lit("")).alias(name)
        })
    }

    fn second(&self) -> Expr {
        let instant = |expr: Expr| {
            let utc = DataType::Timestamp(TimeUnit::Millisecond, Some(Arc::from("UTC")));
            cast(try_cast(expr, utc), DataType::Int64) / lit(1_000_i64)
        };
        match &self.timestamp {
            DataType::Timestamp(unit, _) => {
                cast(ident(TIMESTAMP), DataType::Int64) / lit(per_second(*unit))
            }
            DataType::Int64 => {
                let count = || ident(TIMESTAMP);
                when(count().gt_eq(lit(FIRST_MILLISECOND_COUNT)), count() / lit(1_000_i64))
                    .otherwise(count())
                    // `otherwise` fails only for branches of different types.
                    .unwrap_or_else(|_| count())
            }
            _ => instant(ident(TIMESTAMP)),
        }
    }

    /// Returns the condition that keeps the window, on the stored column where
    /// that lets the reader skip row groups. A sample without a time is kept, to
    /// be found out.
    pub(super) fn within(&self, window: Period) -> Expr {
        let (start, end) = (window.start().as_second(), window.end().as_second());
        match &self.timestamp {
            DataType::Timestamp(unit, zone) => {
                let at = |second: i64| {
                    let count = second.saturating_mul(per_second(*unit));
                    lit(match unit {
                        TimeUnit::Second => ScalarValue::TimestampSecond(Some(count), zone.clone()),
                        TimeUnit::Millisecond => {
                            ScalarValue::TimestampMillisecond(Some(count), zone.clone())
                        }
                        TimeUnit::Microsecond => {
                            ScalarValue::TimestampMicrosecond(Some(count), zone.clone())
                        }
                        TimeUnit::Nanosecond => {
                            ScalarValue::TimestampNanosecond(Some(count), zone.clone())
                        }
                    })
                };
                let column = || ident(TIMESTAMP);
                column().gt_eq(at(start)).and(column().lt(at(end))).or(column().is_null())
            }
            _ => self
                .second()
                .gt_eq(lit(start))
                .and(self.second().lt(lit(end)))
                .or(self.second().is_null()),
        }
    }
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

fn column<'a>(path: &Path, schema: &'a Schema, name: &str) -> Result<&'a DataType, InputError> {
    schema.field_with_name(name).map(Field::data_type).map_err(|_| missing(path, name))
}

/// Returns the error for a file that lacks a column.
pub(super) fn missing(path: &Path, name: &str) -> InputError {
    InputError::new(
        path,
        (format!("has no column {name}"), "필요한 열이 없습니다"),
        (
            "give the columns resource_id, namespace, metric, statistic, period_seconds, timestamp and value",
            "resource_id, namespace, metric, statistic, period_seconds, timestamp, value 열을 넣으세요",
        ),
    )
    .in_column(name)
}

fn wrong_type(path: &Path, name: &str, found: &DataType, wanted: StaticText) -> InputError {
    let StaticText { en, ko } = wanted;
    InputError::new(
        path,
        (format!("holds {found}, not {en}"), format!("형식이 다릅니다({found})")),
        (format!("export {name} as {en}"), format!("{name} 열의 형식을 바꾸어 내보내세요: {ko}")),
    )
    .in_column(name)
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, value) => is_text(value),
        _ => false,
    }
}
