//! `prometheus`: the server to ask, and how we say who we are.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use trimtab_prometheus::client::Credentials;
use trimtab_prometheus::mapping::NameLabels;

use super::environment::variable;
use crate::failure::{Failure, Kind, words};

/// The label that discovery on EC2 holds the instance's id in, once it is relabelled.
const INSTANCE_LABEL: &str = "instance_id";
/// The label that CloudWatch's dimension becomes in exporters for RDS.
const DATABASE_LABEL: &str = "dbinstance_identifier";

/// The keys of `prometheus`, as a file has them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrometheusTable {
    /// Address.
    pub url: Option<String>,
    /// File with a bearer token.
    pub bearer_token_file: Option<PathBuf>,
    /// Variable with a bearer token.
    pub bearer_token_env: Option<String>,
    /// User.
    pub username: Option<String>,
    /// File with the password.
    pub password_file: Option<PathBuf>,
    /// Variable with the password.
    pub password_env: Option<String>,
    /// Certificates that vouch for the server.
    pub ca_file: Option<PathBuf>,
    /// Label matchers of every query.
    #[serde(rename = "match")]
    pub matchers: Option<String>,
    /// Label with the id or the address of an instance.
    pub instance_label: Option<String>,
    /// Label with the identifier or the endpoint of a DB instance.
    pub database_label: Option<String>,
}

/// The section with what the environment holds for it. Secrets are never shown or stored.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PrometheusSettings {
    table: PrometheusTable,
    bearer_token: Option<String>,
    password: Option<String>,
}

impl fmt::Debug for PrometheusSettings {
    /// Writes the table only: the rest are secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table.fmt(f)
    }
}

impl PrometheusSettings {
    /// Reads the variables that the section names.
    pub(super) fn of(table: PrometheusTable) -> Self {
        Self {
            bearer_token: table.bearer_token_env.as_deref().and_then(variable),
            password: table.password_env.as_deref().and_then(variable),
            table,
        }
    }

    /// Returns the address of the server, if there is one to ask.
    pub fn url(&self) -> Option<&str> {
        self.table.url.as_deref()
    }

    /// Returns the label matchers that every query has besides.
    pub fn matchers(&self) -> &str {
        self.table.matchers.as_deref().unwrap_or_default()
    }

    /// Returns the labels that name resources.
    ///
    /// # Errors
    /// Fails on what cannot be the name of a label.
    pub fn labels(&self) -> Result<NameLabels, Failure> {
        let label = |key: &str, own: &Option<String>, default: &str| {
            let name = own.as_deref().unwrap_or(default);
            let is_letter = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
            let fits = name.starts_with(is_letter)
                && name.chars().all(|letter| is_letter(letter) || letter.is_ascii_digit());
            fits.then(|| name.to_owned()).ok_or_else(|| {
                Failure::usage(
                    (
                        format!("prometheus.{key}: `{name}` is not the name of a label"),
                        format!("prometheus.{key}: 레이블 이름이 아닙니다(`{name}`)"),
                    ),
                    (
                        "write letters, digits and underscores, such as instance_id",
                        "instance_id처럼 영문자, 숫자, 밑줄로 쓰세요",
                    ),
                )
            })
        };
        Ok(NameLabels {
            instance: label("instance_label", &self.table.instance_label, INSTANCE_LABEL)?,
            database: label("database_label", &self.table.database_label, DATABASE_LABEL)?,
        })
    }

