//! What the function is invoked for: changes of files, or the sweep of every minute.

use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::sequencer::{Sequencer, SequencerError};

/// Is what the function is invoked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    /// Files came, changed or went.
    Changes(Vec<Change>),
    /// A minute has passed: what is due is sent, and what a crash left is taken up.
    Sweep,
    /// S3 says that its notifications are set up.
    Test,
}

/// Is one change of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The bucket.
    pub bucket: String,
    /// The key of the object, decoded.
    pub object_key: String,
    /// Its position among the changes of the object.
    pub sequencer: Sequencer,
    /// When S3 saw it.
    pub at: Timestamp,
    /// What happened.
    pub kind: ChangeKind,
}

/// Says what happened to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was written.
    Written {
        /// Its version, in a bucket that keeps versions.
        version_id: Option<String>,
        /// What S3 calls its content.
        etag: Option<String>,
    },
    /// It was deleted.
    Deleted,
    /// One version of it was deleted: what is there now may be an older one, the very same, or nothing.
    VersionDeleted,
}

/// Says why an event cannot be read. Lambda gives it again and then hands it to its own dead-letter queue.
#[derive(Debug, Error)]
pub enum EventError {
    /// It is neither of S3 nor a sweep.
    #[error("event is neither a notification of S3 nor {{\"sweep\": true}}")]
    Unknown(#[source] Option<serde_json::Error>),
    /// A record is of another service, or of a change that is not subscribed to.
    #[error(
        "record {index} of the event is `{source_name}` `{name}`; only objects of S3 that are created or removed are understood"
    )]
    OtherRecord {
        /// Position in the event, from 1.
        index: usize,
        /// The service.
        source_name: String,
        /// The name of what happened.
        name: String,
    },
    /// The order of a change cannot be known.
    #[error("record {index} of the event has no usable sequencer, so its order is unknown")]
    Sequencer {
        /// Position in the event, from 1.
        index: usize,
        /// What is wrong with it; none when it is missing.
        #[source]
        cause: Option<SequencerError>,
    },
    /// A key decodes to no text.
    #[error("record {index} of the event has a key that is not UTF-8")]
    Key {
        /// Position in the event, from 1.
        index: usize,
    },
}

#[derive(Deserialize)]
struct Notification {
    #[serde(rename = "Records")]
    records: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    event_source: String,
    event_name: String,
    event_time: Timestamp,
    s3: Option<Place>,
}

#[derive(Deserialize)]
struct Place {
    bucket: Bucket,
    object: Object,
}

#[derive(Deserialize)]
struct Bucket {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    key: String,
    e_tag: Option<String>,
    version_id: Option<String>,
    sequencer: Option<String>,
}

impl Event {
    /// Reads the event that Lambda hands over.
    ///
    /// # Errors
    ///
    /// When it is not one of ours, or a record of it cannot be put in order.
    pub fn read(payload: &Value) -> Result<Self, EventError> {
        let is = |name: &str, value: &str| payload.get(name).and_then(Value::as_str) == Some(value);
        if payload.get("sweep") == Some(&Value::Bool(true)) || is("detail-type", "Scheduled Event")
        {
            return Ok(Self::Sweep);
        }
        if is("Event", "s3:TestEvent") {
            return Ok(Self::Test);
        }
        let notification =
            Notification::deserialize(payload).map_err(|error| EventError::Unknown(Some(error)))?;
        let records = notification.records.into_iter().enumerate();
        let changes = records
            .map(|(index, record)| change(index + 1, record))
            .collect::<Result<Vec<_>, _>>()?;
        if changes.is_empty() { Err(EventError::Unknown(None)) } else { Ok(Self::Changes(changes)) }
    }
}

