//! The explanation of a size: findings, codes, figures and notes.

use trimtab_model::evidence::{Evidence, Figure, FigureValue};
use trimtab_model::metric::Statistic;
use trimtab_model::policy::{SizingMethod, SizingPolicy};
use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::recommendation::{Finding, ReasonCode};
use trimtab_model::text::Text;

use crate::sizing::burstable::{baseline_share, is_burstable};
use crate::sizing::choice::{Choice, Question};
use crate::sizing::demand::Percentiles;
use crate::sizing::fit::Spec;
use crate::sizing::headroom::{threshold_name, threshold_percent};
use crate::sizing::risk::is_flex;

/// Returns the finding and its codes for moving from `current` to `candidate`.
pub fn finding(
    short: &[Spec],
    current: &InstanceTypeFacts,
    candidate: &InstanceTypeFacts,
    question: Question<'_>,
) -> (Finding, Vec<ReasonCode>) {
    let mut codes: Vec<ReasonCode> = short.iter().map(|spec| under(*spec)).collect();
    codes.extend(
        shrinking(current, candidate, question)
            .into_iter()
            .filter(|spec| !short.contains(spec))
            .map(over),
    );
    let shrinks = codes.len() > short.len();
    if candidate.generation > current.generation && candidate.series == current.series {
        codes.push(ReasonCode::NewGenerationAvailable);
    }
    let finding = if !short.is_empty() {
        Finding::Underprovisioned
    } else if shrinks {
        Finding::Overprovisioned
    } else {
        Finding::NotOptimized
    };
    (finding, codes)
}

/// Lists the specs of which the candidate offers less, among those that were measured.
fn shrinking(
    current: &InstanceTypeFacts,
    candidate: &InstanceTypeFacts,
    question: Question<'_>,
) -> Vec<Spec> {
    let sustained =
        |facts: &InstanceTypeFacts| f64::from(facts.vcpu) * baseline_share(facts).unwrap_or(1.0);
    let less = |measured: bool, now: Option<f64>, after: Option<f64>| {
        measured && matches!((now, after), (Some(now), Some(after)) if after < now)
    };
    let demand = question.demand;
    let compared = [
        (Spec::Cpu, sustained(candidate) < sustained(current)),
        (Spec::Memory, candidate.memory_mib < current.memory_mib),
        (
            Spec::Network,
            less(
                demand.network_gbps.is_some(),
                current.network_baseline_gbps,
                candidate.network_baseline_gbps,
            ),
        ),
        (
            Spec::EbsThroughput,
            less(demand.ebs_mb_s.is_some(), current.ebs_baseline_mb_s, candidate.ebs_baseline_mb_s),
        ),
        (
            Spec::EbsIops,
            less(
                demand.ebs_iops.is_some(),
                current.ebs_baseline_iops.map(f64::from),
                candidate.ebs_baseline_iops.map(f64::from),
            ),
        ),
    ];
    compared.into_iter().filter(|(_, smaller)| *smaller).map(|(spec, _)| spec).collect()
}

/// Returns the code of a spec that is short.
pub fn under(spec: Spec) -> ReasonCode {
    match spec {
        Spec::Cpu => ReasonCode::CPUUnderprovisioned,
        Spec::Memory => ReasonCode::MemoryUnderprovisioned,
        Spec::Network => ReasonCode::NetworkBandwidthUnderprovisioned,
        Spec::EbsThroughput => ReasonCode::EBSThroughputUnderprovisioned,
        Spec::EbsIops => ReasonCode::EBSIOPSUnderprovisioned,
    }
}

fn over(spec: Spec) -> ReasonCode {
    match spec {
        Spec::Cpu => ReasonCode::CPUOverprovisioned,
        Spec::Memory => ReasonCode::MemoryOverprovisioned,
        Spec::Network => ReasonCode::NetworkBandwidthOverprovisioned,
        Spec::EbsThroughput => ReasonCode::EBSThroughputOverprovisioned,
        Spec::EbsIops => ReasonCode::EBSIOPSOverprovisioned,
    }
}

/// Returns the figures that the choice rests on.
pub fn evidence(question: Question<'_>, choice: &Choice<'_>) -> Evidence {
    let demand = question.demand;
    Evidence {
        window_days: Some(demand.window_days),
        figures: rounded(figures(question)),
        coverage: demand.coverage.clone(),
        signals_not_seen: demand.unseen(),
        notes: notes(question, choice),
    }
}

