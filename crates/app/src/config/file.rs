//! One configuration file, read strictly: an unknown key is an error that names
//! file, line and the nearest known key.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Spanned;

use super::prometheus::PrometheusTable;
use trimtab_model::environment::Environment;
use trimtab_model::explain::Explain;
use trimtab_model::id::{CheckId, SubAccountId};
use trimtab_model::money::Currency;
use trimtab_model::text::{Language, StaticText, Text};

use super::allocation::AllocationTable;
use super::budget::BudgetTable;
use super::calendar::CalendarTable;
use super::exempt::{self, ExemptTable, WrittenRule};
use super::notify::{self, NotifyConfig, NotifyTable};
use super::refused::Refused;
use super::rollout::{RoleName, RolloutTable};
use super::scan::ScanTable;
use super::sizing::SizingTable;
use super::tags::TagsTable;

pub(super) const CHECK: StaticText = StaticText { en: "check", ko: "그런 점검이" };
const THRESHOLD: StaticText = StaticText { en: "threshold", ko: "그런 임계값이" };
const SWITCH: StaticText = StaticText { en: "true or false", ko: "true 또는 false" };
const COUNT: StaticText =
    StaticText { en: "a number that is not negative", ko: "음수가 아닌 숫자" };

/// What is wrong in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {}", file.display(), line.map(|line| format!(", line {line}")).unwrap_or_default(), problem.en)]
pub struct ConfigError {
    /// The file.
    pub file: PathBuf,
    /// The line, counted from 1.
    pub line: Option<usize>,
    /// What is wrong.
    pub problem: Box<Text>,
    /// What to do about it. Both are boxed, so that results stay small.
    pub hint: Box<Text>,
}

impl Explain for ConfigError {
    fn text(&self) -> Text {
        let line = self.line.map(|line| format!(", {line}번째 줄")).unwrap_or_default();
        let korean = format!("{}{line}: {}", self.file.display(), self.problem.ko);
        Text::new(self.to_string(), korean)
    }
}

/// A configuration file; every key may be absent.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// Language.
    pub lang: Option<Language>,
    /// Currency to show.
    pub currency: Option<Currency>,
    /// Time zone to show.
    pub timezone: Option<String>,
    /// The profile of the AWS configuration to start from.
    pub profile: Option<String>,
    /// Where everything is kept.
    pub data_dir: Option<PathBuf>,
    /// Where charges are kept.
    pub lake: Option<String>,
    /// Exchange rates.
    #[serde(default)]
    pub exchange_rate: Vec<ExchangeRateTable>,
    /// What months may cost.
    #[serde(default)]
    pub budget: Vec<BudgetTable>,
    /// Accounts to scan.
    #[serde(default)]
    pub account: Vec<AccountTable>,
    /// The organisation to scan.
    pub organization: Option<OrganizationTable>,
    /// How live accounts are read.
    #[serde(default)]
    pub scan: ScanTable,
    /// The Prometheus server to ask.
    pub prometheus: Option<PrometheusTable>,
    /// Sizing, for all environments and for single ones.
    #[serde(default)]
    pub sizing: SizingTable,
    /// How environments are recognised.
    #[serde(default)]
    pub environments: EnvironmentsTable,
    /// What tags are for.
    #[serde(default)]
    pub tags: TagsTable,
    /// Whose cost it is.
    #[serde(default)]
    pub allocation: Vec<AllocationTable>,
    /// How changes are made.
    #[serde(default)]
    pub rollout: RolloutTable,
    /// The owner's days.
    #[serde(default)]
    pub calendar: CalendarTable,
    /// Where reports are sent, as it is written.
    #[serde(default, rename = "notify")]
    notify_table: NotifyTable,
    /// Where reports are sent, after it was looked at.
    #[serde(skip)]
    pub notify: NotifyConfig,
    /// Rules that take resources out of checks, as they are written.
    #[serde(default, rename = "exempt")]
    exempt_tables: Vec<Spanned<ExemptTable>>,
    /// Those rules, after they were looked at.
    #[serde(skip)]
    pub exempt: Vec<WrittenRule>,
    /// Checks: switches and thresholds.
    #[serde(default)]
    checks: BTreeMap<String, BTreeMap<String, Spanned<toml::Value>>>,
    /// Thresholds, after the names were looked up.
    #[serde(skip)]
    pub thresholds: BTreeMap<CheckId, BTreeMap<String, Decimal>>,
    /// Switches, after the names were looked up.
    #[serde(skip)]
    pub enabled: BTreeMap<CheckId, Switch>,
}

