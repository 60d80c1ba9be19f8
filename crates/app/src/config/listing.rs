//! What the owner wants, value by value, each with the file it came from.

use std::path::PathBuf;

use trimtab_model::environment::Environment;
use trimtab_model::money::Money;
use trimtab_model::policy::{Policy, SizingPolicy};
use trimtab_model::text::Text;

use super::exempt::WrittenRule;
use super::file::ConfigFile;
use super::notify::notify_settings;
use super::resolve::{Origin, Setting};
use super::sizing::SizingKeys;

/// Lists the values of a policy; `layers` are the files, the one that wins first.
pub(super) fn policy_settings(layers: &[(PathBuf, ConfigFile)], policy: &Policy) -> Vec<Setting> {
    let origin_of = |has: &dyn Fn(&ConfigFile) -> bool| {
        layers
            .iter()
            .find(|(_, file)| has(file))
            .map_or(Origin::Default, |(path, _)| Origin::File(path.clone()))
    };
    let mut settings = Vec::new();
    for environment in Environment::ALL {
        let sizing = policy.sizing(*environment);
        let origin = origin_of(&|file| {
            file.sizing.general() != SizingKeys::default()
                || file.sizing.of(*environment) != SizingKeys::default()
        });
        settings.extend(values(&sizing).into_iter().map(|(key, value)| {
            setting(&format!("sizing.{environment}.{key}"), &value, origin.clone())
        }));
    }
    for check in &policy.disabled_checks {
        settings.push(setting(
            &format!("checks.{check}.enabled"),
            "false",
            origin_of(&|file| file.enabled.contains_key(check)),
        ));
    }
    for (check, values) in &policy.thresholds {
        for (name, value) in values {
            settings.push(setting(
                &format!("checks.{check}.{name}"),
                &value.to_string(),
                origin_of(&|file| file.thresholds.contains_key(check)),
            ));
        }
    }
    for (path, file) in layers {
        for day in &file.calendar.holidays {
            let origin = Origin::File(path.clone());
            settings.push(setting("calendar.holidays", &day.0.to_string(), origin));
        }
        for WrittenRule { rule, .. } in &file.exempt {
            let until = rule.until.map(|last| format!(", until={last}")).unwrap_or_default();
            settings.push(setting(
                "exempt",
                &format!("{}{until} ({})", rule.conditions(), rule.reason),
                Origin::File(path.clone()),
            ));
        }
        for one in &file.allocation {
            let told = format!(
                "{} ({} virtual tags, {} shared costs)",
                one.tags.join(", "),
                one.virtual_tag.len(),
                one.shared.len()
            );
            let origin = Origin::File(path.clone());
            settings.push(setting(&format!("allocation {}", one.name), &told, origin));
        }
        for rate in &file.exchange_rate {
            settings.push(setting(
                &format!("exchange_rate {}→{}", rate.from, rate.to),
                &format!("{} ({}, {})", rate.rate.0, rate.date.0, rate.source),
                Origin::File(path.clone()),
            ));
        }
        for budget in &file.budget {
            let of = budget.scope().join(", ");
            let name = budget.name.clone().unwrap_or(of);
            let Money { amount, currency } = budget.monthly.0;
            settings.push(setting(
                format!("budget {name}").trim_end(),
                &format!("{amount} {currency}"),
                Origin::File(path.clone()),
            ));
        }
    }
    settings.extend(notify_settings(layers));
    settings
}

pub(super) fn setting(key: &str, value: &str, origin: Origin) -> Setting {
    worded(key, Text::verbatim(value), origin)
}

pub(super) fn worded(key: &str, value: Text, origin: Origin) -> Setting {
    Setting { key: key.to_owned(), value, origin }
}

/// Writes a sizing policy on one line, in the words of the configuration file.
fn values(sizing: &SizingPolicy) -> Vec<(String, String)> {
    let value = serde_json::to_value(sizing).unwrap_or_default();
    let pairs = value.as_object().into_iter().flatten();
    pairs
        .flat_map(|(key, value)| match value.as_object() {
            // `harm` is one value, and three keys of the file.
            Some(parts) => parts
                .iter()
                .map(|(part, value)| (format!("{key}_{part}"), plain(value)))
                .collect::<Vec<_>>(),
            None => vec![(key.clone(), plain(value))],
        })
        .collect()
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
