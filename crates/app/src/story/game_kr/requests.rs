//! What the game's clients ask of the match servers, and what it does to them.
//!
//! Version 3.2.1 of the client sends every request three times within a second, and the server
//! keeps the answer to every call of the inventory until it restarts: memory grows with these
//! calls from one Thursday's maintenance to the next.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::calendar::{AS_OF, DAY, METRIC_DAYS, moment};
use super::cast::REGION;
use super::company::Company;
use super::curve::Curve;
use crate::story::error::StoryError;
use crate::story::metric_file::Grid;

/// The machines that keep what they answer.
pub(super) const LEAKING: [&str; 2] = ["match-server-1", "match-server-2"];

/// The load balancer before them.
pub(super) const BALANCER: &str = "lobby-alb";

/// What the leak grows with.
pub(super) const ENDPOINT: &str = "GET /inventory/list";

/// The client that asks three times.
const REPEATING: &str = "Starfall/3.2.1 (Android 15)";

/// The client that was repaired.
const REPAIRED: &str = "Starfall/3.3.0 (Android 15)";

/// Of a hundred first requests, those of the client that repeats them.
const OF_REPEATING: u32 = 93;

/// Days of logs before the story's end.
const LOG_DAYS: i64 = 16;

/// First requests an hour when every seat is taken. The logs hold one client in four hundred:
/// all that it sent, and nothing of the others.
const FIRST_REQUESTS: f64 = 70.0;

/// Memory of a match server that has just started, in percent of its 64 GiB.
const AFTER_RESTART: f64 = 8.0;

/// Points that it grows by in a week in which every seat is always taken.
const GROWTH_A_WEEK: f64 = 28.0;

/// 01:00 UTC on a Thursday, in seconds since 1970: ten in the morning in Seoul.
const MAINTENANCE: i64 = 3600;

/// Seconds in a week. 1970 began on a Thursday.
const WEEK: i64 = 7 * DAY;

/// The other requests and their shares of what the inventory leaves.
const OTHERS: [(&str, &str, f64); 3] = [
    ("GET", "/ranking/season", 0.5),
    ("POST", "/match/queue", 0.3),
    ("GET", "/notice/latest", 0.2),
];

/// Returns the share of the requests of an hour that ask for the inventory: what players do
/// differs from hour to hour, however many they are.
fn inventory_share(hour: i64, seed: u64) -> f64 {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ hour.unsigned_abs());
    rng.set_stream(4);
    0.25 + 0.4 * rng.random::<f64>()
}

/// The mean of [`inventory_share`].
const MEAN_SHARE: f64 = 0.45;

/// Returns the memory of a match server at every moment of a grid, in percent.
pub(super) fn memory(grid: Grid, moments: usize, seed: u64) -> Vec<f64> {
    let step = i64::from(grid.period_seconds);
    let start = grid.start_ms / 1000;
    // What has grown since the restart before the grid's first moment.
    let restart = (start - MAINTENANCE).div_euclid(WEEK) * WEEK + MAINTENANCE;
    let before = usize::try_from((start - restart) / step).unwrap_or_default();
    let whole = Grid { start_ms: restart * 1000, period_seconds: grid.period_seconds };
    let load = Curve::PlayersAroundTheClock.load(whole, before + moments);
    let mut used = AFTER_RESTART;
    let mut memory = Vec::with_capacity(load.len());
    for (second, load) in (restart..).step_by(usize::try_from(step).unwrap_or(1)).zip(load) {
        if (second - MAINTENANCE).rem_euclid(WEEK) < step {
            used = AFTER_RESTART;
        }
        let share = inventory_share(second.div_euclid(3600), seed) / MEAN_SHARE;
        used += GROWTH_A_WEEK * load * share * step as f64 / WEEK as f64;
        memory.push((used * 1000.0).round() / 1000.0);
    }
    memory.split_off(before)
}

/// Writes the access logs of the load balancer below `dir`, one file a day, as it delivers them.
pub(super) fn write(dir: &Path, company: &Company, seed: u64) -> Result<(), StoryError> {
    let Some(balancer) = company.balancers.iter().find(|balancer| balancer.name == BALANCER) else {
        return Ok(());
    };
    let dir = dir.join("logs").join(BALANCER);
    std::fs::create_dir_all(&dir).map_err(StoryError::write(&dir))?;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(3);
    let account = balancer.owner.stage.account().id;
    let writer =
        LogWriter { balancer: balancer.dimension(), target_group: balancer.target_group_arn() };
    for days in (1..=LOG_DAYS.min(METRIC_DAYS)).rev() {
        let start = AS_OF.as_second() - days * DAY;
        let text = writer.day(start, seed, &mut rng);
        let name = format!(
            "{account}_elasticloadbalancing_{REGION}_{}_{}.log.gz",
            writer.balancer.replace('/', "."),
            moment(start).strftime("%Y%m%dT%H%MZ")
        );
        let path = dir.join(name);
        let file = std::fs::File::create(&path).map_err(StoryError::write(&path))?;
        let mut gzip = GzEncoder::new(file, Compression::fast());
        gzip.write_all(text.as_bytes())
            .and_then(|()| gzip.finish())
            .map_err(StoryError::write(&path))?;
    }
    Ok(())
}

