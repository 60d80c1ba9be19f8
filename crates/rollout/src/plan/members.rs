//! Members of Auto Scaling groups: a group gets another type as a whole, or its owner is told.
//!
//! One member is never changed: the group replaces what stops, by what its template says. So the
//! recommendations of all members become one change of the group, which launches from a numbered
//! version of a template that nobody else describes. Where that is not so, each stays with its
//! owner, with the reason.

use std::collections::{BTreeMap, BTreeSet};

use trimtab_model::action::{Action, InstanceRefresh};
use trimtab_model::id::{InstanceType, ResourceId};
use trimtab_model::plan::LeftOut;
use trimtab_model::price::PriceBook;
use trimtab_model::recommendation::{Estimate, Projection, Recommendation, Undo};
use trimtab_model::resource::auto_scaling_group::{AutoScalingGroup, LaunchTemplateSpecification};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::{Reason, Text};

use super::conflict;
use super::inventory::Inventory;
use super::owner::{Question, group_name, group_patch, is_free_group};
use super::request::PlanRequest;
use super::units;

/// Alarms that one refresh takes (API reference, AlarmSpecification).
const MOST_ALARMS: usize = 10;
/// Namespaces of load balancers, whose alarms are of what users see.
const BALANCERS: &[&str] = &["AWS/ApplicationELB", "AWS/NetworkELB", "AWS/ELB"];
/// What of them gets worse where a new instance does not serve. Others follow the load.
const SYMPTOMS: &[&str] = &[
    "HTTPCode_Target_5XX_Count",
    "HTTPCode_ELB_5XX_Count",
    "HTTPCode_Backend_5XX",
    "HTTPCode_ELB_5XX",
    "TargetResponseTime",
    "Latency",
    "UnHealthyHostCount",
];

/// Recommendations, sorted by what becomes of them.
pub(super) struct Gathered<'a> {
    /// Those of resources that are changed by themselves.
    pub(super) single: Vec<&'a Recommendation>,
    /// Those of groups as a whole.
    pub(super) groups: Vec<Recommendation>,
    /// Those of members that are part of such a one, or of a group that is not changed.
    pub(super) left_out: Vec<LeftOut>,
}

/// Sorts recommendations.
pub(super) fn gather<'a>(
    recommendations: impl Iterator<Item = &'a Recommendation>,
    inventory: &Inventory<'a>,
    prices: Option<&PriceBook>,
    request: &PlanRequest,
) -> Gathered<'a> {
    let mut gathered = Gathered { single: Vec::new(), groups: Vec::new(), left_out: Vec::new() };
    let mut members: BTreeMap<Place<'a>, Members<'a>> = BTreeMap::new();
    for one in recommendations {
        match group_of(one, inventory, request) {
            None => gathered.single.push(one),
            Some(group) => {
                let place = (group.account.as_str(), group.region.as_str(), group.id.as_str());
                let members = members
                    .entry(place)
                    .or_insert_with(|| Members { group, recommended: Vec::new() });
                members.recommended.push(one);
            }
        }
    }
    for one in members.into_values() {
        match one.together(inventory.snapshot, prices) {
            Ok(group) => {
                let rest = one.recommended.iter().filter(|part| part.id != group.id);
                gathered.left_out.extend(rest.map(|part| leave(part, with_group(&group), None)));
                gathered.groups.push(group);
            }
            Err(reason) => gathered.left_out.extend(one.recommended.iter().map(|part| {
                let patch = question(part, inventory, request).and_then(group_patch);
                leave(part, reason.clone(), patch)
            })),
        }
    }
    gathered
}

/// Account, region and name of a group.
type Place<'a> = (&'a str, &'a str, &'a str);

/// A group and what is recommended of its members.
struct Members<'a> {
    group: &'a Resource<AutoScalingGroup>,
    recommended: Vec<&'a Recommendation>,
}

