//! Opens the state and brings its tables up to date.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use trimtab_model::explain::Explain;
use trimtab_model::text::{StaticText, Text};

/// The file below the data directory.
const FILE: &str = "state.sqlite";
/// How long one process waits for another one's commit.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// Each entry is applied once, in order, and never changed afterwards.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE ingests (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE ingest_files (
        ingest_id INTEGER NOT NULL REFERENCES ingests (id),
        file TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        format TEXT NOT NULL,
        rows INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE bills (
        billing_period TEXT NOT NULL,
        billing_account TEXT NOT NULL,
        ingest_id INTEGER NOT NULL REFERENCES ingests (id),
        format TEXT NOT NULL,
        complete INTEGER NOT NULL,
        usage_from INTEGER,
        usage_until INTEGER,
        PRIMARY KEY (billing_period, billing_account)
    ) STRICT;
    CREATE TABLE bill_sums (
        billing_period TEXT NOT NULL,
        billing_account TEXT NOT NULL,
        currency TEXT NOT NULL,
        sum TEXT NOT NULL,
        PRIMARY KEY (billing_period, billing_account, currency)
    ) STRICT;
    CREATE TABLE lake_files (
        path TEXT PRIMARY KEY,
        billing_period TEXT NOT NULL,
        billing_account TEXT NOT NULL,
        kind TEXT NOT NULL
    ) STRICT;
    CREATE TABLE lake_garbage (path TEXT PRIMARY KEY) STRICT;
    CREATE TABLE analyses (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        as_of TEXT NOT NULL,
        body TEXT NOT NULL
    ) STRICT;
    CREATE TABLE snapshots (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        taken_at TEXT NOT NULL,
        body TEXT NOT NULL
    ) STRICT;
    CREATE TABLE dispositions (
        recommendation TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        reason TEXT,
        until TEXT,
        at TEXT NOT NULL
    ) STRICT;
    ",
    "
    CREATE TABLE scans (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        started_at TEXT NOT NULL,
        ended_at TEXT,
        scope TEXT NOT NULL
    ) STRICT;
    CREATE TABLE parts (
        account TEXT NOT NULL,
        region TEXT NOT NULL,
        kind TEXT NOT NULL,
        scan INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (account, region, kind)
    ) STRICT;
    CREATE TABLE metric_marks (
        account TEXT NOT NULL,
        region TEXT NOT NULL,
        resource TEXT NOT NULL,
        series TEXT NOT NULL,
        until INTEGER NOT NULL,
        PRIMARY KEY (account, region, resource, series)
    ) STRICT, WITHOUT ROWID;
    ",
    "
    CREATE TABLE export_marks (
        source TEXT NOT NULL,
        billing_period TEXT NOT NULL,
        ingest_id INTEGER,
        manifests TEXT NOT NULL,
        bills TEXT NOT NULL,
        PRIMARY KEY (source, billing_period)
    ) STRICT;
    CREATE TABLE cost_explorer_months (
        account TEXT NOT NULL,
        month TEXT NOT NULL,
        asked_at TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (account, month)
    ) STRICT;
    CREATE TABLE opinions (
        source TEXT NOT NULL,
        account TEXT NOT NULL,
        region TEXT NOT NULL,
        reading TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (source, account, region)
    ) STRICT;
    ALTER TABLE metric_marks ADD COLUMN since INTEGER;
    ",
    "
    CREATE TABLE sources (
        source TEXT PRIMARY KEY,
        body TEXT NOT NULL
    ) STRICT;
    ",
    "
    CREATE TABLE plans (
        id TEXT PRIMARY KEY,
        hash TEXT NOT NULL UNIQUE,
        created_at TEXT NOT NULL,
        body TEXT NOT NULL
    ) STRICT;
    CREATE TABLE approvals (
        plan TEXT NOT NULL REFERENCES plans (id),
        stage TEXT NOT NULL,
        approver TEXT NOT NULL,
        hash TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (plan, stage, approver)
    ) STRICT;
    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        plan TEXT NOT NULL REFERENCES plans (id),
        started_at TEXT NOT NULL,
        simulated INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE journal (
        run TEXT NOT NULL REFERENCES runs (id),
        number INTEGER NOT NULL,
        body TEXT NOT NULL,
        hash TEXT NOT NULL,
        PRIMARY KEY (run, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE wishes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run TEXT NOT NULL REFERENCES runs (id),
        wish TEXT NOT NULL,
        change TEXT,
        person TEXT NOT NULL
    ) STRICT;
    CREATE TABLE leases (
        scope TEXT PRIMARY KEY,
        holder TEXT,
        host TEXT,
        process TEXT,
        fence INTEGER NOT NULL,
        until TEXT
    ) STRICT;
    CREATE TABLE resource_locks (
        resource TEXT PRIMARY KEY,
        run TEXT NOT NULL REFERENCES runs (id),
        change TEXT NOT NULL,
        since TEXT NOT NULL
    ) STRICT;
    ",
    "
    CREATE TABLE attestations (
        hash TEXT NOT NULL,
        change TEXT NOT NULL,
        row TEXT NOT NULL,
        person TEXT NOT NULL,
        note TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (hash, change, row)
    ) STRICT;
    ",
    "
    CREATE TABLE reaches (
        run TEXT PRIMARY KEY,
        last_stage INTEGER,
        last_wave INTEGER
    ) STRICT;
    ",
    "
    CREATE TABLE deliveries (
        report TEXT NOT NULL,
        first TEXT NOT NULL,
        last TEXT NOT NULL,
        channel TEXT NOT NULL,
        receiver TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        holder_host TEXT NOT NULL,
        holder_process TEXT NOT NULL,
        began_at TEXT NOT NULL,
        until TEXT NOT NULL,
        ended_at TEXT,
        again_at TEXT,
        note TEXT NOT NULL,
        PRIMARY KEY (report, first, channel, receiver)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE installation (id TEXT NOT NULL) STRICT;
    INSERT INTO installation (id) VALUES (lower(hex(randomblob(8))));
    ",
    "
    CREATE TABLE passed (
        analysis INTEGER NOT NULL REFERENCES analyses (id),
        resource TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (analysis, resource)
    ) STRICT;
    ",
    "
    CREATE TABLE views (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        address TEXT NOT NULL,
        saved_at TEXT NOT NULL
    ) STRICT;
    ",
    "
    CREATE TABLE api_uses (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        began_at TEXT NOT NULL,
        body TEXT NOT NULL
    ) STRICT;
    ",
    "
    CREATE TABLE acknowledgements (
        anomaly TEXT PRIMARY KEY,
        at TEXT NOT NULL,
        body TEXT NOT NULL
    ) STRICT;
    CREATE TABLE gate_courses (
        run TEXT NOT NULL,
        change TEXT NOT NULL,
        passed INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (run, change, passed)
    ) STRICT, WITHOUT ROWID;
    ",
];

/// The version of the tables that this program knows, and brings older ones to.
pub const SCHEMA_VERSION: usize = MIGRATIONS.len();

const OPEN: StaticText = StaticText { en: "open", ko: "열지" };
const READ: StaticText = StaticText { en: "read", ko: "읽지" };
const WRITE: StaticText = StaticText { en: "write", ko: "쓰지" };

/// A failure of the state.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The directory or the file cannot be made or protected.
    #[error("could not prepare {path}")]
    Prepare {
        /// The path.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// SQLite refused.
    #[error("could not {} the state", doing.en)]
    Sqlite {
        /// What we were doing, as a verb.
        doing: StaticText,
        /// Why.
        #[source]
        cause: rusqlite::Error,
    },
    /// A newer trimtab has written it.
    #[error(
        "the state in {path} was written by a newer trimtab (version {found}, this one knows {known})"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version found.
        found: usize,
        /// The newest version known.
        known: usize,
    },
    /// Something stored there cannot be read back.
    #[error("could not read the stored {}", what.en)]
    Body {
        /// What it is.
        what: StaticText,
        /// Why.
        #[source]
        cause: serde_json::Error,
    },
}

