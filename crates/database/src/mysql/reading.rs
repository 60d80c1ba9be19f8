//! Everything that MySQL or MariaDB says of itself, and what it does not say.

use trimtab_model::database::{Database, Missing, MissingStatistics, ServerStatistics};
use trimtab_model::text::Text;

use super::session::MysqlSession;
use super::statements::Statements;
use crate::error::DatabaseError;
use crate::row::named;

impl MysqlSession {
    /// Reads everything that the server says of itself.
    pub(crate) async fn statistics(&mut self) -> Result<ServerStatistics, DatabaseError> {
        let mut missing = Vec::new();
        let figures = self.figures().await?;
        let rights = self.rights().await?;
        let watches =
            named(&figures.variables, "performance_schema").is_some_and(|row| row.is_yes(1));
        let statements = match watches {
            true => or_missing(self.statements().await, Missing::Statements, &mut missing)?,
            false => {
                missing.push(switched_off(Missing::Statements));
                None
            }
        };
        let Statements { total, list, age_hours } = statements.unwrap_or_default();
        let mut tables =
            or_missing(self.tables().await, Missing::Tables, &mut missing)?.unwrap_or_default();
        match watches {
            true => {
                let uses = or_missing(self.index_uses().await, Missing::IndexUse, &mut missing)?;
                uses.into_iter().for_each(|uses| uses.note(&mut tables));
            }
            false => missing.push(switched_off(Missing::IndexUse)),
        }
        let connections =
            or_missing(self.connections(&figures).await, Missing::Connections, &mut missing)?;
        let mut age = figures.age();
        age.statement_hours = age_hours;
        age.index_hours = age.server_hours;
        Ok(ServerStatistics {
            database: Database {
                engine: self.engine,
                version: self.version.clone(),
                address: self.address.place(),
                name: self.address.database.clone(),
            },
            rights,
            age,
            total,
            statements: list,
            memory: Some(figures.memory(&tables)),
            tables,
            connections,
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
            missing.push(MissingStatistics {
                what,
                why: Text::new(
                    format!("{}.", capital(&cause.to_string())),
                    format!("{}.", trimtab_model::explain::Explain::text(&cause).ko),
                ),
                settled_by: Text::new(
                    "Grant the account SELECT on performance_schema.*, PROCESS, and REFERENCES on the application's schemas.",
                    "계정에 performance_schema.*의 SELECT, PROCESS, 서비스 스키마의 REFERENCES 권한을 부여하세요.",
                ),
            });
            Ok(None)
        }
        Err(cause) => Err(cause),
    }
}

fn switched_off(what: Missing) -> MissingStatistics {
    let (counts_en, counts_ko) = match what {
        Missing::IndexUse => ("uses of indexes", "인덱스 사용을"),
        Missing::Statements | Missing::Tables | Missing::Connections | Missing::Memory => {
            ("queries", "쿼리를")
        }
    };
    MissingStatistics {
        what,
        why: Text::new(
            format!("performance_schema is off, so the server does not count {counts_en}."),
            format!("performance_schema가 꺼져 있어 서버가 {counts_ko} 집계하지 않습니다."),
        ),
        settled_by: Text::new(
            "Set performance_schema = 1 in the DB parameter group (in my.cnf: performance_schema = ON) and restart the server; in RDS, Performance Insights switches it on too.",
            "DB 파라미터 그룹에서 performance_schema = 1로 설정하고(my.cnf에서는 performance_schema = ON) 재시작하세요. RDS에서는 Performance Insights를 켜도 함께 켜집니다.",
        ),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
