//! Which rows of an offer file are prices that the catalogue keeps.

use rust_decimal::Decimal;

use trimtab_model::price::DbPriceKey;

use super::refreshed::Product;

/// A service of the public price list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Offer {
    /// EC2 with EBS and NAT gateways.
    Ec2,
    /// RDS and Aurora.
    Rds,
    /// Load balancers.
    Elb,
    /// Public IPv4 addresses.
    Vpc,
}

impl Offer {
    /// Every service that a refresh reads.
    pub(super) const ALL: [Self; 4] = [Self::Ec2, Self::Rds, Self::Elb, Self::Vpc];

    /// Returns the code that the price list uses.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Ec2 => "AmazonEC2",
            Self::Rds => "AmazonRDS",
            Self::Elb => "AWSELB",
            Self::Vpc => "AmazonVPC",
        }
    }

    /// Returns the columns that its offer file must have, besides those of every file.
    pub(super) fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Ec2 => &[
                "Instance Type",
                "Operating System",
                "Tenancy",
                "CapacityStatus",
                "Pre Installed S/W",
                "operation",
            ],
            Self::Rds => &[
                "Instance Type",
                "Database Engine",
                "Database Edition",
                "License Model",
                "Deployment Option",
            ],
            Self::Elb | Self::Vpc => &[],
        }
    }
}

/// A product that a row prices, and how the row's figure becomes ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offered {
    /// The product.
    pub(super) product: Product,
    /// Our unit.
    pub(super) unit: &'static str,
    /// What the row's price is divided by.
    pub(super) divisor: Decimal,
}

/// A meter: how a row names it, and how the catalogue does.
struct Meter {
    offer: Offer,
    /// Empty where the usage type alone is enough.
    product_family: &'static str,
    usage: &'static str,
    listed_unit: &'static str,
    divisor: u32,
    unit: &'static str,
    name: &'static str,
}

const fn ebs(
    usage: &'static str,
    listed_unit: &'static str,
    unit: &'static str,
    name: &'static str,
) -> Meter {
    Meter { offer: Offer::Ec2, product_family: "", usage, listed_unit, divisor: 1, unit, name }
}

const fn other(
    offer: Offer,
    product_family: &'static str,
    usage: &'static str,
    listed_unit: &'static str,
    unit: &'static str,
    name: &'static str,
) -> Meter {
    Meter { offer, product_family, usage, listed_unit, divisor: 1, unit, name }
}

const CLASSIC: &str = "Load Balancer";
const APPLICATION: &str = "Load Balancer-Application";
const NETWORK: &str = "Load Balancer-Network";

static METERS: [Meter; 21] = [
    ebs("EBS:VolumeUsage", "GB-Mo", "GB-month", "ebs/volume_storage_standard"),
    ebs("EBS:VolumeUsage.gp2", "GB-Mo", "GB-month", "ebs/volume_storage_gp2"),
    ebs("EBS:VolumeUsage.gp3", "GB-Mo", "GB-month", "ebs/volume_storage_gp3"),
    ebs("EBS:VolumeUsage.piops", "GB-Mo", "GB-month", "ebs/volume_storage_io1"),
    ebs("EBS:VolumeUsage.io2", "GB-Mo", "GB-month", "ebs/volume_storage_io2"),
    ebs("EBS:VolumeUsage.st1", "GB-Mo", "GB-month", "ebs/volume_storage_st1"),
    ebs("EBS:VolumeUsage.sc1", "GB-Mo", "GB-month", "ebs/volume_storage_sc1"),
    ebs("EBS:SnapshotUsage", "GB-Mo", "GB-month", "ebs/snapshot_storage"),
    ebs("EBS:SnapshotArchiveStorage", "GB-Mo", "GB-month", "ebs/snapshot_archive_storage"),
    ebs("EBS:VolumeP-IOPS.gp3", "IOPS-Mo", "IOPS-month", "ebs/gp3_iops_over_3000"),
    ebs("EBS:VolumeP-IOPS.piops", "IOPS-Mo", "IOPS-month", "ebs/io1_iops"),
    // Listed per GiB/s, billed and catalogued per MiB/s.
    Meter {
        offer: Offer::Ec2,
        product_family: "",
        usage: "EBS:VolumeP-Throughput.gp3",
        listed_unit: "GiBps-mo",
        divisor: 1024,
        unit: "MiBps-month",
        name: "ebs/gp3_throughput_over_125",
    },
    other(Offer::Ec2, "", "NatGateway-Hours", "Hrs", "hour", "nat/gateway_hour"),
    other(Offer::Ec2, "", "NatGateway-Bytes", "GB", "GB", "nat/data_processed"),
    other(Offer::Elb, CLASSIC, "LoadBalancerUsage", "Hrs", "hour", "elb/clb_hour"),
    other(Offer::Elb, APPLICATION, "LoadBalancerUsage", "Hrs", "hour", "elb/alb_hour"),
    other(Offer::Elb, NETWORK, "LoadBalancerUsage", "Hrs", "hour", "elb/nlb_hour"),
    other(Offer::Elb, APPLICATION, "LCUUsage", "LCU-Hrs", "LCU-hour", "elb/alb_lcu"),
    other(Offer::Elb, NETWORK, "LCUUsage", "LCU-Hrs", "LCU-hour", "elb/nlb_lcu"),
    other(Offer::Vpc, "", "PublicIPv4:InUseAddress", "Hrs", "hour", "vpc/public_ipv4_in_use"),
    other(Offer::Vpc, "", "PublicIPv4:IdleAddress", "Hrs", "hour", "vpc/public_ipv4_idle"),
];

