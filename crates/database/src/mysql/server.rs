//! Connections, the buffer pool and the age of what is counted.

use std::collections::BTreeMap;

use trimtab_model::database::{Connections, Memory, Sessions, StatisticsAge, Table};

use super::session::MysqlSession;
use crate::error::DatabaseError;
use crate::row::{Row, named};

const VARIABLES: &str = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('performance_schema', 'max_connections', 'innodb_buffer_pool_size')";
const STATUS: &str = "SHOW GLOBAL STATUS WHERE Variable_name IN ('Uptime', 'Max_used_connections', 'Aborted_clients', 'Aborted_connects', 'Innodb_buffer_pool_read_requests', 'Innodb_buffer_pool_reads')";
/// Sessions of the server itself and of replicas hold no connection of an application.
const SESSIONS: &str = "SELECT USER, HOST, COMMAND, TIME FROM information_schema.PROCESSLIST
 WHERE ID <> CONNECTION_ID() AND USER NOT IN ('system user', 'event_scheduler', 'rdsadmin') AND COMMAND NOT IN ('Daemon', 'Binlog Dump', 'Binlog Dump GTID')";

/// Figures of the server by name.
pub(super) struct Figures {
    pub(super) variables: Vec<Row>,
    status: Vec<Row>,
}

impl Figures {
    fn variable(&self, name: &str) -> Option<u64> {
        named(&self.variables, name)?.count(1)
    }

    fn status(&self, name: &str) -> Option<u64> {
        named(&self.status, name)?.count(1)
    }

    pub(super) fn age(&self) -> StatisticsAge {
        let server_hours = self.status("Uptime").map(|seconds| seconds as f64 / 3600.0);
        StatisticsAge { server_hours, ..StatisticsAge::default() }
    }

    pub(super) fn memory(&self, tables: &[Table]) -> Memory {
        Memory {
            buffer_bytes: self.variable("innodb_buffer_pool_size"),
            requests: self.status("Innodb_buffer_pool_read_requests"),
            reads: self.status("Innodb_buffer_pool_reads"),
            data_bytes: tables.iter().map(|table| table.bytes).sum(),
        }
    }
}

impl MysqlSession {
    pub(super) async fn figures(&mut self) -> Result<Figures, DatabaseError> {
        Ok(Figures {
            variables: self.ask("its settings", VARIABLES).await?,
            status: self.ask("its counters", STATUS).await?,
        })
    }

    pub(super) async fn connections(
        &mut self,
        figures: &Figures,
    ) -> Result<Connections, DatabaseError> {
        let rows = self.ask("who is connected", SESSIONS).await?;
        let idle_after = self.limits.idle_after_seconds;
        let aborted = figures.status("Aborted_clients").zip(figures.status("Aborted_connects"));
        Ok(Connections {
            limit: figures.variable("max_connections"),
            peak: figures.status("Max_used_connections"),
            aborted: aborted.map(|(clients, attempts)| clients + attempts),
            idle_after_seconds: idle_after,
            sessions: sessions(&rows, idle_after),
        })
    }
}

fn sessions(rows: &[Row], idle_after: u64) -> Vec<Sessions> {
    let mut all: BTreeMap<(String, String), Sessions> = BTreeMap::new();
    for row in rows {
        // The port differs with every connection.
        let host = row.text(1).unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host).to_owned();
        let one = all.entry((row.name(0), host.clone())).or_insert_with(|| Sessions {
            user: row.name(0),
            host,
            now: 0,
            idle: 0,
            long_idle: 0,
        });
        let idle = row.text(2) == Some("Sleep");
        one.now += 1;
        one.idle += u64::from(idle);
        one.long_idle += u64::from(idle && row.count(3) >= Some(idle_after));
    }
    all.into_values().collect()
}
