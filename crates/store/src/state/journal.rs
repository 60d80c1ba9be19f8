//! The journals of runs: appended to, chained by hashes, never altered.

use rusqlite::params;

use jiff::Timestamp;
use trimtab_model::explain::Explain;
use trimtab_model::id::{ChangeId, RunId};
use trimtab_model::journal::{Entry, Event, Journal};
use trimtab_model::resource::ResourceRef;
use trimtab_model::text::{StaticText, Text};

use super::database::{State, StateError};
use super::leases::{self, Lease};
use super::runs::{self, RunRecord};
use crate::digest;

const ENTRY: StaticText = StaticText { en: "journal entry", ko: "기록 항목을" };

/// A journal that must not be acted upon.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// An entry is not the one that was written, or one is missing.
    #[error("the journal of {run} is damaged at entry {number}: nothing is done by it")]
    Broken {
        /// The run.
        run: RunId,
        /// The first entry that does not fit.
        number: u64,
    },
    /// An entry is of a form that this program does not know.
    #[error("entry {number} of the journal of {run} was written by a newer trimtab")]
    Newer {
        /// The run.
        run: RunId,
        /// The entry.
        number: u64,
        /// Why.
        #[source]
        cause: serde_json::Error,
    },
    /// Somebody else holds the lease.
    #[error("the lease {fence} is not the newest any more: nothing was written")]
    Fenced {
        /// Our fencing number.
        fence: u64,
    },
    /// The state does not answer.
    #[error(transparent)]
    State(#[from] StateError),
}

impl JournalError {
    /// Returns whether the disk is full, so that room would help.
    pub fn wants_room(&self) -> bool {
        matches!(self, Self::State(cause) if cause.wants_room())
    }
}

impl Explain for JournalError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::Broken { run, number } => {
                format!(
                    "{run} 기록이 {number}번 항목에서 손상되었습니다. 이 기록으로는 아무것도 하지 않습니다"
                )
            }
            Self::Newer { run, number, .. } => {
                format!("{run} 기록의 {number}번 항목을 더 새로운 trimtab이 썼습니다")
            }
            Self::Fenced { fence } => {
                format!("점유 번호 {fence}은(는) 더 이상 최신이 아니어서 기록하지 않았습니다")
            }
            Self::State(cause) => return cause.text(),
        };
        Text::new(self.to_string(), korean)
    }
}

impl State {
    /// Adds an event to the journal of a run, on the disk before this returns.
    ///
    /// # Errors
    /// Fails, and writes nothing, when the lease is not the newest of its scope, another run has one
    /// of the resources, or the disk refuses.
    pub fn append(
        &self,
        run: &RunId,
        lease: &Lease,
        at: Timestamp,
        event: Event,
    ) -> Result<Entry, JournalError> {
        let entry = |number| Entry { number, at, fence: lease.fence, event };
        // The body cannot be made inside of the transaction, whose errors are SQLite's.
        let (count, last) = self.tail(run)?;
        let entry = entry(count);
        let body = serde_json::to_string(&entry)
            .map_err(|cause| StateError::Body { what: ENTRY, cause })?;
        let hash = chained(&last, &body);
        let number = i64::try_from(count).unwrap_or(i64::MAX);
        let written = self.write(|transaction| {
            if !leases::is_newest(transaction, &lease.scope, lease.fence)? {
                return Ok(false);
            }
            transaction.execute(
                "INSERT INTO journal (run, number, body, hash) VALUES (?1, ?2, ?3, ?4)",
                params![run.as_str(), number, body, hash],
            )?;
            Ok(true)
        })?;
        if written { Ok(entry) } else { Err(JournalError::Fenced { fence: lease.fence }) }
    }

    /// Stores a run together with the first events of its journal and the resources that it takes:
    /// all of it, or nothing.
    ///
    /// # Errors
    /// Fails, and writes nothing, when the lease is not the newest of its scope or the disk
    /// refuses.
    pub fn begin(
        &self,
        run: &RunRecord,
        lease: &Lease,
        events: Vec<Event>,
        taken: &[(&ResourceRef, &ChangeId)],
    ) -> Result<(), JournalError> {
        let mut last = seed(&run.id);
        let mut rows = Vec::new();
        for (number, event) in (0_u64..).zip(events) {
            let entry = Entry { number, at: run.started_at, fence: lease.fence, event };
            let body = serde_json::to_string(&entry)
                .map_err(|cause| StateError::Body { what: ENTRY, cause })?;
            last = chained(&last, &body);
            rows.push((i64::try_from(number).unwrap_or(i64::MAX), body, last.clone()));
        }
        let written = self.write(|transaction| {
            if !leases::is_newest(transaction, &lease.scope, lease.fence)? {
                return Ok(false);
            }
            runs::insert(transaction, run)?;
            for (number, body, hash) in &rows {
                transaction.execute(
                    "INSERT INTO journal (run, number, body, hash) VALUES (?1, ?2, ?3, ?4)",
                    params![run.id.as_str(), number, body, hash],
                )?;
            }
            for (resource, change) in taken {
                runs::take(transaction, resource, &run.id, change, run.started_at)?;
            }
            Ok(true)
        })?;
        if written { Ok(()) } else { Err(JournalError::Fenced { fence: lease.fence }) }
    }

