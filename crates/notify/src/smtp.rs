//! A conversation with a mail server, one receiver at a time.
//!
//! It is held by hand, step by step: only so is it known whether a mail can have arrived when the
//! line breaks. Before its last line was sent it cannot; after, only the server knows.

use std::fmt;
use std::io::ErrorKind;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error, response::Response};

use crate::error::{SendError, innermost, shortened};

/// How long each answer may take.
const PATIENCE: Duration = Duration::from_secs(45);
/// How long the answer to the end of a mail may take (RFC 5321, 4.5.3.2.6): a server that is given
/// up on earlier may take the mail all the same.
const PATIENCE_AT_END: Duration = Duration::from_secs(600);
/// How long the answer to the farewell may take, which says nothing of the mail.
const PATIENCE_AT_FAREWELL: Duration = Duration::from_secs(2);

/// How what is said is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Encrypted after the greeting; a server that cannot is sent nothing.
    StartTls,
    /// Encrypted from the first byte.
    Tls,
    /// Not at all: only to this machine.
    None,
}

/// A mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How what is said is kept from others.
    pub security: Security,
    /// User and password, where it asks for them.
    pub credentials: Option<(String, String)>,
    /// Certificates (PEM) that vouch for it, besides those that the system trusts.
    pub authorities: Option<Vec<u8>>,
}

impl fmt::Debug for SmtpServer {
    /// Writes no credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpServer")
            .field("place", &self.place())
            .field("security", &self.security)
            .finish_non_exhaustive()
    }
}

impl SmtpServer {
    /// Returns host and port, for people.
    pub fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Hands a mail over for one receiver, and returns what the server said when it took it.
    pub(crate) fn deliver(
        &self,
        from: &Address,
        to: &Address,
        message: &[u8],
    ) -> Result<String, SendError> {
        let mut connection = self.connected()?;
        let handed = self.handed(&mut connection, from, to, message);
        // Where it cannot be set, the farewell takes longer, and that is all.
        drop(connection.set_timeout(Some(PATIENCE_AT_FAREWELL)));
        match &handed {
            // What it took is taken, whatever it says to the farewell.
            Ok(_) => drop(connection.quit()),
            Err(_) => connection.abort(),
        }
        let answer = handed?;
        Ok(shortened(&format!("{} {}", answer.code(), answer.first_line().unwrap_or_default())))
    }

    fn connected(&self) -> Result<SmtpConnection, SendError> {
        let client = ClientId::default();
        let tls = match self.security {
            Security::StartTls | Security::Tls => Some(self.tls()?),
            Security::None => None,
        };
        let at_once = tls.as_ref().filter(|_| self.security == Security::Tls);
        let server = (self.host.as_str(), self.port);
        let mut connection =
            SmtpConnection::connect(server, Some(PATIENCE), &client, at_once, None)
                .map_err(|cause| self.judged(&cause))?;
        if self.security == Security::StartTls {
            if !connection.can_starttls() {
                drop(connection.set_timeout(Some(PATIENCE_AT_FAREWELL)));
                connection.abort();
                return Err(SendError::Insecure { place: self.place() });
            }
            if let Some(tls) = &tls {
                connection.starttls(tls, &client).map_err(|cause| self.judged(&cause))?;
            }
        }
        if let Some((user, password)) = &self.credentials {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], &credentials)
                .map_err(|cause| self.judged(&cause))?;
        }
        Ok(connection)
    }

    fn tls(&self) -> Result<TlsParameters, SendError> {
        let setup = |cause: Error| SendError::Setup { problem: innermost(&cause) };
        let mut builder = TlsParameters::builder(self.host.clone());
        if let Some(pem) = &self.authorities {
            builder = builder.add_root_certificate(Certificate::from_pem(pem).map_err(setup)?);
        }
        builder.build().map_err(setup)
    }

    fn handed(
        &self,
        connection: &mut SmtpConnection,
        from: &Address,
        to: &Address,
        message: &[u8],
    ) -> Result<Response, SendError> {
        let judged = |cause: Error| self.judged(&cause);
        connection.command(Mail::new(Some(from.clone()), Vec::new())).map_err(judged)?;
        connection.command(Rcpt::new(to.clone(), Vec::new())).map_err(judged)?;
        connection.command(Data).map_err(judged)?;
        connection.set_timeout(Some(PATIENCE_AT_END)).map_err(|cause| SendError::Unreachable {
            place: self.place(),
            problem: innermost(&cause),
        })?;
        connection.message(message).map_err(|cause| {
            if cause.status().is_some() {
                return self.judged(&cause);
            }
            SendError::Unanswered { place: self.place(), problem: words(&cause, PATIENCE_AT_END) }
        })
    }

    /// Judges what went wrong before a mail can have arrived.
    fn judged(&self, cause: &Error) -> SendError {
        let place = self.place();
        let problem = words(cause, PATIENCE);
        match cause.status() {
            Some(code) if cause.is_permanent() => {
                SendError::Refused { place, answer: format!("{code} {problem}") }
            }
            Some(code) => {
                SendError::Deferred { place, answer: format!("{code} {problem}"), after: None }
            }
            None => SendError::Unreachable { place, problem },
        }
    }
}