/// Returns the group of an instance that is to get another type, if nobody else owns the group.
fn group_of<'a>(
    recommendation: &'a Recommendation,
    inventory: &Inventory<'a>,
    request: &PlanRequest,
) -> Option<&'a Resource<AutoScalingGroup>> {
    let Action::ModifyInstanceType { .. } = recommendation.action else { return None };
    let question = question(recommendation, inventory, request)?;
    let name = group_name(question)?;
    let group = inventory.snapshot.auto_scaling_groups.iter().find(|one| {
        one.id.as_str() == name
            && one.account == recommendation.resource.account
            && one.region == recommendation.resource.region
    })?;
    is_free_group(question, group).then_some(group)
}

fn question<'q>(
    recommendation: &'q Recommendation,
    inventory: &'q Inventory<'_>,
    request: &'q PlanRequest,
) -> Option<Question<'q>> {
    Some(Question {
        action: &recommendation.action,
        resource: &recommendation.resource,
        subject: inventory.subject(&recommendation.resource)?,
        inventory,
        terraform: &request.terraform,
    })
}

impl Members<'_> {
    /// Returns the recommendation of the group as a whole, or why there is none.
    fn together(
        &self,
        snapshot: &Snapshot,
        prices: Option<&PriceBook>,
    ) -> Result<Recommendation, Reason> {
        let template = self.template(snapshot)?;
        let (from, to) = self.types(prices)?;
        self.covers(snapshot, from)?;
        let mut sorted = self.recommended.clone();
        sorted.sort_by(|left, right| conflict::more(left, right));
        let (Some(first), Some(estimate)) = (sorted.first(), sum(&sorted)) else {
            return Err(not_one_sum());
        };
        let mut whole = (*first).clone();
        whole.resource = self.group.reference(ResourceKind::AutoScalingGroup);
        whole.action = Action::RefreshInstances(InstanceRefresh {
            from: from.clone(),
            to: to.clone(),
            launch_template: template.0,
            from_version: template.1,
            to_version: None,
            instances: u32::try_from(self.recommended.len()).unwrap_or(u32::MAX),
            alarms: self.alarms(snapshot),
        });
        whole.estimated_monthly_savings = estimate;
        let risks = sorted.iter().map(|one| one.performance_risk);
        whole.performance_risk = risks.max().unwrap_or(first.performance_risk);
        whole.projected = most(&sorted);
        whole.undo = Undo::Compensating(Text::new(
            "to the old version, by replacing the instances once more",
            "인스턴스를 다시 교체하여 이전 버전으로 되돌림",
        ));
        Ok(whole)
    }

    /// Returns the launch template and the number of the version, or why a refresh could not
    /// be taken back.
    fn template(&self, snapshot: &Snapshot) -> Result<(String, String), Reason> {
        let kind = &self.group.kind;
        if kind.mixed_instances.is_some() {
            return Err(Reason::new(
                "mixed-instances",
                "Its group has a mixed instances policy: the types stand in its overrides.",
                "혼합 인스턴스 정책을 쓰는 그룹이라 유형은 재정의 목록에서 정합니다.",
            ));
        }
        let templates: &[LaunchTemplateSpecification] =
            kind.launch_templates.as_deref().unwrap_or_default();
        let [template] = templates else { return Err(no_template()) };
        let name = template.launch_template_id.as_ref().or(template.launch_template_name.as_ref());
        let name = name.ok_or_else(no_template)?;
        let version = template.version.as_deref().unwrap_or("$Default");
        if version.parse::<u64>().is_err() {
            return Err(Reason::new(
                "template-moves",
                format!(
                    "Its group follows {version} of the launch template: from a version that moves AWS takes no refresh back. Pin it to a number first."
                ),
                format!(
                    "그룹이 시작 템플릿의 {version} 버전을 따라가므로 새로 고침을 되돌릴 수 없습니다. 먼저 버전 번호로 고정하세요."
                ),
            ));
        }
        let (account, region) = (&self.group.account, &self.group.region);
        let is_near = |id: &ResourceId| id.as_str() == name;
        let is_listed = snapshot.was_listed(ResourceKind::LaunchTemplate, account, region);
        let is_there = snapshot
            .launch_templates
            .iter()
            .filter(|one| one.account == *account && one.region == *region)
            .any(|one| is_near(&one.id) || one.kind.launch_template_name.as_deref() == Some(name));
        if is_listed && !is_there {
            return Err(Reason::new(
                "template-gone",
                format!("The launch template {name} of its group does not exist any more."),
                format!("그룹의 시작 템플릿 {name}이(가) 더 이상 없습니다."),
            ));
        }
        let follower = snapshot
            .auto_scaling_groups
            .iter()
            .filter(|one| one.account == *account && one.region == *region)
            .find(|one| one.kind.launch_templates.iter().flatten().any(|of| follows(of, template)));
        if let Some(follower) = follower {
            let id = &follower.id;
            return Err(Reason::new(
                "template-followed",
                format!(
                    "Group {id} follows $Latest of the same launch template: a new version would change what it starts."
                ),
                format!(
                    "{id} 그룹이 같은 시작 템플릿의 $Latest를 따라가므로, 새 버전을 만들면 그 그룹도 바뀝니다."
                ),
            ));
        }
        Ok((name.clone(), version.to_owned()))
    }

    /// Returns the one type that all have, and the one that all would get.
    fn types(&self, prices: Option<&PriceBook>) -> Result<(&InstanceType, &InstanceType), Reason> {
        let types: BTreeSet<(&InstanceType, &InstanceType)> = self
            .recommended
            .iter()
            .filter_map(|one| match &one.action {
                Action::ModifyInstanceType { from, to } => Some((from, to)),
                _ => None,
            })
            .collect();
        let mut types = types.into_iter();
        let (Some((from, to)), None) = (types.next(), types.next()) else {
            return Err(Reason::new(
                "members-differ",
                "Members of its group were recommended different types, and a group has one.",
                "그룹의 인스턴스마다 추천 유형이 다른데, 그룹의 유형은 하나입니다.",
            ));
        };
        let architecture =
            |of| prices.and_then(|book| Some(&book.instance_types.get(of)?.architecture));
        match architecture(from).zip(architecture(to)) {
            Some((was, is)) if was != is => Err(Reason::new(
                "other-architecture",
                format!("{to} is {is}: the image of its group is made for {was}."),
                format!("{to} 유형은 {is}인데, 그룹의 이미지는 {was}용입니다."),
            )),
            _ => Ok((from, to)),
        }
    }

    /// Fails unless every member is recommended the type: the others get it, too.
    fn covers(&self, snapshot: &Snapshot, from: &InstanceType) -> Result<(), Reason> {
        let has = |id: &&ResourceId| self.recommended.iter().any(|one| one.resource.id == **id);
        let missing = self.group.kind.instance_ids.iter().find(|id| !has(id));
        if let Some(id) = missing {
            return Err(Reason::new(
                "group-partly",
                format!(
                    "Nothing is recommended of {id}, another member of its group, which would get the type as well."
                ),
                format!(
                    "같은 그룹의 {id}에는 추천이 없습니다. 그룹을 바꾸면 이 인스턴스의 유형도 바뀝니다."
                ),
            ));
        }
        let is_member = |id: &ResourceId| self.recommended.iter().any(|one| one.resource.id == *id);
        let other = snapshot
            .instances
            .iter()
            .filter(|one| one.account == self.group.account && one.region == self.group.region)
            .find(|one| is_member(&one.id) && one.kind.instance_type != *from);
        match other {
            None => Ok(()),
            Some(one) => Err(Reason::new(
                "changed-since",
                format!(
                    "{} was {from} when it was recommended and is {} now: analyze again.",
                    one.id, one.kind.instance_type
                ),
                format!(
                    "{}: 추천 당시 {from}, 현재 {}. 다시 분석하세요.",
                    one.id, one.kind.instance_type
                ),
            )),
        }
    }

    /// Returns the alarms on what users of the group see, that are well now.
    fn alarms(&self, snapshot: &Snapshot) -> Vec<String> {
        let ids: BTreeSet<&ResourceId> =
            self.recommended.iter().map(|one| &one.resource.id).collect();
        let balancers: BTreeSet<&str> = snapshot
            .instances
            .iter()
            .filter(|one| ids.contains(&one.id))
            .flat_map(|one| units::behind(one, snapshot))
            .filter_map(|one| one.id.as_str().split_once("loadbalancer/"))
            .map(|(_, name)| name)
            .collect();
        let mut alarms: Vec<String> = snapshot
            .alarms
            .iter()
            .filter(|one| one.account == self.group.account && one.region == self.group.region)
            .filter(|one| one.kind.state_value.as_deref() == Some("OK"))
            .filter(|one| {
                let is = |word: &Option<String>, of: &[&str]| {
                    word.as_deref().is_some_and(|word| of.contains(&word))
                };
                let dimensions = &one.kind.dimensions;
                let named = dimensions.get("LoadBalancer").or(dimensions.get("LoadBalancerName"));
                is(&one.kind.namespace, BALANCERS)
                    && is(&one.kind.metric_name, SYMPTOMS)
                    && named.is_some_and(|name| balancers.contains(name.as_str()))
            })
            .map(|one| one.id.to_string())
            .collect();
        alarms.sort_unstable();
        alarms.dedup();
        alarms.truncate(MOST_ALARMS);
        alarms
    }
}

