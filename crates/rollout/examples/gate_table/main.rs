//! Measures how often gates raise a false alarm and how often they find a change that made a
//! service slower, on simulated response times.
//!
//! `bench/run gates` runs it and keeps its table in `bench/gates.md`.
#![expect(clippy::print_stdout, reason = "the table is what it is for")]

mod method;
mod world;

use method::{METHODS, Outcome};
use world::{Effect, World};

/// Simulated changes of each kind.
const RUNS: u64 = 2_000;
/// By how much a change makes responses slower, and in how many minutes of each hour.
const EFFECTS: [Effect; 4] = [
    Effect { slower: 0.0, minutes: 60 },
    Effect { slower: 0.2, minutes: 60 },
    Effect { slower: 0.5, minutes: 60 },
    Effect { slower: 0.5, minutes: 5 },
];

/// How often each outcome came.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    alarms: u32,
    held: u32,
}

fn main() {
    let mut tallies = vec![[Tally::default(); EFFECTS.len()]; METHODS.len()];
    for run in 0..RUNS {
        let world = World::new(run);
        for (row, method) in tallies.iter_mut().zip(METHODS) {
            for (tally, effect) in row.iter_mut().zip(EFFECTS) {
                match (method.decide)(&world, effect) {
                    Outcome::Alarm => tally.alarms += 1,
                    Outcome::Held => tally.held += 1,
                    Outcome::Pass => {}
                }
            }
        }
    }
    println!(
        "| method | watched | false alarm | held, no effect | finds +20 % | holds +20 % | finds +50 % | finds +50 % in 5 min of each hour |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (row, method) in tallies.iter().zip(METHODS) {
        let [none, fifth, half, briefly] = row;
        println!(
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            method.name,
            method.watched,
            percent(none.alarms),
            percent(none.held),
            percent(fifth.alarms),
            percent(fifth.held),
            percent(half.alarms),
            percent(briefly.alarms),
        );
    }
}

fn percent(count: u32) -> String {
    let percent = f64::from(count) * 100.0 / RUNS as f64;
    if percent > 0.0 && percent < 10.0 {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.0} %")
    }
}
