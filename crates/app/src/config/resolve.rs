//! Which configuration holds: flag over environment over file over default, and
//! where each value came from.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::tz::TimeZone;

use trimtab_analysis::allocation::Dimension;
use trimtab_model::calendar::Calendar;
use trimtab_model::environment::Environment;
use trimtab_model::explain::Explain;
use trimtab_model::money::Currency;
use trimtab_model::plan::RolloutRules;
use trimtab_model::policy::{Policy, SizingPolicy};
use trimtab_model::text::{Language, Text};
use trimtab_rollout::plan::Watch;

use super::allocation::{self, AllocationTable};
use super::budget::{self, BudgetTable};
use super::calendar::{Country, calendar};
use super::environment::{
    ExternalIds, ObjectStoreOptions, default_data_dir, names_credentials, variable,
};
use super::file::{
    AccountTable, ConfigError, ConfigFile, ExchangeRateTable, OrganizationTable, Switch, parse,
};
use super::listing::{policy_settings, setting, worded};
use super::notify::NotifySettings;
use super::prometheus::PrometheusSettings;
use super::rollout;
use super::scan::SharePercent;
use super::tags::TagKeys;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A command-line flag.
    Flag,
    /// An environment variable.
    Variable(&'static str),
    /// A file.
    File(PathBuf),
    /// Nothing said otherwise.
    Default,
}

impl Origin {
    /// Returns where it is, for people.
    pub fn text(&self) -> Text {
        match self {
            Self::Flag => Text::new("flag", "옵션"),
            Self::Variable(name) => Text::verbatim(*name),
            Self::File(path) => Text::verbatim(path.display().to_string()),
            Self::Default => Text::new("default", "기본값"),
        }
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The key.
    pub key: String,
    /// The value, as text.
    pub value: Text,
    /// Where it came from.
    pub origin: Origin,
}

/// What the command line says about the configuration.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--lang`.
    pub lang: Option<Language>,
    /// `--currency`.
    pub currency: Option<Currency>,
    /// `--tz`.
    pub timezone: Option<String>,
    /// `--data-dir`.
    pub data_dir: Option<PathBuf>,
}

/// The configuration that holds.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Language of everything people read.
    pub language: Language,
    /// Currency to show; the bill's own where absent.
    pub currency: Option<Currency>,
    /// Time zone to show.
    pub timezone: TimeZone,
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// Where charges are kept: a directory or a URL.
    pub lake: Option<String>,
    /// What an object store needs to be reached.
    pub object_store: ObjectStoreOptions,
    /// The profile of the AWS configuration to start from, where the environment names neither
    /// one nor credentials.
    pub profile: Option<String>,
    /// Accounts to scan; those of the first file that names any.
    pub accounts: Vec<AccountTable>,
    /// The organisation to scan.
    pub organization: Option<OrganizationTable>,
    /// The external IDs that the accounts' entries name, by environment variable.
    pub external_ids: ExternalIds,
    /// The share of AWS's default limits that a scan uses.
    pub scan_share: SharePercent,
    /// The Prometheus server to ask; that of the first file that has one.
    pub prometheus: PrometheusSettings,
    /// Where reports are sent; that of the first file that says anything of it.
    pub notify: NotifySettings,
    /// Exchange rates, for showing only.
    pub exchange_rates: Vec<ExchangeRateTable>,
    /// What months may cost; those of the first file that names any.
    pub budgets: Vec<BudgetTable>,
    /// What the owner of the account wants.
    pub policy: Policy,
    /// What tags are for.
    pub tags: TagKeys,
    /// The ways to divide the bill; those of the first file that names any.
    pub allocation: Vec<Dimension>,
    /// How changes are made; those of the first file that says anything of it.
    pub rollout: RolloutRules,
    /// Addresses other than AWS's own through which changes may be made; those of the first file
    /// that names any.
    pub endpoints: Vec<String>,
    /// Queries and alarms of the owner's that changes are watched by; those of the same file.
    pub watch: Watch,
    /// The files that were read, the one that wins first.
    pub files: Vec<PathBuf>,
    /// Every value and where it came from.
    pub settings: Vec<Setting>,
}

