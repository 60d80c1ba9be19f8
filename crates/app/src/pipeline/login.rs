//! Who we are to AWS, and what to do where AWS does not know.

use trimtab_aws::access::{Access, Caller};
use trimtab_aws::credentials::CredentialProblem;
use trimtab_aws::error::AwsError;
use trimtab_aws::profile::{Profiles, Source, profiles};
use trimtab_model::text::Text;

use super::scan::ScanRequest;
use crate::config::{Settings, SharePercent};
use crate::failure::{Failure, Kind};

/// How far the clock may be off before it is named as a cause: well within the five minutes
/// that AWS's signatures allow.
pub(super) const CLOCK_SECONDS: u64 = 60;

/// The way into AWS, and the profile it starts from.
pub(super) struct Login {
    /// The way.
    pub(super) access: Access,
    /// The profile that was asked for, by flag or by the settings.
    named: Option<String>,
    /// The profiles that there are; none where they cannot be read and none was asked for.
    profiles: Profiles,
}

impl Login {
    /// Finds the credentials that a request starts from. Nothing is called yet.
    ///
    /// # Errors
    /// Fails on a profile that does not exist.
    pub(super) async fn find(settings: &Settings, request: &ScanRequest) -> Result<Self, Failure> {
        let region = request.regions.first().map(String::as_str);
        Self::by_profile(settings, request.profile.as_deref(), region).await
    }

    /// Finds the credentials of `profile`, or of the settings' where it is absent.
    ///
    /// # Errors
    /// Fails on a profile that does not exist.
    pub(super) async fn by_profile(
        settings: &Settings,
        profile: Option<&str>,
        region: Option<&str>,
    ) -> Result<Self, Failure> {
        let named = profile.or(settings.profile.as_deref());
        Self::of(named, region, settings.scan_share).await
    }

    /// Finds the credentials of a profile, or those that hold where none is named.
    ///
    /// # Errors
    /// Fails on a profile that does not exist.
    pub(super) async fn of(
        named: Option<&str>,
        region: Option<&str>,
        share: SharePercent,
    ) -> Result<Self, Failure> {
        let profiles = match (profiles().await, named) {
            (Ok(profiles), _) => profiles,
            // Keys in the environment need no file.
            (Err(error), None) => {
                tracing::warn!("{error}");
                Profiles::default()
            }
            (Err(error), Some(_)) => {
                return Err(Failure::from_error(Kind::Permission, &error).with_hint((
                    "correct ~/.aws/config or ~/.aws/credentials",
                    "~/.aws/config 또는 ~/.aws/credentials 파일을 바로잡으세요",
                )));
            }
        };
        if let Some(name) = named
            && !profiles.sources.contains_key(name)
        {
            return Err(unknown(name, &profiles));
        }
        let access = Access::find(named, region, share.get()).await;
        Ok(Self { access, named: named.map(str::to_owned), profiles })
    }

    /// Asks AWS who we are.
    ///
    /// # Errors
    /// Fails without credentials that AWS accepts, and says what to do.
    pub(super) async fn caller(&self) -> Result<Caller, Failure> {
        self.access.caller().await.map_err(|error| self.refused(&error))
    }

    /// Returns the profile that the credentials come from, where it is one.
    pub(super) fn profile(&self) -> &str {
        self.named.as_deref().unwrap_or(&self.profiles.selected)
    }

    /// Says why AWS does not know us, and what to do next.
    fn refused(&self, error: &AwsError) -> Failure {
        let AwsError::Credentials { problem, .. } = error else { return no_answer(error) };
        let profile = self.profile();
        let source = self.profiles.sources.get(profile);
        if *problem == CredentialProblem::NoneFound && source.is_none() && profile != "default" {
            // Named by AWS_PROFILE, and nothing else gave credentials.
            return unknown(profile, &self.profiles);
        }
        let failure = Failure::from_error(Kind::Permission, error);
        failure.with_hint(match problem {
            CredentialProblem::NoneFound => none_found(&self.profiles),
            CredentialProblem::Expired => self.expired(),
            CredentialProblem::NotAccepted => self.not_accepted(),
            CredentialProblem::Misconfigured | CredentialProblem::Unavailable => Text::new(
                format!(
                    "see what the profile names with `aws configure list --profile {profile}`; --verbose adds what AWS's SDK says"
                ),
                format!(
                    "`aws configure list --profile {profile}` 명령으로 프로필의 내용을 확인하세요. --verbose를 붙이면 AWS SDK의 설명도 볼 수 있습니다"
                ),
            ),
        })
    }

