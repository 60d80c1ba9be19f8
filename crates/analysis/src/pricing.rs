//! Components of a formula: a quantity, and its price where the resource is.
//!
//! A price of another region never stands in for a missing one: it is the price list
//! of the region, else the rate that the customer's own bill shows there, else unknown.

use rust_decimal::Decimal;

use trimtab_model::action::VolumeSettings;
use trimtab_model::charge::ResourceCharge;
use trimtab_model::environment::Environment;
use trimtab_model::focus::{ChargeCategory, CommitmentDiscountStatus};
use trimtab_model::id::{InstanceType, RegionId};
use trimtab_model::money::{Currency, exact_sum};
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::policy::Permission;
use trimtab_model::price::{DbPriceKey, Price, PriceBasis};
use trimtab_model::recommendation::{CostComponent, Unknown};
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::instance::Instance;

use crate::check::Facts;
use crate::verdict::unknown;

/// IOPS that every gp3 volume has without charge.
pub const GP3_INCLUDED_IOPS: u32 = 3000;

/// MiB/s that every gp3 volume has without charge.
pub const GP3_INCLUDED_THROUGHPUT: u32 = 125;

/// AWS's usage type for each meter that the bill can price, without the region, and a word of
/// the service's name where two services share the usage type.
const USAGE_TYPES: &[(&str, &str, &str)] = &[
    ("ebs/volume_storage_gp2", "EBS:VolumeUsage.gp2", ""),
    ("ebs/volume_storage_gp3", "EBS:VolumeUsage.gp3", ""),
    ("ebs/volume_storage_io1", "EBS:VolumeUsage.piops", ""),
    ("ebs/volume_storage_io2", "EBS:VolumeUsage.io2", ""),
    ("ebs/volume_storage_st1", "EBS:VolumeUsage.st1", ""),
    ("ebs/volume_storage_sc1", "EBS:VolumeUsage.sc1", ""),
    ("ebs/volume_storage_standard", "EBS:VolumeUsage", ""),
    ("ebs/gp3_iops_over_3000", "EBS:VolumeP-IOPS.gp3", ""),
    ("ebs/gp3_throughput_over_125", "EBS:VolumeP-Throughput.gp3", ""),
    ("ebs/io1_iops", "EBS:VolumeP-IOPS.piops", ""),
    ("ebs/io2_iops_0_32000", "EBS:VolumeP-IOPS.io2", ""),
    ("ebs/snapshot_storage", "EBS:SnapshotUsage", ""),
    ("ebs/snapshot_archive_storage", "EBS:SnapshotArchiveStorage", ""),
    ("ebs/standard_io", "EBS:VolumeIOUsage", ""),
    ("ebs/fast_snapshot_restore_hour", "EBS:FastSnapshotRestore", ""),
    ("cloudwatch/custom_metric_first_10000", "CW:MetricMonitorUsage", "CloudWatch"),
    ("nat/gateway_hour", "NatGateway-Hours", ""),
    ("nat/data_processed", "NatGateway-Bytes", ""),
    ("vpc/public_ipv4_idle", "PublicIPv4:IdleAddress", ""),
    ("vpc/public_ipv4_in_use", "PublicIPv4:InUseAddress", ""),
    ("vpc/interface_endpoint_hour", "VpcEndpoint-Hours", ""),
    ("vpc/tgw_attachment_hour", "TransitGateway-Hours", ""),
    ("data_transfer/intra_region_both_directions", "DataTransfer-Regional-Bytes", ""),
    ("efs/standard_storage", "TimedStorage-ByteHrs", "Elastic File System"),
    ("efs/ia_storage", "IATimedStorage-ByteHrs", "Elastic File System"),
    ("s3/standard_storage_first_50tb", "TimedStorage-ByteHrs", "Simple Storage"),
    ("s3/standard_ia_storage", "TimedStorage-SIA-ByteHrs", "Simple Storage"),
    ("s3/int_ia_storage", "TimedStorage-INT-IA-ByteHrs", "Simple Storage"),
    ("s3/int_monitoring", "Monitoring-Automation-INT", "Simple Storage"),
    ("cloudwatch/logs_ingestion", "DataProcessing-Bytes", "CloudWatch"),
    ("cloudwatch/logs_ingestion_ia", "DataProcessingIA-Bytes", "CloudWatch"),
    ("secretsmanager/secret", "AWSSecretsManager-Secrets", ""),
    ("cloudwatch/alarm_standard", "CW:AlarmMonitorUsage", "CloudWatch"),
    ("rds/storage_gp2_single_az", "RDS:GP2-Storage", ""),
    ("rds/storage_gp3_single_az", "RDS:GP3-Storage", ""),
    ("rds/gp3_iops_single_az", "RDS:GP3-PIOPS", ""),
    ("rds/gp3_iops_multi_az", "RDS:Multi-AZ-GP3-PIOPS", ""),
    ("rds/gp3_throughput_single_az", "RDS:GP3-Throughput", ""),
    ("rds/gp3_throughput_multi_az", "RDS:Multi-AZ-GP3-Throughput", ""),
    ("rds/storage_io1_single_az", "RDS:PIOPS-Storage", ""),
    ("rds/iops_io1_single_az", "RDS:PIOPS", ""),
    ("rds/backup_over_free", "RDS:ChargedBackupUsage", ""),
    ("aurora/acu_hour", "Aurora:ServerlessV2Usage", ""),
    ("aurora/io", "Aurora:StorageIOUsage", ""),
    ("aurora/storage_standard", "Aurora:StorageUsage", ""),
    ("aurora/storage_io_optimized", "Aurora:IO-OptimizedStorageUsage", ""),
    ("dynamodb/rcu_hour", "ReadCapacityUnit-Hrs", ""),
    ("dynamodb/wcu_hour", "WriteCapacityUnit-Hrs", ""),
    ("dynamodb/on_demand_rru", "ReadRequestUnits", ""),
    ("dynamodb/on_demand_wru", "WriteRequestUnits", ""),
    ("dynamodb/ia_rcu_hour", "IA-ReadCapacityUnit-Hrs", ""),
    ("dynamodb/ia_wcu_hour", "IA-WriteCapacityUnit-Hrs", ""),
    ("dynamodb/ia_on_demand_rru", "IA-ReadRequestUnits", ""),
    ("dynamodb/ia_on_demand_wru", "IA-WriteRequestUnits", ""),
    ("dynamodb/ia_storage", "IA-TimedStorage-ByteHrs", ""),
    ("opensearch/storage_gp2", "ES:GP2-Storage", ""),
    ("opensearch/storage_gp3", "ES:GP3-Storage", ""),
    ("cloudwatch/logs_storage", "TimedStorage-ByteHrs", "CloudWatch"),
    ("lambda/gb_second_x86", "Lambda-GB-Second", ""),
    ("lambda/gb_second_arm", "Lambda-GB-Second-ARM", ""),
    ("lambda/provisioned_gb_second_x86", "Lambda-Provisioned-Concurrency", ""),
    ("lambda/provisioned_gb_second_arm", "Lambda-Provisioned-Concurrency-ARM", ""),
    ("apigateway/http_request", "ApiGatewayHttpRequest", ""),
    ("fargate/vcpu_hour_x86", "Fargate-vCPU-Hours:perCPU", ""),
    ("fargate/gb_hour_x86", "Fargate-GB-Hours", ""),
    ("fargate/vcpu_hour_arm", "Fargate-ARM-vCPU-Hours:perCPU", ""),
    ("fargate/gb_hour_arm", "Fargate-ARM-GB-Hours", ""),
    ("fargate/spot_vcpu_hour_x86", "SpotUsage-Fargate-vCPU-Hours:perCPU", ""),
    ("fargate/spot_gb_hour_x86", "SpotUsage-Fargate-GB-Hours", ""),
    ("eks/cluster_hour", "AmazonEKS-Hours:perCluster", ""),
    ("eks/cluster_extended_support_hour", "AmazonEKS-Hours:extendedSupport", ""),
];

