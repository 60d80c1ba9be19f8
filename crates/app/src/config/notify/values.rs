//! Values of `notify`: addresses, names and times as people write them.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use serde::Deserialize;

use trimtab_notify::{Mailbox, Security, WebAddress, mailbox};
use trimtab_render::report::ReportFormat;

use super::super::refused::Refused;

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// How what is said to a mail server is kept from others, as a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecurityWord {
    /// Encrypted after the greeting.
    #[default]
    StartTls,
    /// Encrypted from the first byte.
    Tls,
    /// Not at all: only to this machine.
    None,
}

impl SecurityWord {
    /// Returns the word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StartTls => "starttls",
            Self::Tls => "tls",
            Self::None => "none",
        }
    }

    /// Returns what it means to the crate that sends.
    pub(super) fn security(self) -> Security {
        match self {
            Self::StartTls => Security::StartTls,
            Self::Tls => Security::Tls,
            Self::None => Security::None,
        }
    }

    /// Returns the port that a server of this kind has.
    pub(super) fn port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }
}

/// An address of mail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct MailboxText(pub Mailbox);

impl TryFrom<String> for MailboxText {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        mailbox(&text).map(Self).map_err(|_| {
            Refused::new(
                format!("`{text}` is not an address of mail such as cost@example.com"),
                format!("cost@example.com과 같은 메일 주소가 아닙니다: `{text}`"),
            )
        })
    }
}

/// The name of an environment variable. What is refused is not repeated: it may be the secret.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct VariableName(pub String);

impl TryFrom<String> for VariableName {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_letter = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
        let fits = text.starts_with(is_letter)
            && text.chars().all(|letter| is_letter(letter) || letter.is_ascii_digit());
        fits.then_some(Self(text)).ok_or_else(|| {
            Refused::new(
                "this is not the name of an environment variable; the secret itself never stands in the file".to_owned(),
                "환경 변수의 이름이 아닙니다. 비밀 값 자체는 설정 파일에 쓰지 않습니다".to_owned(),
            )
        })
    }
}

/// An address of the web. What is refused is not repeated: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct WebAddressText(pub WebAddress);

impl TryFrom<String> for WebAddressText {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        WebAddress::parse(&text).map(Self).map_err(|_| {
            Refused::new(
                "this is not an address to send to: https://…, or http://… of this machine, without a user in it".to_owned(),
                "보낼 수 있는 주소가 아닙니다. https://…이거나 이 컴퓨터의 http://…이어야 하며, 주소에 사용자를 쓸 수 없습니다".to_owned(),
            )
        })
    }
}

/// Where the dashboard stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct BaseUrl(pub String);

impl TryFrom<String> for BaseUrl {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_web = text.starts_with("https://") || text.starts_with("http://");
        let is_one_word = !text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '@');
        (is_web && is_one_word).then(|| Self(text.clone())).ok_or_else(|| {
            Refused::new(
                format!("`{text}` is not an address such as https://cost.example.com"),
                format!("https://cost.example.com과 같은 주소가 아닙니다: `{text}`"),
            )
        })
    }
}

/// A format that reports are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct FormatWord(pub ReportFormat);

impl TryFrom<String> for FormatWord {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let found = ReportFormat::ALL.iter().find(|format| format.as_str() == text);
        found.map(|format| Self(*format)).ok_or_else(|| {
            let known: Vec<&str> = ReportFormat::ALL.iter().map(|one| one.as_str()).collect();
            let known = known.join(", ");
            Refused::new(
                format!("`{text}` is not a format; there are {known}"),
                format!("그런 형식이 없습니다: `{text}`. 쓸 수 있는 형식: {known}"),
            )
        })
    }
}

/// A time of the week, such as `mon 09:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct WeekTime {
    /// The day.
    pub day: Weekday,
    /// The time.
    pub time: Time,
}

impl WeekTime {
    /// Returns it as it is written.
    pub fn text(self) -> String {
        let day = DAYS.iter().find(|(_, day)| *day == self.day).map_or("", |(word, _)| word);
        format!("{day} {}", self.time.strftime("%H:%M"))
    }
}

impl TryFrom<String> for WeekTime {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let read = || {
            let (day, time) = text.split_once(' ')?;
            let (_, day) = DAYS.iter().find(|(word, _)| day.eq_ignore_ascii_case(word))?;
            Some(Self { day: *day, time: clock(time)? })
        };
        read().ok_or_else(|| {
            Refused::new(
                format!("`{text}` is not a time of the week such as mon 09:30"),
                format!("mon 09:30과 같은 요일과 시각이 아닙니다: `{text}`"),
            )
        })
    }
}

/// A day of a month and a time, such as `8 09:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct MonthTime {
    /// The day, from 1 to 28: every month has it.
    pub day: i8,
    /// The time.
    pub time: Time,
}

impl MonthTime {
    /// Returns it as it is written.
    pub fn text(self) -> String {
        format!("{} {}", self.day, self.time.strftime("%H:%M"))
    }
}

impl TryFrom<String> for MonthTime {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let read = || {
            let (day, time) = text.split_once(' ')?;
            let day = day.parse().ok().filter(|day| (1..=28).contains(day))?;
            Some(Self { day, time: clock(time)? })
        };
        read().ok_or_else(|| {
            Refused::new(
                format!("`{text}` is not a day from 1 to 28 and a time such as 8 09:30"),
                format!("8 09:30과 같은 날짜(1–28)와 시각이 아닙니다: `{text}`"),
            )
        })
    }
}

/// An IANA time zone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ZoneText(pub TimeZone);

impl TryFrom<String> for ZoneText {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        TimeZone::get(&text).map(Self).map_err(|_| {
            Refused::new(
                format!("`{text}` is not a time zone such as Asia/Seoul"),
                format!("Asia/Seoul과 같은 시간대가 아닙니다: `{text}`"),
            )
        })
    }
}

fn clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    let fits = hour.len() <= 2 && minute.len() == 2;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok().filter(|_| fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let week = |text: &str| WeekTime::try_from(text.to_owned()).map(WeekTime::text).ok();
        assert_eq!(week("mon 09:30").as_deref(), Some("mon 09:30"));
        assert_eq!(week("Fri 7:05").as_deref(), Some("fri 07:05"));
        assert_eq!(week("mon"), None);
        assert_eq!(week("mon 24:00"), None);
        let month = |text: &str| MonthTime::try_from(text.to_owned()).map(MonthTime::text).ok();
        assert_eq!(month("8 09:30").as_deref(), Some("8 09:30"));
        assert_eq!(month("31 09:30"), None);
        assert_eq!(month("0 09:30"), None);
    }

    #[test]
    fn what_may_be_a_secret_is_not_repeated() {
        let refused = VariableName::try_from("https://hooks.example.com/T0/hunter2".to_owned());
        assert!(!refused.unwrap_err().to_string().contains("hunter2"));
        let refused = WebAddressText::try_from("http://hooks.example.com/T0/hunter2".to_owned());
        assert!(!refused.unwrap_err().to_string().contains("hunter2"));
    }
}
