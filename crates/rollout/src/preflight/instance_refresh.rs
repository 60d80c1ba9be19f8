//! May the instances of an Auto Scaling group be replaced by ones of another type?

use trimtab_model::action::InstanceRefresh;
use trimtab_model::observed::RefreshPreflight;

use super::finding::{Findings, block, clear, known, warn, when};
use super::group::{refreshed, suspended};
use super::owner::managed;

const GROUPS: &str = "autoscaling:DescribeAutoScalingGroups";
const VERSIONS: &str = "ec2:DescribeLaunchTemplateVersions";
const TEMPLATES: &str = "ec2:DescribeLaunchTemplates";
const TYPES: &str = "ec2:DescribeInstanceTypes";

/// Seconds that a lifecycle hook may hold an instance before that is worth a word: AWS's own
/// default is an hour.
const LONG_HOOK: u32 = 900;
/// How an image is named by a parameter of Systems Manager, which another day is another image.
const BY_PARAMETER: &str = "resolve:ssm:";

/// The rows, in order: titles in English and in Korean.
pub(super) const ROWS: [(&str, &str); 8] = [
    ("Instance refresh", "인스턴스 새로 고침"),
    ("Mixed instances and warm pool", "혼합 인스턴스와 웜 풀"),
    ("Launch template", "시작 템플릿"),
    ("Image", "이미지"),
    ("Protected and standby instances", "보호·대기 인스턴스"),
    ("Lifecycle hooks", "수명 주기 후크"),
    ("The new type", "새 유형"),
    ("Owners and roles", "소유자와 역할"),
];

/// Returns everything that stands in the way of replacing the instances.
pub fn instance_refresh(facts: &RefreshPreflight, plan: &InstanceRefresh) -> Findings {
    rows(facts, plan).concat()
}

/// Judges every row, in order.
pub(super) fn rows(facts: &RefreshPreflight, plan: &InstanceRefresh) -> [Findings; 8] {
    [
        refresh(facts),
        policy(facts),
        version(facts, plan),
        image(facts),
        members(facts),
        hooks(facts),
        types(facts, plan),
        owners(facts),
    ]
}

fn refresh(facts: &RefreshPreflight) -> Findings {
    let latest = refreshed(facts.refresh_status.as_ref());
    [latest, suspended(facts.suspended.as_ref())].concat()
}

fn policy(facts: &RefreshPreflight) -> Findings {
    let mixed = known(facts.is_mixed.as_ref(), "MixedInstancesPolicy", GROUPS, |mixed| {
        when(*mixed, || {
            block(
                "mixed-instances",
                "Its mixed instances policy names the types: its owner changes the overrides.",
                "혼합 인스턴스 정책이 유형을 정합니다. 소유자가 재정의 목록을 바꿔야 합니다.",
            )
        })
    });
    let pool = known(facts.has_warm_pool.as_ref(), "WarmPoolConfiguration", GROUPS, |pool| {
        when(*pool, || {
            warn(
                "warm-pool",
                "The instances of its warm pool are replaced, too, and warm up anew.",
                "웜 풀의 인스턴스도 함께 교체되고 다시 준비됩니다.",
            )
        })
    });
    [mixed, pool].concat()
}

fn version(facts: &RefreshPreflight, plan: &InstanceRefresh) -> Findings {
    let version = facts.template_version.as_ref();
    let moving = known(version, "LaunchTemplate.Version", GROUPS, |version| {
        when(version.starts_with('$'), || {
            block(
                "template-moves",
                format!(
                    "It follows the version {version} of its launch template: AWS could not take a refresh back."
                ),
                format!(
                    "시작 템플릿의 {version} 버전을 따라가므로 AWS가 새로 고침을 되돌릴 수 없습니다."
                ),
            )
        })
    });
    let gone = known(facts.has_template.as_ref(), "LaunchTemplate", VERSIONS, |exists| {
        when(!*exists, || {
            block(
                "template-gone",
                "The version of the launch template does not exist any more: there would be no way back.",
                "시작 템플릿 버전이 없어져 되돌릴 수 없습니다.",
            )
        })
    });
    if facts.has_template == Some(false) {
        return [moving, gone].concat();
    }
    let named = facts.template_type.as_ref();
    let other = known(named, "LaunchTemplateData.InstanceType", VERSIONS, |named| {
        when(*named != plan.from.as_str(), || {
            block(
                "template-type",
                format!(
                    "The version names the type {named}, and the plan was made for {}.",
                    plan.from
                ),
                format!(
                    "시작 템플릿 버전의 유형은 {named}이며, 계획 당시는 {}였습니다.",
                    plan.from
                ),
            )
        })
    });
    [moving, gone, other].concat()
}