/// The prices that hold for one resource.
#[derive(Debug, Clone, Copy)]
pub struct Tariff<'a> {
    facts: Facts<'a>,
    region: &'a RegionId,
    environment: Environment,
}

impl<'a> Tariff<'a> {
    /// Returns the tariff of the region and environment that `resource` is in.
    pub fn of<K>(facts: &Facts<'a>, resource: &'a Resource<K>) -> Self {
        Self { facts: *facts, region: &resource.region, environment: resource.environment }
    }

    /// Returns `quantity` a month of `service/meter`.
    ///
    /// # Errors
    /// Returns `Unknown` if neither the region's price list nor the bill has a price.
    pub fn meter(
        &self,
        name: &str,
        quantity: Decimal,
        meter: &str,
    ) -> Result<CostComponent, Unknown> {
        let price = self.meter_price(meter)?;
        Ok(CostComponent { name: name.to_owned(), quantity, price })
    }

    /// Returns the price of one unit of `service/meter`.
    ///
    /// # Errors
    /// Returns `Unknown` if neither the region's price list nor the bill has one, or if the
    /// only one is estimated and the policy does not allow estimates.
    pub fn meter_price(&self, meter: &str) -> Result<Price, Unknown> {
        let region = self.facts.prices.regions.get(self.region);
        let estimated = region.and_then(|region| region.meters_estimated.get(meter));
        self.facts
            .prices
            .meter(self.region, meter)
            .cloned()
            .or_else(|| self.billed_rate(meter))
            .or_else(|| estimated.filter(|_| self.allows_estimates()).cloned())
            .ok_or_else(|| self.no_price(meter, estimated))
    }

