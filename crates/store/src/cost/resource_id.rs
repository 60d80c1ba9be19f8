//! Brings a resource of the bill to the name that inventory gives it, and back.

use datafusion::logical_expr::{Expr, ident, lit};
use serde::{Deserialize, Serialize};

use trimtab_model::resource::{ResourceKind, ResourceRef};

/// Kinds of EC2 whose identifier follows the kind.
const EC2: &[&str] = &[
    "instance/",
    "volume/",
    "snapshot/",
    "natgateway/",
    "elastic-ip/",
    "dedicated-host/",
    "network-interface/",
    "transit-gateway-attachment/",
    "vpc-endpoint/",
    "vpn-connection/",
];

/// Returns the identifier that inventory uses, where the bill has an ARN and inventory
/// the short form; anything else comes back as it is.
///
/// Load balancers of the current API keep their ARN, for that is their identifier.
pub fn inventory_id(bill: &str) -> &str {
    // arn:partition:service:region:account:resource
    let mut parts = bill.splitn(6, ':');
    if parts.next() != Some("arn") {
        return bill;
    }
    let (Some(service), Some(resource)) = (parts.nth(1), parts.nth(2)) else { return bill };
    let after = |prefix: &str| resource.strip_prefix(prefix).filter(|name| !name.is_empty());
    let name = match service {
        "ec2" => EC2.iter().find_map(|kind| after(kind)),
        "rds" => after("db:"),
        "logs" => after("log-group:").map(|name| name.strip_suffix(":*").unwrap_or(name)),
        // A version or alias may follow the name.
        "lambda" => after("function:").and_then(|name| name.split(':').next()),
        "elasticfilesystem" => after("file-system/"),
        "ecr" => after("repository/"),
        "cloudtrail" => after("trail/"),
        "cloudwatch" => after("alarm:"),
        "s3" => Some(resource).filter(|name| !name.contains('/')),
        "elasticloadbalancing" => after("loadbalancer/").filter(|name| !name.contains('/')),
        _ => None,
    };
    name.unwrap_or(bill)
}

/// How the ARN of a kind is made of its name: service, and what stands before the name.
const ARNS: &[(ResourceKind, &str, &str)] = &[
    (ResourceKind::Instance, "ec2", "instance/"),
    (ResourceKind::Volume, "ec2", "volume/"),
    (ResourceKind::Snapshot, "ec2", "snapshot/"),
    (ResourceKind::Image, "ec2", "image/"),
    (ResourceKind::NatGateway, "ec2", "natgateway/"),
    (ResourceKind::Address, "ec2", "elastic-ip/"),
    (ResourceKind::Host, "ec2", "dedicated-host/"),
    (ResourceKind::CapacityReservation, "ec2", "capacity-reservation/"),
    (ResourceKind::NetworkInterface, "ec2", "network-interface/"),
    (ResourceKind::TransitGatewayAttachment, "ec2", "transit-gateway-attachment/"),
    (ResourceKind::VpcEndpoint, "ec2", "vpc-endpoint/"),
    (ResourceKind::VpnConnection, "ec2", "vpn-connection/"),
    (ResourceKind::DbInstance, "rds", "db:"),
    (ResourceKind::DbCluster, "rds", "cluster:"),
    (ResourceKind::DbSnapshot, "rds", "snapshot:"),
    (ResourceKind::DbClusterSnapshot, "rds", "cluster-snapshot:"),
    (ResourceKind::CacheCluster, "elasticache", "cluster:"),
    (ResourceKind::DynamoTable, "dynamodb", "table/"),
    (ResourceKind::RedshiftCluster, "redshift", "cluster:"),
    (ResourceKind::SearchDomain, "es", "domain/"),
    (ResourceKind::LogGroup, "logs", "log-group:"),
    (ResourceKind::Function, "lambda", "function:"),
    (ResourceKind::EksCluster, "eks", "cluster/"),
    (ResourceKind::EcsService, "ecs", "service/"),
    (ResourceKind::FileSystem, "elasticfilesystem", "file-system/"),
    (ResourceKind::Repository, "ecr", "repository/"),
    (ResourceKind::Trail, "cloudtrail", "trail/"),
    (ResourceKind::Alarm, "cloudwatch", "alarm:"),
    (ResourceKind::ClassicLoadBalancer, "elasticloadbalancing", "loadbalancer/"),
];

