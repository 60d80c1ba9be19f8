//! What is planted where: the faults of this release, and what comes later.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::cast::{OLD_REGION, REGION};
use super::company::Company;
use super::rates::Rates;
use super::truth::{Capability, Component, Healthy, PlantedFault, Undecidable};
use crate::story::error::StoryError;

/// Hours of a month, as AWS's price pages count them.
const HOURS: u32 = trimtab_model::period::HOURS_PER_MONTH;

/// The type that covers an instance's demand for the least money, by name: Compute
/// Optimizer's default knobs, P99.5 of CPU below 80 % and the highest memory below 80 %.
const TYPES: &[(&str, &str)] = &[
    // 2.5 vCPU and 10.8 GiB.
    ("lobby-gateway-1", "t3a.xlarge"),
    ("lobby-gateway-2", "t3a.xlarge"),
    // 3.5 vCPU and 26 GiB.
    ("match-server-1", "r5a.xlarge"),
    ("match-server-2", "r5a.xlarge"),
    // 1.1 vCPU and 3.8 GiB.
    ("notice-server-1", "t3a.medium"),
    ("notice-server-2", "t3a.medium"),
    // 2.4 vCPU, and all of its 32 GiB for want of a memory metric.
    ("log-collector-1", "r5a.xlarge"),
    // 1.2 vCPU and 5.2 GiB.
    ("lobby-gateway-stg", "t3a.large"),
    // 1.3 vCPU and 7.6 GiB.
    ("match-server-stg", "t3a.large"),
    // 1.1 vCPU and 3.0 GiB.
    ("chat-relay-stg", "t3a.medium"),
    // 1.8 vCPU and 7.2 GiB.
    ("dev-allinone-1", "t3a.large"),
];

/// The class that covers a database's demand for the least money, by name; in production
/// without burstable classes.
const CLASSES: &[(&str, &str)] = &[
    // 1.8 vCPU and 15 GiB.
    ("user-db", "db.r5.large"),
    // 1.4 vCPU and 7 GiB.
    ("rank-db", "db.m5.large"),
];

/// Hours in a week.
const HOURS_PER_WEEK: u32 = 168;

/// Who rests outside production: name, hours on a week, when it stops and when it starts. A
/// start comes an hour before the first use.
const RESTING: &[(&str, u32, &str, &str)] = &[
    // It builds from three to seven on working days.
    ("patch-builder-1", 25, "MON-FRI 07:00", "MON-FRI 02:00"),
    // From ten to seven on working days.
    ("lobby-gateway-stg", 50, "MON-FRI 19:00", "MON-FRI 09:00"),
    ("match-server-stg", 50, "MON-FRI 19:00", "MON-FRI 09:00"),
    ("chat-relay-stg", 50, "MON-FRI 19:00", "MON-FRI 09:00"),
    ("dev-allinone-1", 50, "MON-FRI 19:00", "MON-FRI 09:00"),
    ("user-db-stg", 50, "MON-FRI 19:00", "MON-FRI 09:00"),
];

/// Returns the faults that the checks of this release must find.
pub(super) fn faults(company: &Company, rates: Rates<'_>) -> Result<Vec<PlantedFault>, StoryError> {
    let mut faults = Vec::new();
    for machine in &company.machines {
        let hours = |name: &str| -> Result<Component, StoryError> {
            Ok(component(name, HOURS, rates.instance_hour(machine.region, name)?))
        };
        let fault = match machine.name {
            "qa-bot-1" => waste(
                "ec2-instance-idle",
                &machine.id,
                machine.name,
                json!({ "state": "stopped" }),
                vec![hours(machine.instance_type)?],
                Vec::new(),
            ),
            "payment-bridge-1" => waste(
                "ec2-instance-previous-generation",
                &machine.id,
                machine.name,
                json!({ "instance_type": "m5a.xlarge" }),
                vec![hours(machine.instance_type)?],
                vec![hours("m5a.xlarge")?],
            ),
            "event-2025-server" => waste(
                "ec2-instance-stopped",
                &machine.id,
                machine.name,
                json!({ "state": "terminated" }),
                disk_components(company, rates, Some(&machine.id))?,
                Vec::new(),
            ),
            name => {
                let Some((_, to)) = TYPES.iter().find(|(of, _)| *of == name) else { continue };
                sized(
                    "ec2-instance-oversized",
                    &machine.id,
                    name,
                    json!({ "instance_type": to }),
                    vec![hours(machine.instance_type)?],
                    vec![hours(to)?],
                )
            }
        };
        faults.push(fault);
    }
    disk_faults(company, rates, &mut faults)?;
    network_faults(company, rates, &mut faults)?;
    other_faults(company, rates, &mut faults)?;
    off_hours_faults(company, rates, &mut faults)?;
    faults.sort_by(|a, b| (&a.check, &a.name).cmp(&(&b.check, &b.name)));
    Ok(faults)
}

