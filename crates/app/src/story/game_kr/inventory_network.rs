//! Writes the part of the inventory that belongs to the network.

use std::path::Path;

use serde_json::{Value, json};

use super::calendar::days_ago;
use super::cast::{Owner, REGION};
use super::company::Company;
use super::inventory::{tags, write_json};
use super::leftovers::{Balancer, Gateway, PublicAddress};
use super::requests::{BALANCER, LEAKING};
use crate::story::error::StoryError;

/// Writes addresses, gateways, load balancers of both APIs and target health into `dir`.
pub(super) fn write(
    dir: &Path,
    company: &Company,
    is_here: &dyn Fn(&Owner) -> bool,
) -> Result<(), StoryError> {
    let addresses: Vec<Value> =
        company.addresses.iter().filter(|one| is_here(&one.owner)).map(address).collect();
    write_json(&dir.join("describe-addresses.json"), &json!({ "Addresses": addresses }))?;

    let gateways: Vec<Value> = company
        .gateways
        .iter()
        .filter(|one| is_here(&one.owner))
        .map(|gateway| nat_gateway(gateway, company))
        .collect();
    write_json(&dir.join("describe-nat-gateways.json"), &json!({ "NatGateways": gateways }))?;

    let here = || company.balancers.iter().filter(|one| is_here(&one.owner));
    let current: Vec<&Balancer> = here().filter(|one| one.kind != "classic").collect();
    let classic: Vec<Value> = here().filter(|one| one.kind == "classic").map(classic).collect();
    let balancers: Vec<Value> = current.iter().map(|balancer| load_balancer(balancer)).collect();
    write_json(
        &dir.join("elbv2-describe-load-balancers.json"),
        &json!({ "LoadBalancers": balancers }),
    )?;
    write_json(
        &dir.join("elb-describe-load-balancers.json"),
        &json!({ "LoadBalancerDescriptions": classic }),
    )?;
    let groups: Vec<Value> = current.iter().map(|balancer| target_group(balancer)).collect();
    write_json(&dir.join("describe-target-groups.json"), &json!({ "TargetGroups": groups }))?;
    for balancer in current {
        let name = format!("describe-target-health.{}.json", balancer.name);
        write_json(&dir.join(name), &target_health(balancer, company))?;
    }
    Ok(())
}

fn address(address: &PublicAddress) -> Value {
    let mut value = json!({
        "AllocationId": address.id,
        "PublicIp": address.ip,
        "PublicIpv4Pool": "amazon",
        "NetworkBorderGroup": REGION,
        "Domain": "vpc",
        "Tags": tags(address.name, &address.owner),
    });
    if let Some(fields) = value.as_object_mut()
        && let Some(interface) = &address.interface
    {
        let association = interface.replacen("eni-", "eipassoc-", 1);
        fields.insert("AssociationId".to_owned(), json!(association));
        fields.insert("NetworkInterfaceId".to_owned(), json!(interface));
        fields
            .insert("NetworkInterfaceOwnerId".to_owned(), json!(address.owner.stage.account().id));
    }
    value
}

fn nat_gateway(gateway: &Gateway, company: &Company) -> Value {
    let account = gateway.owner.stage.account().id;
    let addresses: Vec<Value> = company
        .addresses
        .iter()
        .filter(|address| address.name == gateway.name)
        .map(|address| {
            json!({
                "AllocationId": address.id,
                "NetworkInterfaceId": address.interface,
                "PublicIp": address.ip,
                "IsPrimary": true,
                "Status": "succeeded",
            })
        })
        .collect();
    json!({
        "NatGatewayId": gateway.id,
        "State": "available",
        "CreateTime": days_ago(520).to_string(),
        "ConnectivityType": "public",
        "VpcId": format!("vpc-0{account}0000"),
        "SubnetId": format!("subnet-0{account}0000"),
        "NatGatewayAddresses": addresses,
        "Tags": tags(gateway.name, &gateway.owner),
    })
}

fn load_balancer(balancer: &Balancer) -> Value {
    json!({
        "LoadBalancerArn": balancer.arn(),
        "LoadBalancerName": balancer.name,
        "DNSName": format!("{}.{REGION}.elb.amazonaws.com", balancer.name),
        "CreatedTime": days_ago(430).to_string(),
        "Scheme": "internet-facing",
        "State": { "Code": "active" },
        "Type": balancer.kind,
        "IpAddressType": "ipv4",
    })
}

fn classic(balancer: &Balancer) -> Value {
    json!({
        "LoadBalancerName": balancer.name,
        "DNSName": format!("{}.{REGION}.elb.amazonaws.com", balancer.name),
        "CreatedTime": days_ago(1600).to_string(),
        "Scheme": "internet-facing",
        "AvailabilityZones": [format!("{REGION}a")],
        "ListenerDescriptions": [],
        "Instances": [],
    })
}

fn target_group(balancer: &Balancer) -> Value {
    json!({
        "TargetGroupArn": balancer.target_group_arn(),
        "TargetGroupName": balancer.name,
        "Protocol": "HTTP",
        "Port": 80,
        "TargetType": "instance",
        "LoadBalancerArns": [balancer.arn()],
    })
}

/// `describe-target-health` does not say whose targets it lists: the file's name does.
fn target_health(balancer: &Balancer, company: &Company) -> Value {
    let count = usize::try_from(balancer.targets).unwrap_or_default();
    let targets: Vec<Value> = company
        .machines
        .iter()
        .filter(|machine| balancer.name != BALANCER || LEAKING.contains(&machine.name))
        .take(count)
        .map(|machine| {
            json!({
                "Target": { "Id": machine.id, "Port": 80 },
                "HealthCheckPort": "80",
                "TargetHealth": { "State": "healthy" },
            })
        })
        .collect();
    json!({ "TargetHealthDescriptions": targets })
}