/// Whether a check runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// It runs.
    On,
    /// It does not.
    Off,
}

/// An account to scan, and the way into it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountTable {
    /// Its twelve digits.
    pub id: String,
    /// A name for people.
    pub alias: Option<String>,
    /// The role to take on there: its ARN, or its name. Our own credentials where absent.
    pub role: Option<String>,
    /// The role to take on there to make changes: its ARN, or its name. Our own credentials
    /// where absent.
    pub apply_role: Option<String>,
    /// The role that schedules there act as: its ARN, or its name.
    pub scheduler_role: Option<RoleName>,
    /// The environment variable that holds the external ID.
    pub external_id_env: Option<String>,
    /// Regions to scan; all that are enabled where empty.
    #[serde(default)]
    pub regions: Vec<String>,
}

impl AccountTable {
    /// Makes an entry for an account that nothing more is said about.
    pub fn of(id: String, alias: Option<String>) -> Self {
        Self {
            id,
            alias,
            role: None,
            apply_role: None,
            scheduler_role: None,
            external_id_env: None,
            regions: Vec::new(),
        }
    }
}

/// An organisation, whose accounts are found by asking it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationTable {
    /// The name of the role to take on in each account.
    pub role: String,
    /// The environment variable that holds the external ID.
    pub external_id_env: Option<String>,
}

/// One exchange rate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeRateTable {
    /// Currency of the bill.
    pub from: Currency,
    /// Currency to show.
    pub to: Currency,
    /// How much of `to` one `from` is: above zero.
    pub rate: RateText,
    /// The day of the rate.
    pub date: DayText,
    /// Who published it.
    pub source: String,
}

/// An exchange rate, written as a number or as a quoted text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "toml::Value")]
pub struct RateText(pub Decimal);

impl TryFrom<toml::Value> for RateText {
    type Error = Refused;

    fn try_from(value: toml::Value) -> Result<Self, Self::Error> {
        decimal(&value).filter(|rate| *rate > Decimal::ZERO).map(Self).ok_or_else(|| {
            Refused::new(
                format!("`{value}` is not an exchange rate: a number above zero"),
                format!("환율이 아닙니다. 0보다 큰 수여야 합니다: `{value}`"),
            )
        })
    }
}

/// A day, written as a TOML date or as a quoted text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "toml::Value")]
pub struct DayText(pub Date);

impl TryFrom<toml::Value> for DayText {
    type Error = Refused;

    fn try_from(value: toml::Value) -> Result<Self, Self::Error> {
        let text = match &value {
            toml::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        text.parse().map(Self).map_err(|_| {
            Refused::new(
                format!("`{text}` is not a day such as 2026-10-31"),
                format!("2026-10-31과 같은 날짜가 아닙니다: `{text}`"),
            )
        })
    }
}

pub(super) fn decimal(value: &toml::Value) -> Option<Decimal> {
    match value {
        toml::Value::String(text) => Decimal::from_str(text.trim()).ok(),
        toml::Value::Integer(number) => Some(Decimal::from(*number)),
        toml::Value::Float(number) => Decimal::from_str(&number.to_string()).ok(),
        _ => None,
    }
}

/// `environments`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentsTable {
    /// Tag keys.
    pub tag_keys: Option<Vec<String>>,
    /// Values that mean development.
    pub dev: Option<Vec<String>>,
    /// Values that mean staging.
    pub staging: Option<Vec<String>>,
    /// Values that mean production.
    pub prod: Option<Vec<String>>,
    /// Environment per account.
    #[serde(default)]
    pub accounts: BTreeMap<SubAccountId, Environment>,
}

