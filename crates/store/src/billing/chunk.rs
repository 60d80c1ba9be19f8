//! Column chunks of charges in progress.
//!
//! The Parquet library's writer looks every text up in a hash table, row by row. Here a
//! text is looked up once per dictionary that comes in, and a row costs one table access.

use std::hash::Hash;

use arrow::array::{Array, ArrowPrimitiveType, AsArray, PrimitiveArray, StringArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{
    Date32Type, Decimal128Type, Int32Type, TimestampMicrosecondType, ToByteSlice,
};
use bytes::Bytes;
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::ByteArray;
use parquet::errors::Result;
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnDescPtr;

use super::column::Text;
use super::page::{Dictionary, Pages, Rows};
use super::schema::Kind;
use super::unit::Unit;

/// Places in a dictionary, by value.
type Places<V> = std::collections::HashMap<V, u32, foldhash::fast::RandomState>;

/// Different decimals of a chunk up to which they are kept in a dictionary: prices repeat,
/// costs do not.
const FEW: usize = 8192;
/// Rows after which a page ends, at the next end of a batch.
const PAGE_ROWS: usize = 65_536;
/// A value of a dictionary that no row has shown yet.
const UNSEEN: u32 = u32::MAX;

/// A column chunk in progress.
pub(super) enum Chunk {
    /// Text.
    Text(Box<TextChunk>),
    /// Decimals.
    Decimal(Box<DecimalChunk>),
    /// Moments.
    Moment(Box<NumberChunk<TimestampMicrosecondType>>),
    /// Days.
    Day(Box<NumberChunk<Date32Type>>),
}

impl Chunk {
    pub(super) fn new(kind: Kind, descr: ColumnDescPtr, unit: Option<Unit>) -> Self {
        let pages = Pages::new(descr);
        match kind {
            Kind::Text => Self::Text(Box::new(TextChunk::new(pages))),
            Kind::Decimal => Self::Decimal(Box::new(DecimalChunk::new(pages, unit))),
            Kind::Moment => Self::Moment(Box::new(NumberChunk::new(pages))),
            Kind::Day => Self::Day(Box::new(NumberChunk::new(pages))),
        }
    }

    /// Adds rows of a column of the lake's type.
    pub(super) fn push(&mut self, column: &dyn Array, rows: Rows<'_>) {
        match self {
            Self::Text(chunk) => chunk.push(column.as_dictionary::<Int32Type>(), rows),
            Self::Decimal(chunk) => chunk.push(column.as_primitive::<Decimal128Type>(), rows),
            Self::Moment(chunk) => chunk.push(column.as_primitive(), rows),
            Self::Day(chunk) => chunk.push(column.as_primitive(), rows),
        }
    }

    /// Returns how many bytes are held.
    pub(super) fn held(&self) -> usize {
        match self {
            Self::Text(chunk) => {
                chunk.pages.held() + 4 * chunk.indices.len() + 2 * chunk.dictionary.len()
            }
            Self::Decimal(chunk) => {
                chunk.pages.held() + chunk.plain.len() + 4 * chunk.indices.len()
            }
            Self::Moment(chunk) => chunk.pages.held() + 4 * chunk.indices.len(),
            Self::Day(chunk) => chunk.pages.held() + 4 * chunk.indices.len(),
        }
    }

    /// Returns how many bytes its dictionary has.
    pub(super) fn dictionary_bytes(&self) -> usize {
        match self {
            Self::Text(chunk) => chunk.dictionary.len(),
            Self::Decimal(_) => 0,
            Self::Moment(chunk) => chunk.dictionary.len(),
            Self::Day(chunk) => chunk.dictionary.len(),
        }
    }

    /// Ends the chunk. Bounds of a text are noted where `is_filtered_by`: they may be long.
    pub(super) fn close(self, is_filtered_by: bool) -> Result<(Bytes, ColumnCloseResult)> {
        match self {
            Self::Text(chunk) => chunk.close(is_filtered_by),
            Self::Decimal(chunk) => chunk.close(),
            Self::Moment(chunk) => chunk.close(|first, last, nulls| {
                Statistics::int64(first, last, None, Some(nulls), false)
            }),
            Self::Day(chunk) => chunk.close(|first, last, nulls| {
                Statistics::int32(first, last, None, Some(nulls), false)
            }),
        }
    }
}

/// Text by dictionary.
pub(super) struct TextChunk {
    pages: Pages,
    indices: Vec<u32>,
    places: Places<Box<str>>,
    dictionary: Vec<u8>,
    /// The dictionary that came in last, and where its values stand in ours.
    last: Option<StringArray>,
    known: Vec<u32>,
}

impl TextChunk {
    fn new(pages: Pages) -> Self {
        Self {
            pages,
            indices: Vec::new(),
            places: Places::default(),
            dictionary: Vec::new(),
            last: None,
            known: Vec::new(),
        }
    }

    fn push(&mut self, text: &Text, rows: Rows<'_>) {
        let values = text.values().as_string::<i32>();
        // The old dictionary is kept, so equal addresses mean equal content.
        if !self.last.as_ref().is_some_and(|last| is_same(last, values)) {
            self.known.clear();
            self.known.resize(values.len(), UNSEEN);
            self.last = Some(values.clone());
        }
        let Self { pages, indices, places, dictionary, known, .. } = self;
        let mut index_of = |key: i32| {
            let key = usize::try_from(key).unwrap_or(usize::MAX);
            match known.get_mut(key) {
                Some(place) if *place != UNSEEN => *place,
                Some(place) => {
                    *place = intern(places, dictionary, values.value(key));
                    *place
                }
                None => 0,
            }
        };
        let keys = text.keys().values();
        let nulls = text.nulls();
        if values.null_count() == 0 {
            pages.levels.push(nulls, rows);
            each_valid(rows, nulls.filter(|nulls| nulls.null_count() > 0), |row| {
                indices.push(index_of(keys.get(row).copied().unwrap_or_default()));
            });
        } else {
            rows.each(|row| {
                let key = text.key(row).filter(|key| values.is_valid(*key));
                pages.levels.push_one(key.is_some());
                if key.is_some() {
                    indices.push(index_of(keys.get(row).copied().unwrap_or_default()));
                }
            });
        }
        if self.pages.levels.rows() >= PAGE_ROWS {
            self.end_page();
        }
    }

    fn end_page(&mut self) {
        self.pages.end_indices(&mut self.indices, self.places.len());
    }

    fn close(mut self, is_filtered_by: bool) -> Result<(Bytes, ColumnCloseResult)> {
        if self.pages.levels.rows() > 0 {
            self.end_page();
        }
        let bound = |text: Option<&Box<str>>| text.map(|text| ByteArray::from(text.as_ref()));
        let statistics = is_filtered_by.then(|| {
            Statistics::byte_array(
                bound(self.places.keys().min()),
                bound(self.places.keys().max()),
                None,
                Some(self.pages.nulls() as u64),
                false,
            )
        });
        let dictionary = Dictionary { values: self.dictionary, count: self.places.len() };
        self.pages.close(Some(dictionary), statistics)
    }
}

/// Returns whether two dictionaries are one in memory.
fn is_same(one: &StringArray, other: &StringArray) -> bool {
    one.len() == other.len()
        && one.value_data().as_ptr() == other.value_data().as_ptr()
        && one.value_offsets().as_ptr() == other.value_offsets().as_ptr()
}

/// Returns the place of a text, which is added where it is new.
fn intern(places: &mut Places<Box<str>>, dictionary: &mut Vec<u8>, text: &str) -> u32 {
    if let Some(place) = places.get(text) {
        return *place;
    }
    let place = u32::try_from(places.len()).unwrap_or(UNSEEN);
    places.insert(text.into(), place);
    dictionary.extend_from_slice(&u32::try_from(text.len()).unwrap_or_default().to_le_bytes());
    dictionary.extend_from_slice(text.as_bytes());
    place
}

/// Decimals: by dictionary while they are few, then plainly.
pub(super) struct DecimalChunk {
    pages: Pages,
    unit: Option<Unit>,
    /// Values of the page in progress, encoded plainly.
    plain: Vec<u8>,
    /// Values of the page in progress, by their places in the dictionary.
    indices: Vec<u32>,
    places: Places<i128>,
    dictionary: Vec<u8>,
    is_plain: bool,
    has_indices: bool,
}

impl DecimalChunk {
    fn new(pages: Pages, unit: Option<Unit>) -> Self {
        Self {
            pages,
            unit,
            plain: Vec::new(),
            indices: Vec::new(),
            places: Places::default(),
            dictionary: Vec::new(),
            is_plain: false,
            has_indices: false,
        }
    }

    fn push(&mut self, column: &PrimitiveArray<Decimal128Type>, rows: Rows<'_>) {
        let values = column.values();
        let nulls = column.nulls().filter(|nulls| nulls.null_count() > 0);
        self.pages.levels.push(nulls, rows);
        let value = |row: usize| values.get(row).copied().unwrap_or_default();
        if self.is_plain {
            let bytes = &mut self.plain;
            bytes.reserve(width(self.unit) * rows.count());
            each_valid(rows, nulls, |row| put(bytes, value(row), self.unit));
        } else {
            let Self { indices, places, dictionary, unit, .. } = self;
            each_valid(rows, nulls, |row| {
                let value = value(row);
                let next = u32::try_from(places.len()).unwrap_or(UNSEEN);
                let place = *places.entry(value).or_insert(next);
                if place == next {
                    put(dictionary, value, *unit);
                }
                indices.push(place);
            });
            if self.places.len() > FEW {
                self.turn_plain();
            }
        }
        if self.pages.levels.rows() >= PAGE_ROWS {
            self.end_page();
        }
    }

    /// Goes on without the dictionary; pages that use it stay as they are.
    fn turn_plain(&mut self) {
        self.is_plain = true;
        let width = width(self.unit);
        for index in self.indices.drain(..) {
            let at = width * index as usize;
            self.plain.extend_from_slice(self.dictionary.get(at..at + width).unwrap_or_default());
        }
    }

    fn end_page(&mut self) {
        if self.is_plain {
            self.pages.end_plain(&mut self.plain);
        } else {
            self.has_indices = true;
            self.pages.end_indices(&mut self.indices, self.places.len());
        }
    }

    fn close(mut self) -> Result<(Bytes, ColumnCloseResult)> {
        if self.pages.levels.rows() > 0 {
            self.end_page();
        }
        let dictionary = Dictionary { values: self.dictionary, count: self.places.len() };
        self.pages.close(self.has_indices.then_some(dictionary), None)
    }
}

/// Returns how many bytes a decimal has.
fn width(unit: Option<Unit>) -> usize {
    if unit.is_some() { 8 } else { 16 }
}

/// Encodes a decimal plainly. Rows whose decimals do not fit are in a file without units.
fn put(to: &mut Vec<u8>, value: i128, unit: Option<Unit>) {
    match unit {
        Some(unit) => {
            to.extend_from_slice(&unit.count(value).unwrap_or(i64::MAX).to_le_bytes());
        }
        None => to.extend_from_slice(&value.to_be_bytes()),
    }
}

/// Does something for each row that has a value.
fn each_valid(rows: Rows<'_>, nulls: Option<&NullBuffer>, mut what: impl FnMut(usize)) {
    match nulls {
        None => rows.each(what),
        Some(nulls) if nulls.null_count() == nulls.len() => {}
        Some(nulls) => rows.each(|row| {
            if nulls.is_valid(row) {
                what(row);
            }
        }),
    }
}

/// Moments or days by dictionary: charges of one hour stand together.
pub(super) struct NumberChunk<T: ArrowPrimitiveType> {
    pages: Pages,
    indices: Vec<u32>,
    places: Places<T::Native>,
    dictionary: Vec<u8>,
    last: Option<(T::Native, u32)>,
}

impl<T: ArrowPrimitiveType> NumberChunk<T>
where
    T::Native: Hash + Ord + ToByteSlice,
{
    fn new(pages: Pages) -> Self {
        Self {
            pages,
            indices: Vec::new(),
            places: Places::default(),
            dictionary: Vec::new(),
            last: None,
        }
    }

    fn push(&mut self, column: &PrimitiveArray<T>, rows: Rows<'_>) {
        let nulls = column.nulls().filter(|nulls| nulls.null_count() > 0);
        self.pages.levels.push(nulls, rows);
        let values = column.values();
        each_valid(rows, nulls, |row| {
            let value = values.get(row).copied().unwrap_or_default();
            let place = match self.last {
                Some((last, place)) if last == value => place,
                _ => self.place(value),
            };
            self.indices.push(place);
        });
        if self.pages.levels.rows() >= PAGE_ROWS {
            self.end_page();
        }
    }

    fn place(&mut self, value: T::Native) -> u32 {
        let next = u32::try_from(self.places.len()).unwrap_or(UNSEEN);
        let place = *self.places.entry(value).or_insert(next);
        if place == next {
            self.dictionary.extend_from_slice(value.to_byte_slice());
        }
        self.last = Some((value, place));
        place
    }

    fn end_page(&mut self) {
        self.pages.end_indices(&mut self.indices, self.places.len());
    }

    fn close(
        mut self,
        statistics: impl Fn(Option<T::Native>, Option<T::Native>, u64) -> Statistics,
    ) -> Result<(Bytes, ColumnCloseResult)> {
        if self.pages.levels.rows() > 0 {
            self.end_page();
        }
        let statistics = statistics(
            self.places.keys().min().copied(),
            self.places.keys().max().copied(),
            self.pages.nulls() as u64,
        );
        let dictionary = Dictionary { values: self.dictionary, count: self.places.len() };
        self.pages.close(Some(dictionary), Some(statistics))
    }
}
