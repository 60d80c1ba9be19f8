//! Errors that say in every language what is wrong.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};

use crate::text::Text;

/// An error that says in every language what is wrong.
///
/// `Display` is the English sentence: logs and chains of sources have it.
pub trait Explain: Error {
    /// Returns what is wrong: a fragment without a full stop.
    fn text(&self) -> Text;
}

/// An error that is nothing but its text; an [`io::Error`] can carry it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained(pub Text);

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.en)
    }
}

impl Error for Explained {}

impl Explain for Explained {
    fn text(&self) -> Text {
        self.0.clone()
    }
}

/// The system's words, translated for the kinds that a person meets.
impl Explain for io::Error {
    fn text(&self) -> Text {
        if let Some(inner) = self.get_ref() {
            return match inner.downcast_ref::<Explained>() {
                Some(explained) => explained.text(),
                None => Text::verbatim(inner.to_string()),
            };
        }
        let english = self.to_string();
        match korean(self.kind()) {
            Some(korean) => Text::new(english, korean),
            None => Text::verbatim(english),
        }
    }
}

fn korean(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "파일이나 디렉터리가 없습니다",
        ErrorKind::PermissionDenied => "접근 권한이 없습니다",
        ErrorKind::AlreadyExists => "같은 이름의 파일이나 디렉터리가 이미 있습니다",
        ErrorKind::NotADirectory => "디렉터리가 아닙니다",
        ErrorKind::IsADirectory => "파일이 아니라 디렉터리입니다",
        ErrorKind::DirectoryNotEmpty => "디렉터리가 비어 있지 않습니다",
        ErrorKind::ReadOnlyFilesystem => "파일 시스템이 읽기 전용입니다",
        ErrorKind::StorageFull => "저장 공간이 부족합니다",
        ErrorKind::QuotaExceeded => "저장 공간 할당량을 넘었습니다",
        ErrorKind::FileTooLarge => "파일이 너무 큽니다",
        ErrorKind::InvalidFilename => "파일 이름이 올바르지 않습니다",
        ErrorKind::OutOfMemory => "메모리가 부족합니다",
        ErrorKind::UnexpectedEof => "파일이 중간에 끝납니다",
        ErrorKind::ConnectionRefused => "연결이 거부되었습니다",
        ErrorKind::TimedOut => "시간이 초과되었습니다",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_missing_in_both_languages() {
        let text = io::Error::from(ErrorKind::NotFound).text();
        assert_eq!(text, Text::new("entity not found", "파일이나 디렉터리가 없습니다"));
    }

    #[test]
    fn an_error_within_an_error_of_the_system_keeps_its_text() {
        let text = Text::new("a row is too long", "행이 너무 깁니다");
        assert_eq!(io::Error::other(Explained(text.clone())).text(), text);
    }

    #[test]
    fn words_without_a_translation_stay_as_they_are() {
        assert_eq!(io::Error::other("odd").text(), Text::verbatim("odd"));
    }
}
