//! The profiles of the AWS configuration: their names and where their credentials come from.
//!
//! Read by the SDK's own loader, from where `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`
//! say. Keys are looked for and never read.

use std::collections::BTreeMap;

use aws_config::profile::{Profile, ProfileSet};
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_types::os_shim_internal::{Env, Fs};

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

/// The AWS configuration cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the AWS configuration cannot be read: {0}")]
pub struct ProfileError(String);

impl Explain for ProfileError {
    fn text(&self) -> Text {
        Text::new(self.to_string(), format!("AWS 설정을 읽을 수 없습니다: {}", self.0))
    }
}

/// Where the credentials of a profile come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A login in the browser.
    Sso {
        /// The session that several profiles share, where it has one.
        session: Option<String>,
    },
    /// A role, taken on with the credentials of another profile.
    Role {
        /// That profile.
        of: String,
    },
    /// A role, taken on with what the machine gives.
    MachineRole,
    /// An access key in a file.
    Key,
    /// A program that prints them.
    Process,
    /// A role, taken on with a token in a file.
    WebIdentity,
    /// None are named.
    Nothing,
}

/// The profiles of the AWS configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profiles {
    /// Where the credentials of each profile come from.
    pub sources: BTreeMap<String, Source>,
    /// The one that holds where none is named: that of `AWS_PROFILE`, else `default`.
    pub selected: String,
}

impl Profiles {
    /// Returns the profile that one must log in to, so that `name` has credentials.
    pub fn login_of(&self, name: &str) -> Option<&str> {
        let mut name = self.sources.get_key_value(name)?.0.as_str();
        // A circle of profiles ends too.
        for _ in 0..=self.sources.len() {
            match self.sources.get(name)? {
                Source::Sso { .. } => return Some(name),
                Source::Role { of } if of != name => name = of,
                _ => return None,
            }
        }
        None
    }
}

/// Reads the profiles; none where there is no file.
///
/// # Errors
/// Fails on a file that is not of the form that it should have.
pub async fn profiles() -> Result<Profiles, ProfileError> {
    let set = aws_config::profile::load(&Fs::real(), &Env::real(), &Default::default(), None)
        .await
        .map_err(|cause| ProfileError(DisplayErrorContext(&cause).to_string()))?;
    Ok(sorted(&set))
}

fn sorted(set: &ProfileSet) -> Profiles {
    let profiles = set.profiles().filter_map(|name| set.get_profile(name));
    Profiles {
        sources: profiles.map(|one| (one.name().to_owned(), source(one))).collect(),
        selected: set.selected_profile().to_owned(),
    }
}

/// Looks in the order in which the SDK does.
fn source(profile: &Profile) -> Source {
    let has = |key| profile.get(key).is_some();
    if has("role_arn") {
        return match profile.get("source_profile") {
            Some(of) => Source::Role { of: of.to_owned() },
            None if has("web_identity_token_file") => Source::WebIdentity,
            None => Source::MachineRole,
        };
    }
    if has("sso_session") || has("sso_start_url") {
        return Source::Sso { session: profile.get("sso_session").map(str::to_owned) };
    }
    if has("credential_process") {
        return Source::Process;
    }
    if has("aws_access_key_id") { Source::Key } else { Source::Nothing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_logged_in_to_through_its_source() {
        let role = |of: &str| Source::Role { of: of.to_owned() };
        let profiles = Profiles {
            sources: BTreeMap::from([
                ("login".to_owned(), Source::Sso { session: None }),
                ("live".to_owned(), role("login")),
                ("a".to_owned(), role("b")),
                ("b".to_owned(), role("a")),
                ("key".to_owned(), Source::Key),
            ]),
            selected: "default".to_owned(),
        };
        assert_eq!(profiles.login_of("live"), Some("login"));
        assert_eq!(profiles.login_of("login"), Some("login"));
        assert_eq!(profiles.login_of("a"), None);
        assert_eq!(profiles.login_of("key"), None);
        assert_eq!(profiles.login_of("nobody"), None);
    }
}
