//! Connections, shared buffers and the age of what is counted.

use trimtab_model::database::{Connections, Memory, Sessions, StatisticsAge};

use super::session::PostgresSession;
use crate::error::DatabaseError;

const AGE: &str = "SELECT extract(epoch FROM now() - pg_postmaster_start_time())::text,
 (SELECT extract(epoch FROM now() - stats_reset)::text FROM pg_stat_database WHERE datname = current_database())";
const MEMORY: &str = "SELECT (SELECT setting::bigint * 8192 FROM pg_settings WHERE name = 'shared_buffers'),
 sum(blks_hit + blks_read), sum(blks_read), (SELECT sum(pg_database_size(oid)) FROM pg_database WHERE has_database_privilege(oid, 'CONNECT'))
 FROM pg_stat_database";
const LIMIT: &str = "SHOW max_connections";
const SESSIONS: &str = "SELECT usename, coalesce(host(client_addr), 'local'), count(*),
 count(*) FILTER (WHERE state = 'idle'),
 count(*) FILTER (WHERE state = 'idle' AND extract(epoch FROM now() - state_change) >= ";
const OF_SESSIONS: &str = ") FROM pg_stat_activity
 WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND usename <> 'rdsadmin' GROUP BY 1, 2 ORDER BY 1, 2";

impl PostgresSession {
    pub(super) async fn age(&mut self) -> Result<StatisticsAge, DatabaseError> {
        let rows = self.ask("since when it counts", AGE).await?;
        let row = rows.first().cloned().unwrap_or_default();
        let hours = |at| row.figure(at).map(|seconds| seconds / 3600.0);
        // What nobody reset is as old as the server at the least.
        Ok(StatisticsAge {
            server_hours: hours(0),
            statement_hours: None,
            index_hours: hours(1).or(hours(0)),
        })
    }

    pub(super) async fn memory(&mut self) -> Result<Memory, DatabaseError> {
        let rows = self.ask("its buffers", MEMORY).await?;
        let row = rows.first().cloned().unwrap_or_default();
        Ok(Memory {
            buffer_bytes: row.count(0),
            requests: row.count(1),
            reads: row.count(2),
            data_bytes: row.count(3),
        })
    }

    pub(super) async fn connections(&mut self) -> Result<Connections, DatabaseError> {
        const WHAT: &str = "who is connected";
        let limit = self.ask(WHAT, LIMIT).await?;
        let idle_after_seconds = self.limits.idle_after_seconds;
        let question = format!("{SESSIONS}{idle_after_seconds}{OF_SESSIONS}");
        let sessions = self.ask_made(WHAT, question).await?;
        Ok(Connections {
            limit: limit.first().and_then(|row| row.count(0)),
            peak: None,
            aborted: None,
            idle_after_seconds,
            sessions: sessions
                .iter()
                .map(|row| Sessions {
                    user: row.name(0),
                    host: row.name(1),
                    now: row.count(2).unwrap_or_default(),
                    idle: row.count(3).unwrap_or_default(),
                    long_idle: row.count(4).unwrap_or_default(),
                })
                .collect(),
        })
    }
}
