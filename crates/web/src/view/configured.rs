//! What the settings page says: accounts and roles, who may do what, and what the owner wants, as configuration and
//! store have it. No secret is in it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_app::config::Settings;
use trimtab_app::failure::{Failure, Kind};
use trimtab_model::document::DocumentKind;
use trimtab_model::plan::{ChangeWindow, Freeze, GateLimits, RolloutRules};
use trimtab_render::number::significant;

use crate::options::Authentication;
use crate::shared::Shared;

/// What the settings page says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Configured {
    /// `trimtab/v1/settings`.
    schema: &'static str,
    /// The accounts that the configuration names, or that were read.
    pub(crate) accounts: Vec<KnownAccount>,
    /// The role that is taken on in each account of the organisation; null where none is asked.
    pub(crate) organization_role: Option<String>,
    /// The profile of the AWS configuration to start from; null where none is named.
    pub(crate) profile: Option<String>,
    /// Who may approve, by name; anybody where nobody is named.
    pub(crate) approvers: Vec<String>,
    /// How readers prove to be allowed in: `token`, or `none`.
    pub(crate) authentication: &'static str,
    /// Whether nothing may be decided on the pages of this server.
    pub(crate) is_read_only: bool,
    /// Other names that the server answers to.
    pub(crate) hosts: Vec<String>,
    /// How sizes are chosen, by environment.
    pub(crate) sizing: Vec<SizingOf>,
    /// What is taken out of checks.
    pub(crate) exceptions: Vec<Exception>,
    /// When changes may start, and when not.
    pub(crate) times: Vec<ChangeTime>,
    /// How far changes may go at once, and what must be well afterwards.
    pub(crate) limits: Vec<LimitOf>,
    /// Where reports are sent.
    pub(crate) channels: Vec<ChannelOf>,
    /// Exchange rates, for showing only.
    pub(crate) exchange_rates: Vec<RateOf>,
}

/// An account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub(crate) struct KnownAccount {
    /// The account.
    pub(crate) account: String,
    /// What people call it; null where it has no name.
    pub(crate) alias: Option<String>,
    /// The environment that it serves as a whole; null where only tags say.
    pub(crate) environment: Option<String>,
    /// Whether the configuration names it.
    pub(crate) is_configured: bool,
    /// The role to read with; null where the credentials are used as they are.
    pub(crate) read_role: Option<String>,
    /// The role to make changes with; null where the credentials are used as they are.
    pub(crate) apply_role: Option<String>,
    /// The role that schedules act as; null where there is none.
    pub(crate) scheduler_role: Option<String>,
    /// Regions to read; all that are enabled where empty.
    pub(crate) regions: Vec<String>,
    /// When something of it was last read from AWS; null where that was never.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) last_read: Option<Timestamp>,
    /// How many resources of it the inventory has; null without an inventory.
    pub(crate) resources: Option<u64>,
    /// How many listings were not complete the last time; null where it was never read.
    pub(crate) holes: Option<u64>,
}

/// How sizes are chosen in one environment, in the words of the configuration.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct SizingOf {
    /// The environment.
    pub(crate) environment: String,
    /// `expected-cost` or `percentile`.
    pub(crate) method: String,
    /// The percentile of CPU demand.
    pub(crate) cpu_threshold: String,
    /// Spare CPU.
    pub(crate) cpu_headroom: String,
    /// Spare memory.
    pub(crate) memory_headroom: String,
    /// How far back demand is read.
    pub(crate) lookback: String,
    /// How far ahead a size must hold.
    pub(crate) horizon: String,
    /// Whether another processor architecture may be proposed: `allow` or `deny`.
    pub(crate) other_architecture: String,
    /// Whether burstable types may be proposed.
    pub(crate) burstable: String,
    /// Whether types of an older generation may be proposed.
    pub(crate) previous_generation: String,
    /// Whether derived prices may be used.
    pub(crate) estimated_prices: String,
}

