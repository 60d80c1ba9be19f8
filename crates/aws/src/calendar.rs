//! Change calendars of Systems Manager: whether changes may be made now.

use trimtab_model::explain::Explain;

use crate::error::AwsError;
use crate::session::Session;

const GET: &str = "ssm:GetCalendarState";

/// What is read.
pub(crate) const READS: &[&str] = &[GET];

/// Returns why changes may not be made now by any of these calendars, in AWS's own words; nothing
/// where all of them are open. What cannot be read is closed.
///
/// Calendars are asked for one by one: several at once are answered as one, and which is closed
/// is not said.
pub async fn closed(session: &Session, calendars: &[String]) -> Option<String> {
    for calendar in calendars {
        let asked = session.ssm().get_calendar_state().calendar_names(calendar).send().await;
        match asked.map_err(|error| AwsError::of(GET, &error)) {
            Ok(answer) => {
                let state = answer.state.as_ref().map_or("unknown", |state| state.as_str());
                if state == "OPEN" {
                    continue;
                }
                let until = answer.next_transition_time.map(|time| format!(", {time}"));
                return Some(format!("{calendar}: {state}{}", until.unwrap_or_default()));
            }
            Err(error) => return Some(format!("{calendar}: {}", error.text().en)),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Answer, Wire};

    async fn asked(bodies: &[&str]) -> Option<String> {
        let bodies = bodies.iter().map(|body| body.as_bytes().to_vec()).collect();
        let wire = Wire::new(Answer::Bodies([("GetCalendarState", bodies)].into()));
        closed(&wire.session(), &["releases".to_owned(), "nights".to_owned()]).await
    }

    #[tokio::test]
    async fn e23_changes_are_made_only_where_every_calendar_says_so() {
        let (open, shut) = (r#"{"State":"OPEN"}"#, r#"{"State":"CLOSED"}"#);
        assert_eq!(asked(&[open, open]).await, None);
        assert_eq!(asked(&[open, shut]).await.as_deref(), Some("nights: CLOSED"));
        assert_eq!(asked(&[open, "{}"]).await.as_deref(), Some("nights: unknown"));
        let wire = Wire::new(Answer::Bodies([].into()));
        let why = closed(&wire.session(), &["releases".to_owned()]).await;
        let why = why.expect("what cannot be read is closed");
        assert!(why.starts_with("releases: ") && why.contains(GET), "{why}");
    }
}
