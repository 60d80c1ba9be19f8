//! What can go wrong in a conversation with a database, sorted by what a person can do about it.

use trimtab_model::explain::Explain;
use trimtab_model::text::{StaticText, Text};

/// A conversation that failed. No variant holds a URL, a password or the text of a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseError {
    /// No answer came.
    #[error("no answer from {server}: {problem}")]
    Unreachable {
        /// Host and port.
        server: String,
        /// What the system says.
        problem: String,
    },
    /// The connection could not be encrypted as it was asked for.
    #[error("the connection to {server} cannot be encrypted as asked for: {problem}")]
    Encryption {
        /// Host and port.
        server: String,
        /// What does not fit.
        problem: String,
    },
    /// The server does not let us in.
    #[error("{server} does not let {user} in ({code})")]
    Denied {
        /// Host and port.
        server: String,
        /// The user.
        user: String,
        /// The server's code of the error.
        code: String,
    },
    /// The database does not exist.
    #[error("{server} has no such database ({code})")]
    NoDatabase {
        /// Host and port.
        server: String,
        /// The server's code of the error.
        code: String,
    },
    /// The session could not be kept from writing.
    #[error("{server} does not promise that the session only reads")]
    NotReadOnly {
        /// Host and port.
        server: String,
    },
    /// A question was refused.
    #[error("the server refused to say {what} ({code})")]
    Refused {
        /// What was asked.
        what: &'static str,
        /// The server's code of the error.
        code: String,
    },
    /// It took too long.
    #[error("{server} took longer than {seconds} seconds")]
    TooSlow {
        /// Host and port.
        server: String,
        /// The limit.
        seconds: u64,
    },
    /// What came cannot be read.
    #[error("the server's answer to {what} cannot be read")]
    Unexpected {
        /// What was asked.
        what: &'static str,
    },
}

impl DatabaseError {
    /// Returns whether other questions may be answered all the same.
    pub fn is_of_one_question(&self) -> bool {
        match self {
            Self::Refused { .. } | Self::Unexpected { .. } => true,
            Self::Unreachable { .. }
            | Self::Encryption { .. }
            | Self::Denied { .. }
            | Self::NoDatabase { .. }
            | Self::NotReadOnly { .. }
            | Self::TooSlow { .. } => false,
        }
    }

    /// Returns what to do about it: a fragment without a full stop.
    pub fn hint(&self) -> StaticText {
        match self {
            Self::Unreachable { .. } => StaticText {
                en: "check host and port, and that this machine may reach them: security group, VPN or tunnel",
                ko: "호스트와 포트가 맞는지, 이 컴퓨터에서 접속할 수 있는지(보안 그룹, VPN, 터널) 확인하세요",
            },
            Self::Encryption { .. } => StaticText {
                en: "give ?sslmode=verify-full&sslrootcert=FILE with the certificates of RDS, or ?sslmode=require",
                ko: "RDS 인증서를 ?sslmode=verify-full&sslrootcert=FILE로 지정하거나 ?sslmode=require를 쓰세요",
            },
            Self::Denied { .. } => StaticText {
                en: "check user and password; docs/guide/databases.md has the statements that make a read-only account",
                ko: "사용자와 비밀번호를 확인하세요. 읽기 전용 계정을 만드는 구문은 docs/guide/databases.md에 있습니다",
            },
            Self::NoDatabase { .. } => StaticText {
                en: "give the name of the application's database at the end of the URL, such as postgres://reader@host/game",
                ko: "URL 끝에 서비스의 데이터베이스 이름을 쓰세요. 예: postgres://reader@host/game",
            },
            Self::NotReadOnly { .. } => StaticText {
                en: "connect to the server itself rather than to a proxy that resets sessions",
                ko: "세션 설정을 되돌리는 프록시 대신 서버에 직접 접속하세요",
            },
            Self::Refused { .. } | Self::Unexpected { .. } => StaticText {
                en: "grant the account what docs/guide/databases.md names",
                ko: "docs/guide/databases.md에 있는 권한을 계정에 부여하세요",
            },
            Self::TooSlow { .. } => StaticText {
                en: "try again when the server is less busy; nothing was changed",
                ko: "서버 부하가 낮을 때 다시 실행하세요. 변경한 것은 없습니다",
            },
        }
    }

    /// Sorts what the client says of a connection that did not come about.
    pub(crate) fn of_connecting(cause: &sqlx::Error, server: &str, user: &str) -> Self {
        let server = server.to_owned();
        match cause {
            sqlx::Error::Database(refusal) => {
                let code = code_of(refusal.as_ref());
                match code.as_str() {
                    "3D000" | "42000" | "1049" => Self::NoDatabase { server, code },
                    _ => Self::Denied { server, user: user.to_owned(), code },
                }
            }
            sqlx::Error::Tls(problem) => Self::Encryption { server, problem: problem.to_string() },
            sqlx::Error::Io(problem) => Self::Unreachable { server, problem: problem.to_string() },
            // Other words of the client may repeat what it was configured with.
            _ => Self::Unreachable { server, problem: "the conversation broke off".to_owned() },
        }
    }

    /// Sorts what the client says of a question. The server's words may quote the query: only its
    /// code is kept.
    pub(crate) fn of_asking(cause: &sqlx::Error, what: &'static str, server: &str) -> Self {
        match cause {
            sqlx::Error::Database(refusal) => {
                Self::Refused { what, code: code_of(refusal.as_ref()) }
            }
            sqlx::Error::Io(problem) => {
                Self::Unreachable { server: server.to_owned(), problem: problem.to_string() }
            }
            _ => Self::Unexpected { what },
        }
    }
}

fn code_of(refusal: &dyn sqlx::error::DatabaseError) -> String {
    refusal.code().map(|code| code.into_owned()).unwrap_or_default()
}

impl Explain for DatabaseError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::Unreachable { server, problem } => {
                format!("{server}에서 응답이 없습니다({problem})")
            }
            Self::Encryption { server, problem } => {
                format!("{server}에 지정한 방식으로 암호화해 접속할 수 없습니다({problem})")
            }
            Self::Denied { server, user, code } => {
                format!("{server}에서 {user} 계정의 접속을 거부했습니다({code})")
            }
            Self::NoDatabase { server, code } => {
                format!("{server}에 그런 데이터베이스가 없습니다({code})")
            }
            Self::NotReadOnly { server } => {
                format!("{server}에서 세션을 읽기 전용으로 만들 수 없습니다")
            }
            Self::Refused { what, code } => {
                format!("서버에서 조회를 거부했습니다({what}, {code})")
            }
            Self::TooSlow { server, seconds } => {
                format!("{server}에서 {seconds}초 안에 응답하지 않았습니다")
            }
            Self::Unexpected { what } => format!("서버의 응답을 해석할 수 없습니다({what})"),
        };
        Text::new(self.to_string(), korean)
    }
}