impl Explain for StateError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::Prepare { path, .. } => format!("준비하지 못했습니다: {}", path.display()),
            Self::Sqlite { doing, .. } => format!("상태 데이터베이스를 {} 못했습니다", doing.ko),
            Self::Newer { path, found, known } => format!(
                "상태 데이터베이스를 더 새로운 trimtab이 썼습니다(버전 {found}, 이 trimtab은 {known}까지): {}",
                path.display()
            ),
            Self::Body { what, .. } => format!("저장된 {} 읽지 못했습니다", what.ko),
        };
        Text::new(self.to_string(), korean)
    }
}

impl StateError {
    /// Returns whether the disk is full, so that room would help.
    pub fn wants_room(&self) -> bool {
        let Self::Sqlite { cause: rusqlite::Error::SqliteFailure(code, _), .. } = self else {
            return false;
        };
        let is_growth = matches!(
            code.extended_code,
            rusqlite::ffi::SQLITE_IOERR_WRITE | rusqlite::ffi::SQLITE_IOERR_SHMSIZE
        );
        code.code == rusqlite::ErrorCode::DiskFull || is_growth
    }

    pub(super) fn read(cause: rusqlite::Error) -> Self {
        Self::Sqlite { doing: READ, cause }
    }

    pub(super) fn write(cause: rusqlite::Error) -> Self {
        Self::Sqlite { doing: WRITE, cause }
    }
}