/// Returns whether one follows the latest version of the template that another one pins.
fn follows(one: &LaunchTemplateSpecification, pinned: &LaunchTemplateSpecification) -> bool {
    let same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
    let is_same = same(&one.launch_template_id, &pinned.launch_template_id)
        || same(&one.launch_template_name, &pinned.launch_template_name);
    is_same && one.version.as_deref() == Some("$Latest")
}

/// Adds estimates up; none where they are of several currencies.
fn sum(recommended: &[&Recommendation]) -> Option<Estimate> {
    let mut all = recommended.iter().map(|one| &one.estimated_monthly_savings);
    let mut sum = all.next()?.clone();
    for one in all {
        sum.low = sum.low.checked_add(one.low).ok()?;
        sum.likely = sum.likely.checked_add(one.likely).ok()?;
        sum.high = sum.high.checked_add(one.high).ok()?;
        sum.before_discounts = sum.before_discounts.checked_add(one.before_discounts).ok()?;
        sum.cost_now = sum.cost_now.checked_add(one.cost_now).ok()?;
        sum.cost_after = sum.cost_after.checked_add(one.cost_after).ok()?;
        sum.formula_now.extend(one.formula_now.iter().cloned());
        sum.formula_after.extend(one.formula_after.iter().cloned());
        // The weakest ground that one of them stands on.
        sum.basis = sum.basis.max(one.basis);
        sum.billed = None;
    }
    Some(sum)
}