/// One resource, by every name that a bill may have for it.
///
/// Charges count whose account and region are its own or not told: a name alone may be that of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BilledAs {
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// The names: its own, and ARNs.
    pub names: Vec<String>,
}

impl BilledAs {
    /// Returns what a resource may be called: by its own name, by the ARN made of it, and by the names that are
    /// known besides.
    pub fn of(resource: &ResourceRef, known: impl IntoIterator<Item = String>) -> Self {
        let (account, region) = (resource.account.as_str(), resource.region.as_str());
        let id = resource.id.as_str();
        let partition = if region.starts_with("cn-") {
            "aws-cn"
        } else if region.starts_with("us-gov-") {
            "aws-us-gov"
        } else {
            "aws"
        };
        let mut names = vec![id.to_owned()];
        if resource.kind == ResourceKind::Bucket {
            names.push(format!("arn:{partition}:s3:::{id}"));
        }
        for (_, service, before) in ARNS.iter().filter(|(kind, ..)| *kind == resource.kind) {
            names.push(format!("arn:{partition}:{service}:{region}:{account}:{before}{id}"));
        }
        if resource.kind == ResourceKind::LogGroup {
            names.push(format!("arn:{partition}:logs:{region}:{account}:log-group:{id}:*"));
        }
        names.extend(known);
        names.sort();
        names.dedup();
        Self { account: account.to_owned(), region: region.to_owned(), names }
    }

    /// Returns what must hold of a charge of it.
    pub(super) fn condition(&self) -> Expr {
        let is = |column, value: &str| ident(column).is_null().or(ident(column).eq(lit(value)));
        let names = self.names.iter().map(|name| lit(name.as_str())).collect();
        let named = ident("ResourceId").in_list(names, false);
        named.and(is("SubAccountId", &self.account)).and(is("RegionId", &self.region))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bill: &str, expected: &str) {
        assert_eq!(inventory_id(bill), expected);
    }

    #[test]
    fn an_arn_becomes_the_name_that_inventory_gives() {
        check("arn:aws:ec2:ap-northeast-2:111122223333:instance/i-0a", "i-0a");
        check("arn:aws:ec2:ap-northeast-2:111122223333:volume/vol-1", "vol-1");
        check("arn:aws:ec2:ap-northeast-2:111122223333:natgateway/nat-1", "nat-1");
        check("arn:aws:rds:ap-northeast-2:111122223333:db:game-db", "game-db");
        check("arn:aws:ec2:us-east-1:111122223333:vpc-endpoint/vpce-0a", "vpce-0a");
        check("arn:aws:s3:::game-assets", "game-assets");
        check("arn:aws:ecr:us-east-1:111122223333:repository/team/game", "team/game");
        check(
            "arn:aws:logs:ap-northeast-2:111122223333:log-group:/aws/lambda/x:*",
            "/aws/lambda/x",
        );
        check("arn:aws:lambda:ap-northeast-2:111122223333:function:resize:live", "resize");
        check("arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/old", "old");
    }

    #[test]
    fn anything_else_stays() {
        for bill in [
            "i-0a",
            "my-bucket",
            "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/0a1b",
            "arn:aws:rds:us-east-1:111122223333:cluster:main",
            "arn:aws",
            "",
        ] {
            check(bill, bill);
        }
    }

    #[test]
    fn the_arn_that_is_made_of_a_name_leads_back_to_it() {
        use trimtab_model::environment::Environment;
        for (kind, id) in [
            (ResourceKind::Instance, "i-0a"),
            (ResourceKind::Volume, "vol-1"),
            (ResourceKind::DbInstance, "game-db"),
            (ResourceKind::LogGroup, "/aws/lambda/x"),
            (ResourceKind::Function, "resize"),
            (ResourceKind::Bucket, "game-assets"),
            (ResourceKind::ClassicLoadBalancer, "old"),
        ] {
            let resource = ResourceRef {
                id: id.into(),
                kind,
                account: "111122223333".into(),
                region: "ap-northeast-2".into(),
                environment: Environment::Unknown,
                name: None,
            };
            let billed = BilledAs::of(&resource, ["known".to_owned()]);
            assert!(billed.names.len() >= 3, "{billed:?}");
            for name in billed.names.iter().filter(|name| *name != "known") {
                assert_eq!(inventory_id(name), id);
            }
        }
    }
}
