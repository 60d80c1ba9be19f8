//! The configuration: where it is found, what it may say, what it means.

mod environment;
mod file;
mod keys;
mod prometheus;
mod resolve;
mod scan;

pub use environment::{ExternalIds, ObjectStoreOptions};
pub use file::{AccountTable, ConfigError, ConfigFile, OrganizationTable, parse};
pub use keys::{KEYS, Key, KeyKind, schema};
pub use prometheus::{PrometheusSettings, PrometheusTable};
pub use resolve::{
    Origin, Overrides, Setting, Settings, language_of, load, log_filter, refuses_colour, user_file,
};
pub use scan::{ScanTable, SharePercent};
