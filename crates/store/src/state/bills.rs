//! Which bills the lake holds, in which files, from which run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use trimtab_model::text::StaticText;

use super::database::{PATIENCE, State, StateError};
use crate::billing::{BillFormat, BillGroup, ExactSum};

const SUMS: StaticText = StaticText { en: "sums of a bill", ko: "청구서 합계를" };

/// What a file of the lake holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LakeFileKind {
    /// Charges, row by row.
    Charges,
    /// Sums per day and the common dimensions.
    Rollup,
}

impl LakeFileKind {
    /// Returns the word in the manifest and in the path.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Charges => "charges",
            Self::Rollup => "rollup",
        }
    }
}

/// A file of the lake.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LakeFile {
    /// Its path below the root of the lake.
    pub path: String,
    /// What it holds.
    pub kind: LakeFileKind,
}

/// A bill in the lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill {
    /// Billing period and account.
    pub group: BillGroup,
    /// The format it came in.
    pub format: String,
    /// Whether every file of the run that brought it could be read.
    pub complete: bool,
    /// First moment of usage, microseconds since 1970.
    pub usage_from: Option<i64>,
    /// First moment after the last usage, microseconds since 1970. Absent where every charge
    /// spans more than a day.
    pub usage_until: Option<i64>,
    /// Sums per currency code.
    pub sums: BTreeMap<String, ExactSum>,
}

/// A bill that replaces what the lake had for its period and account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillChange {
    /// The bill.
    pub bill: Bill,
    /// Its files, already in place.
    pub files: Vec<LakeFile>,
}

/// A file that a run has read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestRecord {
    /// The file.
    pub file: PathBuf,
    /// SHA-256 of its content.
    pub sha256: String,
    /// Its format.
    pub format: BillFormat,
    /// Its rows.
    pub rows: u64,
}

