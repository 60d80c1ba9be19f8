//! What each signal is: its limit, what values it can have, and what it is compared with.

use trimtab_model::gate::{HealthGate, Signal};
use trimtab_model::plan::GateLimits;

/// Where the bad values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Above the limit.
    Above,
    /// Below the limit.
    Below,
}

/// An absolute limit. The limit itself is well: only what is beyond it is not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limit {
    pub(super) side: Side,
    pub(super) value: f64,
}

impl Limit {
    /// Returns whether a value is beyond it.
    pub(super) fn is_broken_by(self, value: f64) -> bool {
        match self.side {
            Side::Above => value > self.value,
            Side::Below => value < self.value,
        }
    }
}

/// What the baseline of a type sustains, in percent of itself.
const SUSTAINED: f64 = 100.0;
/// Credits under which a machine that may not borrow is throttled to its baseline.
pub(crate) const LAST_CREDIT: f64 = 1.0;
/// The burst balance in percent under which a volume is close to its baseline.
pub(crate) const LAST_BURST: f64 = 10.0;

/// Returns the limit of a gate: its own, else that of the rules.
pub(super) fn limit(gate: &HealthGate, limits: &GateLimits) -> Option<Limit> {
    let default = match gate.signal {
        Signal::CpuUtilization => Some(limits.cpu_percent),
        Signal::MemoryUtilization => Some(limits.memory_percent),
        Signal::NetworkUtilization => Some(SUSTAINED),
        Signal::LatencyP95 => Some(limits.latency_p95_ms),
        Signal::ErrorRate => Some(limits.error_percent),
        Signal::Availability => Some(limits.availability_percent),
        Signal::StatusCheckFailed => Some(0.0),
        Signal::CpuCreditBalance => Some(LAST_CREDIT),
        Signal::BurstBalance => Some(LAST_BURST),
        // What these may reach is of the database, volume or group: the gate says it.
        Signal::Swap
        | Signal::FreeMemory
        | Signal::DatabaseConnections
        | Signal::ReplicaLag
        | Signal::ReadIops
        | Signal::ReadLatency
        | Signal::HealthyHosts
        | Signal::UnhealthyHosts
        | Signal::FunctionErrors
        | Signal::Throttles
        | Signal::FunctionDuration
        | Signal::EventAge => None,
        // The first two are judged together, as a share; that a function ran is all that is asked of
        // it; an alarm has its limit itself.
        Signal::FailedRequests | Signal::Requests | Signal::Invocations | Signal::Alarm => {
            return None;
        }
    };
    let side = if gate.signal.is_floor() { Side::Below } else { Side::Above };
    gate.limit.or(default).map(|value| Limit { side, value })
}

/// Returns whether a limit must be known to say anything.
pub fn needs_limit(signal: Signal) -> bool {
    matches!(
        signal,
        Signal::Swap
            | Signal::FreeMemory
            | Signal::DatabaseConnections
            | Signal::ReplicaLag
            | Signal::ReadIops
            | Signal::HealthyHosts
            | Signal::UnhealthyHosts
    ) || is_ceiling(signal)
}

/// Returns whether one point above its limit is a failure: what a function that runs now and then
/// has few points of, and what its project rings an alarm for.
pub(super) fn is_ceiling(signal: Signal) -> bool {
    matches!(
        signal,
        Signal::FunctionErrors | Signal::Throttles | Signal::FunctionDuration | Signal::EventAge
    )
}

/// Returns whether a worse value is the change's doing whatever the size: then it is compared
/// with others and with earlier weeks.
///
/// Use in percent of a size is not: a machine of half the size has twice the percent, as it
/// should.
pub(super) fn is_comparable(signal: Signal) -> bool {
    matches!(signal, Signal::LatencyP95 | Signal::ReadLatency)
}

/// Returns whether earlier weeks say something about a signal.
pub(super) fn has_history(signal: Signal) -> bool {
    is_comparable(signal)
        || matches!(
            signal,
            Signal::Requests
                | Signal::FailedRequests
                | Signal::ErrorRate
                | Signal::Availability
                | Signal::Swap
                | Signal::DatabaseConnections
                | Signal::ReplicaLag
                | Signal::UnhealthyHosts
        )
}

