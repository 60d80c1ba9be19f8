//! `notify`: where reports are sent, and when.

mod channels;
mod checked;
mod secrets;
mod values;

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;

use trimtab_model::document::DocumentKind;

use self::secrets::Secrets;
use super::file::ConfigFile;
use super::listing::setting;
use super::resolve::{Origin, Setting};

pub(super) use self::checked::checked;
pub use self::values::{
    BaseUrl, FormatWord, MailboxText, MonthTime, SecurityWord, VariableName, WebAddressText,
    WeekTime, ZoneText,
};

/// The zone of the schedule where none is named.
const ZONE: &str = "Asia/Seoul";
/// When the week's report leaves where nothing is said: the time at which teams look at it.
const WEEKLY: WeekTime = WeekTime { day: Weekday::Monday, time: Time::constant(9, 30, 0, 0) };
/// The month's: AWS closes a bill in the days before.
const MONTHLY: MonthTime = MonthTime { day: 8, time: Time::constant(9, 30, 0, 0) };
/// The quarter's, in its first month.
const QUARTERLY: MonthTime = MonthTime { day: 10, time: Time::constant(9, 30, 0, 0) };

/// The keys of `notify`, as a file has them.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotifyTable {
    /// Mail, by name.
    #[serde(default)]
    mail: BTreeMap<String, Spanned<MailTable>>,
    /// Slack, by name.
    #[serde(default)]
    slack: BTreeMap<String, Spanned<SlackTable>>,
    /// Programs that take JSON, by name.
    #[serde(default)]
    webhook: BTreeMap<String, Spanned<WebhookTable>>,
    /// Directories, by name.
    #[serde(default)]
    files: BTreeMap<String, Spanned<FilesTable>>,
    /// Which report goes where, and when.
    #[serde(default)]
    reports: ReportsTable,
}

/// One `[notify.mail.NAME]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailTable {
    /// The server.
    pub host: String,
    /// Its port.
    pub port: Option<u16>,
    /// How what is said is kept from others.
    #[serde(default)]
    pub security: SecurityWord,
    /// Whom letters are from.
    pub from: MailboxText,
    /// Whom they are for.
    pub to: Vec<MailboxText>,
    /// The user.
    pub username: Option<String>,
    /// Variable with the password.
    pub password_env: Option<VariableName>,
    /// File with the password.
    pub password_file: Option<PathBuf>,
    /// Certificates that vouch for the server.
    pub ca_file: Option<PathBuf>,
}

/// One `[notify.slack.NAME]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlackTable {
    /// Variable with the address.
    pub url_env: Option<VariableName>,
    /// File with the address.
    pub url_file: Option<PathBuf>,
}

/// One `[notify.webhook.NAME]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookTable {
    /// The address.
    pub url: Option<WebAddressText>,
    /// Variable with the address.
    pub url_env: Option<VariableName>,
    /// File with the address.
    pub url_file: Option<PathBuf>,
    /// Variable with what both sides know.
    pub secret_env: Option<VariableName>,
    /// File with it.
    pub secret_file: Option<PathBuf>,
}

/// One `[notify.files.NAME]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilesTable {
    /// The directory.
    pub directory: PathBuf,
    /// The formats.
    pub formats: Vec<FormatWord>,
}

/// `[notify.reports]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportsTable {
    /// Channels of the week's report.
    #[serde(default)]
    weekly: Vec<Spanned<String>>,
    /// Channels of the month's.
    #[serde(default)]
    monthly: Vec<Spanned<String>>,
    /// Channels of the quarter's.
    #[serde(default)]
    quarterly: Vec<Spanned<String>>,
    weekly_at: Option<WeekTime>,
    monthly_at: Option<MonthTime>,
    quarterly_at: Option<MonthTime>,
    timezone: Option<ZoneText>,
    base_url: Option<BaseUrl>,
}

/// A channel, as a file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelTable {
    /// Mail.
    Mail(MailTable),
    /// Slack.
    Slack(SlackTable),
    /// A program that takes JSON.
    Webhook(WebhookTable),
    /// A directory.
    Files(FilesTable),
}

/// When reports leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The week's.
    pub weekly: WeekTime,
    /// The month's: in the month after.
    pub monthly: MonthTime,
    /// The quarter's: in the first month of the next.
    pub quarterly: MonthTime,
    /// The zone of these times.
    pub zone: TimeZone,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            weekly: WEEKLY,
            monthly: MONTHLY,
            quarterly: QUARTERLY,
            zone: TimeZone::get(ZONE).unwrap_or(TimeZone::UTC),
        }
    }
}

/// The section, after it was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotifyConfig {
    channels: BTreeMap<String, ChannelTable>,
    reports: BTreeMap<DocumentKind, Vec<String>>,
    schedule: Schedule,
    base_url: Option<String>,
}

/// The section with what the environment holds for it. Secrets are never shown or stored.
#[derive(Debug, Clone, Default)]
pub struct NotifySettings {
    config: NotifyConfig,
    secrets: Secrets,
}

