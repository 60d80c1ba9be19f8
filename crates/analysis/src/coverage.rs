//! What was read, what was not, and what reading it would unlock.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use trimtab_model::coverage::{Coverage, SourceCoverage, SourceStatus};
use trimtab_model::id::{CheckId, ResourceId};
use trimtab_model::metric::{Origin, Statistic};
use trimtab_model::profile::preferred;
use trimtab_model::queue;
use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::instance::{Instance, InstanceState};
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::{Text, counted};

use crate::check::{Check, Facts, Need};

/// Kinds that a file with the output of the AWS CLI can bring; a scan brings all.
const FROM_FILES: &[ResourceKind] = &[
    ResourceKind::Instance,
    ResourceKind::Volume,
    ResourceKind::Snapshot,
    ResourceKind::Address,
    ResourceKind::NatGateway,
    ResourceKind::ClassicLoadBalancer,
    ResourceKind::LoadBalancer,
    ResourceKind::AutoScalingGroup,
    ResourceKind::DbInstance,
    ResourceKind::LogGroup,
    ResourceKind::Function,
];

/// Returns every source that `checks` can use, in a fixed order: the bill, the
/// inventory by operation, the metrics by name, the users.
pub fn coverage(checks: &[&Check], facts: &Facts<'_>) -> Coverage {
    let mut sources = vec![billing(checks, facts)];
    sources.extend(inventory(checks, facts.snapshot));
    sources.extend(metrics(checks, facts));
    sources.push(traffic(facts));
    Coverage { sources, exemptions: Vec::new() }
}

fn unlocked(checks: &[&Check], uses: impl Fn(&Need) -> bool) -> Vec<CheckId> {
    let unlocked: BTreeSet<CheckId> = checks
        .iter()
        .filter(|check| check.needs.iter().any(&uses))
        .map(|check| check.check_id())
        .collect();
    unlocked.into_iter().collect()
}

fn billing(checks: &[&Check], facts: &Facts<'_>) -> SourceCoverage {
    let window = facts.charges.window;
    let (status, text) = match window {
        Some(window) => {
            let days = window.hours() / rust_decimal::Decimal::from(24);
            let days = days.round_dp(1).normalize();
            (
                SourceStatus::Complete,
                Text::new(
                    format!(
                        "The bill covers {}; savings use its effective rates.",
                        counted(days, "day")
                    ),
                    format!("청구서가 {days}일을 포함합니다. 절감액은 실효 단가로 계산했습니다."),
                ),
            )
        }
        None => (
            SourceStatus::Absent,
            Text::new(
                "No bill was read, so savings use list prices and cannot know discounts. Run `trimtab ingest --from aws`, or put a FOCUS 1.0 or 1.2, CUR 2.0 or legacy CUR export (AWS Data Exports, CSV or Parquet) into billing/.",
                "청구서가 없어 정가로 계산했으며 할인을 반영하지 못했습니다. `trimtab ingest --from aws`를 실행하거나, AWS Data Exports의 FOCUS 1.0/1.2, CUR 2.0 또는 기존 CUR 파일(CSV, Parquet)을 billing/에 넣으세요.",
            ),
        ),
    };
    SourceCoverage {
        source: "billing".to_owned(),
        status,
        resources: None,
        from: window.map(|window| window.start()),
        until: window.map(|window| window.end()),
        unlocks: unlocked(checks, |need| matches!(need, Need::OptionalBilling | Need::Billing)),
        text,
    }
}

