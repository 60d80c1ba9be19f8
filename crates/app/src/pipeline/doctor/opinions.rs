//! Whether AWS's own services may be asked what they recommend.

use trimtab_aws::opinions::is_enrolled;
use trimtab_aws::part;
use trimtab_model::diagnosis::{Area, Status, Step};
use trimtab_model::opinion::OpinionSource;
use trimtab_model::text::{Reason, counted};

use super::Diagnosis;
use super::permissions::Found;

impl Diagnosis {
    /// Says whether a source may be asked in one place. Not to be enrolled is no fault.
    pub(super) fn opinions(&mut self, found: &Found) {
        let Some(source) = found.opinions() else { return };
        let refused = found.refused().count();
        let failures: Vec<Reason> = found.failures().map(part::reason).collect();
        let (status, reason) = if refused > 0 {
            (Status::Missing, refusing(source, refused))
        } else if failures.is_empty() && is_enrolled(&found.actions) {
            (Status::Ok, open(source))
        } else if failures.is_empty() {
            (Status::Note, not_enrolled(source))
        } else {
            (Status::Failed, failing(source))
        };
        // Cost Optimization Hub answers for all regions of an account.
        let region = match source {
            OpinionSource::ComputeOptimizer => Some(found.region.as_str()),
            OpinionSource::CostOptimizationHub => None,
        };
        let here = |step: Step| step.at(found.account.as_str(), region);
        let step = here(Step::new(Area::Permissions, status, reason));
        self.steps.push(match status {
            Status::Note => step.with_hint((
                "enrolling is free; until then there is no second opinion from it",
                "등록은 무료입니다. 등록하기 전에는 이 서비스의 의견이 없습니다",
            )),
            Status::Ok | Status::Missing | Status::Failed | Status::NotAsked => step,
        });
        for reason in failures {
            self.steps.push(here(Step::new(Area::Permissions, Status::Failed, reason)));
        }
    }
}

fn open(source: OpinionSource) -> Reason {
    let name = source.name();
    Reason::new(
        "opinion-open",
        format!("{name} may be asked what it recommends"),
        format!("{name}의 추천을 읽을 수 있습니다"),
    )
}

fn refusing(source: OpinionSource, refused: usize) -> Reason {
    let (name, actions) = (source.name(), counted(refused, "action"));
    Reason::new(
        "opinion-refused",
        format!("{name} refuses {actions}: its second opinion will be incomplete"),
        format!("{name}에서 작업 {refused}개가 거부되어 의견을 다 읽을 수 없습니다"),
    )
}

fn not_enrolled(source: OpinionSource) -> Reason {
    let name = source.name();
    Reason::new(
        "opinion-not-enrolled",
        format!("the account is not enrolled in {name}, so that nothing else of it could be tried"),
        format!("이 계정은 {name} 서비스에 등록되어 있지 않아 나머지는 확인할 수 없습니다"),
    )
}

fn failing(source: OpinionSource) -> Reason {
    let name = source.name();
    Reason::new(
        "opinion-failed",
        format!("whether {name} may be asked could not be found out"),
        format!("{name}의 추천을 읽을 수 있는지 확인하지 못했습니다"),
    )
}
