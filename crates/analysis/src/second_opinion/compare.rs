//! Gives every recommendation AWS's stance, and lists what AWS alone recommends.

use trimtab_model::analysis::Analysis;
use trimtab_model::opinion::{Opinion, Opinions};
use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_model::snapshot::Snapshot;

use super::{coverage, only_aws, stance};

/// Holds AWS's opinions against an analysis and writes the outcome into it.
///
/// An analysis of an account that nobody asked AWS about stays as it is.
pub fn compare(analysis: &mut Analysis, opinions: &Opinions, snapshot: &Snapshot) {
    if opinions.readings.is_empty() {
        return;
    }
    let mut items = std::mem::take(&mut analysis.items);
    for item in &mut items {
        item.second_opinion = stance::second_opinion(item, opinions);
    }
    analysis.items = items;
    analysis.only_aws = only_aws::only_aws(analysis, opinions, snapshot);
    let traffic = analysis.coverage.sources.len().saturating_sub(1);
    for (place, source) in coverage::coverage(opinions).into_iter().enumerate() {
        // The users stand last, as on every page.
        analysis.coverage.sources.insert(traffic + place, source);
    }
}

/// Returns whether an opinion is about a resource.
pub(super) fn is_about(opinion: &Opinion, resource: &ResourceRef) -> bool {
    is_same(opinion, resource)
        && opinion.kind == resource.kind
        && opinion.account == resource.account
        && opinion.region == resource.region
}

