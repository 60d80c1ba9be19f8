//! A plan as a script of the AWS CLI, for whoever carries it out by hand.

use trimtab_model::action::{Action, DatabaseSwitch, DbStorageSettings, VolumeSettings};
use trimtab_model::id::SubAccountId;
use trimtab_model::plan::{Change, ChangeClass, Plan, UnitKind};
use trimtab_model::text::Language;

use super::architecture::give_again;
use super::escape::{line, quoted};
use super::words;

/// One call, and what takes it back.
pub(super) struct Step {
    pub(super) apply: String,
    pub(super) undo: Option<String>,
}

/// Writes a plan as a shell script that prints every call in order, and makes it only if
/// `EXECUTE=yes` is in its environment.
pub fn awscli(plan: &Plan) -> String {
    let id = plan.id().map_or_else(|_| "without a hash".to_owned(), |id| id.to_string());
    let mut script = format!(
        "#!/usr/bin/env bash\n\
         # Plan {id} of {}, made by {}.\n\
         # It prints each call and makes none. With EXECUTE=yes it makes them, one after the other,\n\
         # without the health gates, the windows and the way back of trimtab: read it first, run one\n\
         # wave at a time, and look at the resource before the next.\n\
         set -euo pipefail\n\n\
         run() {{\n  printf '+'\n  printf ' %q' \"$@\"\n  printf '\\n'\n  if [ \"${{EXECUTE:-no}}\" = yes ]; then \"$@\"; fi\n}}\n\n\
         # What cannot be had back needs DESTROY=yes as well.\n\
         destroy() {{\n  if [ \"${{DESTROY:-no}}\" = yes ]; then run \"$@\"; else EXECUTE=no run \"$@\"; fi\n}}\n\n\
         # Ends the script unless the credentials are of this account.\n\
         need_account() {{\n  if [ \"${{EXECUTE:-no}}\" != yes ]; then return; fi\n  if [ \"$(aws sts get-caller-identity --query Account --output text)\" != \"$1\" ]; then\n    printf 'these are not credentials of account %s\\n' \"$1\" >&2\n    exit 1\n  fi\n}}\n",
        plan.created_at,
        line(&plan.created_by),
    );
    let mut account: Option<&SubAccountId> = None;
    for stage in &plan.stages {
        for wave in &stage.waves {
            let name = words::wave(wave.name, Language::En);
            script.push_str(&format!("\n# ---- {}: {name} ----\n", stage.environment));
            for change in &wave.changes {
                if account != Some(&change.resource.account) {
                    account = Some(&change.resource.account);
                    let account = quoted(change.resource.account.as_str());
                    script.push_str(&format!("\nneed_account {account}\n"));
                }
                script.push_str(&of_change(change));
            }
        }
    }
    script
}

fn of_change(change: &Change) -> String {
    let mut text = format!(
        "\n# {}: {}: {}\n# saves {} a month; risk {} of 4; watch it for {} afterwards\n",
        change.id,
        line(&words::resource(&change.resource)),
        line(&words::change(&change.action)),
        words::money(change.estimated_monthly_savings.likely),
        change.risk.value(),
        words::length(change.soak, Language::En),
    );
    let balancers = change.units.iter().filter(|unit| unit.kind == UnitKind::TargetGroup);
    for balancer in balancers {
        text.push_str(&format!(
            "# it serves behind {}: deregister it from its target groups before, and register it again afterwards\n",
            line(&balancer.name)
        ));
    }
    let is_destructive = change.class == ChangeClass::Destructive;
    if is_destructive {
        text.push_str("# destructive: two persons agree, and it lies in quarantine before\n");
    }
    let steps = steps(change);
    let last = steps.len();
    for (number, step) in steps.into_iter().enumerate() {
        // What is kept comes first; the last call is the one that destroys.
        let how = if is_destructive && number + 1 == last { "destroy" } else { "run" };
        text.push_str(&format!("{how} {}\n", step.apply));
        if let Some(undo) = step.undo {
            text.push_str(&format!("# undo: {undo}\n"));
        }
    }
    text
}

