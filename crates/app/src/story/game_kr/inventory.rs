//! Writes the inventory as the AWS CLI prints it: one directory per account and region.

use std::path::Path;

use serde_json::{Value, json};

use super::calendar::days_ago;
use super::cast::{Database, Disk, Machine, OLD_REGION, Owner, REGION, Stage};
use super::company::Company;
use super::inventory_network;
use super::leftovers::{DiskSnapshot, LambdaFunction, Logs};
use crate::story::error::StoryError;

/// Writes `<account>/<region>/<operation>.json` below `dir`.
///
/// Every operation is listed for every account, also where it finds nothing: an empty
/// listing says that there is nothing, a missing one says nothing.
pub(super) fn write(dir: &Path, company: &Company) -> Result<(), StoryError> {
    for stage in Stage::ALL {
        for region in [REGION, OLD_REGION] {
            if region == OLD_REGION && stage != Stage::Production {
                continue;
            }
            let here = dir.join(stage.account().id).join(region);
            std::fs::create_dir_all(&here).map_err(StoryError::write(&here))?;
            let at = |owner: &Owner, there: &str| owner.stage == stage && there == region;
            let put = |operation: &str, key: &str, entries: Vec<Value>| {
                write_json(&here.join(format!("{operation}.json")), &json!({ key: entries }))
            };
            let machines = company.machines.iter().filter(|one| at(&one.owner, one.region));
            put(
                "describe-instances",
                "Reservations",
                machines.clone().map(|one| reservation(one, company)).collect(),
            )?;
            put(
                "describe-auto-scaling-groups",
                "AutoScalingGroups",
                groups(&machines.collect::<Vec<_>>()),
            )?;
            put(
                "describe-volumes",
                "Volumes",
                company
                    .disks
                    .iter()
                    .filter(|one| at(&one.owner, one.region))
                    .map(|disk| volume(disk, company))
                    .collect(),
            )?;
            put(
                "describe-snapshots",
                "Snapshots",
                company
                    .snapshots
                    .iter()
                    .filter(|one| at(&one.owner, one.region))
                    .map(snapshot)
                    .collect(),
            )?;
            put(
                "describe-db-instances",
                "DBInstances",
                company
                    .databases
                    .iter()
                    .filter(|one| at(&one.owner, REGION))
                    .map(db_instance)
                    .collect(),
            )?;
            put(
                "describe-log-groups",
                "logGroups",
                company.logs.iter().filter(|one| at(&one.owner, REGION)).map(log_group).collect(),
            )?;
            put(
                "list-functions",
                "Functions",
                company
                    .functions
                    .iter()
                    .filter(|one| at(&one.owner, REGION))
                    .map(function)
                    .collect(),
            )?;
            inventory_network::write(&here, company, &|owner| at(owner, REGION))?;
        }
    }
    Ok(())
}

/// Writes one file, indented as the AWS CLI indents it.
pub(super) fn write_json(path: &Path, value: &Value) -> Result<(), StoryError> {
    let mut text = serde_json::to_string_pretty(value)
        .map_err(|cause| StoryError::Json { path: path.to_owned(), cause })?;
    text.push('\n');
    std::fs::write(path, text).map_err(StoryError::write(path))
}

/// Returns the tags of a resource, as most APIs list them.
pub(super) fn tags(name: &str, owner: &Owner) -> Value {
    let tags: Vec<Value> = tag_pairs(name, owner)
        .into_iter()
        .map(|(key, value)| json!({ "Key": key, "Value": value }))
        .collect();
    json!(tags)
}

/// Returns the tags of a machine: of one that reads a queue, the queue's name too.
fn machine_tags(machine: &Machine) -> Value {
    let mut all = tags(machine.name, &machine.owner);
    if let (Some(all), Some((key, value))) = (all.as_array_mut(), super::queues::tags(machine.name))
    {
        all.push(json!({ "Key": key, "Value": value }));
    }
    all
}

