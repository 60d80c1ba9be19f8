//! The way into an account where a plan makes changes: a session for looking, which can do nothing
//! else, and one for each call, which can make that call and no other.

use std::time::SystemTime;

use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_sts::types::Tag;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use trimtab_model::call::{Call, CallResult};
use trimtab_model::environment::Environment;
use trimtab_model::id::{PlanId, SubAccountId};
use trimtab_model::plan::Change;

use crate::access::{Access, Role};
use crate::actions::Handler;
use crate::credentials::Credentials;
use crate::error::{AwsError, shortened};
use crate::partition::Partition;
use crate::policy::{of_call, of_marks, of_reading};
use crate::session::Session;
use crate::session_name::{session_name, source_identity};

/// How long credentials must hold on before something is taken out of service: as long as it may
/// take to bring it back.
const TO_COME_BACK: SignedDuration = SignedDuration::from_mins(20);
/// The shortest session that AWS gives (API reference of STS, `AssumeRole`): one call is made in it.
const OF_A_CALL: i32 = 900;
/// The longest that a role gives one that was taken on from another role.
const OF_LOOKING: i32 = 3_600;
/// The tag of a session that the policies of our roles compare with that of a resource.
pub(crate) const ENVIRONMENT_TAG: &str = "trimtab-env";
const ASSUME: &str = "sts:AssumeRole";
/// How a role says that a session may not name its operator or its environment.
const NOT_LET_IN: &[&str] = &["AccessDenied", "AccessDeniedException"];
/// How STS says that it cannot just now: whoever asked waits longer for that than for credentials.
const LATER: &[&str] = &["ServiceUnavailable", "InternalFailure"];

/// Who acts in an account, for which plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// The plan.
    pub plan: PlanId,
    /// The person.
    pub operator: String,
    /// The account.
    pub account: SubAccountId,
    /// The environment.
    pub environment: Environment,
}

/// The way in.
#[derive(Debug, Clone)]
pub struct Entrance {
    access: Access,
    /// The role that is taken on; our own credentials where absent.
    role: Option<Role>,
    errand: Errand,
}

/// What one session is for.
#[derive(Debug, Clone)]
struct Terms {
    name: String,
    policy: Value,
    seconds: i32,
}

impl Entrance {
    /// Makes the way in by a role, or with our own credentials.
    pub fn new(access: &Access, role: Option<Role>, errand: Errand) -> Self {
        Self { access: access.clone(), role, errand }
    }

    /// Returns the role that is taken on.
    pub fn role(&self) -> Option<&Role> {
        self.role.as_ref()
    }