/// Lists what carries a change out, in order.
pub(super) fn steps(change: &Change) -> Vec<Step> {
    let region = quoted(change.resource.region.as_str());
    let id = quoted(change.resource.id.as_str());
    let aws = |rest: String| format!("aws {rest} --region {region}");
    let step =
        |apply: String, undo: Option<String>| Step { apply: aws(apply), undo: undo.map(aws) };
    let tag = format!("ResourceType=snapshot,Tags=[{{Key=trimtab:change,Value={}}}]", change.id);
    let kept = step(
        format!(
            "ec2 wait snapshot-completed --filters Name=tag:trimtab:change,Values={}",
            change.id
        ),
        None,
    );
    let db_snapshot = || {
        let name = quoted(&format!("trimtab-{}", change.id.as_str().to_lowercase()));
        [
            step(
                format!(
                    "rds create-db-snapshot --db-instance-identifier {id} --db-snapshot-identifier {name}"
                ),
                None,
            ),
            step(format!("rds wait db-snapshot-available --db-snapshot-identifier {name}"), None),
        ]
    };
    let volume_snapshot = || {
        step(
            format!("ec2 create-snapshot --volume-id {id} --tag-specifications {}", quoted(&tag)),
            None,
        )
    };
    match &change.action {
        Action::ModifyInstanceType { from, to } => {
            let retype = |to: &str| {
                format!(
                    "ec2 modify-instance-attribute --instance-id {id} --instance-type Value={}",
                    quoted(to)
                )
            };
            let start = format!("ec2 start-instances --instance-ids {id}");
            let stop = format!("ec2 stop-instances --instance-ids {id}");
            let wait = |what: &str| step(format!("ec2 wait {what} --instance-ids {id}"), None);
            let mut steps = vec![
                step(
                    format!(
                        "ec2 create-snapshots --instance-specification InstanceId={id} --tag-specifications {}",
                        quoted(&tag)
                    ),
                    None,
                ),
                kept,
            ];
            // A machine that was found stopped stays stopped.
            let is_running = change.expected.0.get("State").is_none_or(|state| state == "running");
            if is_running {
                steps.push(step(stop.clone(), Some(start.clone())));
                steps.push(wait("instance-stopped"));
            }
            steps.push(step(retype(to.as_str()), Some(retype(from.as_str()))));
            if is_running {
                steps.push(step(start, Some(stop)));
                steps.push(wait("instance-status-ok"));
            }
            steps
        }
        Action::StopInstance { .. } => vec![
            step(
                format!("ec2 stop-instances --instance-ids {id}"),
                Some(format!("ec2 start-instances --instance-ids {id}")),
            ),
            step(format!("ec2 wait instance-stopped --instance-ids {id}"), None),
        ],
        Action::ModifyVolume { from, to, .. } => vec![
            volume_snapshot(),
            kept,
            step(modify_volume(&id, to), Some(modify_volume(&id, from))),
            // No waiter knows of modifications.
            step(format!("ec2 describe-volumes-modifications --volume-ids {id}"), None),
        ],
        Action::DeleteVolume { settings, availability_zone, .. } => {
            let ours = format!("Name=tag:trimtab:change,Values={}", change.id);
            let zone = quoted(availability_zone.as_deref().unwrap_or("<its zone>"));
            vec![
                volume_snapshot(),
                kept,
                // The restore drill: a volume of the snapshot, and away with it.
                step(
                    format!(
                        "ec2 create-volume --snapshot-id \"$(aws ec2 describe-snapshots --filters {ours} --query 'Snapshots[0].SnapshotId' --output text --region {region})\" --volume-type gp3 --availability-zone {zone} --tag-specifications 'ResourceType=volume,Tags=[{{Key=trimtab:change,Value={}}}]'",
                        change.id
                    ),
                    None,
                ),
                step(format!("ec2 wait volume-available --filters {ours}"), None),
                step(
                    format!(
                        "ec2 delete-volume --volume-id \"$(aws ec2 describe-volumes --filters {ours} --query 'Volumes[0].VolumeId' --output text --region {region})\""
                    ),
                    None,
                ),
                step(
                    format!("ec2 delete-volume --volume-id {id}"),
                    Some(format!(
                        "ec2 create-volume --snapshot-id '<the snapshot above>' --volume-type {} --availability-zone {}",
                        quoted(&settings.volume_type),
                        zone,
                    )),
                ),
            ]
        }
        Action::ReleaseAddress { public_ip } => vec![step(
            format!("ec2 release-address --allocation-id {id}"),
            public_ip.as_ref().map(|ip| format!("ec2 allocate-address --address {}", quoted(ip))),
        )],
        Action::ModifyDbInstanceClass { from, to } => {
            let class = |class: &str| {
                format!(
                    "rds modify-db-instance --db-instance-identifier {id} --db-instance-class {} --apply-immediately",
                    quoted(class)
                )
            };
            let mut steps = Vec::from(db_snapshot());
            steps.push(step(class(to.as_str()), Some(class(from.as_str()))));
            steps.extend(database_settles(&id, &aws));
            steps
        }
        Action::ModifyDbStorage { from, to } => {
            let mut steps = Vec::from(db_snapshot());
            steps.push(step(modify_storage(&id, to), Some(modify_storage(&id, from))));
            steps.extend(database_settles(&id, &aws));
            steps
        }
        Action::PutRetentionPolicy { retention_in_days } => vec![step(
            format!(
                "logs put-retention-policy --log-group-name={id} --retention-in-days {retention_in_days}"
            ),
            Some(format!("logs delete-retention-policy --log-group-name={id}")),
        )],
        Action::ResizeAutoScalingGroup { from, to } => {
            let resize = |sizes: &trimtab_model::action::GroupSizes| {
                format!(
                    "autoscaling update-auto-scaling-group --auto-scaling-group-name={id} --min-size {} --max-size {} --desired-capacity {}",
                    sizes.min_size, sizes.max_size, sizes.desired_capacity
                )
            };
            vec![step(resize(to), Some(resize(from)))]
        }
        Action::UpdateFunctionMemory { from_mb, to_mb } => {
            let update = |memory: &u32| {
                format!(
                    "lambda update-function-configuration --function-name={id} --memory-size {memory}"
                )
            };
            let settled = format!("lambda wait function-updated --function-name={id}");
            vec![step(update(to_mb), Some(update(from_mb))), step(settled, None)]
        }
        Action::ApplySchedule { .. } => {
            let commands = change.action.commands(&change.resource);
            let undo = commands.undo.into_iter().map(Some).chain(std::iter::repeat(None));
            let both = commands.apply.into_iter().zip(undo);
            both.map(|(apply, undo)| Step { apply, undo }).collect()
        }
        Action::SwitchDatabase(switch) => {
            let name = DatabaseSwitch::deployment_name(&change.id);
            let mut steps = Vec::from(db_snapshot());
            steps.push(step(
                switch.create(&name),
                Some("rds delete-blue-green-deployment --blue-green-deployment-identifier '<the deployment that this prints>' --delete-target".to_owned()),
            ));
            // No waiter knows of deployments: it is ready once its status is AVAILABLE.
            steps.push(step(
                format!(
                    "rds describe-blue-green-deployments --filters Name=blue-green-deployment-name,Values={}",
                    quoted(&name)
                ),
                None,
            ));
            steps.push(step(
                "rds switchover-blue-green-deployment --blue-green-deployment-identifier '<the deployment that this prints>' --switchover-timeout 300".to_owned(),
                None,
            ));
            steps.extend(database_settles(&id, &aws));
            steps
        }
        Action::RefreshInstances(refresh) => {
            let back = refresh.start(&id, &refresh.from_version);
            let mut steps = Vec::new();
            let version = match &refresh.to_version {
                Some(version) => version.as_str(),
                None => {
                    steps.push(step(refresh.create_version(), None));
                    "<the number that this prints>"
                }
            };
            steps.push(step(refresh.start(&id, version), Some(back)));
            // No waiter knows of refreshes.
            steps.push(step(
                format!(
                    "autoscaling describe-instance-refreshes --auto-scaling-group-name {id} --max-records 1"
                ),
                None,
            ));
            steps
        }
        Action::UpdateFunctionArchitecture { from, to } => {
            let resource = &change.resource;
            let give = |to: &str| give_again(resource.id.as_str(), to, &resource.region);
            vec![
                Step { apply: give(to), undo: Some(give(from)) },
                step(format!("lambda wait function-updated --function-name={id}"), None),
            ]
        }
        // A plan has no other change.
        _ => Vec::new(),
    }
}

