//! One call as the AWS CLI makes it, before it is made: what AWS names only on the way has no
//! name yet.

use trimtab_model::action::{DbStorageSettings, GroupSizes, SCHEDULE_GROUP, VolumeSettings};
use trimtab_model::call::{Call, Target};
use trimtab_model::id::RegionId;

use super::architecture::give_again;
use super::escape::quoted;

const REVISION: &str = "'<its RevisionId>'";

/// Returns the command that makes a call, in the region of its resource. What only a look right
/// before it, or a call before it, tells is written in angle brackets.
pub fn command(call: &Call, region: &RegionId) -> String {
    // It takes more than one command of the CLI.
    if let Call::UpdateFunctionArchitecture { function, architecture, .. } = call {
        return give_again(function.as_str(), architecture, region);
    }
    format!("aws {} --region {}", words(call), quoted(region.as_str()))
}

fn words(call: &Call) -> String {
    match call {
        Call::CreateSnapshots { .. }
        | Call::CreateSnapshot { .. }
        | Call::CreateCapacityReservation { .. }
        | Call::CancelCapacityReservation { .. }
        | Call::StopInstance { .. }
        | Call::StartInstance { .. }
        | Call::ModifyInstanceType { .. }
        | Call::ModifyCreditSpecification { .. }
        | Call::ModifyVolume { .. }
        | Call::DeleteVolume { .. }
        | Call::CreateDrillVolume { .. }
        | Call::DeleteDrillVolume { .. }
        | Call::Quarantine { .. }
        | Call::EndQuarantine { .. }
        | Call::ReleaseAddress { .. }
        | Call::RecoverAddress { .. } => ec2(call),
        Call::DeregisterTarget(target) => targets("deregister-targets", target),
        Call::RegisterTarget(target) => targets("register-targets", target),
        Call::CreateDbSnapshot { .. }
        | Call::ModifyDbInstanceClass { .. }
        | Call::ModifyDbStorage { .. }
        | Call::StopDbInstance { .. }
        | Call::StartDbInstance { .. } => rds(call),
        Call::CreateBlueGreenDeployment { .. }
        | Call::SwitchoverBlueGreenDeployment { .. }
        | Call::StartDbCluster { .. } => copies(call),
        Call::UpdateFunctionMemory { .. }
        | Call::UpdateFunctionArchitecture { .. }
        | Call::PublishVersion { .. }
        | Call::UpdateAlias { .. } => lambda(call),
        Call::PutRetentionPolicy { .. }
        | Call::DeleteRetentionPolicy { .. }
        | Call::ResizeGroup { .. }
        | Call::CreateLaunchTemplateVersion { .. }
        | Call::StartInstanceRefresh { .. }
        | Call::RollbackInstanceRefresh { .. } => others(call),
        Call::PutGroupSchedule { .. }
        | Call::DeleteGroupSchedule { .. }
        | Call::CreateScheduleGroup { .. }
        | Call::CreateSchedule { .. }
        | Call::DeleteSchedule { .. } => schedules(call),
    }
}

