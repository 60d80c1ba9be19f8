//! The demo story: a game company in Seoul whose servers outlived their developers.
//!
//! `starfall-games` runs the game 스타폴 in `ap-northeast-2` with accounts for development,
//! staging and production, for about ten million won a month. Everything is sized for a
//! launch that never came; a notice server waits around the clock; volumes, addresses and
//! a test region are forgotten. The truth that is planted lies beside the data.

mod billing;
mod calendar;
mod cast;
mod company;
mod curve;
mod databases;
mod inventory;
mod inventory_network;
mod later;
mod ledger;
mod leftovers;
mod line;
mod machines;
mod metrics;
mod plan;
mod queues;
mod rates;
mod readme;
mod repairs;
mod requests;
mod rollout;
mod score;
mod season;
mod service;
mod truth;
mod users;
mod won;
mod writing;

pub use calendar::{AS_OF, calendar};
pub use rollout::{CHOSEN, aliases, inhabit, is_analysis, is_plan, rules};
pub use score::{Score, score};
pub use truth::{
    BillTotal, Capability, Component, Contribution, Healthy, LaterSaving, PlantedFault, Truth,
    Undecidable,
};
pub use won::exchange_rate;
pub use writing::{DEFAULT_SEED, Progress, regions, write};
