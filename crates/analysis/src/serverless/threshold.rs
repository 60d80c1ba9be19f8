//! From what on a server is no candidate.

use trimtab_model::recommendation::Threshold;
use trimtab_model::text::StaticText;

/// The share of the time in which a candidate works at most.
pub const MAX_DUTY_PERCENT: Threshold = Threshold {
    name: "max_duty_percent",
    default: "25",
    unit: "%",
    text: StaticText {
        en: "Share of the time in which it works at most. Above it a function costs more than a third of a general purpose instance for each vCPU at list prices, and a smaller instance saves as much.",
        ko: "작업하는 시간의 최대 비율입니다. 이보다 오래 작업하면 함수 비용이 정가 기준 vCPU당 범용 인스턴스의 3분의 1을 넘어, 더 작은 인스턴스로 바꿔도 그만큼 절감됩니다.",
    },
};