/// Returns of each use the highest that any member will see.
fn most(recommended: &[&Recommendation]) -> Vec<Projection> {
    let mut most: BTreeMap<&str, f64> = BTreeMap::new();
    for one in recommended.iter().flat_map(|one| &one.projected) {
        let seen = most.entry(&one.name).or_insert(one.percent);
        *seen = seen.max(one.percent);
    }
    // A use that was not measured of every member is not known of the group.
    let is_whole = |name: &str| {
        recommended.iter().all(|one| one.projected.iter().any(|use_| use_.name == name))
    };
    most.into_iter()
        .filter(|(name, _)| is_whole(name))
        .map(|(name, percent)| Projection { name: name.to_owned(), percent })
        .collect()
}

fn leave(
    part: &Recommendation,
    reason: Reason,
    patch: Option<trimtab_model::plan::OwnerPatch>,
) -> LeftOut {
    LeftOut { recommendation: part.id.clone(), resource: part.resource.clone(), reason, patch }
}

fn with_group(group: &Recommendation) -> Reason {
    let (id, of) = (&group.resource.id, &group.id);
    Reason::new(
        "with-its-group",
        format!(
            "The change of group {id} as a whole ({of}) has its part in it, and counts its saving."
        ),
        format!("{id} 그룹 전체의 변경({of})에 포함되며 절감액도 거기에 합산되어 있습니다."),
    )
}

