//! Price and type facts: embedded in the program, and refreshed from the public price list.
//!
//! The tables are the CSV files of the directory `catalog/`, whose README names the
//! source, date, columns and units of each. A derived price never stands among list
//! prices: it has its own table and its own map in a [`PriceBook`].
//!
//! [`PriceBook`]: trimtab_model::price::PriceBook

mod book;
mod download;
mod facts;
mod holidays;
mod lookup;
mod offer;
mod offered_product;
mod rates;
mod refresh;
mod refreshed;
mod row;
mod table;

pub use book::{price_book, price_book_with};
pub use download::Limits;
pub use facts::{db_classes, instance_types};
pub use holidays::{COUNTRIES, holidays};
pub use lookup::{PriceRow, lookup, lookup_with};
pub use rates::{CommitmentRate, SpotAdvice, commitments, spot, spot_average};
pub use refresh::{DEFAULT_BASE_URL, RefreshError, Refreshed, refresh};
pub use table::{TableSummary, tables};