/// Rounds figures to two decimals, as they are shown; decisions use the full value.
pub fn rounded(figures: Vec<Figure>) -> Vec<Figure> {
    let round = |value: FigureValue| match value {
        FigureValue::Number(number) => FigureValue::Number((number * 100.0).round() / 100.0),
        FigureValue::Word(word) => FigureValue::Word(word),
    };
    figures
        .into_iter()
        .map(|figure| Figure {
            value: round(figure.value),
            threshold: figure.threshold.map(round),
            ..figure
        })
        .collect()
}

/// Returns the figures of CPU use that every size rests on.
pub fn cpu_figures(percent: &Percentiles, policy: SizingPolicy) -> Vec<Figure> {
    let covered = threshold_percent(percent, policy.cpu_threshold);
    vec![
        Figure::number("cpu_p95", "CPU, 95th percentile", "CPU 95 백분위수", percent.p95, "%"),
        Figure::number(
            "cpu_p99_5",
            "CPU, 99.5th percentile",
            "CPU 99.5 백분위수",
            percent.p99_5,
            "%",
        ),
        Figure::number("cpu_max", "CPU, maximum", "CPU 최댓값", percent.max, "%"),
        Figure::number("cpu_mean", "CPU, mean", "CPU 평균", percent.mean, "%"),
        Figure::word(
            "cpu_threshold",
            "CPU percentile to cover",
            "충족해야 할 CPU 백분위수",
            threshold_name(policy.cpu_threshold),
        ),
        Figure::number(
            "cpu_covered",
            "CPU at that percentile",
            "해당 백분위수의 CPU",
            covered,
            "%",
        )
        .against((1.0 - policy.cpu_headroom.share()) * 100.0),
    ]
}

fn figures(question: Question<'_>) -> Vec<Figure> {
    let demand = question.demand;
    let policy = question.policy;
    let percent = &demand.cpu.percent;
    let mut figures = vec![Figure::number(
        "cpu_p90",
        "CPU, 90th percentile",
        "CPU 90 백분위수",
        percent.p90,
        "%",
    )];
    figures.extend(cpu_figures(percent, policy));
    figures.extend([
        Figure::number(
            "cpu_headroom",
            "CPU headroom",
            "CPU 여유율",
            policy.cpu_headroom.share() * 100.0,
            "%",
        ),
        Figure::number(
            "required_vcpu",
            "vCPUs required",
            "필요 vCPU",
            question.requirement.vcpu,
            "vCPU",
        ),
    ]);
    if let Some(memory) = demand.memory_percent {
        figures.push(
            Figure::number("memory_max", "Memory, maximum", "메모리 최댓값", memory, "%")
                .against((1.0 - policy.memory_headroom.share()) * 100.0),
        );
        figures.push(Figure::number(
            "memory_headroom",
            "Memory headroom",
            "메모리 여유율",
            policy.memory_headroom.share() * 100.0,
            "%",
        ));
        figures.push(Figure::number(
            "required_memory",
            "Memory required",
            "필요 메모리",
            question.requirement.memory_mib / 1024.0,
            "GiB",
        ));
    }
    let rates = [
        (
            demand.network_gbps,
            "network_p99_5",
            "Network in and out, 99.5th percentile",
            "네트워크 송수신 99.5 백분위수",
            "Gbit/s",
        ),
        (
            demand.ebs_mb_s,
            "ebs_throughput_p99_5",
            "EBS throughput, 99.5th percentile",
            "EBS 처리량 99.5 백분위수",
            "MB/s",
        ),
        (
            demand.ebs_iops,
            "ebs_iops_p99_5",
            "EBS operations, 99.5th percentile",
            "EBS IOPS 99.5 백분위수",
            "IOPS",
        ),
    ];
    for (value, name, en, ko, unit) in rates {
        figures.extend(value.map(|value| Figure::number(name, en, ko, value, unit)));
    }
    figures
}