fn disk_faults(
    company: &Company,
    rates: Rates<'_>,
    faults: &mut Vec<PlantedFault>,
) -> Result<(), StoryError> {
    for disk in &company.disks {
        let storage = |kind: &str| -> Result<Component, StoryError> {
            let price = rates.meter(disk.region, &format!("ebs/volume_storage_{kind}"))?;
            Ok(component(&format!("{kind} storage"), disk.gib, price))
        };
        let gp3 = json!({ "volume_type": "gp3", "size_gib": disk.gib, "iops": 3000, "throughput_mib_s": 125 });
        let is_old = disk.age_days > 30;
        match (disk.volume_type, &disk.instance) {
            (kind, None) if is_old => faults.push(waste(
                "ebs-volume-unattached",
                &disk.id,
                &disk.name,
                json!({ "state": "deleted" }),
                vec![storage(kind)?],
                Vec::new(),
            )),
            ("gp2", Some(_)) => faults.push(waste(
                "ebs-volume-gp2",
                &disk.id,
                &disk.name,
                gp3,
                vec![storage("gp2")?],
                vec![storage("gp3")?],
            )),
            ("io1", Some(_)) => {
                let iops =
                    component("io1 IOPS", disk.iops, rates.meter(disk.region, "ebs/io1_iops")?);
                faults.push(waste(
                    "ebs-volume-provisioned-iops",
                    &disk.id,
                    &disk.name,
                    gp3,
                    vec![storage("io1")?, iops],
                    vec![storage("gp3")?],
                ));
            }
            _ => {}
        }
    }
    for snapshot in company.snapshots.iter().filter(|snapshot| snapshot.region == OLD_REGION) {
        let price = rates.meter(snapshot.region, "ebs/snapshot_storage")?;
        faults.push(waste(
            "ebs-snapshot-source-deleted",
            &snapshot.id,
            snapshot.name,
            json!({ "state": "deleted" }),
            vec![component("snapshot storage", snapshot.stored_gib, price)],
            Vec::new(),
        ));
    }
    Ok(())
}

fn network_faults(
    company: &Company,
    rates: Rates<'_>,
    faults: &mut Vec<PlantedFault>,
) -> Result<(), StoryError> {
    for address in company.addresses.iter().filter(|address| address.interface.is_none()) {
        let price = rates.meter(REGION, "vpc/public_ipv4_idle")?;
        faults.push(waste(
            "ec2-address-unassociated",
            &address.id,
            address.name,
            json!({ "state": "released" }),
            vec![component("idle address", HOURS, price)],
            Vec::new(),
        ));
    }
    for gateway in company.gateways.iter().filter(|gateway| gateway.gb_day == 0) {
        let price = rates.meter(REGION, "nat/gateway_hour")?;
        faults.push(waste(
            "vpc-nat-gateway-idle",
            &gateway.id,
            gateway.name,
            json!({ "state": "deleted" }),
            vec![component("NAT gateway", HOURS, price)],
            Vec::new(),
        ));
    }
    for balancer in company.balancers.iter().filter(|balancer| balancer.targets == 0) {
        let classic = balancer.kind == "classic";
        let price = rates.meter(REGION, if classic { "elb/clb_hour" } else { "elb/alb_hour" })?;
        let id = if classic { balancer.name.to_owned() } else { balancer.arn() };
        faults.push(waste(
            "elb-load-balancer-idle",
            &id,
            balancer.name,
            json!({ "state": "deleted" }),
            vec![component("load balancer", HOURS, price)],
            Vec::new(),
        ));
    }
    Ok(())
}

fn other_faults(
    company: &Company,
    rates: Rates<'_>,
    faults: &mut Vec<PlantedFault>,
) -> Result<(), StoryError> {
    for database in &company.databases {
        let hours = |class: &str| -> Result<Component, StoryError> {
            Ok(component(class, HOURS, rates.db_hour(REGION, class)?))
        };
        let storage = component(
            "storage",
            database.gib,
            rates.meter(REGION, &format!("rds/storage_{}_single_az", database.storage_type))?,
        );
        if database.load.connections == 0.0 {
            faults.push(waste(
                "rds-instance-idle",
                database.name,
                database.name,
                json!({ "state": "deleted" }),
                vec![hours(database.class)?, storage],
                Vec::new(),
            ));
        } else if let Some((_, to)) = CLASSES.iter().find(|(of, _)| *of == database.name) {
            faults.push(sized(
                "rds-instance-oversized",
                database.name,
                database.name,
                json!({ "db_instance_class": to }),
                vec![hours(database.class)?],
                vec![hours(to)?],
            ));
        }
    }
    for logs in company.logs.iter().filter(|logs| logs.retention_days.is_none()) {
        let price = rates.meter(REGION, "cloudwatch/logs_storage")?;
        faults.push(waste(
            "logs-group-without-retention",
            logs.name,
            logs.name,
            json!({ "retention_in_days": 90 }),
            vec![component("log storage", logs.stored_gb, price)],
            vec![component("log storage", logs.kept_gb(), price)],
        ));
    }
    for function in company.functions.iter().filter(|one| one.architecture == "x86_64") {
        let seconds = function.gb_seconds_month();
        let part = |meter: &str| -> Result<Component, StoryError> {
            Ok(Component {
                name: meter.to_owned(),
                quantity: seconds,
                usd: rates.meter(REGION, meter)?,
            })
        };
        faults.push(waste(
            "lambda-function-x86",
            function.name,
            function.name,
            json!({ "architecture": "arm64" }),
            vec![part("lambda/gb_second_x86")?],
            vec![part("lambda/gb_second_arm")?],
        ));
    }
    Ok(())
}