/// One source per operation: two kinds may come from operations of the same name.
fn inventory(checks: &[&Check], snapshot: &Snapshot) -> Vec<SourceCoverage> {
    let mut operations: BTreeMap<&'static str, BTreeSet<ResourceKind>> = BTreeMap::new();
    for need in checks.iter().flat_map(|check| check.needs) {
        if let Need::Kind(kind) = need {
            operations.entry(kind.operation()).or_default().insert(*kind);
        }
    }
    operations
        .into_iter()
        .map(|(operation, kinds)| {
            let gaps = snapshot
                .gaps
                .iter()
                .filter(|gap| gap.kind.is_some_and(|kind| kinds.contains(&kind)))
                .count();
            let present = kinds.iter().filter(|kind| is_listed(snapshot, **kind)).count();
            let status = match (present, gaps) {
                (0, 0) => SourceStatus::Absent,
                (present, 0) if present == kinds.len() => SourceStatus::Complete,
                _ => SourceStatus::Partial,
            };
            SourceCoverage {
                source: format!("inventory:{operation}"),
                status,
                resources: None,
                from: None,
                until: (present > 0).then_some(snapshot.taken_at),
                unlocks: unlocked(
                    checks,
                    |need| matches!(need, Need::Kind(kind) if kinds.contains(kind)),
                ),
                text: inventory_text(status, operation, &kinds, gaps),
            }
        })
        .collect()
}

fn is_listed(snapshot: &Snapshot, kind: ResourceKind) -> bool {
    snapshot.listed.get(&kind).is_some_and(|places| !places.is_empty())
}

fn inventory_text(
    status: SourceStatus,
    operation: &str,
    kinds: &BTreeSet<ResourceKind>,
    gaps: usize,
) -> Text {
    let services: BTreeSet<&str> = kinds.iter().map(|kind| kind.service()).collect();
    let commands: Vec<String> = services
        .iter()
        .map(|service| {
            let owned = if operation == "describe-snapshots" { " --owner-ids self" } else { "" };
            format!("`aws {service} {operation}{owned} --output json > {operation}.json`")
        })
        .collect();
    let scanned = !kinds.iter().all(|kind| FROM_FILES.contains(kind));
    let list = if scanned { "`trimtab scan`".to_owned() } else { commands.join(", ") };
    match status {
        SourceStatus::Absent if scanned => Text::new(
            format!("{operation} was not read. Run {list}: no file brings it."),
            format!(
                "{operation} 결과가 없습니다. 파일로는 제공할 수 없으므로 {list}을 실행하세요."
            ),
        ),
        SourceStatus::Complete => {
            Text::new(format!("{operation} was read."), format!("{operation} 결과를 읽었습니다."))
        }
        SourceStatus::Partial => Text::new(
            format!(
                "{operation} was read in part; {gaps} gaps are listed. Run {list} in each account and region."
            ),
            format!(
                "{operation} 결과를 일부만 읽었습니다(누락 {gaps}건). 계정과 리전마다 다음을 실행하세요: {list}."
            ),
        ),
        SourceStatus::Absent => Text::new(
            format!(
                "{operation} was not read. Run {list} and put the file into inventory/<account>/<region>/."
            ),
            format!(
                "{operation} 결과가 없습니다. 다음을 실행해 inventory/<계정>/<리전>/에 넣으세요: {list}."
            ),
        ),
    }
}

/// Who needs a metric, and with which statistics.
#[derive(Default)]
struct MetricUse {
    kinds: BTreeSet<ResourceKind>,
    statistics: Vec<Statistic>,
}

fn metrics(checks: &[&Check], facts: &Facts<'_>) -> Vec<SourceCoverage> {
    let mut uses: BTreeMap<(&'static str, &'static str), MetricUse> = BTreeMap::new();
    for check in checks {
        for need in check.needs {
            let (Need::Metric(namespace, metric, statistics)
            | Need::OptionalMetric(namespace, metric, statistics)) = need
            else {
                continue;
            };
            let used = uses.entry((namespace, metric)).or_default();
            used.kinds.insert(check.kind);
            for statistic in *statistics {
                if !used.statistics.contains(statistic) {
                    used.statistics.push(*statistic);
                }
            }
        }
    }
    uses.into_iter()
        .map(|((namespace, metric), used)| metric_source(checks, facts, namespace, metric, &used))
        .collect()
}