    /// Returns how we say who we are, from a file or from the environment.
    ///
    /// # Errors
    /// Fails if the file cannot be read, the variable is not set, or half of it is missing.
    pub fn credentials(&self) -> Result<Credentials, Failure> {
        let table = &self.table;
        let token = secret(
            table.bearer_token_file.as_deref(),
            table.bearer_token_env.as_deref(),
            self.bearer_token.as_ref(),
        )?;
        let password = secret(
            table.password_file.as_deref(),
            table.password_env.as_deref(),
            self.password.as_ref(),
        )?;
        match (token, table.username.clone(), password) {
            (None, None, None) => Ok(Credentials::None),
            (Some(token), None, None) => Ok(Credentials::Bearer(token)),
            (None, Some(username), Some(password)) => Ok(Credentials::Basic { username, password }),
            _ => Err(Failure::usage(
                (
                    "[prometheus] needs a bearer token, or a user name and a password, and not a mixture",
                    "[prometheus]에는 베어러 토큰만 쓰거나, 사용자 이름과 비밀번호를 함께 쓰세요",
                ),
                (
                    "give bearer_token_file alone, or username with password_file",
                    "bearer_token_file만 쓰거나, username과 password_file을 함께 쓰세요",
                ),
            )),
        }
    }

    /// Returns the certificates that vouch for the server, if a file of them is named.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub fn authorities(&self) -> Result<Option<Vec<u8>>, Failure> {
        let path = self.table.ca_file.as_deref();
        path.map(|path| std::fs::read(path).map_err(|cause| unreadable(path, &cause))).transpose()
    }
}

/// Returns the first line of a file, else what a variable holds; absent where neither is named.
fn secret(
    file: Option<&Path>,
    name: Option<&str>,
    value: Option<&String>,
) -> Result<Option<String>, Failure> {
    if let Some(path) = file {
        let text = std::fs::read_to_string(path).map_err(|cause| unreadable(path, &cause))?;
        return Ok(Some(text.trim().to_owned()));
    }
    let Some(name) = name else { return Ok(None) };
    let missing = || {
        Failure::usage(
            (
                format!("the environment variable {name} is not set"),
                format!("환경 변수가 설정되지 않았습니다: {name}"),
            ),
            (
                "it holds what Prometheus asks for; trimtab.toml names it under [prometheus]",
                "Prometheus에 접속할 때 쓰는 변수이며, trimtab.toml의 [prometheus]에 이름이 있습니다",
            ),
        )
    };
    value.cloned().map(Some).ok_or_else(missing)
}

fn unreadable(path: &Path, cause: &std::io::Error) -> Failure {
    let path = path.display();
    let mut failure = Failure::new(
        Kind::Usage,
        (format!("{path} cannot be read"), format!("파일을 읽을 수 없습니다: {path}")),
    )
    .with_hint((
        "check the files that [prometheus] names in trimtab.toml",
        "trimtab.toml의 [prometheus]에 적힌 파일을 확인하세요",
    ));
    failure.causes.push(words(cause));
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> PrometheusSettings {
        PrometheusSettings::of(toml::from_str(text).unwrap())
    }

    #[test]
    fn a_token_is_the_line_of_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        std::fs::write(&path, "secret\n").unwrap();
        let with = settings(&format!("bearer_token_file = {path:?}"));
        assert_eq!(with.credentials().unwrap(), Credentials::Bearer("secret".to_owned()));
        std::fs::remove_file(&path).unwrap();
        let failure = with.credentials().unwrap_err();
        assert_eq!(failure.kind, Kind::Usage);
        assert_eq!(failure.causes.len(), 1);
    }

    #[test]
    fn half_of_the_credentials_is_refused() {
        assert_eq!(settings("").credentials().unwrap(), Credentials::None);
        assert!(settings("username = \"a\"").credentials().is_err());
        let unset = settings("username = \"a\"\npassword_env = \"TRIMTAB_TEST_IS_NEVER_SET\"");
        assert!(unset.credentials().unwrap_err().message.en.contains("is not set"));
    }

    #[test]
    fn secrets_do_not_show() {
        let settings = PrometheusSettings {
            bearer_token: Some("hunter2".to_owned()),
            password: Some("hunter2".to_owned()),
            ..PrometheusSettings::default()
        };
        assert!(!format!("{settings:?}").contains("hunter2"));
    }

    #[test]
    fn a_label_has_the_name_of_one() {
        assert_eq!(settings("").labels().unwrap().instance, "instance_id");
        assert!(settings("instance_label = \"or up{\"").labels().is_err());
    }
}
