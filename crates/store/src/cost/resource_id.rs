//! Brings a resource of the bill to the name that inventory gives it.

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
}
