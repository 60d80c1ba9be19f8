//! Everything that PostgreSQL says of itself, and what it does not say.

use trimtab_model::database::{
    Database, DatabaseEngine, Missing, MissingStatistics, ServerStatistics,
};
use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

use super::session::PostgresSession;
use super::statements::{Readable, Statements};
use crate::error::DatabaseError;

impl PostgresSession {
    /// Reads everything that the server says of itself.
    pub(crate) async fn statistics(&mut self) -> Result<ServerStatistics, DatabaseError> {
        let mut missing = Vec::new();
        let rights = self.rights().await?;
        let statements = match self.readable().await? {
            Readable::All => {
                or_missing(self.statements().await, Missing::Statements, &mut missing)?
            }
            Readable::Own => {
                missing.push(own_only());
                or_missing(self.statements().await, Missing::Statements, &mut missing)?
            }
            Readable::Nothing => {
                missing.push(without_extension());
                None
            }
        };
        let Statements { total, list, age_hours } = statements.unwrap_or_default();
        let tables =
            or_missing(self.tables().await, Missing::Tables, &mut missing)?.unwrap_or_default();
        let connections = or_missing(self.connections().await, Missing::Connections, &mut missing)?;
        let memory = or_missing(self.memory().await, Missing::Memory, &mut missing)?;
        let mut age = self.age().await?;
        age.statement_hours = age_hours.or(age.server_hours);
        Ok(ServerStatistics {
            database: Database {
                engine: DatabaseEngine::Postgresql,
                version: self.version.clone(),
                address: self.address.place(),
                name: self.address.database.clone(),
            },
            rights,
            age,
            total,
            statements: list,
            tables,
            connections,
            memory,
            missing,
        })
    }
}

/// Returns an answer, or notes that it was refused. Only the end of the conversation is an error.
fn or_missing<T>(
    answer: Result<T, DatabaseError>,
    what: Missing,
    missing: &mut Vec<MissingStatistics>,
) -> Result<Option<T>, DatabaseError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(cause) if cause.is_of_one_question() => {
            let text = cause.text();
            missing.push(MissingStatistics {
                what,
                why: Text::new(format!("In PostgreSQL, {}.", text.en), format!("{}.", text.ko)),
                settled_by: Text::new(
                    "Grant the account the role pg_monitor.",
                    "계정에 pg_monitor 역할을 부여하세요.",
                ),
            });
            Ok(None)
        }
        Err(cause) => Err(cause),
    }
}

fn without_extension() -> MissingStatistics {
    MissingStatistics {
        what: Missing::Statements,
        why: Text::new(
            "The extension pg_stat_statements is not there, so the server does not count statements.",
            "pg_stat_statements 확장이 없어 서버가 쿼리를 집계하지 않습니다.",
        ),
        settled_by: Text::new(
            "Add pg_stat_statements to shared_preload_libraries (in RDS: the DB parameter group, where it is by default), restart, and run CREATE EXTENSION pg_stat_statements in this database.",
            "shared_preload_libraries에 pg_stat_statements를 추가하고(RDS는 DB 파라미터 그룹에 기본 포함) 재시작한 뒤, 이 데이터베이스에서 CREATE EXTENSION pg_stat_statements를 실행하세요.",
        ),
    }
}

fn own_only() -> MissingStatistics {
    MissingStatistics {
        what: Missing::Statements,
        why: Text::new(
            "The account sees the texts of its own statements only.",
            "계정이 자기 쿼리의 문장만 볼 수 있습니다.",
        ),
        settled_by: Text::new(
            "Grant the account the role pg_monitor.",
            "계정에 pg_monitor 역할을 부여하세요.",
        ),
    }
}