/// Returns whether both have one name. The ARN of an endpoint of SageMaker has the name in small
/// letters, and two names that differ by nothing else cannot be.
fn is_same(opinion: &Opinion, resource: &ResourceRef) -> bool {
    match resource.kind {
        ResourceKind::ModelEndpoint => {
            opinion.id.as_str().eq_ignore_ascii_case(resource.id.as_str())
        }
        _ => opinion.id == resource.id,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use trimtab_model::collection::Outcome;
    use trimtab_model::coverage::SourceStatus;
    use trimtab_model::metric::Statistic;
    use trimtab_model::money::Money;
    use trimtab_model::opinion::{Advice, Aspect, OpinionReading, OpinionSource, Sight, Stance};

    use super::*;
    use crate::check::Check;
    use crate::scene::{Scene, flat, office, scene};
    use crate::sizing::fit::tests::instance_type;

    /// An instance to shrink, and one without metrics.
    fn account() -> Scene {
        scene()
            .instance_type(instance_type("m5.large", 2, 8 << 10), "0.096")
            .instance_type(instance_type("m5.xlarge", 4, 16 << 10), "0.192")
            .instance(|instance| instance.kind.instance_type = "m5.xlarge".into())
            .instance(|instance| instance.id = "i-3".into())
            .metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Maximum, flat(10.0, 14))
            .metric("i-1", "CWAgent", "mem_used_percent", Statistic::Maximum, flat(30.0, 14))
    }

    fn judged(scene: &Scene) -> Analysis {
        let checks: Vec<&Check> = crate::checks::ALL
            .iter()
            .copied()
            .filter(|check| check.id == "ec2-instance-oversized")
            .collect();
        crate::analyze_with(&checks, &scene.facts())
    }

    fn opinion(id: &str, advice: Advice, to: &str) -> Opinion {
        let item = judged(&account()).items.swap_remove(0).resource;
        Opinion {
            source: OpinionSource::ComputeOptimizer,
            account: item.account,
            region: item.region,
            kind: ResourceKind::Instance,
            id: id.into(),
            aspect: Aspect::Whole,
            advice,
            finding: "Overprovisioned".into(),
            reason_codes: Vec::new(),
            recommended: BTreeMap::from([("instance_type".to_owned(), to.to_owned())]),
            summary: None,
            monthly_saving: Some(Money::usd(70.into())),
            monthly_saving_after_discounts: None,
            lookback_days: Some(14),
            memory: Some(Sight::Unseen),
            refreshed_at: None,
        }
    }

    fn asked(outcome: Outcome, opinions: Vec<Opinion>) -> Opinions {
        let one = opinion("i-1", Advice::Keep, "m5.large");
        let reading = OpinionReading {
            source: OpinionSource::ComputeOptimizer,
            account: one.account,
            region: Some(one.region),
            outcome,
            opinions: opinions.len() as u64,
            left_out: 0,
            reasons: Vec::new(),
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        Opinions { readings: vec![reading], opinions }
    }

    fn compared(opinions: &Opinions) -> Analysis {
        let scene = account();
        let mut analysis = judged(&scene);
        compare(&mut analysis, opinions, &scene.snapshot);
        analysis
    }

    fn check(opinions: &Opinions, expected: Option<(Stance, &str)>) -> Vec<String> {
        let mut analysis = compared(opinions);
        let second = analysis.items.swap_remove(0).second_opinion;
        let found = second.as_ref().map(|second| (second.stance, second.reason.code.as_str()));
        assert_eq!(found, expected, "{second:?}");
        let differences = second.map(|second| second.differences).unwrap_or_default();
        differences.into_iter().map(|reason| reason.code).collect()
    }

    #[test]
    fn the_same_target_agrees_and_says_what_was_not_seen() {
        let differences = check(
            &asked(Outcome::Complete, vec![opinion("i-1", Advice::Change, "m5.large")]),
            Some((Stance::Agree, "same-change")),
        );
        assert_eq!(differences, ["memory-unseen-by-aws"]);
    }

    #[test]
    fn another_target_another_direction_and_content_differ() {
        let of = |advice, to: &str| asked(Outcome::Complete, vec![opinion("i-1", advice, to)]);
        check(&of(Advice::Change, "m6g.large"), Some((Stance::Differ, "other-target")));
        check(&of(Advice::Keep, ""), Some((Stance::Differ, "aws-keeps")));
        check(&of(Advice::Enlarge, "m5.2xlarge"), Some((Stance::Differ, "aws-enlarges")));
        check(&of(Advice::Remove, ""), Some((Stance::Differ, "aws-removes")));
    }

    #[test]
    fn one_voice_of_several_that_agrees_is_an_agreement() {
        let mut hub = opinion("i-1", Advice::Keep, "");
        hub.source = OpinionSource::CostOptimizationHub;
        let both = vec![opinion("i-1", Advice::Change, "m5.large"), hub];
        check(&asked(Outcome::Complete, both), Some((Stance::Agree, "same-change")));
    }

    /// A service of ECS that is too large for its use, and rests at night.
    fn service() -> Scene {
        let name = "arena/match";
        scene()
            .price("fargate/vcpu_hour_x86", "0.04048")
            .price("fargate/gb_hour_x86", "0.004445")
            .ecs_service(|_| ())
            .metric(name, "AWS/ECS", "CPUUtilization", Statistic::Maximum, office(10.0, 2.0, 14))
            .metric(
                name,
                "AWS/ECS",
                "MemoryUtilization",
                Statistic::Maximum,
                office(20.0, 18.0, 14),
            )
    }

    #[test]
    fn a_task_of_another_size_differs_and_hours_are_not_judged() {
        let scene = service();
        let checks: Vec<&Check> = crate::checks::ALL
            .iter()
            .copied()
            .filter(|check| ["ecs-service-oversized", "ecs-service-off-hours"].contains(&check.id))
            .collect();
        let analysis = crate::analyze_with(&checks, &scene.facts());
        let size = |cpu: &str| {
            let resource = analysis.items[0].resource.clone();
            let mut opinion = opinion("arena/match", Advice::Change, "");
            opinion.kind = resource.kind;
            opinion.recommended = BTreeMap::from([
                ("cpu_units".to_owned(), cpu.to_owned()),
                ("memory_mib".to_owned(), "512".to_owned()),
            ]);
            asked(Outcome::Complete, vec![opinion])
        };
        let stances = |opinions: &Opinions| -> Vec<(String, String)> {
            let mut analysis = analysis.clone();
            compare(&mut analysis, opinions, &scene.snapshot);
            let second = analysis.items.into_iter().map(|item| {
                let second = item.second_opinion.expect("asked");
                (item.check.as_str().to_owned(), second.reason.code)
            });
            let mut second: Vec<_> = second.collect();
            second.sort();
            second
        };
        let pairs = |of_size: &str| {
            [("ecs-service-off-hours", "not-judged-by-aws"), ("ecs-service-oversized", of_size)]
                .map(|(check, code)| (check.to_owned(), code.to_owned()))
        };
        assert_eq!(stances(&size("256")), pairs("same-change"));
        assert_eq!(stances(&size("512")), pairs("other-target"));
    }

    #[test]
    fn an_endpoint_is_known_by_its_name_in_small_letters() {
        let mut resource = judged(&account()).items.swap_remove(0).resource;
        resource.kind = ResourceKind::ModelEndpoint;
        resource.id = "Ranker".into();
        let mut theirs = opinion("ranker", Advice::Remove, "");
        theirs.kind = ResourceKind::ModelEndpoint;
        assert!(is_about(&theirs, &resource));
        theirs.kind = ResourceKind::Instance;
        assert!(!is_about(&theirs, &resource));
    }

    #[test]
    fn silence_of_somebody_who_was_asked_is_absence() {
        check(&asked(Outcome::Complete, Vec::new()), Some((Stance::Absent, "not-named")));
    }

    #[test]
    fn who_could_not_be_asked_has_no_stance() {
        check(&asked(Outcome::OptedOut, Vec::new()), None);
        check(&asked(Outcome::Denied, Vec::new()), None);
        check(&Opinions::default(), None);
    }

    #[test]
    fn what_aws_alone_recommends_says_why_we_do_not() {
        let opinions = asked(
            Outcome::Complete,
            vec![
                opinion("i-1", Advice::Change, "m5.large"),
                opinion("i-3", Advice::Change, "m5.large"),
                opinion("i-9", Advice::Remove, ""),
            ],
        );
        let analysis = compared(&opinions);
        let found: Vec<(&str, &str)> = analysis
            .only_aws
            .iter()
            .map(|one| (one.resource.id.as_str(), one.reason.code.as_str()))
            .collect();
        assert_eq!(found, [("i-3", "not-judged"), ("i-9", "not-in-inventory")]);
        assert!(analysis.only_aws[0].reason.text.en.contains("CPU"), "{analysis:?}");
    }

    #[test]
    fn coverage_says_who_was_asked_and_that_not_being_enrolled_is_no_fault() {
        let status = |outcome| {
            let analysis = compared(&asked(outcome, Vec::new()));
            let found = analysis.coverage.sources.into_iter().find_map(|source| {
                (source.source == "second-opinion:compute-optimizer")
                    .then_some((source.status, source.text.en))
            });
            found.expect("listed")
        };
        assert_eq!(status(Outcome::Complete).0, SourceStatus::Complete);
        let (status, text) = status(Outcome::OptedOut);
        assert_eq!(status, SourceStatus::Absent);
        assert!(text.contains("not enrolled"), "{text}");
    }
}
