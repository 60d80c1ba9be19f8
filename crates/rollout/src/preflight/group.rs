//! May the sizes of an Auto Scaling group be changed?

use trimtab_model::action::GroupSizes;
use trimtab_model::observed::{GroupPreflight, Obstacle};

use super::finding::{Findings, block, clear, found, known, when};
use super::owner::managed;

const GROUPS: &str = "autoscaling:DescribeAutoScalingGroups";

/// The rows, in order: titles in English and in Korean.
pub(super) const ROWS: [(&str, &str); 5] = [
    ("Instance refresh", "인스턴스 새로 고침"),
    ("Most instances in service", "동시에 서비스한 인스턴스"),
    ("Suspended processes", "일시 중지된 프로세스"),
    ("Launch template", "시작 템플릿"),
    ("Managed by a tool", "관리 도구"),
];

/// Returns everything that stands in the way of other sizes.
pub fn group(facts: &GroupPreflight, to: &GroupSizes) -> Findings {
    rows(facts, to).concat()
}

/// Judges every row, in order.
pub(super) fn rows(facts: &GroupPreflight, to: &GroupSizes) -> [Findings; 5] {
    let refresh = refreshed(facts.refresh_status.as_ref());
    let peak = known(facts.peak_in_service.as_ref(), "GroupInServiceInstances", GROUPS, |peak| {
        when(*peak > to.max_size, || {
            block(
                "more-needed",
                format!(
                    "{peak} instances were in service at once, and {} would be the most.",
                    to.max_size
                ),
                format!("동시에 {peak}개까지 서비스했지만 최대가 {}개로 줄어듭니다.", to.max_size),
            )
        })
    });
    let suspended = suspended(facts.suspended.as_ref());
    let managed = managed(facts.tags.as_ref(), GROUPS);
    [refresh, peak, suspended, template(facts), managed]
}

/// Whether a refresh of the instances of a group is under way, or was left as it should not be.
pub(super) fn refreshed(status: Option<&String>) -> Findings {
    let source = "autoscaling:DescribeInstanceRefreshes";
    known(status, "InstanceRefresh.Status", source, |status| match status.as_str() {
        "none" | "Successful" | "Failed" | "Cancelled" | "RollbackSuccessful" => clear(),
        "RollbackFailed" => block(
            "refresh-failed",
            "The last refresh of its instances could not be rolled back.",
            "마지막 인스턴스 새로 고침의 롤백이 실패한 상태입니다.",
        ),
        status => found(
            Obstacle::Wait,
            "refreshing",
            format!("A refresh of its instances is {status}."),
            format!("인스턴스 새로 고침 상태: {status}."),
        ),
    })
}

/// Whether somebody works on a group.
pub(super) fn suspended(processes: Option<&Vec<String>>) -> Findings {
    known(processes, "SuspendedProcesses", GROUPS, |processes| {
        processes.first().map_or_else(clear, |process| {
            block(
                "suspended",
                format!("Somebody suspended {process}: the group is being worked on."),
                format!("{process} 프로세스가 일시 중지되어 있습니다. 작업 중인 그룹입니다."),
            )
        })
    })
}

/// Whether the group can start an instance that is the same tomorrow.
fn template(facts: &GroupPreflight) -> Findings {
    let exists = facts.has_template.as_ref();
    let gone = known(exists, "LaunchTemplate", "ec2:DescribeLaunchTemplateVersions", |exists| {
        when(!*exists, || {
            block(
                "template-gone",
                "Its launch template does not exist any more: it cannot start an instance.",
                "시작 템플릿이 없어져 인스턴스를 시작할 수 없습니다.",
            )
        })
    });
    let version = facts.template_version.as_ref();
    let moving = known(version, "LaunchTemplate.Version", GROUPS, |version| {
        when(version.starts_with('$'), || {
            block(
                "template-moves",
                format!(
                    "It follows the version {version} of its launch template: what it starts next is not what runs now, and no way back leads there."
                ),
                format!(
                    "시작 템플릿의 {version} 버전을 따라가므로 다음에 시작되는 인스턴스가 지금과 다를 수 있고 되돌릴 수 없습니다."
                ),
            )
        })
    });
    [gone, moving].concat()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn check(alter: impl FnOnce(&mut GroupPreflight), expected: &[&str]) {
        let mut facts = GroupPreflight {
            refresh_status: Some("none".to_owned()),
            peak_in_service: Some(6),
            suspended: Some(Vec::new()),
            template_version: Some("4".to_owned()),
            has_template: Some(true),
            tags: Some(BTreeMap::new()),
        };
        alter(&mut facts);
        let to = GroupSizes { min_size: 2, max_size: 6, desired_capacity: 3 };
        let codes: Vec<String> = group(&facts, &to).into_iter().map(|(_, why)| why.code).collect();
        assert_eq!(codes, expected);
    }

    #[test]
    fn as_many_as_were_needed_stay_possible() {
        check(|_| {}, &[]);
        check(|one| one.peak_in_service = Some(7), &["more-needed"]);
        check(|one| one.peak_in_service = None, &["unknown-group-in-service-instances"]);
        check(|one| one.suspended = Some(vec!["Launch".to_owned()]), &["suspended"]);
    }

    #[test]
    fn d43_a_refresh_that_is_under_way_is_left_alone() {
        for status in ["Baking", "Cancelling", "InProgress", "SomethingNew"] {
            check(|one| one.refresh_status = Some(status.to_owned()), &["refreshing"]);
        }
        let failed = Some("RollbackFailed".to_owned());
        check(|one| one.refresh_status = failed, &["refresh-failed"]);
    }

    #[test]
    fn d44_a_template_that_moves_or_is_gone_blocks() {
        check(|one| one.template_version = Some("$Latest".to_owned()), &["template-moves"]);
        check(|one| one.template_version = Some("$Default".to_owned()), &["template-moves"]);
        check(|one| one.has_template = Some(false), &["template-gone"]);
    }
}
