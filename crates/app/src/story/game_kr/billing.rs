//! What each thing of the company is charged for: quantity a day, times the catalogue's price.

use rust_decimal::Decimal;

use super::cast::{OLD_REGION, Owner, REGION, Stage};
use super::company::Company;
use super::inventory::tag_pairs;
use super::line::{Amount, Line};
use super::rates::Rates;
use super::season::Season;
use super::service::{CLOUDWATCH, EC2, ELB, LAMBDA, RDS, S3, Service, VPC, sku, volume_suffix};
use crate::story::error::StoryError;
use crate::story::focus_row::{BilledResource, Meter};

/// Returns every line of the bill that a meter measures.
pub(super) fn lines(company: &Company, rates: Rates<'_>) -> Result<Vec<Line>, StoryError> {
    let mut bill = Bill { lines: Vec::new(), rates };
    bill.machines(company)?;
    bill.disks(company)?;
    bill.network(company)?;
    bill.databases(company)?;
    bill.rest(company)?;
    Ok(bill.lines)
}

struct Bill<'a> {
    lines: Vec<Line>,
    rates: Rates<'a>,
}

/// Where a line stands and what it is for.
struct Item<'a> {
    owner: Owner,
    region: &'static str,
    id: String,
    name: &'a str,
    resource_type: &'static str,
}

