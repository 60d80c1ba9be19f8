//! `rollout`: when changes may be made, how many at once, and what must be well afterwards.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::SignedDuration;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::Deserialize;

use trimtab_model::environment::Environment;
use trimtab_model::period::Period;
use trimtab_model::plan::{
    ChangeWindow, Freeze, RolloutRules, SchedulerRole, StageRules, StagingProof,
};
use trimtab_rollout::plan::Watch;

use super::file::{ConfigError, ConfigFile, DayText};
use super::gate::GateTable;
use super::refused::Refused;
use super::resolve::{Origin, outside};

/// `rollout`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolloutTable {
    /// Waves of production behind its canary, in percent.
    pub waves: Option<Vec<Percent>>,
    /// How many percent of a service may be under way at once.
    pub budget_percent: Option<Percent>,
    /// The most changes under way at once.
    pub max_in_flight: Option<Count>,
    /// How many failures halt a wave.
    pub max_failures: Option<Count>,
    /// How long a plan may wait.
    pub plan_lifetime: Option<Length>,
    /// How long the proof of a stage counts.
    pub evidence_lifetime: Option<Length>,
    /// What production needs of staging.
    pub staging_proof: Option<StagingProof>,
    /// How long the same kind of change is not planned again.
    pub cool_down: Option<Length>,
    /// How long something lies in quarantine.
    pub quarantine: Option<Length>,
    /// How long an instance may be down.
    pub instance_downtime: Option<Length>,
    /// How long a database may be down.
    pub database_downtime: Option<Length>,
    /// The role that schedules act as: its ARN, or its name.
    pub scheduler_role: Option<RoleName>,
    /// Whether production gets another database class by a copy.
    pub blue_green: Option<bool>,
    /// Development.
    #[serde(default)]
    pub dev: StageTable,
    /// Staging.
    #[serde(default)]
    pub staging: StageTable,
    /// Production.
    #[serde(default)]
    pub prod: StageTable,
    /// Who may approve.
    pub approvers: Option<Vec<Person>>,
    /// Change calendars of Systems Manager that must be open.
    #[serde(default)]
    pub calendars: Vec<Calendar>,
    /// Addresses other than AWS's own through which changes may be made.
    #[serde(default)]
    pub endpoints: Vec<String>,
    /// The limits of the gates.
    #[serde(default)]
    pub gate: GateTable,
    /// When changes may start.
    #[serde(default)]
    pub window: Vec<WindowTable>,
    /// When none may.
    #[serde(default)]
    pub freeze: Vec<FreezeTable>,
}

/// `rollout.dev` and its like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageTable {
    /// How long each change is watched.
    pub soak: Option<Length>,
    /// How much longer it may be.
    pub extension: Option<Length>,
    /// How long after that it is confirmed.
    pub confirm_after: Option<Length>,
}

/// One `[[rollout.window]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowTable {
    #[serde(default)]
    environments: Vec<Environment>,
    #[serde(default)]
    days: Vec<Day>,
    from: Hour,
    until: Hour,
    timezone: Option<ZoneName>,
}

/// One `[[rollout.freeze]]`: whole days, the last one included.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreezeTable {
    name: String,
    from: DayText,
    until: DayText,
    #[serde(default)]
    environments: Vec<Environment>,
}

/// A role of IAM: its ARN, or its name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct RoleName(String);

/// A length of time such as `30m`, `24h` or `14d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Length(SignedDuration);

/// The name or the ARN of a change calendar.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Calendar(String);

/// The name of a person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Person(String);

/// A share in percent, from 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct Percent(u8);

/// A number from 1 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct Count(u32);

/// A limit above zero.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(try_from = "toml::Value")]
pub struct Limit(pub(super) f64);

/// A day of the week, Monday as 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Day(u8);

/// A time of the day such as `04:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Hour(Time);

/// An IANA time zone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ZoneName(String);

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// The longest that anything lasts here, in days.
const LONGEST_DAYS: i64 = 366;

/// Returns the rules of the first file that says anything of changes.
///
/// A window whose zone nobody named would be one of this machine, and is refused.
pub(super) fn rules(
    layers: &[(PathBuf, ConfigFile)],
    timezone: &TimeZone,
    zone: &Origin,
) -> Result<RolloutRules, ConfigError> {
    let own = RolloutTable::default();
    let says =
        |table: &RolloutTable| RolloutTable { endpoints: Vec::new(), ..table.clone() } != own;
    let written = layers.iter().find(|(_, file)| says(&file.rollout));
    let Some((path, file)) = written else { return Ok(own.rules(timezone)) };
    if *zone == Origin::Default && file.rollout.needs_zone() {
        return Err(outside(
            &Origin::File(path.clone()),
            (
                "a window or freeze of `rollout` has no time zone",
                "`rollout`의 변경 시간대나 변경 금지 기간에 시간대가 없습니다",
            ),
            (
                "set `timezone`, such as Asia/Seoul, or `timezone` of each window",
                "`timezone`을 Asia/Seoul처럼 설정하거나 각 변경 시간대에 `timezone`을 쓰세요",
            ),
        ));
    }
    Ok(file.rollout.rules(timezone))
}

