//! Bills: recognised by their columns, read with limits, brought to one shape.

mod charge_file;
mod chunk;
mod column;
mod convert;
mod csv_file;
mod cur;
pub mod decimal;
mod focus;
pub mod format;
mod gzip;
mod limits;
mod line_type;
mod map;
pub mod moment;
mod notice;
mod page;
mod page_header;
mod parquet_file;
mod part;
pub(crate) mod preflight;
mod raw;
pub mod schema;
mod shared_file;
pub(crate) mod sound_parquet;
mod staged;
pub mod tags;
mod thrift;
mod unit;

pub use convert::{Converted, FailedFile, OnProgress, Progress, convert, rehearse};
pub use format::BillFormat;
pub use limits::Limits;
pub use notice::Notice;
pub use part::{BillGroup, ExactSum, GroupPart};
