//! The databases of the company.

use super::cast::{Database, DatabaseLoad, Owner, Stage};
use super::curve::Curve;

const DATA: Owner = Owner { stage: Stage::Production, team: "데이터팀" };
const STAGING: Owner = Owner { stage: Stage::Staging, team: "QA팀" };
const DEV: Owner = Owner { stage: Stage::Dev, team: "개발팀" };

/// Returns the databases, in a fixed order.
pub(super) fn databases() -> Vec<Database> {
    vec![
        Database {
            name: "user-db",
            owner: DATA,
            class: "db.r5.2xlarge",
            memory_gib: 64.0,
            storage_type: "gp3",
            gib: 100,
            load: DatabaseLoad {
                curve: Curve::Players,
                cpu_peak: 18.0,
                memory_used_gib: 12.0,
                connections: 260.0,
                read_iops: 900.0,
                write_iops: 500.0,
            },
        },
        Database {
            name: "rank-db",
            owner: DATA,
            class: "db.m5.xlarge",
            memory_gib: 16.0,
            storage_type: "gp2",
            gib: 150,
            load: DatabaseLoad {
                curve: Curve::Players,
                cpu_peak: 28.0,
                memory_used_gib: 5.6,
                connections: 90.0,
                read_iops: 300.0,
                write_iops: 220.0,
            },
        },
        Database {
            name: "shop-db",
            owner: DATA,
            class: "db.t3.medium",
            memory_gib: 4.0,
            storage_type: "gp3",
            gib: 50,
            load: DatabaseLoad {
                curve: Curve::PlayersAroundTheClock,
                cpu_peak: 72.0,
                memory_used_gib: 3.1,
                connections: 110.0,
                read_iops: 140.0,
                write_iops: 90.0,
            },
        },
        Database {
            name: "user-db-stg",
            owner: STAGING,
            class: "db.t3.large",
            memory_gib: 8.0,
            storage_type: "gp3",
            gib: 50,
            load: DatabaseLoad {
                curve: Curve::Office,
                cpu_peak: 64.0,
                memory_used_gib: 6.2,
                connections: 40.0,
                read_iops: 90.0,
                write_iops: 60.0,
            },
        },
        Database {
            name: "old-rank-db",
            owner: DEV,
            class: "db.m5.large",
            memory_gib: 8.0,
            storage_type: "gp3",
            gib: 50,
            load: DatabaseLoad {
                curve: Curve::Nothing,
                cpu_peak: 2.2,
                memory_used_gib: 1.4,
                connections: 0.0,
                read_iops: 0.2,
                write_iops: 0.3,
            },
        },
    ]
}