impl State {
    /// Returns when bills were read last; none where none was.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn last_ingest(&self) -> Result<Option<Timestamp>, StateError> {
        let at: Option<String> = self
            .connection()
            .query_row("SELECT MAX(at) FROM ingests", [], |row| row.get(0))
            .map_err(StateError::read)?;
        Ok(at.and_then(|at| at.parse().ok()))
    }

    /// Returns every bill in the lake, in order of period and account.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn bills(&self) -> Result<Vec<Bill>, StateError> {
        let connection = self.connection();
        let mut sums: BTreeMap<BillGroup, BTreeMap<String, ExactSum>> = BTreeMap::new();
        let mut statement = connection
            .prepare("SELECT billing_period, billing_account, currency, sum FROM bill_sums")
            .map_err(StateError::read)?;
        let rows = statement
            .query_map([], |row| {
                Ok((
                    BillGroup { billing_period: row.get(0)?, billing_account: row.get(1)? },
                    row.get::<_, String>(2)?,
                    row.get::<_, String>(3)?,
                ))
            })
            .map_err(StateError::read)?;
        for row in rows {
            let (group, currency, sum) = row.map_err(StateError::read)?;
            let sum = serde_json::from_str(&sum)
                .map_err(|cause| StateError::Body { what: SUMS, cause })?;
            sums.entry(group).or_default().insert(currency, sum);
        }
        let mut statement = connection
            .prepare(
                "SELECT billing_period, billing_account, format, complete, usage_from, usage_until
                 FROM bills ORDER BY billing_period, billing_account",
            )
            .map_err(StateError::read)?;
        let bills = statement
            .query_map([], |row| {
                Ok(Bill {
                    group: BillGroup { billing_period: row.get(0)?, billing_account: row.get(1)? },
                    format: row.get(2)?,
                    complete: row.get(3)?,
                    usage_from: row.get(4)?,
                    usage_until: row.get(5)?,
                    sums: BTreeMap::new(),
                })
            })
            .map_err(StateError::read)?
            .map(|bill| {
                bill.map(|mut bill| {
                    bill.sums = sums.remove(&bill.group).unwrap_or_default();
                    bill
                })
            })
            .collect::<Result<_, _>>()
            .map_err(StateError::read)?;
        Ok(bills)
    }

    /// Returns when each bill in the lake was read.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn bills_read_at(&self) -> Result<BTreeMap<BillGroup, Timestamp>, StateError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare(
                "SELECT billing_period, billing_account, at
                 FROM bills JOIN ingests ON ingests.id = bills.ingest_id",
            )
            .map_err(StateError::read)?;
        let moments = statement
            .query_map([], |row| {
                let at: String = row.get(2)?;
                let at = at.parse().map_err(|cause: jiff::Error| {
                    rusqlite::Error::FromSqlConversionFailure(2, Type::Text, Box::new(cause))
                })?;
                let group = BillGroup { billing_period: row.get(0)?, billing_account: row.get(1)? };
                Ok((group, at))
            })
            .map_err(StateError::read)?
            .collect::<Result<_, _>>()
            .map_err(StateError::read)?;
        Ok(moments)
    }

    /// Returns the files of one kind, in order.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn lake_files(&self, kind: LakeFileKind) -> Result<Vec<String>, StateError> {
        self.paths("SELECT path FROM lake_files WHERE kind = ?1 ORDER BY path", &[kind.as_str()])
    }

    /// Returns the files that no bill refers to any more, or never did.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn lake_garbage(&self) -> Result<Vec<String>, StateError> {
        self.paths("SELECT path FROM lake_garbage ORDER BY path", &[])
    }

    /// Notes files before they are put in place: a run that dies leaves them as garbage.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn announce_lake_files(&self, paths: &BTreeSet<String>) -> Result<(), StateError> {
        self.write(|transaction| {
            for path in paths {
                transaction
                    .execute("INSERT OR IGNORE INTO lake_garbage (path) VALUES (?1)", [path])?;
            }
            Ok(())
        })
    }

    /// Forgets garbage that was removed.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn forget_lake_garbage(&self, paths: &[String]) -> Result<(), StateError> {
        self.write(|transaction| {
            for path in paths {
                transaction.execute("DELETE FROM lake_garbage WHERE path = ?1", [path])?;
            }
            Ok(())
        })
    }

    /// Replaces bills, all of them or none. What they replace becomes garbage.
    ///
    /// # Errors
    /// Fails when the state cannot be written; then nothing has changed.
    pub fn replace_bills(
        &self,
        changes: &[BillChange],
        read: &[IngestRecord],
        at: Timestamp,
    ) -> Result<i64, StateError> {
        let sums: Vec<Vec<(String, String)>> = changes
            .iter()
            .map(|change| {
                change
                    .bill
                    .sums
                    .iter()
                    .map(|(currency, sum)| Ok((currency.clone(), serde_json::to_string(sum)?)))
                    .collect::<Result<_, serde_json::Error>>()
            })
            .collect::<Result<_, _>>()
            .map_err(|cause| StateError::Body { what: SUMS, cause })?;
        self.write(|transaction| {
            transaction.execute("INSERT INTO ingests (at) VALUES (?1)", [at.to_string()])?;
            let ingest = transaction.last_insert_rowid();
            for record in read {
                transaction.execute(
                    "INSERT INTO ingest_files (ingest_id, file, sha256, format, rows) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![
                        ingest,
                        record.file.to_string_lossy(),
                        record.sha256,
                        record.format.as_str(),
                        i64::try_from(record.rows).unwrap_or(i64::MAX)
                    ],
                )?;
            }
            for (change, sums) in changes.iter().zip(&sums) {
                replace(transaction, ingest, change, sums)?;
            }
            Ok(ingest)
        })
    }

    /// Removes bills; their files become garbage.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn remove_bills(&self, groups: &[BillGroup]) -> Result<(), StateError> {
        self.write(|transaction| groups.iter().try_for_each(|group| remove(transaction, group)))
    }

    fn paths(&self, query: &str, parameters: &[&str]) -> Result<Vec<String>, StateError> {
        let connection = self.connection();
        let mut statement = connection.prepare(query).map_err(StateError::read)?;
        let paths = statement
            .query_map(rusqlite::params_from_iter(parameters), |row| row.get(0))
            .map_err(StateError::read)?
            .collect::<Result<_, _>>()
            .map_err(StateError::read)?;
        Ok(paths)
    }

    /// Writes as [`State::write`] does where nobody else is writing, and fails at once where somebody is.
    pub(super) fn write_at_once<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, rusqlite::Error>,
    ) -> Result<T, StateError> {
        let mut connection = self.connection();
        connection.busy_timeout(Duration::ZERO).map_err(StateError::write)?;
        let written = transacted(&mut connection, work);
        // Whatever became of it, the next one waits again.
        connection.busy_timeout(PATIENCE).map_err(StateError::write)?;
        written
    }

    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, rusqlite::Error>,
    ) -> Result<T, StateError> {
        transacted(&mut self.connection(), work)
    }
}

