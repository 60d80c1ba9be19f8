//! What can be bought: one meter per price of the catalogue.

use rust_decimal::Decimal;

use trimtab_model::price::{PriceBook, RegionPrices};

use crate::story::focus_row::Meter;

/// Instance types and classes taken per region: enough variety for a bill of any size.
const TYPES_PER_REGION: usize = 24;

/// Digits behind the point of a price on a generated bill. With six of the quantity they
/// give the sixteen of an amount, so that nothing is ever rounded.
pub(super) const PRICE_SCALE: u32 = 10;

/// Returns every meter, in the order of the catalogue.
pub(super) fn meters(prices: &PriceBook) -> Vec<Meter> {
    prices
        .regions
        .iter()
        .flat_map(|(region, prices)| of_region(region.as_str(), prices))
        .filter(|meter| meter.price > Decimal::ZERO)
        .collect()
}

fn of_region(region: &str, prices: &RegionPrices) -> Vec<Meter> {
    let mut meters = Vec::new();
    let step = |count: usize| (count / TYPES_PER_REGION).max(1);
    for (name, price) in prices.instance_hour.iter().step_by(step(prices.instance_hour.len())) {
        meters.push(meter(
            region,
            "AmazonEC2",
            &format!("BoxUsage:{name}"),
            "RunInstances",
            "Hours",
            price.usd,
        ));
    }
    for (key, price) in prices.db_instance_hour.iter().step_by(step(prices.db_instance_hour.len()))
    {
        meters.push(meter(
            region,
            "AmazonRDS",
            &format!("InstanceUsage:{}", key.db_instance_class),
            &format!("CreateDBInstance:{}", key.engine),
            "Hours",
            price.usd,
        ));
    }
    for (name, price) in &prices.meters {
        let (service, meter_name) = name.split_once('/').unwrap_or((name, name));
        meters.push(meter(region, service_code(service), meter_name, "", &price.unit, price.usd));
    }
    meters
}

fn meter(
    region: &str,
    code: &str,
    usage: &str,
    operation: &str,
    unit: &str,
    price: Decimal,
) -> Meter {
    let (service_name, service_category) = service(code);
    let usage_type = format!("{}-{usage}", region.to_uppercase());
    let sku = super::population::letters(&format!("{usage_type}{operation}"));
    let price = price.round_dp(PRICE_SCALE);
    Meter {
        service_name: service_name.to_owned(),
        service_category,
        service_code: code.to_owned(),
        description: format!("${price} per {unit} of {usage_type}"),
        usage_type,
        operation: operation.to_owned(),
        sku_price_id: format!("{sku}.JRTCKXETXF.6YS6EN2CT7"),
        sku_id: sku,
        unit: unit.to_owned(),
        price,
        region: Some(region.to_owned()),
    }
}

/// Returns AWS's service code for a service of the catalogue.
fn service_code(service: &str) -> &str {
    match service {
        "ebs" | "nat" => "AmazonEC2",
        "vpc" => "AmazonVPC",
        "elb" => "AWSELB",
        "rds" => "AmazonRDS",
        "s3" => "AmazonS3",
        "lambda" => "AWSLambda",
        "cloudwatch" => "AmazonCloudWatch",
        "data_transfer" => "AWSDataTransfer",
        "dynamodb" => "AmazonDynamoDB",
        "efs" => "AmazonEFS",
        "eks" => "AmazonEKS",
        "fargate" => "AmazonECS",
        "elasticache" => "AmazonElastiCache",
        "opensearch" => "AmazonES",
        "redshift" => "AmazonRedshift",
        "msk" => "AmazonMSK",
        "athena" => "AmazonAthena",
        other => other,
    }
}

/// Returns the name and the FOCUS category of a service.
fn service(code: &str) -> (&str, &'static str) {
    match code {
        "AmazonEC2" => ("Amazon Elastic Compute Cloud", "Compute"),
        "AmazonVPC" => ("Amazon Virtual Private Cloud", "Networking"),
        "AWSELB" => ("Elastic Load Balancing", "Networking"),
        "AmazonRDS" => ("Amazon Relational Database Service", "Databases"),
        "AmazonS3" => ("Amazon Simple Storage Service", "Storage"),
        "AWSLambda" => ("AWS Lambda", "Compute"),
        "AmazonCloudWatch" => ("AmazonCloudWatch", "Management and Governance"),
        "AWSDataTransfer" => ("AWS Data Transfer", "Networking"),
        "AmazonDynamoDB" => ("Amazon DynamoDB", "Databases"),
        "AmazonEFS" => ("Amazon Elastic File System", "Storage"),
        "AmazonEKS" => ("Amazon Elastic Container Service for Kubernetes", "Compute"),
        "AmazonECS" => ("Amazon Elastic Container Service", "Compute"),
        "AmazonElastiCache" => ("Amazon ElastiCache", "Databases"),
        "AmazonES" => ("Amazon OpenSearch Service", "Analytics"),
        "AmazonRedshift" => ("Amazon Redshift", "Analytics"),
        "AmazonMSK" => ("Amazon Managed Streaming for Apache Kafka", "Integration"),
        "AmazonAthena" => ("Amazon Athena", "Analytics"),
        other => (other, "Other"),
    }
}