fn no_template() -> Reason {
    Reason::new(
        "no-launch-template",
        "Its group does not launch from exactly one launch template.",
        "그룹이 시작 템플릿 하나만으로 인스턴스를 시작하지 않습니다.",
    )
}

fn not_one_sum() -> Reason {
    Reason::new(
        "savings-not-added",
        "What its members save cannot be added up.",
        "구성 인스턴스의 절감액을 합산할 수 없습니다.",
    )
}

#[cfg(test)]
mod tests {
    use trimtab_model::plan::{Change, Plan};
    use trimtab_model::resource::alarm::Alarm;
    use trimtab_model::resource::instance::Instance;

    use super::super::{create, sample};
    use super::*;

    /// A group of two behind a load balancer, and what is recommended of both.
    fn scene(alter: impl FnOnce(&mut Snapshot)) -> Plan {
        let mut snapshot = sample::snapshot();
        snapshot.instances = ["i-1", "i-2"]
            .map(|id| {
                let mut one = sample::instance(id, "m5.xlarge");
                one.kind.auto_scaling_group_name = Some("web".to_owned());
                one
            })
            .into();
        let mut group = sample::group("web", 2, 10, 2);
        group.kind.instance_ids = vec!["i-1".into(), "i-2".into()];
        snapshot.auto_scaling_groups = vec![group];
        snapshot.load_balancers = vec![sample::balancer(&["i-1", "i-2"], 2)];
        alter(&mut snapshot);
        let of =
            |one: &Resource<Instance>| sample::resizing(&format!("R-{}", one.id), one, "70.08");
        let recommended: Vec<Recommendation> = snapshot.instances.iter().map(of).collect();
        let (rules, request) = (sample::rules(), sample::request());
        create(&recommended, &snapshot, Some(&sample::prices()), &rules, &request)
    }

    fn only(plan: &Plan) -> Change {
        let all: Vec<&Change> = plan.changes().collect();
        assert_eq!(all.len(), 1, "{:?}", plan.left_out);
        (*all.first().expect("a change")).clone()
    }

    fn left(plan: &Plan) -> Vec<(&str, bool)> {
        plan.left_out.iter().map(|one| (one.reason.code.as_str(), one.patch.is_some())).collect()
    }

    #[test]
    fn c11_members_of_a_group_are_one_change_of_the_group_and_none_is_stopped() {
        let plan = scene(|_| {});
        let change = only(&plan);
        assert_eq!(change.resource.id.as_str(), "web");
        let Action::RefreshInstances(refresh) = &change.action else {
            unreachable!("{:?}", change.action)
        };
        assert_eq!((refresh.from.as_str(), refresh.to.as_str()), ("m5.xlarge", "m6i.large"));
        assert_eq!((refresh.launch_template.as_str(), refresh.instances), ("lt-web", 2));
        assert_eq!((refresh.from_version.as_str(), refresh.to_version.as_ref()), ("7", None));
        assert_eq!(change.expected.0.get("LaunchTemplate").map(String::as_str), Some("lt-web:7"));
        // Both savings are in it, and the other recommendation says so.
        assert_eq!(change.estimated_monthly_savings.likely.to_string(), "140.16 USD");
        assert_eq!(left(&plan), [("with-its-group", false)]);
        let signals: Vec<_> = change.gates.iter().map(|gate| gate.signal).collect();
        assert!(signals.contains(&trimtab_model::gate::Signal::CpuUtilization));
        assert!(signals.contains(&trimtab_model::gate::Signal::LatencyP95));
    }

    #[test]
    fn d44_a_template_that_moves_or_is_gone_is_refused_with_the_owners_patch() {
        for version in ["$Latest", "$Default"] {
            let plan = scene(|snapshot| {
                let templates = snapshot.auto_scaling_groups[0].kind.launch_templates.as_mut();
                templates.unwrap()[0].version = Some(version.to_owned());
            });
            assert_eq!(left(&plan), [("template-moves", true); 2], "{version}");
        }
        let gone = scene(|snapshot| {
            let place = (sample::ACCOUNT.into(), sample::REGION.into());
            snapshot.listed.entry(ResourceKind::LaunchTemplate).or_default().insert(place);
        });
        assert_eq!(left(&gone), [("template-gone", true); 2]);
    }