/// Returns the addresses of the first file that names any.
pub(super) fn endpoints(layers: &[(PathBuf, ConfigFile)]) -> Vec<String> {
    let mut named = layers.iter().map(|(_, file)| &file.rollout.endpoints);
    named.find(|endpoints| !endpoints.is_empty()).cloned().unwrap_or_default()
}

/// Returns the queries and alarms of the first file that says anything of changes.
pub(super) fn watch(layers: &[(PathBuf, ConfigFile)]) -> Watch {
    let own = RolloutTable::default();
    let written = layers.iter().find(|(_, file)| file.rollout != own);
    written.map(|(_, file)| file.rollout.gate.watch()).unwrap_or_default()
}

impl RolloutTable {
    /// Returns the rules: those of the file over the defaults. Windows that name no zone are
    /// of `zone`.
    fn rules(&self, zone: &TimeZone) -> RolloutRules {
        let own = RolloutRules::default();
        let length = |given: Option<Length>, default| given.map_or(default, |length| length.0);
        let stage = |environment, table: StageTable| {
            let default = StageRules::of(environment);
            let rules = StageRules {
                soak: length(table.soak, default.soak),
                extension: length(table.extension, default.extension),
                confirm_after: length(table.confirm_after, default.confirm_after),
            };
            (environment, rules)
        };
        let waves = self.waves.as_ref();
        RolloutRules {
            windows: self.window.iter().map(|window| window.rule(zone)).collect(),
            freezes: self.freeze.iter().filter_map(|freeze| freeze.rule(zone)).collect(),
            stages: BTreeMap::from([
                stage(Environment::Dev, self.dev),
                stage(Environment::Staging, self.staging),
                stage(Environment::Prod, self.prod),
                stage(Environment::Unknown, self.prod),
            ]),
            waves: waves.map_or(own.waves, |waves| waves.iter().map(|wave| wave.0).collect()),
            budget_percent: self.budget_percent.map_or(own.budget_percent, |share| share.0),
            max_in_flight: self.max_in_flight.map_or(own.max_in_flight, |count| count.0),
            max_failures: self.max_failures.map_or(own.max_failures, |count| count.0),
            plan_lifetime: length(self.plan_lifetime, own.plan_lifetime),
            evidence_lifetime: length(self.evidence_lifetime, own.evidence_lifetime),
            staging_proof: self.staging_proof.unwrap_or(own.staging_proof),
            cool_down: length(self.cool_down, own.cool_down),
            quarantine: length(self.quarantine, own.quarantine),
            instance_downtime: length(self.instance_downtime, own.instance_downtime),
            database_downtime: length(self.database_downtime, own.database_downtime),
            blue_green: self.blue_green.unwrap_or(own.blue_green),
            limits: self.gate.limits(),
            calendars: self.calendars.iter().map(|calendar| calendar.0.clone()).collect(),
            approvers: self.approvers.iter().flatten().map(|person| person.0.clone()).collect(),
            scheduler: SchedulerRole {
                every: self.scheduler_role.as_ref().map(|role| role.0.clone()),
                accounts: BTreeMap::new(),
            },
        }
    }

    /// Returns whether a window leaves its zone to `timezone`.
    fn needs_zone(&self) -> bool {
        self.window.iter().any(|window| window.timezone.is_none()) || !self.freeze.is_empty()
    }
}

impl WindowTable {
    fn rule(&self, zone: &TimeZone) -> ChangeWindow {
        let own = self.timezone.as_ref().map(|zone| zone.0.clone());
        let time_zone = own.or_else(|| zone.iana_name().map(str::to_owned));
        ChangeWindow {
            environments: self.environments.clone(),
            days: self.days.iter().map(|day| day.0).collect(),
            from: self.from.0,
            until: self.until.0,
            time_zone: time_zone.unwrap_or_default(),
        }
    }
}

impl FreezeTable {
    fn rule(&self, zone: &TimeZone) -> Option<Freeze> {
        let start = zone.to_timestamp(self.from.0.to_datetime(Time::midnight())).ok()?;
        let last = self.until.0.tomorrow().ok()?;
        let end = zone.to_timestamp(last.to_datetime(Time::midnight())).ok()?;
        Some(Freeze {
            name: self.name.clone(),
            period: Period::new(start, end).ok()?,
            environments: self.environments.clone(),
        })
    }
}

