//! An HTTP client that keeps what is sent and answers from a script.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_config::BehaviorVersion;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_types::SdkConfig;
use aws_types::region::Region;

use trimtab_model::action::Action;
use trimtab_model::environment::Environment;
use trimtab_model::money::{Currency, Money};
use trimtab_model::plan::{Ancestry, Change, ChangeClass, Fingerprint, RecoveryPoint};
use trimtab_model::price::PriceBasis;
use trimtab_model::recommendation::{Estimate, PerformanceRisk, Undo};
use trimtab_model::resource::{ResourceKind, ResourceRef};

use crate::clock::Clock;
use crate::pace::Pace;
use crate::session::Session;

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const REGION: &str = "ap-northeast-2";
/// How a refusal of EC2 begins.
const REFUSED: &str = "<Response><Errors>";

/// One request: the operation, and all of it as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) operation: String,
    pub(crate) text: String,
}

/// What comes back.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// An answer that says that it is done, in the form of whatever was asked.
    Done,
    /// These bodies, by operation, one after the other and the last for ever, refusals among
    /// them; what is not there is denied.
    Bodies(BTreeMap<&'static str, Vec<Vec<u8>>>),
    /// This status and body.
    Status(u16, &'static str),
    /// The connection breaks after the request was sent.
    Reset,
    /// No answer in time.
    Late,
}

/// The wire.
#[derive(Debug, Clone)]
pub(crate) struct Wire {
    sent: Arc<Mutex<Vec<Sent>>>,
    answer: Answer,
}

impl Wire {
    pub(crate) fn new(answer: Answer) -> Self {
        Self { sent: Arc::default(), answer }
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn session(&self) -> Session {
        let keys = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .credentials_provider(SharedCredentialsProvider::new(keys))
            .http_client(SharedHttpClient::new(self.clone()))
            .build();
        let (pace, clock) = (Arc::new(Pace::new(100)), Arc::new(Clock::default()));
        Session::new(ACCOUNT.into(), REGION.into(), config, pace, clock)
    }

    /// Answers a request, of which `before` of the same operation were sent.
    fn respond(&self, asked: &Asked, before: usize) -> Result<HttpResponse, ConnectorError> {
        match &self.answer {
            Answer::Done => Ok(response(200, done(asked).into_bytes())),
            Answer::Bodies(bodies) => Ok(match bodies.get(asked.operation.as_str()) {
                Some(all) => {
                    let body = all.get(before).or(all.last()).cloned().unwrap_or_default();
                    let is_refusal = body.starts_with(REFUSED.as_bytes());
                    response(if is_refusal { 400 } else { 200 }, body)
                }
                None => {
                    let body = refusal("UnauthorizedOperation", "You are not authorized.");
                    response(403, body.into_bytes())
                }
            }),
            Answer::Status(status, body) => Ok(response(*status, body.as_bytes().to_vec())),
            Answer::Reset => Err(ConnectorError::io("connection reset by peer".into())),
            Answer::Late => Err(ConnectorError::timeout("no answer".into())),
        }
    }
}

/// What a request asks for.
struct Asked {
    operation: String,
    is_form: bool,
}

impl Asked {
    /// Reads it from the form, the header or the path, as the protocol has it.
    fn of(request: &HttpRequest, body: &str) -> Self {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        if let Some(name) = body.split('&').find_map(|pair| pair.strip_prefix("Action=")) {
            return Self { operation: name.to_owned(), is_form: true };
        }
        let path = request.uri().split('?').next().unwrap_or_default();
        let name = match target.rsplit('.').next() {
            Some(name) if !name.is_empty() => name,
            _ if path.contains("/tags/") => "tags",
            _ => path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default(),
        };
        Self { operation: name.to_owned(), is_form: false }
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = request.body().bytes().unwrap_or_default();
        let body = String::from_utf8_lossy(body).into_owned();
        let asked = Asked::of(&request, &body);
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let text = format!("{} {} {target} {body}", request.method(), request.uri());
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let before = sent.iter().filter(|one| one.operation == asked.operation).count();
        sent.push(Sent { operation: asked.operation.clone(), text });
        HttpConnectorFuture::ready(self.respond(&asked, before))
    }
}

fn response(status: u16, body: Vec<u8>) -> HttpResponse {
    let status = StatusCode::try_from(status).expect("a status");
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    response.headers_mut().insert("x-amzn-requestid", "request-1");
    response.headers_mut().insert("date", "Tue, 01 Dec 2026 03:00:00 GMT");
    response
}

/// Returns what EC2 and the query services answer; those that speak JSON get an empty object.
fn done(asked: &Asked) -> String {
    let operation = &asked.operation;
    if !asked.is_form {
        return "{}".to_owned();
    }
    format!(
        "<{operation}Response><{operation}Result></{operation}Result><requestId>request-1</requestId></{operation}Response>"
    )
}

/// Returns how EC2 says no.
pub(crate) fn refusal(code: &str, message: &str) -> String {
    format!(
        "{REFUSED}<Error><Code>{code}</Code><Message>{message}</Message></Error></Errors><RequestID>request-1</RequestID></Response>"
    )
}

/// Makes bodies of texts.
pub(crate) fn bodies(all: &[(&'static str, &str)]) -> Answer {
    let bytes = |body: &str| vec![body.as_bytes().to_vec()];
    Answer::Bodies(all.iter().map(|(name, body)| (*name, bytes(body))).collect())
}

/// Makes a change.
pub(crate) fn change(kind: ResourceKind, id: &str, action: Action) -> Change {
    let zero = Money::zero(Currency::USD);
    let hour = jiff::SignedDuration::from_hours(1);
    Change {
        id: "C-0a1b".into(),
        recommendation: "R-0a1b".into(),
        resource: ResourceRef {
            id: id.into(),
            kind,
            account: ACCOUNT.into(),
            region: REGION.into(),
            environment: Environment::Dev,
            name: None,
        },
        environment: Environment::Dev,
        action,
        expected: Fingerprint::default(),
        class: ChangeClass::Reversible,
        undo: Undo::Exact,
        recovery: RecoveryPoint::Settings,
        parts: std::collections::BTreeSet::new(),
        migration: None,
        ladder: Vec::new(),
        projected: Vec::new(),
        gates: Vec::new(),
        soak: hour,
        downtime_budget: hour,
        duration: hour,
        units: Vec::new(),
        ancestry: Ancestry::Own,
        risk: PerformanceRisk::VERY_LOW,
        estimated_monthly_savings: Estimate {
            low: zero,
            likely: zero,
            high: zero,
            before_discounts: zero,
            cost_now: zero,
            cost_after: zero,
            formula_now: Vec::new(),
            formula_after: Vec::new(),
            basis: PriceBasis::List,
            billed: None,
        },
    }
}
