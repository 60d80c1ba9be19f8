//! The words of the model's enumerations, and a change in one phrase.

use trimtab_model::action::{
    Action, CommitmentUse, DbStorageSettings, GroupSizes, HostCapacity, VolumeSettings,
};
use trimtab_model::confidence::{Confidence, Doubt};
use trimtab_model::coverage::{ExemptionStatus, SourceStatus};
use trimtab_model::environment::Environment;
use trimtab_model::evidence::{FigureValue, MetricCoverage};
use trimtab_model::price::PriceBasis;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, PerformanceRisk, Projection, Recommendation, Undo,
};
use trimtab_model::resource::ResourceRef;

use crate::chart::LineUnit;
use crate::locale::Locale;
use crate::table::Tone;
use crate::{number, sanitise, unit};

/// Returns the name of a kind of action.
pub fn action_type(action_type: ActionType, locale: Locale) -> String {
    match action_type {
        ActionType::Rightsize => locale.text("action-type-rightsize"),
        ActionType::Stop => locale.text("action-type-stop"),
        ActionType::Upgrade => locale.text("action-type-upgrade"),
        ActionType::Delete => locale.text("action-type-delete"),
        ActionType::ScaleIn => locale.text("action-type-scale-in"),
        ActionType::MigrateToGraviton => locale.text("action-type-graviton"),
        ActionType::SetRetention => locale.text("action-type-retention"),
        ActionType::Reconfigure => locale.text("action-type-reconfigure"),
        ActionType::Schedule => locale.text("action-type-schedule"),
        ActionType::FixApplication => locale.text("action-type-fix-application"),
        ActionType::ConvertServerless => locale.text("action-type-convert-serverless"),
        ActionType::MoveToContainers => locale.text("action-type-move-to-containers"),
    }
}

/// Returns the name of a finding.
pub fn finding(finding: Finding, locale: Locale) -> String {
    match finding {
        Finding::Idle => locale.text("finding-idle"),
        Finding::Unattached => locale.text("finding-unattached"),
        Finding::Unused => locale.text("finding-unused"),
        Finding::Overprovisioned => locale.text("finding-overprovisioned"),
        Finding::Underprovisioned => locale.text("finding-underprovisioned"),
        Finding::NotOptimized => locale.text("finding-not-optimized"),
    }
}

/// Returns the word of a performance risk.
pub fn risk(risk: PerformanceRisk, locale: Locale) -> String {
    match risk.value() {
        0 => locale.text("risk-very-low"),
        1 => locale.text("risk-low"),
        2 => locale.text("risk-medium"),
        3 => locale.text("risk-high"),
        _ => locale.text("risk-very-high"),
    }
}

/// Returns the words of risks from the lowest on, each with its name for machines.
pub fn risk_scale(locale: Locale) -> Vec<(String, &'static str)> {
    let names = ["very-low", "low", "medium", "high", "very-high"];
    let word = |(value, name)| (risk(PerformanceRisk::new(value), locale), name);
    (0..).zip(names).map(word).collect()
}

/// Returns the words of efforts from the lowest on, each with its name for machines.
pub fn effort_scale(locale: Locale) -> Vec<(String, &'static str)> {
    let scale = [
        (ImplementationEffort::VeryLow, "very-low"),
        (ImplementationEffort::Low, "low"),
        (ImplementationEffort::Medium, "medium"),
        (ImplementationEffort::High, "high"),
        (ImplementationEffort::VeryHigh, "very-high"),
    ];
    scale.map(|(one, name)| (effort(one, locale), name)).to_vec()
}

/// Returns the words of what is there of sources, and of what became of rules, the best first.
pub fn coverage_scale(locale: Locale) -> Vec<(String, &'static str)> {
    let sources = [
        (SourceStatus::Complete, "complete"),
        (SourceStatus::Partial, "partial"),
        (SourceStatus::Absent, "absent"),
    ];
    let rules = [
        (ExemptionStatus::Applied, "applied"),
        (ExemptionStatus::Unmatched, "unmatched"),
        (ExemptionStatus::Expired, "expired"),
    ];
    let sources = sources.map(|(one, name)| (source_status(one, locale), name));
    let rules = rules.map(|(one, name)| (exemption_status(one, locale), name));
    sources.into_iter().chain(rules).collect()
}