fn metric_source(
    checks: &[&Check],
    facts: &Facts<'_>,
    namespace: &'static str,
    metric: &'static str,
    used: &MetricUse,
) -> SourceCoverage {
    let resources: BTreeSet<(Origin, ResourceId)> = used
        .kinds
        .iter()
        .flat_map(|kind| measurable(facts.snapshot, *kind, namespace, metric))
        .collect();
    let profiles: Vec<_> = resources
        .iter()
        .filter_map(|(origin, id)| {
            let (of, statistics) = ((namespace, metric), &used.statistics);
            preferred(&facts.profiles.each_source(origin, id, of, statistics, |_| true))
        })
        .map(|found| found.profile)
        .collect();
    let (have, need) = (profiles.len() as u64, resources.len() as u64);
    let listed = used.kinds.iter().any(|kind| is_listed(facts.snapshot, *kind));
    let status = match (have, need) {
        (0, 0) if listed => SourceStatus::Complete,
        (0, _) => SourceStatus::Absent,
        (have, need) if have < need => SourceStatus::Partial,
        _ => SourceStatus::Complete,
    };
    let ends = |profile: &&trimtab_model::profile::UsageProfile| {
        let seconds = i64::from(profile.period_seconds);
        Timestamp::from_second(profile.last.as_second().saturating_add(seconds)).ok()
    };
    SourceCoverage {
        source: format!("metrics:{namespace}:{metric}"),
        status,
        resources: Some((have, need)),
        from: profiles.iter().map(|profile| profile.first).min(),
        until: profiles.iter().filter_map(ends).max(),
        unlocks: unlocked(checks, |need| {
            matches!(need, Need::Metric(ns, name, _) | Need::OptionalMetric(ns, name, _)
                if *ns == namespace && *name == metric)
        }),
        text: if need == 0 && !listed {
            Text::new(
                "The resources that could have it were not listed; their inventory comes first.",
                "이 지표가 필요한 자원의 목록이 없습니다. 인벤토리를 먼저 제공하세요.",
            )
        } else {
            metric_text(namespace, metric, &used.statistics, have, need)
        },
    }
}

/// Lists the resources of a kind that can have metrics now, and their parts that have their own.
fn measurable(
    snapshot: &Snapshot,
    kind: ResourceKind,
    namespace: &str,
    metric: &str,
) -> Vec<(Origin, ResourceId)> {
    // A queue is measured whether who reads it runs or not.
    if kind == ResourceKind::Instance && namespace != queue::NAMESPACE {
        return snapshot
            .instances
            .iter()
            .filter(|instance| instance.kind.state == InstanceState::Running)
            .filter(|instance| has_metric(&instance.kind, metric))
            .map(|instance| (instance.origin(), instance.id.clone()))
            .collect();
    }
    if (kind, namespace) == (ResourceKind::DbInstance, "AWS/RDS") {
        return snapshot
            .db_instances
            .iter()
            .filter(|db| has_db_metric(&db.kind, metric))
            .map(|db| (db.origin(), db.id.clone()))
            .collect();
    }
    snapshot
        .measured(kind, namespace)
        .into_iter()
        .map(|one| (Origin { account: one.account, region: one.region }, one.id))
        .collect()
}

/// The CloudWatch agent names memory use differently on Windows, and only some types have
/// credits or graphics processors.
fn has_metric(instance: &Instance, metric: &str) -> bool {
    let windows =
        instance.platform_details.as_deref().is_some_and(|platform| platform.contains("Windows"));
    match metric {
        "mem_used_percent" => !windows,
        "Memory % Committed Bytes In Use" => windows,
        "CPUSurplusCreditsCharged" => is_of_series(instance, &["t"]),
        "nvidia_smi_utilization_gpu" | "nvidia_smi_utilization_memory" => {
            is_of_series(instance, &["g", "gr", "p"])
        }
        _ => true,
    }
}