fn change(index: usize, record: Record) -> Result<Change, EventError> {
    let is_written = record.event_name.starts_with("ObjectCreated:");
    let is_deleted = record.event_name.starts_with("ObjectRemoved:");
    let place = match record.s3 {
        Some(place) if record.event_source == "aws:s3" && (is_written || is_deleted) => place,
        Some(_) | None => {
            return Err(EventError::OtherRecord {
                index,
                source_name: record.event_source,
                name: record.event_name,
            });
        }
    };
    let object = place.object;
    let Some(sequencer) = object.sequencer else {
        return Err(EventError::Sequencer { index, cause: None });
    };
    let sequencer = Sequencer::parse(&sequencer)
        .map_err(|error| EventError::Sequencer { index, cause: Some(error) })?;
    let object_key = decode(&object.key).ok_or(EventError::Key { index })?;
    let version_id = object.version_id.filter(|version| version != "null");
    let kind = if is_written {
        ChangeKind::Written { version_id, etag: object.e_tag }
    } else if record.event_name == "ObjectRemoved:Delete" && version_id.is_some() {
        ChangeKind::VersionDeleted
    } else {
        ChangeKind::Deleted
    };
    Ok(Change { bucket: place.bucket.name, object_key, sequencer, at: record.event_time, kind })
}

/// Decodes a key as S3 encodes it in events: like a form, a space as `+`.
fn decode(key: &str) -> Option<String> {
    let spaced = key.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(name: &str, object: Value) -> Value {
        json!({"Records": [{
            "eventSource": "aws:s3", "eventName": name, "eventTime": "2026-12-01T00:00:00.000Z",
            "s3": {"bucket": {"name": "notices"}, "object": object},
        }]})
    }

    fn check(payload: &Value, expected: Result<Event, &str>) {
        match (Event::read(payload), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (found, expected) => panic!("{found:?} instead of {expected:?}"),
        }
    }

    fn change(kind: ChangeKind) -> Event {
        Event::Changes(vec![Change {
            bucket: "notices".to_owned(),
            object_key: "in/12월 점검+1.json".to_owned(),
            sequencer: Sequencer::parse("1F").expect("hex"),
            at: "2026-12-01T00:00:00Z".parse().expect("a moment"),
            kind,
        }])
    }

    #[test]
    fn a_key_is_decoded() {
        let object = json!({"key": "in/12%EC%9B%94+%EC%A0%90%EA%B2%80%2B1.json", "eTag": "e", "sequencer": "001F"});
        check(
            &record("ObjectCreated:Put", object),
            Ok(change(ChangeKind::Written { version_id: None, etag: Some("e".to_owned()) })),
        );
    }

    #[test]
    fn a_mark_of_deletion_is_a_deletion() {
        let object = json!({"key": "in/12월 점검%2B1.json", "versionId": "v", "sequencer": "1f"});
        check(
            &record("ObjectRemoved:DeleteMarkerCreated", object),
            Ok(change(ChangeKind::Deleted)),
        );
    }

    #[test]
    fn a_version_that_goes_is_not_the_file_that_goes() {
        let object = json!({"key": "in/12월 점검%2B1.json", "versionId": "v", "sequencer": "1f"});
        check(&record("ObjectRemoved:Delete", object), Ok(change(ChangeKind::VersionDeleted)));
        let object = json!({"key": "in/12월 점검%2B1.json", "sequencer": "1f"});
        check(&record("ObjectRemoved:Delete", object), Ok(change(ChangeKind::Deleted)));
    }

    #[test]
    fn a_change_without_order_is_refused() {
        check(&record("ObjectCreated:Put", json!({"key": "a"})), Err("no usable sequencer"));
    }

    #[test]
    fn the_schedule_sweeps() {
        check(&json!({"sweep": true}), Ok(Event::Sweep));
        check(&json!({"source": "aws.events", "detail-type": "Scheduled Event"}), Ok(Event::Sweep));
    }

    #[test]
    fn what_is_not_ours_is_refused() {
        check(&json!({"Records": []}), Err("neither"));
        check(&json!({"hello": 1}), Err("neither"));
        check(&record("ObjectTagging:Put", json!({"key": "a"})), Err("ObjectTagging:Put"));
    }

    #[test]
    fn the_test_of_s3_is_known() {
        check(&json!({"Service": "Amazon S3", "Event": "s3:TestEvent"}), Ok(Event::Test));
    }
}
