//! The calls of one change, in order, with the permission that each needs.

use trimtab_model::plan::Change;

use super::awscli;

/// One call as the AWS CLI makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedCall {
    /// The command with all of its arguments.
    pub command: String,
    /// The IAM action; absent for what only waits or reads.
    pub iam_action: Option<&'static str>,
    /// The command that takes it back, where one does.
    pub undo: Option<String>,
}

/// What of a command names a call that changes something, and its IAM action.
const CHANGING: &[(&str, &str)] = &[
    ("aws ec2 create-snapshots ", "ec2:CreateSnapshots"),
    ("aws ec2 create-snapshot ", "ec2:CreateSnapshot"),
    ("aws ec2 stop-instances ", "ec2:StopInstances"),
    ("aws ec2 start-instances ", "ec2:StartInstances"),
    ("aws ec2 modify-instance-attribute ", "ec2:ModifyInstanceAttribute"),
    ("aws ec2 modify-volume ", "ec2:ModifyVolume"),
    ("aws ec2 delete-volume ", "ec2:DeleteVolume"),
    ("aws ec2 release-address ", "ec2:ReleaseAddress"),
    ("aws rds create-db-snapshot ", "rds:CreateDBSnapshot"),
    ("aws rds modify-db-instance ", "rds:ModifyDBInstance"),
    ("aws logs put-retention-policy ", "logs:PutRetentionPolicy"),
    ("aws autoscaling update-auto-scaling-group ", "autoscaling:UpdateAutoScalingGroup"),
    ("aws rds create-blue-green-deployment ", "rds:CreateBlueGreenDeployment"),
    ("aws rds switchover-blue-green-deployment ", "rds:SwitchoverBlueGreenDeployment"),
    ("aws ec2 create-launch-template-version ", "ec2:CreateLaunchTemplateVersion"),
    ("aws autoscaling start-instance-refresh ", "autoscaling:StartInstanceRefresh"),
    ("aws lambda update-function-code ", "lambda:UpdateFunctionCode"),
];

/// Lists the calls of a change where all goes well, as the plan has it. What is seen on the way
/// decides what is called indeed: nothing is asked twice, and a refusal leads back.
pub fn calls(change: &Change) -> Vec<PlannedCall> {
    awscli::steps(change)
        .into_iter()
        .map(|step| PlannedCall {
            iam_action: CHANGING
                .iter()
                .find(|(start, _)| step.apply.starts_with(start))
                .map(|(_, action)| *action),
            command: step.apply,
            undo: step.undo,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;

    #[test]
    fn a_change_of_type_stops_modifies_and_starts() {
        let actions: Vec<&str> =
            calls(&sample::change()).iter().filter_map(|call| call.iam_action).collect();
        assert_eq!(
            actions,
            [
                "ec2:CreateSnapshots",
                "ec2:StopInstances",
                "ec2:ModifyInstanceAttribute",
                "ec2:StartInstances"
            ]
        );
    }
}