    #[test]
    fn a_group_that_would_get_more_than_was_recommended_is_left_to_its_owner() {
        let partly = scene(|snapshot| {
            snapshot.auto_scaling_groups[0].kind.instance_ids.push("i-3".into());
        });
        assert_eq!(left(&partly), [("group-partly", true); 2]);
        let mixed = scene(|snapshot| {
            let policy = trimtab_model::resource::auto_scaling_group::MixedInstances {
                instance_types: Vec::new(),
                on_demand_base_capacity: None,
                on_demand_percentage_above_base_capacity: None,
                is_weighted: false,
            };
            snapshot.auto_scaling_groups[0].kind.mixed_instances = Some(policy);
        });
        assert_eq!(left(&mixed), [("mixed-instances", true); 2]);
        let followed = scene(|snapshot| {
            let mut other = sample::group("batch", 0, 4, 1);
            let template = &mut other.kind.launch_templates.as_mut().unwrap()[0];
            template.launch_template_id = Some("lt-web".to_owned());
            template.version = Some("$Latest".to_owned());
            snapshot.auto_scaling_groups.push(other);
        });
        assert_eq!(left(&followed), [("template-followed", true); 2]);
    }

    #[test]
    fn a_group_that_somebody_describes_keeps_its_patch() {
        let key = "aws:cloudformation:stack-name".to_owned();
        let stack = scene(|snapshot| {
            snapshot.auto_scaling_groups[0].tags.insert(key.clone(), "game".to_owned());
        });
        assert_eq!(left(&stack), [("owned", true); 2]);
        let nodes = scene(|snapshot| {
            for one in &mut snapshot.instances {
                one.tags.insert("eks:cluster-name".to_owned(), "game".to_owned());
                one.tags.insert("eks:nodegroup-name".to_owned(), "workers".to_owned());
            }
        });
        assert_eq!(left(&nodes), [("owned", true); 2]);
    }

    #[test]
    fn alarms_on_what_users_see_let_aws_take_it_back() {
        let alarm = |id: &str, metric: &str, state: &str| {
            let kind = Alarm {
                alarm_arn: None,
                state_value: Some(state.to_owned()),
                state_since: None,
                actions_enabled: Some(true),
                namespace: Some("AWS/ApplicationELB".to_owned()),
                metric_name: Some(metric.to_owned()),
                dimensions: BTreeMap::from([("LoadBalancer".to_owned(), "app/lobby/1".to_owned())]),
                period_seconds: Some(60),
                metric_count: 1,
                expression_queues: Vec::new(),
            };
            Resource { kind, ..with_kind(id) }
        };
        let plan = scene(|snapshot| {
            snapshot.alarms = vec![
                alarm("errors", "HTTPCode_Target_5XX_Count", "OK"),
                // It is in alarm already: AWS would not begin.
                alarm("slow", "TargetResponseTime", "ALARM"),
                alarm("busy", "RequestCount", "OK"),
            ];
        });
        let change = only(&plan);
        let Action::RefreshInstances(refresh) = &change.action else { unreachable!() };
        assert_eq!(refresh.alarms, ["errors"]);
    }

    fn with_kind(id: &str) -> Resource<Alarm> {
        let of = sample::instance(id, "m5.large");
        let kind = Alarm {
            alarm_arn: None,
            state_value: None,
            state_since: None,
            actions_enabled: None,
            namespace: None,
            metric_name: None,
            dimensions: BTreeMap::new(),
            period_seconds: None,
            metric_count: 1,
            expression_queues: Vec::new(),
        };
        Resource {
            id: of.id,
            account: of.account,
            region: of.region,
            environment: of.environment,
            tags: of.tags,
            kind,
        }
    }
}
