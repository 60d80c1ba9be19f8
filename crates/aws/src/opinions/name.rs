//! The name that our inventory has for a resource that AWS names by its ARN.

use trimtab_model::resource::ResourceKind;

/// Returns the name; absent where the ARN has none.
pub(super) fn of_arn(kind: ResourceKind, arn: &str) -> Option<String> {
    let resource = arn.splitn(6, ':').nth(5)?;
    let name = match kind {
        // `autoScalingGroup:<uuid>:autoScalingGroupName/<name>`
        ResourceKind::AutoScalingGroup => resource.rsplit('/').next(),
        // `service/<cluster>/<name>`; the older form without the cluster names no service for sure.
        ResourceKind::EcsService => {
            return resource
                .strip_prefix("service/")
                .filter(|name| {
                    name.split_once('/')
                        .is_some_and(|(cluster, name)| !cluster.is_empty() && !name.is_empty())
                })
                .map(str::to_owned);
        }
        // `function:<name>` and perhaps a version behind it, and so on for the others.
        _ => resource.split(['/', ':']).nth(1),
    };
    name.filter(|name| !name.is_empty()).map(str::to_owned)
}

/// Returns the region that an ARN names.
pub(super) fn region_of_arn(arn: &str) -> Option<&str> {
    arn.split(':').nth(3).filter(|region| !region.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_gives_the_name_of_the_inventory() {
        use ResourceKind::*;
        for (kind, resource, expected) in [
            (Instance, "ec2:us-east-1:1:instance/i-1", Some("i-1")),
            (Volume, "ec2:us-east-1:1:volume/vol-1", Some("vol-1")),
            (DbInstance, "rds:us-east-1:1:db:users", Some("users")),
            (Function, "lambda:us-east-1:1:function:resize:$LATEST", Some("resize")),
            (
                AutoScalingGroup,
                "autoscaling:us-east-1:1:autoScalingGroup:u-u:autoScalingGroupName/web",
                Some("web"),
            ),
            (DynamoTable, "dynamodb:us-east-1:1:table/scores", Some("scores")),
            (NatGateway, "ec2:us-east-1:1:natgateway/nat-1", Some("nat-1")),
            (EcsService, "ecs:us-east-1:1:service/arena/match", Some("arena/match")),
            (EcsService, "ecs:us-east-1:1:service/match", None),
            (ModelEndpoint, "sagemaker:us-east-1:1:endpoint/ranker", Some("ranker")),
            (Instance, "ec2:us-east-1:1:instance", None),
        ] {
            let arn = format!("arn:aws:{resource}");
            assert_eq!(of_arn(kind, &arn).as_deref(), expected, "{arn}");
        }
        assert_eq!(of_arn(Instance, "i-1"), None);
    }
}