    fn expired(&self) -> Text {
        match self.profiles.login_of(self.profile()) {
            Some(login) => Text::new(
                format!("log in again: aws sso login --profile {login}"),
                format!("다시 로그인하세요: aws sso login --profile {login}"),
            ),
            None => Text::new(
                "get new temporary credentials, from where these came; those of the environment stand before a profile's",
                "임시 자격 증명을 새로 발급받으세요. 환경 변수의 자격 증명이 프로필보다 먼저 쓰입니다",
            ),
        }
    }

    fn not_accepted(&self) -> Text {
        match self.access.clock().seconds_ahead() {
            Some(ahead) if ahead.unsigned_abs() > CLOCK_SECONDS => clock_hint(ahead),
            _ => Text::new(
                "the key may have been deleted, made inactive, or copied incompletely: see it in the IAM console, or name another profile with --profile",
                "키가 삭제되었거나 비활성 상태이거나 일부만 복사되었을 수 있습니다. IAM 콘솔에서 확인하거나 --profile로 다른 프로필을 지정하세요",
            ),
        }
    }
}

/// Says by how much the clock is off.
pub(super) fn clock_hint(ahead: i64) -> Text {
    let seconds = ahead.unsigned_abs();
    let (en, ko) =
        if ahead > 0 { ("ahead of", "빠릅니다") } else { ("behind", "느립니다") };
    Text::new(
        format!(
            "set the clock of this machine: it is {seconds} seconds {en} AWS's, and AWS refuses what is five minutes off"
        ),
        format!(
            "이 컴퓨터의 시계를 맞추세요. AWS의 시계보다 {seconds}초 {ko}. 5분 넘게 어긋나면 AWS가 거부합니다"
        ),
    )
}

fn unknown(name: &str, profiles: &Profiles) -> Failure {
    let message = (
        format!("the AWS configuration has no profile `{name}`"),
        format!("AWS 설정에 없는 프로필입니다: `{name}`"),
    );
    let known = names(profiles);
    Failure::new(Kind::Permission, message).with_hint(if known.is_empty() {
        Text::new(
            "there is no profile at all: make one with `aws configure sso --profile NAME`",
            "프로필이 하나도 없습니다. `aws configure sso --profile NAME` 명령으로 만드세요",
        )
    } else {
        Text::new(
            format!("choose from {known}; --profile stands before AWS_PROFILE"),
            format!("다음 중에서 고르세요: {known}. --profile이 AWS_PROFILE보다 우선합니다"),
        )
    })
}

/// Says what to do where nobody has given credentials.
pub(super) fn none_found(profiles: &Profiles) -> Text {
    let known = names(profiles);
    if known.is_empty() {
        return Text::new(
            "make a profile with `aws configure sso`, then log in with `aws sso login`; `trimtab demo` needs no account",
            "`aws configure sso` 명령으로 프로필을 만들고 `aws sso login` 명령으로 로그인하세요. `trimtab demo`는 계정 없이도 됩니다",
        );
    }
    Text::new(
        format!("name a profile with --profile or AWS_PROFILE: {known}"),
        format!("--profile이나 AWS_PROFILE로 프로필을 지정하세요: {known}"),
    )
}

/// Lists the profiles that name credentials.
fn names(profiles: &Profiles) -> String {
    let useful = profiles.sources.iter().filter(|(_, source)| **source != Source::Nothing);
    useful.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
}

fn no_answer(error: &AwsError) -> Failure {
    match error {
        AwsError::Unreachable { .. } => {
            Failure::new(Kind::Failed, ("AWS does not answer", "AWS가 응답하지 않습니다")).with_hint((
                "check the connection, the region and AWS_ENDPOINT_URL; --verbose adds what AWS's SDK says",
                "네트워크 연결, 리전, AWS_ENDPOINT_URL을 확인하세요. --verbose를 붙이면 AWS SDK의 설명도 볼 수 있습니다",
            ))
        }
        _ => Failure::from_error(Kind::Permission, error).with_hint((
            "run `trimtab doctor`, which says step by step how far it comes",
            "`trimtab doctor` 명령을 실행하면 어디에서 막히는지 단계별로 알 수 있습니다",
        )),
    }
}
