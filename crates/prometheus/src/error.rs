//! What can go wrong in a conversation with Prometheus, sorted by what a person can do about it.

use trimtab_model::explain::Explain;
use trimtab_model::text::{Reason, StaticText, Text};

/// A question that was not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrometheusError {
    /// The address is not one that can be asked.
    #[error("`{address}` is not the address of a Prometheus server")]
    Address {
        /// What was given, without a password.
        address: String,
    },
    /// The client could not be made: a certificate or a header that does not fit.
    #[error("could not prepare the conversation with Prometheus: {problem}")]
    Setup {
        /// What does not fit.
        problem: String,
    },
    /// No answer came.
    #[error("no answer from {server}: {problem}")]
    Unreachable {
        /// Scheme, host and port.
        server: String,
        /// What the system says.
        problem: String,
    },
    /// The server does not let us in.
    #[error("{server} refuses us (HTTP {status})")]
    Denied {
        /// Scheme, host and port.
        server: String,
        /// 401 or 403.
        status: u16,
    },
    /// The server sends us elsewhere, as a login page in front of it does.
    #[error("{server} sends us on to {to}")]
    Redirected {
        /// Scheme, host and port.
        server: String,
        /// Where to.
        to: String,
    },
    /// What answered is not Prometheus.
    #[error("{server} does not answer like Prometheus (HTTP {status}): {found}")]
    Foreign {
        /// Scheme, host and port.
        server: String,
        /// The status.
        status: u16,
        /// The beginning of what came.
        found: String,
    },
    /// The question was understood and refused.
    #[error("{server} refused a query ({kind}): {message}")]
    Refused {
        /// Scheme, host and port.
        server: String,
        /// `errorType`, such as `bad_data`.
        kind: String,
        /// `error`.
        message: String,
    },
    /// The question was too large, or took too long.
    #[error("a query is too much for {server}: {message}")]
    TooMuch {
        /// Scheme, host and port.
        server: String,
        /// What the server says.
        message: String,
    },
    /// The server is busy.
    #[error("{server} is overloaded (HTTP {status})")]
    Overloaded {
        /// Scheme, host and port.
        server: String,
        /// 429, 502, 503 or 504.
        status: u16,
    },
}

impl PrometheusError {
    /// Returns whether a smaller question may be answered.
    pub(crate) fn is_too_much(&self) -> bool {
        match self {
            Self::TooMuch { .. } => true,
            Self::Address { .. }
            | Self::Setup { .. }
            | Self::Unreachable { .. }
            | Self::Denied { .. }
            | Self::Redirected { .. }
            | Self::Foreign { .. }
            | Self::Refused { .. }
            | Self::Overloaded { .. } => false,
        }
    }

    /// Returns whether other questions may be answered all the same.
    pub fn is_of_one_query(&self) -> bool {
        match self {
            Self::Refused { .. } | Self::TooMuch { .. } => true,
            Self::Address { .. }
            | Self::Setup { .. }
            | Self::Unreachable { .. }
            | Self::Denied { .. }
            | Self::Redirected { .. }
            | Self::Foreign { .. }
            | Self::Overloaded { .. } => false,
        }
    }