/// Reads the text of a configuration file.
///
/// # Errors
/// Fails on anything that is not TOML, an unknown key, a value of the wrong kind, an
/// unknown check or an unknown threshold, with the line and what was probably meant.
pub fn parse(path: &Path, text: &str) -> Result<ConfigFile, ConfigError> {
    let mut file: ConfigFile = toml::from_str(text).map_err(|cause| {
        let line = cause.span().map(|span| line_of(text, span.start));
        explain(path, line, cause.message())
    })?;
    file.exempt = exempt::rules(path, text, std::mem::take(&mut file.exempt_tables))?;
    file.notify = notify::checked(path, text, std::mem::take(&mut file.notify_table))?;
    let checks = std::mem::take(&mut file.checks);
    for (name, values) in checks {
        let Some(check) = trimtab_analysis::checks::ALL.iter().find(|check| check.id == name)
        else {
            let line = line_with(text, &name);
            let known = trimtab_analysis::checks::ALL.iter().map(|check| check.id);
            return Err(unknown_word(path, line, CHECK, &name, known));
        };
        for (key, value) in values {
            let line = Some(line_of(text, value.span().start));
            let value = value.into_inner();
            if key == "enabled" {
                let switch = match value.as_bool() {
                    Some(true) => Switch::On,
                    Some(false) => Switch::Off,
                    None => {
                        return Err(wrong_kind(path, line, &key, SWITCH));
                    }
                };
                file.enabled.insert(check.check_id(), switch);
                continue;
            }
            if !check.thresholds.iter().any(|threshold| threshold.name == key) {
                let known =
                    check.thresholds.iter().map(|threshold| threshold.name).chain(["enabled"]);
                return Err(unknown_word(path, line, THRESHOLD, &key, known));
            }
            let number = decimal(&value)
                .filter(|number| !number.is_sign_negative())
                .ok_or_else(|| wrong_kind(path, line, &key, COUNT))?;
            file.thresholds.entry(check.check_id()).or_default().insert(key, number);
        }
    }
    Ok(file)
}

fn wrong_kind(path: &Path, line: Option<usize>, key: &str, expected: StaticText) -> ConfigError {
    let StaticText { en, ko } = expected;
    ConfigError {
        file: path.to_owned(),
        line,
        problem: Text::new(
            format!("`{key}` is not {en}"),
            format!("`{key}`: 값이 알맞지 않습니다"),
        )
        .into(),
        hint: Text::new(format!("write {en}"), format!("알맞은 값: {ko}")).into(),
    }
}

pub(super) fn unknown_word<'a>(
    path: &Path,
    line: Option<usize>,
    what: StaticText,
    word: &str,
    known: impl Iterator<Item = &'a str>,
) -> ConfigError {
    let known: Vec<&str> = known.collect();
    ConfigError {
        file: path.to_owned(),
        line,
        problem: Text::new(
            format!("there is no {} `{word}`", what.en),
            format!("{} 없습니다: `{word}`", what.ko),
        )
        .into(),
        hint: suggestion(word, &known).into(),
    }
}

/// Returns what was probably meant, or everything that is known.
fn suggestion(word: &str, known: &[&str]) -> Text {
    let nearest = known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), *candidate))
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .filter(|(similarity, _)| *similarity > 0.75);
    match nearest {
        Some((_, candidate)) => {
            Text::new(format!("did you mean `{candidate}`?"), format!("혹시 `{candidate}`인가요?"))
        }
        None => Text::new(
            format!("known are: {}", known.join(", ")),
            format!("쓸 수 있는 이름: {}", known.join(", ")),
        ),
    }
}