impl RoleName {
    /// Returns it as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RoleName {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        // What IAM lets a name be made of, and a path before it.
        let is_plain = |text: &str| {
            !text.is_empty()
                && text.chars().all(|c| c.is_ascii_alphanumeric() || "+=,.@_-/".contains(c))
        };
        let name = match text.strip_prefix("arn:") {
            Some(rest) => rest.split_once(":role/").map(|(_, name)| name),
            None => Some(text.as_str()),
        };
        if name.is_some_and(is_plain) {
            return Ok(Self(text));
        }
        Err(Refused::new(
            format!("`{text}` is neither the name nor the ARN of a role"),
            format!("역할의 이름이나 ARN이 아닙니다: `{text}`"),
        ))
    }
}

impl TryFrom<String> for Length {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let refused = || {
            Refused::new(
                format!("`{text}` is not a length of time such as 30m, 24h or 14d"),
                format!("30m, 24h, 14d와 같은 시간 길이가 아닙니다: `{text}`"),
            )
        };
        let unit = text.chars().last().ok_or_else(refused)?;
        let minutes = match unit {
            'm' => 1,
            'h' => 60,
            'd' => 24 * 60,
            _ => return Err(refused()),
        };
        let number = text.strip_suffix(unit).unwrap_or_default();
        let number: i64 = number.parse().map_err(|_| refused())?;
        let all = number.checked_mul(minutes).ok_or_else(refused)?;
        (0..=LONGEST_DAYS * 24 * 60)
            .contains(&all)
            .then(|| Self(SignedDuration::from_mins(all)))
            .ok_or_else(refused)
    }
}

impl TryFrom<String> for Person {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let name = text.trim();
        if name.is_empty() || name.chars().any(char::is_control) {
            return Err(Refused::new(
                format!("`{text}` is not the name of a person"),
                format!("사람의 이름이 아닙니다: `{text}`"),
            ));
        }
        Ok(Self(name.to_owned()))
    }
}

impl TryFrom<String> for Calendar {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "_-.:/".contains(sign);
        if !(3..=2048).contains(&text.len()) || !text.chars().all(is_sign) {
            return Err(Refused::new(
                format!("`{text}` is not the name or ARN of a change calendar"),
                format!("변경 일정의 이름이나 ARN이 아닙니다: `{text}`"),
            ));
        }
        Ok(Self(text))
    }
}

impl TryFrom<i64> for Percent {
    type Error = Refused;

    fn try_from(value: i64) -> Result<Self, Self::Error> {
        u8::try_from(value).ok().filter(|share| (1..=100).contains(share)).map(Self).ok_or_else(
            || {
                Refused::new(
                    format!("`{value}` is not a percentage from 1 to 100"),
                    format!("1부터 100까지의 백분율이 아닙니다: `{value}`"),
                )
            },
        )
    }
}

impl TryFrom<i64> for Count {
    type Error = Refused;

    fn try_from(value: i64) -> Result<Self, Self::Error> {
        u32::try_from(value).ok().filter(|count| *count > 0).map(Self).ok_or_else(|| {
            Refused::new(
                format!("`{value}` is not a number from 1 on"),
                format!("1 이상의 수가 아닙니다: `{value}`"),
            )
        })
    }
}

impl TryFrom<toml::Value> for Limit {
    type Error = Refused;

    fn try_from(value: toml::Value) -> Result<Self, Self::Error> {
        let number = match &value {
            toml::Value::Integer(number) => Some(*number as f64),
            toml::Value::Float(number) => Some(*number),
            _ => None,
        };
        number.filter(|limit| limit.is_finite() && *limit > 0.0).map(Self).ok_or_else(|| {
            Refused::new(
                format!("`{value}` is not a number above zero"),
                format!("0보다 큰 수가 아닙니다: `{value}`"),
            )
        })
    }
}

impl TryFrom<String> for Day {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let found = DAYS.iter().position(|day| text.eq_ignore_ascii_case(day));
        found.and_then(|index| u8::try_from(index).ok()).map(Self).ok_or_else(|| {
            let known = DAYS.join(", ");
            Refused::new(
                format!("`{text}` is not a day of the week: {known}"),
                format!("요일이 아닙니다: `{text}`. 쓸 수 있는 값: {known}"),
            )
        })
    }
}

impl TryFrom<String> for Hour {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self).map_err(|_| {
            Refused::new(
                format!("`{text}` is not a time of the day such as 04:00"),
                format!("04:00과 같은 시각이 아닙니다: `{text}`"),
            )
        })
    }
}

