//! Columns of a batch, whatever type the file gives them, in the types of the lake.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Decimal128Array, DictionaryArray, Int32Array,
    StringArray, TimestampMicrosecondArray,
};
use arrow::buffer::NullBuffer;
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Decimal256Type, Float64Type, Int32Type, Int64Type,
    TimeUnit, TimestampMicrosecondType,
};

use trimtab_model::explain::Explain;
use trimtab_model::text::StaticText;

use super::decimal::{self, DecimalError, PRECISION, SCALE};
use super::moment;
use super::raw::{Layout, Raw};
use super::tags::SeenTags;
use crate::error::InputError;

/// A column of text, each distinct value once per batch.
pub(super) type Text = DictionaryArray<Int32Type>;

/// How many doubles are remembered with their decimals: bills repeat few amounts often.
const REMEMBERED: usize = 1 << 13;

const TEXT: StaticText = StaticText { en: "text", ko: "텍스트" };
const NUMBER: StaticText = StaticText { en: "a number", ko: "숫자" };
const DECIMAL: StaticText = StaticText { en: "a decimal or a double", ko: "decimal 또는 double" };

/// Reads one file's columns; it remembers doubles that it has seen.
#[derive(Debug)]
pub(super) struct Columns {
    remembered: Vec<(u64, i128, bool)>,
    /// Tags that were seen.
    pub(super) tags: SeenTags,
    /// How many doubles were rounded to 18 decimals.
    pub(super) rounded: u64,
}

impl Columns {
    pub(super) fn new() -> Self {
        // Zero is its own decimal, so the empty slots are right as they stand.
        Self { remembered: vec![(0, 0, false); REMEMBERED], tags: SeenTags::default(), rounded: 0 }
    }

    /// Returns a column of text; an empty text and the word NULL are null.
    pub(super) fn text(
        &self,
        layout: &Layout,
        raw: &Raw,
        name: &str,
    ) -> Result<Option<Text>, InputError> {
        let Some(column) = layout.column(raw, name) else { return Ok(None) };
        if column.data_type() == &DataType::Null {
            return Ok(Some(nothing(raw.batch.num_rows())));
        }
        let target = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let array = match column.data_type() {
            DataType::Dictionary(key, value)
                if **key == DataType::Int32 && **value == DataType::Utf8 =>
            {
                column.clone()
            }
            DataType::Map(..) | DataType::Struct(_) | DataType::List(_) | DataType::Binary => {
                return Err(wrong_type(layout, raw, name, column.data_type(), TEXT));
            }
            DataType::Utf8 => {
                cast(column, &target).map_err(|cause| unreadable(layout, name, &cause))?
            }
            _ => cast(column, &DataType::Utf8)
                .and_then(|plain| cast(&plain, &target))
                .map_err(|cause| unreadable(layout, name, &cause))?,
        };
        Ok(Some(without_blanks(array.as_dictionary::<Int32Type>())))
    }