impl Bill<'_> {
    #[expect(
        clippy::too_many_arguments,
        reason = "one word per column of the row, each said once per call"
    )]
    fn add(
        &mut self,
        service: Service,
        usage_type: &str,
        operation: &str,
        unit: &str,
        price: Decimal,
        item: &Item<'_>,
        amount: Amount,
    ) {
        let prefix = if item.region == OLD_REGION { "" } else { "APN2-" };
        let usage_type = format!("{prefix}{usage_type}");
        let sku = sku(&usage_type, operation);
        self.lines.push(Line {
            stage: item.owner.stage,
            meter: Meter {
                service_name: service.name.to_owned(),
                service_category: service.category,
                service_code: service.code.to_owned(),
                description: format!("${price} per {unit} of {usage_type}"),
                usage_type,
                operation: operation.to_owned(),
                sku_price_id: format!("{sku}.JRTCKXETXF.6YS6EN2CT7"),
                sku_id: sku,
                unit: unit.to_owned(),
                price,
                region: Some(item.region.to_owned()),
            },
            resource: Some(BilledResource {
                id: item.id.clone(),
                resource_type: item.resource_type,
                availability_zone: matches!(item.resource_type, "instance" | "volume")
                    .then(|| format!("{}a", item.region)),
                tags: tag_pairs(item.name, &item.owner),
            }),
            amount,
            covered: false,
        });
    }

    fn machines(&mut self, company: &Company) -> Result<(), StoryError> {
        for machine in company.machines.iter().filter(|one| one.stopped_days.is_none()) {
            let price = self.rates.instance_hour(machine.region, machine.instance_type)?;
            let item = Item {
                owner: machine.owner,
                region: machine.region,
                id: machine.id.clone(),
                name: machine.name,
                resource_type: "instance",
            };
            let usage_type = format!("BoxUsage:{}", machine.instance_type);
            self.add(
                EC2,
                &usage_type,
                "RunInstances",
                "Hours",
                price,
                &item,
                Amount::Daily(24.into()),
            );
            if let Some(line) = self.lines.last_mut() {
                line.covered = machine.covered;
            }
        }
        Ok(())
    }

    fn disks(&mut self, company: &Company) -> Result<(), StoryError> {
        for disk in &company.disks {
            let item = Item {
                owner: disk.owner,
                region: disk.region,
                id: disk.id.clone(),
                name: &disk.name,
                resource_type: "volume",
            };
            let (kind, suffix) = (disk.volume_type, volume_suffix(disk.volume_type));
            let price = self.rates.meter(disk.region, &format!("ebs/volume_storage_{kind}"))?;
            let usage_type = format!("EBS:VolumeUsage{suffix}");
            let kept = Amount::Monthly(disk.gib.into());
            self.add(
                EC2,
                &usage_type,
                &format!("CreateVolume-{kind}"),
                "GB-Months",
                price,
                &item,
                kept,
            );
            if kind == "io1" {
                let price = self.rates.meter(disk.region, "ebs/io1_iops")?;
                let kept = Amount::Monthly(disk.iops.into());
                self.add(
                    EC2,
                    "EBS:VolumeP-IOPS.piops",
                    "CreateVolume-P-IOPS",
                    "IOPS-Months",
                    price,
                    &item,
                    kept,
                );
            }
        }
        for snapshot in &company.snapshots {
            let item = Item {
                owner: snapshot.owner,
                region: snapshot.region,
                id: snapshot_arn(snapshot.region, &snapshot.id),
                name: snapshot.name,
                resource_type: "snapshot",
            };
            let price = self.rates.meter(snapshot.region, "ebs/snapshot_storage")?;
            let kept = Amount::Monthly(snapshot.stored_gib.into());
            self.add(EC2, "EBS:SnapshotUsage", "CreateSnapshot", "GB-Months", price, &item, kept);
        }
        Ok(())
    }

    fn network(&mut self, company: &Company) -> Result<(), StoryError> {
        for address in &company.addresses {
            let item = Item {
                owner: address.owner,
                region: REGION,
                id: format!(
                    "arn:aws:ec2:{REGION}:{}:elastic-ip/{}",
                    address.owner.stage.account().id,
                    address.id
                ),
                name: address.name,
                resource_type: "elastic-ip",
            };
            let (usage_type, meter) = if address.interface.is_some() {
                ("PublicIPv4:InUseAddress", "vpc/public_ipv4_in_use")
            } else {
                ("PublicIPv4:IdleAddress", "vpc/public_ipv4_idle")
            };
            let price = self.rates.meter(REGION, meter)?;
            self.add(
                VPC,
                usage_type,
                "AllocateAddressVPC",
                "Hours",
                price,
                &item,
                Amount::Daily(24.into()),
            );
        }
        for gateway in &company.gateways {
            let item = Item {
                owner: gateway.owner,
                region: REGION,
                id: format!(
                    "arn:aws:ec2:{REGION}:{}:natgateway/{}",
                    gateway.owner.stage.account().id,
                    gateway.id
                ),
                name: gateway.name,
                resource_type: "natgateway",
            };
            let price = self.rates.meter(REGION, "nat/gateway_hour")?;
            self.add(
                EC2,
                "NatGateway-Hours",
                "NatGateway",
                "Hours",
                price,
                &item,
                Amount::Daily(24.into()),
            );
            if gateway.gb_day > 0 {
                let price = self.rates.meter(REGION, "nat/data_processed")?;
                let carried = Amount::Varying(gateway.gb_day.into(), Season::Gateway);
                self.add(EC2, "NatGateway-Bytes", "NatGateway", "GB", price, &item, carried);
            }
        }
        for balancer in &company.balancers {
            let item = Item {
                owner: balancer.owner,
                region: REGION,
                id: balancer.arn(),
                name: balancer.name,
                resource_type: "loadbalancer",
            };
            let (meter, operation) = if balancer.kind == "classic" {
                ("elb/clb_hour", "LoadBalancing")
            } else {
                ("elb/alb_hour", "LoadBalancing:Application")
            };
            let price = self.rates.meter(REGION, meter)?;
            self.add(
                ELB,
                "LoadBalancerUsage",
                operation,
                "Hours",
                price,
                &item,
                Amount::Daily(24.into()),
            );
            if balancer.requests_day > 0.0 {
                let price = self.rates.meter(REGION, "elb/alb_lcu")?;
                self.add(
                    ELB,
                    "LCUUsage",
                    operation,
                    "LCU-Hours",
                    price,
                    &item,
                    Amount::Varying(24.into(), Season::Players),
                );
            }
        }
        Ok(())
    }

    fn databases(&mut self, company: &Company) -> Result<(), StoryError> {
        for database in &company.databases {
            let item = Item {
                owner: database.owner,
                region: REGION,
                id: database.arn(),
                name: database.name,
                resource_type: "db",
            };
            let price = self.rates.db_hour(REGION, database.class)?;
            let usage_type = format!("InstanceUsage:{}", database.class);
            self.add(
                RDS,
                &usage_type,
                "CreateDBInstance:0002",
                "Hours",
                price,
                &item,
                Amount::Daily(24.into()),
            );
            let kind = database.storage_type;
            let price = self.rates.meter(REGION, &format!("rds/storage_{kind}_single_az"))?;
            let usage_type = if kind == "gp2" { "RDS:GP2-Storage" } else { "RDS:GP3-Storage" };
            let kept = Amount::Monthly(database.gib.into());
            self.add(RDS, usage_type, "CreateDBInstance:0002", "GB-Months", price, &item, kept);
        }
        Ok(())
    }

    fn rest(&mut self, company: &Company) -> Result<(), StoryError> {
        for logs in &company.logs {
            let item = Item {
                owner: logs.owner,
                region: REGION,
                id: format!(
                    "arn:aws:logs:{REGION}:{}:log-group:{}",
                    logs.owner.stage.account().id,
                    logs.name
                ),
                name: logs.name,
                resource_type: "log-group",
            };
            let price = self.rates.meter(REGION, "cloudwatch/logs_ingestion")?;
            let average = Decimal::new(logs.written_gb_day_tenths.into(), 1);
            let written = Amount::Varying(average, logs.season());
            self.add(
                CLOUDWATCH,
                "DataProcessing-Bytes",
                "PutLogEvents",
                "GB",
                price,
                &item,
                written,
            );
            let price = self.rates.meter(REGION, "cloudwatch/logs_storage")?;
            let kept = Amount::Monthly(logs.stored_gb.into());
            self.add(
                CLOUDWATCH,
                "TimedStorage-ByteHrs",
                "HourlyStorageMetering",
                "GB-Months",
                price,
                &item,
                kept,
            );
        }
        for function in &company.functions {
            let item = Item {
                owner: function.owner,
                region: REGION,
                id: function.arn(),
                name: function.name,
                resource_type: "function",
            };
            let (meter, usage_type) = if function.architecture == "arm64" {
                ("lambda/gb_second_arm", "Lambda-GB-Second-ARM")
            } else {
                ("lambda/gb_second_x86", "Lambda-GB-Second")
            };
            let price = self.rates.meter(REGION, meter)?;
            let used = Amount::Varying(function.gb_seconds_day(), function.season());
            self.add(LAMBDA, usage_type, "Invoke", "Second", price, &item, used);
            let price = self.rates.meter(REGION, "lambda/request")?;
            let calls = Amount::Varying(function.calls_day.into(), function.season());
            self.add(LAMBDA, "Request", "Invoke", "Requests", price, &item, calls);
        }
        let live = Owner { stage: Stage::Production, team: "라이브팀" };
        let bucket = Item {
            owner: live,
            region: REGION,
            id: "arn:aws:s3:::starfall-patches".to_owned(),
            name: "starfall-patches",
            resource_type: "bucket",
        };
        let price = self.rates.meter(REGION, "s3/standard_storage_first_50tb")?;
        self.add(
            S3,
            "TimedStorage-ByteHrs",
            "StandardStorage",
            "GB-Months",
            price,
            &bucket,
            Amount::Monthly(1_400.into()),
        );
        let price = self.rates.meter(REGION, "data_transfer/internet_out_first_10tb")?;
        self.add(
            S3,
            "DataTransfer-Out-Bytes",
            "GetObject",
            "GB",
            price,
            &bucket,
            Amount::Varying(14.into(), Season::Downloads),
        );
        let gateway =
            company.machines.first().map(|machine| machine.id.clone()).unwrap_or_default();
        let item = Item {
            owner: live,
            region: REGION,
            id: gateway,
            name: "lobby-gateway-1",
            resource_type: "instance",
        };
        let out = Amount::Varying(16.into(), Season::Players);
        self.add(EC2, "DataTransfer-Out-Bytes", "RunInstances", "GB", price, &item, out);
        Ok(())
    }
}

fn snapshot_arn(region: &str, id: &str) -> String {
    format!("arn:aws:ec2:{region}:{}:snapshot/{id}", Stage::Production.account().id)
}