impl TryFrom<String> for ZoneName {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match TimeZone::get(&text) {
            Ok(_) => Ok(Self(text)),
            Err(_) => Err(Refused::new(
                format!("`{text}` is not a time zone: write an IANA name such as Asia/Seoul"),
                format!("시간대가 아닙니다. Asia/Seoul과 같은 IANA 이름을 쓰세요: `{text}`"),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::{ResourceKind, ResourceRef};

    use super::*;

    fn rules(text: &str) -> Result<RolloutRules, String> {
        let zone = TimeZone::get("Asia/Seoul").unwrap();
        let table = toml::from_str::<RolloutTable>(text).map_err(|cause| cause.to_string())?;
        Ok(table.rules(&zone))
    }

    #[test]
    fn nothing_said_is_the_default_and_no_window() {
        let found = rules("").unwrap();
        assert!(found.windows.is_empty());
        assert_eq!(found.waves, [5, 25, 100]);
        assert_eq!(found.stage(Environment::Prod).soak, SignedDuration::from_hours(24));
    }

    #[test]
    fn windows_freezes_and_stages_are_as_written() {
        let found = rules(
            r#"
            waves = [10, 100]
            staging_proof = "required"
            cool_down = "30d"
            [prod]
            soak = "90m"
            [gate]
            latency_p95_ms = 120
            [[window]]
            environments = ["prod"]
            days = ["tue", "WED"]
            from = "04:00"
            until = "06:00"
            [[freeze]]
            name = "설 이벤트"
            from = 2027-02-05
            until = "2027-02-10"
            "#,
        )
        .unwrap();
        assert_eq!(found.staging_proof, StagingProof::Required);
        assert_eq!(found.cool_down, SignedDuration::from_hours(30 * 24));
        let window = &found.windows[0];
        assert_eq!(
            (window.days.as_slice(), window.time_zone.as_str()),
            ([1, 2].as_slice(), "Asia/Seoul")
        );
        // Whole days of Seoul, the last one included.
        assert_eq!(found.freezes[0].period.seconds(), 6 * 86_400);
        assert_eq!(found.freezes[0].period.start().to_string(), "2027-02-04T15:00:00Z");
        assert_eq!(found.stage(Environment::Unknown).soak, SignedDuration::from_mins(90));
        assert!((found.limits.latency_p95_ms - 120.0).abs() < 1e-9);
        assert!((found.limits.cpu_percent - 80.0).abs() < 1e-9);
    }

    #[test]
    fn the_role_of_schedules_is_of_the_account_of_the_resource() {
        let mut found = rules("scheduler_role = 'trimtab-scheduler'").unwrap().scheduler;
        found
            .accounts
            .insert("111122223333".into(), "arn:aws:iam::111122223333:role/x/y".to_owned());
        let of = |account: &str, region: &str| {
            found.arn(&ResourceRef {
                id: "i-1".into(),
                kind: ResourceKind::Instance,
                account: account.into(),
                region: region.into(),
                environment: Environment::Dev,
                name: None,
            })
        };
        let own = "arn:aws:iam::111122223333:role/x/y";
        assert_eq!(of("111122223333", "ap-northeast-2").as_deref(), Some(own));
        let china = "arn:aws-cn:iam::444455556666:role/trimtab-scheduler";
        assert_eq!(of("444455556666", "cn-north-1").as_deref(), Some(china));
        assert!(rules("").unwrap().scheduler.is_unset());
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let window =
            |more: &str| format!("[[window]]\nfrom = \"04:00\"\nuntil = \"06:00\"\n{more}");
        for (text, word) in [
            ("approvers = ['kim', ' ']".to_owned(), "name of a person"),
            ("calendars = ['a b c']".to_owned(), "change calendar"),
            ("waves = [0]".to_owned(), "percentage"),
            ("waves = [101]".to_owned(), "percentage"),
            ("max_in_flight = 0".to_owned(), "number from 1"),
            ("staging_proof = 'maybe'".to_owned(), "if-staged"),
            ("plan_lifetime = '3 weeks'".to_owned(), "length of time"),
            ("plan_lifetime = '-3d'".to_owned(), "length of time"),
            ("plan_lifetime = '9000d'".to_owned(), "length of time"),
            ("[gate]\ncpu_percent = nan".to_owned(), "above zero"),
            ("[gate]\ncpu_percent = -1".to_owned(), "above zero"),
            (window("days = ['tues']"), "day of the week"),
            (window("timezone = 'Seoul'"), "time zone"),
            ("[[window]]\nfrom = '25:00'\nuntil = '06:00'".to_owned(), "time of the day"),
            ("[[window]]\nfrom = '04:00'".to_owned(), "until"),
            ("speed = 3".to_owned(), "speed"),
            ("scheduler_role = 'my role'".to_owned(), "ARN of a role"),
            ("scheduler_role = 'arn:aws:iam::1:user/kim'".to_owned(), "ARN of a role"),
        ] {
            let refused = rules(&text).unwrap_err();
            assert!(refused.contains(word), "{text}: {refused}");
        }
    }
}