/// Returns where the user's own configuration file is looked for.
pub fn user_file() -> Option<PathBuf> {
    Some(directories::BaseDirs::new()?.config_dir().join("trimtab").join("config.toml"))
}

/// Loads the configuration for a command run in `working_dir`.
///
/// A file given by `--config` or `TRIMTAB_CONFIG` is read alone. Otherwise
/// `trimtab.toml` is looked for from `working_dir` upwards to the root of the Git
/// repository, and the user's own file stands behind it.
///
/// # Errors
/// Fails on a file that cannot be read or says something unknown, and on an unknown
/// language, currency or time zone.
pub fn load(working_dir: &Path, overrides: &Overrides) -> Result<Settings, ConfigError> {
    let mut layers = Vec::new();
    let chosen = overrides.config.clone().or_else(|| variable("TRIMTAB_CONFIG").map(PathBuf::from));
    match chosen {
        Some(path) => layers.push((path.clone(), read(&path)?)),
        None => {
            for path in project_file(working_dir).into_iter().chain(user_file()) {
                if path.is_file() {
                    layers.push((path.clone(), read(&path)?));
                }
            }
        }
    }
    Resolution { overrides, layers }.resolve()
}

/// The largest file that is read, in bytes: one that people write is a thousandth of it.
const LARGEST: u64 = 1 << 20;

fn read(path: &Path) -> Result<ConfigFile, ConfigError> {
    if path.metadata().is_ok_and(|metadata| metadata.len() > LARGEST) {
        return Err(ConfigError {
            file: path.to_owned(),
            line: None,
            problem: Text::new(
                "has more than 1 MiB, which no settings have",
                "설정 파일로는 너무 큽니다(1MiB 초과)",
            )
            .into(),
            hint: Text::new(
                "name the file that was meant with --config or TRIMTAB_CONFIG",
                "--config나 TRIMTAB_CONFIG로 올바른 파일을 지정하세요",
            )
            .into(),
        });
    }
    let text = std::fs::read_to_string(path).map_err(|cause| ConfigError {
        file: path.to_owned(),
        line: None,
        problem: Text::new("cannot be read", "읽을 수 없습니다").because(&cause.text()).into(),
        hint: Text::new(
            "check the path given by --config or TRIMTAB_CONFIG",
            "--config나 TRIMTAB_CONFIG로 지정한 경로를 확인하세요",
        )
        .into(),
    })?;
    parse(path, &text)
}

fn project_file(working_dir: &Path) -> Option<PathBuf> {
    for dir in working_dir.ancestors() {
        let path = dir.join("trimtab.toml");
        if path.is_file() {
            return Some(path);
        }
        if dir.join(".git").exists() {
            return None;
        }
    }
    None
}

struct Resolution<'a> {
    overrides: &'a Overrides,
    layers: Vec<(PathBuf, ConfigFile)>,
}

