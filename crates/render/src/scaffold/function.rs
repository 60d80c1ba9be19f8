//! What the function of a project is told, whoever writes it.

use super::project::{Scaffold, Template};

/// A value of the function's environment. No secret is among them: a secret's name is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Setting {
    /// The mode, which is chosen when the project is deployed: `shadow` or `live`.
    Mode,
    /// The ARN of the topic of notices, which AWS gives.
    Topic,
    /// A text that is known.
    Known(String),
}

/// Returns the environment of the function, by name.
pub(super) fn environment(scaffold: &Scaffold) -> Vec<(&'static str, Setting)> {
    let database = scaffold.database_parameter.clone();
    let mut settings =
        vec![("MODE", Setting::Mode), ("DATABASE_PARAMETER", Setting::Known(database))];
    match &scaffold.template {
        Template::S3Notice { .. } => settings.push(("TOPIC_ARN", Setting::Topic)),
        Template::Http { token_parameter } => {
            settings.push(("TOKEN_PARAMETER", Setting::Known(token_parameter.clone())));
        }
        Template::Schedule { .. } => {
            // A lease outlives the longest run, so that two never work at the same time.
            let seconds = scaffold.timeout_seconds.saturating_add(30);
            settings.push(("LEASE_SECONDS", Setting::Known(seconds.to_string())));
        }
        Template::Queue => {}
    }
    settings
}

/// Returns what the function is, in a sentence without its end.
pub(super) fn description(scaffold: &Scaffold) -> &'static str {
    match scaffold.template {
        Template::S3Notice { .. } => "Writes notices of a bucket to MySQL and announces them",
        Template::Http { .. } => "Takes notices over HTTP and writes them to MySQL",
        Template::Schedule { .. } => "Removes expired notices from MySQL by the clock",
        Template::Queue => "Writes notices of a queue to MySQL",
    }
}
