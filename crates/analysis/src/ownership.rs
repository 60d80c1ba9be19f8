//! Who decides about a resource: its owner by a tag, or the service that made it.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use trimtab_model::exemption::TAG_CODE;
use trimtab_model::resource::Tags;
use trimtab_model::text::{Reason, Text};

/// The tag by which an owner takes a resource out of every check.
pub const IGNORE_TAG: &str = "trimtab:ignore";

/// How the tags begin that EKS, Karpenter and the controllers of a cluster write.
const KUBERNETES_TAGS: &[&str] = &[
    "eks:",
    "kubernetes.io/",
    "karpenter.sh/",
    "elbv2.k8s.aws/",
    "ingress.k8s.aws/",
    "service.k8s.aws/",
    "ebs.csi.aws.com/",
];

/// A service or tool that made a resource and would undo a direct change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manager {
    /// An Auto Scaling group replaces its members itself.
    AutoScaling,
    /// A CloudFormation stack.
    CloudFormation,
    /// An Elastic Beanstalk environment.
    ElasticBeanstalk,
    /// An EKS node group, Karpenter, or a volume of a Kubernetes claim.
    Kubernetes,
    /// An EMR cluster.
    Emr,
    /// An EC2 Fleet.
    Fleet,
}

impl Manager {
    /// Returns the name a person knows it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::AutoScaling => "Auto Scaling",
            Self::CloudFormation => "CloudFormation",
            Self::ElasticBeanstalk => "Elastic Beanstalk",
            Self::Kubernetes => "Kubernetes",
            Self::Emr => "EMR",
            Self::Fleet => "EC2 Fleet",
        }
    }

    /// Returns whether the manager starts, stops and replaces what it made by itself.
    ///
    /// CloudFormation does not: it notices a change only at its next update.
    pub fn replaces(self) -> bool {
        match self {
            Self::AutoScaling
            | Self::ElasticBeanstalk
            | Self::Kubernetes
            | Self::Emr
            | Self::Fleet => true,
            Self::CloudFormation => false,
        }
    }

    /// Returns the reason of an exemption.
    pub fn reason(self) -> Reason {
        let name = self.name();
        Reason::new(
            "managed",
            format!("{name} made this resource and decides about it."),
            format!("이 자원을 만들고 관리하는 주체: {name}."),
        )
    }

    /// Returns the note of a recommendation that must be carried out through the manager.
    pub fn note(self) -> Text {
        let name = self.name();
        Text::new(
            format!(
                "{name} made this resource: change it there, or the next update reports drift or reverts it."
            ),
            format!(
                "{name}에서 만든 자원입니다. 그쪽에서 변경하지 않으면 다음 업데이트 때 드리프트로 보고되거나 되돌려집니다."
            ),
        )
    }
}

/// Returns who manages a resource with `tags`, the one that replaces it first.
pub fn manager(tags: &Tags) -> Option<Manager> {
    let has = |prefix: &str| tags.keys().any(|key| key.starts_with(prefix));
    let found = [
        (Manager::AutoScaling, has("aws:autoscaling:groupName")),
        (Manager::Kubernetes, KUBERNETES_TAGS.iter().any(|prefix| has(prefix))),
        (Manager::ElasticBeanstalk, has("elasticbeanstalk:environment-")),
        (Manager::Emr, has("aws:elasticmapreduce:")),
        (Manager::Fleet, has("aws:ec2:fleet-id")),
        (Manager::CloudFormation, has("aws:cloudformation:")),
    ];
    found.into_iter().find_map(|(manager, is_there)| is_there.then_some(manager))
}

/// Returns why the owner's tag takes a resource out, if it does at `now`.
///
/// `until:2026-12-31` holds up to and including that day in UTC; any other value
/// holds for good, so that a mistyped date errs on the owner's side.
pub fn ignored(tags: &Tags, now: Timestamp) -> Option<Reason> {
    let value = tags.get(IGNORE_TAG)?.trim();
    let until = value.strip_prefix("until:").and_then(|date| date.trim().parse::<Date>().ok());
    let today = now.to_zoned_datetime(TimeZone::UTC).date();
    if until.is_some_and(|last| today > last) {
        return None;
    }
    Some(Reason::new(
        TAG_CODE,
        format!("The tag {IGNORE_TAG} says so: \"{value}\"."),
        format!("{IGNORE_TAG} 태그로 제외된 자원입니다: \"{value}\"."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(key: &str, value: &str) -> Tags {
        Tags::from([(key.to_owned(), value.to_owned())])
    }

    fn now() -> Timestamp {
        "2026-10-31T00:00:00Z".parse().expect("a moment")
    }

    #[test]
    fn an_ignore_tag_holds_through_its_last_day() {
        assert!(ignored(&tags(IGNORE_TAG, "until:2026-10-31"), now()).is_some());
        assert!(ignored(&tags(IGNORE_TAG, "until:2026-10-30"), now()).is_none());
    }

    #[test]
    fn an_ignore_tag_without_a_readable_date_holds_for_good() {
        assert!(ignored(&tags(IGNORE_TAG, "until:next year"), now()).is_some());
        assert!(ignored(&tags(IGNORE_TAG, ""), now()).is_some());
        assert!(ignored(&tags("Name", "x"), now()).is_none());
    }

    #[test]
    fn a_node_of_a_cluster_belongs_to_it() {
        let node = tags("kubernetes.io/cluster/game", "owned");
        assert_eq!(manager(&node), Some(Manager::Kubernetes));
        let stack = tags("aws:cloudformation:stack-id", "arn");
        assert_eq!(manager(&stack).map(Manager::replaces), Some(false));
    }
}
