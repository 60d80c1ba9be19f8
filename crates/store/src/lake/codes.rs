//! Numbers for the different values of a column, in the order in which they appear.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, StringArray, StringViewArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, TimeUnit};

use crate::billing::tags;

/// Texts whose numbers are remembered by what they are in full, at most: every resource has tags of its own.
const MOST_FULL: usize = 100_000;

type Numbers<V> = HashMap<V, u32, foldhash::fast::RandomState>;

/// The values of one column by number.
pub(super) enum Codes {
    /// Texts.
    Text(TextCodes),
    /// Days.
    Day(DayCodes),
    /// Moments.
    Moment(MomentCodes),
}

impl Codes {
    /// Makes numbers for a column; nothing where its type is no key.
    pub(super) fn new(data_type: &DataType) -> Option<Self> {
        match data_type {
            DataType::Utf8View => Some(Self::Text(TextCodes::default())),
            DataType::Date32 => Some(Self::Day(DayCodes::default())),
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                Some(Self::Moment(MomentCodes::default()))
            }
            _ => None,
        }
    }

    /// Makes numbers for a column of tags, of which only some count; every one where none is named.
    pub(super) fn of_tags(data_type: &DataType, wanted: &[String]) -> Option<Self> {
        match Self::new(data_type)? {
            Self::Text(codes) if !wanted.is_empty() => {
                Some(Self::Text(TextCodes { tags: wanted.to_vec(), ..codes }))
            }
            codes => Some(codes),
        }
    }

    /// Returns the number of the value in each row; nothing where the column has another type.
    pub(super) fn of_rows(&mut self, column: &ArrayRef) -> Option<Vec<u32>> {
        match self {
            Self::Text(codes) => Some(codes.of_rows(column.as_string_view_opt()?)),
            Self::Day(codes) => Some(codes.of_rows(column.as_primitive_opt()?)),
            Self::Moment(codes) => Some(codes.of_rows(column.as_primitive_opt()?)),
        }
    }

    /// Takes over the values of another column of the same type; returns their numbers here.
    pub(super) fn take_over(&mut self, other: &Self) -> Vec<u32> {
        match (self, other) {
            (Self::Text(own), Self::Text(other)) => {
                other.values.iter().map(|value| own.of(value.as_deref())).collect()
            }
            (Self::Day(own), Self::Day(other)) => {
                other.values.iter().map(|value| own.of(*value)).collect()
            }
            (Self::Moment(own), Self::Moment(other)) => {
                other.values.iter().map(|value| own.of(*value)).collect()
            }
            (Self::Text(_) | Self::Day(_) | Self::Moment(_), _) => Vec::new(),
        }
    }

    /// Returns the values behind numbers.
    pub(super) fn values(&self, codes: &[u32]) -> ArrayRef {
        let codes = codes.iter().map(|code| *code as usize);
        match self {
            Self::Text(own) => Arc::new(
                codes
                    .map(|code| own.values.get(code).and_then(Option::as_deref))
                    .collect::<StringArray>(),
            ),
            Self::Day(own) => Arc::new(
                codes.map(|code| own.values.get(code).copied().flatten()).collect::<Date32Array>(),
            ),
            Self::Moment(own) => Arc::new(
                codes
                    .map(|code| own.values.get(code).copied().flatten())
                    .collect::<TimestampMicrosecondArray>(),
            ),
        }
    }
}

/// Texts by number.
#[derive(Default)]
pub(super) struct TextCodes {
    numbers: Numbers<Box<str>>,
    absent: Option<u32>,
    values: Vec<Option<Box<str>>>,
    /// The tags that count in texts that are tags; the whole text where there are none.
    tags: Vec<String>,
    /// Numbers of texts by what they are in full.
    full: Numbers<Box<str>>,
}

impl TextCodes {
    fn of_rows(&mut self, column: &StringViewArray) -> Vec<u32> {
        // Within a batch equal views are equal texts, and a text of a dictionary has one
        // view. So most rows never touch their text.
        let mut seen: Numbers<u128> = Numbers::default();
        let mut last: Option<(u128, u32)> = None;
        let nulls = column.nulls().filter(|nulls| nulls.null_count() > 0);
        let views = column.views().iter().enumerate();
        views
            .map(|(row, view)| {
                if nulls.is_some_and(|nulls| nulls.is_null(row)) {
                    return self.of(None);
                }
                match last {
                    Some((known, code)) if known == *view => code,
                    _ => {
                        let code =
                            *seen.entry(*view).or_insert_with(|| self.read(column.value(row)));
                        last = Some((*view, code));
                        code
                    }
                }
            })
            .collect()
    }

    /// Returns the number of a text of a bill.
    fn read(&mut self, text: &str) -> u32 {
        if self.tags.is_empty() {
            return self.of(Some(text));
        }
        if let Some(code) = self.full.get(text) {
            return *code;
        }
        let code = self.of(tags::only(text, &self.tags).as_deref());
        if self.full.len() >= MOST_FULL {
            self.full.clear();
        }
        self.full.insert(text.into(), code);
        code
    }

    fn of(&mut self, text: Option<&str>) -> u32 {
        let next = number(self.values.len());
        let code = match text {
            None => *self.absent.get_or_insert(next),
            Some(text) => match self.numbers.get(text) {
                Some(code) => *code,
                None => *self.numbers.entry(text.into()).or_insert(next),
            },
        };
        if code == next {
            self.values.push(text.map(Into::into));
        }
        code
    }
}

/// Days by number.
#[derive(Default)]
pub(super) struct DayCodes {
    numbers: Numbers<Option<i32>>,
    values: Vec<Option<i32>>,
}

impl DayCodes {
    fn of_rows(&mut self, column: &Date32Array) -> Vec<u32> {
        let mut last: Option<(Option<i32>, u32)> = None;
        let nulls = column.nulls().filter(|nulls| nulls.null_count() > 0);
        let days = column.values().iter().enumerate();
        days.map(|(row, day)| {
            let day = nulls.is_none_or(|nulls| nulls.is_valid(row)).then_some(*day);
            match last {
                Some((known, code)) if known == day => code,
                _ => {
                    let code = self.of(day);
                    last = Some((day, code));
                    code
                }
            }
        })
        .collect()
    }

    fn of(&mut self, day: Option<i32>) -> u32 {
        numbered(&mut self.numbers, &mut self.values, day)
    }
}

/// Moments by number.
#[derive(Default)]
pub(super) struct MomentCodes {
    numbers: Numbers<Option<i64>>,
    values: Vec<Option<i64>>,
}

impl MomentCodes {
    fn of_rows(&mut self, column: &TimestampMicrosecondArray) -> Vec<u32> {
        column.iter().map(|moment| self.of(moment)).collect()
    }

    fn of(&mut self, moment: Option<i64>) -> u32 {
        numbered(&mut self.numbers, &mut self.values, moment)
    }
}

/// Returns the number of a value, which is noted where it is new.
pub(super) fn numbered<V: Hash + Eq + Copy>(
    numbers: &mut Numbers<V>,
    values: &mut Vec<V>,
    value: V,
) -> u32 {
    let next = number(values.len());
    let code = *numbers.entry(value).or_insert(next);
    if code == next {
        values.push(value);
    }
    code
}

/// More different values than this cannot be held anyway.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
