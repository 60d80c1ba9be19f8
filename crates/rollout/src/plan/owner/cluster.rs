//! Machines of clusters and platforms that make and end them: Kubernetes, Karpenter, Elastic
//! Beanstalk, EMR, fleets.

use trimtab_model::action::Action;
use trimtab_model::plan::OwnerPatch;

use super::{Owned, Question, patch};
use crate::plan::export::{line, quoted};

/// How the tags begin that a cluster's controllers write.
const KUBERNETES: &[&str] =
    &["eks:", "kubernetes.io/cluster/", "karpenter.sh/", "ebs.csi.aws.com/", "KubernetesCluster"];

/// Returns the cluster or platform that a resource is of.
pub(super) fn owner(question: Question<'_>) -> Option<Owned> {
    if let Some(pool) = question.tag("karpenter.sh/nodepool") {
        let owner = format!("karpenter:{pool}");
        return Some(Owned::by(&owner, of_pool(question, &owner, pool)));
    }
    let key = |prefixes: &[&str]| {
        question
            .tags()
            .flat_map(|tags| tags.keys())
            .find(|key| prefixes.iter().any(|prefix| key.starts_with(prefix)))
    };
    if let Some(key) = key(KUBERNETES) {
        let name = key.strip_prefix("kubernetes.io/cluster/").unwrap_or("cluster");
        return Some(Owned::by(&format!("kubernetes:{name}"), None));
    }
    if key(&["aws:elasticmapreduce:"]).is_some() {
        return Some(Owned::by("emr", None));
    }
    let fleet = question.tag("aws:ec2:fleet-id")?;
    Some(Owned::by(&format!("ec2-fleet:{fleet}"), None))
}

/// Returns the environment of Elastic Beanstalk that a resource is of, its group included.
pub(super) fn environment(question: Question<'_>) -> Option<Owned> {
    let name = question.tag("elasticbeanstalk:environment-name")?;
    let owner = format!("elastic-beanstalk:{name}");
    Some(Owned::by(&owner, of_beanstalk(question, &owner, name)))
}

fn of_pool(question: Question<'_>, owner: &str, pool: &str) -> Option<OwnerPatch> {
    let Action::ModifyInstanceType { to, .. } = question.action else { return None };
    let text = format!(
        "# Karpenter replaces its nodes once the pool admits this type and not the old one.\napiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata:\n  name: {}\nspec:\n  template:\n    spec:\n      requirements:\n        - key: node.kubernetes.io/instance-type\n          operator: In\n          values: [\"{to}\"]\n",
        line(pool)
    );
    patch(owner.to_owned(), "kubernetes", text)
}

fn of_beanstalk(question: Question<'_>, owner: &str, name: &str) -> Option<OwnerPatch> {
    let option = |namespace: &str, name: &str, value: &dyn std::fmt::Display| {
        quoted(&format!("Namespace={namespace},OptionName={name},Value={value}"))
    };
    let options = match question.action {
        Action::ModifyInstanceType { to, .. } => {
            vec![option("aws:ec2:instances", "InstanceTypes", to)]
        }
        Action::ResizeAutoScalingGroup { to, .. } => vec![
            option("aws:autoscaling:asg", "MinSize", &to.min_size),
            option("aws:autoscaling:asg", "MaxSize", &to.max_size),
        ],
        _ => return None,
    };
    let text = format!(
        "aws elasticbeanstalk update-environment --environment-name {} --option-settings {} --region {}\n",
        quoted(name),
        options.join(" "),
        quoted(question.resource.region.as_str()),
    );
    patch(owner.to_owned(), "awscli", text)
}
