//! The decisions, in short.

use trimtab_model::call::Call;
use trimtab_model::text::Reason;

use super::manual::manual;
use super::steps::POLL;
use crate::sequence::{Decision, Work};

pub(super) fn call(step: &'static str, call: Call) -> Decision {
    Decision::Call { step, call }
}

pub(super) fn operator(work: &Work<'_>, reason: Reason) -> Decision {
    Decision::Operator { reason, manual: manual(work) }
}

pub(super) fn wait(code: &str, en: &str, ko: &str) -> Decision {
    let why = Reason::new(code, format!("Waiting for {en}."), format!("{ko}를 기다립니다."));
    Decision::Wait { why, poll: POLL }
}
