//! Commands that bring the machine back into service by hand.

use trimtab_model::action::Action;
use trimtab_model::journal::Direction;
use trimtab_model::observed::{InstanceObserved, Observed};
use trimtab_model::plan::Change;
use trimtab_model::resource::instance::InstanceState;

use super::capacity::is_held;
use crate::sequence::Work;

pub(super) fn manual(work: &Work<'_>) -> Vec<String> {
    let id = &work.change.resource.id;
    let region = &work.change.resource.region;
    let Observed::Instance(before) = &work.progress.before else { return Vec::new() };
    if work.direction == Direction::Release {
        let Observed::Instance(now) = work.now_is else { return Vec::new() };
        let held = now.reservations.iter().filter(|held| is_held(&held.state));
        return held
            .map(|held| {
                format!(
                    "aws ec2 cancel-capacity-reservation --capacity-reservation-id {} --region {region}",
                    held.id
                )
            })
            .collect();
    }
    let mut commands =
        vec![format!("aws ec2 describe-instances --instance-ids {id} --region {region}")];
    // A stop leaves the type as it is.
    if !matches!(work.change.action, Action::StopInstance { .. }) {
        commands.push(format!(
            "aws ec2 modify-instance-attribute --instance-id {id} --instance-type Value={} --region {region}",
            before.instance_type
        ));
    }
    if before.state == InstanceState::Running {
        commands.push(format!("aws ec2 start-instances --instance-ids {id} --region {region}"));
    }
    commands.extend(registrations(work.change, before));
    commands
}

/// Returns the commands that register an instance again where it was.
pub(crate) fn registrations(change: &Change, before: &InstanceObserved) -> Vec<String> {
    let (id, region) = (&change.resource.id, &change.resource.region);
    let targets = before.targets.iter().map(|one| {
        let port = one.target.port.map(|port| format!(",Port={port}")).unwrap_or_default();
        format!(
            "aws elbv2 register-targets --target-group-arn {} --targets Id={id}{port} --region {region}",
            one.target.group
        )
    });
    targets.collect()
}
