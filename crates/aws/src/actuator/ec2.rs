//! EC2: instances, volumes, snapshots, reservations and addresses.

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types;
use aws_smithy_types::DateTime;
use aws_types::request_id::RequestId;
use jiff::Timestamp;

use trimtab_model::action::VolumeSettings;
use trimtab_model::call::CallResult;
use trimtab_model::id::{InstanceType, ResourceId};

use super::answer::{self, nothing, one, result};
use super::perform::{DRILL_TAG, Purpose, QUARANTINE_TAG};

/// What a capacity reservation holds a seat for.
pub(super) struct Seat<'a> {
    pub(super) instance_type: &'a InstanceType,
    pub(super) platform: &'a str,
    pub(super) availability_zone: &'a str,
}

/// What is had back, and as what.
pub(super) struct Drill<'a> {
    pub(super) snapshot: &'a ResourceId,
    pub(super) availability_zone: &'a str,
    pub(super) volume_type: &'a str,
}

/// Snapshots all volumes of an instance at one moment.
pub(super) async fn create_snapshots(
    client: &Client,
    instance: &ResourceId,
    purpose: Purpose<'_>,
) -> CallResult {
    let source = types::InstanceSpecification::builder().instance_id(instance.as_str()).build();
    let answer = client
        .create_snapshots()
        .instance_specification(source)
        .description(description(purpose))
        .tag_specifications(tags(types::ResourceType::Snapshot, purpose))
        .send()
        .await;
    result(answer, |output| {
        let ids: Vec<&str> =
            output.snapshots().iter().filter_map(|one| one.snapshot_id()).collect();
        one("snapshots", (!ids.is_empty()).then(|| ids.join(",")).as_deref())
    })
}

/// Snapshots one volume.
pub(super) async fn create_snapshot(
    client: &Client,
    volume: &ResourceId,
    purpose: Purpose<'_>,
) -> CallResult {
    let answer = client
        .create_snapshot()
        .volume_id(volume.as_str())
        .description(description(purpose))
        .tag_specifications(tags(types::ResourceType::Snapshot, purpose))
        .send()
        .await;
    result(answer, |output| one("snapshot", output.snapshot_id()))
}

/// Holds a seat that only those who name it can take, until a moment.
pub(super) async fn reserve(
    client: &Client,
    seat: Seat<'_>,
    ends_at: Timestamp,
    token: &str,
    purpose: Purpose<'_>,
) -> CallResult {
    let answer = client
        .create_capacity_reservation()
        .client_token(token)
        .instance_type(seat.instance_type.as_str())
        .instance_platform(types::CapacityReservationInstancePlatform::from(seat.platform))
        .availability_zone(seat.availability_zone)
        .instance_count(1)
        .instance_match_criteria(types::InstanceMatchCriteria::Targeted)
        .end_date_type(types::EndDateType::Limited)
        .end_date(DateTime::from_secs(ends_at.as_second()))
        .tag_specifications(tags(types::ResourceType::CapacityReservation, purpose))
        .send()
        .await;
    result(answer, |output| {
        let made = output.capacity_reservation();
        one("reservation", made.and_then(|made| made.capacity_reservation_id()))
    })
}

/// Gives a seat back.
pub(super) async fn cancel_reservation(client: &Client, reservation: &ResourceId) -> CallResult {
    let answer = client
        .cancel_capacity_reservation()
        .capacity_reservation_id(reservation.as_str())
        .send()
        .await;
    if let Ok(output) = &answer
        && output.r#return() == Some(false)
    {
        return CallResult::Unknown { why: "AWS answered that it did not cancel it".to_owned() };
    }
    result(answer, nothing)
}

/// Stops an instance, by way of its operating system.
pub(super) async fn stop(client: &Client, instance: &ResourceId) -> CallResult {
    result(client.stop_instances().instance_ids(instance.as_str()).send().await, nothing)
}

/// Starts an instance.
pub(super) async fn start(client: &Client, instance: &ResourceId) -> CallResult {
    result(client.start_instances().instance_ids(instance.as_str()).send().await, nothing)
}

/// Changes the type of a stopped instance, and no other attribute.
pub(super) async fn modify_type(
    client: &Client,
    instance: &ResourceId,
    to: &InstanceType,
) -> CallResult {
    let to = types::AttributeValue::builder().value(to.as_str()).build();
    let answer = client
        .modify_instance_attribute()
        .instance_id(instance.as_str())
        .instance_type(to)
        .send()
        .await;
    result(answer, nothing)
}