impl Resolution<'_> {
    fn resolve(self) -> Result<Settings, ConfigError> {
        let (language, language_origin) = self.language()?;
        let (currency, currency_origin) = self.pick_text(
            "TRIMTAB_CURRENCY",
            self.overrides.currency.map(|currency| currency.to_string()),
            |file| file.currency.map(|currency| currency.to_string()),
        );
        let (zone, zone_origin) =
            self.pick_text("TRIMTAB_TZ", self.overrides.timezone.clone(), |file| {
                file.timezone.clone()
            });
        let (data_dir, data_dir_origin) = self.pick_text(
            "TRIMTAB_DATA_DIR",
            self.overrides.data_dir.as_ref().map(|path| path.display().to_string()),
            |file| file.data_dir.as_ref().map(|path| path.display().to_string()),
        );
        let (lake, lake_origin) = self.pick_text("TRIMTAB_LAKE", None, |file| file.lake.clone());

        let currency =
            currency.map(|text| Currency::from_str(&text)).transpose().map_err(|cause| {
                let hint = ("write a code such as KRW or USD", "KRW나 USD와 같은 코드를 쓰세요");
                outside(&currency_origin, cause.text(), hint)
            })?;
        let zone_name = zone.unwrap_or_else(|| "UTC".to_owned());
        let timezone = TimeZone::get(&zone_name).map_err(|_| {
            outside(
                &zone_origin,
                (
                    format!("`{zone_name}` is not a time zone"),
                    format!("`{zone_name}`: 시간대가 아닙니다"),
                ),
                ("write an IANA name such as Asia/Seoul", "Asia/Seoul과 같은 IANA 이름을 쓰세요"),
            )
        })?;
        let data_dir = match data_dir {
            Some(path) => PathBuf::from(path),
            None => default_data_dir().ok_or_else(|| {
                outside(
                    &Origin::Default,
                    ("there is no home directory", "홈 디렉터리가 없습니다"),
                    ("give --data-dir", "--data-dir을 지정하세요"),
                )
            })?,
        };
        let mut rollout = rollout::rules(&self.layers, &timezone, &zone_origin)?;
        let (country, country_origin) = self.country(&timezone);
        let policy = Policy { calendar: self.calendar(&timezone, country), ..self.policy() };
        let mut settings = vec![
            setting("lang", language.code(), language_origin),
            worded(
                "currency",
                currency.map_or_else(
                    || Text::new("the bill's", "청구서의 통화"),
                    |code| Text::verbatim(code.to_string()),
                ),
                currency_origin,
            ),
            setting("timezone", &zone_name, zone_origin),
            setting("calendar.country", country.as_str(), country_origin),
            setting("data_dir", &data_dir.display().to_string(), data_dir_origin),
            worded(
                "lake",
                lake.as_deref()
                    .map_or_else(|| Text::new("inside data_dir", "data_dir 안"), Text::verbatim),
                lake_origin,
            ),
        ];
        let profile =
            self.layers.iter().find_map(|(path, file)| Some((path, file.profile.as_ref()?)));
        if let Some((path, name)) = profile {
            settings.push(setting("profile", name, Origin::File(path.clone())));
        }
        let (scan_share, share_origin) = self
            .layers
            .iter()
            .find_map(|(path, file)| Some((file.scan.share_percent?, Origin::File(path.clone()))))
            .unwrap_or((SharePercent::default(), Origin::Default));
        settings.push(setting("scan.share_percent", &scan_share.get().to_string(), share_origin));
        settings.extend(policy_settings(&self.layers, &policy));
        let accounts = self
            .layers
            .iter()
            .map(|(_, file)| &file.account)
            .find(|accounts| !accounts.is_empty())
            .cloned()
            .unwrap_or_default();
        rollout.scheduler.accounts = accounts
            .iter()
            .filter_map(|one| {
                let role = one.scheduler_role.as_ref()?;
                Some((one.id.as_str().into(), role.as_str().to_owned()))
            })
            .collect();
        let tags = TagKeys::of(self.layers.iter().map(|(_, file)| &file.tags));
        let divided: &[AllocationTable] = self
            .layers
            .iter()
            .map(|(_, file)| file.allocation.as_slice())
            .find(|tables| !tables.is_empty())
            .unwrap_or_default();
        let organization = self.layers.iter().find_map(|(_, file)| file.organization.clone());
        let prometheus = self.layers.iter().find_map(|(_, file)| file.prometheus.clone());
        let variables = accounts
            .iter()
            .filter_map(|account| account.external_id_env.clone())
            .chain(organization.iter().filter_map(|one| one.external_id_env.clone()));
        let files = self.layers.iter();
        let exchange_rates = files.flat_map(|(_, file)| file.exchange_rate.clone()).collect();
        Ok(Settings {
            external_ids: ExternalIds::from_environment(variables),
            prometheus: PrometheusSettings::of(prometheus.unwrap_or_default()),
            notify: NotifySettings::of(&self.layers),
            profile: self.profile(),
            accounts,
            organization,
            scan_share,
            language,
            currency,
            timezone,
            data_dir,
            lake,
            object_store: ObjectStoreOptions::from_environment(),
            exchange_rates,
            budgets: budget::budgets(&self.layers),
            policy,
            allocation: allocation::dimensions(divided, &tags),
            tags,
            rollout,
            endpoints: rollout::endpoints(&self.layers),
            watch: rollout::watch(&self.layers),
            files: self.layers.iter().map(|(path, _)| path.clone()).collect(),
            settings,
        })
    }

    fn profile(&self) -> Option<String> {
        let named = self.layers.iter().find_map(|(_, file)| file.profile.clone());
        named.filter(|_| !names_credentials())
    }

    fn language(&self) -> Result<(Language, Origin), ConfigError> {
        if let Some(language) = self.overrides.lang {
            return Ok((language, Origin::Flag));
        }
        if let Some(word) = variable("TRIMTAB_LANG") {
            return match word.as_str() {
                "ko" => Ok((Language::Ko, Origin::Variable("TRIMTAB_LANG"))),
                "en" => Ok((Language::En, Origin::Variable("TRIMTAB_LANG"))),
                _ => Err(outside(
                    &Origin::Variable("TRIMTAB_LANG"),
                    (format!("`{word}` is not a language"), format!("`{word}`: 언어가 아닙니다")),
                    ("write ko or en", "ko 또는 en을 쓰세요"),
                )),
            };
        }
        for (path, file) in &self.layers {
            if let Some(language) = file.lang {
                return Ok((language, Origin::File(path.clone())));
            }
        }
        // The order in which POSIX looks at them.
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            if let Some(value) = variable(name) {
                let language = if value.starts_with("ko") { Language::Ko } else { Language::En };
                return Ok((language, Origin::Variable(name)));
            }
        }
        Ok((Language::En, Origin::Default))
    }

    fn pick_text(
        &self,
        name: &'static str,
        flag: Option<String>,
        of_file: impl Fn(&ConfigFile) -> Option<String>,
    ) -> (Option<String>, Origin) {
        if flag.is_some() {
            return (flag, Origin::Flag);
        }
        if let Some(value) = variable(name) {
            return (Some(value), Origin::Variable(name));
        }
        for (path, file) in &self.layers {
            if let Some(value) = of_file(file) {
                return (Some(value), Origin::File(path.clone()));
            }
        }
        (None, Origin::Default)
    }

    fn country(&self, timezone: &TimeZone) -> (Country, Origin) {
        let said = self
            .layers
            .iter()
            .find_map(|(path, file)| Some((file.calendar.country?, Origin::File(path.clone()))));
        said.unwrap_or_else(|| (Country::of(timezone), Origin::Default))
    }

    /// Returns the owner's days: the holidays of every file count.
    fn calendar(&self, timezone: &TimeZone, country: Country) -> Calendar {
        let own = self.layers.iter().flat_map(|(_, file)| &file.calendar.holidays);
        calendar(timezone.clone(), country, own.map(|day| day.0))
    }

    fn policy(&self) -> Policy {
        let mut policy = Policy::default();
        for environment in Environment::ALL {
            policy.sizing.insert(*environment, self.sizing(*environment));
        }
        let rules = self.layers.iter().flat_map(|(_, file)| &file.exempt);
        policy.exemptions = rules.map(|written| written.rule.clone()).collect();
        // The layer that wins comes first, so the others are applied before it.
        for (_, file) in self.layers.iter().rev() {
            let table = &file.environments;
            if let Some(keys) = &table.tag_keys {
                policy.environments.keys.clone_from(keys);
            }
            for (environment, words) in [
                (Environment::Dev, &table.dev),
                (Environment::Staging, &table.staging),
                (Environment::Prod, &table.prod),
            ] {
                if let Some(words) = words {
                    let words = words.iter().map(|word| word.to_lowercase()).collect();
                    policy.environments.values.insert(environment, words);
                }
            }
            policy.environments.accounts.extend(table.accounts.clone());
            for (check, switch) in &file.enabled {
                match switch {
                    Switch::On => policy.disabled_checks.remove(check),
                    Switch::Off => policy.disabled_checks.insert(check.clone()),
                };
            }
            for (check, values) in &file.thresholds {
                policy.thresholds.entry(check.clone()).or_default().extend(values.clone());
            }
        }
        policy
    }

    /// Returns the sizing of one environment: its own keys over the general ones, in
    /// each file, and a preset before the single keys beside it.
    fn sizing(&self, environment: Environment) -> SizingPolicy {
        let mut sizing = SizingPolicy::of(environment);
        for (_, file) in self.layers.iter().rev() {
            file.sizing.general().apply(&mut sizing);
            file.sizing.of(environment).apply(&mut sizing);
        }
        sizing
    }
}

