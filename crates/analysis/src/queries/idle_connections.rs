//! Connections that are held and not used.

use trimtab_model::database::{
    Confidence, Connections, DatabaseEngine, QueryFinding, QueryFindingKind, ServerStatistics,
    Sessions, Subject,
};
use trimtab_model::evidence::UnseenSignal;
use trimtab_model::text::{Reason, Text};

use super::thresholds::{IDLE, IDLE_SHARE};
use super::words::thousands;

/// Finds connections that most of their holders do not use.
pub(super) fn finding(statistics: &ServerStatistics) -> Option<QueryFinding> {
    let connections = statistics.connections.as_ref()?;
    let (idle, now) = (connections.long_idle(), connections.now());
    if idle < IDLE || (idle as f64) < now as f64 * IDLE_SHARE {
        return None;
    }
    let advice = match statistics.database.engine {
        DatabaseEngine::Postgresql => Text::new(
            "Lower the pool's minimum and its idle timeout, or put PgBouncer or RDS Proxy in between: each connection is a process with memory of its own, and the limit keeps a smaller class away.",
            "풀의 최소 연결 수와 유휴 시간을 줄이거나 PgBouncer나 RDS Proxy를 두세요. 연결마다 메모리를 쓰는 프로세스가 하나씩 있고, 연결 수 한도 때문에 더 작은 클래스로 줄이지 못할 수 있습니다.",
        ),
        DatabaseEngine::Mysql | DatabaseEngine::Mariadb => Text::new(
            "Lower the pool's minimum and its idle timeout, or put RDS Proxy in between: each connection takes memory, and the limit keeps a smaller class away.",
            "풀의 최소 연결 수와 유휴 시간을 줄이거나 RDS Proxy를 두세요. 연결마다 메모리를 쓰고, 연결 수 한도 때문에 더 작은 클래스로 줄이지 못할 수 있습니다.",
        ),
    };
    Some(QueryFinding {
        kind: QueryFindingKind::IdleConnections,
        about: Subject::Server,
        load_share: None,
        examined_per_returned: None,
        calls: None,
        confidence: Confidence::Medium,
        reason: reason(connections, idle, now),
        advice,
        suggestion: None,
        unseen: vec![UnseenSignal {
            name: "other-hours".to_owned(),
            text: Text::new(
                "This is one moment; a busy hour may need the connections.",
                "한 시점의 상태입니다. 바쁜 시간에는 필요한 연결일 수 있습니다.",
            ),
        }],
        class_if: None,
    })
}

fn reason(connections: &Connections, idle: u64, now: u64) -> Reason {
    let after = connections.idle_after_seconds;
    let (after_en, after_ko) = if after >= 60 {
        (format!("{} minutes", after / 60), format!("{}분", after / 60))
    } else {
        (format!("{after} seconds"), format!("{after}초"))
    };
    let most = connections.sessions.iter().max_by_key(|one| one.long_idle);
    let (most_en, most_ko) =
        most.map_or_else(Default::default, |Sessions { user, host, long_idle, .. }| {
            let count = thousands(*long_idle as f64);
            (
                format!(" Most are of {user} from {host} ({count})."),
                format!(" 가장 많은 것은 {host}의 {user} 계정입니다({count}개)."),
            )
        });
    let limit = connections.limit.map_or_else(Default::default, |limit| {
        let limit = thousands(limit as f64);
        (format!(" The server admits {limit}."), format!(" 서버의 한도는 {limit}개입니다."))
    });
    let (idle, now) = (thousands(idle as f64), thousands(now as f64));
    Reason::new(
        "held-and-not-used",
        format!(
            "{idle} of {now} connections have sent nothing for {after_en}.{most_en}{}",
            limit.0
        ),
        format!(
            "연결 {now}개 가운데 {idle}개가 {after_ko} 이상 아무것도 보내지 않았습니다.{most_ko}{}",
            limit.1
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::super::sample::statistics;
    use super::*;

    fn check(now: u64, long_idle: u64, found: bool) {
        let mut statistics = statistics();
        let one =
            Sessions { user: "app".into(), host: "10.0.0.1".into(), now, idle: now, long_idle };
        statistics.connections = Some(Connections {
            limit: Some(100),
            peak: None,
            aborted: None,
            idle_after_seconds: 600,
            sessions: vec![one],
        });
        assert_eq!(finding(&statistics).is_some(), found);
    }

    #[test]
    fn most_connections_must_be_idle_and_ten_of_them() {
        check(20, 10, true);
        check(21, 10, false);
        check(9, 9, false);
    }
}