/// Plants the hours off, each at what an hour costs after the size is right.
fn off_hours_faults(
    company: &Company,
    rates: Rates<'_>,
    faults: &mut Vec<PlantedFault>,
) -> Result<(), StoryError> {
    for (name, on, stop, start) in RESTING {
        let machine = company.machines.iter().find(|machine| machine.name == *name);
        let database = company.databases.iter().find(|database| database.name == *name);
        let (check, id, kind, usd) = match (machine, database) {
            (Some(machine), _) => {
                let sized = TYPES.iter().find(|(of, _)| of == name).map(|(_, to)| *to);
                let kind = sized.unwrap_or(machine.instance_type);
                let usd = rates.instance_hour(machine.region, kind)?;
                ("ec2-instance-off-hours", machine.id.as_str(), kind, usd)
            }
            (None, Some(database)) => {
                let usd = rates.db_hour(REGION, database.class)?;
                ("rds-instance-off-hours", database.name, database.class, usd)
            }
            (None, None) => continue,
        };
        let remaining = Component {
            name: kind.to_owned(),
            quantity: (Decimal::from(HOURS * on) / Decimal::from(HOURS_PER_WEEK)).round_dp(4),
            usd,
        };
        faults.push(PlantedFault {
            capability: Capability::OffHours,
            ..waste(
                check,
                id,
                name,
                json!({ "time_zone": "Asia/Seoul", "stop": [stop], "start": [start] }),
                vec![component(kind, HOURS, usd)],
                vec![remaining],
            )
        });
    }
    Ok(())
}

/// Returns what the disks of one instance cost a month.
fn disk_components(
    company: &Company,
    rates: Rates<'_>,
    instance: Option<&String>,
) -> Result<Vec<Component>, StoryError> {
    company
        .disks
        .iter()
        .filter(|disk| disk.instance.as_ref() == instance)
        .map(|disk| {
            let price =
                rates.meter(disk.region, &format!("ebs/volume_storage_{}", disk.volume_type))?;
            Ok(component(&disk.name, disk.gib, price))
        })
        .collect()
}

fn component(name: &str, quantity: u32, usd: Decimal) -> Component {
    Component { name: name.to_owned(), quantity: quantity.into(), usd }
}

fn waste(
    check: &str,
    resource_id: &str,
    name: &str,
    recommended: Value,
    now: Vec<Component>,
    after: Vec<Component>,
) -> PlantedFault {
    let sum =
        |parts: &[Component]| parts.iter().map(|part| part.quantity * part.usd).sum::<Decimal>();
    PlantedFault {
        check: check.to_owned(),
        resource_id: resource_id.to_owned(),
        name: name.to_owned(),
        recommended: recommended.as_object().cloned().unwrap_or_else(Map::new),
        monthly_saving_usd: Some(sum(&now) - sum(&after)),
        now,
        after,
        capability: Capability::Waste,
    }
}

fn sized(
    check: &str,
    resource_id: &str,
    name: &str,
    recommended: Value,
    now: Vec<Component>,
    after: Vec<Component>,
) -> PlantedFault {
    PlantedFault {
        capability: Capability::Sizes,
        ..waste(check, resource_id, name, recommended, now, after)
    }
}

/// Returns what must be left alone.
pub(super) fn healthy(company: &Company) -> Vec<Healthy> {
    let mut healthy = Vec::new();
    let mut add = |resource_id: &str, name: &str, reason: &str| {
        healthy.push(Healthy {
            resource_id: resource_id.to_owned(),
            name: name.to_owned(),
            reason: reason.to_owned(),
        });
    };
    for machine in &company.machines {
        let reason = match machine.name {
            "chat-relay-1" | "chat-relay-2" => "sized well, and owned by an Auto Scaling group",
            "web-front-1" => "a burstable type that stays below its baseline",
            _ => continue,
        };
        add(&machine.id, machine.name, reason);
    }
    for disk in company.disks.iter().filter(|disk| disk.age_days < 14) {
        add(&disk.id, &disk.name, "made a few days ago");
    }
    for gateway in company.gateways.iter().filter(|gateway| gateway.gb_day > 0) {
        add(&gateway.id, gateway.name, "carries traffic");
    }
    add("shop-db", "shop-db", "sized well");
    healthy
}

/// Returns what nobody can judge.
pub(super) fn unknown(company: &Company) -> Vec<Undecidable> {
    company
        .machines
        .iter()
        .filter(|machine| machine.load.is_none() && machine.stopped_days.is_none())
        .map(|machine| Undecidable {
            check: "ec2-instance-oversized".to_owned(),
            resource_id: machine.id.clone(),
            name: machine.name.to_owned(),
        })
        .collect()
}