/// One request: when it began, in milliseconds since 1970, and the rest of it.
struct Sent {
    began: i64,
    client: String,
    agent: &'static str,
    request: String,
}

struct LogWriter {
    balancer: String,
    target_group: String,
}

impl LogWriter {
    /// Returns the lines of one day in the order in which the requests began.
    fn day(&self, start: i64, seed: u64, rng: &mut ChaCha8Rng) -> String {
        let grid = Grid { start_ms: start * 1000, period_seconds: 3600 };
        let mut sent = Vec::new();
        for (hour, load) in (0..24_i64).zip(Curve::PlayersAroundTheClock.load(grid, 24)) {
            let begin = start + hour * 3600;
            let all = (FIRST_REQUESTS * load).round();
            let inventory = (all * inventory_share(begin.div_euclid(3600), seed)).round();
            ask(&mut sent, begin, "GET", "/inventory/list", inventory, rng);
            for (method, path, share) in OTHERS {
                ask(&mut sent, begin, method, path, ((all - inventory) * share).round(), rng);
            }
        }
        sent.sort_by(|a, b| (a.began, &a.client).cmp(&(b.began, &b.client)));
        let mut text = String::new();
        for one in &sent {
            self.line(&mut text, one, rng);
        }
        text
    }

    /// Writes one line in the format of Application Load Balancers.
    fn line(&self, text: &mut String, sent: &Sent, rng: &mut ChaCha8Rng) {
        let worked = rng.random_range(9_i64..41);
        let stamp = |milliseconds: i64| {
            moment(milliseconds.div_euclid(1000))
                .strftime(&format!("%Y-%m-%dT%H:%M:%S.{:03}000Z", milliseconds.rem_euclid(1000)))
                .to_string()
        };
        let (answered, began) = (stamp(sent.began + worked + 2), stamp(sent.began));
        let (balancer, group) = (&self.balancer, &self.target_group);
        let Sent { client, agent, request, .. } = sent;
        let bytes = rng.random_range(600..2400);
        // A string takes whatever is written to it.
        let written = writeln!(
            text,
            "https {answered} {balancer} {client} 10.0.0.21:8080 0.001 0.{worked:03} 0.000 200 200 310 {bytes} \
             \"{request} HTTP/2.0\" \"{agent}\" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 {group} \"-\" \
             \"api.starfall.example\" \"-\" 0 {began} \"forward\" \"-\" \"-\" \"10.0.0.21:8080\" \"200\" \"-\" \"-\" -"
        );
        debug_assert!(written.is_ok());
    }
}

/// Adds so many first requests of an hour, and what the client repeats of them.
fn ask(
    sent: &mut Vec<Sent>,
    begin: i64,
    method: &str,
    path: &str,
    count: f64,
    rng: &mut ChaCha8Rng,
) {
    let count = count as u32;
    for nth in 0..count {
        let user = rng.random_range(100_000..900_000);
        let client = format!(
            "100.{}.{}.{}:{}",
            rng.random_range(64..128),
            rng.random_range(0..256),
            rng.random_range(1..255),
            rng.random_range(1024..65_000)
        );
        // As many in every hour, so that the load is that of the players.
        let repeats = nth * 100 < OF_REPEATING * count;
        // The last seconds of an hour are left out, so that no repeat is in the next one.
        let began = begin * 1000 + rng.random_range(0..3_597_000);
        for at in 0..if repeats { 3 } else { 1 } {
            sent.push(Sent {
                began: began + at * 380,
                client: client.clone(),
                agent: if repeats { REPEATING } else { REPAIRED },
                request: format!("{method} https://api.starfall.example:443{path}?user={user}"),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::game_kr::calendar::{fine, hourly};

    #[test]
    fn memory_grows_from_one_maintenance_to_the_next_and_never_above_a_third() {
        let (grid, moments) = hourly();
        let used = memory(grid, moments, 1);
        assert_eq!(used.len(), moments);
        let highest = used.iter().copied().fold(0.0, f64::max);
        assert!((28.0..34.0).contains(&highest), "{highest}");
        let falls = used.windows(2).filter(|two| two[1] < two[0] - 10.0).count();
        assert_eq!(falls, 12, "one a week");
    }

    #[test]
    fn the_two_grids_meet() {
        let ((old, before), (new, after)) = (hourly(), fine());
        let (old, new) = (memory(old, before, 1), memory(new, after, 1));
        assert!((old[old.len() - 1] - new[0]).abs() < 0.5);
    }
}
