//! One change of one file, written in one transaction together with the messages that it calls for.

use jiff::Timestamp;
use sqlx::{Connection, MySqlConnection, Row};
use thiserror::Error;

use crate::channel::Channel;
use crate::connection;
use crate::event::{Change, ChangeKind};
use crate::key;
use crate::moment;
use crate::notice::Notice;
use crate::problem::Problem;
use crate::sequencer::{Sequencer, SequencerError};

/// Is what a change comes to.
#[derive(Debug)]
pub enum Content {
    /// The file holds these notices, and no others.
    Notices(Vec<Notice>),
    /// The file cannot be used.
    Refused(Vec<Problem>),
    /// The file is no more.
    Deleted,
}

/// Says what was done with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It was written.
    Written,
    /// It, or a later one, had been written before.
    Known,
}

/// Says why a change was not written. The event has to be given again.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database failed.
    #[error("could not write the change of {object_key}")]
    Write {
        /// The file.
        object_key: String,
        /// Why.
        #[source]
        cause: sqlx::Error,
    },
    /// A row has what this program does not write.
    #[error("could not understand the row of {object_key}")]
    Row {
        /// The file.
        object_key: String,
        /// Why.
        #[source]
        cause: SequencerError,
    },
    /// The problems of a file cannot be written down.
    #[error("could not write down what is wrong with {object_key}")]
    Problems {
        /// The file.
        object_key: String,
        /// Why.
        #[source]
        cause: serde_json::Error,
    },
}

/// How far the changes of a file have been followed.
struct Standing {
    applied: Sequencer,
    refused: Sequencer,
}

/// How often a transaction is tried that others are in the way of.
const ATTEMPTS: u32 = 4;

/// Writes a change, unless it or a later one was written before.
///
/// # Errors
///
/// When the database fails; nothing is written then.
pub async fn write(
    connection: &mut MySqlConnection,
    change: &Change,
    content: &Content,
    now: Timestamp,
) -> Result<Applied, StoreError> {
    for _ in 1..ATTEMPTS {
        match transaction(connection, change, content, now).await {
            Err(StoreError::Write { cause, .. }) if connection::is_contention(&cause) => {}
            other => return other,
        }
    }
    transaction(connection, change, content, now).await
}

async fn transaction(
    connection: &mut MySqlConnection,
    change: &Change,
    content: &Content,
    now: Timestamp,
) -> Result<Applied, StoreError> {
    let failed = |cause| StoreError::Write { object_key: change.object_key.clone(), cause };
    let file_id = key::file_id(&change.bucket, &change.object_key);
    let mut transaction = connection.begin().await.map_err(failed)?;
    let standing = lock_file(&mut transaction, &file_id, change, now).await?;
    if !is_news(&standing, &change.sequencer, content) {
        transaction.rollback().await.map_err(failed)?;
        return Ok(Applied::Known);
    }
    let writer =
        Writer { connection: &mut transaction, file_id: &file_id, now: moment::to_sql(now) };
    match content {
        Content::Notices(notices) => writer.publish(change, notices).await.map_err(failed)?,
        Content::Deleted => writer.withdraw(change).await.map_err(failed)?,
        Content::Refused(problems) => {
            let text = serde_json::to_string(problems).map_err(|cause| StoreError::Problems {
                object_key: change.object_key.clone(),
                cause,
            })?;
            writer.refuse(change, problems, &text).await.map_err(failed)?;
        }
    }
    transaction.commit().await.map_err(failed)?;
    Ok(Applied::Written)
}

/// Returns whether a change is later than what has been written.
///
/// A refused file does not stand in the way of an earlier good one that arrives later: whatever the order of the
/// events, the newest good content is shown.
fn is_news(standing: &Standing, sequencer: &Sequencer, content: &Content) -> bool {
    match content {
        Content::Notices(_) | Content::Deleted => *sequencer > standing.applied,
        Content::Refused(_) => *sequencer > standing.applied && *sequencer > standing.refused,
    }
}