/// What is taken out of checks.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Exception {
    /// The key of the configuration.
    pub(crate) key: String,
    /// What it is about.
    pub(crate) what: String,
    /// The last day on which it holds; null where it holds for ever.
    #[schema(value_type = Option<String>, format = Date)]
    pub(crate) until: Option<Date>,
    /// Why; null where nobody says.
    pub(crate) reason: Option<String>,
}

/// When changes may start, or may not.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct ChangeTime {
    /// The key of the configuration: `rollout.window`, `rollout.freeze` or `rollout.calendars`.
    pub(crate) key: &'static str,
    /// The name of a freeze or a calendar; null for a window.
    pub(crate) name: Option<String>,
    /// From when.
    pub(crate) from: Option<String>,
    /// Until when.
    pub(crate) until: Option<String>,
    /// The environments; all where empty.
    pub(crate) environments: Vec<String>,
    /// The window itself, for words about it.
    #[serde(skip)]
    pub(crate) window: Option<ChangeWindow>,
    /// The freeze itself.
    #[serde(skip)]
    pub(crate) freeze: Option<Freeze>,
}

/// A limit.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct LimitOf {
    /// The key of the configuration.
    pub(crate) key: &'static str,
    /// Its value, in the words of the configuration.
    pub(crate) value: String,
}

/// A way out for reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ChannelOf {
    /// Its name.
    pub(crate) name: String,
    /// `mail`, `slack`, `webhook` or `files`.
    pub(crate) kind: &'static str,
    /// Where it leads; of an address that is itself a secret, where that is kept.
    pub(crate) place: String,
    /// The addresses of mail.
    pub(crate) receivers: Vec<String>,
    /// The reports that leave by it by themselves.
    pub(crate) reports: Vec<&'static str>,
}

/// An exchange rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct RateOf {
    /// From this currency.
    pub(crate) from: String,
    /// To this one.
    pub(crate) to: String,
    /// How much of `to` one `from` is.
    pub(crate) rate: String,
    /// The day of the rate.
    #[schema(value_type = String, format = Date)]
    pub(crate) date: Date,
    /// Who published it.
    pub(crate) source: String,
}

/// Makes what the settings page says.
///
/// # Errors
/// Fails if the store cannot be read.
pub(crate) fn configured(shared: &Shared) -> Result<Configured, Failure> {
    let settings = &shared.settings;
    Ok(Configured {
        schema: "trimtab/v1/settings",
        accounts: accounts(shared)?,
        organization_role: settings.organization.as_ref().map(|one| one.role.clone()),
        profile: settings.profile.clone(),
        approvers: settings.rollout.approvers.clone(),
        authentication: match shared.options.authentication {
            Authentication::Token => "token",
            Authentication::None => "none",
        },
        is_read_only: shared.options.is_read_only,
        hosts: shared.options.hosts.clone(),
        sizing: sizing(settings),
        exceptions: exceptions(settings),
        times: times(&settings.rollout),
        limits: limits(&settings.rollout),
        channels: channels(settings),
        exchange_rates: rates(settings),
    })
}

fn accounts(shared: &Shared) -> Result<Vec<KnownAccount>, Failure> {
    let settings = &shared.settings;
    let mut all: BTreeMap<String, KnownAccount> = BTreeMap::new();
    for table in &settings.accounts {
        let own = table.scheduler_role.as_ref().map(|role| role.as_str().to_owned());
        let one = KnownAccount {
            alias: table.alias.clone(),
            is_configured: true,
            read_role: table.role.clone(),
            apply_role: table.apply_role.clone(),
            scheduler_role: own.or_else(|| settings.rollout.scheduler.every.clone()),
            regions: table.regions.clone(),
            ..KnownAccount::default()
        };
        all.insert(table.id.clone(), one);
    }
    let read = shared.state().collections();
    for (_, one) in read.map_err(|cause| Failure::from_error(Kind::Failed, &cause))? {
        let known = all.entry(one.account.as_str().to_owned()).or_default();
        known.last_read = known.last_read.max(Some(one.at));
        *known.holes.get_or_insert(0) += u64::from(one.outcome.is_hole());
    }
    if shared.inventory()?.is_some() {
        for (account, count) in shared.register()?.by_account() {
            let known = all.entry(account.as_str().to_owned()).or_default();
            known.resources = Some(*count);
        }
        all.values_mut().for_each(|one| {
            one.resources.get_or_insert(0);
        });
    }
    // What has no account is no account.
    all.remove("");
    let environments = &settings.policy.environments.accounts;
    let named = all.into_iter().map(|(account, one)| {
        let environment = environments.get(&account.as_str().into());
        KnownAccount { environment: environment.map(ToString::to_string), account, ..one }
    });
    Ok(named.collect())
}

