//! Rules 3, 6, 12, 13 and 15: what the new class is and has.

use super::rules::Question;
use crate::preflight::finding::{Findings, block, clear, known, unread, when};

const DATABASES: &str = "rds:DescribeDBInstances";
const ORDERABLE: &str = "rds:DescribeOrderableDBInstanceOptions";

/// Rule 3: what has a standby must be able to keep it.
pub(super) fn standby(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    match (facts.is_multi_az, facts.to_multi_az) {
        (Some(false), _) | (Some(true), Some(true)) => clear(),
        (Some(true), Some(false)) => block(
            "no-standby",
            "The new class cannot have a standby.",
            "새 클래스는 다중 AZ를 지원하지 않습니다.",
        ),
        (Some(true), None) => unread("MultiAZCapable", ORDERABLE),
        (None, _) => unread("MultiAZ", DATABASES),
    }
}

/// Rule 6.
pub(super) fn orderable(question: &Question<'_>) -> Findings {
    let orderable = question.facts.is_orderable.as_ref();
    known(orderable, "OrderableDBInstanceOptions", ORDERABLE, |is_orderable| {
        when(!*is_orderable, || {
            block(
                "not-orderable",
                "The new class is not offered for its engine version, licence and zones.",
                "이 엔진 버전, 라이선스, 가용 영역에서는 새 클래스를 제공하지 않습니다.",
            )
        })
    })
}

/// Rule 12.
pub(super) fn capacity_reservation(question: &Question<'_>) -> Findings {
    let reserved = question.facts.uses_capacity_reservation.as_ref();
    known(reserved, "DBCapacityReservationIdentifier", DATABASES, |is_reserved| {
        when(*is_reserved, || {
            block(
                "reservation-released",
                "It runs on reserved capacity, which the change would give up.",
                "예약된 용량에서 실행 중이며 클래스를 바꾸면 예약이 해제됩니다.",
            )
        })
    })
}

/// Rule 13.
pub(super) fn processor_features(question: &Question<'_>) -> Findings {
    let features = question.facts.has_processor_features.as_ref();
    known(features, "ProcessorFeatures", DATABASES, |has| {
        when(*has, || {
            block(
                "processor-features",
                "Its cores or threads are set by hand: whether the new class keeps them is its owner's decision.",
                "코어나 스레드 수를 직접 지정했습니다. 새 클래스에서 유지할지 소유자가 결정해야 합니다.",
            )
        })
    })
}

/// Rule 15: losing it is losing the gate.
pub(super) fn performance_insights(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    match (facts.uses_performance_insights, facts.to_performance_insights) {
        (Some(false), _) | (Some(true), Some(true)) => clear(),
        (Some(true), Some(false)) => block(
            "no-performance-insights",
            "The new class has no Performance Insights, by which it would be watched.",
            "새 클래스는 변경 후 상태를 확인하는 데 쓰는 성능 개선 도우미를 지원하지 않습니다.",
        ),
        (Some(true), None) => unread("SupportsPerformanceInsights", ORDERABLE),
        (None, _) => unread("PerformanceInsightsEnabled", DATABASES),
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::observed::Obstacle;

    use super::super::rules::tests::check;

    const BLOCK: Obstacle = Obstacle::Block;

    #[test]
    fn rule_03_a_standby_is_kept() {
        check(3, |one| one.to_multi_az = Some(false), &[(BLOCK, "no-standby")]);
        check(3, |one| one.to_multi_az = None, &[(BLOCK, "unknown-multi-az-capable")]);
    }

    #[test]
    fn rule_06_the_class_must_be_orderable() {
        check(6, |one| one.is_orderable = Some(false), &[(BLOCK, "not-orderable")]);
    }

    #[test]
    fn rule_12_reserved_capacity_is_not_given_up() {
        let reserved = Some(true);
        check(
            12,
            |one| one.uses_capacity_reservation = reserved,
            &[(BLOCK, "reservation-released")],
        );
    }

    #[test]
    fn rule_13_processor_features_are_a_decision() {
        check(13, |one| one.has_processor_features = Some(true), &[(BLOCK, "processor-features")]);
    }

    #[test]
    fn rule_15_performance_insights_is_kept() {
        let without = Some(false);
        check(
            15,
            |one| one.to_performance_insights = without,
            &[(BLOCK, "no-performance-insights")],
        );
        check(15, |one| one.uses_performance_insights = without, &[]);
    }
}