/// The state of one data directory. It may be shared between threads, and several
/// processes may open it at once.
#[derive(Debug)]
pub struct State {
    connection: Mutex<Connection>,
    data_dir: PathBuf,
}

impl State {
    /// Opens the state below `data_dir`, which is made if need be, readable by the owner alone.
    ///
    /// # Errors
    /// Fails when the directory is not writable or a newer program has written the state.
    pub fn open(data_dir: &Path) -> Result<Self, StateError> {
        let path = data_dir.join(FILE);
        let prepare = |cause| StateError::Prepare { path: path.clone(), cause };
        create_private_dir(data_dir).map_err(prepare)?;
        create_private_file(&path).map_err(prepare)?;
        let open = |cause| StateError::Sqlite { doing: OPEN, cause };
        let mut connection = Connection::open(&path).map_err(open)?;
        connection.busy_timeout(PATIENCE).map_err(open)?;
        connection.pragma_update(None, "journal_mode", "WAL").map_err(open)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(open)?;
        connection.pragma_update(None, "foreign_keys", true).map_err(open)?;
        migrate(&mut connection, &path)?;
        Ok(Self { connection: Mutex::new(connection), data_dir: data_dir.to_owned() })
    }

    /// Returns the data directory.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    pub(super) fn connection(&self) -> MutexGuard<'_, Connection> {
        // A thread that panicked while it held the lock has left no transaction open:
        // dropping one rolls it back.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StateError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(StateError::write)?;
    transaction
        .execute_batch("CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY) STRICT")
        .map_err(StateError::write)?;
    let found: usize = transaction
        .query_row("SELECT count(*) FROM migrations", [], |row| row.get::<_, i64>(0))
        .map(|count| usize::try_from(count).unwrap_or_default())
        .map_err(StateError::read)?;
    if found > MIGRATIONS.len() {
        return Err(StateError::Newer { path: path.to_owned(), found, known: MIGRATIONS.len() });
    }
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(found) {
        transaction.execute_batch(migration).map_err(StateError::write)?;
        transaction
            .execute("INSERT INTO migrations (version) VALUES (?1)", [index as i64 + 1])
            .map_err(StateError::write)?;
    }
    transaction.commit().map_err(StateError::write)
}

#[cfg(unix)]
fn create_private_dir(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(unix)]
fn create_private_file(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let file = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    // SQLite gives its journal files the mode of the database.
    file.set_permissions(std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn create_private_dir(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)
}

#[cfg(not(unix))]
fn create_private_file(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_is_private_and_opens_again() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        State::open(&data).unwrap();
        State::open(&data).unwrap();
        let mode = std::fs::metadata(data.join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_newer_state_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        state.connection().execute("INSERT INTO migrations (version) VALUES (99)", []).unwrap();
        drop(state);
        assert!(matches!(State::open(dir.path()), Err(StateError::Newer { .. })));
    }
}
