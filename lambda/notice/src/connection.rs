//! The one connection to the database that an environment has.
//!
//! Lambda gives an environment one event at a time, so a pool would hold what nobody uses: as many environments as
//! run at once are as many connections. It is made when it is first needed, over TLS, and made again when it broke.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::mysql::{MySqlConnectOptions, MySqlDatabaseError, MySqlSslMode};
use sqlx::{Connection, MySqlConnection};
use thiserror::Error;

use crate::credentials::{Credentials, CredentialsError, Freshness};
use crate::settings::Settings;

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a kept connection may take to say that it lives.
const PING_TIMEOUT: Duration = Duration::from_secs(2);
/// Up to which age a kept connection is used without asking.
const TRUSTED_FOR: Duration = Duration::from_secs(5);
/// How long another environment's migration is waited for, in seconds.
const MIGRATION_LOCK_SECONDS: i64 = 30;

/// How long a migration may take, its wait included.
const MIGRATION_TIMEOUT: Duration = Duration::from_secs(120);

const MYSQL_ACCESS_DENIED: u16 = 1045;
const MYSQL_NO_SUCH_TABLE: u16 = 1146;
const MYSQL_LOCK_WAIT: u16 = 1205;
const MYSQL_DEADLOCK: u16 = 1213;

/// Says why there is no connection.
#[derive(Debug, Error)]
pub enum ConnectionError {
    /// The address or the password cannot be had.
    #[error("could not learn how to reach the database")]
    Credentials(#[from] CredentialsError),
    /// The database does not answer, or says no.
    #[error("could not connect to the database")]
    Connect(#[source] sqlx::Error),
    /// The database does not answer in time.
    #[error("could not connect to the database within {} seconds", CONNECT_TIMEOUT.as_secs())]
    Late,
    /// The tables are not as they should be.
    #[error("could not bring the tables up to date")]
    Migrate(#[source] MigrateError),
    /// The state of the tables cannot be read.
    #[error("could not read the state of the tables")]
    State(#[source] sqlx::Error),
    /// The tables are being changed for too long.
    #[error("the tables are being changed for too long; look for what blocks it")]
    Locked,
}

/// Is where the database is, as its parameter says it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Address {
    host: String,
    port: Option<u16>,
    user: String,
    password: String,
    database: String,
}

/// Holds the connection.
#[derive(Debug, Default)]
pub struct Database {
    connection: Option<(MySqlConnection, Timestamp)>,
}

impl Database {
    /// Returns the connection, made now unless one is there and lives.
    ///
    /// # Errors
    ///
    /// When there is none and none can be made.
    pub async fn connection(
        &mut self,
        settings: &Settings,
        credentials: &Credentials,
        now: Timestamp,
    ) -> Result<&mut MySqlConnection, ConnectionError> {
        let connection = match self.connection.take() {
            Some((connection, used)) => living(connection, used, now).await,
            None => None,
        };
        let connection = match connection {
            Some(connection) => connection,
            None => connect(settings, credentials, now).await?,
        };
        let (connection, _) = self.connection.insert((connection, now));
        Ok(connection)
    }

    /// Lets the connection go: after an error nobody knows what it is in the middle of.
    pub fn forget(&mut self) {
        self.connection = None;
    }

    /// Closes the connection, so that the other side need not find out by itself.
    pub async fn close(&mut self) {
        if let Some((connection, _)) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "connection was not closed well");
        }
    }
}

async fn living(
    mut connection: MySqlConnection,
    used: Timestamp,
    now: Timestamp,
) -> Option<MySqlConnection> {
    let age = Duration::try_from(now.duration_since(used)).unwrap_or(Duration::MAX);
    if age < TRUSTED_FOR {
        return Some(connection);
    }
    match tokio::time::timeout(PING_TIMEOUT, connection.ping()).await {
        Ok(Ok(())) => Some(connection),
        Ok(Err(_)) | Err(_) => None,
    }
}

async fn connect(
    settings: &Settings,
    credentials: &Credentials,
    now: Timestamp,
) -> Result<MySqlConnection, ConnectionError> {
    let connection = match attempt(settings, credentials, Freshness::Held, now).await {
        // The password may have been changed since it was read.
        Err(ConnectionError::Connect(error)) if is_access_denied(&error) => {
            attempt(settings, credentials, Freshness::New, now).await
        }
        other => other,
    };
    let mut connection = connection?;
    match tokio::time::timeout(MIGRATION_TIMEOUT, migrate(&mut connection)).await {
        Ok(migrated) => migrated?,
        Err(_) => return Err(ConnectionError::Locked),
    }
    Ok(connection)
}

async fn attempt(
    settings: &Settings,
    credentials: &Credentials,
    freshness: Freshness,
    now: Timestamp,
) -> Result<MySqlConnection, ConnectionError> {
    let parameter = &settings.database_parameter;
    let secret = credentials.read(parameter, freshness, now).await?;
    let expected = "JSON with host, port, user, password and database";
    let address: Address = secret.parse(parameter, expected)?;
    let mut options = MySqlConnectOptions::new()
        .host(&address.host)
        .port(address.port.unwrap_or(3306))
        .username(&address.user)
        .password(&address.password)
        .database(&address.database)
        .charset("utf8mb4")
        .ssl_mode(MySqlSslMode::VerifyIdentity);
    if let Some(certificates) = &settings.database_certificates {
        options = options.ssl_ca(certificates);
    }
    let connection = async {
        let mut connection = MySqlConnection::connect_with(&options).await?;
        // Rows are found by whole keys; locks on the gaps between them would only stand in each other's way.
        for statement in [
            "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
            "SET SESSION innodb_lock_wait_timeout = 10",
            // An environment that vanishes without a word in the middle of a transaction keeps its locks this long.
            "SET SESSION wait_timeout = 120",
        ] {
            sqlx::raw_sql(statement).execute(&mut connection).await?;
        }
        Ok(connection)
    };
    match tokio::time::timeout(CONNECT_TIMEOUT, connection).await {
        Ok(connection) => connection.map_err(ConnectionError::Connect),
        Err(_) => Err(ConnectionError::Late),
    }
}

/// Brings the tables up to date, one environment at a time.
async fn migrate(connection: &mut MySqlConnection) -> Result<(), ConnectionError> {
    if is_up_to_date(connection).await? {
        return Ok(());
    }
    let locked: Option<i64> = sqlx::query_scalar("SELECT GET_LOCK('trimtab-notice-tables', ?)")
        .bind(MIGRATION_LOCK_SECONDS)
        .fetch_one(&mut *connection)
        .await
        .map_err(ConnectionError::State)?;
    if locked != Some(1) {
        return Err(ConnectionError::Locked);
    }
    let migrated = migrate_locked(connection).await;
    sqlx::raw_sql("DO RELEASE_LOCK('trimtab-notice-tables')")
        .execute(&mut *connection)
        .await
        .map_err(ConnectionError::State)?;
    migrated
}

async fn migrate_locked(connection: &mut MySqlConnection) -> Result<(), ConnectionError> {
    let migrator = migrator();
    match migrator.run(&mut *connection).await {
        Ok(()) => Ok(()),
        // A process died in the middle of it. Every statement can be run again.
        Err(MigrateError::Dirty(version)) => {
            sqlx::query("DELETE FROM _sqlx_migrations WHERE version = ? AND success = FALSE")
                .bind(version)
                .execute(&mut *connection)
                .await
                .map_err(ConnectionError::State)?;
            migrator.run(connection).await.map_err(ConnectionError::Migrate)
        }
        Err(error) => Err(ConnectionError::Migrate(error)),
    }
}

fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!();
    // The lock of sqlx waits for ever in a way that MariaDB does not know; ours is taken before.
    migrator.set_locking(false);
    // While a new version of the function is rolled out, the old one meets tables that are newer than itself.
    migrator.set_ignore_missing(true);
    migrator
}

