//! Rows 34 and 36: licences, and what Compute Optimizer adds.

use trimtab_model::observed::{Attestation, Obstacle};

use super::rows::Question;
use crate::preflight::finding::{Findings, block, clear, found, unread, warn};

const INSTANCES: &str = "ec2:DescribeInstances";
/// `UsageOperation` of Windows under the customer's own licence.
const OWN_WINDOWS: &str = "RunInstances:0800";
/// Above this `performanceRisk` production is left alone.
const MOST_RISK: f64 = 1.0;

/// Row 34.
pub(super) fn licence(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let (Some(operation), Some(platform)) = (&facts.usage_operation, &facts.platform) else {
        return unread("UsageOperation", INSTANCES);
    };
    let (Some(has_codes), Some(has_licences)) = (facts.has_product_codes, facts.has_licences)
    else {
        return unread("ProductCodes", INSTANCES);
    };
    let is_allowed = facts.attested.contains(&Attestation::LicenceAllowsIt);
    let mut findings = clear();
    if (has_codes || has_licences || operation == OWN_WINDOWS) && !is_allowed {
        findings.extend(block(
            "licence",
            "Its software is licensed by somebody else than AWS, maybe by vCPU or type: its owner must say that the licence allows the new type.",
            "AWS가 아닌 곳의 라이선스를 사용하며 vCPU나 유형에 묶여 있을 수 있습니다. 새 유형이 허용되는지 소유자가 확인해야 합니다.",
        ));
    }
    if platform.contains("Windows") {
        findings.extend(warn(
            "drive-letters",
            "Windows may give its drives other letters when it starts.",
            "Windows는 시작할 때 드라이브 문자가 바뀔 수 있습니다.",
        ));
    }
    findings
}

/// Row 36.
pub(super) fn optimizer(question: &Question<'_>) -> Findings {
    let Some(view) = &question.facts.optimizer else { return clear() };
    let mut findings = clear();
    if !view.platform_differences.is_empty() {
        let differences = view.platform_differences.join(", ");
        findings.extend(warn(
            "platform-differences",
            format!("Compute Optimizer names differences of the platform: {differences}. One machine goes first."),
            format!("Compute Optimizer가 플랫폼 차이를 알립니다: {differences}. 한 대만 먼저 바꿉니다."),
        ));
    }
    let risk = view.performance_risk.unwrap_or(f64::INFINITY);
    if risk > MOST_RISK {
        let obstacle = if question.is_careful() { Obstacle::Block } else { Obstacle::Warn };
        findings.extend(found(
            obstacle,
            "performance-risk",
            "Compute Optimizer rates the risk of the new type above 1 of 4, or does not rate it.",
            "Compute Optimizer가 새 유형의 성능 위험도를 4점 만점에 1점보다 높게 보거나 평가하지 않았습니다.",
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;
    use trimtab_model::observed::{InstancePreflight, OptimizerView};

    use super::super::rows::tests::{check, check_in};
    use super::*;

    const BLOCK: Obstacle = Obstacle::Block;
    const WARN: Obstacle = Obstacle::Warn;

    #[test]
    fn row_34_a_licence_of_somebody_else_needs_a_word() {
        check(34, |one| one.has_product_codes = Some(true), &[(BLOCK, "licence")]);
        check(34, |one| one.has_licences = Some(true), &[(BLOCK, "licence")]);
        let own = |one: &mut InstancePreflight| {
            one.usage_operation = Some(OWN_WINDOWS.to_owned());
            one.platform = Some("Windows BYOL".to_owned());
        };
        check(34, own, &[(BLOCK, "licence"), (WARN, "drive-letters")]);
        let allowed = |one: &mut InstancePreflight| {
            own(one);
            one.attested.insert(Attestation::LicenceAllowsIt);
        };
        check(34, allowed, &[(WARN, "drive-letters")]);
        check(34, |one| one.usage_operation = None, &[(BLOCK, "unknown-usage-operation")]);
    }

    #[test]
    fn row_36_what_compute_optimizer_says_counts_where_it_was_asked() {
        let says = |differences: &'static [&'static str], risk: Option<f64>| {
            move |one: &mut InstancePreflight| {
                one.optimizer = Some(OptimizerView {
                    platform_differences: differences.iter().map(|one| (*one).to_owned()).collect(),
                    performance_risk: risk,
                });
            }
        };
        check(36, says(&[], Some(1.0)), &[]);
        check(36, says(&[], Some(2.0)), &[(BLOCK, "performance-risk")]);
        check_in(Environment::Dev, 36, says(&[], Some(2.0)), &[(WARN, "performance-risk")]);
        check(36, says(&["Hypervisor"], Some(0.0)), &[(WARN, "platform-differences")]);
        check(36, says(&[], None), &[(BLOCK, "performance-risk")]);
        check(36, |one| one.optimizer = None, &[]);
    }
}
