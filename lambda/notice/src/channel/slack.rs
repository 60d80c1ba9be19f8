//! A room of Slack, by an incoming webhook. Slack knows no key: what it was given twice it shows twice.

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::Full;
use jiff::Timestamp;
use serde_json::json;

use super::dispatch::{ANSWER_BYTES_AT_MOST, TIMEOUT, address, is_denied};
use super::{Channels, Outcome};
use crate::credentials::{Credentials, Freshness};

/// How many characters a block of text may have.
const TEXT_CHARACTERS: usize = 2_900;

/// Sends a message; if the address is no longer good, once more to the one of this moment.
pub(super) async fn send(
    channels: &Channels,
    title: &str,
    body: &str,
    credentials: &Credentials,
    now: Timestamp,
) -> Outcome {
    let Some(parameter) = &channels.settings.slack_parameter else {
        return Outcome::NotNow("slack is not set up for this function".to_owned());
    };
    let text = text(title, body);
    let mut outcome = Outcome::NotNow("was not sent".to_owned());
    for freshness in [Freshness::Held, Freshness::New] {
        let secret = match credentials.read(parameter, freshness, now).await {
            Ok(secret) => secret,
            Err(error) => return error.into(),
        };
        let uri = match address(secret.reveal(), parameter) {
            Ok(uri) => uri,
            Err(outcome) => return outcome,
        };
        let request = Request::builder()
            .method(Method::POST)
            .uri(uri)
            .header("content-type", "application/json; charset=utf-8")
            .body(Full::new(Bytes::from(json!({"text": text}).to_string())));
        let Ok(request) = request else {
            return Outcome::NotNow(format!("parameter {parameter} has no address"));
        };
        let answer = match channels.web.send(request, TIMEOUT, ANSWER_BYTES_AT_MOST).await {
            Ok(answer) => answer,
            Err(error) => return error.into(),
        };
        outcome = Outcome::of_answer(answer.status, None);
        if !is_denied(answer.status) {
            break;
        }
    }
    outcome
}

/// Returns the text as Slack reads it: `&`, `<` and `>` have a meaning there.
fn text(title: &str, body: &str) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let body: String = body.chars().take(TEXT_CHARACTERS).collect();
    format!("*{}*\n{}", escape(&title.replace('*', "∗")), escape(&body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_cannot_call_the_whole_room() {
        assert_eq!(text("*점검*", "<!channel> 안내"), "*∗점검∗*\n&lt;!channel&gt; 안내");
    }
}