/// Turns the parser's words about an unknown field into a problem and a suggestion.
fn explain(path: &Path, line: Option<usize>, message: &str) -> ConfigError {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if let (true, Some((word, known))) =
        (message.starts_with("unknown field"), quoted.split_first())
    {
        return ConfigError {
            file: path.to_owned(),
            line,
            problem: Text::new(
                format!("there is no key `{word}`"),
                format!("그런 키가 없습니다: `{word}`"),
            )
            .into(),
            hint: suggestion(word, known).into(),
        };
    }
    let problem = Refused::text_of(message).unwrap_or_else(|| {
        let message = message.replace('\n', " ");
        Text::new(&message, format!("설정을 읽을 수 없습니다: {message}"))
    });
    ConfigError {
        file: path.to_owned(),
        line,
        problem: problem.into(),
        hint: Text::new(
            "see docs/config.md, or run `trimtab config schema`",
            "docs/config.md를 보거나 `trimtab config schema` 명령을 실행하세요",
        )
        .into(),
    }
}

pub(super) fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

fn line_with(text: &str, word: &str) -> Option<usize> {
    text.lines().position(|line| line.contains(word)).map(|index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_refused_in_both_languages() {
        let check = |text: &str, en: &str, ko: &str| {
            let error = parse(Path::new("trimtab.toml"), text).unwrap_err();
            assert_eq!(*error.problem, Text::new(en, ko));
        };
        check(
            "[scan]\nshare_percent = 0",
            "`0` is not a share: a number from 1 to 10000",
            "비율이 아닙니다. 1부터 10000까지의 수여야 합니다: `0`",
        );
        let rate = |rate: &str, date: &str| {
            format!(
                "[[exchange_rate]]\nfrom = \"USD\"\nto = \"KRW\"\nrate = {rate}\ndate = {date}\nsource = \"x\""
            )
        };
        check(
            &rate("0", "2026-10-31"),
            "`0` is not an exchange rate: a number above zero",
            "환율이 아닙니다. 0보다 큰 수여야 합니다: `0`",
        );
        check(
            &rate("1385", "\"soon\""),
            "`soon` is not a day such as 2026-10-31",
            "2026-10-31과 같은 날짜가 아닙니다: `soon`",
        );
    }

    fn problem(text: &str) -> String {
        let error = parse(Path::new("trimtab.toml"), text).unwrap_err();
        format!("{error} / {}", error.hint.en)
    }

    #[test]
    fn an_unknown_key_names_its_line_and_the_nearest_known_one() {
        assert_eq!(
            problem("lang = \"ko\"\ncurency = \"KRW\"\n"),
            "trimtab.toml, line 2: there is no key `curency` / did you mean `currency`?"
        );
    }

    #[test]
    fn an_unknown_key_of_a_table_is_found_too() {
        let text = problem("[sizing.dev]\nlokback = \"14d\"\n");
        assert!(text.contains("line 2") && text.contains("did you mean `lookback`?"), "{text}");
    }

    #[test]
    fn a_value_that_is_not_allowed_lists_what_is() {
        let text = problem("[sizing]\nlookback = \"20d\"\n");
        assert!(text.contains("line 2") && text.contains("14d"), "{text}");
    }

    #[test]
    fn an_exchange_rate_is_exact() {
        let file = parse(
            Path::new("trimtab.toml"),
            "[[exchange_rate]]\nfrom = \"USD\"\nto = \"KRW\"\nrate = \"1385.2\"\ndate = \"2026-11-20\"\nsource = \"Bank of Korea\"\n",
        )
        .unwrap();
        assert_eq!(file.exchange_rate[0].rate.0.to_string(), "1385.2");
    }

    #[test]
    fn the_day_of_a_rate_may_be_a_date_of_toml() {
        let text = "[[exchange_rate]]\nfrom = \"USD\"\nto = \"KRW\"\nrate = 1385.2\ndate = 2026-11-20\nsource = \"a bank\"\n";
        let file = parse(Path::new("trimtab.toml"), text).unwrap();
        assert_eq!(file.exchange_rate[0].date.0.to_string(), "2026-11-20");
        let negative = text.replace("1385.2", "-5");
        assert!(problem(&negative).contains("above zero"), "{}", problem(&negative));
    }

    #[test]
    fn a_misspelled_check_is_refused() {
        let text = problem("[checks.ebs-volume-unatached]\nenabled = false\n");
        assert!(text.contains("line 1") && text.contains("ebs-volume-unattached"), "{text}");
    }
}
