//! What is wrong with a plan as a whole.

use std::collections::BTreeSet;

use jiff::Timestamp;

use trimtab_model::environment::Environment;
use trimtab_model::plan::{
    Ancestry, Approval, Change, ChangeClass, PLAN_FORMAT, Plan, RecoveryPoint,
};

use super::Severity::{Error, Note, Warning};
use super::{Finding, Severity};
use crate::plan::inverse::is_way_back;

/// Lists what is wrong with a plan as a whole.
pub(super) fn findings(plan: &Plan, now: Timestamp) -> Vec<Finding> {
    let mut findings = age(plan, now);
    let mut add = |severity: Severity, code: &str, en: String, ko: String| {
        findings.push(Finding::new(severity, code, en, ko));
    };
    if plan.changes().next().is_none() {
        add(
            Error,
            "no-changes",
            "It has no change: what was left out says why.".to_owned(),
            "변경 사항이 없습니다. 제외된 항목에 이유가 있습니다.".to_owned(),
        );
    }
    let production = plan.stages.iter().position(|one| one.environment == Environment::Prod);
    if let Some(index) = production {
        let unnamed: Vec<&str> = plan
            .accounts
            .iter()
            .filter(|(_, alias)| alias.is_none())
            .map(|(account, _)| account.as_str())
            .collect();
        if !unnamed.is_empty() {
            let accounts = unnamed.join(", ");
            add(
                Error,
                "alias-unknown",
                format!(
                    "Production is approved by the alias of its account, and {accounts} has none: name it in the configuration."
                ),
                format!(
                    "운영 환경은 계정 별칭을 입력해 승인하는데 {accounts}의 별칭이 없습니다. 설정에서 지정하세요."
                ),
            );
        }
        let needs_two =
            plan.stages.get(index).map(|one| one.approval) == Some(Approval::TwoPersons);
        if needs_two && plan.rules.approvers.len() < 2 {
            add(
                Error,
                "approvers-unnamed",
                "Two of those who may approve must agree to what cannot be had back in production, and fewer are named: set rollout.approvers, and make the plan again.".to_owned(),
                "운영 환경에서 되돌릴 수 없는 변경은 승인자 두 명이 동의해야 하는데 승인자가 부족합니다. rollout.approvers에 지정하고 계획을 다시 만드세요.".to_owned(),
            );
        }
        if index == 0 {
            add(
                Warning,
                "unproven",
                "Nothing is proven in development or staging before production.".to_owned(),
                "개발이나 스테이징에서 먼저 검증하지 않고 운영 환경을 변경합니다.".to_owned(),
            );
        }
    }
    let possibly: BTreeSet<&str> = plan
        .changes()
        .filter_map(|change| match &change.ancestry {
            Ancestry::Possibly(tool) => Some(tool.as_str()),
            Ancestry::Own => None,
        })
        .collect();
    for tool in possibly {
        add(
            Note,
            "possibly-managed",
            format!(
                "If {tool} manages a resource here, its next run takes the change back: give its state to be sure."
            ),
            format!(
                "{tool}에서 관리하는 자원이 있으면 다음 실행 때 변경이 되돌려집니다. 상태 파일을 지정하면 확인할 수 있습니다."
            ),
        );
    }
    findings.extend(kept(plan));
    findings.extend(twice(plan));
    findings
}

/// Says what the changes themselves cost. The saving of a deletion is less its snapshot; of
/// other changes nobody keeps their snapshots for ever.
fn kept(plan: &Plan) -> Option<Finding> {
    let is_kept = |change: &&Change| {
        change.class != ChangeClass::Destructive && change.recovery != RecoveryPoint::Settings
    };
    let count = plan.changes().filter(is_kept).count();
    (count > 0).then(|| {
        Finding::new(
            Note,
            "recovery-points-cost",
            format!(
                "{count} changes take snapshots first, which are kept and charged for until somebody deletes them, and the seats that are reserved meanwhile are charged for by the second: no saving counts that. Snapshots carry the tag trimtab:change."
            ),
            format!(
                "변경 {count}건은 먼저 스냅샷을 만듭니다. 스냅샷은 직접 삭제할 때까지 보관되어 요금이 나오고, 변경하는 동안 잡아 두는 용량 예약도 초 단위로 요금이 나옵니다. 이 비용은 절감액에 포함되지 않습니다. 스냅샷에는 trimtab:change 태그가 있습니다."
            ),
        )
    })
}

fn age(plan: &Plan, now: Timestamp) -> Vec<Finding> {
    let mut findings = Vec::new();
    if plan.format > PLAN_FORMAT {
        findings.push(Finding::new(
            Error,
            "newer-format",
            "A newer trimtab made it: use that one.",
            "더 새로운 버전의 trimtab에서 만든 계획입니다. 그 버전을 사용하세요.",
        ));
    }
    if now > plan.expires_at {
        findings.push(Finding::new(
            Error,
            "stale",
            format!("It expired at {}: make a new one.", plan.expires_at),
            format!("{}에 만료되었습니다. 새로 만드세요.", plan.expires_at),
        ));
    }
    // A way back is made from what its run wrote down, however long ago that was.
    let is_back = plan.changes().next().is_some() && plan.changes().all(is_way_back);
    let age = now.duration_since(plan.built_from);
    if !is_back && age > plan.rules.plan_lifetime {
        let hours = age.as_hours();
        findings.push(Finding::new(
            Error,
            "old-inventory",
            format!("The inventory that it is made from is {hours} hours old: scan again."),
            format!("계획의 바탕이 된 인벤토리가 {hours}시간 전 것입니다. 다시 스캔하세요."),
        ));
    }
    findings
}

fn twice(plan: &Plan) -> Vec<Finding> {
    let (mut ids, mut resources) = (BTreeSet::new(), BTreeSet::new());
    let mut findings = Vec::new();
    for change in plan.changes() {
        if !ids.insert(&change.id) {
            let finding = Finding::new(
                Error,
                "duplicate-change",
                "The change stands twice.",
                "같은 변경이 두 번 있습니다.",
            );
            findings.push(finding.of(&change.id));
        }
        let of = &change.resource;
        if !resources.insert((of.kind, &of.account, &of.region, &of.id)) {
            let finding = Finding::new(
                Error,
                "duplicate-resource",
                format!("{} is changed twice.", of.id),
                format!("{}이(가) 두 번 변경됩니다.", of.id),
            );
            findings.push(finding.of(&change.id));
        }
    }
    findings
}
