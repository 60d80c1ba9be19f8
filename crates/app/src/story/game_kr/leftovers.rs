//! What lies around: volumes, snapshots, addresses, gateways, balancers, logs, functions.

use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;

use super::cast::{Disk, OLD_REGION, Owner, REGION, Stage};
use super::machines::identifier;
use super::season::Season;

const LIVE: Owner = Owner { stage: Stage::Production, team: "라이브팀" };
const PLATFORM: Owner = Owner { stage: Stage::Production, team: "플랫폼팀" };
const STAGING: Owner = Owner { stage: Stage::Staging, team: "QA팀" };
const DEV: Owner = Owner { stage: Stage::Dev, team: "개발팀" };

/// An EBS snapshot.
#[derive(Debug, Clone)]
pub(super) struct DiskSnapshot {
    /// `SnapshotId`.
    pub(super) id: String,
    /// The `Name` tag.
    pub(super) name: &'static str,
    /// Whose it is.
    pub(super) owner: Owner,
    /// The region.
    pub(super) region: &'static str,
    /// `VolumeId`.
    pub(super) volume: String,
    /// `VolumeSize`, in GiB.
    pub(super) volume_gib: u32,
    /// What is stored, in GiB.
    pub(super) stored_gib: u32,
    /// Days since it was made.
    pub(super) age_days: i64,
}

/// An Elastic IP address.
#[derive(Debug, Clone)]
pub(super) struct PublicAddress {
    /// `AllocationId`.
    pub(super) id: String,
    /// The `Name` tag.
    pub(super) name: &'static str,
    /// Whose it is.
    pub(super) owner: Owner,
    /// `PublicIp`, from the blocks reserved for documentation (RFC 5737).
    pub(super) ip: String,
    /// The network interface that holds it.
    pub(super) interface: Option<String>,
}

/// A NAT gateway.
#[derive(Debug, Clone)]
pub(super) struct Gateway {
    /// `NatGatewayId`.
    pub(super) id: String,
    /// The `Name` tag.
    pub(super) name: &'static str,
    /// Whose it is.
    pub(super) owner: Owner,
    /// What it carries, in GB a day.
    pub(super) gb_day: u32,
}

/// A load balancer.
#[derive(Debug, Clone)]
pub(super) struct Balancer {
    /// `LoadBalancerName`.
    pub(super) name: &'static str,
    /// Whose it is.
    pub(super) owner: Owner,
    /// `application`, or `classic`.
    pub(super) kind: &'static str,
    /// Healthy targets.
    pub(super) targets: u32,
    /// Requests a day.
    pub(super) requests_day: f64,
}

impl Balancer {
    /// Returns what metrics call it, and the end of its ARN.
    pub(super) fn dimension(&self) -> String {
        format!("app/{}/{:016x}", self.name, hash(self.name))
    }

    /// Returns its ARN.
    pub(super) fn arn(&self) -> String {
        let account = self.owner.stage.account().id;
        let tail = if self.kind == "classic" { self.name.to_owned() } else { self.dimension() };
        format!("arn:aws:elasticloadbalancing:{REGION}:{account}:loadbalancer/{tail}")
    }

    /// Returns the ARN of its target group.
    pub(super) fn target_group_arn(&self) -> String {
        let account = self.owner.stage.account().id;
        let hash = hash(self.name).rotate_left(8);
        format!(
            "arn:aws:elasticloadbalancing:{REGION}:{account}:targetgroup/{}/{hash:016x}",
            self.name
        )
    }
}

/// Returns a number that follows from a name (FNV-1a).
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A CloudWatch log group.
#[derive(Debug, Clone)]
pub(super) struct Logs {
    /// `logGroupName`.
    pub(super) name: &'static str,
    /// Whose it is.
    pub(super) owner: Owner,
    /// `retentionInDays`.
    pub(super) retention_days: Option<u32>,
    /// `storedBytes`, in GB.
    pub(super) stored_gb: u32,
    /// What is written, in tenths of a GB a day.
    pub(super) written_gb_day_tenths: u32,
    /// Days since it was made.
    pub(super) age_days: i64,
}

