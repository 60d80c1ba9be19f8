//! `trimtab __measure` on the command line.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

/// `trimtab __measure`.
#[derive(Debug, Subcommand)]
pub enum MeasureCommand {
    /// Write a FOCUS bill with known totals
    Bill {
        /// Where to
        dir: PathBuf,
        /// How many rows
        rows: u64,
    },
    /// Write inventory and 14 days of 5-minute metrics of a fleet
    Fleet {
        /// Where to
        dir: PathBuf,
        /// How many instances
        instances: u32,
        /// How many volumes beside them
        #[arg(default_value_t = 0)]
        volumes: u32,
    },
    /// Time cost by service by day
    Query {
        /// The data directory that a bill was ingested into
        data_dir: PathBuf,
        /// What to read
        source: MeasureSource,
        /// How often
        times: u32,
    },
}

/// What a timed query reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MeasureSource {
    /// The charges.
    Rows,
    /// The sums per day.
    Rollup,
}
