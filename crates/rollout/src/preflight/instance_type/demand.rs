//! Rows 29 to 33: whether what is asked of the machine fits what the new type sustains.

use trimtab_model::observed::Obstacle;

use super::rows::Question;
use crate::preflight::finding::{Findings, block, clear, found, known, unread, warn, when};

const CATALOGUE: &str = "ec2:DescribeInstanceTypes";
const METRICS: &str = "cloudwatch:GetMetricData";

/// Row 29: what is sustained counts, not what is reached for half an hour a day.
pub(super) fn volumes(question: &Question<'_>) -> Findings {
    let (facts, to) = (question.facts, &question.facts.to);
    let (Some(iops), Some(mb_s)) = (to.ebs_baseline_iops, to.ebs_baseline_mb_s) else {
        return unread("EbsOptimizedInfo.BaselineIops", CATALOGUE);
    };
    let is_provided =
        |provisioned: Option<f64>, most: f64| provisioned.is_some_and(|one| one <= most);
    let mut findings = clear();
    for (asked, provisioned, most, unit) in [
        (facts.ebs_iops, facts.provisioned_iops, iops, "IOPS"),
        (facts.ebs_mb_s, facts.provisioned_mb_s, mb_s, "MB/s"),
    ] {
        match asked {
            Some(asked) if asked > most => findings.extend(block(
                "volumes-asked-more",
                format!("Its volumes are asked for {asked:.0} {unit}, and the new type sustains {most:.0}."),
                format!("볼륨 사용량이 {asked:.0} {unit}이지만 새 유형은 {most:.0}까지만 지속합니다."),
            )),
            // What cannot be asked for need not be measured.
            _ if is_provided(provisioned, most) => {}
            None => findings.extend(unread(&format!("EBS {unit}"), METRICS)),
            Some(_) => findings.extend(warn(
                "volumes-provisioned-more",
                format!("Its volumes may be asked for more {unit} than the {most:.0} that the new type sustains; so far they were not."),
                format!("볼륨은 새 유형이 지속하는 {most:.0} {unit}보다 많이 제공할 수 있지만 지금까지 그만큼 쓰지는 않았습니다."),
            )),
        }
    }
    findings
}

/// Row 30.
pub(super) fn network(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let Some(most) = facts.to.network_baseline_gbps else {
        return unread("NetworkCards.BaselineBandwidthInGbps", CATALOGUE);
    };
    let mut findings = known(
        facts.network_gbps.as_ref(),
        "NetworkIn and NetworkOut",
        METRICS,
        |asked| {
            when(*asked > most, || {
                block(
                    "network-asked-more",
                    format!(
                        "{asked:.2} Gbit/s go through it, and the new type sustains {most:.2}."
                    ),
                    format!(
                        "네트워크 사용량이 {asked:.2} Gbit/s이지만 새 유형은 {most:.2}까지만 지속합니다."
                    ),
                )
            })
        },
    );
    match facts.allowance_exceeded {
        Some(0) => {}
        Some(_) => findings.extend(block(
            "allowance-exceeded",
            "Its network allowance is exceeded already.",
            "이미 네트워크 허용량을 초과하고 있습니다.",
        )),
        None => findings.extend(warn(
            "unknown-allowance-exceeded",
            "Whether its network allowance is exceeded is known to its driver only, and was not read.",
            "네트워크 허용량 초과 여부(드라이버 지표)를 읽지 못했습니다.",
        )),
    }
    findings
}

/// Row 31: without a metric of memory, memory never shrinks.
pub(super) fn memory(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let (Some(has), Some(gets)) = (facts.from.memory_mib, facts.to.memory_mib) else {
        return unread("MemoryInfo.SizeInMiB", CATALOGUE);
    };
    if gets >= has {
        return clear();
    }
    let share = question.limits.memory_percent / 100.0;
    known(facts.memory_peak_mib.as_ref(), "Memory used", "CloudWatch agent", |peak| {
        let most = gets as f64 * share;
        when(*peak > most, || {
            block(
                "memory-asked-more",
                format!("{peak:.0} MiB of memory were used, and {most:.0} of the new type may be."),
                format!(
                    "메모리를 {peak:.0} MiB까지 사용했지만 새 유형에서 허용되는 양은 {most:.0} MiB입니다."
                ),
            )
        })
    })
}

/// Row 32.
pub(super) fn processor(question: &Question<'_>) -> Findings {
    let (from, to) = (&question.facts.from, &question.facts.to);
    let is_other =
        from.threads_per_core != to.threads_per_core || from.manufacturer != to.manufacturer;
    let is_known = from.threads_per_core.is_some()
        && to.threads_per_core.is_some()
        && from.manufacturer.is_some()
        && to.manufacturer.is_some();
    match (is_known, is_other) {
        (true, false) => clear(),
        (true, true) => warn(
            "other-processor",
            "Its vCPUs are of another processor, or whole cores where they were threads: load in percent does not carry over.",
            "프로세서가 다르거나 vCPU가 스레드 대신 코어 단위입니다. 사용률(%)을 그대로 비교할 수 없습니다.",
        ),
        (false, _) => warn(
            "unknown-processor",
            format!("Whether its vCPUs are of the same kind could not be read ({CATALOGUE})."),
            format!("vCPU가 같은 종류인지 읽지 못했습니다({CATALOGUE})."),
        ),
    }
}