impl NotifySettings {
    /// Takes the section of the first file that has one, and reads the variables that it names.
    pub(super) fn of(layers: &[(PathBuf, ConfigFile)]) -> Self {
        let config = layers.iter().map(|(_, file)| &file.notify).find(|one| one.says_something());
        let config = config.cloned().unwrap_or_default();
        let names = config.channels.values().flat_map(ChannelTable::variables);
        Self { secrets: Secrets::of(names), config }
    }

    /// Iterates over the channels, by name.
    pub fn channels(&self) -> impl Iterator<Item = (&str, &ChannelTable)> {
        self.config.channels.iter().map(|(name, table)| (name.as_str(), table))
    }

    /// Returns the channel of a name.
    pub fn table(&self, name: &str) -> Option<&ChannelTable> {
        self.config.channels.get(name)
    }

    /// Returns the channels that a report goes to by itself.
    pub fn channels_of(&self, kind: DocumentKind) -> &[String] {
        self.config.reports.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Returns when reports leave.
    pub fn schedule(&self) -> &Schedule {
        &self.config.schedule
    }

    /// Returns where the dashboard stands, for links.
    pub fn base_url(&self) -> Option<&str> {
        self.config.base_url.as_deref()
    }
}

impl ChannelTable {
    /// Returns the word of its kind, as in the file.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Mail(_) => "mail",
            Self::Slack(_) => "slack",
            Self::Webhook(_) => "webhook",
            Self::Files(_) => "files",
        }
    }

    /// Returns its receivers: the addresses of mail; else one without a name.
    pub fn receivers(&self) -> Vec<String> {
        match self {
            Self::Mail(mail) => mail.to.iter().map(|one| one.0.email.to_string()).collect(),
            Self::Slack(_) | Self::Webhook(_) | Self::Files(_) => vec![String::new()],
        }
    }

    /// Returns where it leads, without a secret.
    pub fn place(&self) -> String {
        match self {
            Self::Mail(mail) => mail.place(),
            Self::Slack(slack) => secret_place(slack.url_env.as_ref(), slack.url_file.as_ref()),
            Self::Webhook(webhook) => match &webhook.url {
                Some(url) => url.0.place(),
                None => secret_place(webhook.url_env.as_ref(), webhook.url_file.as_ref()),
            },
            Self::Files(files) => files.directory.display().to_string(),
        }
    }

    fn variables(&self) -> Vec<&VariableName> {
        let named = match self {
            Self::Mail(mail) => [mail.password_env.as_ref(), None],
            Self::Slack(slack) => [slack.url_env.as_ref(), None],
            Self::Webhook(webhook) => [webhook.url_env.as_ref(), webhook.secret_env.as_ref()],
            Self::Files(_) => [None, None],
        };
        named.into_iter().flatten().collect()
    }
}

impl MailTable {
    /// Returns host and port.
    pub fn place(&self) -> String {
        format!("{}:{}", self.host, self.port())
    }

    fn port(&self) -> u16 {
        self.port.unwrap_or_else(|| self.security.port())
    }
}

/// Returns where an address is kept that is itself a secret.
fn secret_place(name: Option<&VariableName>, file: Option<&PathBuf>) -> String {
    match (name, file) {
        (Some(name), _) => format!("${}", name.0),
        (None, Some(file)) => file.display().to_string(),
        (None, None) => String::new(),
    }
}

impl NotifyConfig {
    fn says_something(&self) -> bool {
        !self.channels.is_empty() || !self.reports.is_empty() || self.base_url.is_some()
    }
}

/// Lists the section of the file that holds, for `config show`.
pub(super) fn notify_settings(layers: &[(PathBuf, ConfigFile)]) -> Vec<Setting> {
    let Some((path, file)) = layers.iter().find(|(_, file)| file.notify.says_something()) else {
        return Vec::new();
    };
    let config = &file.notify;
    let line = |key: String, value: &str| setting(&key, value, Origin::File(path.clone()));
    let mut all = Vec::new();
    for (name, table) in &config.channels {
        let key = format!("notify.{}.{name}", table.kind());
        let value = match table {
            ChannelTable::Mail(mail) => {
                let to = table.receivers().join(", ");
                let (place, word) = (table.place(), mail.security.as_str());
                format!("{place} ({word}): {} → {to}", mail.from.0.email)
            }
            ChannelTable::Slack(_) | ChannelTable::Webhook(_) => table.place(),
            ChannelTable::Files(files) => {
                let formats: Vec<&str> = files.formats.iter().map(|one| one.0.as_str()).collect();
                format!("{} ({})", table.place(), formats.join(", "))
            }
        };
        all.push(line(key, &value));
    }
    for (kind, names) in &config.reports {
        let schedule = &config.schedule;
        let at = match kind {
            DocumentKind::Weekly => schedule.weekly.text(),
            DocumentKind::Monthly => schedule.monthly.text(),
            DocumentKind::Quarterly => schedule.quarterly.text(),
        };
        let zone = schedule.zone.iana_name().unwrap_or("UTC");
        let value = format!("{} ({at} {zone})", names.join(", "));
        all.push(line(format!("notify.reports.{}", kind.as_str()), &value));
    }
    if let Some(base) = &config.base_url {
        all.push(line("notify.reports.base_url".to_owned(), base));
    }
    all
}
