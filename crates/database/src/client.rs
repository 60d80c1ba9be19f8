//! The conversation: one connection that cannot write, and limits for whatever it asks.

use std::time::Duration;

use trimtab_model::database::{Probe, ProbeAnswer, ServerStatistics};

use crate::address::{Address, Password, Product};
use crate::error::DatabaseError;
use crate::mysql::MysqlSession;
use crate::postgres::PostgresSession;

/// How long we wait, and what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Seconds to connect.
    pub connect_seconds: u64,
    /// Seconds that one statement of ours may take, enforced by the server.
    pub statement_seconds: u64,
    /// Seconds for everything.
    pub overall_seconds: u64,
    /// How many statements are read, those that took longest first.
    pub statements: u32,
    /// Seconds without a statement from which on a session counts as long idle.
    pub idle_after_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_seconds: 10,
            statement_seconds: 10,
            overall_seconds: 120,
            statements: 500,
            idle_after_seconds: 600,
        }
    }
}

enum Session {
    Mysql(Box<MysqlSession>),
    Postgres(Box<PostgresSession>),
}

/// A conversation with one server.
pub struct Client {
    session: Session,
    limits: Limits,
    server: String,
}

impl Client {
    /// Connects, and makes the session one that cannot write.
    ///
    /// # Errors
    /// Fails if the server does not answer, does not let us in, or does not keep us from writing.
    pub async fn connect(
        address: &Address,
        password: Option<&Password>,
        limits: Limits,
    ) -> Result<Self, DatabaseError> {
        let server = address.place();
        let connecting = async {
            Ok(match address.product {
                Product::Mysql => {
                    Session::Mysql(Box::new(MysqlSession::open(address, password, limits).await?))
                }
                Product::Postgres => Session::Postgres(Box::new(
                    PostgresSession::open(address, password, limits).await?,
                )),
            })
        };
        let session = within(limits.connect_seconds, &server, connecting).await?;
        Ok(Self { session, limits, server })
    }

    /// Reads everything that the server says of itself.
    ///
    /// # Errors
    /// Fails if the conversation breaks off. What the account may not see is named in the answer.
    pub async fn statistics(&mut self) -> Result<ServerStatistics, DatabaseError> {
        let reading = async {
            match &mut self.session {
                Session::Mysql(session) => session.statistics().await,
                Session::Postgres(session) => session.statistics().await,
            }
        };
        within(self.limits.overall_seconds, &self.server, reading).await
    }

    /// Asks the planner about indexes that do not exist. Nothing is run and nothing is made.
    ///
    /// # Errors
    /// Fails if the conversation breaks off; a plan that cannot be had is an empty answer.
    pub async fn probe(&mut self, probes: &[Probe]) -> Result<Vec<ProbeAnswer>, DatabaseError> {
        let asking = async {
            let mut answers = Vec::with_capacity(probes.len());
            for probe in probes {
                answers.push(match &mut self.session {
                    Session::Mysql(session) => session.probe(probe).await?,
                    Session::Postgres(session) => session.probe(probe).await?,
                });
            }
            Ok(answers)
        };
        within(self.limits.overall_seconds, &self.server, asking).await
    }
}

async fn within<T>(
    seconds: u64,
    server: &str,
    work: impl Future<Output = Result<T, DatabaseError>>,
) -> Result<T, DatabaseError> {
    tokio::time::timeout(Duration::from_secs(seconds), work)
        .await
        .unwrap_or_else(|_| Err(DatabaseError::TooSlow { server: server.to_owned(), seconds }))
}
