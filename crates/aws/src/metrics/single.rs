//! The series of one metric of one resource, of which only the identifier is known.

use trimtab_model::environment::Environment;
use trimtab_model::resource::{ResourceKind, ResourceRef};

use super::dimension::{Dimension, Lookup, lookup, node};
use super::plan::listing;
use crate::error::AwsError;
use crate::session::Session;

/// All dimensions of one series.
pub(crate) type Dimensions = Vec<Dimension>;

/// Finds the series of a metric of a resource: several where its parts have one each.
pub(crate) async fn dimensions_of(
    session: &Session,
    namespace: &str,
    metric: &str,
    resource: &str,
) -> Result<Vec<Dimensions>, AwsError> {
    let Some(found) = lookup_of(session, namespace, resource) else {
        return Err(AwsError::Failed {
            action: super::LIST_METRICS.to_owned(),
            code: "UnknownSeries".to_owned(),
            message: format!("how {namespace} names {resource} is not known"),
        });
    };
    match found {
        Lookup::Exactly(dimensions) => Ok(vec![dimensions]),
        Lookup::Among(key, count) => {
            let mut listed = listing(session, (namespace, metric), &key.0, Some(&key.1)).await?;
            let own = listed.remove(&key.1).unwrap_or_default();
            let is_whole = |one: &Dimensions| count.is_none_or(|count| one.len() == count);
            Ok(own.into_iter().filter(is_whole).collect())
        }
        Lookup::Nodes(of, name) => {
            let mut listed = listing(session, (namespace, metric), &of.0, Some(&of.1)).await?;
            let all = listed.remove(&of.1).unwrap_or_default();
            Ok(all.into_iter().filter(|one| node(&of, name, one).is_some()).collect())
        }
    }
}

fn lookup_of(session: &Session, namespace: &str, resource: &str) -> Option<Lookup> {
    // A target group's metrics name its load balancer too; the zone would be a third.
    if let Some((_, name)) = resource.split_once(":targetgroup/") {
        let group = ("TargetGroup".to_owned(), format!("targetgroup/{name}"));
        return Some(Lookup::Among(group, Some(2)));
    }
    let of = ResourceRef {
        id: resource.into(),
        kind: kind_of(namespace, resource)?,
        account: session.account().clone(),
        region: session.region().clone(),
        environment: Environment::Unknown,
        name: None,
    };
    lookup(namespace, &of)
}

/// Returns what a resource of a namespace is.
fn kind_of(namespace: &str, resource: &str) -> Option<ResourceKind> {
    match namespace {
        "AWS/EC2" | "CWAgent" if resource.starts_with("i-") => Some(ResourceKind::Instance),
        "AWS/EC2" | "AWS/AutoScaling" | "CWAgent" => Some(ResourceKind::AutoScalingGroup),
        "AWS/EBS" => Some(ResourceKind::Volume),
        "AWS/RDS" => Some(ResourceKind::DbInstance),
        "AWS/Lambda" => Some(ResourceKind::Function),
        "AWS/Logs" => Some(ResourceKind::LogGroup),
        "AWS/ApplicationELB" | "AWS/NetworkELB" | "AWS/GatewayELB" => {
            Some(ResourceKind::LoadBalancer)
        }
        "AWS/ELB" => Some(ResourceKind::ClassicLoadBalancer),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_what_its_namespace_measures() {
        assert_eq!(kind_of("AWS/EC2", "i-0a1b"), Some(ResourceKind::Instance));
        assert_eq!(kind_of("CWAgent", "i-0a1b"), Some(ResourceKind::Instance));
        assert_eq!(kind_of("AWS/EC2", "web"), Some(ResourceKind::AutoScalingGroup));
        assert_eq!(kind_of("CWAgent", "web"), Some(ResourceKind::AutoScalingGroup));
        assert_eq!(kind_of("Game/Server", "i-0a1b"), None);
    }
}
