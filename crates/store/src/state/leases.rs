//! Who may act: one holder at a time, and a number that tells an old holder from a new one.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

use super::database::{State, StateError};

/// Who wants a lease.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// The person.
    pub name: &'a str,
    /// The machine.
    pub host: &'a str,
    /// What tells this process from every other one; empty where nothing does.
    pub process: &'a str,
}

/// A lease that is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What it is of.
    pub scope: String,
    /// Its fencing number: each holder has a higher one than the one before.
    pub fence: u64,
    /// Until when it holds unless it is renewed.
    pub until: Timestamp,
    /// Who had it before and did not give it back.
    pub from: Option<String>,
}

/// A lease that is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    /// Somebody else has it.
    #[error("{holder} on {host} holds it until {until}")]
    Held {
        /// Who.
        holder: String,
        /// On which machine.
        host: String,
        /// Until when, unless it is renewed.
        until: Timestamp,
    },
    /// It was ours, and somebody else took it.
    #[error("the lease {fence} is not the newest any more: somebody else took over")]
    Lost {
        /// Our fencing number.
        fence: u64,
    },
    /// The state does not answer.
    #[error(transparent)]
    State(#[from] StateError),
}

impl Explain for LeaseError {
    fn text(&self) -> Text {
        match self {
            Self::Held { holder, host, until } => Text::new(
                self.to_string(),
                format!("{host}의 {holder} 님이 {until}까지 점유하고 있습니다"),
            ),
            Self::Lost { fence } => Text::new(
                self.to_string(),
                format!(
                    "점유 번호 {fence}은(는) 더 이상 최신이 아닙니다. 다른 곳에서 이어받았습니다"
                ),
            ),
            Self::State(cause) => cause.text(),
        }
    }
}

struct Found {
    holder: Option<String>,
    host: Option<String>,
    process: Option<String>,
    fence: i64,
    until: Option<Timestamp>,
}

impl State {
    /// Takes a lease that is free or expired, or whose holder `has_ended` says is no more: it
    /// is asked with the machine and the process.
    ///
    /// # Errors
    /// Fails when somebody else holds it.
    pub fn take_lease(
        &self,
        scope: &str,
        holder: Holder<'_>,
        (length, now): (SignedDuration, Timestamp),
        has_ended: impl Fn(&str, &str) -> bool,
    ) -> Result<Lease, LeaseError> {
        let until = now.saturating_add(length).unwrap_or(now);
        let taken = self.write(|transaction| {
            let found = found(transaction, scope)?;
            let (before, fence) = match &found {
                None => (None, 1),
                Some(found) => {
                    let of = |text: &Option<String>| text.clone().unwrap_or_default();
                    let is_over = found.until.is_none_or(|until| until <= now)
                        || has_ended(&of(&found.host), &of(&found.process));
                    if let (Some(holder), Some(until)) = (&found.holder, found.until)
                        && !is_over
                    {
                        let host = found.host.clone().unwrap_or_default();
                        return Ok(Err(LeaseError::Held { holder: holder.clone(), host, until }));
                    }
                    (found.holder.clone(), found.fence + 1)
                }
            };
            transaction.execute(
                "INSERT OR REPLACE INTO leases (scope, holder, host, process, fence, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![scope, holder.name, holder.host, holder.process, fence, until.to_string()],
            )?;
            Ok(Ok((fence, before)))
        })?;
        let (fence, from) = taken?;
        Ok(Lease { scope: scope.to_owned(), fence: u64::try_from(fence).unwrap_or(0), until, from })
    }

    /// Holds a lease longer.
    ///
    /// # Errors
    /// Fails when it is not ours any more.
    pub fn renew_lease(
        &self,
        lease: &mut Lease,
        length: SignedDuration,
        now: Timestamp,
    ) -> Result<(), LeaseError> {
        let until = now.saturating_add(length).unwrap_or(now);
        let renewed = self.write(|transaction| {
            transaction.execute(
                "UPDATE leases SET until = ?3 WHERE scope = ?1 AND fence = ?2 AND holder IS NOT NULL",
                params![lease.scope, fence_of(lease), until.to_string()],
            )
        })?;
        if renewed == 0 {
            return Err(LeaseError::Lost { fence: lease.fence });
        }
        lease.until = until;
        Ok(())
    }

    /// Gives a lease back. One that is not ours any more is left alone.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn release_lease(&self, lease: &Lease) -> Result<(), StateError> {
        self.write(|transaction| {
            transaction.execute(
                "UPDATE leases SET holder = NULL, host = NULL, process = NULL, until = NULL WHERE scope = ?1 AND fence = ?2",
                params![lease.scope, fence_of(lease)],
            )?;
            Ok(())
        })
    }
}