    /// Returns a column of exact decimals.
    pub(super) fn decimal(
        &mut self,
        layout: &Layout,
        raw: &Raw,
        name: &str,
    ) -> Result<Option<Decimal128Array>, InputError> {
        let Some(column) = layout.column(raw, name) else { return Ok(None) };
        let fail = |row: usize, shown: String, cause: DecimalError| {
            let (shown, korean) = (shorten(&shown), cause.text().ko);
            let problem = (format!("`{shown}` {cause}"), format!("`{shown}`: {korean}"));
            layout.error(raw, row, name, problem, hint(cause))
        };
        if let DataType::Decimal128(_, scale) = column.data_type()
            && let Some(scaled) = scaled_up(column.as_primitive(), *scale)
        {
            return Ok(Some(scaled));
        }
        let values: Vec<Option<i128>> = match column.data_type() {
            DataType::Null => vec![None; column.len()],
            DataType::Utf8 => texts(column.as_string::<i32>(), fail)?,
            DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..) => {
                let plain = cast(column, &DataType::Utf8)
                    .map_err(|cause| unreadable(layout, name, &cause))?;
                texts(plain.as_string::<i32>(), fail)?
            }
            DataType::Float64 => self.doubles(column, fail)?,
            DataType::Float32 | DataType::Float16 => {
                return Err(wrong_type(layout, raw, name, column.data_type(), DECIMAL));
            }
            DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) => {
                let wide = cast(column, &DataType::Decimal128(PRECISION, *scale))
                    .map_err(|cause| unreadable(layout, name, &cause))?;
                narrow(&wide, *scale, fail)?
            }
            DataType::Decimal128(_, scale) => narrow(column, *scale, fail)?,
            DataType::Decimal256(_, scale) => column
                .as_primitive::<Decimal256Type>()
                .iter()
                .enumerate()
                .map(|(row, value)| {
                    value
                        .map(|value| {
                            value
                                .to_i128()
                                .ok_or(DecimalError::TooLarge)
                                .and_then(|value| decimal::rescale(value, *scale))
                                .map_err(|cause| fail(row, value.to_string(), cause))
                        })
                        .transpose()
                })
                .collect::<Result<_, _>>()?,
            integer if integer.is_integer() => {
                let wide = cast(column, &DataType::Int64)
                    .map_err(|cause| unreadable(layout, name, &cause))?;
                wide.as_primitive::<Int64Type>()
                    .iter()
                    .enumerate()
                    .map(|(row, value)| {
                        value
                            .map(|value| {
                                decimal::rescale(i128::from(value), 0)
                                    .map_err(|cause| fail(row, value.to_string(), cause))
                            })
                            .transpose()
                    })
                    .collect::<Result<_, _>>()?
            }
            other => return Err(wrong_type(layout, raw, name, other, NUMBER)),
        };
        Ok(Some(decimals(values)))
    }

    /// Returns a column of moments, in microseconds UTC.
    pub(super) fn moment(
        &self,
        layout: &Layout,
        raw: &Raw,
        name: &str,
    ) -> Result<Option<TimestampMicrosecondArray>, InputError> {
        let Some(column) = layout.column(raw, name) else { return Ok(None) };
        let refuse = |row: usize, shown: &str| {
            layout.error(
                raw,
                row,
                name,
                (
                    format!("`{}` is not a date", shorten(shown)),
                    format!("`{}`: 날짜가 아닙니다", shorten(shown)),
                ),
                (
                    "a date looks like 2026-10-31T13:00:00Z or 2026-10-31 13:00:00",
                    "날짜는 2026-10-31T13:00:00Z 또는 2026-10-31 13:00:00과 같이 씁니다",
                ),
            )
        };
        let micros: TimestampMicrosecondArray = match column.data_type() {
            DataType::Null => TimestampMicrosecondArray::new_null(column.len()),
            DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 => {
                // A time zone in the type changes how a moment is shown, not which one it is.
                let target = DataType::Timestamp(TimeUnit::Microsecond, None);
                let zoneless = match column.data_type() {
                    DataType::Timestamp(unit, Some(_)) => cast(
                        column,
                        &DataType::Timestamp(*unit, Some("UTC".into())),
                    )
                    .and_then(|utc| {
                        cast(&utc, &DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())))
                    }),
                    _ => cast(column, &target),
                }
                .map_err(|cause| unreadable(layout, name, &cause))?;
                let array = zoneless.as_primitive::<TimestampMicrosecondType>();
                TimestampMicrosecondArray::new(array.values().clone(), array.nulls().cloned())
            }
            _ => {
                let Some(text) = self.text(layout, raw, name)? else { return Ok(None) };
                let words = text.values().as_string::<i32>();
                let parsed: Vec<Option<i64>> =
                    words.iter().map(|word| word.and_then(moment::parse)).collect();
                let mut out = Vec::with_capacity(text.len());
                for row in 0..text.len() {
                    let moment = match text.key(row) {
                        None => None,
                        Some(key) => match parsed.get(key).copied().flatten() {
                            Some(moment) => Some(moment),
                            None => return Err(refuse(row, words.value(key))),
                        },
                    };
                    out.push(moment);
                }
                out.into_iter().collect()
            }
        };
        for (row, value) in micros.iter().enumerate() {
            if value.is_some_and(|value| !moment::is_plausible(value)) {
                return Err(refuse(
                    row,
                    &format!("{} microseconds since 1970", value.unwrap_or_default()),
                ));
            }
        }
        Ok(Some(micros.with_timezone("UTC")))
    }

    fn doubles(
        &mut self,
        column: &ArrayRef,
        fail: impl Fn(usize, String, DecimalError) -> InputError,
    ) -> Result<Vec<Option<i128>>, InputError> {
        let mut out = Vec::with_capacity(column.len());
        for (row, value) in column.as_primitive::<Float64Type>().iter().enumerate() {
            let Some(value) = value else {
                out.push(None);
                continue;
            };
            let bits = value.to_bits();
            let place = (bits ^ (bits >> 29) ^ (bits >> 47)) as usize % REMEMBERED;
            let known = self.remembered.get(place).filter(|known| known.0 == bits).copied();
            let (_, scaled, rounded) = match known {
                Some(known) => known,
                None => {
                    let (scaled, rounded) = decimal::from_double(value)
                        .map_err(|cause| fail(row, value.to_string(), cause))?;
                    if let Some(slot) = self.remembered.get_mut(place) {
                        *slot = (bits, scaled, rounded);
                    }
                    (bits, scaled, rounded)
                }
            };
            self.rounded += u64::from(rounded);
            out.push(Some(scaled));
        }
        Ok(out)
    }
}