/// Returns whether the hour before a change says something about a signal: who is ill behind a
/// load balancer before it is not ill by it.
pub(super) fn has_hour_before(signal: Signal) -> bool {
    matches!(signal, Signal::UnhealthyHosts)
}

/// Returns whether a signal tells how busy the resource is, in a unit that does not depend on
/// its size.
pub(super) fn is_load(signal: Signal) -> bool {
    matches!(
        signal,
        Signal::Requests
            | Signal::NetworkUtilization
            | Signal::DatabaseConnections
            | Signal::ReadIops
    )
}

/// Returns whether a signal is a balance, which drains towards its limit.
pub(super) fn is_balance(signal: Signal) -> bool {
    matches!(signal, Signal::FreeMemory | Signal::CpuCreditBalance | Signal::BurstBalance)
}

/// Returns whether the signal has no point where nothing happens.
///
/// A load balancer reports nothing while no request flows, and no count of a response code that
/// did not occur ("Reporting criteria: There is a nonzero value",
/// docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html).
pub(super) fn is_sparse(signal: Signal) -> bool {
    matches!(
        signal,
        Signal::LatencyP95 | Signal::Requests | Signal::FailedRequests | Signal::Invocations
    ) || is_ceiling(signal)
}

/// Returns whether a value is a percentage of a whole, so that the forecast is one as well.
pub(super) fn is_forecast(signal: Signal) -> bool {
    matches!(
        signal,
        Signal::CpuUtilization | Signal::MemoryUtilization | Signal::NetworkUtilization
    )
}

/// Returns whether a signal can have a value, in its unit.
pub(super) fn is_possible(signal: Signal, value: f64) -> bool {
    /// Rounding at the source may leave a share just above the whole.
    const WHOLE: f64 = 100.5;
    let is_share = matches!(
        signal,
        Signal::CpuUtilization
            | Signal::MemoryUtilization
            | Signal::BurstBalance
            | Signal::ErrorRate
            | Signal::Availability
    );
    value.is_finite() && value >= 0.0 && (!is_share || value <= WHOLE)
}

/// Returns the name of a signal's figures.
pub(super) fn key(signal: Signal) -> &'static str {
    match signal {
        Signal::CpuUtilization => "cpu-utilization",
        Signal::MemoryUtilization => "memory-utilization",
        Signal::Swap => "swap",
        Signal::NetworkUtilization => "network-utilization",
        Signal::LatencyP95 => "latency-p95",
        Signal::FailedRequests => "failed-requests",
        Signal::Requests => "requests",
        Signal::ErrorRate => "error-rate",
        Signal::Availability => "availability",
        Signal::FreeMemory => "free-memory",
        Signal::DatabaseConnections => "database-connections",
        Signal::ReplicaLag => "replica-lag",
        Signal::CpuCreditBalance => "cpu-credit-balance",
        Signal::BurstBalance => "burst-balance",
        Signal::ReadIops => "read-iops",
        Signal::ReadLatency => "read-latency",
        Signal::StatusCheckFailed => "status-check-failed",
        Signal::HealthyHosts => "healthy-hosts",
        Signal::UnhealthyHosts => "unhealthy-hosts",
        Signal::Invocations => "invocations",
        Signal::FunctionErrors => "function-errors",
        Signal::Throttles => "throttles",
        Signal::FunctionDuration => "function-duration",
        Signal::EventAge => "event-age",
        Signal::Alarm => "alarm",
    }
}