/// Returns whether a fencing number is the newest of its scope.
pub(super) fn is_newest(
    transaction: &Transaction<'_>,
    scope: &str,
    fence: u64,
) -> Result<bool, rusqlite::Error> {
    Ok(found(transaction, scope)?
        .is_some_and(|found| found.holder.is_some() && u64::try_from(found.fence) == Ok(fence)))
}

fn fence_of(lease: &Lease) -> i64 {
    i64::try_from(lease.fence).unwrap_or(i64::MAX)
}

fn found(transaction: &Transaction<'_>, scope: &str) -> Result<Option<Found>, rusqlite::Error> {
    let read = |row: &Row<'_>| {
        let until: Option<String> = row.get(4)?;
        Ok(Found {
            holder: row.get(0)?,
            host: row.get(1)?,
            process: row.get(2)?,
            fence: row.get(3)?,
            until: until.and_then(|until| until.parse().ok()),
        })
    };
    transaction
        .query_row(
            "SELECT holder, host, process, fence, until FROM leases WHERE scope = ?1",
            [scope],
            read,
        )
        .optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: SignedDuration = SignedDuration::from_secs(60);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    const KIM: Holder<'_> = Holder { name: "kim", host: "one", process: "4711" };
    const LEE: Holder<'_> = Holder { name: "lee", host: "two", process: "4712" };

    fn take(state: &State, holder: Holder<'_>, now: Timestamp) -> Result<Lease, LeaseError> {
        state.take_lease("run", holder, (LENGTH, now), |_, _| false)
    }

    fn state() -> (tempfile::TempDir, State) {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        (dir, state)
    }

    #[test]
    fn b01_two_operators_one_wins_and_the_other_is_told_who() {
        let (_dir, state) = state();
        take(&state, KIM, at(0)).unwrap();
        let refused = take(&state, LEE, at(59)).unwrap_err();
        assert_eq!(refused.to_string(), format!("kim on one holds it until {}", at(60)));
    }

    #[test]
    fn b02_an_old_holder_that_wakes_up_is_told_that_it_lost() {
        let (_dir, state) = state();
        let mut old = take(&state, KIM, at(0)).unwrap();
        let new = take(&state, LEE, at(61)).unwrap();
        assert_eq!((new.fence, new.from.as_deref()), (2, Some("kim")));
        assert!(matches!(
            state.renew_lease(&mut old, LENGTH, at(62)),
            Err(LeaseError::Lost { fence: 1 })
        ));
        state.release_lease(&old).unwrap();
        assert!(matches!(take(&state, KIM, at(63)), Err(LeaseError::Held { .. })));
    }

    #[test]
    fn a_lease_that_was_given_back_is_free_and_keeps_counting() {
        let (_dir, state) = state();
        let first = take(&state, KIM, at(0)).unwrap();
        state.release_lease(&first).unwrap();
        let second = take(&state, LEE, at(1)).unwrap();
        assert_eq!((second.fence, second.from), (2, None));
    }

    #[test]
    fn a17_a_holder_is_followed_at_once_only_if_its_process_is_no_more() {
        let (_dir, state) = state();
        take(&state, KIM, at(0)).unwrap();
        let after = |ended: &str| {
            state.take_lease("run", LEE, (LENGTH, at(1)), |host, process| {
                (host, process) == ("one", ended)
            })
        };
        assert!(matches!(after("4713"), Err(LeaseError::Held { .. })));
        let followed = after("4711").unwrap();
        assert_eq!((followed.fence, followed.from.as_deref()), (2, Some("kim")));
    }

    #[test]
    fn b04_a_lock_that_cannot_be_reached_is_neither_free_nor_lost() {
        let (_dir, state) = state();
        let mut lease = take(&state, KIM, at(0)).unwrap();
        state.connection().execute_batch("ALTER TABLE leases RENAME TO away").unwrap();
        assert!(matches!(take(&state, LEE, at(600)), Err(LeaseError::State(_))));
        let renewed = state.renew_lease(&mut lease, LENGTH, at(30));
        assert!(matches!(renewed, Err(LeaseError::State(_))), "{renewed:?}");
        state.connection().execute_batch("ALTER TABLE away RENAME TO leases").unwrap();
        state.renew_lease(&mut lease, LENGTH, at(31)).unwrap();
    }
}