    /// Returns 730 hours of an instance type, On-Demand, Linux.
    ///
    /// # Errors
    /// Returns `Unknown` if the type has no price in the region, or only an estimated one
    /// that the policy does not allow.
    pub fn instance_hours(&self, instance_type: &InstanceType) -> Result<CostComponent, Unknown> {
        let region = self.facts.prices.regions.get(self.region);
        let estimated = region.and_then(|region| region.instance_hour_estimated.get(instance_type));
        let price = self
            .facts
            .prices
            .instance_hour(self.region, instance_type)
            .or_else(|| estimated.filter(|_| self.allows_estimates()))
            .ok_or_else(|| self.no_price(&format!("ec2/{instance_type}"), estimated))?;
        Ok(hours(instance_type.as_str(), Decimal::ONE, price))
    }

    /// Returns 730 hours of an instance as it runs: its type, if it runs Linux on shared hardware.
    ///
    /// # Errors
    /// Returns `Unknown` for another platform or tenancy, whose price the catalogue lacks,
    /// and as [`Tariff::instance_hours`].
    pub fn running_hours(&self, instance: &Instance) -> Result<CostComponent, Unknown> {
        let platform = instance.platform_details.as_deref().unwrap_or("Linux/UNIX");
        let tenancy = instance.tenancy.as_deref().unwrap_or("default");
        if platform != "Linux/UNIX" || tenancy != "default" {
            return Err(unknown(
                "price-missing",
                format!(
                    "There is no price of {platform} with {tenancy} tenancy in the price list."
                ),
                format!("{platform}, {tenancy} 테넌시 조합의 가격이 정가표에 없습니다."),
                &["billing"],
            ));
        }
        self.instance_hours(&instance.instance_type)
    }