/// Returns the tags of a resource as pairs.
pub(super) fn tag_pairs(name: &str, owner: &Owner) -> Vec<(String, String)> {
    [("Name", name), ("Environment", owner.stage.tag()), ("Team", owner.team), ("Game", "스타폴")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
}

fn reservation(machine: &Machine, company: &Company) -> Value {
    let account = machine.owner.stage.account().id;
    let disks = company.disks.iter().filter(|disk| disk.instance.as_ref() == Some(&machine.id));
    let mappings: Vec<Value> = disks
        .map(|disk| {
            let device = device(disk, company);
            json!({
                "DeviceName": device,
                "Ebs": {
                    "AttachTime": days_ago(disk.age_days).to_string(),
                    "DeleteOnTermination": device == "/dev/xvda",
                    "Status": "attached",
                    "VolumeId": disk.id,
                }
            })
        })
        .collect();
    let mut instance = json!({
        "InstanceId": machine.id,
        "ImageId": "ami-0c9c942bd7bf113a2",
        "InstanceType": machine.instance_type,
        "LaunchTime": days_ago(machine.stopped_days.map_or(210, |days| days + 90)).to_string(),
        "Placement": { "AvailabilityZone": format!("{}a", machine.region), "GroupName": "", "Tenancy": "default" },
        "Monitoring": { "State": "disabled" },
        "State": if machine.stopped_days.is_some() {
            json!({ "Code": 80, "Name": "stopped" })
        } else {
            json!({ "Code": 16, "Name": "running" })
        },
        "StateTransitionReason": "",
        "Architecture": "x86_64",
        "PlatformDetails": "Linux/UNIX",
        "UsageOperation": "RunInstances",
        "VirtualizationType": "hvm",
        "Hypervisor": "xen",
        "EnaSupport": true,
        "EbsOptimized": true,
        "RootDeviceName": "/dev/xvda",
        "RootDeviceType": "ebs",
        "BlockDeviceMappings": mappings,
        "NetworkInterfaces": [],
        "SecurityGroups": [],
        "Tags": machine_tags(machine),
    });
    let Some(fields) = instance.as_object_mut() else { return Value::Null };
    if let Some(days) = machine.stopped_days {
        let when = days_ago(days).strftime("%Y-%m-%d %H:%M:%S");
        fields.insert(
            "StateTransitionReason".to_owned(),
            json!(format!("User initiated ({when} GMT)")),
        );
        fields.insert(
            "StateReason".to_owned(),
            json!({
                "Code": "Client.UserInitiatedShutdown",
                "Message": "Client.UserInitiatedShutdown: User initiated shutdown",
            }),
        );
    }
    if let Some(group) = machine.auto_scaling_group
        && let Some(list) = fields.get_mut("Tags").and_then(Value::as_array_mut)
    {
        list.push(json!({ "Key": "aws:autoscaling:groupName", "Value": group }));
    }
    json!({ "ReservationId": format!("r-{}", machine.id.trim_start_matches("i-")), "OwnerId": account, "Groups": [], "Instances": [instance] })
}

fn groups(machines: &[&Machine]) -> Vec<Value> {
    let members: Vec<&&Machine> =
        machines.iter().filter(|machine| machine.auto_scaling_group.is_some()).collect();
    let Some(first) = members.first() else { return Vec::new() };
    let account = first.owner.stage.account().id;
    let name = first.auto_scaling_group.unwrap_or_default();
    let instances: Vec<Value> = members
        .iter()
        .map(|machine| {
            json!({
                "InstanceId": machine.id,
                "InstanceType": machine.instance_type,
                "AvailabilityZone": format!("{REGION}a"),
                "LifecycleState": "InService",
                "HealthStatus": "Healthy",
                "ProtectedFromScaleIn": false,
            })
        })
        .collect();
    vec![json!({
        "AutoScalingGroupName": name,
        "AutoScalingGroupARN": format!("arn:aws:autoscaling:{REGION}:{account}:autoScalingGroup:5d6f:autoScalingGroupName/{name}"),
        "MinSize": members.len(),
        "MaxSize": members.len(),
        "DesiredCapacity": members.len(),
        "DefaultCooldown": 300,
        "AvailabilityZones": [format!("{REGION}a")],
        "HealthCheckType": "EC2",
        "CreatedTime": days_ago(400).to_string(),
        "Instances": instances,
        "Tags": [],
    })]
}

/// Returns the device of an attached disk: the first of a machine is its root.
fn device(disk: &Disk, company: &Company) -> &'static str {
    let before = company
        .disks
        .iter()
        .filter(|other| other.instance == disk.instance)
        .take_while(|other| other.id != disk.id)
        .count();
    ["/dev/xvda", "/dev/sdf", "/dev/sdg"].get(before).copied().unwrap_or("/dev/sdh")
}