    /// Returns the journal of a run, every link of its chain verified.
    ///
    /// # Errors
    /// Fails at the first entry that is not as it was written.
    pub fn journal(&self, run: &RunId) -> Result<Journal, JournalError> {
        let mut entries = Vec::new();
        let mut last = seed(run);
        for (index, (number, body, hash)) in self.links(run)?.into_iter().enumerate() {
            let expected = index as u64;
            let broken = || JournalError::Broken { run: run.clone(), number: expected };
            if u64::try_from(number) != Ok(expected) || chained(&last, &body) != hash {
                return Err(broken());
            }
            let entry: Entry = serde_json::from_str(&body).map_err(|cause| {
                JournalError::Newer { run: run.clone(), number: expected, cause }
            })?;
            if entry.number != expected {
                return Err(broken());
            }
            entries.push(entry);
            last = hash;
        }
        Ok(Journal::new(entries))
    }

    fn links(&self, run: &RunId) -> Result<Vec<(i64, String, String)>, StateError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare("SELECT number, body, hash FROM journal WHERE run = ?1 ORDER BY number")
            .map_err(StateError::read)?;
        let rows = statement
            .query_map([run.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .map_err(StateError::read)?;
        rows.collect::<Result<_, _>>().map_err(StateError::read)
    }

    /// Returns how many entries there are, and the hash of the last.
    fn tail(&self, run: &RunId) -> Result<(u64, String), StateError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare("SELECT number, hash FROM journal WHERE run = ?1 ORDER BY number DESC LIMIT 1")
            .map_err(StateError::read)?;
        let mut rows = statement.query([run.as_str()]).map_err(StateError::read)?;
        match rows.next().map_err(StateError::read)? {
            None => Ok((0, seed(run))),
            Some(row) => {
                let number: i64 = row.get(0).map_err(StateError::read)?;
                let hash = row.get(1).map_err(StateError::read)?;
                Ok((u64::try_from(number).unwrap_or_default() + 1, hash))
            }
        }
    }
}

fn seed(run: &RunId) -> String {
    digest::of_text(run.as_str())
}

