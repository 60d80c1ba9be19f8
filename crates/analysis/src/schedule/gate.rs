//! Who is asked whether it may be off at night: only what certainly serves nobody outside.

use trimtab_model::environment::Environment;
use trimtab_model::recommendation::{Threshold, Unknown, Verdict};
use trimtab_model::text::StaticText;

use crate::verdict::{pass, unknown};

/// How many weeks every hour must have been seen in.
pub const MIN_WEEKS: Threshold = Threshold {
    name: "min_weeks",
    default: "2",
    unit: "weeks",
    text: StaticText {
        en: "Every hour of the week must have been seen from end to end in so many weeks. Four are better: set `lookback` to `32d`.",
        ko: "일주일의 모든 시간대가 전체로 관측되어야 하는 주 수입니다. 4주를 권장합니다. `lookback`을 `32d`로 설정하세요.",
    },
};

/// How long before the first use a start comes.
pub const START_LEAD_HOURS: Threshold = Threshold {
    name: "start_lead_hours",
    default: "1",
    unit: "hours",
    text: StaticText {
        en: "Hours that the start comes before the first use.",
        ko: "첫 사용보다 몇 시간 먼저 시작할지 정합니다.",
    },
};

/// Returns the verdict on what may serve players.
///
/// # Errors
/// Returns `Unknown` where no tag and no account names the environment: it is treated like
/// production, and the report says so.
pub fn production(environment: Environment) -> Result<Option<Verdict>, Unknown> {
    match environment {
        Environment::Dev | Environment::Staging => Ok(None),
        Environment::Prod => Ok(Some(pass(
            "production",
            "Production is never scheduled.",
            "운영 환경에는 중지 일정을 제안하지 않습니다.",
        ))),
        Environment::Unknown => Err(unknown(
            "environment-unknown",
            "No tag and no account says whether it serves production, so it counts as production.",
            "운영 환경인지 알려 주는 태그나 계정 설정이 없어 운영 환경으로 간주합니다.",
            &["tags:environment"],
        )),
    }
}
