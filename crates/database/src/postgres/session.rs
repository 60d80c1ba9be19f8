//! The connection to PostgreSQL, in a session that only reads.

use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Row as _};

use crate::address::{Address, Encryption, Password};
use crate::client::Limits;
use crate::error::DatabaseError;
use crate::row::Row;

/// A session that only reads.
pub(crate) struct PostgresSession {
    pub(super) connection: PgConnection,
    pub(super) version: String,
    pub(super) limits: Limits,
    pub(super) address: Address,
}

impl PostgresSession {
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
        let mut session =
            Self { connection, version: String::new(), limits, address: address.clone() };
        session.only_read().await?;
        Ok(session)
    }

    /// Takes the right to write and long questions away from the session, and sees that it held.
    async fn only_read(&mut self) -> Result<(), DatabaseError> {
        const WHAT: &str = "a session that only reads";
        let seconds = self.limits.statement_seconds;
        self.ask(WHAT, "SET default_transaction_read_only = on").await?;
        self.ask(WHAT, "SET lock_timeout = '1s'").await?;
        self.ask(WHAT, "SET idle_in_transaction_session_timeout = '30s'").await?;
        self.ask_made(WHAT, format!("SET statement_timeout = '{seconds}s'")).await?;
        let held = self.ask(WHAT, "SHOW transaction_read_only").await?;
        if !held.iter().any(|row| row.is_yes(0)) {
            return Err(DatabaseError::NotReadOnly { server: self.address.place() });
        }
        let version = self.ask("its version", "SHOW server_version").await?;
        self.version = version.first().map(|row| row.name(0)).unwrap_or_default();
        Ok(())
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

    fn rows(
        &self,
        what: &'static str,
        answer: Result<Vec<PgRow>, sqlx::Error>,
    ) -> Result<Vec<Row>, DatabaseError> {
        let place = self.address.place();
        let answer = answer.map_err(|cause| DatabaseError::of_asking(&cause, what, &place))?;
        answer.iter().map(|row| texts(row).ok_or(DatabaseError::Unexpected { what })).collect()
    }
}

fn options(address: &Address, password: Option<&Password>) -> PgConnectOptions {
    let encryption = match address.encryption {
        Encryption::Preferred => PgSslMode::Prefer,
        Encryption::Disabled => PgSslMode::Disable,
        Encryption::Required => PgSslMode::Require,
        Encryption::VerifyAuthority => PgSslMode::VerifyCa,
        Encryption::VerifyHost => PgSslMode::VerifyFull,
    };
    // Everything that the client would take from the environment is given here.
    let mut options = PgConnectOptions::new_without_pgpass()
        .host(&address.host)
        .port(address.port)
        .username(&address.user)
        .password(password.map(Password::reveal).unwrap_or_default())
        .database(address.database.as_deref().unwrap_or(&address.user))
        .ssl_mode(encryption)
        .application_name("trimtab")
        .statement_cache_capacity(0)
        // Without this the client writes slow questions into the log.
        .disable_statement_logging();
    if let Some(authorities) = &address.authorities {
        options = options.ssl_root_cert(authorities);
    }
    options
}

/// Returns the values of a row of the text protocol.
fn texts(row: &PgRow) -> Option<Row> {
    (0..row.len())
        .map(|at| row.try_get_unchecked::<Option<String>, _>(at).ok())
        .collect::<Option<Vec<_>>>()
        .map(Row::new)
}
