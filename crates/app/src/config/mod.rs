//! The configuration: where it is found, what it may say, what it means.

mod environment;
mod file;
mod keys;
mod resolve;

pub use environment::{
    ExternalIds, ObjectStoreOptions, external_id, has_credentials, machine_timezone,
};
pub use file::{AccountTable, ConfigError, ConfigFile, OrganizationTable, parse};
pub use keys::{KEYS, Key, KeyKind, schema};
pub use resolve::{
    Origin, Overrides, Setting, Settings, language_of, load, log_filter, refuses_colour, user_file,
};