/// Sets whether an instance may use more credits than it earned.
pub(super) async fn modify_credits(
    client: &Client,
    instance: &ResourceId,
    cpu_credits: &str,
) -> CallResult {
    let to = types::InstanceCreditSpecificationRequest::builder()
        .instance_id(instance.as_str())
        .cpu_credits(cpu_credits)
        .build();
    let answer = client
        .modify_instance_credit_specification()
        .instance_credit_specifications(to)
        .send()
        .await;
    if let Ok(output) = &answer
        && let Some(failed) = output.unsuccessful_instance_credit_specifications().first()
    {
        let error = failed.error();
        let code =
            error.and_then(|error| error.code()).map_or("Unsuccessful", |code| code.as_str());
        let message = error.and_then(|error| error.message()).unwrap_or_default();
        return answer::refused(code, message, output.request_id());
    }
    result(answer, nothing)
}

/// Changes type, IOPS or throughput of a volume.
pub(super) async fn modify_volume(
    client: &Client,
    volume: &ResourceId,
    to: &VolumeSettings,
) -> CallResult {
    let number = |value: Option<u32>| value.and_then(|value| i32::try_from(value).ok());
    let answer = client
        .modify_volume()
        .volume_id(volume.as_str())
        .volume_type(types::VolumeType::from(to.volume_type.as_str()))
        .set_iops(number(to.iops))
        .set_throughput(number(to.throughput_mib_s))
        .send()
        .await;
    result(answer, nothing)
}

/// Deletes a volume.
pub(super) async fn delete_volume(client: &Client, volume: &ResourceId) -> CallResult {
    result(client.delete_volume().volume_id(volume.as_str()).send().await, nothing)
}

/// Makes a volume of a snapshot, to see whether it can be had back.
pub(super) async fn create_drill_volume(
    client: &Client,
    drill: Drill<'_>,
    token: &str,
    purpose: Purpose<'_>,
) -> CallResult {
    let mark = tag(DRILL_TAG, "restore");
    let all = purpose.tags().map(|(key, value)| tag(key, value)).into_iter().chain([mark]);
    let tags = types::TagSpecification::builder()
        .resource_type(types::ResourceType::Volume)
        .set_tags(Some(all.collect()))
        .build();
    let answer = client
        .create_volume()
        .snapshot_id(drill.snapshot.as_str())
        .availability_zone(drill.availability_zone)
        .volume_type(types::VolumeType::from(drill.volume_type))
        .client_token(token)
        .tag_specifications(tags)
        .send()
        .await;
    result(answer, |output| one("volume", output.volume_id()))
}

/// Marks a resource as lying in quarantine until a moment.
pub(super) async fn quarantine(
    client: &Client,
    resource: &ResourceId,
    until: Timestamp,
) -> CallResult {
    let tag = tag(QUARANTINE_TAG, &until.to_string());
    result(client.create_tags().resources(resource.as_str()).tags(tag).send().await, nothing)
}

/// Takes that mark away, whatever it says.
pub(super) async fn end_quarantine(client: &Client, resource: &ResourceId) -> CallResult {
    // Without a value, the tag is deleted whatever its value is.
    let tag = types::Tag::builder().key(QUARANTINE_TAG).build();
    result(client.delete_tags().resources(resource.as_str()).tags(tag).send().await, nothing)
}

/// Gives an address back.
pub(super) async fn release_address(client: &Client, allocation: &ResourceId) -> CallResult {
    result(client.release_address().allocation_id(allocation.as_str()).send().await, nothing)
}

/// Asks for an address again that was ours.
pub(super) async fn recover_address(
    client: &Client,
    public_ip: &str,
    purpose: Purpose<'_>,
) -> CallResult {
    let answer = client
        .allocate_address()
        .domain(types::DomainType::Vpc)
        .address(public_ip)
        .tag_specifications(tags(types::ResourceType::ElasticIp, purpose))
        .send()
        .await;
    result(answer, |output| one("allocation", output.allocation_id()))
}

fn description(purpose: Purpose<'_>) -> String {
    format!("trimtab {} {}", purpose.plan, purpose.change)
}

fn tags(of: types::ResourceType, purpose: Purpose<'_>) -> types::TagSpecification {
    let all = purpose.tags().map(|(key, value)| tag(key, value));
    types::TagSpecification::builder().resource_type(of).set_tags(Some(all.into())).build()
}

fn tag(key: &str, value: &str) -> types::Tag {
    types::Tag::builder().key(key).value(value).build()
}