    /// Returns 730 hours of a DB instance, twice where it has a standby.
    ///
    /// # Errors
    /// Returns `Unknown` if the class has no price for the engine in the region.
    pub fn db_instance_hours(&self, db: &DbInstance) -> Result<CostComponent, Unknown> {
        let (engine, edition) = match db.engine.split_once('-') {
            Some((engine @ ("oracle" | "sqlserver"), edition)) => {
                (engine, edition.trim_end_matches("-cdb"))
            }
            _ => (db.engine.as_str(), ""),
        };
        let license = match db.license_model.as_deref() {
            _ if edition.is_empty() => "none",
            Some("license-included") => "li",
            Some("bring-your-own-license") => "byol",
            _ if engine == "sqlserver" => "li",
            _ => {
                return Err(unknown(
                    "license-unknown",
                    format!(
                        "The licence model of {} decides its price and is not known.",
                        db.engine
                    ),
                    format!(
                        "{}의 가격은 라이선스 모델에 따라 다른데 그 정보가 없습니다.",
                        db.engine
                    ),
                    &["inventory:describe-db-instances"],
                ));
            }
        };
        let key = DbPriceKey {
            db_instance_class: db.db_instance_class.clone(),
            engine: engine.to_owned(),
            edition: edition.to_owned(),
            license: license.to_owned(),
        };
        let plain = DbPriceKey { edition: String::new(), license: String::new(), ..key.clone() };
        let region = self.facts.prices.regions.get(self.region);
        let estimated = region.and_then(|region| region.db_instance_hour_estimated.get(&plain));
        let price = region
            .and_then(|region| region.db_instance_hour.get(&key))
            .or_else(|| estimated.filter(|_| self.allows_estimates()))
            .ok_or_else(|| self.no_price(&format!("rds/{}", db.db_instance_class), estimated))?;
        Ok(hours(db.db_instance_class.as_str(), copies(db), price))
    }

    /// Returns a month of a volume: storage, and the IOPS and throughput it is charged for.
    ///
    /// # Errors
    /// Returns `Unknown` if one of them has no price, the type is not known, or the IOPS
    /// of a type that is paid by IOPS are not known.
    pub fn volume(
        &self,
        settings: &VolumeSettings,
        size_gib: u32,
    ) -> Result<Vec<CostComponent>, Unknown> {
        let volume_type = settings.volume_type.as_str();
        let size = Decimal::from(size_gib);
        let storage = || {
            self.meter(
                &format!("{volume_type} storage"),
                size,
                &format!("ebs/volume_storage_{volume_type}"),
            )
        };
        let provisioned = || {
            settings.iops.ok_or_else(|| {
                unknown(
                    "iops-unknown",
                    "The provisioned IOPS, which are charged, are not known.",
                    "과금 대상인 프로비저닝 IOPS 값이 없습니다.",
                    &["inventory:describe-volumes"],
                )
            })
        };
        match volume_type {
            "gp2" | "st1" | "sc1" | "standard" => Ok(vec![storage()?]),
            "gp3" => {
                let mut formula = vec![storage()?];
                let iops =
                    settings.iops.unwrap_or(GP3_INCLUDED_IOPS).saturating_sub(GP3_INCLUDED_IOPS);
                if iops > 0 {
                    formula.push(self.meter(
                        "gp3 IOPS above 3000",
                        iops.into(),
                        "ebs/gp3_iops_over_3000",
                    )?);
                }
                let throughput = settings
                    .throughput_mib_s
                    .unwrap_or(GP3_INCLUDED_THROUGHPUT)
                    .saturating_sub(GP3_INCLUDED_THROUGHPUT);
                if throughput > 0 {
                    formula.push(self.meter(
                        "gp3 throughput above 125 MiB/s",
                        throughput.into(),
                        "ebs/gp3_throughput_over_125",
                    )?);
                }
                Ok(formula)
            }
            "io1" => {
                Ok(vec![storage()?, self.meter("io1 IOPS", provisioned()?.into(), "ebs/io1_iops")?])
            }
            "io2" => {
                let iops = provisioned()?;
                let mut formula = vec![storage()?];
                for (name, quantity) in [
                    ("0_32000", iops.min(32_000)),
                    ("32000_64000", iops.clamp(32_000, 64_000) - 32_000),
                    ("over_64000", iops.saturating_sub(64_000)),
                ] {
                    if quantity > 0 {
                        formula.push(self.meter(
                            "io2 IOPS",
                            quantity.into(),
                            &format!("ebs/io2_iops_{name}"),
                        )?);
                    }
                }
                Ok(formula)
            }
            other => Err(unknown(
                "volume-type-unknown",
                format!("The volume type {other} is not known."),
                format!("알 수 없는 볼륨 유형입니다: {other}."),
                &["prices"],
            )),
        }
    }

    fn allows_estimates(&self) -> bool {
        self.facts.policy.sizing(self.environment).estimated_prices == Permission::Allow
    }

