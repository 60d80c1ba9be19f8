//! What was sent to whom: written before it is sent, and again when it is known what came of it.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use trimtab_model::document::Days;
use trimtab_model::text::{StaticText, Text};

use super::database::{State, StateError};
use super::moment;

const NOTE: StaticText = StaticText { en: "note of a delivery", ko: "전송 기록의 메모를" };

/// What is sent to whom: there is one record of it, however often it is tried.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeliveryKey {
    /// The report, such as `weekly`.
    pub report: String,
    /// The days that it is about.
    pub period: Days,
    /// The channel.
    pub channel: String,
    /// The receiver, where the channel has several; else empty.
    pub receiver: String,
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeliveryOutcome {
    /// It is being sent, or whoever sent it died over it.
    Sending,
    /// It was taken.
    Sent,
    /// It was not taken, and may be the next time.
    Failed,
    /// It was refused for good.
    Refused,
    /// It may have been taken or not: nobody said.
    Uncertain,
}

impl DeliveryOutcome {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Uncertain => "uncertain",
        }
    }

    /// Returns whether somebody did not get what they should have, or nobody knows.
    pub fn is_failure(self) -> bool {
        match self {
            Self::Failed | Self::Refused | Self::Uncertain => true,
            Self::Sending | Self::Sent => false,
        }
    }

    fn read(word: &str) -> Self {
        match word {
            "sending" => Self::Sending,
            "sent" => Self::Sent,
            "failed" => Self::Failed,
            "refused" => Self::Refused,
            // A word of another version says nothing: nothing is sent twice for it.
            _ => Self::Uncertain,
        }
    }
}

/// Who sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The machine.
    pub host: String,
    /// What tells this process from every other one; empty where nothing does.
    pub process: String,
}

/// One delivery, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// What to whom.
    pub key: DeliveryKey,
    /// How often it was begun.
    pub attempt: u64,
    /// How it stands.
    pub outcome: DeliveryOutcome,
    /// Who began it last.
    pub sender: Sender,
    /// When.
    pub began_at: Timestamp,
    /// Until when whoever began it can be at it.
    pub until: Timestamp,
    /// When it was known what came of it.
    pub ended_at: Option<Timestamp>,
    /// When it is tried again.
    pub again_at: Option<Timestamp>,
    /// What the other side said, or why it did not work.
    pub note: Text,
}

/// What to do about a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Send it.
    Send,
    /// Somebody is at it, or it is not time yet.
    Wait,
    /// Nothing: it was sent, or it is not sent by itself any more.
    Leave,
    /// Write down that nobody knows what became of it.
    Doubt,
}

/// What came of wanting to send something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It is ours to send; the number tells this attempt from others.
    Ours {
        /// The number of the attempt.
        attempt: u64,
    },
    /// It is not.
    Not {
        /// What to do instead.
        step: Step,
        /// How it stands.
        found: Box<DeliveryRecord>,
    },
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryResult {
    /// How it stands now.
    pub outcome: DeliveryOutcome,
    /// When that was known.
    pub at: Timestamp,
    /// When it is tried again, if it is.
    pub again_at: Option<Timestamp>,
    /// What the other side said, or why it did not work.
    pub note: Text,
}

