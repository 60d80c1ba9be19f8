//! Files of notices: JSON, CSV, and Markdown with front matter. Each is read to records, which become notices.

mod csv;
mod json;
mod markdown;
mod read;
mod record;

pub use read::{FILE_BYTES_AT_MOST, read};
pub use record::{Field, Record, Value};
