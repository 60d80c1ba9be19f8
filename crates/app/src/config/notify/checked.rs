//! What a file says of `notify`, looked at as a whole: one name for one channel, one place for
//! one secret.

use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;

use trimtab_model::document::DocumentKind;
use trimtab_model::text::{StaticText, Text};
use trimtab_notify::is_loopback;

use super::super::file::{ConfigError, line_of, unknown_word};
use super::{
    ChannelTable, FilesTable, MailTable, MailboxText, NotifyConfig, NotifyTable, ReportsTable,
    Schedule, SecurityWord, SlackTable, WebhookTable,
};

const CHANNEL: StaticText = StaticText { en: "channel", ko: "그런 채널이" };
/// The longest name of a channel.
const LONGEST_NAME: usize = 40;

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
}

/// Looks at the section of a file.
///
/// # Errors
/// Fails on a name that two channels have, on a channel that is missing what it needs, and on a
/// report to a channel that does not exist.
pub(in super::super) fn checked(
    path: &Path,
    text: &str,
    table: NotifyTable,
) -> Result<NotifyConfig, ConfigError> {
    let reader = Reader { path, text };
    let mut channels = BTreeMap::new();
    let NotifyTable { mail, slack, webhook, files, reports } = table;
    for (name, table) in mail {
        let line = reader.mail(&table)?;
        let mut mail = table.into_inner();
        mail.to = once(mail.to);
        reader.add(&mut channels, name, ChannelTable::Mail(mail), line)?;
    }
    for (name, table) in slack {
        let line = reader.slack(&table)?;
        reader.add(&mut channels, name, ChannelTable::Slack(table.into_inner()), line)?;
    }
    for (name, table) in webhook {
        let line = reader.webhook(&table)?;
        reader.add(&mut channels, name, ChannelTable::Webhook(table.into_inner()), line)?;
    }
    for (name, table) in files {
        let line = reader.files(&table)?;
        reader.add(&mut channels, name, ChannelTable::Files(table.into_inner()), line)?;
    }
    reader.whole(channels, reports)
}

/// Returns the addresses, each once, whatever name stands beside it.
fn once(addresses: Vec<MailboxText>) -> Vec<MailboxText> {
    let mut all: Vec<MailboxText> = Vec::new();
    for one in addresses {
        let is_same = |other: &MailboxText| {
            let (one, other) = (&one.0.email, &other.0.email);
            one.user() == other.user() && one.domain().eq_ignore_ascii_case(other.domain())
        };
        if !all.iter().any(is_same) {
            all.push(one);
        }
    }
    all
}