/// The function that is called around the clock.
pub(super) const HEARTBEAT: &str = "server-heartbeat";

/// A Lambda function.
#[derive(Debug, Clone)]
pub(super) struct LambdaFunction {
    /// `FunctionName`.
    pub(super) name: &'static str,
    /// Whose it is.
    pub(super) owner: Owner,
    /// `Architectures`.
    pub(super) architecture: &'static str,
    /// `Runtime`.
    pub(super) runtime: &'static str,
    /// `MemorySize`, in MB.
    pub(super) memory_mb: u32,
    /// Calls a day.
    pub(super) calls_day: u32,
    /// Length of a call, in milliseconds.
    pub(super) milliseconds: u32,
}

impl Logs {
    /// Returns what its lines follow: one group kept its debug logging on for some days.
    pub(super) fn season(&self) -> Season {
        match self.name {
            "/starfall/live/lobby-gateway" => Season::DebugLogs,
            _ => Season::Players,
        }
    }

    /// Returns what ninety days of what is written take, in GB.
    pub(super) fn kept_gb(&self) -> u32 {
        self.written_gb_day_tenths * 90 / 10
    }
}

impl LambdaFunction {
    /// Returns what its calls follow.
    pub(super) fn season(&self) -> Season {
        match self.name {
            HEARTBEAT => Season::Steady,
            _ => Season::Players,
        }
    }

    /// Returns the GB-seconds of a day.
    pub(super) fn gb_seconds_day(&self) -> Decimal {
        let exact = Decimal::from(self.calls_day)
            * Decimal::from(self.milliseconds)
            * Decimal::from(self.memory_mb)
            / Decimal::from(1_024_000);
        exact.round_dp(6)
    }

    /// Returns the GB-seconds of a month of 730 hours.
    pub(super) fn gb_seconds_month(&self) -> Decimal {
        (self.gb_seconds_day() * Decimal::from(730) / Decimal::from(24)).round_dp(6)
    }

    /// Returns its ARN.
    pub(super) fn arn(&self) -> String {
        format!("arn:aws:lambda:{REGION}:{}:function:{}", self.owner.stage.account().id, self.name)
    }
}

/// Returns the volumes that no machine of the cast holds.
pub(super) fn loose_disks(rng: &mut ChaCha8Rng) -> Vec<Disk> {
    let mut disks = Vec::new();
    let mut add = |name: &str, owner, region, volume_type, gib, iops, age_days, operations| {
        disks.push(Disk {
            id: identifier(rng, "vol"),
            name: name.to_owned(),
            owner,
            region,
            volume_type,
            gib,
            iops,
            instance: None,
            age_days,
            operations_per_second: operations,
        });
    };
    add("match-replay-backup", LIVE, REGION, "gp3", 500, 3000, 410, Some(0.0));
    add("season2-assets", LIVE, REGION, "gp2", 300, 900, 380, Some(0.0));
    add("dev-scratch", DEV, REGION, "gp3", 200, 3000, 190, Some(0.0));
    // Made five days ago for a move that is still under way.
    add("rank-db-migration", PLATFORM, REGION, "gp3", 100, 3000, 5, None);
    disks
}

/// Returns the snapshots; `living` is a volume that still exists.
pub(super) fn snapshots(rng: &mut ChaCha8Rng, living: &str) -> Vec<DiskSnapshot> {
    let gone = identifier(rng, "vol");
    let gone_too = identifier(rng, "vol");
    let mut snapshots = Vec::new();
    let mut add = |name, region, volume: &str, volume_gib, stored_gib, age_days| {
        snapshots.push(DiskSnapshot {
            id: identifier(rng, "snap"),
            name,
            owner: LIVE,
            region,
            volume: volume.to_owned(),
            volume_gib,
            stored_gib,
            age_days,
        });
    };
    add("na-beta-world", OLD_REGION, &gone, 400, 310, 520);
    add("na-beta-db", OLD_REGION, &gone_too, 200, 140, 505);
    add("match-server-nightly", REGION, living, 150, 60, 3);
    snapshots
}