/// The status says `available` before the change begins, so what is asked for is shown as well.
fn database_settles(id: &str, aws: &impl Fn(String) -> String) -> [Step; 2] {
    [
        format!("rds wait db-instance-available --db-instance-identifier {id}"),
        format!(
            "rds describe-db-instances --db-instance-identifier {id} --query {}",
            quoted("DBInstances[0].[DBInstanceStatus,DBInstanceClass,StorageType,PendingModifiedValues]")
        ),
    ]
    .map(|apply| Step { apply: aws(apply), undo: None })
}

fn modify_volume(id: &str, to: &VolumeSettings) -> String {
    let mut command =
        format!("ec2 modify-volume --volume-id {id} --volume-type {}", quoted(&to.volume_type));
    // The IOPS of gp2 follow its size: sending them is refused.
    if let Some(iops) = to.iops.filter(|_| to.volume_type != "gp2") {
        command.push_str(&format!(" --iops {iops}"));
    }
    if let Some(throughput) = to.throughput_mib_s.filter(|_| to.volume_type == "gp3") {
        command.push_str(&format!(" --throughput {throughput}"));
    }
    command
}

fn modify_storage(id: &str, to: &DbStorageSettings) -> String {
    let mut command = format!(
        "rds modify-db-instance --db-instance-identifier {id} --storage-type {} --allocated-storage {}",
        quoted(&to.storage_type),
        to.allocated_storage_gib
    );
    if let Some(iops) = to.iops {
        command.push_str(&format!(" --iops {iops}"));
    }
    if let Some(throughput) = to.storage_throughput_mib_s {
        command.push_str(&format!(" --storage-throughput {throughput}"));
    }
    command.push_str(" --apply-immediately");
    command
}