fn ec2(call: &Call) -> String {
    let tagged = |change: &str| {
        quoted(&format!("ResourceType=snapshot,Tags=[{{Key=trimtab:change,Value={change}}}]"))
    };
    match call {
        Call::CreateSnapshots { instance, change } => format!(
            "ec2 create-snapshots --instance-specification InstanceId={} --tag-specifications {}",
            quoted(instance.as_str()),
            tagged(change.as_str())
        ),
        Call::CreateSnapshot { volume, change } => format!(
            "ec2 create-snapshot --volume-id {} --tag-specifications {}",
            quoted(volume.as_str()),
            tagged(change.as_str())
        ),
        Call::CreateCapacityReservation {
            instance_type,
            platform,
            availability_zone,
            ends_at,
            change: _,
            token: _,
        } => format!(
            "ec2 create-capacity-reservation --instance-type {} --instance-platform {} --availability-zone {} --instance-count 1 --instance-match-criteria targeted --end-date-type limited --end-date {ends_at} --client-token '<of this run>'",
            quoted(instance_type.as_str()),
            quoted(platform),
            quoted(availability_zone),
        ),
        Call::CancelCapacityReservation { .. } => {
            "ec2 cancel-capacity-reservation --capacity-reservation-id '<the reservation above>'"
                .to_owned()
        }
        Call::StopInstance { instance } => {
            format!("ec2 stop-instances --instance-ids {}", quoted(instance.as_str()))
        }
        Call::StartInstance { instance } => {
            format!("ec2 start-instances --instance-ids {}", quoted(instance.as_str()))
        }
        Call::ModifyInstanceType { instance, instance_type } => format!(
            "ec2 modify-instance-attribute --instance-id {} --instance-type Value={}",
            quoted(instance.as_str()),
            quoted(instance_type.as_str())
        ),
        Call::ModifyCreditSpecification { instance, cpu_credits } => format!(
            "ec2 modify-instance-credit-specification --instance-credit-specifications InstanceId={},CpuCredits={}",
            quoted(instance.as_str()),
            quoted(cpu_credits)
        ),
        Call::ModifyVolume { volume, to } => modify_volume(volume.as_str(), to),
        Call::CreateDrillVolume { snapshot, availability_zone, volume_type, change, token } => {
            let tags = format!(
                "ResourceType=volume,Tags=[{{Key=trimtab:drill,Value={change}}},{{Key=trimtab:change,Value={change}}}]"
            );
            format!(
                "ec2 create-volume --snapshot-id {} --availability-zone {} --volume-type {} --client-token {} --tag-specifications {}",
                quoted(snapshot.as_str()),
                quoted(availability_zone),
                quoted(volume_type),
                quoted(token),
                quoted(&tags)
            )
        }
        Call::DeleteDrillVolume { volume } => {
            format!("ec2 delete-volume --volume-id {}", quoted(volume.as_str()))
        }
        Call::DeleteVolume { volume } => {
            format!("ec2 delete-volume --volume-id {}", quoted(volume.as_str()))
        }
        Call::Quarantine { resource, until } => format!(
            "ec2 create-tags --resources {} --tags Key=trimtab:quarantine-until,Value={until}",
            quoted(resource.as_str())
        ),
        Call::EndQuarantine { resource } => format!(
            "ec2 delete-tags --resources {} --tags Key=trimtab:quarantine-until",
            quoted(resource.as_str())
        ),
        Call::ReleaseAddress { allocation } => {
            format!("ec2 release-address --allocation-id {}", quoted(allocation.as_str()))
        }
        Call::RecoverAddress { public_ip } => {
            format!("ec2 allocate-address --address {}", quoted(public_ip))
        }
        // `words` sends no other call here.
        _ => String::new(),
    }
}

/// The IOPS of gp2 follow its size: sending them is refused.
fn modify_volume(volume: &str, to: &VolumeSettings) -> String {
    let kind = to.volume_type.as_str();
    let mut command =
        format!("ec2 modify-volume --volume-id {} --volume-type {}", quoted(volume), quoted(kind));
    if let Some(iops) = to.iops.filter(|_| kind != "gp2") {
        command.push_str(&format!(" --iops {iops}"));
    }
    if let Some(throughput) = to.throughput_mib_s.filter(|_| kind == "gp3") {
        command.push_str(&format!(" --throughput {throughput}"));
    }
    command
}

fn targets(verb: &str, target: &Target) -> String {
    let port = target.port.map(|port| format!(",Port={port}")).unwrap_or_default();
    let group = quoted(&format!("<each target group of {}>", target.group));
    format!(
        "elbv2 {verb} --target-group-arn {group} --targets Id={}{port}",
        quoted(target.instance.as_str())
    )
}

fn rds(call: &Call) -> String {
    let of = |verb: &str, instance: &str| {
        format!("rds {verb} --db-instance-identifier {}", quoted(instance))
    };
    match call {
        Call::CreateDbSnapshot { instance, snapshot, change } => format!(
            "{} --db-snapshot-identifier {} --tags Key=trimtab:change,Value={change}",
            of("create-db-snapshot", instance.as_str()),
            quoted(snapshot)
        ),
        Call::ModifyDbInstanceClass { instance, class } => format!(
            "{} --db-instance-class {} --apply-immediately",
            of("modify-db-instance", instance.as_str()),
            quoted(class.as_str())
        ),
        Call::ModifyDbStorage { instance, to } => {
            modify_storage(of("modify-db-instance", instance.as_str()), to)
        }
        Call::StopDbInstance { instance } => of("stop-db-instance", instance.as_str()),
        Call::StartDbInstance { instance } => of("start-db-instance", instance.as_str()),
        // `words` sends no other call here.
        _ => String::new(),
    }
}

