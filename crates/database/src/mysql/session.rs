//! The connection to MySQL or MariaDB, in a session that only reads.

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlRow, MySqlSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, Row as _};

use trimtab_model::database::DatabaseEngine;

use crate::address::{Address, Encryption, Password};
use crate::client::Limits;
use crate::error::DatabaseError;
use crate::row::Row;

/// A session that only reads.
pub(crate) struct MysqlSession {
    pub(super) connection: MySqlConnection,
    pub(super) engine: DatabaseEngine,
    pub(super) version: String,
    pub(super) limits: Limits,
    pub(super) address: Address,
}

impl MysqlSession {
    pub(crate) async fn open(
        address: &Address,
        password: Option<&Password>,
        limits: Limits,
    ) -> Result<Self, DatabaseError> {
        let server = address.place();
        let connection = options(address, password)
            .connect()
            .await
            .map_err(|cause| DatabaseError::of_connecting(&cause, &server, &address.user))?;
        let mut session = Self {
            connection,
            engine: DatabaseEngine::Mysql,
            version: String::new(),
            limits,
            address: address.clone(),
        };
        session.only_read().await?;
        Ok(session)
    }

    /// Takes the right to write and long questions away from the session, and sees that it held.
    async fn only_read(&mut self) -> Result<(), DatabaseError> {
        let version = self.ask("its version", "SELECT VERSION(), @@version_comment").await?;
        let version = version.first().cloned().unwrap_or_default();
        self.version = version.name(0);
        let says = format!("{} {}", version.name(0), version.name(1)).to_lowercase();
        if says.contains("mariadb") {
            self.engine = DatabaseEngine::Mariadb;
        }
        self.run("a session that reads", "SET SESSION TRANSACTION READ ONLY").await?;
        // The two products differ in the name and in the unit.
        let seconds = self.limits.statement_seconds;
        let limit = match self.engine {
            DatabaseEngine::Mariadb => format!("SET SESSION max_statement_time = {seconds}"),
            DatabaseEngine::Mysql | DatabaseEngine::Postgresql => {
                format!("SET SESSION max_execution_time = {}", seconds * 1000)
            }
        };
        self.run_made("a limit of time", limit).await?;
        self.run("a limit for locks", "SET SESSION lock_wait_timeout = 2").await?;
        self.run("a limit for locks", "SET SESSION innodb_lock_wait_timeout = 1").await?;
        let held = self
            .ask(
                "whether it only reads",
                "SHOW SESSION VARIABLES WHERE Variable_name IN ('tx_read_only', 'transaction_read_only')",
            )
            .await?;
        match held.iter().any(|row| row.is_yes(1)) {
            true => Ok(()),
            false => Err(DatabaseError::NotReadOnly { server: self.address.place() }),
        }
    }

    /// Asks a question that is written in this crate.
    pub(super) async fn ask(
        &mut self,
        what: &'static str,
        question: &'static str,
    ) -> Result<Vec<Row>, DatabaseError> {
        let answer = sqlx::raw_sql(question).fetch_all(&mut self.connection).await;
        self.rows(what, answer)
    }

    /// Asks a question that was put together from numbers and names of our own.
    pub(super) async fn ask_made(
        &mut self,
        what: &'static str,
        question: String,
    ) -> Result<Vec<Row>, DatabaseError> {
        let answer = sqlx::raw_sql(AssertSqlSafe(question)).fetch_all(&mut self.connection).await;
        self.rows(what, answer)
    }

    pub(super) async fn run(
        &mut self,
        what: &'static str,
        statement: &'static str,
    ) -> Result<(), DatabaseError> {
        self.ask(what, statement).await.map(drop)
    }

    pub(super) async fn run_made(
        &mut self,
        what: &'static str,
        statement: String,
    ) -> Result<(), DatabaseError> {
        let done = self.connection.execute(AssertSqlSafe(statement)).await;
        done.map(drop).map_err(|cause| self.error(&cause, what))
    }

    pub(super) fn error(&self, cause: &sqlx::Error, what: &'static str) -> DatabaseError {
        DatabaseError::of_asking(cause, what, &self.address.place())
    }

    fn rows(
        &self,
        what: &'static str,
        answer: Result<Vec<MySqlRow>, sqlx::Error>,
    ) -> Result<Vec<Row>, DatabaseError> {
        let answer = answer.map_err(|cause| self.error(&cause, what))?;
        answer.iter().map(|row| texts(row).ok_or(DatabaseError::Unexpected { what })).collect()
    }
}

fn options(address: &Address, password: Option<&Password>) -> MySqlConnectOptions {
    let encryption = match address.encryption {
        Encryption::Preferred => MySqlSslMode::Preferred,
        Encryption::Disabled => MySqlSslMode::Disabled,
        Encryption::Required => MySqlSslMode::Required,
        Encryption::VerifyAuthority => MySqlSslMode::VerifyCa,
        Encryption::VerifyHost => MySqlSslMode::VerifyIdentity,
    };
    let mut options = MySqlConnectOptions::new()
        .host(&address.host)
        .port(address.port)
        .username(&address.user)
        .ssl_mode(encryption)
        .statement_cache_capacity(0)
        // Without this the client writes slow questions into the log.
        .disable_statement_logging();
    if let Some(database) = &address.database {
        options = options.database(database);
    }
    if let Some(authorities) = &address.authorities {
        options = options.ssl_ca(authorities);
    }
    match password {
        Some(password) => options.password(password.reveal()),
        None => options,
    }
}

/// Returns the values of a row of the text protocol.
fn texts(row: &MySqlRow) -> Option<Row> {
    (0..row.len())
        .map(|at| row.try_get_unchecked::<Option<String>, _>(at).ok())
        .collect::<Option<Vec<_>>>()
        .map(Row::new)
}
