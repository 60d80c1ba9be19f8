//! Who may act: one holder at a time, and a number that tells an old holder from a new one.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

use super::database::{State, StateError};

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
    fence: i64,
    until: Option<Timestamp>,
}

impl State {
    /// Takes a lease that is free, expired, or was the same holder's on the same machine.
    ///
    /// # Errors
    /// Fails when somebody else holds it.
    pub fn take_lease(
        &self,
        scope: &str,
        (holder, host): (&str, &str),
        length: SignedDuration,
        now: Timestamp,
    ) -> Result<Lease, LeaseError> {
        let until = now.saturating_add(length).unwrap_or(now);
        let taken = self.write(|transaction| {
            let found = found(transaction, scope)?;
            let (before, fence) = match &found {
                None => (None, 1),
                Some(found) => {
                    let is_over = found.until.is_none_or(|until| until <= now);
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
                "INSERT OR REPLACE INTO leases (scope, holder, host, fence, until) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![scope, holder, host, fence, until.to_string()],
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
                "UPDATE leases SET holder = NULL, host = NULL, until = NULL WHERE scope = ?1 AND fence = ?2",
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
        let until: Option<String> = row.get(3)?;
        Ok(Found {
            holder: row.get(0)?,
            host: row.get(1)?,
            fence: row.get(2)?,
            until: until.and_then(|until| until.parse().ok()),
        })
    };
    transaction
        .query_row("SELECT holder, host, fence, until FROM leases WHERE scope = ?1", [scope], read)
        .optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: SignedDuration = SignedDuration::from_secs(60);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn state() -> (tempfile::TempDir, State) {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        (dir, state)
    }

    #[test]
    fn b01_two_operators_one_wins_and_the_other_is_told_who() {
        let (_dir, state) = state();
        state.take_lease("run", ("kim", "one"), LENGTH, at(0)).unwrap();
        let refused = state.take_lease("run", ("lee", "two"), LENGTH, at(59)).unwrap_err();
        assert_eq!(refused.to_string(), format!("kim on one holds it until {}", at(60)));
    }

    #[test]
    fn b02_an_old_holder_that_wakes_up_is_told_that_it_lost() {
        let (_dir, state) = state();
        let mut old = state.take_lease("run", ("kim", "one"), LENGTH, at(0)).unwrap();
        let new = state.take_lease("run", ("lee", "two"), LENGTH, at(61)).unwrap();
        assert_eq!((new.fence, new.from.as_deref()), (2, Some("kim")));
        assert!(matches!(
            state.renew_lease(&mut old, LENGTH, at(62)),
            Err(LeaseError::Lost { fence: 1 })
        ));
        state.release_lease(&old).unwrap();
        assert!(matches!(
            state.take_lease("run", ("kim", "one"), LENGTH, at(63)),
            Err(LeaseError::Held { .. })
        ));
    }

    #[test]
    fn a_lease_that_was_given_back_is_free_and_keeps_counting() {
        let (_dir, state) = state();
        let first = state.take_lease("run", ("kim", "one"), LENGTH, at(0)).unwrap();
        state.release_lease(&first).unwrap();
        let second = state.take_lease("run", ("lee", "two"), LENGTH, at(1)).unwrap();
        assert_eq!((second.fence, second.from), (2, None));
    }
}