/// Returns a column of text that is null throughout.
pub(super) fn nothing(rows: usize) -> Text {
    repeated(None, rows)
}

/// Returns a column of text with the same value in every row.
pub(super) fn repeated(value: Option<&str>, rows: usize) -> Text {
    let keys: Int32Array = std::iter::repeat_n(value.map(|_| 0), rows).collect();
    let values: ArrayRef = Arc::new(StringArray::from(value.into_iter().collect::<Vec<_>>()));
    dictionary(keys, values)
}

/// Returns a column of text from keys that point into `values`.
pub(super) fn dictionary(keys: Int32Array, values: ArrayRef) -> Text {
    DictionaryArray::try_new(keys, values).expect("every key points into the values")
}

/// Returns a column of decimals of the lake's type.
pub(super) fn decimals(values: Vec<Option<i128>>) -> Decimal128Array {
    values
        .into_iter()
        .collect::<Decimal128Array>()
        .with_precision_and_scale(PRECISION, SCALE)
        .expect("38 digits and 18 decimals are within the type's range")
}

/// Returns the text of a row.
pub(super) fn value(text: &Text, row: usize) -> Option<&str> {
    let key = text.key(row)?;
    let values = text.values().as_string::<i32>();
    (key < values.len() && values.is_valid(key)).then(|| values.value(key))
}

/// Returns `first`, with the rows that it lacks from `second`.
pub(super) fn first_of(first: Option<Text>, second: Option<Text>) -> Option<Text> {
    match (first, second) {
        (Some(first), Some(second)) if first.null_count() > 0 => {
            if first.null_count() == first.len() {
                return Some(second);
            }
            let merged: Text = (0..first.len())
                .map(|row| value(&first, row).or_else(|| value(&second, row)))
                .collect();
            Some(merged)
        }
        (Some(first), _) => Some(first),
        (None, second) => second,
    }
}

/// Returns the days of a column of moments.
pub(super) fn days(moments: &TimestampMicrosecondArray) -> Date32Array {
    moments.unary::<_, Date32Type>(moment::day_of)
}

fn texts(
    column: &StringArray,
    fail: impl Fn(usize, String, DecimalError) -> InputError,
) -> Result<Vec<Option<i128>>, InputError> {
    column
        .iter()
        .enumerate()
        .map(|(row, text)| match text {
            None | Some("" | "NULL" | "null") => Ok(None),
            Some(text) => decimal::parse(text.as_bytes())
                .map(Some)
                .map_err(|cause| fail(row, text.to_owned(), cause)),
        })
        .collect()
}