/// Returns the product that a row prices; nothing where the catalogue does not keep it.
///
/// `field` gives the row's value of a column.
pub(super) fn offered<'a>(offer: Offer, field: impl Fn(&str) -> &'a str) -> Option<Offered> {
    if field("TermType") != "OnDemand" || field("Location Type") != "AWS Region" {
        return None;
    }
    let by_the_hour = |product| Offered { product, unit: "hour", divisor: Decimal::ONE };
    match offer {
        Offer::Ec2 if is_linux_on_demand(&field) => {
            Some(by_the_hour(Product::Instance(field("Instance Type").into())))
        }
        Offer::Rds => database(&field).map(|key| by_the_hour(Product::Database(key))),
        Offer::Ec2 | Offer::Elb | Offer::Vpc => meter(offer, &field),
    }
}

fn is_linux_on_demand<'a>(field: &impl Fn(&str) -> &'a str) -> bool {
    field("Operating System") == "Linux"
        && field("Tenancy") == "Shared"
        && field("CapacityStatus") == "Used"
        && field("Pre Installed S/W") == "NA"
        && field("operation") == "RunInstances"
        && field("Unit") == "Hrs"
}

fn database<'a>(field: &impl Fn(&str) -> &'a str) -> Option<DbPriceKey> {
    // `InstanceUsageIOOptimized:` and `Multi-AZUsage:` are other prices of the same class.
    let usage = field("usageType");
    let single_az = usage.starts_with("InstanceUsage:") || usage.contains("-InstanceUsage:");
    if !single_az || field("Deployment Option") != "Single-AZ" || field("Unit") != "Hrs" {
        return None;
    }
    let engine = match field("Database Engine") {
        "MySQL" => "mysql",
        "PostgreSQL" => "postgres",
        "MariaDB" => "mariadb",
        "Aurora MySQL" => "aurora-mysql",
        "Aurora PostgreSQL" => "aurora-postgresql",
        "Oracle" => "oracle",
        "SQL Server" => "sqlserver",
        _ => return None,
    };
    let edition = match field("Database Edition") {
        "" => "",
        "Enterprise" => "ee",
        "Standard" => "se",
        "Standard One" => "se1",
        "Standard Two" => "se2",
        "Express" => "ex",
        "Web" => "web",
        _ => return None,
    };
    let license = match field("License Model") {
        "No license required" => "none",
        "License included" => "li",
        "Bring your own license" => "byol",
        _ => return None,
    };
    Some(DbPriceKey {
        db_instance_class: field("Instance Type").into(),
        engine: engine.to_owned(),
        edition: edition.to_owned(),
        license: license.to_owned(),
    })
}

fn meter<'a>(offer: Offer, field: &impl Fn(&str) -> &'a str) -> Option<Offered> {
    if !matches!(field("StartingRange"), "" | "0") {
        return None;
    }
    let meter = METERS.iter().find(|meter| {
        meter.offer == offer
            && is_usage(field("usageType"), meter.usage)
            && meter.listed_unit.eq_ignore_ascii_case(field("Unit"))
            && (meter.product_family.is_empty() || meter.product_family == field("Product Family"))
    })?;
    Some(Offered {
        product: Product::Meter(meter.name.to_owned()),
        unit: meter.unit,
        divisor: meter.divisor.into(),
    })
}

/// Returns whether `listed` is `usage`, alone or behind a region's prefix such as `APN2-`.
fn is_usage(listed: &str, usage: &str) -> bool {
    match listed.strip_suffix(usage) {
        Some("") => true,
        Some(prefix) => {
            prefix.strip_suffix('-').is_some_and(|prefix| !prefix.contains(['-', ':', '.']))
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usage_type_counts_with_and_without_its_regions_prefix() {
        for listed in ["EBS:VolumeUsage", "APN2-EBS:VolumeUsage", "UGW1-EBS:VolumeUsage"] {
            assert!(is_usage(listed, "EBS:VolumeUsage"), "{listed}");
        }
        for listed in [
            "APN2-EBS:VolumeUsage.gp3",
            "APN2-EBS:Outposts-EBS:VolumeUsage",
            "xEBS:VolumeUsage",
            "APN2-LAX1-EBS:VolumeUsage",
        ] {
            assert!(!is_usage(listed, "EBS:VolumeUsage"), "{listed}");
        }
    }

    #[test]
    fn every_meter_that_a_refresh_brings_has_a_name_of_the_catalogue() {
        let known = super::super::table::METERS
            .rows()
            .map(|row| format!("{}/{}", row.get(1).unwrap_or(""), row.get(2).unwrap_or("")))
            .collect::<std::collections::BTreeSet<_>>();
        for meter in &METERS {
            assert!(known.contains(meter.name), "{}", meter.name);
        }
    }
}