/// Only burstable classes have credits, and the storage of Aurora is its cluster's.
fn has_db_metric(db: &DbInstance, metric: &str) -> bool {
    match metric {
        "CPUCreditBalance" => db.db_instance_class.as_str().starts_with("db.t"),
        "FreeStorageSpace" => {
            db.storage_type.as_deref().is_none_or(|one| !one.starts_with("aurora"))
        }
        _ => true,
    }
}

/// Returns whether the letters in front of the generation are one of `series`.
fn is_of_series(instance: &Instance, series: &[&str]) -> bool {
    let name = instance.instance_type.as_str();
    let end = name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len());
    name.get(..end).is_some_and(|letters| series.contains(&letters))
}

fn metric_text(
    namespace: &str,
    metric: &str,
    statistics: &[Statistic],
    have: u64,
    need: u64,
) -> Text {
    if need == 0 {
        return Text::new("No resource needs it.".to_owned(), "필요한 자원이 없습니다.".to_owned());
    }
    if have == need {
        return Text::new(
            format!("Complete for {}.", counted(need, "resource")),
            format!("자원 {need}개 모두 지표가 있습니다."),
        );
    }
    let statistic = statistics.first().map_or("Maximum", |statistic| statistic.as_str());
    if namespace == "CWAgent" {
        return Text::new(
            format!(
                "It is there for {have} of {}. Install the CloudWatch agent with {metric}, then export it with statistic {statistic}.",
                counted(need, "resource")
            ),
            format!(
                "자원 {need}개 중 {have}개에만 있습니다. CloudWatch 에이전트로 수집한 뒤 {statistic} 통계로 내보내세요: {metric}."
            ),
        );
    }
    let command = format!(
        "`aws cloudwatch get-metric-data` for {namespace} {metric}, statistic {statistic}, period 300"
    );
    Text::new(
        format!(
            "It is there for {have} of {}. Run {command}, and put the rows into metrics/.",
            counted(need, "resource")
        ),
        format!(
            "자원 {need}개 중 {have}개에만 있습니다. `aws cloudwatch get-metric-data`로 다음 지표를 {statistic} 통계, 300초 주기로 내보내 metrics/에 넣으세요: {namespace} {metric}."
        ),
    )
}

fn traffic(facts: &Facts<'_>) -> SourceCoverage {
    let days = &facts.traffic.days;
    let moment = |date: jiff::civil::Date| {
        date.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    };
    let services = facts.traffic.services.len();
    let (status, text) = if days.is_empty() && services > 0 {
        (
            SourceStatus::Partial,
            Text::new(
                format!(
                    "Requests of {} were read, users per day were not. Put users.csv with date and dau into traffic/.",
                    counted(services, "service")
                ),
                format!(
                    "서비스 {services}개의 요청을 읽었지만 일별 사용자 수는 없습니다. date, dau 열이 있는 users.csv를 traffic/에 넣으세요."
                ),
            ),
        )
    } else if days.is_empty() {
        (
            SourceStatus::Absent,
            Text::new(
                "Users per day were not read; demand is judged without its driver. Put users.csv with date and dau into traffic/.",
                "일별 사용자 수가 없어 수요의 원인을 고려하지 못했습니다. date, dau 열이 있는 users.csv를 traffic/에 넣으세요.",
            ),
        )
    } else {
        let count = days.len();
        (
            SourceStatus::Complete,
            Text::new(
                format!("Users of {} were read.", counted(count, "day")),
                format!("{count}일의 사용자 수를 읽었습니다."),
            ),
        )
    };
    SourceCoverage {
        source: "traffic".to_owned(),
        status,
        resources: None,
        from: days.first().and_then(|day| moment(day.date)),
        until: days.last().and_then(|day| day.date.tomorrow().ok()).and_then(moment),
        unlocks: Vec::new(),
        text,
    }
}
