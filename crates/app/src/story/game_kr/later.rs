//! What later capabilities find: each takes its share of what the earlier ones left.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::line::Line;
use super::truth::{Capability, LaterSaving, PlantedFault};

/// One change: which capability, to what, what is done, and how much of the cost remains, in
/// thousandths.
type Change = (Capability, &'static str, &'static str, i64);

/// The changes by name of the story, in the order of [`Capability::ALL`] for each name.
const CHANGES: &[Change] = &[
    // The client calls each API three times and the server keeps every answer: memory falls from
    // 20.8 GiB to 5.4 GiB, and an m5a.large (77.38 USD) does what an r5a.xlarge (198.56 USD) did.
    (
        Capability::Application,
        "match-server-1",
        "repair the duplicate calls and the leak behind them, then m5a.large",
        390,
    ),
    (
        Capability::Application,
        "match-server-2",
        "repair the duplicate calls and the leak behind them, then m5a.large",
        390,
    ),
    (
        Capability::Application,
        "log-collector-1",
        "log once what three services log, then t3a.large",
        344,
    ),
    (Capability::Application, "user-db", "index the three slowest queries, then db.t3.large", 730),
    (Capability::Application, "rank-db", "cache the ranking page, then db.t3.medium", 441),
    (Capability::Application, "starfall-patches", "serve patches as differences, compressed", 500),
    (Capability::Application, "live-nat", "reach S3 through a gateway endpoint", 600),
    (Capability::Application, "/starfall/live/lobby-gateway", "log once, not thrice", 400),
    (Capability::Application, "/starfall/live/match-server", "log once, not thrice", 400),
    (Capability::Application, "/starfall/live/chat-relay", "log once, not thrice", 400),
    (
        Capability::Serverless,
        "notice-server-1",
        "an object in S3 calls a function that posts the notice",
        20,
    ),
    (
        Capability::Serverless,
        "notice-server-2",
        "an object in S3 calls a function that posts the notice",
        20,
    ),
    (
        Capability::Serverless,
        "server-heartbeat",
        "three tasks on Fargate behind a load balancer",
        419,
    ),
    (Capability::Autoscaling, "lobby-gateway-1", "follow the players", 550),
    (Capability::Autoscaling, "lobby-gateway-2", "follow the players", 550),
    (Capability::Autoscaling, "match-server-1", "follow the players", 600),
    (Capability::Autoscaling, "match-server-2", "follow the players", 600),
    (Capability::Autoscaling, "chat-relay-2", "follow the players", 400),
    (Capability::Spot, "patch-builder-1", "build on Spot capacity", 350),
    (Capability::Spot, "dev-allinone-1", "develop on Spot capacity", 350),
    // Three years without upfront payment.
    (Capability::Commitments, "lobby-gateway-1", "Compute Savings Plan", 550),
    (Capability::Commitments, "lobby-gateway-2", "Compute Savings Plan", 550),
    (Capability::Commitments, "match-server-1", "Compute Savings Plan", 550),
    (Capability::Commitments, "match-server-2", "Compute Savings Plan", 550),
    (Capability::Commitments, "log-collector-1", "Compute Savings Plan", 550),
    (Capability::Commitments, "payment-bridge-1", "Compute Savings Plan", 550),
    (Capability::Commitments, "anticheat-1", "Compute Savings Plan", 550),
    (Capability::Commitments, "user-db", "reserved DB instance", 600),
    (Capability::Commitments, "rank-db", "reserved DB instance", 600),
    (Capability::Commitments, "shop-db", "reserved DB instance", 600),
];

/// Returns what the later capabilities save, from what each name costs a month and what the
/// faults of this release take off that.
pub(super) fn later(lines: &[Line], faults: &[PlantedFault]) -> Vec<LaterSaving> {
    let mut cost = monthly_by_name(lines);
    for fault in faults {
        if let Some(cost) = cost.get_mut(&fault.name) {
            *cost -= fault.monthly_saving_usd.unwrap_or_default();
        }
    }
    CHANGES
        .iter()
        .filter_map(|(capability, name, change, thousandths)| {
            let before = cost.get_mut(*name)?;
            let remaining_share = Decimal::new(*thousandths, 3);
            let saving = LaterSaving {
                capability: *capability,
                name: (*name).to_owned(),
                change: (*change).to_owned(),
                before_usd: before.round_dp(6),
                remaining_share,
                monthly_saving_usd: (*before * (Decimal::ONE - remaining_share)).round_dp(6),
            };
            *before *= remaining_share;
            Some(saving)
        })
        .collect()
}

/// Returns what each name costs a month of 730 hours, as the bill charges it.
fn monthly_by_name(lines: &[Line]) -> BTreeMap<String, Decimal> {
    let mut sums = BTreeMap::new();
    for line in lines {
        let name = line
            .resource
            .as_ref()
            .and_then(|resource| resource.tags.iter().find(|(key, _)| key == "Name"))
            .map(|(_, name)| name.clone())
            .unwrap_or_default();
        *sums.entry(name).or_default() += line.monthly_usd();
    }
    sums
}