/// Row 33.
pub(super) fn credits(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let Some(mode) = &facts.cpu_credits else {
        return unread("CpuCredits", "ec2:DescribeInstanceCreditSpecifications");
    };
    match facts.to.is_burstable {
        Some(true) => {}
        Some(false) => return clear(),
        None => return unread("BurstablePerformanceSupported", CATALOGUE),
    }
    let Some(sustained) = facts.to.sustained_vcpu else {
        return unread("BaselinePerformance", CATALOGUE);
    };
    // What is above is paid for, which the estimate of the plan counts; where players are, nobody
    // should find out by the bill that it is more.
    let obstacle = if question.is_careful() { Obstacle::Block } else { Obstacle::Warn };
    let mut findings = known(facts.busy_vcpu.as_ref(), "CPUUtilization", METRICS, |busy| {
        when(*busy > sustained, || {
            found(
                obstacle,
                "credits-run-out",
                format!(
                    "It uses {busy:.2} vCPUs on its busiest day, and the new type's credits sustain {sustained:.2}."
                ),
                format!(
                    "가장 바쁜 날 {busy:.2} vCPU를 사용하지만 새 유형의 크레딧으로는 {sustained:.2} vCPU만 지속합니다."
                ),
            )
        })
    });
    if question.to.as_str().starts_with("t2.") {
        findings.extend(warn(
            "t2-credits-lost",
            "A T2 loses all of its credits when it stops.",
            "T2는 중지하면 크레딧을 모두 잃습니다.",
        ));
    }
    if mode == "none" {
        findings.extend(warn(
            "credit-mode",
            "The new type begins with its own credit mode, which for all but T2 is unlimited and can cost more.",
            "새 유형은 기본 크레딧 모드로 시작하며 T2를 제외하면 무제한이라 비용이 더 나올 수 있습니다.",
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;
    use trimtab_model::observed::InstancePreflight;
    use trimtab_model::plan::GateLimits;

    use super::super::rows::tests::{check, facts};
    use super::*;

    const BLOCK: Obstacle = Obstacle::Block;
    const WARN: Obstacle = Obstacle::Warn;

    #[test]
    fn row_29_what_volumes_are_asked_for_must_be_sustained() {
        check(29, |one| one.ebs_iops = Some(3600.0), &[]);
        check(29, |one| one.ebs_iops = Some(3601.0), &[(BLOCK, "volumes-asked-more")]);
        check(29, |one| one.ebs_mb_s = Some(82.0), &[(BLOCK, "volumes-asked-more")]);
        let more = |one: &mut InstancePreflight| one.provisioned_iops = Some(9000.0);
        check(29, more, &[(WARN, "volumes-provisioned-more")]);
        let unmeasured = |one: &mut InstancePreflight| {
            more(one);
            one.ebs_iops = None;
        };
        check(29, unmeasured, &[(BLOCK, "unknown-ebs-iops")]);
        // What cannot be asked for need not be measured.
        check(29, |one| one.ebs_iops = None, &[]);
    }

    #[test]
    fn row_30_the_network_must_be_sustained() {
        check(30, |one| one.network_gbps = Some(0.78), &[]);
        check(30, |one| one.network_gbps = Some(0.79), &[(BLOCK, "network-asked-more")]);
        check(30, |one| one.allowance_exceeded = Some(3), &[(BLOCK, "allowance-exceeded")]);
        check(30, |one| one.allowance_exceeded = None, &[(WARN, "unknown-allowance-exceeded")]);
    }

    #[test]
    fn row_31_memory_never_shrinks_unmeasured() {
        check(31, |one| one.memory_peak_mib = None, &[(BLOCK, "unknown-memory-used")]);
        check(31, |one| one.memory_peak_mib = Some(6963.0), &[]);
        check(31, |one| one.memory_peak_mib = Some(6964.0), &[(BLOCK, "memory-asked-more")]);
        let as_large = |one: &mut InstancePreflight| {
            (one.from.memory_mib, one.memory_peak_mib) = (Some(8192), None);
        };
        check(31, as_large, &[]);
    }

    #[test]
    fn row_32_another_processor_is_said() {
        let amd = |one: &mut InstancePreflight| one.to.manufacturer = Some("AMD".to_owned());
        check(32, amd, &[(WARN, "other-processor")]);
        check(32, |one| one.to.threads_per_core = Some(1), &[(WARN, "other-processor")]);
        check(32, |one| one.from.manufacturer = None, &[(WARN, "unknown-processor")]);
    }

    #[test]
    fn row_33_sustained_load_must_fit_the_credits() {
        let judged_in = |environment: Environment, busy: Option<f64>| {
            let mut facts = facts();
            (facts.busy_vcpu, facts.to.sustained_vcpu) = (busy, Some(0.6));
            facts.to.is_burstable = Some(true);
            let to = "t3.large".into();
            let limits = GateLimits::default();
            let question = Question { facts: &facts, to: &to, limits: &limits, environment };
            credits(&question)
        };
        let judged = |busy: Option<f64>| -> Vec<String> {
            judged_in(Environment::Prod, busy).into_iter().map(|(_, why)| why.code).collect()
        };
        let is_blocked = |environment| {
            let found = judged_in(environment, Some(0.61));
            found.iter().any(|(obstacle, _)| *obstacle == BLOCK)
        };
        assert!(is_blocked(Environment::Prod) && is_blocked(Environment::Unknown));
        assert!(!is_blocked(Environment::Dev));
        assert_eq!(judged(Some(0.6)), ["credit-mode"]);
        assert_eq!(judged(Some(0.61)), ["credits-run-out", "credit-mode"]);
        assert_eq!(judged(None), ["unknown-cpu-utilization", "credit-mode"]);
    }
}
