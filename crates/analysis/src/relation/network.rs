//! Networks, gateways, load balancers and what stands behind them.

use std::borrow::Cow;

use trimtab_model::relation::Bond;
use trimtab_model::resource::ResourceKind;
use trimtab_model::snapshot::Snapshot;

use super::edge::{Edge, End, SUBNET, VPC, Visit};

/// What a route leads to, by how its identifier begins.
const ROUTES: [(&str, ResourceKind); 4] = [
    ("nat-", ResourceKind::NatGateway),
    ("vpce-", ResourceKind::VpcEndpoint),
    ("eni-", ResourceKind::NetworkInterface),
    ("i-", ResourceKind::Instance),
];

/// Visits what networks and load balancers name.
pub(super) fn edges<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    gateways(snapshot, visit);
    interfaces(snapshot, visit);
    routes(snapshot, visit);
    endpoints(snapshot, visit);
    attachments(snapshot, visit);
    balancers(snapshot, visit);
}

/// Says in which network and which of its parts something lies.
fn located<'a>(
    from: &End<'a>,
    vpc: Option<&'a String>,
    subnets: impl IntoIterator<Item = &'a String>,
    visit: Visit<'a, '_>,
) {
    let vpc = vpc.into_iter().map(|id| (VPC, id));
    let places = vpc.chain(subnets.into_iter().map(|id| (SUBNET, id)));
    for (kind, id) in places.filter(|(_, id)| !id.is_empty()) {
        let to = from.beside(kind, id.as_str());
        visit(Edge { from: from.clone(), bond: Bond::Location, to });
    }
}

fn gateways<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    for gateway in &snapshot.nat_gateways {
        let to = End::of(gateway, ResourceKind::NatGateway);
        located(&to, gateway.kind.vpc_id.as_ref(), &gateway.kind.subnet_id, visit);
        for id in &gateway.kind.allocation_ids {
            let from = to.beside(ResourceKind::Address.as_str(), id.as_str());
            visit(Edge { from, bond: Bond::Attachment, to: to.clone() });
        }
    }
}

fn interfaces<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    for interface in &snapshot.network_interfaces {
        let from = End::of(interface, ResourceKind::NetworkInterface);
        located(&from, interface.kind.vpc_id.as_ref(), &interface.kind.subnet_id, visit);
        if let Some(id) = &interface.kind.instance_id {
            let to = from.beside(ResourceKind::Instance.as_str(), id.as_str());
            // An instance lies where its interface does: it says so nowhere else.
            located(&to, interface.kind.vpc_id.as_ref(), &interface.kind.subnet_id, visit);
            visit(Edge { from, bond: Bond::Attachment, to });
        }
    }
}

fn routes<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    for table in &snapshot.route_tables {
        let from = End::of(table, ResourceKind::RouteTable);
        located(&from, table.kind.vpc_id.as_ref(), &table.kind.subnet_ids, visit);
        for target in &table.kind.targets {
            let kind = ROUTES.iter().find(|(start, _)| target.starts_with(start));
            if let Some((_, kind)) = kind {
                let to = from.beside(kind.as_str(), target.as_str());
                visit(Edge { from: from.clone(), bond: Bond::Traffic, to });
            }
        }
    }
}

fn endpoints<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    for endpoint in &snapshot.vpc_endpoints {
        let to = End::of(endpoint, ResourceKind::VpcEndpoint);
        located(&to, endpoint.kind.vpc_id.as_ref(), &endpoint.kind.subnet_ids, visit);
        for id in &endpoint.kind.route_table_ids {
            let from = to.beside(ResourceKind::RouteTable.as_str(), id.as_str());
            visit(Edge { from, bond: Bond::Traffic, to: to.clone() });
        }
    }
}

fn attachments<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    for attachment in &snapshot.transit_gateway_attachments {
        let from = End::of(attachment, ResourceKind::TransitGatewayAttachment);
        let Some(id) = attachment.kind.attached_id.as_deref() else { continue };
        let kind = if id.starts_with("vpc-") {
            VPC
        } else if id.starts_with("vpn-") {
            ResourceKind::VpnConnection.as_str()
        } else {
            continue;
        };
        let to = from.beside(kind, id);
        visit(Edge { from, bond: Bond::Attachment, to });
    }
}

/// A service of containers names target groups, and so does a load balancer: they meet there.
fn balancers<'a>(snapshot: &'a Snapshot, visit: Visit<'a, '_>) {
    for balancer in &snapshot.load_balancers {
        let from = End::of(balancer, balancer.kind.load_balancer_type.resource_kind());
        for target in balancer.kind.target_ids.iter().flatten() {
            if let Some(to) = target_end(&from, target) {
                visit(Edge { from: from.clone(), bond: Bond::Traffic, to });
            }
        }
        let groups = balancer.kind.target_groups.iter().flatten();
        for group in groups.map(|group| &group.target_group_arn) {
            let services = snapshot.ecs_services.iter();
            for service in services.filter(|one| one.kind.target_groups.contains(group)) {
                let to = End::of(service, ResourceKind::EcsService);
                visit(Edge { from: from.clone(), bond: Bond::Traffic, to });
            }
        }
    }
}

/// Returns the resource that a target is; none for an address, which is nobody's name.
fn target_end<'a>(from: &End<'a>, target: &'a str) -> Option<End<'a>> {
    if target.starts_with("i-") {
        return Some(from.beside(ResourceKind::Instance.as_str(), target));
    }
    let resource = target.splitn(6, ':').nth(5)?;
    if let Some(name) = resource.strip_prefix("function:") {
        let name = name.split(':').next().unwrap_or(name);
        return Some(from.beside(ResourceKind::Function.as_str(), name));
    }
    let balancer = ResourceKind::LoadBalancer.as_str();
    resource.starts_with("loadbalancer/").then(|| from.beside(balancer, Cow::Borrowed(target)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_an_instance_a_function_or_another_load_balancer() {
        let from = End { kind: "", account: "1", region: "r", id: Cow::Borrowed("") };
        let of = |target: &'static str| {
            target_end(&from, target).map(|end| (end.kind, end.id.into_owned()))
        };
        assert_eq!(of("i-1"), Some(("AWS::EC2::Instance", "i-1".to_owned())));
        assert_eq!(of("10.0.0.7"), None);
        let function = "arn:aws:lambda:r:1:function:resize:live";
        assert_eq!(of(function), Some(("AWS::Lambda::Function", "resize".to_owned())));
        let balancer = "arn:aws:elasticloadbalancing:r:1:loadbalancer/app/a/1";
        let kind = "AWS::ElasticLoadBalancingV2::LoadBalancer";
        assert_eq!(of(balancer), Some((kind, balancer.to_owned())));
    }
}