/// Returns a sentence about what a performance risk means.
pub fn risk_sentence(risk: PerformanceRisk, locale: Locale) -> String {
    match risk.value() {
        0 => locale.text("risk-sentence-very-low"),
        1 => locale.text("risk-sentence-low"),
        2 => locale.text("risk-sentence-medium"),
        3 => locale.text("risk-sentence-high"),
        _ => locale.text("risk-sentence-very-high"),
    }
}

/// Returns the tone of a risk: high ones are red.
pub fn risk_tone(risk: PerformanceRisk) -> Tone {
    if risk.value() >= 3 { Tone::Danger } else { Tone::Plain }
}

/// Returns the tone of an environment: production is red.
pub fn environment_tone(environment: Environment) -> Tone {
    match environment {
        Environment::Prod => Tone::Danger,
        Environment::Dev | Environment::Staging | Environment::Unknown => Tone::Plain,
    }
}

/// Returns the word of an effort.
pub fn effort(effort: ImplementationEffort, locale: Locale) -> String {
    match effort {
        ImplementationEffort::VeryLow => locale.text("effort-very-low"),
        ImplementationEffort::Low => locale.text("effort-low"),
        ImplementationEffort::Medium => locale.text("effort-medium"),
        ImplementationEffort::High => locale.text("effort-high"),
        ImplementationEffort::VeryHigh => locale.text("effort-very-high"),
    }
}

/// Returns the word of a confidence.
pub fn confidence(confidence: Confidence, locale: Locale) -> String {
    match confidence {
        Confidence::Low => locale.text("confidence-low"),
        Confidence::Medium => locale.text("confidence-medium"),
        Confidence::High => locale.text("confidence-high"),
    }
}

/// Returns the words of confidences from the lowest on, each with its name for machines.
pub fn confidence_scale(locale: Locale) -> Vec<(String, &'static str)> {
    Confidence::ALL.map(|one| (confidence(one, locale), one.as_str())).to_vec()
}

/// Returns what the evidence of a recommendation lacks, as a list; nothing where it lacks nothing.
pub fn doubts(item: &Recommendation, locale: Locale) -> String {
    let word = |doubt: Doubt| match doubt {
        Doubt::SignalsNotSeen => {
            let count = item.evidence.signals_not_seen.len().to_string();
            locale.text_with("doubt-signals", &[("count", &count)])
        }
        Doubt::MetricsIncomplete => locale.text("doubt-metrics"),
        Doubt::ListPrice => locale.text("doubt-list-price"),
        Doubt::EstimatedPrice => locale.text("doubt-estimated-price"),
    };
    item.doubts().into_iter().map(word).collect::<Vec<_>>().join(", ")
}

/// Returns the first metric of a recommendation with its highest day: `CPUUtilization 31%`.
pub fn first_use(item: &Recommendation) -> Option<String> {
    let (metric, daily) = item.evidence.first_use()?;
    let peak = first_use_unit(metric).text(daily.peak()?);
    Some(format!("{} {peak}", sanitise(&metric.metric)))
}

/// Returns what the values of a metric are: CloudWatch names those that are percentages, and measures how long a
/// function runs in milliseconds.
pub fn first_use_unit(metric: &MetricCoverage) -> LineUnit {
    let name = metric.metric.to_lowercase();
    let is_percent = ["utilization", "percent", "%"].iter().any(|word| name.contains(word));
    let is_duration = metric.namespace == "AWS/Lambda" && metric.metric == "Duration";
    match (is_percent, is_duration) {
        (true, _) => LineUnit::Percent,
        (false, true) => LineUnit::Plain("ms".to_owned()),
        (false, false) => LineUnit::Plain(String::new()),
    }
}

/// Returns what undoing means, its loss included.
pub fn undo(undo: &Undo, locale: Locale) -> String {
    let loss = |text: &trimtab_model::text::Text| sanitise(text.get(locale.language()));
    match undo {
        Undo::Exact => locale.text("undo-exact"),
        Undo::Compensating(text) => locale.text_with("undo-compensating", &[("loss", &loss(text))]),
        Undo::Impossible(text) => locale.text_with("undo-impossible", &[("loss", &loss(text))]),
    }
}

