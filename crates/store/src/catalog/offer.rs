//! Reads one offer file of the public price list, row by row.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use std::rc::Rc;

use csv::StringRecord;
use jiff::civil::Date;
use rust_decimal::Decimal;

use trimtab_model::explain::Explained;
use trimtab_model::price::{Price, PriceBasis};
use trimtab_model::text::{StaticText, Text};

use crate::error::InputError;

use super::offered_product::{Offer, offered};
use super::refreshed::{Product, RefreshedPrice, SOURCE};

/// A row longer than this is no row of a price list.
const MAX_ROW_BYTES: usize = 1 << 20;
/// Lines before the header: the file's own description.
const DESCRIPTION_ROWS: u64 = 5;
const COLUMNS: [&str; 8] = [
    "TermType",
    "StartingRange",
    "Unit",
    "PricePerUnit",
    "Currency",
    "Product Family",
    "Location Type",
    "usageType",
];
const NO_DATE: StaticText = StaticText {
    en: "states no publication date in its first rows",
    ko: "첫 몇 행에 발행일이 없습니다",
};
const NO_HEADER: StaticText =
    StaticText { en: "ends before its header", ko: "머리글이 나오기 전에 끝납니다" };
const HINT: StaticText = StaticText {
    en: "nothing was changed; try again later, or report it if it stays",
    ko: "바뀐 것은 없습니다. 나중에 다시 시도하고, 계속되면 알려 주세요",
};

/// What an offer file says.
#[derive(Debug)]
pub(super) struct OfferPrices {
    /// The day it was published.
    pub(super) published: Date,
    /// Its prices that the catalogue keeps, sorted by product.
    pub(super) prices: Vec<RefreshedPrice>,
    /// Products left out: listed with two different prices, or with none.
    pub(super) left_out: BTreeSet<Product>,
}

/// Reads an offer file in the CSV form; `name` is how errors call it.
pub(super) fn read(offer: Offer, name: &Path, input: impl Read) -> Result<OfferPrices, InputError> {
    let since_row = Rc::new(Cell::new(0));
    let input = RowGuard { input, since_row: Rc::clone(&since_row) };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
    let mut record = StringRecord::new();
    let mut row = 0u64;
    let mut next = |record: &mut StringRecord| {
        since_row.set(0);
        row += 1;
        match reader.read_record(record) {
            Ok(true) => Ok(Some(row)),
            Ok(false) => Ok(None),
            Err(cause) => Err(InputError::unreadable(name, &cause, HINT).at_row(row)),
        }
    };

    let mut published = None;
    for _ in 0..DESCRIPTION_ROWS {
        if next(&mut record)?.is_some() && record.get(0) == Some("Publication Date") {
            published = record.get(1).and_then(|text| text.get(..10)?.parse().ok());
        }
    }
    let published = published.ok_or_else(|| InputError::new(name, NO_DATE, HINT))?;
    let header_row = next(&mut record)?.ok_or_else(|| InputError::new(name, NO_HEADER, HINT))?;
    let header = record.clone();
    let columns = columns(offer, &header).map_err(|column| {
        let problem = ("has no such column", "필요한 열이 없습니다");
        InputError::new(name, problem, HINT).at_row(header_row).in_column(column)
    })?;

    let mut listed = BTreeMap::new();
    let mut left_out = BTreeSet::new();
    while let Some(row) = next(&mut record)? {
        if record.len() != header.len() {
            let (found, wanted) = (record.len(), header.len());
            let problem = (
                format!("has {found} of {wanted} columns: the file is cut off"),
                format!("열 {wanted}개 가운데 {found}개만 있습니다. 파일이 잘렸습니다"),
            );
            return Err(InputError::new(name, problem, HINT).at_row(row));
        }
        let field = |column: &str| {
            columns.get(column).and_then(|position| record.get(*position)).unwrap_or("")
        };
        let Some(found) = offered(offer, field) else { continue };
        let currency = field("Currency");
        if currency != "USD" {
            let problem = (
                format!("is {currency:?}, and only USD can be kept"),
                format!("{currency:?}: 저장할 수 있는 통화는 USD뿐입니다"),
            );
            return Err(InputError::new(name, problem, HINT).at_row(row).in_column("Currency"));
        }
        let bad_price = |problem: Text| {
            InputError::new(name, problem, HINT).at_row(row).in_column("PricePerUnit")
        };
        let text = field("PricePerUnit");
        let usd = Decimal::from_str_exact(text).map_err(|_| {
            bad_price(Text::new(
                format!("{text:?} is not a number"),
                format!("{text:?}: 숫자가 아닙니다"),
            ))
        })?;
        if usd < Decimal::ZERO {
            return Err(bad_price(Text::new(
                format!("{usd} is below zero"),
                format!("{usd}: 0보다 작습니다"),
            )));
        }
        let usd = (usd / found.divisor).normalize();
        let known = listed.insert(found.product.clone(), (usd, found.unit));
        if usd.is_zero() || known.is_some_and(|(known, _)| known != usd) {
            left_out.insert(found.product);
        }
    }
    listed.retain(|product, _| !left_out.contains(product));
    let prices = listed.into_iter().map(|(product, (usd, unit))| {
        let (unit, source) = (unit.to_owned(), SOURCE.to_owned());
        let price = Price { usd, unit, basis: PriceBasis::List, source, as_of: Some(published) };
        RefreshedPrice { product, price }
    });
    Ok(OfferPrices { published, prices: prices.collect(), left_out })
}

/// Returns where the needed columns are, or the one that is missing.
fn columns(
    offer: Offer,
    header: &StringRecord,
) -> Result<BTreeMap<&'static str, usize>, &'static str> {
    COLUMNS
        .iter()
        .chain(offer.columns())
        .map(|column| {
            let position = header.iter().position(|name| name == *column);
            position.map(|position| (*column, position)).ok_or(*column)
        })
        .collect()
}

/// Fails when one row goes on for longer than any row of a price list.
struct RowGuard<R> {
    input: R,
    since_row: Rc<Cell<usize>>,
}

impl<R: Read> Read for RowGuard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.input.read(buffer)?;
        let total = self.since_row.get().saturating_add(count);
        self.since_row.set(total);
        if total > MAX_ROW_BYTES {
            return Err(std::io::Error::other(Explained(Text::new(
                "one row is longer than a megabyte",
                "1 MB보다 긴 행이 있습니다",
            ))));
        }
        Ok(count)
    }
}
