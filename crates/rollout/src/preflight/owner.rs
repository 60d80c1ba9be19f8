//! Who else manages a resource, by its tags.

use trimtab_model::resource::Tags;

use super::finding::{Findings, block, clear, unread, warn};

/// Keys of tags that a service or a tool sets on what it owns, and who that is.
const OWNERS: &[(&str, &str)] = &[
    ("aws:cloudformation:stack-id", "CloudFormation"),
    ("aws:cloudformation:stack-name", "CloudFormation"),
    ("elasticbeanstalk:environment-name", "Elastic Beanstalk"),
    ("eks:cluster-name", "EKS"),
    ("eks:nodegroup-name", "EKS"),
    ("karpenter.sh/nodepool", "Karpenter"),
    ("aws:ec2:fleet-id", "EC2 Fleet"),
    ("aws:ec2spot:fleet-request-id", "Spot Fleet"),
];
/// The same, by how the key begins.
const FAMILIES: &[(&str, &str)] = &[
    ("kubernetes.io/cluster/", "Kubernetes"),
    ("aws:elasticmapreduce:", "EMR"),
    ("karpenter.", "Karpenter"),
];
/// Words of tags by which people say that a tool manages something.
const TOOLS: &[&str] = &["terraform", "opentofu", "pulumi"];

/// Returns what the tags say about the owner.
pub(super) fn managed(tags: Option<&Tags>, source: &str) -> Findings {
    let Some(tags) = tags else { return unread("Tags", source) };
    let owner = tags.keys().find_map(|key| {
        let exact = OWNERS.iter().find(|(owned, _)| owned == key);
        exact.or_else(|| FAMILIES.iter().find(|(start, _)| key.starts_with(start)))
    });
    if let Some((_, owner)) = owner {
        return block(
            "managed-by-others",
            format!("{owner} manages it: the change belongs into its template, not here."),
            format!("{owner}에서 관리합니다. 템플릿에서 변경해야 합니다."),
        );
    }
    let is_tool = |text: &str| TOOLS.contains(&text.to_ascii_lowercase().as_str());
    let tool = tags.iter().find(|(key, value)| is_tool(key) || is_tool(value));
    match tool {
        Some((key, value)) => warn(
            "maybe-managed",
            format!(
                "Its tag {key}={value} names a tool: its next run takes the change back, with a stop and start of its own, unless its code is changed too."
            ),
            format!(
                "태그 {key}={value}에 따르면 도구가 관리합니다. 코드도 함께 바꾸지 않으면 다음 적용 때 중지와 시작을 거쳐 되돌아갑니다."
            ),
        ),
        None => clear(),
    }
}