/// Returns what people call a signal, in English and Korean.
pub(super) fn name(signal: Signal) -> (&'static str, &'static str) {
    match signal {
        Signal::CpuUtilization => ("CPU use", "CPU 사용률"),
        Signal::MemoryUtilization => ("Memory use", "메모리 사용률"),
        Signal::Swap => ("Swap in use", "스왑 사용량"),
        Signal::NetworkUtilization => ("Network use", "네트워크 사용률"),
        Signal::LatencyP95 => ("Response time (p95)", "응답 시간(p95)"),
        Signal::FailedRequests => ("Failed requests", "실패한 요청 수"),
        Signal::Requests => ("Requests", "요청 수"),
        Signal::ErrorRate => ("Error rate", "오류율"),
        Signal::Availability => ("Availability", "가용성"),
        Signal::FreeMemory => ("Memory left", "남은 메모리"),
        Signal::DatabaseConnections => ("Database connections", "데이터베이스 연결 수"),
        Signal::ReplicaLag => ("Replica lag", "복제 지연"),
        Signal::CpuCreditBalance => ("CPU credit balance", "CPU 크레딧 잔고"),
        Signal::BurstBalance => ("Burst balance", "버스트 밸런스"),
        Signal::ReadIops => ("Reads per second", "초당 읽기 수"),
        Signal::ReadLatency => ("Read latency", "읽기 지연 시간"),
        Signal::StatusCheckFailed => ("Failed status checks", "상태 검사 실패"),
        Signal::HealthyHosts => ("Healthy targets", "정상 대상 수"),
        Signal::UnhealthyHosts => ("Unhealthy targets", "비정상 대상 수"),
        Signal::Invocations => ("Runs of the function", "함수 호출 수"),
        Signal::FunctionErrors => ("Failed runs of the function", "함수 오류 수"),
        Signal::Throttles => ("Throttled runs of the function", "함수 스로틀 수"),
        Signal::FunctionDuration => ("Duration of the function", "함수 실행 시간"),
        Signal::EventAge => ("Age of events", "이벤트 대기 시간"),
        Signal::Alarm => ("Alarms", "알람"),
    }
}

/// Returns the unit as it is written behind a number.
pub(super) fn unit(signal: Signal) -> &'static str {
    match signal {
        Signal::CpuUtilization
        | Signal::MemoryUtilization
        | Signal::NetworkUtilization
        | Signal::ErrorRate
        | Signal::Availability
        | Signal::BurstBalance => " %",
        Signal::LatencyP95 | Signal::ReadLatency | Signal::FunctionDuration | Signal::EventAge => {
            " ms"
        }
        Signal::ReplicaLag => " s",
        Signal::FreeMemory => " B",
        Signal::Swap
        | Signal::FailedRequests
        | Signal::Requests
        | Signal::DatabaseConnections
        | Signal::CpuCreditBalance
        | Signal::ReadIops
        | Signal::StatusCheckFailed
        | Signal::HealthyHosts
        | Signal::UnhealthyHosts
        | Signal::Invocations
        | Signal::FunctionErrors
        | Signal::Throttles
        | Signal::Alarm => "",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_signal_has_a_key_and_names_of_its_own_and_the_unit_of_its_values() {
        let units = [
            (Signal::CpuUtilization, " %"),
            (Signal::MemoryUtilization, " %"),
            (Signal::NetworkUtilization, " %"),
            (Signal::ErrorRate, " %"),
            (Signal::Availability, " %"),
            (Signal::BurstBalance, " %"),
            (Signal::LatencyP95, " ms"),
            (Signal::ReadLatency, " ms"),
            (Signal::ReplicaLag, " s"),
            (Signal::FreeMemory, " B"),
            (Signal::Swap, ""),
            (Signal::FailedRequests, ""),
            (Signal::Requests, ""),
            (Signal::DatabaseConnections, ""),
            (Signal::CpuCreditBalance, ""),
            (Signal::ReadIops, ""),
            (Signal::StatusCheckFailed, ""),
            (Signal::HealthyHosts, ""),
            (Signal::UnhealthyHosts, ""),
            (Signal::Invocations, ""),
            (Signal::FunctionErrors, ""),
            (Signal::Throttles, ""),
            (Signal::FunctionDuration, " ms"),
            (Signal::EventAge, " ms"),
            (Signal::Alarm, ""),
        ];
        let mut known = BTreeSet::new();
        for (signal, expected) in units {
            assert_eq!(unit(signal), expected, "{signal:?}");
            let (en, ko) = name(signal);
            for word in [key(signal), en, ko] {
                assert!(!word.is_empty() && known.insert(word), "{signal:?}: {word}");
            }
        }
    }
}