fn modify_storage(mut command: String, to: &DbStorageSettings) -> String {
    command.push_str(&format!(
        " --storage-type {} --allocated-storage {}",
        quoted(&to.storage_type),
        to.allocated_storage_gib
    ));
    if let Some(iops) = to.iops {
        command.push_str(&format!(" --iops {iops}"));
    }
    if let Some(throughput) = to.storage_throughput_mib_s {
        command.push_str(&format!(" --storage-throughput {throughput}"));
    }
    command.push_str(" --apply-immediately");
    command
}

fn lambda(call: &Call) -> String {
    let of =
        |verb: &str, function: &str| format!("lambda {verb} --function-name={}", quoted(function));
    match call {
        Call::UpdateFunctionMemory { function, memory_mb, .. } => format!(
            "{} --memory-size {memory_mb} --revision-id {REVISION}",
            of("update-function-configuration", function.as_str()),
        ),
        Call::PublishVersion { function, change, .. } => format!(
            "{} --code-sha256 '<its CodeSha256>' --description {}",
            of("publish-version", function.as_str()),
            quoted(change.as_str())
        ),
        Call::UpdateAlias { function, alias, canary, .. } => {
            let weights = canary.as_ref().map(|(_, percent)| {
                let share = f64::from(*percent) / 100.0;
                format!(
                    " --routing-config 'AdditionalVersionWeights={{<the version above>={share}}}'"
                )
            });
            format!(
                "{} --name {} --function-version '<the version above>' --revision-id {REVISION}{}",
                of("update-alias", function.as_str()),
                quoted(alias),
                weights.unwrap_or_default()
            )
        }
        // `words` sends no other call here.
        _ => String::new(),
    }
}

fn others(call: &Call) -> String {
    let group = |verb: &str, name: &str| {
        format!("autoscaling {verb} --auto-scaling-group-name={}", quoted(name))
    };
    match call {
        Call::PutRetentionPolicy { log_group, days } => format!(
            "logs put-retention-policy --log-group-name={} --retention-in-days {days}",
            quoted(log_group.as_str())
        ),
        Call::DeleteRetentionPolicy { log_group } => {
            format!("logs delete-retention-policy --log-group-name={}", quoted(log_group.as_str()))
        }
        Call::ResizeGroup { group: name, to } => {
            let GroupSizes { min_size, max_size, desired_capacity } = to;
            format!(
                "{} --min-size {min_size} --max-size {max_size} --desired-capacity {desired_capacity}",
                group("update-auto-scaling-group", name.as_str())
            )
        }
        Call::CreateLaunchTemplateVersion {
            launch_template,
            source_version,
            instance_type,
            change,
            token,
        } => {
            // An identifier of AWS's own begins so, and a name cannot be told from it otherwise.
            let by = if launch_template.starts_with("lt-") { "id" } else { "name" };
            format!(
                "ec2 create-launch-template-version --launch-template-{by} {} --source-version {} --launch-template-data {} --version-description {} --client-token {}",
                quoted(launch_template),
                quoted(source_version),
                quoted(&format!("InstanceType={instance_type}")),
                quoted(&format!("trimtab:change={change}")),
                quoted(token)
            )
        }
        Call::StartInstanceRefresh { group: name, launch_template, version, .. } => {
            let template =
                format!("LaunchTemplate={{LaunchTemplateId={launch_template},Version={version}}}");
            format!(
                "{} --desired-configuration {} --preferences {}",
                group("start-instance-refresh", name.as_str()),
                quoted(&template),
                quoted(&pace(call))
            )
        }
        Call::RollbackInstanceRefresh { group: name } => {
            group("rollback-instance-refresh", name.as_str())
        }
        // `words` sends no other call here.
        _ => String::new(),
    }
}

/// Returns how fast a refresh goes, and what lets AWS take it back.
fn pace(call: &Call) -> String {
    let Call::StartInstanceRefresh {
        min_healthy_percent,
        max_healthy_percent,
        checkpoints,
        checkpoint_seconds,
        alarms,
        ..
    } = call
    else {
        return String::new();
    };
    let mut words = vec![format!("MinHealthyPercentage={min_healthy_percent}")];
    words.extend(max_healthy_percent.map(|most| format!("MaxHealthyPercentage={most}")));
    words.push("AutoRollback=true".to_owned());
    if !checkpoints.is_empty() {
        let shares: Vec<String> = checkpoints.iter().map(ToString::to_string).collect();
        words.push(format!("CheckpointPercentages=[{}]", shares.join(",")));
        words.push(format!("CheckpointDelay={checkpoint_seconds}"));
    }
    if !alarms.is_empty() {
        words.push(format!("AlarmSpecification={{Alarms=[{}]}}", alarms.join(",")));
    }
    words.join(",")
}