    /// Opens a session that can only look at what some actions look at.
    ///
    /// # Errors
    /// Fails where the role's trust policy, or our own permissions, refuse.
    pub async fn look(
        &self,
        region: &str,
        actions: &[&'static Handler],
    ) -> Result<Session, AwsError> {
        let account = self.errand.account.as_str();
        let Some(role) = &self.role else {
            return Ok(self.access.session(account, region, None));
        };
        let terms = Terms {
            name: session_name(&self.errand.plan, "look"),
            policy: of_reading(actions),
            seconds: OF_LOOKING,
        };
        let looking = Looking { entrance: self.clone(), role: role.clone(), terms };
        // Once now, so that a role that does not let us in is told before anything is done.
        let keys = self.access.fresh().await?;
        self.take_on(role, &looking.terms, keys).await?;
        let credentials = SharedCredentialsProvider::new(looking);
        Ok(self.access.session(account, region, Some(credentials)))
    }

    /// Takes the role on for looking for what carries our mark; returns none where there is no
    /// role, and our own credentials are used.
    ///
    /// # Errors
    /// Fails where the role's trust policy, or our own permissions, refuse.
    pub async fn for_marks(&self) -> Result<Option<Credentials>, AwsError> {
        let Some(role) = &self.role else { return Ok(None) };
        let terms = Terms {
            name: session_name(&self.errand.plan, "look"),
            policy: of_marks(),
            seconds: OF_LOOKING,
        };
        let looking = Looking { entrance: self.clone(), role: role.clone(), terms };
        // Once now, so that a role that does not let us in is told before anything is looked at.
        let keys = self.access.fresh().await?;
        self.take_on(role, &looking.terms, keys).await?;
        Ok(Some(SharedCredentialsProvider::new(looking)))
    }

    /// Opens a session for one call of a change, with credentials that were asked for just now.
    ///
    /// # Errors
    /// Says why nothing was sent: the role does not let us in, or the credentials end too soon to
    /// bring back what the call takes out of service.
    pub async fn for_call(
        &self,
        session: &Session,
        change: &Change,
        call: &Call,
        now: Timestamp,
    ) -> Result<Session, CallResult> {
        let keys = self.access.fresh().await.map_err(|error| unsent(&error))?;
        if takes_out_of_service(call) {
            holds_on(keys.expiry(), now)?;
        }
        let Some(role) = &self.role else {
            return Ok(session.with_credentials(SharedCredentialsProvider::new(keys)));
        };
        let operation = call.iam_action().split_once(':').map_or("call", |(_, name)| name);
        let terms = Terms {
            name: session_name(&self.errand.plan, operation),
            policy: of_call(change, call),
            seconds: OF_A_CALL,
        };
        let keys = self.take_on(role, &terms, keys).await.map_err(|error| unsent(&error))?;
        Ok(session.with_credentials(SharedCredentialsProvider::new(keys)))
    }

    /// Takes the role on, and makes sure that it is one of the account that is meant.
    async fn take_on(&self, role: &Role, terms: &Terms, keys: Keys) -> Result<Keys, AwsError> {
        let incomplete = |message: &str| AwsError::Failed {
            action: ASSUME.to_owned(),
            code: "IncompleteAnswer".to_owned(),
            message: message.to_owned(),
        };
        let partition = Partition::of_arn(&role.arn).unwrap_or(Partition::Aws);
        let region = self.access.region().unwrap_or(partition.home_region()).to_owned();
        let own = Some(SharedCredentialsProvider::new(keys));
        let environment = environment_of(self.errand.environment);
        let tag = Tag::builder().key(ENVIRONMENT_TAG).value(environment).build();
        let answer = self
            .access
            .session("", &region, own)
            .sts()
            .assume_role()
            .role_arn(&role.arn)
            .role_session_name(&terms.name)
            .source_identity(source_identity(&self.errand.operator))
            .set_external_id(role.external_id.clone())
            .tags(tag.map_err(|_| incomplete("the tag of the session cannot be written"))?)
            .policy(terms.policy.to_string())
            .duration_seconds(terms.seconds)
            .send()
            .await
            .map_err(|error| match error.code() {
                // AWS says which of its actions was refused, without anything secret.
                Some(code) if NOT_LET_IN.contains(&code) => AwsError::Failed {
                    action: ASSUME.to_owned(),
                    code: code.to_owned(),
                    message: shortened(error.message().unwrap_or("no explanation")),
                },
                _ => AwsError::of(ASSUME, &error),
            })?;
        let user = answer.assumed_role_user.map(|user| user.arn).unwrap_or_default();
        let account = self.errand.account.as_str();
        if user.split(':').nth(4) != Some(account) {
            return Err(incomplete(&format!("the role is not one of account {account}")));
        }
        let Some(given) = answer.credentials else {
            return Err(incomplete("the answer has no credentials"));
        };
        let until = SystemTime::try_from(given.expiration).ok();
        Ok(Keys::new(
            given.access_key_id,
            given.secret_access_key,
            Some(given.session_token),
            until,
            "trimtab",
        ))
    }
}

/// Returns the environment as the tags of resources and the policies of our roles have it.
pub(crate) fn environment_of(environment: Environment) -> &'static str {
    match environment {
        Environment::Dev | Environment::Staging | Environment::Prod => environment.as_str(),
        // What names no environment counts as production.
        Environment::Unknown => Environment::Prod.as_str(),
    }
}

/// Returns whether a call takes something out of service until a later one brings it back.
fn takes_out_of_service(call: &Call) -> bool {
    matches!(
        call,
        Call::StopInstance { .. } | Call::StopDbInstance { .. } | Call::DeregisterTarget(_)
    )
}