/// Returns the word for where a price comes from.
pub fn price_basis(basis: PriceBasis, locale: Locale) -> String {
    match basis {
        PriceBasis::Bill => locale.text("price-basis-bill"),
        PriceBasis::List => locale.text("price-basis-list"),
        PriceBasis::Estimated => locale.text("price-basis-estimated"),
    }
}

/// Returns the word for how much of a source was there.
pub fn source_status(status: SourceStatus, locale: Locale) -> String {
    match status {
        SourceStatus::Complete => locale.text("source-complete"),
        SourceStatus::Partial => locale.text("source-partial"),
        SourceStatus::Absent => locale.text("source-absent"),
    }
}

/// Returns the word for what became of a rule that takes resources out.
pub fn exemption_status(status: ExemptionStatus, locale: Locale) -> String {
    match status {
        ExemptionStatus::Applied => locale.text("exemption-applied"),
        ExemptionStatus::Unmatched => locale.text("exemption-unmatched"),
        ExemptionStatus::Expired => locale.text("exemption-expired"),
    }
}

/// Returns the name of a resource, else its identifier, safe to print.
///
/// Of an ARN, the part that tells resources of one kind apart.
pub fn resource_name(resource: &ResourceRef) -> String {
    let id = resource.id.as_str();
    let short = match id.splitn(6, ':').collect::<Vec<_>>().as_slice() {
        ["arn", .., rest] if id.matches(':').count() >= 5 => {
            rest.strip_prefix("loadbalancer/").unwrap_or(rest)
        }
        _ => id,
    };
    sanitise(resource.name.as_deref().unwrap_or(short))
}

/// Returns a figure's value with its unit.
pub fn figure_value(value: &FigureValue, unit: &str, locale: Locale) -> String {
    match value {
        FigureValue::Number(number) if unit == "%" => {
            unit::quantity(&number::measured_percent(*number), unit, locale)
        }
        FigureValue::Number(number) => {
            unit::quantity(&number::significant(*number), &sanitise(unit), locale)
        }
        FigureValue::Word(word) => unit::quantity(&sanitise(word), &sanitise(unit), locale),
    }
}

/// Returns what a projected use is called: `cpu_p99_5` is `CPU p99.5`.
///
/// A name that is not known is shown as it is.
pub fn projection(name: &str, locale: Locale) -> String {
    let suffixes = ["_p99_5", "_p99", "_p95", "_p90", "_max", "_mean"];
    let suffix = suffixes.iter().find(|suffix| name.ends_with(**suffix)).copied();
    let metric = suffix.and_then(|suffix| name.strip_suffix(suffix)).unwrap_or(name);
    let metric = match metric {
        "cpu" => locale.text("use-cpu"),
        "cpu_busy_hour" => locale.text("use-cpu-busy-hour"),
        "memory" => locale.text("use-memory"),
        "network" => locale.text("use-network"),
        "ebs_throughput" => locale.text("use-ebs-throughput"),
        "ebs_iops" => locale.text("use-ebs-iops"),
        "storage_throughput" => locale.text("use-storage-throughput"),
        "storage_iops" => locale.text("use-storage-iops"),
        "connections" => locale.text("use-connections"),
        _ => return sanitise(name),
    };
    match suffix {
        Some("_max") => locale.text_with("use-maximum", &[("use", &metric)]),
        Some("_mean") => locale.text_with("use-mean", &[("use", &metric)]),
        Some(quantile) => {
            format!("{metric} {}", quantile.trim_start_matches('_').replace('_', "."))
        }
        None => metric,
    }
}

/// Returns projected uses as a list: `CPU p99.5 61%, memory maximum 48%`.
pub fn projections<'a>(
    projected: impl IntoIterator<Item = &'a Projection>,
    locale: Locale,
) -> String {
    let entry = |projected: &Projection| {
        format!("{} {}", projection(&projected.name, locale), number::percent(projected.percent))
    };
    projected.into_iter().map(entry).collect::<Vec<_>>().join(", ")
}

/// Returns a change in one phrase: `m5.2xlarge → m6i.xlarge`.
pub fn change(action: &Action, locale: Locale) -> String {
    let (from, to) = from_and_to(action, locale);
    sanitise(&format!("{from} → {to}"))
}