/// Returns the addresses; `interface` is what the busy NAT gateway stands on.
pub(super) fn addresses(rng: &mut ChaCha8Rng) -> Vec<PublicAddress> {
    let interface = identifier(rng, "eni");
    let idle_interface = identifier(rng, "eni");
    let mut addresses = Vec::new();
    let mut add = |name, owner, ip: &str, interface: Option<&str>| {
        addresses.push(PublicAddress {
            id: identifier(rng, "eipalloc"),
            name,
            owner,
            ip: ip.to_owned(),
            interface: interface.map(str::to_owned),
        });
    };
    add("live-nat", PLATFORM, "203.0.113.10", Some(&interface));
    add("old-lobby-ip", LIVE, "203.0.113.24", None);
    add("event-page-ip", LIVE, "203.0.113.25", None);
    add("stg-nat", STAGING, "198.51.100.7", Some(&idle_interface));
    add("dev-vpn-ip", DEV, "198.51.100.40", None);
    addresses
}

/// Returns the NAT gateways.
pub(super) fn gateways(rng: &mut ChaCha8Rng) -> Vec<Gateway> {
    let mut gateway =
        |name, owner, gb_day| Gateway { id: identifier(rng, "nat"), name, owner, gb_day };
    vec![gateway("live-nat", PLATFORM, 12), gateway("stg-nat", STAGING, 0)]
}

/// Returns the load balancers.
pub(super) fn balancers() -> Vec<Balancer> {
    vec![
        Balancer {
            name: "lobby-alb",
            owner: LIVE,
            kind: "application",
            targets: 2,
            requests_day: 4_200_000.0,
        },
        Balancer {
            name: "event-alb",
            owner: LIVE,
            kind: "application",
            targets: 0,
            requests_day: 0.0,
        },
        Balancer {
            name: "legacy-clb",
            owner: PLATFORM,
            kind: "classic",
            targets: 0,
            requests_day: 0.0,
        },
    ]
}

/// Returns the log groups.
pub(super) fn log_groups() -> Vec<Logs> {
    vec![
        Logs {
            name: "/starfall/live/lobby-gateway",
            owner: LIVE,
            retention_days: Some(30),
            stored_gb: 36,
            written_gb_day_tenths: 12,
            age_days: 900,
        },
        Logs {
            name: "/starfall/live/match-server",
            owner: LIVE,
            retention_days: None,
            stored_gb: 900,
            written_gb_day_tenths: 10,
            age_days: 900,
        },
        Logs {
            name: "/starfall/live/chat-relay",
            owner: LIVE,
            retention_days: None,
            stored_gb: 420,
            written_gb_day_tenths: 5,
            age_days: 840,
        },
        Logs {
            name: "/starfall/dev/allinone",
            owner: DEV,
            retention_days: Some(7),
            stored_gb: 1,
            written_gb_day_tenths: 1,
            age_days: 300,
        },
    ]
}

/// Returns the functions.
pub(super) fn functions() -> Vec<LambdaFunction> {
    vec![
        LambdaFunction {
            name: "coupon-redeem",
            owner: LIVE,
            architecture: "x86_64",
            runtime: "nodejs22.x",
            memory_mb: 1024,
            calls_day: 260_000,
            milliseconds: 220,
        },
        // Each game server reports its state ten times a second, players or not.
        LambdaFunction {
            name: HEARTBEAT,
            owner: LIVE,
            architecture: "arm64",
            runtime: "provided.al2023",
            memory_mb: 512,
            calls_day: 17_280_000,
            milliseconds: 15,
        },
        LambdaFunction {
            name: "crash-report",
            owner: PLATFORM,
            architecture: "arm64",
            runtime: "python3.13",
            memory_mb: 512,
            calls_day: 90_000,
            milliseconds: 150,
        },
    ]
}
