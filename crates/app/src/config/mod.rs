//! The configuration: where it is found, what it may say, what it means.

mod allocation;
mod budget;
mod calendar;
mod environment;
mod exempt;
mod file;
mod gate;
mod keys;
mod listing;
mod notify;
mod notify_keys;
mod prometheus;
mod refused;
mod resolve;
mod rollout;
mod rollout_keys;
mod scan;
mod sizing;
mod style;
mod tag_keys;
mod tags;

pub use allocation::AllocationTable;
pub use budget::{BudgetTable, MoneyText};
pub use calendar::{CalendarTable, Country};
pub use environment::{
    ExternalIds, ObjectStoreOptions, database_password, external_id, has_credentials, language_of,
    log_filter, machine_name, machine_timezone, machine_user, refuses_colour,
};
pub use exempt::WrittenRule;
pub use file::{
    AccountTable, ConfigError, ConfigFile, DayText, ExchangeRateTable, OrganizationTable, RateText,
    parse,
};
pub use keys::{Key, KeyKind, keys, schema};
pub use notify::{ChannelTable, NotifyConfig, NotifySettings, Schedule};
pub use prometheus::{PrometheusSettings, PrometheusTable};
pub use resolve::{Origin, Overrides, Setting, Settings, load, user_file};
pub use rollout::{RoleName, RolloutTable};
pub use scan::{ScanTable, SharePercent};
pub use tags::{TagKeys, TagsTable};