    /// Returns the price of `service/meter`, else the rate of the charges that `counts` picks.
    ///
    /// # Errors
    /// Returns `Unknown` if neither the region's price list nor the bill has one.
    pub fn price_or_billed(
        &self,
        meter: &str,
        counts: impl Fn(&ResourceCharge) -> bool,
    ) -> Result<Price, Unknown> {
        let listed = self.facts.prices.meter(self.region, meter).cloned();
        listed.or_else(|| self.billed_by(counts)).ok_or_else(|| self.no_price(meter, None))
    }

    /// Returns a price in a known proportion to `price`, where the policy allows estimates.
    ///
    /// # Errors
    /// Returns `Unknown` if the policy does not allow them.
    pub fn derived(
        &self,
        name: &str,
        price: &Price,
        factor: Decimal,
        source: &str,
    ) -> Result<Price, Unknown> {
        let derived = Price {
            usd: price.usd.checked_mul(factor).unwrap_or(price.usd).round_dp(12),
            basis: PriceBasis::Estimated,
            source: source.to_owned(),
            ..price.clone()
        };
        match self.allows_estimates() {
            true => Ok(derived),
            false => Err(self.no_price(name, Some(&derived))),
        }
    }

    /// Returns `quantity` a month of `service/meter` at the bill's own rate in this region, where
    /// it has one, else at the list price.
    ///
    /// For what the bill names by parts that come and go, such as tasks.
    ///
    /// # Errors
    /// As [`Tariff::meter`].
    pub fn billed_meter(
        &self,
        name: &str,
        quantity: Decimal,
        meter: &str,
    ) -> Result<CostComponent, Unknown> {
        match self.billed_rate(meter) {
            Some(price) => Ok(CostComponent { name: name.to_owned(), quantity, price }),
            None => self.meter(name, quantity, meter),
        }
    }

    /// Returns what the bill charges for one unit of the meter in this region, uncovered.
    fn billed_rate(&self, meter: &str) -> Option<Price> {
        let (_, usage, service) = USAGE_TYPES.iter().find(|(name, _, _)| *name == meter)?;
        let matches = |usage_type: &str| usage_name(usage_type) == *usage;
        self.billed_by(|charge| {
            charge.service_name.contains(service)
                && charge.usage_type.as_deref().is_some_and(matches)
        })
    }

    /// Returns the uncovered rate of the charges in this region that `counts` picks.
    pub fn billed_by(&self, counts: impl Fn(&ResourceCharge) -> bool) -> Option<Price> {
        let window = self.facts.charges.window?;
        let (mut effective, mut quantity) = (Decimal::ZERO, Decimal::ZERO);
        for charge in &self.facts.charges.resources {
            let counts = charge.charge_category == ChargeCategory::Usage
                && charge.commitment_discount_status != Some(CommitmentDiscountStatus::Used)
                && charge.cost.effective.currency == Currency::USD
                && charge.region.as_ref() == Some(self.region)
                && counts(charge);
            if let (true, Some(units)) = (counts, charge.pricing_quantity) {
                // The bill counts throughput in GiB/s, the catalogue in MiB/s.
                let gibibytes =
                    charge.pricing_unit.as_deref().is_some_and(|unit| unit.starts_with("GiBps"));
                let scale = if gibibytes { Decimal::from(1024) } else { Decimal::ONE };
                effective = exact_sum(effective, charge.cost.effective.amount)?;
                quantity = quantity.checked_add(units.checked_mul(scale)?)?;
            }
        }
        if effective <= Decimal::ZERO || quantity <= Decimal::ZERO {
            return None;
        }
        Some(Price {
            usd: effective.checked_div(quantity)?.round_dp(12),
            unit: "unit".to_owned(),
            basis: PriceBasis::Bill,
            source: "bill".to_owned(),
            as_of: Some(window.end().to_zoned_datetime(jiff::tz::TimeZone::UTC).date()),
        })
    }