fn from_and_to(action: &Action, locale: Locale) -> (String, String) {
    let deleted = || locale.text("state-deleted");
    match action {
        Action::ModifyInstanceType { from, to } | Action::MigrateInstance { from, to } => {
            (from.to_string(), to.to_string())
        }
        Action::UnmonitorInstance => {
            (locale.text("monitoring-every-minute"), locale.text("monitoring-five-minutes"))
        }
        Action::StopInstance { instance_type } => {
            (instance_type.to_string(), locale.text("state-stopped"))
        }
        Action::TerminateInstance { instance_type, .. } => (instance_type.to_string(), deleted()),
        Action::DeleteVolume { settings, size_gib, .. } => {
            (format!("{} {size_gib} GiB", settings.volume_type), deleted())
        }
        Action::ModifyVolume { from, to, .. } => volume_change(from, to),
        Action::DeleteSnapshot { volume_size_gib } => (
            volume_size_gib
                .map_or_else(|| locale.text("thing-snapshot"), |size| format!("{size} GiB")),
            deleted(),
        ),
        Action::ArchiveSnapshot { volume_size_gib } => (
            volume_size_gib
                .map_or_else(|| locale.text("thing-snapshot"), |size| format!("{size} GiB")),
            locale.text("state-archived"),
        ),
        Action::DisableFastSnapshotRestore { availability_zone, .. } => {
            (availability_zone.clone(), locale.text("state-off"))
        }
        Action::DeregisterImage { name, .. } => {
            (name.clone().unwrap_or_else(|| locale.text("thing-image")), deleted())
        }
        Action::ResizeAutoScalingGroup { from, to } | Action::FollowLoad { from, to, .. } => {
            (group_sizes(*from), group_sizes(*to))
        }
        Action::SwitchDatabase(switch) => match switch.class() {
            Some(class) => (switch.from_class.to_string(), class.to_string()),
            None => (
                format!("{} GiB", switch.from_storage_gib),
                format!("{} GiB", switch.to_storage_gib),
            ),
        },
        Action::RefreshInstances(refresh) => (refresh.from.to_string(), refresh.to.to_string()),
        Action::ResizeCapacityReservation { instance_type, from, to, .. } => {
            (format!("{from} × {instance_type}"), to.to_string())
        }
        Action::ReleaseHost { capacity, .. } => {
            let (HostCapacity::InstanceType(name) | HostCapacity::InstanceFamily(name)) = capacity;
            (name.clone(), locale.text("state-released"))
        }
        Action::ReleaseAddress { public_ip } => (
            public_ip.clone().unwrap_or_else(|| locale.text("thing-address")),
            locale.text("state-released"),
        ),
        Action::DeleteNatGateway { .. } => (locale.text("thing-nat-gateway"), deleted()),
        Action::DeleteLoadBalancer { load_balancer_type } => {
            (load_balancer_type.as_str().to_owned(), deleted())
        }
        Action::ModifyDbInstanceClass { from, to } => (from.to_string(), to.to_string()),
        Action::DeleteDbInstance { db_instance_class } => {
            (db_instance_class.to_string(), deleted())
        }
        Action::ModifyDbStorage { from, to } => db_storage_change(from, to),
        Action::PutRetentionPolicy { retention_in_days } => (
            locale.text("retention-forever"),
            unit::quantity(&retention_in_days.to_string(), "days", locale),
        ),
        Action::UpdateFunctionMemory { from_mb, to_mb } => {
            (format!("{from_mb} MB"), format!("{to_mb} MB"))
        }
        Action::UpdateFunctionArchitecture { from, to } => (from.clone(), to.clone()),
        Action::UseCommitment { unused_percent, by } => (
            locale.text_with("commitment-unused", &[("share", &format!("{unused_percent}%"))]),
            locale.text(match by {
                CommitmentUse::MoveUsage => "commitment-move-usage",
                CommitmentUse::RegionalScope { .. } => "commitment-regional-scope",
                CommitmentUse::Exchange => "commitment-exchange",
            }),
        ),
        Action::ApplySchedule { schedule, .. } => {
            (locale.text("schedule-always"), schedule.phrase().get(locale.language()).to_owned())
        }
        Action::FixApplication(repair) => (
            repair.from.to_string(),
            locale.text_with("repair-then", &[("type", repair.to.as_str())]),
        ),
        Action::MoveToContainers(container) => {
            super::serverless::container_words(container, locale)
        }
        Action::ConvertServerless(conversion) => {
            super::serverless::conversion_words(conversion, locale)
        }
        Action::FixQuery(repair) => (
            repair.from.to_string(),
            locale.text_with("repair-then", &[("type", repair.to.as_str())]),
        ),
        Action::Delete(deletion) => (locale.text(deletion.thing()), deleted()),
        Action::Set(setting) => setting.from_and_to(),
        Action::Remove { removal } => {
            (removal.word().map_or_else(|| locale.text("thing-snapshot"), str::to_owned), deleted())
        }
        Action::Configure { from, to } => (from.phrase(), to.phrase()),
    }
}