/// Makes sure that the file has a row, locks it, and reads how far it is.
async fn lock_file(
    connection: &mut MySqlConnection,
    file_id: &str,
    change: &Change,
    now: Timestamp,
) -> Result<Standing, StoreError> {
    let failed = |cause| StoreError::Write { object_key: change.object_key.clone(), cause };
    let strange = |cause| StoreError::Row { object_key: change.object_key.clone(), cause };
    sqlx::query(
        "INSERT INTO files (file_id, bucket, object_key, state, applied_sequencer, refused_sequencer, changed_at) \
         VALUES (?, ?, ?, 'new', '', '', ?) ON DUPLICATE KEY UPDATE file_id = file_id",
    )
    .bind(file_id)
    .bind(&change.bucket)
    .bind(&change.object_key)
    .bind(moment::to_sql(now))
    .execute(&mut *connection)
    .await
    .map_err(failed)?;
    let row = sqlx::query(
        "SELECT applied_sequencer, refused_sequencer FROM files WHERE file_id = ? FOR UPDATE",
    )
    .bind(file_id)
    .fetch_one(connection)
    .await
    .map_err(failed)?;
    let applied: String = row.try_get(0).map_err(failed)?;
    let refused: String = row.try_get(1).map_err(failed)?;
    Ok(Standing {
        applied: Sequencer::parse(&applied).map_err(strange)?,
        refused: Sequencer::parse(&refused).map_err(strange)?,
    })
}

/// Writes within a transaction.
struct Writer<'a> {
    connection: &'a mut MySqlConnection,
    file_id: &'a str,
    now: String,
}