fn copies(call: &Call) -> String {
    match call {
        Call::CreateBlueGreenDeployment {
            instance: _,
            source,
            name,
            class,
            storage_gib,
            change,
        } => {
            let class = class.as_ref().map(|class| format!(" --target-db-instance-class {class}"));
            let storage = storage_gib.map(|gib| format!(" --target-allocated-storage {gib}"));
            format!(
                "rds create-blue-green-deployment --blue-green-deployment-name {} --source {}{}{} --tags Key=trimtab:change,Value={}",
                quoted(name),
                quoted(source),
                class.unwrap_or_default(),
                storage.unwrap_or_default(),
                quoted(change.as_str())
            )
        }
        Call::SwitchoverBlueGreenDeployment { instance: _, deployment, timeout_seconds } => {
            format!(
                "rds switchover-blue-green-deployment --blue-green-deployment-identifier {} --switchover-timeout {timeout_seconds}",
                quoted(deployment)
            )
        }
        Call::StartDbCluster { cluster } => {
            format!("rds start-db-cluster --db-cluster-identifier {}", quoted(cluster.as_str()))
        }
        // `words` sends no other call here.
        _ => String::new(),
    }
}

fn schedules(call: &Call) -> String {
    match call {
        Call::PutGroupSchedule { group, name, recurrence, time_zone, sizes } => {
            let sizes = match sizes {
                Some(GroupSizes { min_size, max_size, desired_capacity }) => format!(
                    "--min-size {min_size} --max-size {max_size} --desired-capacity {desired_capacity}"
                ),
                None => "--min-size 0 --desired-capacity 0".to_owned(),
            };
            format!(
                "autoscaling put-scheduled-update-group-action --auto-scaling-group-name={} --scheduled-action-name {} --recurrence {} --time-zone {} {sizes}",
                quoted(group.as_str()),
                quoted(name),
                quoted(recurrence),
                quoted(time_zone)
            )
        }
        Call::DeleteGroupSchedule { group, name } => format!(
            "autoscaling delete-scheduled-action --auto-scaling-group-name={} --scheduled-action-name {}",
            quoted(group.as_str()),
            quoted(name)
        ),
        Call::CreateScheduleGroup { name } => {
            format!("scheduler create-schedule-group --name {}", quoted(name))
        }
        Call::CreateSchedule { name, expression, time_zone, target, input, role } => {
            let target = serde_json::json!({"Arn": target, "RoleArn": role, "Input": input});
            format!(
                "scheduler create-schedule --group-name {SCHEDULE_GROUP} --name {} --schedule-expression {} --schedule-expression-timezone {} --target {} --flexible-time-window Mode=OFF",
                quoted(name),
                quoted(expression),
                quoted(time_zone),
                quoted(&target.to_string())
            )
        }
        Call::DeleteSchedule { name } => format!(
            "scheduler delete-schedule --group-name {SCHEDULE_GROUP} --name {}",
            quoted(name)
        ),
        // `words` sends no other call here.
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(call: &Call, expected: &str) {
        assert_eq!(command(call, &RegionId::new("ap-northeast-2")), expected);
    }

    #[test]
    fn a_call_is_a_command_that_a_shell_takes_as_it_is() {
        check(
            &Call::ModifyInstanceType { instance: "i-1".into(), instance_type: "m6i.large".into() },
            "aws ec2 modify-instance-attribute --instance-id i-1 --instance-type Value=m6i.large --region ap-northeast-2",
        );
        check(
            &Call::DeleteRetentionPolicy { log_group: "/live; reboot".into() },
            "aws logs delete-retention-policy --log-group-name='/live; reboot' --region ap-northeast-2",
        );
        let gp2 = VolumeSettings {
            volume_type: "gp2".to_owned(),
            iops: Some(450),
            throughput_mib_s: None,
        };
        check(
            &Call::ModifyVolume { volume: "vol-1".into(), to: gp2 },
            "aws ec2 modify-volume --volume-id vol-1 --volume-type gp2 --region ap-northeast-2",
        );
    }
}