fn transacted<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, rusqlite::Error>,
) -> Result<T, StateError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(StateError::write)?;
    let outcome = work(&transaction).map_err(StateError::write)?;
    transaction.commit().map_err(StateError::write)?;
    Ok(outcome)
}

fn replace(
    transaction: &Transaction<'_>,
    ingest: i64,
    change: &BillChange,
    sums: &[(String, String)],
) -> Result<(), rusqlite::Error> {
    let bill = &change.bill;
    let (period, account) = (&bill.group.billing_period, &bill.group.billing_account);
    remove(transaction, &bill.group)?;
    remove_poorer(transaction, bill)?;
    transaction.execute(
        "INSERT INTO bills (billing_period, billing_account, ingest_id, format, complete, usage_from, usage_until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![period, account, ingest, bill.format, bill.complete, bill.usage_from, bill.usage_until],
    )?;
    for (currency, sum) in sums {
        transaction.execute(
            "INSERT INTO bill_sums (billing_period, billing_account, currency, sum) VALUES (?1, ?2, ?3, ?4)",
            params![period, account, currency, sum],
        )?;
    }
    for file in &change.files {
        transaction.execute(
            "INSERT INTO lake_files (path, billing_period, billing_account, kind) VALUES (?1, ?2, ?3, ?4)",
            params![file.path, period, account, file.kind.as_str()],
        )?;
        transaction.execute("DELETE FROM lake_garbage WHERE path = ?1", [&file.path])?;
    }
    Ok(())
}

/// Removes what Cost Explorer said of a period that an export now has. The two may name
/// the payer differently, and one month is never counted from both.
fn remove_poorer(transaction: &Transaction<'_>, bill: &Bill) -> Result<(), rusqlite::Error> {
    let poorer = BillFormat::CostExplorer.as_str();
    if bill.format == poorer {
        return Ok(());
    }
    let period = &bill.group.billing_period;
    let accounts: Vec<String> = transaction
        .prepare("SELECT billing_account FROM bills WHERE billing_period = ?1 AND format = ?2")?
        .query_map(params![period, poorer], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    accounts.into_iter().try_for_each(|billing_account| {
        remove(transaction, &BillGroup { billing_period: period.clone(), billing_account })
    })
}

fn remove(transaction: &Transaction<'_>, group: &BillGroup) -> Result<(), rusqlite::Error> {
    let of_bill = params![group.billing_period, group.billing_account];
    transaction.execute(
        "INSERT OR IGNORE INTO lake_garbage (path)
         SELECT path FROM lake_files WHERE billing_period = ?1 AND billing_account = ?2",
        of_bill,
    )?;
    for table in ["lake_files", "bill_sums", "bills"] {
        transaction.execute(
            &format!("DELETE FROM {table} WHERE billing_period = ?1 AND billing_account = ?2"),
            of_bill,
        )?;
    }
    Ok(())
}
