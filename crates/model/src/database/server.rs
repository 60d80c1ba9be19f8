//! The server itself: which it is, who is connected, what it holds in memory, what we may do.

use serde::{Deserialize, Serialize};

/// Which product answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatabaseEngine {
    /// MySQL, Aurora MySQL included.
    Mysql,
    /// MariaDB.
    Mariadb,
    /// PostgreSQL, Aurora PostgreSQL included.
    Postgresql,
}

impl DatabaseEngine {
    /// Returns the engine that RDS calls so; absent for one whose literals our guard cannot tell.
    pub fn of_rds(engine: &str) -> Option<Self> {
        match engine {
            "mysql" | "aurora" | "aurora-mysql" => Some(Self::Mysql),
            "mariadb" => Some(Self::Mariadb),
            "postgres" | "aurora-postgresql" => Some(Self::Postgresql),
            _ => None,
        }
    }

    /// Returns the name that people know.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mysql => "MySQL",
            Self::Mariadb => "MariaDB",
            Self::Postgresql => "PostgreSQL",
        }
    }

    /// Returns the name for machines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mysql => "mysql",
            Self::Mariadb => "mariadb",
            Self::Postgresql => "postgresql",
        }
    }

    /// Returns whether it speaks the protocol of MySQL, and names things as MySQL does.
    pub fn is_mysql_like(self) -> bool {
        match self {
            Self::Mysql | Self::Mariadb => true,
            Self::Postgresql => false,
        }
    }
}

/// Which server was asked: never a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Database {
    /// The product.
    pub engine: DatabaseEngine,
    /// Its version, as it says it.
    pub version: String,
    /// Host and port.
    pub address: String,
    /// The database that was connected to, where one was named.
    pub name: Option<String>,
}

/// Since when the server counts, in hours. Absent where it does not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct StatisticsAge {
    /// Since the server started.
    pub server_hours: Option<f64>,
    /// Since statements are counted.
    pub statement_hours: Option<f64>,
    /// Since uses of indexes are counted.
    pub index_hours: Option<f64>,
}

/// What an account that ought to read only may do besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "rights", content = "privileges")]
pub enum Rights {
    /// It can only read.
    ReadOnly,
    /// It could write, by these privileges.
    CanWrite(Vec<String>),
    /// The server did not say.
    Unknown,
}

/// The sessions of one user from one host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sessions {
    /// The user.
    pub user: String,
    /// The host, without its port.
    pub host: String,
    /// Sessions now.
    pub now: u64,
    /// Of these, how many wait for their client.
    pub idle: u64,
    /// Of these, how many have waited for longer than was asked about.
    pub long_idle: u64,
}

/// Who is connected.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Connections {
    /// How many the server admits.
    pub limit: Option<u64>,
    /// Most at once since the server started; not every server counts it.
    pub peak: Option<u64>,
    /// Connections and attempts that broke off since the server started.
    pub aborted: Option<u64>,
    /// Seconds without a statement from which on a session counts as long idle.
    pub idle_after_seconds: u64,
    /// By user and host; ours is left out.
    pub sessions: Vec<Sessions>,
}

impl Connections {
    /// Returns the sessions now.
    pub fn now(&self) -> u64 {
        self.sessions.iter().map(|sessions| sessions.now).sum()
    }

    /// Returns the sessions that have long waited for their client.
    pub fn long_idle(&self) -> u64 {
        self.sessions.iter().map(|sessions| sessions.long_idle).sum()
    }
}

/// The buffer that holds pages: InnoDB's buffer pool, PostgreSQL's shared buffers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Memory {
    /// Its size in bytes.
    pub buffer_bytes: Option<u64>,
    /// Requests for pages.
    pub requests: Option<u64>,
    /// Of these, how many were not in the buffer.
    pub reads: Option<u64>,
    /// Bytes of tables and indexes.
    pub data_bytes: Option<u64>,
}

impl Memory {
    /// Returns the share of requests that the buffer answered, from 0 to 1.
    pub fn hit_share(&self) -> Option<f64> {
        let requests = self.requests.filter(|requests| *requests > 0)?;
        Some(1.0 - self.reads? as f64 / requests as f64)
    }
}