/// Returns what went wrong. A socket says of a wait that is over that it would have to wait.
fn words(cause: &Error, patience: Duration) -> String {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(cause);
    while let Some(inner) = source {
        let io = inner.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        if matches!(io, Some(ErrorKind::WouldBlock | ErrorKind::TimedOut)) {
            return format!("no answer within {} seconds", patience.as_secs());
        }
        source = inner.source();
    }
    innermost(cause)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::{TcpListener, TcpStream};
    use std::time::Instant;

    use super::*;

    /// Takes one mail, and answers no farewell.
    fn serve(stream: TcpStream) {
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let say = |line: &str| write!(&stream, "{line}\r\n").unwrap();
        say("220 here");
        let mut is_mail = false;
        while let Some(Ok(line)) = lines.next() {
            match (is_mail, line.as_str()) {
                (true, ".") => {
                    is_mail = false;
                    say("250 taken");
                }
                (true, _) | (false, "QUIT") => {}
                (false, "DATA") => {
                    is_mail = true;
                    say("354 go on");
                }
                (false, _) => say("250 fine"),
            }
        }
    }

    #[test]
    fn what_was_taken_is_taken_at_once_and_nobody_waits_for_a_farewell() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || serve(listener.accept().unwrap().0));
        let server = SmtpServer {
            host: "127.0.0.1".to_owned(),
            port,
            security: Security::None,
            credentials: None,
            authorities: None,
        };
        let (from, to) = ("a@example.com".parse().unwrap(), "b@example.com".parse().unwrap());
        let start = Instant::now();
        let answer = server.deliver(&from, &to, b"Subject: x\r\n\r\nx").unwrap();
        assert_eq!(answer, "250 taken");
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    }

    #[test]
    fn an_authority_that_cannot_be_read_is_tried_again_later() {
        let server = SmtpServer {
            host: "smtp.example.com".to_owned(),
            port: 465,
            security: Security::Tls,
            credentials: None,
            authorities: Some(
                b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n".to_vec(),
            ),
        };
        let (from, to) = ("a@example.com".parse().unwrap(), "b@example.com".parse().unwrap());
        let error = server.deliver(&from, &to, b"x").unwrap_err();
        assert!(matches!(error, SendError::Setup { .. }), "{error}");
        assert_eq!(error.finality(), crate::error::Finality::Later);
    }

    #[test]
    fn the_password_does_not_show() {
        let server = SmtpServer {
            host: "smtp.example.com".to_owned(),
            port: 587,
            security: Security::StartTls,
            credentials: Some(("kim".to_owned(), "hunter2".to_owned())),
            authorities: None,
        };
        assert!(!format!("{server:?}").contains("hunter2"));
    }
}