fn image(facts: &RefreshPreflight) -> Findings {
    if facts.has_template == Some(false) {
        return clear();
    }
    known(facts.image.as_ref(), "LaunchTemplateData.ImageId", VERSIONS, |image| {
        when(image.starts_with(BY_PARAMETER), || {
            block(
                "image-by-parameter",
                "Its image is named by a parameter of Systems Manager: AWS could not take a refresh back.",
                "이미지를 Systems Manager 파라미터로 지정하고 있어 AWS가 새로 고침을 되돌릴 수 없습니다.",
            )
        })
    })
}

/// Instances that a refresh would wait for an hour, and then fail.
fn members(facts: &RefreshPreflight) -> Findings {
    let one = |ids: &[String]| ids.first().cloned().unwrap_or_default();
    let protected = known(facts.protected.as_ref(), "ProtectedFromScaleIn", GROUPS, |ids| {
        when(!ids.is_empty(), || {
            block(
                "scale-in-protected",
                format!(
                    "{} is protected from scale-in ({} in all): it holds something that must not be cut off.",
                    one(ids),
                    ids.len()
                ),
                format!(
                    "축소 보호 중인 인스턴스가 {}개 있습니다({} 등). 중단하면 안 되는 작업이 있다는 뜻입니다.",
                    ids.len(),
                    one(ids)
                ),
            )
        })
    });
    let standby = known(facts.standby.as_ref(), "LifecycleState", GROUPS, |ids| {
        when(!ids.is_empty(), || {
            block(
                "standby",
                format!("{} is in standby ({} in all): somebody works on it.", one(ids), ids.len()),
                format!(
                    "대기(Standby) 상태인 인스턴스가 {}개 있습니다({} 등). 누군가 작업 중입니다.",
                    ids.len(),
                    one(ids)
                ),
            )
        })
    });
    [protected, standby].concat()
}

fn hooks(facts: &RefreshPreflight) -> Findings {
    let source = "autoscaling:DescribeLifecycleHooks";
    known(facts.hooks.as_ref(), "LifecycleHooks", source, |hooks| {
        let long = hooks.iter().max_by_key(|(_, seconds)| *seconds);
        let long = long.filter(|(_, seconds)| *seconds > LONG_HOOK);
        long.map_or_else(clear, |(name, seconds)| {
            let minutes = seconds / 60;
            warn(
                "long-hook",
                format!("The lifecycle hook {name} may hold each instance for {minutes} minutes."),
                format!("수명 주기 후크 {name}(이)가 인스턴스마다 최대 {minutes}분까지 기다릴 수 있습니다."),
            )
        })
    })
}

fn types(facts: &RefreshPreflight, plan: &InstanceRefresh) -> Findings {
    let zones = facts.zones_without.as_ref();
    let source = "ec2:DescribeInstanceTypeOfferings";
    let offered = known(zones, "InstanceTypeOfferings", source, |zones| {
        when(!zones.is_empty(), || {
            block(
                "type-not-offered",
                format!("{} is not offered in {}.", plan.to, zones.join(", ")),
                format!("{} 유형을 제공하지 않는 가용 영역: {}.", plan.to, zones.join(", ")),
            )
        })
    });
    let (was, is) = (facts.from.architectures.as_ref(), facts.to.architectures.as_ref());
    let both = was.zip(is);
    let same = known(both.as_ref(), "SupportedArchitectures", TYPES, |(was, is)| {
        when(!was.iter().any(|one| is.contains(one)), || {
            block(
                "other-architecture",
                format!(
                    "{} is {}: its image is made for {}.",
                    plan.to,
                    is.join(", "),
                    was.join(", ")
                ),
                format!(
                    "{} 유형은 {}인데, 이미지는 {}용입니다.",
                    plan.to,
                    is.join(", "),
                    was.join(", ")
                ),
            )
        })
    });
    [offered, same].concat()
}