fn volume(disk: &Disk, company: &Company) -> Value {
    let attachments: Vec<Value> = disk
        .instance
        .iter()
        .map(|instance| {
            json!({
                "AttachTime": days_ago(disk.age_days).to_string(),
                "Device": device(disk, company),
                "InstanceId": instance,
                "State": "attached",
                "VolumeId": disk.id,
                "DeleteOnTermination": true,
            })
        })
        .collect();
    let mut volume = json!({
        "VolumeId": disk.id,
        "VolumeType": disk.volume_type,
        "Size": disk.gib,
        "Iops": disk.iops,
        "State": if disk.instance.is_some() { "in-use" } else { "available" },
        "CreateTime": days_ago(disk.age_days).to_string(),
        "AvailabilityZone": format!("{}a", disk.region),
        "SnapshotId": "",
        "Encrypted": true,
        "MultiAttachEnabled": false,
        "Attachments": attachments,
        "Tags": tags(&disk.name, &disk.owner),
    });
    if let Some(fields) = volume.as_object_mut().filter(|_| disk.volume_type == "gp3") {
        fields.insert("Throughput".to_owned(), json!(125));
    }
    volume
}

fn snapshot(snapshot: &DiskSnapshot) -> Value {
    json!({
        "SnapshotId": snapshot.id,
        "VolumeId": snapshot.volume,
        "VolumeSize": snapshot.volume_gib,
        "FullSnapshotSizeInBytes": u64::from(snapshot.stored_gib) * 1_073_741_824,
        "StartTime": days_ago(snapshot.age_days).to_string(),
        "State": "completed",
        "Progress": "100%",
        "StorageTier": "standard",
        "Description": format!("backup of {}", snapshot.name),
        "Encrypted": true,
        "OwnerId": snapshot.owner.stage.account().id,
        "Tags": tags(snapshot.name, &snapshot.owner),
    })
}

fn db_instance(database: &Database) -> Value {
    let account = database.owner.stage.account().id;
    json!({
        "DBInstanceIdentifier": database.name,
        "DBInstanceArn": database.arn(),
        "DbiResourceId": format!("db-{}", database.name.to_uppercase().replace('-', "")),
        "DBInstanceClass": database.class,
        "Engine": "mysql",
        "EngineVersion": "8.4.6",
        "LicenseModel": "general-public-license",
        "DBInstanceStatus": "available",
        "InstanceCreateTime": days_ago(700).to_string(),
        "MultiAZ": false,
        "StorageType": database.storage_type,
        "AllocatedStorage": database.gib,
        "Iops": if database.storage_type == "gp3" { json!(3000) } else { Value::Null },
        "StorageThroughput": if database.storage_type == "gp3" { json!(125) } else { Value::Null },
        "AvailabilityZone": format!("{REGION}a"),
        "ReadReplicaDBInstanceIdentifiers": [],
        "PerformanceInsightsEnabled": false,
        "PendingModifiedValues": {},
        "DBParameterGroups": [{ "DBParameterGroupName": "default.mysql8.4", "ParameterApplyStatus": "in-sync" }],
        "DBSubnetGroup": { "DBSubnetGroupName": "default", "VpcId": format!("vpc-{account}") },
        "TagList": tags(database.name, &database.owner),
    })
}

fn log_group(logs: &Logs) -> Value {
    let account = logs.owner.stage.account().id;
    let mut group = json!({
        "logGroupName": logs.name,
        "arn": format!("arn:aws:logs:{REGION}:{account}:log-group:{}:*", logs.name),
        "logGroupArn": format!("arn:aws:logs:{REGION}:{account}:log-group:{}", logs.name),
        "creationTime": days_ago(logs.age_days).as_millisecond(),
        "metricFilterCount": 0,
        "storedBytes": u64::from(logs.stored_gb) * 1_000_000_000,
        "logGroupClass": "STANDARD",
    });
    if let Some(fields) = group.as_object_mut()
        && let Some(days) = logs.retention_days
    {
        fields.insert("retentionInDays".to_owned(), json!(days));
    }
    group
}

fn function(function: &LambdaFunction) -> Value {
    json!({
        "FunctionName": function.name,
        "FunctionArn": function.arn(),
        "Runtime": function.runtime,
        "Handler": "index.handler",
        "CodeSize": 182_044,
        "Timeout": 30,
        "MemorySize": function.memory_mb,
        "LastModified": days_ago(120).strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string(),
        "PackageType": "Zip",
        "Architectures": [function.architecture],
        "Version": "$LATEST",
    })
}
