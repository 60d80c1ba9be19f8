//! Addresses to send to: of the web, and of mail.

use std::fmt;
use std::net::IpAddr;

use lettre::message::Mailbox;
use reqwest::Url;

/// Something that is no address to send to. It does not say what it was: a webhook's address is a
/// secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address that can be sent to")]
pub struct NotAnAddress;

/// An address of the web that a report may be sent to: over TLS, or to this machine.
///
/// It may be a secret as a whole, so it shows its host only.
#[derive(Clone, PartialEq, Eq)]
pub struct WebAddress(Url);

impl WebAddress {
    /// Reads an address: `https://…`, or `http://…` of this machine.
    ///
    /// # Errors
    /// Fails on everything else, and on an address with a user or a password in it.
    pub fn parse(text: &str) -> Result<Self, NotAnAddress> {
        let url: Url = text.trim().parse().map_err(|_| NotAnAddress)?;
        let host = url.host_str().ok_or(NotAnAddress)?;
        let is_private = match url.scheme() {
            "https" => true,
            "http" => is_loopback(host),
            _ => false,
        };
        if !is_private || !url.username().is_empty() || url.password().is_some() {
            return Err(NotAnAddress);
        }
        Ok(Self(url))
    }

    /// Returns scheme, host and port, for people.
    pub fn place(&self) -> String {
        let url = &self.0;
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or_default())
    }

    pub(crate) fn url(&self) -> &Url {
        &self.0
    }

    pub(crate) fn is_here(&self) -> bool {
        self.0.host_str().is_some_and(is_loopback)
    }
}

impl fmt::Debug for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place())
    }
}

/// Returns whether a host is this machine.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Reads an address of mail, such as `trimtab <cost@example.com>`.
///
/// # Errors
/// Fails on what is none, and on one that needs more than ASCII outside its name: many servers
/// take no other.
pub fn mailbox(text: &str) -> Result<Mailbox, NotAnAddress> {
    let mailbox: Mailbox = text.trim().parse().map_err(|_| NotAnAddress)?;
    let address: &str = mailbox.email.as_ref();
    if !address.is_ascii() || text.chars().any(char::is_control) {
        return Err(NotAnAddress);
    }
    Ok(mailbox)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let found = WebAddress::parse(text).ok().map(|address| format!("{address:?}"));
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn only_what_is_encrypted_leaves_this_machine_and_the_path_never_shows() {
        check("https://hooks.example.com/services/T0/B0/secret", Some("https://hooks.example.com"));
        check("http://127.0.0.1:1080/x", Some("http://127.0.0.1:1080"));
        check("http://[::1]:1080/x", Some("http://[::1]:1080"));
        check("http://localhost/x", Some("http://localhost"));
        check("http://hooks.example.com/x", None);
        check("http://127.0.0.1.example.com/x", None);
        check("https://user:pass@example.com/", None);
        check("file:///etc/passwd", None);
        check("hooks.example.com", None);
    }

    #[test]
    fn a_mailbox_has_no_second_line() {
        assert!(mailbox("팀장 <lead@example.com>").is_ok());
        assert!(mailbox("lead@example.com").is_ok());
        assert!(mailbox("lead").is_err());
        assert!(mailbox("a\r\nBcc: x@example.com <lead@example.com>").is_err());
        assert!(mailbox("팀장@예시.한국").is_err());
    }
}
