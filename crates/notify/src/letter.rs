//! What is sent: the same for every kind of channel, written as each takes it.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use trimtab_model::document::Document;
use trimtab_render::contract::report_json;
use trimtab_render::report::{self, Edition, Mail, ReportFormat};

use crate::error::SendError;

/// What a letter is about.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// A report.
    Report(&'a Document),
    /// Nothing: whether it arrives is what somebody wants to know.
    Test,
}

/// What is sent.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// What tells this installation's letters from another's.
    pub installation: &'a str,
    /// What it is about.
    pub content: Content<'a>,
    /// For whose eyes.
    pub edition: &'a Edition<'a>,
    /// When it is sent.
    pub at: Timestamp,
}

impl Letter<'_> {
    /// Returns its name: the same for the same report, whenever and however often it is sent. Tests
    /// differ by their second.
    pub fn name(&self) -> String {
        match self.content {
            Content::Report(document) => {
                format!("{}-{}", document.kind.as_str(), document.period.first)
            }
            Content::Test => format!("test-{}", self.at.as_second()),
        }
    }

    /// Returns what tells it, on one channel, from every other letter of every installation. A
    /// second copy has the same.
    pub(crate) fn identity(&self, channel: &str) -> String {
        format!("{}/{}/{channel}", self.installation, self.name())
    }

    /// Returns the word that a webhook's receiver sorts it by.
    pub(crate) fn event(&self) -> String {
        match self.content {
            Content::Report(document) => format!("report.{}", document.kind.as_str()),
            Content::Test => "notify.test".to_owned(),
        }
    }

    /// Writes it as a mail.
    pub(crate) fn mail(&self) -> Mail {
        match self.content {
            Content::Report(document) => report::mail(document, self.edition),
            Content::Test => {
                let text = self.words();
                let html = format!(
                    "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"></head><body><p>{text}</p></body></html>",
                    self.edition.style.language.code()
                );
                Mail { subject: self.title(), html, text, images: Vec::new() }
            }
        }
    }

    /// Writes it as a message of Slack.
    pub(crate) fn slack(&self) -> Json {
        match self.content {
            Content::Report(document) => report::slack(document, self.edition),
            Content::Test => json!({ "text": format!("{}: {}", self.title(), self.words()) }),
        }
    }

    /// Writes it as JSON.
    pub(crate) fn json(&self) -> Json {
        match self.content {
            Content::Report(document) => report_json(document, self.edition.style.language),
            Content::Test => json!({
                "schema": "trimtab/v1/notify.test",
                "title": self.title(),
                "text": self.words(),
                "at": self.at.to_string(),
            }),
        }
    }

    /// Writes it in a format, with the name of its file.
    pub(crate) fn file(&self, format: ReportFormat) -> Result<(String, Vec<u8>), SendError> {
        match self.content {
            Content::Report(document) => {
                let bytes = report::report(document, format, self.edition);
                let name = format!("trimtab-{}.{}", self.name(), extension(format));
                Ok((name, bytes.map_err(SendError::Report)?))
            }
            Content::Test => {
                let text = format!("{}\n{}\n", self.title(), self.words());
                Ok(("trimtab-test.txt".to_owned(), text.into_bytes()))
            }
        }
    }

    fn title(&self) -> String {
        self.edition.style.locale().text("notify-test-subject")
    }

    fn words(&self) -> String {
        self.edition.style.locale().text("notify-test-text")
    }
}

/// Returns how the name of a file of a format ends.
fn extension(format: ReportFormat) -> &'static str {
    match format {
        ReportFormat::Text => "txt",
        ReportFormat::Mail => "mail.html",
        ReportFormat::Slack => "slack.json",
        ReportFormat::Markdown
        | ReportFormat::Json
        | ReportFormat::Html
        | ReportFormat::Pdf
        | ReportFormat::Xlsx => format.as_str(),
    }
}