impl State {
    /// Returns what tells this data directory from every other one.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn installation(&self) -> Result<String, StateError> {
        self.connection()
            .query_row("SELECT id FROM installation", [], |row| row.get(0))
            .map_err(StateError::read)
    }

    /// Takes a delivery for `sender` if `step` says that it is to be sent, and writes that down
    /// before anything leaves. Of several processes that want the same one gets it.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn claim_delivery(
        &self,
        key: &DeliveryKey,
        sender: &Sender,
        (length, now): (SignedDuration, Timestamp),
        step: impl Fn(Option<&DeliveryRecord>) -> Step,
    ) -> Result<Claim, StateError> {
        self.write(|transaction| {
            let found = found(transaction, key)?;
            let step = step(found.as_ref());
            match (step, found) {
                (Step::Send, found) => {
                    let attempt = found.map_or(1, |found| found.attempt.saturating_add(1));
                    let until = now.saturating_add(length).unwrap_or(now);
                    begin(transaction, key, sender, attempt, (now, until))?;
                    Ok(Claim::Ours { attempt })
                }
                (Step::Doubt, Some(mut found)) => {
                    transaction.execute(
                        "UPDATE deliveries SET outcome = 'uncertain', ended_at = ?5 WHERE report = ?1 AND first = ?2 AND channel = ?3 AND receiver = ?4",
                        params![key.report, key.period.first.to_string(), key.channel, key.receiver, now.to_string()],
                    )?;
                    found.outcome = DeliveryOutcome::Uncertain;
                    Ok(Claim::Not { step, found: Box::new(found) })
                }
                (Step::Wait | Step::Leave, Some(found)) => {
                    Ok(Claim::Not { step, found: Box::new(found) })
                }
                (Step::Wait | Step::Leave | Step::Doubt, None) => {
                    Err(rusqlite::Error::QueryReturnedNoRows)
                }
            }
        })
    }

    /// Writes down what came of an attempt, unless a later one was begun meanwhile. Returns
    /// whether it counted.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn settle_delivery(
        &self,
        key: &DeliveryKey,
        attempt: u64,
        result: &DeliveryResult,
    ) -> Result<bool, StateError> {
        let note = serde_json::to_string(&result.note)
            .map_err(|cause| StateError::Body { what: NOTE, cause })?;
        let changed = self.write(|transaction| {
            transaction.execute(
                "UPDATE deliveries SET outcome = ?6, ended_at = ?7, again_at = ?8, note = ?9
                 WHERE report = ?1 AND first = ?2 AND channel = ?3 AND receiver = ?4 AND attempt = ?5",
                params![
                    key.report,
                    key.period.first.to_string(),
                    key.channel,
                    key.receiver,
                    i64::try_from(attempt).unwrap_or(i64::MAX),
                    result.outcome.as_str(),
                    result.at.to_string(),
                    result.again_at.map(|at| at.to_string()),
                    note,
                ],
            )
        })?;
        Ok(changed > 0)
    }

    /// Returns a delivery, if it was ever begun.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn delivery(&self, key: &DeliveryKey) -> Result<Option<DeliveryRecord>, StateError> {
        let connection = self.connection();
        one(&connection, key).map_err(StateError::read)
    }

    /// Returns the latest delivery of every report to every receiver.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn latest_deliveries(&self) -> Result<Vec<DeliveryRecord>, StateError> {
        let connection = self.connection();
        let latest = format!(
            "SELECT {COLUMNS} FROM deliveries AS one WHERE first = (
                SELECT max(first) FROM deliveries WHERE report = one.report AND channel = one.channel AND receiver = one.receiver
             ) ORDER BY report, channel, receiver"
        );
        all(&connection, &latest)
    }

    /// Returns every delivery: of each report of each period to each receiver how it stands, the
    /// newest period first.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn deliveries(&self) -> Result<Vec<DeliveryRecord>, StateError> {
        let newest = format!(
            "SELECT {COLUMNS} FROM deliveries ORDER BY first DESC, report, channel, receiver"
        );
        all(&self.connection(), &newest)
    }
}

const COLUMNS: &str = "report, first, last, channel, receiver, attempt, outcome, holder_host, holder_process, began_at, until, ended_at, again_at, note";

fn all(connection: &rusqlite::Connection, query: &str) -> Result<Vec<DeliveryRecord>, StateError> {
    let mut statement = connection.prepare(query).map_err(StateError::read)?;
    let rows = statement.query_map([], record).map_err(StateError::read)?;
    rows.collect::<Result<_, _>>().map_err(StateError::read)
}

fn begin(
    transaction: &Transaction<'_>,
    key: &DeliveryKey,
    sender: &Sender,
    attempt: u64,
    (now, until): (Timestamp, Timestamp),
) -> Result<(), rusqlite::Error> {
    transaction.execute(
        "INSERT OR REPLACE INTO deliveries (report, first, last, channel, receiver, attempt, outcome, holder_host, holder_process, began_at, until, note)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'sending', ?7, ?8, ?9, ?10, '')",
        params![
            key.report,
            key.period.first.to_string(),
            key.period.last.to_string(),
            key.channel,
            key.receiver,
            i64::try_from(attempt).unwrap_or(i64::MAX),
            sender.host,
            sender.process,
            now.to_string(),
            until.to_string(),
        ],
    )?;
    Ok(())
}

fn found(
    transaction: &Transaction<'_>,
    key: &DeliveryKey,
) -> Result<Option<DeliveryRecord>, rusqlite::Error> {
    one(transaction, key)
}

fn one(
    connection: &rusqlite::Connection,
    key: &DeliveryKey,
) -> Result<Option<DeliveryRecord>, rusqlite::Error> {
    let query = format!(
        "SELECT {COLUMNS} FROM deliveries WHERE report = ?1 AND first = ?2 AND channel = ?3 AND receiver = ?4"
    );
    let names = params![key.report, key.period.first.to_string(), key.channel, key.receiver];
    connection.query_row(&query, names, record).optional()
}