fn owners(facts: &RefreshPreflight) -> Findings {
    let opted =
        known(facts.is_template_opted_in.as_ref(), "LaunchTemplate.Tags", TEMPLATES, |is| {
            when(!*is, || {
                block(
                    "template-not-opted-in",
                    "Its launch template does not carry trimtab:apply=allowed.",
                    "시작 템플릿에 trimtab:apply=allowed 태그가 없습니다.",
                )
            })
        });
    let profile = facts.has_instance_profile.as_ref();
    let passed = known(profile, "LaunchTemplateData.IamInstanceProfile", VERSIONS, |has| {
        when(*has, || {
            warn(
                "passes-role",
                "Its template names an instance profile: the role that applies must be allowed to pass that role.",
                "시작 템플릿에 인스턴스 프로파일이 있어, 적용 역할에 해당 역할의 iam:PassRole 권한이 필요합니다.",
            )
        })
    });
    [
        opted,
        passed,
        managed(facts.template_tags.as_ref(), TEMPLATES),
        managed(facts.tags.as_ref(), GROUPS),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use trimtab_model::observed::TypeTraits;

    use super::*;

    fn check(alter: impl FnOnce(&mut RefreshPreflight), expected: &[&str]) {
        let traits = || TypeTraits {
            architectures: Some(vec!["x86_64".to_owned()]),
            ..TypeTraits::default()
        };
        let mut facts = RefreshPreflight {
            refresh_status: Some("none".to_owned()),
            suspended: Some(Vec::new()),
            is_mixed: Some(false),
            template_version: Some("4".to_owned()),
            has_template: Some(true),
            template_type: Some("m5.xlarge".to_owned()),
            image: Some("ami-1".to_owned()),
            has_instance_profile: Some(false),
            is_template_opted_in: Some(true),
            protected: Some(Vec::new()),
            standby: Some(Vec::new()),
            hooks: Some(Vec::new()),
            has_warm_pool: Some(false),
            zones_without: Some(Vec::new()),
            from: traits(),
            to: traits(),
            template_tags: Some(BTreeMap::new()),
            tags: Some(BTreeMap::new()),
        };
        alter(&mut facts);
        let plan = InstanceRefresh {
            from: "m5.xlarge".into(),
            to: "m5.large".into(),
            launch_template: "lt-1".to_owned(),
            from_version: "4".to_owned(),
            to_version: None,
            instances: 3,
            alarms: Vec::new(),
        };
        let found = instance_refresh(&facts, &plan);
        let codes: Vec<String> = found.into_iter().map(|(_, why)| why.code).collect();
        assert_eq!(codes, expected);
    }

    #[test]
    fn d43_a_refresh_that_is_under_way_is_never_doubled() {
        check(|_| {}, &[]);
        for status in ["Pending", "InProgress", "Baking", "Cancelling", "SomethingNew"] {
            check(|one| one.refresh_status = Some(status.to_owned()), &["refreshing"]);
        }
        let failed = Some("RollbackFailed".to_owned());
        check(|one| one.refresh_status = failed, &["refresh-failed"]);
    }

    #[test]
    fn d44_what_aws_cannot_take_back_is_not_begun() {
        check(|one| one.template_version = Some("$Latest".to_owned()), &["template-moves"]);
        check(|one| one.has_template = Some(false), &["template-gone"]);
        let by_parameter = Some("resolve:ssm:/web/ami".to_owned());
        check(|one| one.image = by_parameter, &["image-by-parameter"]);
        check(|one| one.is_mixed = Some(true), &["mixed-instances"]);
        check(|one| one.template_type = Some("m5.2xlarge".to_owned()), &["template-type"]);
    }

    #[test]
    fn instances_that_a_refresh_would_wait_for_are_left_alone() {
        check(|one| one.protected = Some(vec!["i-1".to_owned()]), &["scale-in-protected"]);
        check(|one| one.standby = Some(vec!["i-1".to_owned()]), &["standby"]);
        check(|one| one.hooks = Some(vec![("drain".to_owned(), 3_600)]), &["long-hook"]);
        check(|one| one.hooks = Some(vec![("drain".to_owned(), 900)]), &[]);
        check(|one| one.has_warm_pool = Some(true), &["warm-pool"]);
    }

    #[test]
    fn what_was_not_read_lets_nothing_happen() {
        check(|one| one.hooks = None, &["unknown-lifecycle-hooks"]);
        check(|one| one.protected = None, &["unknown-protected-from-scale-in"]);
        check(|one| one.is_template_opted_in = Some(false), &["template-not-opted-in"]);
        check(|one| one.zones_without = Some(vec!["2a".to_owned()]), &["type-not-offered"]);
        check(|one| one.to.architectures = Some(vec!["arm64".to_owned()]), &["other-architecture"]);
    }
}
