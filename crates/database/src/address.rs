//! Where a server is, as a URL says it, and the password apart from it.

use std::fmt;
use std::path::PathBuf;

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

/// The protocol to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// MySQL and MariaDB.
    Mysql,
    /// PostgreSQL.
    Postgres,
}

impl Product {
    fn port(self) -> u16 {
        match self {
            Self::Mysql => 3306,
            Self::Postgres => 5432,
        }
    }
}

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encryption {
    /// Where the server offers it.
    #[default]
    Preferred,
    /// Not at all.
    Disabled,
    /// Always, whoever answers.
    Required,
    /// Always, and the server's certificate must be vouched for.
    VerifyAuthority,
    /// Always, and the certificate must name the host too.
    VerifyHost,
}

/// A password. It shows nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Takes a password.
    pub fn new(password: impl Into<String>) -> Self {
        Self(password.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// Where a server is and as whom to connect, without the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The protocol.
    pub product: Product,
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The user.
    pub user: String,
    /// The database, where one is named.
    pub database: Option<String>,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// Certificates that vouch for the server.
    pub authorities: Option<PathBuf>,
}

/// What is wrong with a URL. It never repeats the URL, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It begins with neither `mysql://` nor `postgres://`.
    #[error("the URL begins with neither mysql:// nor postgres://")]
    Scheme,
    /// It names no user.
    #[error("the URL names no user")]
    User,
    /// It names no host, or no port where one should be.
    #[error("the URL names no host that could be reached")]
    Host,
    /// A sign written as `%` is not one.
    #[error("a sign written with % in the URL cannot be read")]
    Escape,
    /// A parameter is not known.
    #[error("the URL has a parameter that is not known: {0}")]
    Parameter(String),
}

impl Explain for AddressError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::Scheme => "URL이 mysql://이나 postgres://로 시작하지 않습니다".to_owned(),
            Self::User => "URL에 사용자가 없습니다".to_owned(),
            Self::Host => "URL에 접속할 호스트가 없습니다".to_owned(),
            Self::Escape => "URL에서 %로 쓴 글자를 읽을 수 없습니다".to_owned(),
            Self::Parameter(name) => format!("URL에 알 수 없는 매개변수가 있습니다: {name}"),
        };
        Text::new(self.to_string(), korean)
    }
}

impl Address {
    /// Reads a URL such as `mysql://reader@host:3306/game`, and the password in it if there is one.
    ///
    /// # Errors
    /// Fails on a URL that does not say where to connect.
    pub fn parse(url: &str) -> Result<(Self, Option<Password>), AddressError> {
        let (scheme, rest) = url.split_once("://").ok_or(AddressError::Scheme)?;
        let product = match scheme {
            "mysql" | "mariadb" => Product::Mysql,
            "postgres" | "postgresql" => Product::Postgres,
            _ => return Err(AddressError::Scheme),
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        // A password may hold a slash or an at sign that nobody escaped: the last at sign counts.
        let (who, place) = rest.rsplit_once('@').ok_or(AddressError::User)?;
        let (user, password) = who.split_once(':').map_or((who, None), |(a, b)| (a, Some(b)));
        let (place, database) = place.split_once('/').unwrap_or((place, ""));
        let (host, port) = host_and_port(place)?;
        let user = unescaped(user)?;
        if user.is_empty() {
            return Err(AddressError::User);
        }
        let database = unescaped(database)?;
        let mut address = Self {
            product,
            host,
            port: port.unwrap_or(product.port()),
            user,
            database: (!database.is_empty()).then_some(database),
            encryption: Encryption::default(),
            authorities: None,
        };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            address.parameter(pair)?;
        }
        let password = password.filter(|password| !password.is_empty()).map(unescaped);
        Ok((address, password.transpose()?.map(Password)))
    }

    fn parameter(&mut self, pair: &str) -> Result<(), AddressError> {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let unknown = || AddressError::Parameter(name.chars().take(40).collect());
        match name {
            "sslmode" | "ssl-mode" | "ssl_mode" => {
                self.encryption = match value.to_lowercase().replace('_', "-").as_str() {
                    "prefer" | "preferred" => Encryption::Preferred,
                    "disable" | "disabled" => Encryption::Disabled,
                    "require" | "required" => Encryption::Required,
                    "verify-ca" => Encryption::VerifyAuthority,
                    "verify-full" | "verify-identity" => Encryption::VerifyHost,
                    _ => return Err(unknown()),
                };
            }
            "sslrootcert" | "ssl-ca" => self.authorities = Some(unescaped(value)?.into()),
            _ => return Err(unknown()),
        }
        Ok(())
    }

    /// Returns host and port.
    pub fn place(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

fn host_and_port(place: &str) -> Result<(String, Option<u16>), AddressError> {
    let (host, port) = match place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => (host, rest.strip_prefix(':')),
        None => place.rsplit_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
    };
    let port = port.map(|port| port.parse().map_err(|_| AddressError::Host)).transpose()?;
    if host.is_empty() { Err(AddressError::Host) } else { Ok((host.to_owned(), port)) }
}

fn unescaped(text: &str) -> Result<String, AddressError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut letters = text.bytes();
    while let Some(letter) = letters.next() {
        if letter != b'%' {
            bytes.push(letter);
            continue;
        }
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        let (high, low) = (digit(letters.next()), digit(letters.next()));
        let value = high.zip(low).map(|(high, low)| high * 16 + low);
        bytes.push(value.and_then(|value| u8::try_from(value).ok()).ok_or(AddressError::Escape)?);
    }
    String::from_utf8(bytes).map_err(|_| AddressError::Escape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_where_and_as_whom() {
        let (address, password) =
            Address::parse("postgres://reader:p%40ss:/w@db.example:6432/game?sslmode=verify-full")
                .unwrap();
        assert_eq!(address.place(), "db.example:6432");
        assert_eq!((address.user.as_str(), address.database.as_deref()), ("reader", Some("game")));
        assert_eq!(address.encryption, Encryption::VerifyHost);
        assert_eq!(password, Some(Password::new("p@ss:/w")));
    }

    #[test]
    fn what_is_not_said_has_a_default() {
        let (address, password) = Address::parse("mysql://reader@[::1]").unwrap();
        assert_eq!((address.place(), address.database), ("[::1]:3306".to_owned(), None));
        assert_eq!(password, None);
    }

    #[test]
    fn a_mistake_does_not_repeat_the_password() {
        for url in [
            "reader:hunter2@host",
            "redis://reader:hunter2@host",
            "mysql://reader:hunter2@host:port",
            "mysql://:hunter2@host",
            "mysql://reader:hunter2%zz@host",
            "mysql://reader:hunter2@host?speed=1",
        ] {
            let error = Address::parse(url).unwrap_err();
            assert!(!format!("{error} {error:?} {}", error.text().ko).contains("hunter2"), "{url}");
        }
    }

    #[test]
    fn a_password_does_not_show() {
        assert_eq!(format!("{:?}", Password::new("hunter2")), "Password");
    }
}
