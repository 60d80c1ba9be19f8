//! Burstable types earn CPU credits only while they run.

use trimtab_model::id::InstanceType;
use trimtab_model::text::Text;

/// Returns whether a type lives on CPU credits: the series `t`.
pub fn is_burstable(instance_type: &InstanceType) -> bool {
    let name = instance_type.as_str();
    name.strip_prefix('t').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Returns what a schedule means for CPU credits.
pub fn credits() -> Text {
    Text::new(
        "A burstable type earns no CPU credits while it is off: if it works above its baseline all day, watch CPUSurplusCreditsCharged.",
        "버스터블 유형은 꺼져 있는 동안 CPU 크레딧을 얻지 못합니다. 켜진 동안 계속 기준 성능을 넘게 쓴다면 CPUSurplusCreditsCharged 지표를 확인하세요.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_series_t_lives_on_credits() {
        assert!(is_burstable(&"t3a.large".into()) && is_burstable(&"t4g.nano".into()));
        assert!(!is_burstable(&"trn1.2xlarge".into()) && !is_burstable(&"m5.large".into()));
    }
}