impl Writer<'_> {
    async fn publish(mut self, change: &Change, notices: &[Notice]) -> Result<(), sqlx::Error> {
        self.withdraw_notices().await?;
        for notice in notices {
            let notice_key = key::notice_key(self.file_id, &notice.id);
            self.write_notice(&notice_key, notice).await?;
            for channel in &notice.channels {
                self.announce(&notice_key, *channel, notice.schedule.from).await?;
            }
        }
        self.cancel_messages().await?;
        self.mark_applied(change, "published").await
    }

    async fn withdraw(mut self, change: &Change) -> Result<(), sqlx::Error> {
        self.withdraw_notices().await?;
        self.cancel_messages().await?;
        self.mark_applied(change, "withdrawn").await
    }

    /// Keeps what is wrong, and puts a message to the dead-letter queue into the outbox.
    async fn refuse(
        self,
        change: &Change,
        problems: &[Problem],
        text: &str,
    ) -> Result<(), sqlx::Error> {
        let (version_id, etag) = content_names(change);
        sqlx::query(
            "INSERT INTO refusals (file_id, sequencer, version_id, etag, problems, refused_at) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(self.file_id)
        .bind(change.sequencer.as_str())
        .bind(version_id)
        .bind(etag)
        .bind(text)
        .bind(&self.now)
        .execute(&mut *self.connection)
        .await?;
        let message = serde_json::json!({
            "bucket": change.bucket,
            "key": change.object_key,
            "versionId": version_id,
            "eTag": etag,
            "sequencer": change.sequencer.as_str(),
            "problems": problems,
        });
        let about = format!("{}/{}", self.file_id, change.sequencer.as_str());
        sqlx::query(
            "INSERT INTO outbox (message_key, channel, payload, state, due_at, changed_at) VALUES (?, ?, ?, 'pending', ?, ?)",
        )
        .bind(key::message_key(&about, Channel::DeadLetter.name()))
        .bind(Channel::DeadLetter.name())
        .bind(message.to_string())
        .bind(&self.now)
        .bind(&self.now)
        .execute(&mut *self.connection)
        .await?;
        // What was published before stays: a broken correction takes nothing away.
        sqlx::query(
            "UPDATE files SET refused_sequencer = ?, changed_at = ?, state = IF(state = 'new', 'refused', state) \
             WHERE file_id = ?",
        )
        .bind(change.sequencer.as_str())
        .bind(&self.now)
        .bind(self.file_id)
        .execute(self.connection)
        .await?;
        Ok(())
    }

    /// Marks all notices of the file; those that are still in it are written again next.
    async fn withdraw_notices(&mut self) -> Result<(), sqlx::Error> {
        sqlx::query(
            "UPDATE notices SET state = 'withdrawn', changed_at = ? WHERE file_id = ? AND state = 'published'",
        )
        .bind(&self.now)
        .bind(self.file_id)
        .execute(&mut *self.connection)
        .await?;
        Ok(())
    }

    async fn write_notice(&mut self, notice_key: &str, notice: &Notice) -> Result<(), sqlx::Error> {
        let channels: Vec<&str> = notice.channels.iter().map(|channel| channel.name()).collect();
        sqlx::query(
            "INSERT INTO notices (notice_key, file_id, id, state, title, body, language, publish_from, publish_until, \
             audience, channels, revision, changed_at) VALUES (?, ?, ?, 'published', ?, ?, ?, ?, ?, ?, ?, 1, ?) \
             ON DUPLICATE KEY UPDATE state = VALUES(state), title = VALUES(title), body = VALUES(body), \
             language = VALUES(language), publish_from = VALUES(publish_from), publish_until = VALUES(publish_until), \
             audience = VALUES(audience), channels = VALUES(channels), revision = revision + 1, \
             changed_at = VALUES(changed_at)",
        )
        .bind(notice_key)
        .bind(self.file_id)
        .bind(&notice.id)
        .bind(&notice.title)
        .bind(&notice.body)
        .bind(&notice.language)
        .bind(moment::to_sql(notice.schedule.from))
        .bind(notice.schedule.until.map(moment::to_sql))
        .bind(notice.audience.to_string())
        .bind(channels.join(" "))
        .bind(&self.now)
        .execute(&mut *self.connection)
        .await?;
        Ok(())
    }

    /// Puts a message into the outbox. There is one for a notice and a channel, ever: what is on its way or was sent
    /// stays as it is, and what has not begun takes the new hour.
    async fn announce(
        &mut self,
        notice_key: &str,
        channel: Channel,
        due: Timestamp,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO outbox (message_key, notice_key, channel, state, due_at, changed_at) \
             VALUES (?, ?, ?, 'pending', ?, ?) ON DUPLICATE KEY UPDATE \
             due_at = IF(state IN ('pending', 'cancelled', 'expired'), VALUES(due_at), due_at), \
             state = IF(state IN ('cancelled', 'expired'), 'pending', state), changed_at = VALUES(changed_at)",
        )
        .bind(key::message_key(notice_key, channel.name()))
        .bind(notice_key)
        .bind(channel.name())
        .bind(moment::to_sql(due))
        .bind(&self.now)
        .execute(&mut *self.connection)
        .await?;
        Ok(())
    }

    /// Cancels what waits for a notice that is withdrawn, or for a channel that it no longer names.
    async fn cancel_messages(&mut self) -> Result<(), sqlx::Error> {
        sqlx::query(
            "UPDATE outbox JOIN notices ON notices.notice_key = outbox.notice_key \
             SET outbox.state = 'cancelled', outbox.changed_at = ? \
             WHERE notices.file_id = ? AND outbox.state = 'pending' \
             AND (notices.state = 'withdrawn' OR FIND_IN_SET(outbox.channel, REPLACE(notices.channels, ' ', ',')) = 0)",
        )
        .bind(&self.now)
        .bind(self.file_id)
        .execute(&mut *self.connection)
        .await?;
        Ok(())
    }

    async fn mark_applied(self, change: &Change, state: &str) -> Result<(), sqlx::Error> {
        let (version_id, etag) = content_names(change);
        sqlx::query(
            "UPDATE files SET state = ?, applied_sequencer = ?, version_id = ?, etag = ?, changed_at = ? WHERE file_id = ?",
        )
        .bind(state)
        .bind(change.sequencer.as_str())
        .bind(version_id)
        .bind(etag)
        .bind(&self.now)
        .bind(self.file_id)
        .execute(self.connection)
        .await?;
        Ok(())
    }
}

/// Returns version and ETag of what a change wrote.
fn content_names(change: &Change) -> (Option<&str>, Option<&str>) {
    match &change.kind {
        ChangeKind::Written { version_id, etag } => (version_id.as_deref(), etag.as_deref()),
        ChangeKind::Deleted | ChangeKind::VersionDeleted => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(applied: &str, refused: &str, sequencer: &str, content: &Content, expected: bool) {
        let read = |text| Sequencer::parse(text).expect("a sequencer");
        let standing = Standing { applied: read(applied), refused: read(refused) };
        assert_eq!(is_news(&standing, &read(sequencer), content), expected);
    }

    #[test]
    fn a_change_is_news_once() {
        check("", "", "1", &Content::Deleted, true);
        check("1", "", "1", &Content::Deleted, false);
    }

    #[test]
    fn an_earlier_change_that_arrives_later_is_no_news() {
        check("2", "", "1", &Content::Notices(Vec::new()), false);
        check("2", "", "1", &Content::Refused(Vec::new()), false);
    }

    #[test]
    fn a_good_file_from_before_a_refused_one_is_news() {
        check("1", "3", "2", &Content::Notices(Vec::new()), true);
        check("1", "3", "2", &Content::Refused(Vec::new()), false);
    }
}