    /// Returns what to do about it: a fragment without a full stop.
    pub fn hint(&self) -> StaticText {
        match self {
            Self::Address { .. } => StaticText {
                en: "give the address as http://host:9090 or https://host/prometheus, and user and password by prometheus.username and prometheus.password_env",
                ko: "주소를 http://host:9090이나 https://host/prometheus처럼 쓰고, 사용자와 비밀번호는 prometheus.username과 prometheus.password_env로 지정하세요",
            },
            Self::Setup { .. } => StaticText {
                en: "check prometheus.ca_file, and that the token and the password are one line of plain text",
                ko: "prometheus.ca_file을 확인하고, 토큰과 비밀번호가 한 줄짜리 텍스트인지 확인하세요",
            },
            Self::Unreachable { .. } => StaticText {
                en: "check prometheus.url, and that this machine may reach it; a certificate of your own needs prometheus.ca_file",
                ko: "prometheus.url이 맞는지, 이 컴퓨터에서 접속할 수 있는지 확인하세요. 자체 인증서를 쓴다면 prometheus.ca_file이 필요합니다",
            },
            Self::Denied { .. } => StaticText {
                en: "give prometheus.bearer_token_file or prometheus.username and prometheus.password_file, or renew them",
                ko: "prometheus.bearer_token_file이나 prometheus.username과 prometheus.password_file을 지정하거나 갱신하세요",
            },
            Self::Redirected { .. } => StaticText {
                en: "give the address behind the login page, or the one that it sends to if that is Prometheus",
                ko: "로그인 페이지 뒤의 주소를 쓰거나, 이동한 곳이 Prometheus라면 그 주소를 쓰세요",
            },
            Self::Foreign { .. } => StaticText {
                en: "give the address below which /api/v1/query answers; behind a proxy it has a path, and VictoriaMetrics clusters have /select/0/prometheus",
                ko: "/api/v1/query가 응답하는 주소를 쓰세요. 프록시 뒤에서는 경로가 붙고, VictoriaMetrics 클러스터는 /select/0/prometheus가 붙습니다",
            },
            Self::Refused { .. } => StaticText {
                en: "check prometheus.match: it holds label matchers such as cluster=\"live\"",
                ko: "prometheus.match를 확인하세요. cluster=\"live\" 같은 레이블 조건이어야 합니다",
            },
            Self::TooMuch { .. } => StaticText {
                en: "raise --query.max-samples or --query.timeout of the server, or narrow prometheus.match",
                ko: "서버의 --query.max-samples나 --query.timeout을 늘리거나 prometheus.match로 범위를 좁히세요",
            },
            Self::Overloaded { .. } => StaticText {
                en: "scan again later; what was read is kept",
                ko: "나중에 다시 스캔하세요. 이미 읽은 내용은 유지됩니다",
            },
        }
    }

    /// Returns the error and what to do about it, for a report.
    pub fn reason(&self) -> Reason {
        let code = match self {
            Self::Address { .. } => "prometheus-address",
            Self::Setup { .. } => "prometheus-setup",
            Self::Unreachable { .. } => "prometheus-unreachable",
            Self::Denied { .. } => "prometheus-denied",
            Self::Redirected { .. } => "prometheus-redirected",
            Self::Foreign { .. } => "prometheus-foreign",
            Self::Refused { .. } => "prometheus-refused",
            Self::TooMuch { .. } => "prometheus-too-much",
            Self::Overloaded { .. } => "prometheus-overloaded",
        };
        let (text, hint) = (self.text(), self.hint());
        Reason::new(
            code,
            format!("{}. {}.", sentence(&text.en), sentence(hint.en)),
            format!("{}. {}.", text.ko, hint.ko),
        )
    }
}

impl Explain for PrometheusError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::Address { address } => format!("Prometheus 서버의 주소가 아닙니다: `{address}`"),
            Self::Setup { problem } => {
                format!("Prometheus에 접속할 준비를 하지 못했습니다: {problem}")
            }
            Self::Unreachable { server, problem } => {
                format!("{server}에서 응답이 없습니다({problem})")
            }
            Self::Denied { server, status } => {
                format!("{server}에서 접근을 거부했습니다(HTTP {status})")
            }
            Self::Redirected { server, to } => {
                format!("{server}에서 다른 주소로 보냅니다({to})")
            }
            Self::Foreign { server, status, found } => {
                format!("{server}의 응답이 Prometheus의 것이 아닙니다(HTTP {status}): {found}")
            }
            Self::Refused { server, kind, message } => {
                format!("{server}에서 쿼리를 거부했습니다({kind}): {message}")
            }
            Self::TooMuch { server, message } => {
                format!("{server}에는 너무 큰 쿼리입니다: {message}")
            }
            Self::Overloaded { server, status } => {
                format!("{server}의 부하가 높아 응답하지 못합니다(HTTP {status})")
            }
        };
        Text::new(self.to_string(), korean)
    }
}

/// Returns a fragment with a capital letter in front, unless it begins with an address.
fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    match letters.next() {
        Some(first) if !fragment.starts_with("http") => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => fragment.to_owned(),
    }
}

/// Keeps a message to a length that a person reads; an HTML page is not one.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 240;
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    line.chars().take(MOST).chain("…".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_what_to_do() {
        let error = PrometheusError::Denied { server: "http://prom:9090".to_owned(), status: 401 };
        let reason = error.reason();
        assert_eq!(reason.code, "prometheus-denied");
        assert!(reason.text.en.starts_with("http://prom:9090 refuses us (HTTP 401). Give "));
        assert!(reason.text.ko.contains("거부했습니다(HTTP 401). prometheus.bearer_token_file"));
    }

    #[test]
    fn a_page_is_cut() {
        assert!(shortened(&"<html> ".repeat(1000)).chars().count() <= 241);
    }
}
