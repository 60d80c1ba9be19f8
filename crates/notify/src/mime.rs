//! A mail as it travels: text and HTML of the same, with the pictures that the HTML shows.

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};

use trimtab_render::report::Mail;
use trimtab_render::sanitise;

use crate::error::{SendError, innermost};
use crate::picture::png;
use crate::signature::fingerprint;

/// A mail as it travels.
#[derive(Debug)]
pub struct Envelope {
    /// All lines of it.
    pub message: Vec<u8>,
}

impl Envelope {
    /// Puts a mail together. The same `identity` gives the same `Message-ID`, by which a reader
    /// knows a second copy.
    pub(crate) fn of(
        mail: &Mail,
        (from, to): (&Mailbox, &[Mailbox]),
        identity: &str,
        at: Timestamp,
    ) -> Result<Self, SendError> {
        let failed =
            |cause: &dyn std::error::Error| SendError::Message { problem: innermost(cause) };
        let mut shown = MultiPart::related().singlepart(SinglePart::html(mail.html.clone()));
        for image in &mail.images {
            let name = image.content_id.split('@').next().unwrap_or("chart");
            let kind = ContentType::parse("image/png").map_err(|cause| failed(&cause))?;
            let part =
                Attachment::new_inline_with_name(image.content_id.clone(), format!("{name}.png"));
            shown = shown.singlepart(part.body(png(&image.svg)?, kind));
        }
        let parts = MultiPart::alternative()
            .singlepart(SinglePart::plain(mail.text.clone()))
            .multipart(shown);
        let domain = from.email.domain();
        let mut builder = Message::builder()
            .from(from.clone())
            // A name in a bill may hold the end of a line; what stands behind it is no header.
            .subject(sanitise(&mail.subject))
            .message_id(Some(format!("<trimtab.{}@{domain}>", fingerprint(identity))))
            .date(SystemTime::try_from(at).unwrap_or(SystemTime::UNIX_EPOCH))
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        for receiver in to {
            builder = builder.to(receiver.clone());
        }
        let message = builder.multipart(parts).map_err(|cause| failed(&cause))?;
        Ok(Self { message: message.formatted() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trimtab_render::report::MailImage;

    fn mail(subject: &str) -> Mail {
        Mail {
            subject: subject.to_owned(),
            html: "<p>지난주</p><img src=\"cid:chart-0-days@trimtab\">".to_owned(),
            text: "지난주".to_owned(),
            images: vec![MailImage {
                content_id: "chart-0-days@trimtab".to_owned(),
                alternative: String::new(),
                svg: "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"4\"/>"
                    .to_owned(),
            }],
        }
    }

    fn lines(subject: &str, identity: &str) -> String {
        let one = crate::address::mailbox("trimtab <cost@example.com>").unwrap();
        let to = [crate::address::mailbox("팀장 <lead@example.com>").unwrap()];
        let envelope = Envelope::of(&mail(subject), (&one, &to), identity, Timestamp::UNIX_EPOCH);
        String::from_utf8(envelope.unwrap().message).unwrap()
    }

    #[test]
    fn a_second_line_of_the_subject_is_no_header() {
        let lines = lines("cost\r\nBcc: evil@example.com\r\n\r\nhello", "a");
        assert!(lines.contains("Subject: cost  Bcc: evil@example.com"), "{lines}");
        assert!(!lines.lines().any(|line| line.starts_with("Bcc:")), "{lines}");
    }

    #[test]
    fn the_same_letter_has_the_same_identity_and_a_picture_by_its_content_id() {
        let id = |lines: &str| {
            lines.lines().find(|line| line.starts_with("Message-ID:")).unwrap().to_owned()
        };
        let first = lines("주간", "a");
        assert_eq!(id(&first), id(&lines("주간", "a")));
        assert_ne!(id(&first), id(&lines("주간", "b")));
        assert!(first.is_ascii());
        assert!(first.contains("Content-ID: <chart-0-days@trimtab>"), "{first}");
        assert!(first.contains("Content-Type: image/png"), "{first}");
    }
}
