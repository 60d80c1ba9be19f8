//! Finds secrets that nobody has read for a quarter.
//!
//! **Why it costs.** A secret is charged by the month, and so is each of its replicas, whether
//! or not anybody reads it.
//!
//! **What we do.** Schedule its deletion with the longest waiting time, 30 days, in which it can
//! be brought back. Whoever reads it in that time is refused, which shows who needs it.
//!
//! **What could go wrong.** A key for a disaster, which nobody reads until then. Those should
//! carry the tag that takes a resource out of the checks.
//!
//! **Where others err.** They judge secrets that an AWS service owns, which go with it, and
//! count one that was made last week as never read.
//!
//! # 한국어
//!
//! 한 분기 동안 아무도 읽지 않은 보안 암호를 찾습니다.
//!
//! **비용이 드는 이유.** 보안 암호는 읽지 않아도 매월 과금되며, 복제본도 각각 과금됩니다.
//!
//! **제안하는 조치.** 가장 긴 대기 기간인 30일로 삭제를 예약합니다. 그동안은 되돌릴 수 있고, 읽으려는 요청이 거부되므로
//! 필요한 곳이 드러납니다.
//!
//! **주의할 점.** 재해 복구 때만 쓰는 키일 수 있습니다. 그런 보안 암호에는 점검 제외 태그를 붙이세요.
//!
//! **다른 도구와 다른 점.** AWS 서비스가 소유한 보안 암호나 지난주에 만든 것을 미사용으로 보고하지 않습니다.

use rust_decimal::Decimal;

use trimtab_model::action::{Action, Deletion};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::secret::Secret;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::pricing::Tariff;
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "secretsmanager-secret-unused",
    title: StaticText {
        en: "Secret that nobody reads", ko: "아무도 읽지 않는 보안 암호"
    },
    kind: ResourceKind::Secret,
    action_type: ActionType::Delete,
    needs: &[Need::Kind(ResourceKind::Secret), Need::OptionalBilling],
    thresholds: &[Threshold {
        name: "min_unread_days",
        default: "90",
        unit: "days",
        text: StaticText {
            en: "Days since anybody read or changed it: a quarter shows what happens once a quarter.",
            ko: "마지막으로 읽거나 변경한 뒤 지난 일수입니다. 한 분기를 봐야 분기별 작업이 드러납니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Secret, &facts.snapshot.secrets, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, secret: &Resource<Secret>) -> Result<Verdict, Unknown> {
    let kind = &secret.kind;
    if let Some(owner) = &kind.owning_service {
        return Ok(exempt(
            "managed-by-service",
            format!("{owner} owns the secret."),
            format!("AWS 서비스가 소유한 보안 암호입니다: {owner}."),
        ));
    }
    if kind.deleted_date.is_some() {
        return Ok(pass(
            "being-deleted",
            "Its deletion is scheduled already.",
            "이미 삭제가 예약되어 있습니다.",
        ));
    }
    if kind.primary_region.is_some() {
        return Ok(pass(
            "replicated",
            "It is replicated: readers in other regions leave no trace here.",
            "여러 리전에 복제되어 있어 다른 리전에서 읽은 기록을 확인할 수 없습니다.",
        ));
    }
    let Some(created) = kind.created_date else {
        return Err(unknown(
            "age-unknown",
            "When the secret was made is not known.",
            "보안 암호의 생성 시각을 알 수 없습니다.",
            &["inventory:list-secrets"],
        ));
    };
    let touched = [kind.last_accessed_date, kind.last_changed_date]
        .into_iter()
        .flatten()
        .fold(created, std::cmp::max);
    let unread_days = days_between(touched, facts.now);
    let min_unread_days = check.threshold_f64(facts, "min_unread_days");
    if f64::from(unread_days) < min_unread_days {
        return Ok(pass(
            "in-use",
            format!("It was read, changed or made {unread_days} days ago."),
            format!("{unread_days}일 전에 읽거나 변경하거나 만든 보안 암호입니다."),
        ));
    }
    let reference = secret.reference(ResourceKind::Secret);
    let list = Tariff::of(facts, secret).meter("secret", Decimal::ONE, "secretsmanager/secret");
    let names = std::slice::from_ref(&secret.id);
    let savings = deletion(facts, &reference, names, EVERYTHING, list.map(|part| vec![part]))?;
    let never = kind.last_accessed_date.is_none();
    Ok(Proposal {
        action: Action::Delete(Deletion::Secret),
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::Idle],
        reason: if never {
            Reason::new(
                "never-read",
                format!("Nobody ever read it, and it was last changed {unread_days} days ago."),
                format!("읽은 기록이 없고 마지막 변경이 {unread_days}일 전입니다."),
            )
        } else {
            Reason::new(
                "unread",
                format!("Nobody read or changed it for {unread_days} days."),
                format!("{unread_days}일 동안 읽거나 변경한 기록이 없습니다."),
            )
        },
        savings,
        performance_risk: risk(secret.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "It can be brought back for 30 days; after that it is gone.",
            "30일 안에는 되돌릴 수 있고, 그 뒤에는 완전히 삭제됩니다.",
        )),
        evidence: Evidence {
            window_days: Some(unread_days),
            figures: vec![
                Figure::number(
                    "unread_days",
                    "Days since it was read or changed",
                    "읽거나 변경한 뒤 지난 일수",
                    f64::from(unread_days),
                    "days",
                )
                .against(min_unread_days),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "disaster".to_owned(),
                text: Text::new(
                    "Whether it is kept for a disaster.",
                    "재해 복구용으로 보관하는 것인지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, scene};

    const ARN: &str = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf";

    fn billed(scene: Scene) -> Scene {
        scene.bill(ARN, "AWSSecretsManager-Secrets", "1", "0.40")
    }

    #[test]
    fn a_secret_that_nobody_read_fires() {
        check(&CHECK, billed(scene().secret(|_| ())), "recommend 0.41 / 0.41 / 0.41");
    }

    #[test]
    fn without_a_bill_the_list_price_counts() {
        let scene = scene().price("secretsmanager/secret", "0.40").secret(|_| ());
        check(&CHECK, scene, "recommend 0.40 / 0.40 / 0.40");
    }

    #[test]
    fn a_secret_of_a_service_is_exempt_and_a_replicated_one_passes() {
        let scene_of_service = scene().secret(|one| one.kind.owning_service = Some("rds".into()));
        check(&CHECK, billed(scene_of_service), "exempt managed-by-service");
        let replicated = scene().secret(|one| one.kind.primary_region = Some("us-east-1".into()));
        check(&CHECK, billed(replicated), "pass replicated");
    }

    #[test]
    fn a_secret_read_89_days_ago_is_just_under_the_threshold() {
        let scene = scene().secret(|one| one.kind.last_accessed_date = Some(days_ago(89)));
        check(&CHECK, billed(scene), "pass in-use");
    }

    #[test]
    fn without_a_bill_or_a_price_it_is_unknown() {
        check(&CHECK, scene().secret(|_| ()), "unknown price-missing");
    }
}