fn chained(last: &str, body: &str) -> String {
    digest::of_text(&format!("{last}\n{body}"))
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use trimtab_model::id::PlanId;
    use trimtab_model::journal::{RunOutcome, Wish};

    use super::*;
    use crate::state::Holder;

    const KIM: Holder<'_> = Holder { name: "kim", host: "one", process: "4711" };
    const LEE: Holder<'_> = Holder { name: "lee", host: "two", process: "4712" };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn wished() -> Event {
        Event::Wished { wish: Wish::Pause, by: "kim".to_owned() }
    }

    fn written() -> (tempfile::TempDir, State, RunId, Lease) {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let insert = "INSERT INTO plans (id, hash, created_at, body) VALUES ('P-1', 'h', '', '{}')";
        state.connection().execute(insert, []).unwrap();
        let run = RunId::new("run-1");
        let record = RunRecord {
            id: run.clone(),
            plan: PlanId::new("P-1"),
            started_at: at(0),
            is_simulated: true,
        };
        state.save_run(&record).unwrap();
        let length = SignedDuration::from_secs(60);
        let lease = state.take_lease("run", KIM, (length, at(0)), |_, _| false).unwrap();
        for second in 0..3 {
            state.append(&run, &lease, at(second), wished()).unwrap();
        }
        (dir, state, run, lease)
    }

    #[test]
    fn what_is_appended_is_read_back_in_order() {
        let (dir, state, run, lease) = written();
        let ended = Event::RunClosed { outcome: RunOutcome::Cancelled };
        state.append(&run, &lease, at(9), ended.clone()).unwrap();
        drop(state);
        let journal = State::open(dir.path()).unwrap().journal(&run).unwrap();
        assert_eq!(journal.len(), 4);
        assert_eq!(journal.entries()[3].event, ended);
        assert_eq!(journal.entries()[3].number, 3);
    }

    #[test]
    fn a07_an_entry_that_was_altered_is_named() {
        for (change, number) in [
            ("UPDATE journal SET body = replace(body, 'kim', 'lee') WHERE number = 1", 1),
            ("DELETE FROM journal WHERE number = 0", 0),
            ("DELETE FROM journal WHERE number = 1", 1),
            ("UPDATE journal SET hash = 'x' WHERE number = 2", 2),
        ] {
            let (_dir, state, run, _lease) = written();
            state.connection().execute(change, []).unwrap();
            let broken = state.journal(&run).unwrap_err();
            assert!(
                matches!(broken, JournalError::Broken { number: found, .. } if found == number),
                "{change}: {broken}"
            );
        }
    }

    /// Adds an entry as it is, as a program of another version would have.
    fn inserted(state: &State, run: &RunId, body: &str) {
        let (count, last) = state.tail(run).unwrap();
        let hash = chained(&last, body);
        let insert = "INSERT INTO journal (run, number, body, hash) VALUES (?1, ?2, ?3, ?4)";
        let values = params![run.as_str(), i64::try_from(count).unwrap(), body, hash];
        state.connection().execute(insert, values).unwrap();
    }

    #[test]
    fn a12_an_event_of_a_newer_program_is_refused() {
        let (_dir, state, run, _lease) = written();
        let body =
            r#"{"number":3,"at":"2027-01-15T08:00:00Z","fence":1,"event":{"Teleported":{}}}"#;
        inserted(&state, &run, body);
        assert!(matches!(state.journal(&run), Err(JournalError::Newer { number: 3, .. })));
    }

    #[test]
    fn a12_an_entry_of_an_older_program_is_understood() {
        let (_dir, state, run, _lease) = written();
        // Before there was a restore drill, nobody looked for one, nor for the encryption.
        let body = r#"{"number":3,"at":"2027-01-15T08:00:00Z","fence":1,"event":{"ChangeStarted":{"change":"C-1","before":{"Volume":{"fingerprint":{},"obstacles":[],"state":"available","settings":{"volume_type":"gp3","iops":null,"throughput_mib_s":null},"size_gib":8,"is_attached":false,"is_opted_in":true,"modification":null,"quarantine_until":null,"is_recycled":null,"snapshots":[]}}}}}"#;
        inserted(&state, &run, body);
        let journal = state.journal(&run).unwrap();
        assert!(matches!(journal.entries()[3].event, Event::ChangeStarted { .. }));
    }

    #[test]
    fn a06_a_last_entry_that_is_torn_is_cut_off_and_those_before_it_stand() {
        let (dir, state, run, _lease) = written();
        // As after a loss of power: the files as they are, the last commit cut in the middle.
        let torn = tempfile::tempdir().unwrap();
        for file in ["state.sqlite", "state.sqlite-wal"] {
            std::fs::copy(dir.path().join(file), torn.path().join(file)).unwrap();
        }
        let log = torn.path().join("state.sqlite-wal");
        let file = std::fs::OpenOptions::new().write(true).open(&log).unwrap();
        file.set_len(file.metadata().unwrap().len() - 100).unwrap();
        let found = State::open(torn.path()).unwrap().journal(&run).unwrap();
        let whole = state.journal(&run).unwrap();
        assert_eq!(found.entries(), &whole.entries()[..2]);
    }

    #[test]
    fn a_run_that_is_begun_with_a_journal_goes_on_behind_it() {
        let (_dir, state, _, lease) = written();
        let run = RunRecord {
            id: RunId::new("run-2"),
            plan: PlanId::new("P-1"),
            started_at: at(5),
            is_simulated: false,
        };
        state.begin(&run, &lease, vec![wished(), wished()], &[]).unwrap();
        assert_eq!(state.append(&run.id, &lease, at(6), wished()).unwrap().number, 2);
        assert_eq!(state.journal(&run.id).unwrap().len(), 3);
        // The same run is not begun twice.
        assert!(state.begin(&run, &lease, vec![wished()], &[]).is_err());
    }

    #[test]
    fn b02_nothing_is_written_under_a_lease_that_was_lost() {
        let (_dir, state, run, old) = written();
        let length = SignedDuration::from_secs(60);
        state.take_lease("run", LEE, (length, at(100)), |_, _| false).unwrap();
        let refused = state.append(&run, &old, at(101), wished()).unwrap_err();
        assert!(matches!(refused, JournalError::Fenced { fence: 1 }));
        assert_eq!(state.journal(&run).unwrap().len(), 3);
    }
}
