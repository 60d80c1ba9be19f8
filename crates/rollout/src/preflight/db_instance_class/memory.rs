//! Rules 7 to 9: connections, parameters and the working set in less memory.

use trimtab_model::database::formula::{Variables, value};

use super::rules::Question;
use crate::preflight::finding::{Findings, block, clear, unread, warn, when};

const GROUP: &str = "rds:DescribeDBParameters";
const METRICS: &str = "cloudwatch:GetMetricData";
/// The limit must be at least this many times the peak: a quarter of room.
const ROOM: f64 = 1.25;
/// How much of the memory parameters of a fixed size may take together. MySQL gives up above
/// 1.2 times the memory; a database that is well stays below it.
const MOST_FIXED: f64 = 0.9;
/// The share of the memory that is left over for a working set that fits as it did.
const SPARE: f64 = 0.1;

/// Rule 7.
pub(super) fn connections(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let Some(formula) = &facts.max_connections else { return unread("max_connections", GROUP) };
    let Some(peak) = facts.peak_connections else { return unread("DatabaseConnections", METRICS) };
    let variables = Variables {
        memory: facts.to_memory_bytes,
        vcpu: facts.to_vcpu,
        allocated_storage: facts.storage_bytes,
        is_replica: facts.is_replica,
    };
    match value(formula, variables) {
        Ok(limit) => when(peak * ROOM > limit as f64, || {
            block(
                "too-few-connections",
                format!(
                    "{peak:.0} connections were open, and the new class admits {limit}: a quarter of room is kept."
                ),
                format!(
                    "연결이 {peak:.0}개까지 열렸고 새 클래스의 최대 연결 수는 {limit}개입니다. 25% 여유가 있어야 합니다."
                ),
            )
        }),
        Err(error) => {
            let why = error.text();
            block(
                "unknown-connection-limit",
                format!("max_connections on the new class is not known: {}.", why.en),
                format!("새 클래스의 max_connections를 알 수 없습니다: {}.", why.ko),
            )
        }
    }
}

/// Rule 8.
pub(super) fn fixed_parameters(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let (Some(fixed), Some(memory)) = (&facts.fixed_memory, facts.to_memory_bytes) else {
        return unread("DBParameters", GROUP);
    };
    let all: u64 = fixed.values().fold(0, |sum, one| sum.saturating_add(*one));
    when(all as f64 > memory as f64 * MOST_FIXED, || {
        let names: Vec<&str> = fixed.keys().map(String::as_str).collect();
        let names = names.join(", ");
        block(
            "fixed-memory-too-large",
            format!(
                "Parameters of a fixed size take more than the new class has: {names}. It would stop with incompatible-parameters."
            ),
            format!(
                "크기가 고정된 파라미터({names})가 새 클래스의 메모리보다 커서 incompatible-parameters 상태로 멈춥니다."
            ),
        )
    })
}

/// Rule 9.
pub(super) fn working_set(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let (Some(has), Some(gets)) = (facts.memory_bytes, facts.to_memory_bytes) else {
        return unread("DBInstanceClassMemory", "rds:DescribeDBInstances");
    };
    if gets >= has {
        return clear();
    }
    let (Some(freeable), Some(swap)) = (facts.least_freeable_bytes, facts.most_swap_bytes) else {
        return unread("FreeableMemory and SwapUsage", METRICS);
    };
    let lost = (has - gets) as f64;
    let spare = freeable - swap;
    if spare < lost {
        return block(
            "working-set",
            "The memory that would be taken away is in use: reads would go to the disk.",
            "줄어드는 만큼의 메모리를 이미 사용하고 있어 읽기가 디스크로 몰립니다.",
        );
    }
    when(spare - lost < gets as f64 * SPARE, || {
        warn(
            "working-set-tight",
            "Hardly any memory would be left over: its reads are watched.",
            "남는 메모리가 거의 없습니다. 변경 후 읽기를 지켜봅니다.",
        )
    })
}

#[cfg(test)]
mod tests {
    use trimtab_model::observed::{DbInstancePreflight, Obstacle};

    use super::super::rules::tests::check;

    const BLOCK: Obstacle = Obstacle::Block;
    const GIB: u64 = 1 << 30;

    #[test]
    fn rule_07_connections_keep_a_quarter_of_room() {
        // 7 GiB / 12582880 is 597; four fifths of it are 477.6.
        check(7, |one| one.peak_connections = Some(477.0), &[]);
        check(7, |one| one.peak_connections = Some(478.0), &[(BLOCK, "too-few-connections")]);
        let formula = |formula: &'static str| {
            move |one: &mut DbInstancePreflight| one.max_connections = Some(formula.to_owned())
        };
        check(7, formula("250"), &[]);
        check(7, formula("249"), &[(BLOCK, "too-few-connections")]);
        check(7, formula("LEAST({DBInstanceClassMemory/9531392},5000)"), &[]);
        check(7, formula("auto"), &[(BLOCK, "unknown-connection-limit")]);
        check(7, |one| one.to_memory_bytes = None, &[(BLOCK, "unknown-connection-limit")]);
        check(7, |one| one.max_connections = None, &[(BLOCK, "unknown-max-connections")]);
    }

    #[test]
    fn rule_08_parameters_of_a_fixed_size_must_fit() {
        let pool = |gib: u64| {
            move |one: &mut DbInstancePreflight| {
                one.fixed_memory = Some([("innodb_buffer_pool_size".to_owned(), gib * GIB)].into());
            }
        };
        check(8, pool(6), &[]);
        check(8, pool(7), &[(BLOCK, "fixed-memory-too-large")]);
    }

    #[test]
    fn rule_09_the_working_set_must_fit() {
        let free = |gib: f64| {
            move |one: &mut DbInstancePreflight| one.least_freeable_bytes = Some(gib * GIB as f64)
        };
        // 8 GiB are lost.
        check(9, free(9.0), &[]);
        check(9, free(8.5), &[(Obstacle::Warn, "working-set-tight")]);
        check(9, free(7.9), &[(BLOCK, "working-set")]);
        check(
            9,
            |one| one.most_swap_bytes = None,
            &[(BLOCK, "unknown-freeable-memory-and-swap-usage")],
        );
    }
}