/// Returns whether every migration that this program knows is applied: one question instead of the migrator's six.
async fn is_up_to_date(connection: &mut MySqlConnection) -> Result<bool, ConnectionError> {
    let applied: Result<i64, sqlx::Error> =
        sqlx::query_scalar("SELECT COUNT(*) FROM _sqlx_migrations WHERE success")
            .fetch_one(connection)
            .await;
    match applied {
        Ok(applied) => {
            Ok(usize::try_from(applied).is_ok_and(|applied| applied >= migrator().iter().count()))
        }
        Err(error) if number(&error) == Some(MYSQL_NO_SUCH_TABLE) => Ok(false),
        Err(error) => Err(ConnectionError::State(error)),
    }
}

fn is_access_denied(error: &sqlx::Error) -> bool {
    number(error) == Some(MYSQL_ACCESS_DENIED)
}

/// Returns whether the database took a statement or a transaction back because somebody else was in the way.
pub fn is_contention(error: &sqlx::Error) -> bool {
    matches!(number(error), Some(MYSQL_DEADLOCK | MYSQL_LOCK_WAIT))
}

/// Returns MySQL's number of an error, if it is MySQL's.
fn number(error: &sqlx::Error) -> Option<u16> {
    error
        .as_database_error()?
        .try_downcast_ref::<MySqlDatabaseError>()
        .map(MySqlDatabaseError::number)
}