/// Brings decimals to the lake's scale all at once; nothing if one of them might not fit,
/// or would lose digits. Whoever wants to know which one goes through them one by one.
fn scaled_up(column: &Decimal128Array, scale: i8) -> Option<Decimal128Array> {
    let shift = u32::try_from(i32::from(SCALE) - i32::from(scale)).ok()?;
    let factor = 10_i128.checked_pow(shift)?;
    let bound = decimal::TOO_LARGE.unsigned_abs() / factor.unsigned_abs();
    let largest = column.values().iter().map(|value| value.unsigned_abs()).max();
    if largest.is_some_and(|largest| largest >= bound) {
        return None;
    }
    let values: Vec<i128> = column.values().iter().map(|value| value * factor).collect();
    Decimal128Array::new(values.into(), column.nulls().cloned())
        .with_precision_and_scale(PRECISION, SCALE)
        .ok()
}

fn narrow(
    column: &ArrayRef,
    scale: i8,
    fail: impl Fn(usize, String, DecimalError) -> InputError,
) -> Result<Vec<Option<i128>>, InputError> {
    column
        .as_primitive::<Decimal128Type>()
        .iter()
        .enumerate()
        .map(|(row, value)| {
            value
                .map(|value| {
                    decimal::rescale(value, scale)
                        .map_err(|cause| fail(row, format!("{value}E-{scale}"), cause))
                })
                .transpose()
        })
        .collect()
}

/// Makes blank values null without touching the others.
fn without_blanks(text: &Text) -> Text {
    let values = text.values().as_string::<i32>();
    let blank: Vec<bool> =
        values.iter().map(|value| matches!(value, None | Some("" | "NULL" | "null"))).collect();
    if !blank.contains(&true) {
        return text.clone();
    }
    let keys = text.keys();
    let valid: NullBuffer = keys
        .iter()
        .map(|key| {
            key.and_then(|key| usize::try_from(key).ok())
                .and_then(|key| blank.get(key))
                .is_some_and(|blank| !blank)
        })
        .collect::<Vec<bool>>()
        .into();
    dictionary(Int32Array::new(keys.values().clone(), Some(valid)), text.values().clone())
}

/// Returns what a number should look like instead.
fn hint(cause: DecimalError) -> StaticText {
    match cause {
        DecimalError::NotANumber => StaticText {
            en: "a number looks like 12.5 or 1.25E-7, without thousands separators",
            ko: "숫자는 12.5나 1.25E-7과 같이, 천 단위 구분 기호 없이 씁니다",
        },
        DecimalError::TooManyDecimals => StaticText {
            en: "export the file again with at most 18 decimals",
            ko: "소수점 아래를 18자리 이하로 하여 파일을 다시 내보내세요",
        },
        DecimalError::TooLarge => StaticText {
            en: "check the file; no real amount is that large",
            ko: "파일을 확인하세요. 실제로 있을 수 없는 큰 금액입니다",
        },
    }
}

/// Cuts what is shown of a value: a hostile field may be a megabyte.
fn shorten(text: &str) -> String {
    let mut shown: String = text.chars().filter(|letter| !letter.is_control()).take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

fn wrong_type(
    layout: &Layout,
    raw: &Raw,
    name: &str,
    found: &DataType,
    wanted: StaticText,
) -> InputError {
    let problem = (
        format!("has the type {found}, not {}", wanted.en),
        format!("형식이 다릅니다({found}). 필요한 형식: {}", wanted.ko),
    );
    let hint =
        ("export the file again as AWS defines it", "AWS가 정한 형식대로 파일을 다시 내보내세요");
    layout.error(raw, 0, name, problem, hint)
}

fn unreadable(layout: &Layout, name: &str, cause: &arrow::error::ArrowError) -> InputError {
    let hint = ("export the file again", "파일을 다시 내보내세요");
    InputError::unreadable(&layout.file, cause, hint).in_column(name)
}