/// Returns a value in the word of the configuration.
fn word(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

fn sizing(settings: &Settings) -> Vec<SizingOf> {
    use trimtab_model::environment::Environment;
    let of = |environment: &Environment| {
        let sizing = settings.policy.sizing(*environment);
        SizingOf {
            environment: environment.as_str().to_owned(),
            method: word(&sizing.method),
            cpu_threshold: word(&sizing.cpu_threshold),
            cpu_headroom: word(&sizing.cpu_headroom),
            memory_headroom: word(&sizing.memory_headroom),
            lookback: word(&sizing.lookback),
            horizon: word(&sizing.horizon),
            other_architecture: word(&sizing.other_architecture),
            burstable: word(&sizing.burstable),
            previous_generation: word(&sizing.previous_generation),
            estimated_prices: word(&sizing.estimated_prices),
        }
    };
    Environment::ALL.iter().map(of).collect()
}

fn exceptions(settings: &Settings) -> Vec<Exception> {
    let policy = &settings.policy;
    let rules = policy.exemptions.iter().map(|rule| Exception {
        key: "exempt".to_owned(),
        what: rule.conditions(),
        until: rule.until,
        reason: Some(rule.reason.clone()),
    });
    let plain = |key: String, what: String| Exception { key, what, until: None, reason: None };
    let disabled = policy
        .disabled_checks
        .iter()
        .map(|check| plain(format!("checks.{check}.enabled"), "false".to_owned()));
    let thresholds = policy.thresholds.iter().flat_map(|(check, values)| {
        values
            .iter()
            .map(move |(name, value)| plain(format!("checks.{check}.{name}"), value.to_string()))
    });
    rules.chain(disabled).chain(thresholds).collect()
}

fn times(rules: &RolloutRules) -> Vec<ChangeTime> {
    let words = |all: &[trimtab_model::environment::Environment]| {
        all.iter().map(ToString::to_string).collect()
    };
    let windows = rules.windows.iter().map(|window| ChangeTime {
        key: "rollout.window",
        name: None,
        from: Some(format!("{} {}", window.from.strftime("%H:%M"), window.time_zone)),
        until: Some(format!("{} {}", window.until.strftime("%H:%M"), window.time_zone)),
        environments: words(&window.environments),
        window: Some(window.clone()),
        freeze: None,
    });
    let freezes = rules.freezes.iter().map(|freeze| ChangeTime {
        key: "rollout.freeze",
        name: Some(freeze.name.clone()),
        from: Some(freeze.period.start().to_string()),
        until: Some(freeze.period.end().to_string()),
        environments: words(&freeze.environments),
        window: None,
        freeze: Some(freeze.clone()),
    });
    let calendars = rules.calendars.iter().map(|name| ChangeTime {
        key: "rollout.calendars",
        name: Some(name.clone()),
        from: None,
        until: None,
        environments: Vec::new(),
        window: None,
        freeze: None,
    });
    windows.chain(freezes).chain(calendars).collect()
}

fn limits(rules: &RolloutRules) -> Vec<LimitOf> {
    let waves: Vec<String> = rules.waves.iter().map(|wave| format!("{wave}%")).collect();
    let limit = |key, value: String| LimitOf { key, value };
    let mut all = vec![
        limit("rollout.waves", waves.join(", ")),
        limit("rollout.budget_percent", format!("{}%", rules.budget_percent)),
        limit("rollout.max_in_flight", rules.max_in_flight.to_string()),
        limit("rollout.max_failures", rules.max_failures.to_string()),
        limit("rollout.staging_proof", word(&rules.staging_proof)),
        limit("rollout.blue_green", rules.blue_green.to_string()),
        limit("rollout.plan_lifetime", length(rules.plan_lifetime)),
        limit("rollout.evidence_lifetime", length(rules.evidence_lifetime)),
        limit("rollout.cool_down", length(rules.cool_down)),
        limit("rollout.quarantine", length(rules.quarantine)),
        limit("rollout.instance_downtime", length(rules.instance_downtime)),
        limit("rollout.database_downtime", length(rules.database_downtime)),
    ];
    all.extend(gates(&rules.limits));
    all
}

/// Returns a length of time as the configuration has it.
fn length(length: SignedDuration) -> String {
    const DAY: i64 = 86_400;
    match length.as_secs() {
        seconds if seconds > 0 && seconds % DAY == 0 => format!("{}d", seconds / DAY),
        _ => format!("{length:#}"),
    }
}

fn gates(limits: &GateLimits) -> Vec<LimitOf> {
    let percent = |value: f64| format!("{}%", significant(value));
    let limit = |key, value: String| LimitOf { key, value };
    vec![
        limit("rollout.gate.cpu_percent", percent(limits.cpu_percent)),
        limit("rollout.gate.memory_percent", percent(limits.memory_percent)),
        limit("rollout.gate.latency_p95_ms", format!("{} ms", significant(limits.latency_p95_ms))),
        limit("rollout.gate.error_percent", percent(limits.error_percent)),
        limit("rollout.gate.availability_percent", percent(limits.availability_percent)),
        limit("rollout.gate.swap_percent", percent(limits.swap_percent)),
        limit("rollout.gate.connections_percent", percent(limits.connections_percent)),
        limit(
            "rollout.gate.replica_lag_seconds",
            format!("{} s", significant(limits.replica_lag_seconds)),
        ),
        limit(
            "rollout.gate.control_difference_percent",
            percent(limits.control_difference_percent),
        ),
        limit(
            "rollout.gate.history_difference_percent",
            percent(limits.history_difference_percent),
        ),
    ]
}

fn channels(settings: &Settings) -> Vec<ChannelOf> {
    let notify = &settings.notify;
    let kinds = [DocumentKind::Weekly, DocumentKind::Monthly, DocumentKind::Quarterly];
    let channel = |(name, table): (&str, &trimtab_app::config::ChannelTable)| {
        let sends = |kind: &DocumentKind| notify.channels_of(*kind).iter().any(|one| one == name);
        ChannelOf {
            name: name.to_owned(),
            kind: table.kind(),
            place: table.place(),
            receivers: table.receivers().into_iter().filter(|one| !one.is_empty()).collect(),
            reports: kinds.into_iter().filter(sends).map(DocumentKind::as_str).collect(),
        }
    };
    notify.channels().map(channel).collect()
}

fn rates(settings: &Settings) -> Vec<RateOf> {
    let rate = |table: &trimtab_app::config::ExchangeRateTable| RateOf {
        from: table.from.code().to_owned(),
        to: table.to.code().to_owned(),
        rate: table.rate.0.to_string(),
        date: table.date.0,
        source: table.source.clone(),
    };
    settings.exchange_rates.iter().map(rate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_in_the_words_of_the_configuration() {
        assert_eq!(length(SignedDuration::from_hours(336)), "14d");
        assert_eq!(length(SignedDuration::from_mins(30)), "30m");
        assert_eq!(length(SignedDuration::from_mins(90)), "1h 30m");
        assert_eq!(length(SignedDuration::ZERO), "0s");
    }

    #[test]
    fn every_limit_is_a_key_of_the_configuration() {
        let known: Vec<&str> = trimtab_app::config::keys().map(|key| key.path).collect();
        let all = limits(&RolloutRules::default());
        for one in all {
            assert!(known.contains(&one.key), "{}", one.key);
        }
    }
}