/// Writes the sizes as AWS's console does: minimum, desired, maximum.
fn group_sizes(sizes: GroupSizes) -> String {
    format!("{}/{}/{}", sizes.min_size, sizes.desired_capacity, sizes.max_size)
}

fn volume_change(from: &VolumeSettings, to: &VolumeSettings) -> (String, String) {
    // Of a change within one type the throughput tells the two apart.
    let within = from.volume_type == to.volume_type && from.iops == to.iops;
    let phrase = |settings: &VolumeSettings| {
        let iops = settings.iops.filter(|_| from.iops != to.iops && settings.volume_type != "gp2");
        let mut text = storage(&settings.volume_type, iops, None);
        if let Some(throughput) = settings.throughput_mib_s.filter(|_| within) {
            text.push_str(&format!(" {throughput} MiB/s"));
        }
        text
    };
    (phrase(from), phrase(to))
}

fn db_storage_change(from: &DbStorageSettings, to: &DbStorageSettings) -> (String, String) {
    let phrase = |settings: &DbStorageSettings| {
        let size = (from.allocated_storage_gib != to.allocated_storage_gib)
            .then_some(settings.allocated_storage_gib);
        storage(&settings.storage_type, settings.iops.filter(|_| from.iops != to.iops), size)
    };
    (phrase(from), phrase(to))
}

fn storage(kind: &str, iops: Option<u32>, size_gib: Option<u32>) -> String {
    let mut text = kind.to_owned();
    if let Some(size) = size_gib {
        text.push_str(&format!(" {size} GiB"));
    }
    if let Some(iops) = iops {
        text.push_str(&format!(" {iops} IOPS"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use trimtab_model::text::Language;

    #[test]
    fn an_arn_is_shortened_to_what_tells_resources_apart() {
        let name = |id: &str| {
            let resource = ResourceRef {
                name: None,
                id: id.into(),
                ..super::super::sample::rightsize().resource
            };
            resource_name(&resource)
        };
        let balancer =
            "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:loadbalancer/app/lobby/50dc";
        assert_eq!(name(balancer), "app/lobby/50dc");
        assert_eq!(name("arn:aws:lambda:us-east-1:1:function:notice"), "function:notice");
        assert_eq!(name("vol-1"), "vol-1");
        assert_eq!(name("arn:odd"), "arn:odd");
    }

    #[test]
    fn changes_are_phrases() {
        let ko = Locale::new(Language::Ko);
        let volume = |kind: &str, iops| VolumeSettings {
            volume_type: kind.into(),
            iops,
            throughput_mib_s: None,
        };
        let cases = [
            (Action::PutRetentionPolicy { retention_in_days: 30 }, "무기한 → 30일"),
            (
                Action::ModifyVolume {
                    from: volume("io1", Some(8_000)),
                    to: volume("gp3", Some(6_000)),
                    size_gib: 500,
                },
                "io1 8000 IOPS → gp3 6000 IOPS",
            ),
            (
                Action::ReleaseAddress { public_ip: Some("203.0.113.7".into()) },
                "203.0.113.7 → 해제",
            ),
            (Action::DeleteSnapshot { volume_size_gib: None }, "스냅샷 → 삭제"),
            (Action::StopInstance { instance_type: "m5.large".into() }, "m5.large → 중지"),
        ];
        for (action, phrase) in cases {
            assert_eq!(change(&action, ko), phrase);
        }
    }

    #[test]
    fn a_projected_use_has_a_name() {
        let en = Locale::new(Language::En);
        assert_eq!(projection("ebs_iops_p99_5", en), "EBS IOPS p99.5");
        assert_eq!(projection("memory_max", en), "memory maximum");
        assert_eq!(projection("gpu_odd", en), "gpu_odd");
    }
}