impl Reader<'_> {
    fn whole(
        &self,
        channels: BTreeMap<String, ChannelTable>,
        table: ReportsTable,
    ) -> Result<NotifyConfig, ConfigError> {
        let own = Schedule::default();
        let schedule = Schedule {
            weekly: table.weekly_at.unwrap_or(own.weekly),
            monthly: table.monthly_at.unwrap_or(own.monthly),
            quarterly: table.quarterly_at.unwrap_or(own.quarterly),
            zone: table.timezone.map_or(own.zone, |zone| zone.0),
        };
        let mut reports = BTreeMap::new();
        for (kind, names) in [
            (DocumentKind::Weekly, table.weekly),
            (DocumentKind::Monthly, table.monthly),
            (DocumentKind::Quarterly, table.quarterly),
        ] {
            let mut known: Vec<String> = Vec::new();
            for name in names {
                let line = Some(line_of(self.text, name.span().start));
                let name = name.into_inner();
                if !channels.contains_key(&name) {
                    let all = channels.keys().map(String::as_str);
                    return Err(unknown_word(self.path, line, CHANNEL, &name, all));
                }
                if !known.contains(&name) {
                    known.push(name);
                }
            }
            if !known.is_empty() {
                reports.insert(kind, known);
            }
        }
        let base_url = table.base_url.map(|base| base.0);
        Ok(NotifyConfig { channels, reports, schedule, base_url })
    }

    fn add(
        &self,
        channels: &mut BTreeMap<String, ChannelTable>,
        name: String,
        table: ChannelTable,
        line: usize,
    ) -> Result<(), ConfigError> {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_word) {
            return Err(self.wrong(
                line,
                ("this is not the name of a channel", "채널 이름이 올바르지 않습니다"),
                ("write up to 40 letters, digits, - and _", "영문자, 숫자, -, _로 40자까지 쓰세요"),
            ));
        }
        if channels.contains_key(&name) {
            return Err(self.wrong(
                line,
                (
                    format!("two channels are called `{name}`"),
                    format!("채널 이름이 겹칩니다: `{name}`"),
                ),
                (
                    "reports name channels without their kind: give each a name of its own",
                    "보고서는 채널을 이름으로만 가리킵니다. 서로 다른 이름을 쓰세요",
                ),
            ));
        }
        channels.insert(name, table);
        Ok(())
    }

    fn mail(&self, table: &Spanned<MailTable>) -> Result<usize, ConfigError> {
        let line = line_of(self.text, table.span().start);
        let mail = table.get_ref();
        if mail.host.is_empty() || mail.host.contains(|c: char| c.is_whitespace() || c == '/') {
            return Err(self.wrong(
                line,
                ("`host` is not the name of a server", "`host`가 서버 이름이 아닙니다"),
                ("write it such as smtp.example.com", "smtp.example.com처럼 쓰세요"),
            ));
        }
        if mail.to.is_empty() {
            return Err(self.wrong(
                line,
                ("`to` names nobody", "`to`에 받는 사람이 없습니다"),
                ("write to = [\"lead@example.com\"]", "to = [\"lead@example.com\"]처럼 쓰세요"),
            ));
        }
        if mail.security == SecurityWord::None && !is_loopback(&mail.host) {
            return Err(self.wrong(
                line,
                (
                    "`security = \"none\"` is for a mail server on this machine only",
                    "`security = \"none\"`은 이 컴퓨터의 메일 서버에만 쓸 수 있습니다",
                ),
                (
                    "write \"starttls\" (port 587) or \"tls\" (port 465)",
                    "\"starttls\"(포트 587)나 \"tls\"(포트 465)를 쓰세요",
                ),
            ));
        }
        let sources =
            usize::from(mail.password_env.is_some()) + usize::from(mail.password_file.is_some());
        if sources != usize::from(mail.username.is_some()) {
            return Err(self.wrong(
                line,
                (
                    "`username` needs one of `password_env` and `password_file`, and they need it",
                    "`username`은 `password_env`나 `password_file` 하나와 함께 써야 합니다",
                ),
                (
                    "name the variable or the file that holds the password",
                    "비밀번호가 든 환경 변수나 파일을 지정하세요",
                ),
            ));
        }
        Ok(line)
    }

    fn slack(&self, table: &Spanned<SlackTable>) -> Result<usize, ConfigError> {
        let line = line_of(self.text, table.span().start);
        let slack = table.get_ref();
        if usize::from(slack.url_env.is_some()) + usize::from(slack.url_file.is_some()) != 1 {
            return Err(self.wrong(
                line,
                (
                    "a channel of Slack needs one of `url_env` and `url_file`",
                    "Slack 채널에는 `url_env`와 `url_file` 가운데 하나가 필요합니다",
                ),
                (
                    "the address of a webhook is a secret: name the variable or the file that holds it",
                    "웹훅 주소는 비밀입니다. 주소가 든 환경 변수나 파일을 지정하세요",
                ),
            ));
        }
        Ok(line)
    }

    fn webhook(&self, table: &Spanned<WebhookTable>) -> Result<usize, ConfigError> {
        let line = line_of(self.text, table.span().start);
        let one = table.get_ref();
        let addresses = usize::from(one.url.is_some())
            + usize::from(one.url_env.is_some())
            + usize::from(one.url_file.is_some());
        if addresses != 1 {
            return Err(self.wrong(
                line,
                (
                    "a webhook needs one of `url`, `url_env` and `url_file`",
                    "웹훅에는 `url`, `url_env`, `url_file` 가운데 하나가 필요합니다",
                ),
                (
                    "write url = \"https://…\", or name what holds it where it is a secret",
                    "url = \"https://…\"처럼 쓰거나, 비밀이면 주소가 든 곳을 지정하세요",
                ),
            ));
        }
        if one.secret_env.is_some() && one.secret_file.is_some() {
            return Err(self.wrong(
                line,
                ("there are two secrets", "비밀 값이 두 곳에 있습니다"),
                (
                    "leave one of `secret_env` and `secret_file` out",
                    "`secret_env`와 `secret_file` 가운데 하나만 쓰세요",
                ),
            ));
        }
        Ok(line)
    }

    fn files(&self, table: &Spanned<FilesTable>) -> Result<usize, ConfigError> {
        let line = line_of(self.text, table.span().start);
        if table.get_ref().formats.is_empty() {
            return Err(self.wrong(
                line,
                ("`formats` names none", "`formats`에 형식이 없습니다"),
                ("write formats = [\"html\", \"pdf\"]", "formats = [\"html\", \"pdf\"]처럼 쓰세요"),
            ));
        }
        Ok(line)
    }

    fn wrong(&self, line: usize, problem: impl Into<Text>, hint: impl Into<Text>) -> ConfigError {
        ConfigError {
            file: self.path.to_owned(),
            line: Some(line),
            problem: Box::new(problem.into()),
            hint: Box::new(hint.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::file::parse;
    use super::*;

    const MAIL: &str = "[notify.mail.a]\nhost = \"smtp.example.com\"\nfrom = \"a@example.com\"\nto = [\"b@example.com\"]\n";

    fn problem(text: &str) -> String {
        let error = parse(Path::new("trimtab.toml"), text).unwrap_err();
        assert!(!error.problem.ko.is_empty());
        format!("{error} / {}", error.hint.en)
    }

    fn check(text: &str, expected: &[&str]) {
        let problem = problem(text);
        for part in expected {
            assert!(problem.contains(part), "{part}: {problem}");
        }
    }

    #[test]
    fn what_is_wrong_names_its_line_and_what_to_write() {
        check(&format!("{MAIL}security = \"none\"\n"), &["line 1", "this machine", "starttls"]);
        check(&format!("{MAIL}username = \"kim\"\n"), &["line 1", "password_env"]);
        check(&format!("{MAIL}password_env = \"P\"\n"), &["line 1", "username"]);
        check(&format!("{MAIL}pasword_env = \"P\"\n"), &["line 5", "did you mean `password_env`?"]);
        check(&MAIL.replace("b@example.com", "nobody"), &["line 4", "not an address of mail"]);
        check("[notify.slack.team]\n", &["line 1", "url_env"]);
        check("[notify.webhook.a]\nsecret_env = \"S\"\n", &["line 1", "url"]);
        check("[notify.files.a]\ndirectory = \"/x\"\nformats = [\"doc\"]\n", &["line 3", "html"]);
        check(&format!("{MAIL}[notify.slack.a]\nurl_env = \"U\"\n"), &["line 5", "two channels"]);
        check(
            &format!("{MAIL}[notify.reports]\nweekly = [\"a\", \"aa\"]\n"),
            &["line 6", "no channel `aa`", "did you mean `a`?"],
        );
        check("[notify.reports]\nweekly_at = \"9:30\"\n", &["line 2", "mon 09:30"]);
    }

    #[test]
    fn a_secret_that_stands_in_the_file_is_refused_and_not_repeated() {
        for text in [
            &format!("{MAIL}username = \"kim\"\npassword = \"hunter2\"\n"),
            "[notify.slack.a]\nurl = \"https://hooks.example.com/hunter2\"\n",
            "[notify.slack.a]\nurl_env = \"https://hooks.example.com/hunter2\"\n",
            "[notify.webhook.a]\nurl = \"http://example.com/hunter2\"\n",
            "[notify.webhook.a]\nurl = \"https://x\"\nsecret = \"hunter2\"\n",
        ] {
            let problem = problem(text);
            assert!(!problem.contains("hunter2"), "{problem}");
        }
    }

    #[test]
    fn an_address_that_stands_there_twice_is_one_receiver() {
        let twice = "to = [\"Lead <b@example.com>\", \"c@example.com\", \"b@Example.com\"]";
        let text = MAIL.replace("to = [\"b@example.com\"]", twice);
        let file = parse(Path::new("trimtab.toml"), &text).unwrap();
        assert_eq!(file.notify.channels["a"].receivers(), ["b@example.com", "c@example.com"]);
    }

    #[test]
    fn what_is_not_said_has_its_default() {
        let file = parse(
            Path::new("trimtab.toml"),
            &format!("{MAIL}[notify.reports]\nweekly = [\"a\"]\n"),
        )
        .unwrap();
        let schedule = &file.notify.schedule;
        assert_eq!(schedule.weekly.text(), "mon 09:30");
        assert_eq!(schedule.monthly.text(), "8 09:30");
        assert_eq!(schedule.quarterly.text(), "10 09:30");
        assert_eq!(schedule.zone.iana_name(), Some("Asia/Seoul"));
        assert_eq!(file.notify.channels["a"].place(), "smtp.example.com:587");
    }
}
