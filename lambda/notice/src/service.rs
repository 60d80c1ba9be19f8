//! The way of an event: what changed is written, and then what is due is sent.

use std::io;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use thiserror::Error;
use tokio::sync::Mutex;

use crate::aws::{self, Aws, AwsError, ObjectAnswer};
use crate::channel::Channels;
use crate::connection::{ConnectionError, Database};
use crate::credentials::Credentials;
use crate::delivery::{Delivered, Delivery, DeliveryError};
use crate::document;
use crate::event::{Change, ChangeKind, Event, EventError};
use crate::problem::Problem;
use crate::settings::{ConnectionLife, Settings};
use crate::store::{self, Applied, Content, StoreError};
use crate::web::{Reuse, Web};

/// Handles events.
#[derive(Debug)]
pub struct Service {
    settings: Settings,
    aws: Aws,
    credentials: Credentials,
    channels: Channels,
    database: Mutex<Database>,
}

/// Counts what an event came to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Files whose notices were written.
    pub published: u32,
    /// Files whose notices were withdrawn.
    pub withdrawn: u32,
    /// Files that were refused.
    pub refused: u32,
    /// Changes that had been written before, or that a later one has overtaken.
    pub known: u32,
    /// What became of messages.
    pub messages: Delivered,
}

/// Says why an event was not handled. Lambda gives it again.
#[derive(Debug, Error)]
pub enum ServiceError {
    /// It cannot be read.
    #[error("could not read the event")]
    Event(#[from] EventError),
    /// The file cannot be read for now.
    #[error("could not read {object_key} from {bucket}")]
    Object {
        /// The bucket.
        bucket: String,
        /// The key.
        object_key: String,
        /// Why.
        #[source]
        cause: AwsError,
    },
    /// There is no database for now.
    #[error("could not use the database")]
    Connection(#[from] ConnectionError),
    /// The change was not written.
    #[error("could not keep the change")]
    Store(#[from] StoreError),
    /// Messages were not taken or not marked.
    #[error("could not deliver messages")]
    Delivery(#[from] DeliveryError),
    /// The database does not answer.
    #[error("the database did not answer within {} seconds", DATABASE_TIMEOUT.as_secs())]
    Late,
}

/// How long a change may take to be written.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(50);

impl Service {
    /// Makes the service; nothing is connected yet.
    ///
    /// # Errors
    ///
    /// When the system has no certificates to trust.
    pub fn new(settings: Settings) -> io::Result<Self> {
        let aws = Aws::new(&settings, Web::new(Reuse::Connections)?);
        let once = Web::new(Reuse::Nothing)?;
        let channels = Channels::new(settings.clone(), once.clone(), Aws::new(&settings, once));
        let credentials = Credentials::new(aws.clone(), settings.secret_lifetime);
        Ok(Self { settings, aws, credentials, channels, database: Mutex::default() })
    }

    /// Handles an event by `deadline`, which counts from 1970.
    ///
    /// # Errors
    ///
    /// When a part of it was not done. The rest was, and doing it again does nothing twice.
    pub async fn handle(
        &self,
        payload: &Value,
        deadline: Duration,
        clock: impl Fn() -> Timestamp,
    ) -> Result<Report, ServiceError> {
        let event = Event::read(payload)?;
        let mut database = self.database.lock().await;
        let mut report = Report::default();
        let mut handled = Ok(());
        match event {
            Event::Test => return Ok(report),
            Event::Sweep => {}
            Event::Changes(changes) => {
                for change in &changes {
                    let done = self.follow(&mut database, change, &mut report, clock()).await;
                    handled = handled.and(done);
                }
            }
        }
        if handled.is_ok() {
            handled = self
                .deliver(&mut database, deadline, clock)
                .await
                .map(|messages| report.messages = messages);
        }
        if handled.is_err() {
            database.forget();
        } else if self.settings.connection_life == ConnectionLife::Invocation {
            database.close().await;
        }
        handled?;
        tracing::info!(?report, "event handled");
        Ok(report)
    }

    /// Follows one change: reads the file, judges it, writes what it comes to.
    async fn follow(
        &self,
        database: &mut Database,
        change: &Change,
        report: &mut Report,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let Some(content) = self.content(change).await? else {
            // What overtook it has an event of its own.
            report.known += 1;
            return Ok(());
        };
        if let Content::Refused(problems) = &content {
            for problem in problems {
                tracing::warn!(key = change.object_key, %problem, "file is refused");
            }
        }
        let connection = database.connection(&self.settings, &self.credentials, now).await?;
        let written = store::write(connection, change, &content, now);
        let applied = match tokio::time::timeout(DATABASE_TIMEOUT, written).await {
            Ok(Ok(applied)) => applied,
            Ok(Err(error)) => {
                database.forget();
                return Err(error.into());
            }
            Err(_) => {
                database.forget();
                return Err(ServiceError::Late);
            }
        };
        match (applied, &content) {
            (Applied::Known, _) => report.known += 1,
            (Applied::Written, Content::Notices(_)) => report.published += 1,
            (Applied::Written, Content::Refused(_)) => report.refused += 1,
            (Applied::Written, Content::Deleted) => report.withdrawn += 1,
        }
        Ok(())
    }

    /// Returns what a change comes to; none when the file has changed again since.
    async fn content(&self, change: &Change) -> Result<Option<Content>, ServiceError> {
        let (version_id, etag) = match &change.kind {
            ChangeKind::Written { version_id, etag } => (version_id.as_deref(), etag.as_deref()),
            ChangeKind::Deleted => return Ok(Some(Content::Deleted)),
            // Whatever is there now.
            ChangeKind::VersionDeleted => (None, None),
        };
        let at_most = document::FILE_BYTES_AT_MOST;
        let (bucket, object_key) = (&change.bucket, &change.object_key);
        let object = aws::object(&self.aws, bucket, object_key, version_id, etag, at_most).await;
        let failed = |cause| ServiceError::Object {
            bucket: bucket.clone(),
            object_key: object_key.clone(),
            cause,
        };
        Ok(match object.map_err(failed)? {
            ObjectAnswer::Here(bytes) => Some(self.judge(change, &bytes)),
            ObjectAnswer::Gone if change.kind == ChangeKind::VersionDeleted => {
                Some(Content::Deleted)
            }
            ObjectAnswer::Gone => None,
            ObjectAnswer::TooLong => Some(Content::Refused(vec![Problem::of_file(format!(
                "is larger than {at_most} bytes"
            ))])),
        })
    }

    fn judge(&self, change: &Change, bytes: &[u8]) -> Content {
        match document::read(&change.object_key, bytes, change.at, &self.settings.open_channels()) {
            Ok(notices) => Content::Notices(notices),
            Err(problems) => Content::Refused(problems),
        }
    }

    async fn deliver(
        &self,
        database: &mut Database,
        deadline: Duration,
        clock: impl Fn() -> Timestamp,
    ) -> Result<Delivered, ServiceError> {
        let delivery = Delivery {
            database,
            settings: &self.settings,
            credentials: &self.credentials,
            channels: &self.channels,
        };
        Ok(delivery.deliver(deadline, clock).await?)
    }
}
