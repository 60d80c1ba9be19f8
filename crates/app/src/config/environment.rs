//! What comes from environment variables: credentials and external IDs, which are never shown,
//! and what holds before a file was read.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use trimtab_model::text::Language;

/// What an object store needs to be reached: region, endpoint and credentials, from the
/// environment variables of AWS. Never shown and never stored.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ObjectStoreOptions(BTreeMap<String, String>);

impl ObjectStoreOptions {
    pub(super) fn from_environment() -> Self {
        let names = [
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_ENDPOINT_URL",
            "AWS_ALLOW_HTTP",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_ROLE_ARN",
            "AWS_ROLE_SESSION_NAME",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        ];
        let known = names.into_iter();
        Self(known.filter_map(|name| Some((name.to_lowercase(), variable(name)?))).collect())
    }

    /// Returns the options by the names that `object_store` has for them.
    pub fn pairs(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

impl fmt::Debug for ObjectStoreOptions {
    /// Writes the names only: the values are credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// External IDs by the environment variable that holds them. Never shown and never stored.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ExternalIds(BTreeMap<String, String>);

impl ExternalIds {
    pub(super) fn from_environment(names: impl IntoIterator<Item = String>) -> Self {
        Self(
            names
                .into_iter()
                .filter_map(|name| Some((variable(&name)?, name)))
                .map(|(id, name)| (name, id))
                .collect(),
        )
    }

    /// Returns the external ID that a variable holds, if it is set.
    pub fn get(&self, variable: &str) -> Option<&String> {
        self.0.get(variable)
    }
}

impl fmt::Debug for ExternalIds {
    /// Writes the names only: the values are secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Returns whether the environment names credentials of AWS, or a profile that has them.
pub(super) fn names_credentials() -> bool {
    has_credentials() || variable("AWS_PROFILE").is_some()
}

/// Returns whether the environment has credentials of AWS, which stand before a profile's unless
/// a flag names one.
pub fn has_credentials() -> bool {
    let names = [
        "AWS_ACCESS_KEY_ID",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ];
    names.into_iter().any(|name| variable(name).is_some())
}

/// Returns the external ID that an environment variable holds, if it is set.
pub fn external_id(name: &str) -> Option<String> {
    variable(name)
}

/// Returns the password of a database account: ours first, then the variable that the server's own
/// clients read, such as `PGPASSWORD`.
pub fn database_password(of_clients: &str) -> Option<String> {
    variable("TRIMTAB_DATABASE_PASSWORD").or_else(|| variable(of_clients))
}

/// Returns the time zone of this machine by its IANA name, where the system says it.
pub fn machine_timezone() -> Option<String> {
    let named = variable("TZ").map(|name| name.trim_start_matches(':').to_owned());
    // A link into the database of zones, on Linux and macOS.
    let linked = || {
        let target = std::fs::read_link("/etc/localtime").ok()?;
        let (_, name) = target.to_str()?.rsplit_once("zoneinfo/")?;
        Some(name.to_owned())
    };
    named.or_else(linked).filter(|name| jiff::tz::TimeZone::get(name).is_ok())
}

/// Returns the name of the person at this machine, where the system says it.
pub fn machine_user() -> Option<String> {
    ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(variable)
}

/// Returns the name of this machine; `localhost` where the system does not say it.
pub fn machine_name() -> String {
    let kept = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let named = || ["HOSTNAME", "COMPUTERNAME"].into_iter().find_map(variable);
    let name = kept().or_else(named).map(|name| name.trim().to_owned());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| "localhost".to_owned())
}

/// Returns the value of a variable that is set and not empty.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Returns where everything is kept where nothing is said.
pub(super) fn default_data_dir() -> Option<PathBuf> {
    Some(directories::BaseDirs::new()?.data_dir().join("trimtab"))
}

/// Returns the language for help and for errors before the configuration was read:
/// `--lang` among the arguments, else the environment.
pub fn language_of(arguments: &[String]) -> Language {
    let flag = arguments.iter().enumerate().find_map(|(index, argument)| {
        argument
            .strip_prefix("--lang=")
            .map(str::to_owned)
            .or_else(|| (argument == "--lang").then(|| arguments.get(index + 1).cloned())?)
    });
    let word = flag.or_else(|| {
        ["TRIMTAB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable)
    });
    match word {
        Some(word) if word.starts_with("ko") => Language::Ko,
        _ => Language::En,
    }
}

/// Returns whether the environment asks for no colours, as no-color.org has it.
pub fn refuses_colour() -> bool {
    variable("NO_COLOR").is_some()
}

/// Returns the filter of the log that `TRIMTAB_LOG` names, such as `trimtab=debug`.
pub fn log_filter() -> Option<String> {
    variable("TRIMTAB_LOG")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_do_not_show() {
        let options = ObjectStoreOptions(BTreeMap::from([(
            "aws_secret_access_key".to_owned(),
            "hunter2".to_owned(),
        )]));
        assert_eq!(format!("{options:?}"), r#"{"aws_secret_access_key"}"#);
    }
}