fn record(row: &Row<'_>) -> Result<DeliveryRecord, rusqlite::Error> {
    let later = |column: usize| -> Result<Option<Timestamp>, rusqlite::Error> {
        let text: Option<String> = row.get(column)?;
        text.map(|_| moment(row, column)).transpose()
    };
    let note: String = row.get(13)?;
    let attempt: i64 = row.get(5)?;
    Ok(DeliveryRecord {
        key: DeliveryKey {
            report: row.get(0)?,
            period: Days { first: day(row, 1)?, last: day(row, 2)? },
            channel: row.get(3)?,
            receiver: row.get(4)?,
        },
        attempt: u64::try_from(attempt).unwrap_or_default(),
        outcome: DeliveryOutcome::read(&row.get::<_, String>(6)?),
        sender: Sender { host: row.get(7)?, process: row.get(8)? },
        began_at: moment(row, 9)?,
        until: moment(row, 10)?,
        ended_at: later(11)?,
        again_at: later(12)?,
        note: serde_json::from_str(&note).unwrap_or_else(|_| Text::verbatim(note)),
    })
}

fn day(row: &Row<'_>, column: usize) -> Result<Date, rusqlite::Error> {
    row.get::<_, String>(column)?.parse().map_err(|cause: jiff::Error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            Box::new(cause),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: SignedDuration = SignedDuration::from_secs(60);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn key() -> DeliveryKey {
        DeliveryKey {
            report: "weekly".to_owned(),
            period: Days {
                first: "2026-11-16".parse().unwrap(),
                last: "2026-11-22".parse().unwrap(),
            },
            channel: "finops".to_owned(),
            receiver: "lead@example.com".to_owned(),
        }
    }

    fn sender(process: &str) -> Sender {
        Sender { host: "one".to_owned(), process: process.to_owned() }
    }

    fn once(found: Option<&DeliveryRecord>) -> Step {
        if found.is_none() { Step::Send } else { Step::Wait }
    }

    fn sent(second: i64) -> DeliveryResult {
        DeliveryResult {
            outcome: DeliveryOutcome::Sent,
            at: at(second),
            again_at: None,
            note: Text::new("250 ok", "250 ok"),
        }
    }

    #[test]
    fn of_two_that_want_the_same_one_gets_it() {
        let dir = tempfile::tempdir().unwrap();
        // Two connections, as two processes have.
        let (one, two) = (State::open(dir.path()).unwrap(), State::open(dir.path()).unwrap());
        let claim = |state: &State, process: &str| {
            state.claim_delivery(&key(), &sender(process), (LENGTH, at(0)), once).unwrap()
        };
        let claims: [Claim; 2] = std::thread::scope(|scope| {
            let (first, second) =
                (scope.spawn(|| claim(&one, "1")), scope.spawn(|| claim(&two, "2")));
            [first.join().unwrap(), second.join().unwrap()]
        });
        let ours = claims.iter().filter(|claim| matches!(claim, Claim::Ours { attempt: 1 }));
        assert_eq!(ours.count(), 1, "{claims:?}");
    }

    #[test]
    fn the_intent_is_there_before_the_result_and_an_old_result_counts_no_more() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        state.claim_delivery(&key(), &sender("1"), (LENGTH, at(0)), once).unwrap();
        let intent = state.delivery(&key()).unwrap().unwrap();
        assert_eq!((intent.outcome, intent.until), (DeliveryOutcome::Sending, at(60)));
        state.claim_delivery(&key(), &sender("2"), (LENGTH, at(61)), |_| Step::Send).unwrap();
        assert!(!state.settle_delivery(&key(), 1, &sent(62)).unwrap());
        assert!(state.settle_delivery(&key(), 2, &sent(63)).unwrap());
        let record = state.latest_deliveries().unwrap().pop().unwrap();
        assert_eq!((record.outcome, record.attempt), (DeliveryOutcome::Sent, 2));
        assert_eq!((record.ended_at, record.note.en.as_str()), (Some(at(63)), "250 ok"));
    }

    #[test]
    fn a_doubt_is_kept_and_the_one_who_sent_it_may_still_settle_it() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        state.claim_delivery(&key(), &sender("1"), (LENGTH, at(0)), once).unwrap();
        let claim = state.claim_delivery(&key(), &sender("2"), (LENGTH, at(61)), |_| Step::Doubt);
        assert!(matches!(claim.unwrap(), Claim::Not { step: Step::Doubt, .. }));
        let found = state.delivery(&key()).unwrap().unwrap();
        assert_eq!(found.outcome, DeliveryOutcome::Uncertain);
        assert!(state.settle_delivery(&key(), 1, &sent(62)).unwrap());
        assert_eq!(state.delivery(&key()).unwrap().unwrap().outcome, DeliveryOutcome::Sent);
    }

    #[test]
    fn an_installation_keeps_its_name_and_no_two_have_the_same() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let name =
            |dir: &tempfile::TempDir| State::open(dir.path()).unwrap().installation().unwrap();
        assert_eq!(name(&one), name(&one));
        assert_ne!(name(&one), name(&two));
    }
}
