//! Commands that bring the machine back into service by hand.

use trimtab_model::observed::Observed;
use trimtab_model::resource::instance::InstanceState;

use crate::sequence::Work;

pub(super) fn manual(work: &Work<'_>) -> Vec<String> {
    let id = &work.change.resource.id;
    let region = &work.change.resource.region;
    let Observed::Instance(before) = &work.progress.before else { return Vec::new() };
    let mut commands = vec![
        format!("aws ec2 describe-instances --instance-ids {id} --region {region}"),
        format!(
            "aws ec2 modify-instance-attribute --instance-id {id} --instance-type Value={} --region {region}",
            before.instance_type
        ),
    ];
    if before.state == InstanceState::Running {
        commands.push(format!("aws ec2 start-instances --instance-ids {id} --region {region}"));
    }
    commands.extend(before.targets.iter().map(|one| {
        let port = one.target.port.map(|port| format!(",Port={port}")).unwrap_or_default();
        format!(
            "aws elbv2 register-targets --target-group-arn {} --targets Id={id}{port} --region {region}",
            one.target.group
        )
    }));
    commands
}