/// Says what a vCPU of the candidate is taken for.
fn speed(question: Question<'_>, candidate: &InstanceTypeFacts) -> Text {
    if question.policy.method == SizingMethod::Percentile {
        return Text::new(
            "One vCPU is taken as one vCPU of any type; clock speed and processor differ.",
            "vCPU 1개는 유형과 무관하게 동일한 성능으로 가정했습니다. 클럭 속도와 프로세서는 유형마다 다릅니다.",
        );
    }
    let (now, after) = (&question.current.family, &candidate.family);
    let Some(ratio) = question.performance.ratio(question.current, candidate) else {
        return Text::new(
            format!(
                "How fast a vCPU of {after} is beside one of {now} was not measured; they are taken as equal."
            ),
            format!("{after}와 {now}의 vCPU 성능을 비교한 측정값이 없어 동일하다고 가정했습니다."),
        );
    };
    let (likely, spread) = (ratio.likely, ratio.uncertainty);
    if now == after {
        Text::new(
            format!("Both types are of {now}: a vCPU of one does the work of a vCPU of the other."),
            format!("두 유형 모두 {now} 계열이어서 vCPU 성능이 같습니다."),
        )
    } else if likely < 1.0 {
        Text::new(
            format!(
                "A vCPU of {after} does {likely:.2} (± {spread:.2}) of the work of one of {now} by CoreMark; demand on it is taken as so much higher."
            ),
            format!(
                "CoreMark 기준으로 {after}의 vCPU 1개는 {now} vCPU의 {likely:.2}배(± {spread:.2}) 성능입니다. 그만큼 수요를 높여 계산했습니다."
            ),
        )
    } else {
        Text::new(
            format!(
                "A vCPU of {after} does {likely:.2} (± {spread:.2}) times the work of one of {now} by CoreMark; that is not counted on."
            ),
            format!(
                "CoreMark 기준으로 {after}의 vCPU 1개는 {now} vCPU의 {likely:.2}배(± {spread:.2}) 성능이지만, 계산에는 반영하지 않았습니다."
            ),
        )
    }
}

fn notes(question: Question<'_>, choice: &Choice<'_>) -> Vec<Text> {
    let candidate = choice.offer.facts;
    let mut notes = vec![speed(question, candidate)];
    if question.demand.cpu.statistic != Statistic::Maximum {
        notes.push(Text::new(
            "The CPU percentiles are of 5-minute averages, which hide shorter peaks; the risk is two steps higher for it.",
            "CPU 백분위수는 5분 평균 기준이므로 더 짧은 피크가 드러나지 않습니다. 그만큼 위험도를 두 단계 높였습니다.",
        ));
    }
    if let Some(baseline) = baseline_share(candidate) {
        notes.push(Text::new(
            format!("{} sustains {:.0} % of each vCPU; use above it is billed and is in its cost here.", candidate.instance_type, baseline * 100.0),
            format!("{} 유형은 vCPU당 {:.0}%까지 지속 사용할 수 있습니다. 초과 사용분의 요금은 여기의 비용에 포함했습니다.", candidate.instance_type, baseline * 100.0),
        ));
        if question.demand.cpu.days_statistic != Statistic::Average {
            notes.push(Text::new(
                "CPU credits are reckoned from means of 5-minute maxima, so their cost is overstated rather than understated.",
                "CPU 크레딧을 5분 최댓값의 평균으로 계산했으므로 그 비용은 실제보다 크게 잡혔을 수 있습니다.",
            ));
        }
    }
    if is_flex(candidate) {
        notes.push(Text::new(
            "A flex type sustains 40 % of each vCPU and reaches all of it for 95 % of the time over 24 hours.",
            "flex 유형은 vCPU당 40%를 지속 제공하며, 24시간 중 95%의 시간 동안 100%까지 사용할 수 있습니다.",
        ));
    }
    if is_burstable(question.current) && question.demand.cpu.percent.max >= 99.0 {
        notes.push(Text::new(
            "The instance reached its own limit; what it would have used beyond is not known.",
            "인스턴스가 자체 한계에 도달한 적이 있어, 그 이상의 수요는 알 수 없습니다.",
        ));
    }
    let xen = question.current.hypervisor.as_deref() == Some("xen");
    if xen && candidate.hypervisor.as_deref() != Some("xen") {
        notes.push(Text::new(
            "The move from Xen to Nitro needs ENA and NVMe drivers in the image; check them before the stop.",
            "Xen에서 Nitro로 전환하려면 이미지에 ENA와 NVMe 드라이버가 있어야 합니다. 중지하기 전에 확인하세요.",
        ));
    }
    notes
}
