//! Rows 3 and 18 to 21: whose machine it is, and what they forbade.

use trimtab_model::observed::Obstacle;

use super::rows::Question;
use crate::preflight::finding::{Findings, block, found, known, unread, warn, when};
use crate::preflight::owner;

const INSTANCES: &str = "ec2:DescribeInstances";
const ATTRIBUTE: &str = "ec2:DescribeInstanceAttribute";

/// Row 3.
pub(super) fn managed_by_service(question: &Question<'_>) -> Findings {
    known(question.facts.is_managed.as_ref(), "Operator.Managed", INSTANCES, |is_managed| {
        when(*is_managed, || {
            block(
                "managed-by-service",
                "A service of AWS manages it.",
                "AWS 서비스가 관리하는 인스턴스입니다.",
            )
        })
    })
}

/// Row 18: the protection is somebody's word, and is never cleared here.
pub(super) fn stop_protection(question: &Question<'_>) -> Findings {
    known(question.facts.is_stop_protected.as_ref(), "disableApiStop", ATTRIBUTE, |is_on| {
        when(*is_on, || {
            block(
                "stop-protection",
                "It is protected against stopping. Whoever set that must clear it.",
                "중지 방지가 설정되어 있습니다. 설정한 사람이 직접 해제해야 합니다.",
            )
        })
    })
}

/// Row 19.
pub(super) fn shutdown_behavior(question: &Question<'_>) -> Findings {
    let behavior = question.facts.shutdown_behavior.as_ref();
    known(behavior, "instanceInitiatedShutdownBehavior", ATTRIBUTE, |behavior| {
        let obstacle = if question.is_careful() { Obstacle::Block } else { Obstacle::Warn };
        when(behavior == "terminate", || {
            found(
                obstacle,
                "shutdown-terminates",
                "A shutdown from within terminates it: one during the work would destroy the machine.",
                "내부에서 종료하면 인스턴스가 삭제됩니다. 작업 중에 종료되면 복구할 수 없습니다.",
            )
        })
    })
}

/// Row 20.
pub(super) fn auto_scaling_group(question: &Question<'_>) -> Findings {
    let groups = question.facts.groups.as_ref();
    let source = "autoscaling:DescribeAutoScalingInstances";
    known(groups, "AutoScalingGroupName", source, |groups| {
        groups.first().map_or_else(Vec::new, |group| {
            block(
                "auto-scaling-member",
                format!("It is a member of the Auto Scaling group {group}, which would replace it while it is stopped."),
                format!("Auto Scaling 그룹 {group}의 인스턴스라서 중지하면 그룹이 교체합니다."),
            )
        })
    })
}

/// Row 21.
pub(super) fn tool(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let mut findings = owner::managed(facts.tags.as_ref(), INSTANCES);
    match facts.is_container_instance {
        Some(true) => findings.extend(block(
            "container-instance",
            "A cluster of ECS runs tasks on it: its group or capacity provider decides about it.",
            "ECS 클러스터가 태스크를 실행하는 인스턴스입니다. 그룹이나 용량 공급자에서 변경해야 합니다.",
        )),
        Some(false) => {}
        None if facts.tags.is_none() => {}
        None if question.is_careful() => {
            findings.extend(unread("ContainerInstance", "ecs:ListContainerInstances"));
        }
        None => findings.extend(warn(
            "unknown-container-instance",
            "Whether ECS runs tasks on it could not be read (ecs:ListContainerInstances).",
            "ECS가 태스크를 실행하는지 읽지 못했습니다(ecs:ListContainerInstances).",
        )),
    }
    findings
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;
    use trimtab_model::observed::InstancePreflight;

    use super::super::rows::tests::{check, check_in};
    use super::*;

    const BLOCK: Obstacle = Obstacle::Block;

    #[test]
    fn row_03_what_a_service_manages_blocks() {
        check(3, |one| one.is_managed = Some(true), &[(BLOCK, "managed-by-service")]);
        check(3, |one| one.is_managed = None, &[(BLOCK, "unknown-operator-managed")]);
    }

    #[test]
    fn row_18_stop_protection_blocks() {
        check(18, |one| one.is_stop_protected = Some(true), &[(BLOCK, "stop-protection")]);
        check(18, |one| one.is_stop_protected = None, &[(BLOCK, "unknown-disable-api-stop")]);
    }

    #[test]
    fn row_19_terminating_on_shutdown_blocks_in_production() {
        let dies =
            |one: &mut InstancePreflight| one.shutdown_behavior = Some("terminate".to_owned());
        check(19, dies, &[(BLOCK, "shutdown-terminates")]);
        check_in(Environment::Unknown, 19, dies, &[(BLOCK, "shutdown-terminates")]);
        check_in(Environment::Dev, 19, dies, &[(Obstacle::Warn, "shutdown-terminates")]);
    }

    #[test]
    fn row_20_a_member_of_a_group_blocks() {
        check(
            20,
            |one| one.groups = Some(vec!["web".to_owned()]),
            &[(BLOCK, "auto-scaling-member")],
        );
    }

    #[test]
    fn row_21_what_another_tool_owns_blocks() {
        let tagged = |key: &'static str, value: &'static str| {
            move |one: &mut InstancePreflight| {
                one.tags = Some([(key.to_owned(), value.to_owned())].into());
            }
        };
        for key in [
            "aws:cloudformation:stack-id",
            "elasticbeanstalk:environment-name",
            "eks:cluster-name",
            "kubernetes.io/cluster/arena",
            "karpenter.sh/nodepool",
            "aws:elasticmapreduce:job-flow-id",
            "aws:ec2:fleet-id",
        ] {
            check(21, tagged(key, "x"), &[(BLOCK, "managed-by-others")]);
        }
        check(21, tagged("ManagedBy", "Terraform"), &[(Obstacle::Warn, "maybe-managed")]);
        check(21, tagged("Name", "web"), &[]);
        check(21, |one| one.is_container_instance = Some(true), &[(BLOCK, "container-instance")]);
        check(21, |one| one.tags = None, &[(BLOCK, "unknown-tags")]);
    }
}