    fn no_price(&self, what: &str, estimated: Option<&Price>) -> Unknown {
        let region = self.region;
        if estimated.is_some() {
            return unknown(
                "price-only-estimated",
                format!(
                    "The only price of {what} in {region} is estimated, and the policy does not allow estimates."
                ),
                format!(
                    "{region}의 {what} 가격은 추정치뿐이며, 정책에서 추정 가격 사용이 허용되지 않았습니다."
                ),
                &["billing", &format!("policy:sizing.{}.estimated_prices", self.environment)],
            );
        }
        unknown(
            "price-missing",
            format!(
                "There is no price of {what} in {region}, neither in the price list nor on the bill."
            ),
            format!("{region}의 {what} 가격이 정가표에도 청구서에도 없습니다."),
            &["billing", &format!("prices:{what}")],
        )
    }
}

/// Returns a usage type without the region it begins with: `APN2-NodeUsage:x` is `NodeUsage:x`.
pub fn usage_name(usage_type: &str) -> &str {
    let is_region = |front: &str| {
        front == "EU"
            || ((4..=8).contains(&front.len())
                && front.chars().take(3).all(|letter| letter.is_ascii_uppercase())
                && front.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
                && front.ends_with(|last: char| last.is_ascii_digit()))
    };
    match usage_type.split_once('-') {
        Some((front, rest)) if is_region(front) => rest,
        _ => usage_type,
    }
}

/// Returns how many copies of a DB instance are charged: two where it has a standby.
pub fn copies(db: &DbInstance) -> Decimal {
    if db.multi_az == Some(true) { Decimal::TWO } else { Decimal::ONE }
}

fn hours(name: &str, copies: Decimal, price: &Price) -> CostComponent {
    CostComponent {
        name: name.to_owned(),
        quantity: Decimal::from(HOURS_PER_MONTH) * copies,
        price: price.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Scene, scene};

    fn rate(scene: &Scene, meter: &str) -> Result<String, String> {
        let instance = &scene.snapshot.instances[0];
        Tariff::of(&scene.facts(), instance)
            .meter_price(meter)
            .map(|price| price.usd.normalize().to_string())
            .map_err(|nothing| nothing.reason.code)
    }

    #[test]
    fn the_bill_counts_throughput_in_gib_per_second() {
        let mut scene = scene().instance(|_| ()).without_price("ebs/gp3_throughput_over_125").bill(
            "vol-9",
            "APN2-EBS:VolumeP-Throughput.gp3",
            "2",
            "81.92",
        );
        scene.charges.resources[0].pricing_unit = Some("GiBps-mo".to_owned());
        assert_eq!(rate(&scene, "ebs/gp3_throughput_over_125"), Ok("0.04".to_owned()));
    }

    #[test]
    fn a_rate_of_another_region_or_service_does_not_stand_in() {
        let billed = || {
            scene().instance(|_| ()).without_price("cloudwatch/logs_storage").bill(
                "x",
                "TimedStorage-ByteHrs",
                "10",
                "0.3",
            )
        };
        assert_eq!(rate(&billed(), "cloudwatch/logs_storage"), Ok("0.03".to_owned()));
        let mut elsewhere = billed();
        elsewhere.charges.resources[0].region = Some("ap-northeast-2".into());
        assert_eq!(rate(&elsewhere, "cloudwatch/logs_storage"), Err("price-missing".to_owned()));
        let mut storage = billed();
        storage.charges.resources[0].service_name = "Amazon Simple Storage Service".to_owned();
        assert_eq!(rate(&storage, "cloudwatch/logs_storage"), Err("price-missing".to_owned()));
    }

    #[test]
    fn a_covered_charge_gives_no_rate() {
        let scene = scene().instance(|_| ()).without_price("lambda/gb_second_x86").committed(
            "f",
            "Lambda-GB-Second",
            "1000",
            "0.01",
        );
        assert_eq!(rate(&scene, "lambda/gb_second_x86"), Err("price-missing".to_owned()));
    }

    #[test]
    fn io2_is_priced_in_steps() {
        let scene = scene().instance(|_| ());
        let settings = VolumeSettings {
            volume_type: "io2".to_owned(),
            iops: Some(32_000),
            throughput_mib_s: None,
        };
        let tariff = Tariff::of(&scene.facts(), &scene.snapshot.instances[0]).volume(&settings, 10);
        assert_eq!(tariff.map(|formula| formula.len()), Ok(2));
    }
}
