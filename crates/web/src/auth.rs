//! Who may read: whoever has the token of the data directory.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};

use trimtab_app::failure::{Failure, Kind};

use crate::cookie;

/// The file of the token below the data directory.
const FILE: &str = "web-token";
/// Bytes of a token.
const LENGTH: usize = 32;

/// The secret that a reader gives once.
#[derive(Clone)]
pub(crate) struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Token(…)")
    }
}

impl Token {
    /// Returns the token of a data directory, and makes one that only its owner can read where there is none.
    ///
    /// # Errors
    /// Fails if the file cannot be read or made.
    pub(crate) fn of(data_dir: &Path) -> Result<Self, Failure> {
        let path = data_dir.join(FILE);
        let failed = |cause: &std::io::Error| {
            let path = path.display();
            let message = (
                format!("could not read or make the token in {path}"),
                format!("토큰 파일을 읽거나 만들지 못했습니다: {path}"),
            );
            Failure::new(Kind::Failed, message).because(cause).with_hint((
                "make the data directory writable, or remove the file to get a new token",
                "데이터 디렉터리에 쓸 수 있게 하거나, 파일을 지워 새 토큰을 만드세요",
            ))
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&path) {
            Ok(mut file) => {
                let token = Self::random()?;
                file.write_all(token.0.as_bytes())
                    .and_then(|()| file.sync_all())
                    .map_err(|cause| failed(&cause))?;
                Ok(token)
            }
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {
                let mut text = String::new();
                std::fs::File::open(&path)
                    .and_then(|mut file| file.read_to_string(&mut text))
                    .map_err(|cause| failed(&cause))?;
                let text = text.trim();
                if text.len() < LENGTH {
                    // A token that was cut while it was written would be easy to guess.
                    return Err(failed(&std::io::Error::from(ErrorKind::InvalidData)));
                }
                Ok(Self(text.to_owned()))
            }
            Err(cause) => Err(failed(&cause)),
        }
    }

    fn random() -> Result<Self, Failure> {
        let mut bytes = [0_u8; LENGTH];
        getrandom::fill(&mut bytes).map_err(|cause| {
            let message = ("the system has no random bytes", "시스템에서 난수를 얻지 못했습니다");
            Failure::new(Kind::Failed, message).because(&cause)
        })?;
        Ok(Self(hex(&bytes)))
    }

    /// Returns it as it is given.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// Returns what the cookie of a session holds: it cannot be turned back into the token.
    pub(crate) fn session(&self) -> String {
        hex(&Sha256::new().chain_update("trimtab session ").chain_update(&self.0).finalize())
    }

    /// Returns whether a given text is the token.
    pub(crate) fn is(&self, given: &str) -> bool {
        same(given, &self.0)
    }

    /// Returns whether a request shows the token or a session of it.
    pub(crate) fn admits(&self, headers: &HeaderMap) -> bool {
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if let Some(given) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
            return self.is(given.trim());
        }
        cookie::get(headers, cookie::SESSION).is_some_and(|given| same(given, &self.session()))
    }
}

/// Compares without telling by the time it takes where two texts differ: their hashes are
/// compared, of which nobody can choose the beginning.
fn same(left: &str, right: &str) -> bool {
    Sha256::digest(left) == Sha256::digest(right)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_token_is_made_once_and_for_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let token = Token::of(dir.path()).unwrap();
        assert_eq!(token.text().len(), 2 * LENGTH);
        assert_eq!(Token::of(dir.path()).unwrap().text(), token.text());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(dir.path().join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert!(!format!("{token:?}").contains(token.text()));
    }

    #[test]
    fn a_token_that_was_cut_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(FILE), "ab").unwrap();
        assert!(Token::of(dir.path()).is_err());
    }

    #[test]
    fn a_request_shows_the_token_or_its_session() {
        let token = Token("0".repeat(64));
        let with = |name, value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_str(value).unwrap());
            token.admits(&headers)
        };
        assert!(with(header::AUTHORIZATION, &format!("Bearer {}", token.text())));
        assert!(with(header::COOKIE, &format!("trimtab_session={}", token.session())));
        assert!(!with(header::COOKIE, &format!("trimtab_session={}", token.text())));
        assert!(!with(header::AUTHORIZATION, "Bearer "));
        assert!(!with(header::AUTHORIZATION, "Basic abc"));
        assert!(!token.admits(&HeaderMap::new()));
    }
}
