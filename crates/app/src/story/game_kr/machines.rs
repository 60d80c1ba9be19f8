//! The instances of the company and the disks they run on.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::cast::{Disk, Machine, MachineLoad, OLD_REGION, Owner, REGION, Stage};
use super::curve::Curve;

const LIVE: Owner = Owner { stage: Stage::Production, team: "라이브팀" };
const PLATFORM: Owner = Owner { stage: Stage::Production, team: "플랫폼팀" };
const STAGING: Owner = Owner { stage: Stage::Staging, team: "QA팀" };
const DEV: Owner = Owner { stage: Stage::Dev, team: "개발팀" };
const BUILD: Owner = Owner { stage: Stage::Dev, team: "플랫폼팀" };

/// Returns an identifier as EC2 writes it: a prefix and seventeen hexadecimal digits.
pub(super) fn identifier(rng: &mut ChaCha8Rng, prefix: &str) -> String {
    let high: u64 = rng.random();
    let low: u64 = rng.random();
    format!("{prefix}-0{:016x}", high ^ low.rotate_left(17))
}

/// Returns the instances, in a fixed order.
pub(super) fn machines(rng: &mut ChaCha8Rng) -> Vec<Machine> {
    let mut cast = Vec::new();
    let mut add = |name, owner, instance_type, load| {
        cast.push(Machine {
            id: identifier(rng, "i"),
            name,
            owner,
            region: REGION,
            instance_type,
            stopped_days: None,
            load,
            auto_scaling_group: None,
            covered: false,
        });
    };
    // Sized for a launch that never came: 20 to 30 % use.
    for name in ["lobby-gateway-1", "lobby-gateway-2"] {
        add(name, LIVE, "m7i.2xlarge", busy(Curve::Players, 25.0, Some(27.0), 42_000.0));
    }
    // Held large by a client that calls the same API again and again: memory fills.
    for name in ["match-server-1", "match-server-2"] {
        add(
            name,
            LIVE,
            "m5a.4xlarge",
            busy(Curve::PlayersAroundTheClock, 17.5, Some(32.5), 31_000.0),
        );
    }
    // Right as they are.
    for name in ["chat-relay-1", "chat-relay-2"] {
        add(
            name,
            LIVE,
            "c5a.xlarge",
            busy(Curve::PlayersAroundTheClock, 70.0, Some(74.0), 26_000.0),
        );
    }
    add("web-front-1", LIVE, "t3a.large", busy(Curve::Players, 58.0, Some(66.0), 9_000.0));
    // Runs around the clock for a notice now and then.
    for name in ["notice-server-1", "notice-server-2"] {
        add(name, LIVE, "m5a.xlarge", busy(Curve::Notices, 22.0, Some(19.0), 900.0));
    }
    // Nobody installed the agent: memory must not be touched.
    add("log-collector-1", PLATFORM, "m5a.2xlarge", busy(Curve::Players, 24.0, None, 18_000.0));
    // Full while it builds, asleep otherwise: a matter of hours, not of size.
    add(
        "patch-builder-1",
        BUILD,
        "c5a.2xlarge",
        busy(Curve::NightlyBuild, 78.0, Some(58.0), 6_000.0),
    );
    // Two generations behind, and unmeasured: its size must not be touched.
    add("payment-bridge-1", PLATFORM, "m4.xlarge", None);
    // No metrics were exported for it: nobody can tell.
    add("anticheat-1", PLATFORM, "c5a.large", None);

    add("lobby-gateway-stg", STAGING, "m7i.xlarge", busy(Curve::Office, 24.0, Some(26.0), 700.0));
    add("match-server-stg", STAGING, "m5a.xlarge", busy(Curve::Office, 26.0, Some(38.0), 600.0));
    add("chat-relay-stg", STAGING, "c5a.xlarge", busy(Curve::Office, 22.0, Some(30.0), 500.0));

    add("dev-allinone-1", DEV, "m5a.2xlarge", busy(Curve::Office, 18.0, Some(18.0), 800.0));
    add("qa-bot-1", DEV, "m5a.large", busy(Curve::Nothing, 1.6, Some(12.0), 0.9));
    add("event-2025-server", LIVE, "m5a.xlarge", None);
    add("na-ranking", LIVE, "t3a.small", None);

    for machine in &mut cast {
        match machine.name {
            "event-2025-server" => machine.stopped_days = Some(74),
            "chat-relay-1" | "chat-relay-2" => {
                machine.auto_scaling_group = Some("chat-relay");
                machine.covered = true;
            }
            "web-front-1" => machine.covered = true,
            "na-ranking" => machine.region = OLD_REGION,
            _ => {}
        }
    }
    cast
}

fn busy(
    curve: Curve,
    cpu_peak: f64,
    memory_peak: Option<f64>,
    network_mb_day: f64,
) -> Option<MachineLoad> {
    Some(MachineLoad { curve, cpu_peak, memory_peak, network_mb_day })
}

/// Returns the root and data disks of the machines.
pub(super) fn disks_of(machines: &[Machine], rng: &mut ChaCha8Rng) -> Vec<Disk> {
    let mut disks = Vec::new();
    for machine in machines {
        let mut add = |suffix: &str, volume_type, gib, iops| {
            disks.push(Disk {
                id: identifier(rng, "vol"),
                name: format!("{}-{suffix}", machine.name),
                owner: machine.owner,
                region: machine.region,
                volume_type,
                gib,
                iops,
                instance: Some(machine.id.clone()),
                age_days: 400,
                operations_per_second: match machine.name {
                    "na-ranking" => Some(9.0),
                    _ => machine.load.map(|load| load.cpu_peak * 1.5),
                },
            });
        };
        match machine.name {
            // Set up before gp3 existed, and never looked at again.
            "match-server-1" | "match-server-2" => add("root", "gp2", 150, 450),
            "payment-bridge-1" => add("root", "gp2", 100, 300),
            "event-2025-server" => {
                add("root", "gp3", 30, 3000);
                add("data", "gp3", 300, 3000);
            }
            "patch-builder-1" => {
                add("root", "gp3", 30, 3000);
                add("work", "gp3", 200, 3000);
            }
            // Provisioned for a ranking that nobody in North America ever climbed.
            "na-ranking" => add("data", "io1", 100, 1000),
            _ => add("root", "gp3", 20, 3000),
        }
    }
    disks
}