pub(super) fn outside(
    origin: &Origin,
    problem: impl Into<Text>,
    hint: impl Into<Text>,
) -> ConfigError {
    ConfigError {
        file: PathBuf::from(origin.text().en),
        line: None,
        problem: Box::new(problem.into()),
        hint: Box::new(hint.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trimtab_model::policy::{CpuThreshold, Headroom, Lookback};

    fn resolve(texts: &[&str]) -> Settings {
        let layers = texts
            .iter()
            .map(|text| {
                let path = PathBuf::from("trimtab.toml");
                (path.clone(), parse(&path, text).unwrap())
            })
            .collect();
        let overrides = Overrides { data_dir: Some(PathBuf::from("data")), ..Overrides::default() };
        Resolution { overrides: &overrides, layers }.resolve().unwrap()
    }

    #[test]
    fn an_environment_stands_over_the_general_keys() {
        let settings = resolve(&[
            "[sizing]\nlookback = \"32d\"\n[sizing.dev]\npreset = \"maximum-savings\"\ncpu_headroom = \"10%\"\n",
        ]);
        let dev = settings.policy.sizing(Environment::Dev);
        assert_eq!(dev.cpu_threshold, CpuThreshold::P90);
        assert_eq!(dev.cpu_headroom, Headroom::Percent10);
        assert_eq!(dev.lookback, Lookback::Days32);
        assert_eq!(settings.policy.sizing(Environment::Prod).cpu_threshold, CpuThreshold::P99_5);
    }

    #[test]
    fn the_time_zone_brings_its_holidays_and_the_files_bring_theirs() {
        let holidays = |texts: &[&str]| resolve(texts).policy.calendar.holidays.len();
        assert_eq!(holidays(&["timezone = \"UTC\"\n"]), 0);
        let seoul = holidays(&["timezone = \"Asia/Seoul\"\n"]);
        assert!(seoul > 100);
        let more = "[calendar]\nholidays = [2026-12-31, \"2026-11-13\"]\n";
        assert_eq!(holidays(&["timezone = \"Asia/Seoul\"\n", more]), seoul + 2);
        assert_eq!(
            holidays(&["[calendar]\ncountry = \"none\"\n", "timezone = \"Asia/Seoul\"\n"]),
            0
        );
        let named = resolve(&["[calendar]\ncountry = \"KR\"\n"]);
        assert_eq!(named.policy.calendar.zone_name(), "UTC");
        assert_eq!(named.policy.calendar.holidays.len(), seoul);
    }

    #[test]
    fn rules_of_every_file_hold_in_their_order() {
        let rule = |account: &str| format!("[[exempt]]\naccount = \"{account}\"\nreason = \"x\"\n");
        let settings = resolve(&[&rule("1"), &rule("2")]);
        let conditions: Vec<String> =
            settings.policy.exemptions.iter().map(|rule| rule.conditions()).collect();
        assert_eq!(conditions, ["account=1", "account=2"]);
        assert!(
            settings
                .settings
                .iter()
                .any(|one| one.key == "exempt" && one.value.en == "account=2 (x)")
        );
    }

    #[test]
    fn the_first_file_wins() {
        let settings =
            resolve(&["timezone = \"Asia/Seoul\"\n", "timezone = \"UTC\"\nlang = \"ko\"\n"]);
        assert_eq!(settings.timezone.iana_name(), Some("Asia/Seoul"));
        assert_eq!(settings.language, Language::Ko);
    }
}
