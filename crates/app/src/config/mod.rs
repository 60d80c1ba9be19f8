//! The configuration: where it is found, what it may say, what it means.

mod file;
mod keys;
mod resolve;

pub use file::{AccountTable, ConfigError, ConfigFile, OrganizationTable, parse};
pub use keys::{KEYS, Key, KeyKind, schema};
pub use resolve::{
    ObjectStoreOptions, Origin, Overrides, Setting, Settings, language_of, load, log_filter,
    refuses_colour, user_file,
};
