//! What shows that a database is used, hour by hour.

use trimtab_model::evidence::UnseenSignal;
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{Threshold, Unknown};
use trimtab_model::resource::Resource;
use trimtab_model::text::{StaticText, Text};

use crate::check::{Check, Facts};
use crate::observation::Observation;
use crate::schedule::demand::{Bound, Proof, Scale, Signal};

/// Connections that an hour without use may have.
pub const MAX_CONNECTIONS: Threshold = Threshold {
    name: "max_connections",
    default: "0",
    unit: "connections",
    text: StaticText {
        en: "Connections above this make an hour a used one. Raise it only for a pool that certainly does nothing at night.",
        ko: "연결이 이 수를 넘으면 사용한 시간으로 봅니다. 밤에 아무 일도 하지 않는 것이 확실한 커넥션 풀이 있을 때만 올리세요.",
    },
};

/// CPU use of a database that nobody uses.
pub const MAX_CPU_PERCENT: Threshold = Threshold {
    name: "max_cpu_percent",
    default: "20",
    unit: "%",
    text: StaticText {
        en: "CPU use from which an hour counts as used; backups and checks of RDS itself stay below it.",
        ko: "CPU 사용률이 이 값 이상이면 사용한 시간으로 봅니다. RDS 자체의 백업과 점검은 그보다 낮습니다.",
    },
};

/// Returns the connections and the CPU use of every subject, each of which may carry several names.
///
/// # Errors
/// Returns `Unknown` if a series is missing, short or incomplete.
pub fn signals<'a, K>(
    check: &Check,
    facts: &Facts<'a>,
    resource: &Resource<K>,
    subjects: &[Vec<ResourceId>],
) -> Result<Vec<Signal<'a>>, Unknown> {
    let watch = |metric, statistics: &[Statistic]| {
        subjects
            .iter()
            .map(|names| {
                let found = Observation::complete(
                    check, facts, resource, names, "AWS/RDS", metric, statistics,
                )?;
                Ok(vec![found])
            })
            .collect::<Result<Vec<Vec<Observation<'a>>>, Unknown>>()
    };
    Ok(vec![
        Signal {
            name: "cpu_off_max",
            label: ("Highest CPU use while off", "꺼 두는 시간의 최대 CPU 사용률"),
            unit: "%",
            limit: check.threshold_f64(facts, MAX_CPU_PERCENT.name),
            bound: Bound::From,
            scale: Scale::Plain,
            proof: Proof::UseAndRest,
            subjects: watch("CPUUtilization", &[Statistic::Maximum, Statistic::Average])?,
        },
        Signal {
            name: "connections_off_max",
            label: ("Most connections while off", "꺼 두는 시간의 최대 동시 연결 수"),
            unit: "",
            limit: check.threshold_f64(facts, MAX_CONNECTIONS.name),
            bound: Bound::Above,
            scale: Scale::Plain,
            proof: Proof::UseAndRest,
            subjects: watch("DatabaseConnections", &[Statistic::Maximum])?,
        },
    ])
}

/// Returns what could have changed the decision about a database.
pub fn unseen() -> UnseenSignal {
    UnseenSignal {
        name: "inner_jobs".to_owned(),
        text: Text::new(
            "Jobs that run inside the database without a connection, and work that comes less often than the window is long.",
            "연결 없이 데이터베이스 안에서 도는 작업과, 관측 기간보다 드물게 실행되는 작업은 알 수 없습니다.",
        ),
    }
}

/// Returns what is special about stopping a database.
pub fn notes() -> Vec<Text> {
    vec![
        Text::new(
            "Storage and backups go on costing while it is off, and are not counted.",
            "꺼 두는 동안에도 스토리지와 백업은 과금되므로 절감액에 넣지 않았습니다.",
        ),
        Text::new(
            "RDS starts what is stopped again after seven days: a stop of this schedule never lasts that long.",
            "RDS는 중지된 데이터베이스를 7일 뒤에 다시 시작합니다. 이 일정의 중지는 그보다 짧습니다.",
        ),
    ]
}