/// Refuses credentials that end before what is stopped now could be started again.
fn holds_on(until: Option<SystemTime>, now: Timestamp) -> Result<(), CallResult> {
    // Without an end they last, or nobody knows: AWS refuses the next call then.
    let Some(until) = until.and_then(|until| Timestamp::try_from(until).ok()) else {
        return Ok(());
    };
    if until.duration_since(now) >= TO_COME_BACK {
        return Ok(());
    }
    let minutes = TO_COME_BACK.as_mins();
    Err(CallResult::Refused {
        code: "CredentialsEndSoon".to_owned(),
        message: format!(
            "nothing was sent: the credentials end at {until}, and nothing is taken out of service with less than {minutes} minutes left"
        ),
        request_id: None,
    })
}

/// Says that a call was not sent, and why.
///
/// Only a refusal of STS is one, and what says nothing but later is waited out. Anything else, such
/// as what a proxy writes or an answer that breaks off, says nothing of the role: it is for asking
/// again, and no reason to take a change back.
fn unsent(error: &AwsError) -> CallResult {
    let code = match error {
        AwsError::Denied { .. } => "AccessDenied",
        AwsError::Throttled { .. } => "Throttling",
        AwsError::Failed { code, .. }
            if NOT_LET_IN.contains(&code.as_str()) || LATER.contains(&code.as_str()) =>
        {
            code.as_str()
        }
        AwsError::Failed { .. }
        | AwsError::OptedOut { .. }
        | AwsError::Credentials { .. }
        | AwsError::Unreachable { .. }
        | AwsError::Endless { .. }
        | AwsError::CutShort { .. } => "CredentialsUnavailable",
    };
    CallResult::Refused {
        code: code.to_owned(),
        message: format!("nothing was sent: {error}"),
        request_id: None,
    }
}

/// Credentials for looking, taken on anew before they end.
#[derive(Debug, Clone)]
struct Looking {
    entrance: Entrance,
    role: Role,
    terms: Terms,
}

impl ProvideCredentials for Looking {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let wrapped = |error: AwsError| CredentialsError::provider_error(error);
            let keys = self.entrance.access.fresh().await.map_err(wrapped)?;
            self.entrance.take_on(&self.role, &self.terms, keys).await.map_err(wrapped)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(minutes: Option<i64>, expected: Option<&str>) {
        let now: Timestamp = "2026-12-01T03:00:00Z".parse().unwrap();
        let until = minutes.map(|minutes| {
            let second = now.as_second() + minutes * 60;
            SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(second.unsigned_abs())
        });
        let refused = holds_on(until, now).err();
        assert_eq!(refused.as_ref().and_then(CallResult::refusal), expected);
    }

    #[test]
    fn nothing_is_stopped_with_credentials_that_end_before_it_could_be_started() {
        check(None, None);
        check(Some(20), None);
        check(Some(19), Some("CredentialsEndSoon"));
        check(Some(-1), Some("CredentialsEndSoon"));
    }

    #[test]
    fn only_a_refusal_of_sts_is_one_and_what_cannot_be_read_is_asked_again() {
        let of = |error: &AwsError| unsent(error).refusal().map(str::to_owned);
        let failed = |code: &str| AwsError::Failed {
            action: ASSUME.to_owned(),
            code: code.to_owned(),
            message: "<html>502 Bad Gateway</html>".to_owned(),
        };
        for code in ["AccessDenied", "AccessDeniedException", "ServiceUnavailable"] {
            assert_eq!(of(&failed(code)).as_deref(), Some(code));
        }
        for code in ["no readable answer", "no error code", "IncompleteAnswer", "Whatever"] {
            assert_eq!(of(&failed(code)).as_deref(), Some("CredentialsUnavailable"), "{code}");
        }
        let action = || ASSUME.to_owned();
        assert_eq!(of(&AwsError::Denied { action: action() }).as_deref(), Some("AccessDenied"));
        assert_eq!(of(&AwsError::Throttled { action: action() }).as_deref(), Some("Throttling"));
        let off = AwsError::OptedOut { action: action(), code: "RegionDisabledException".into() };
        assert_eq!(of(&off).as_deref(), Some("CredentialsUnavailable"));
    }

    #[test]
    fn what_names_no_environment_is_entered_as_production() {
        assert_eq!(environment_of(Environment::Unknown), "prod");
        assert_eq!(environment_of(Environment::Staging), "staging");
    }

    #[test]
    fn only_what_stops_needs_time_to_come_back() {
        assert!(takes_out_of_service(&Call::StopInstance { instance: "i-1".into() }));
        assert!(!takes_out_of_service(&Call::StartInstance { instance: "i-1".into() }));
    }
}
