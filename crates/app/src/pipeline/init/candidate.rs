//! The credentials that there are on this machine, and whose each is.

use futures::StreamExt;
use futures::stream;

use trimtab_aws::profile::{Profiles, Source, profiles};
use trimtab_model::text::Text;

use crate::config::{self, SharePercent};
use crate::failure::{Failure, Kind};
use crate::pipeline::login::{Login, none_found};
use crate::pipeline::scan::{ScanRequest, runtime};

/// Profiles that are asked at once.
const AT_ONCE: usize = 8;

/// The credentials that there are.
#[derive(Debug)]
pub struct Survey {
    /// Each of them, in order of name; those of the environment first.
    pub candidates: Vec<Candidate>,
    /// The profile that holds where none is named; absent where the environment or the machine
    /// itself has credentials.
    pub holds: Option<String>,
    /// What to do where none can be used.
    pub hint: Text,
}

/// Credentials that may be used.
#[derive(Debug)]
pub struct Candidate {
    /// The profile; the environment or the machine itself where absent.
    pub profile: Option<String>,
    /// Where the credentials come from.
    pub source: Text,
    /// The account and the ARN that they belong to, or why they cannot be used.
    pub caller: Result<(String, String), Failure>,
}

impl Survey {
    /// Returns those that can be used.
    pub fn usable(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates.iter().filter(|one| one.caller.is_ok())
    }

    /// Returns the one to take where nobody can be asked: what holds without a flag, else the
    /// only one that can be used. Among several no guess is made.
    pub fn proposal(&self) -> Option<&Candidate> {
        let mut usable = self.usable();
        let only = usable.next().filter(|_| usable.next().is_none());
        self.usable().find(|one| one.profile == self.holds).or(only)
    }
}

/// Finds the credentials of this machine and asks AWS whose they are; only those of a profile
/// where the request names one.
///
/// A profile whose credentials a program prints is asked only where it is named: nothing is run
/// that nobody asked for.
///
/// # Errors
/// Fails on a profile that does not exist.
pub fn survey(request: &ScanRequest) -> Result<Survey, Failure> {
    runtime()?.block_on(async {
        let known = profiles().await.unwrap_or_default();
        let is_profile = known.sources.contains_key(&known.selected) && !config::has_credentials();
        let holds = is_profile.then(|| known.selected.clone());
        let names: Vec<Option<String>> = match &request.profile {
            Some(name) => vec![Some(name.clone())],
            None => {
                let environment = holds.is_none().then_some(None);
                environment.into_iter().chain(known.sources.keys().cloned().map(Some)).collect()
            }
        };
        let asked = names.into_iter().map(|name| candidate(name, &known, request));
        let mut candidates: Vec<Candidate> =
            stream::iter(asked).buffered(AT_ONCE).collect::<Vec<_>>().await;
        if let [Candidate { caller: Err(_), .. }] = candidates.as_slice()
            && request.profile.is_some()
            && let Some(Candidate { caller: Err(failure), .. }) = candidates.pop()
        {
            return Err(failure);
        }
        Ok(Survey { candidates, holds, hint: none_found(&known) })
    })
}

async fn candidate(name: Option<String>, known: &Profiles, request: &ScanRequest) -> Candidate {
    let source = name.as_ref().and_then(|name| known.sources.get(name));
    let caller = if source == Some(&Source::Process) && request.profile.is_none() {
        let message =
            ("not asked: it runs a program", "프로그램을 실행해야 하므로 확인하지 않았습니다");
        let chosen = name.as_deref().unwrap_or_default();
        Err(Failure::new(Kind::Permission, message).with_hint((
            format!("trimtab init --profile {chosen}"),
            format!("trimtab init --profile {chosen}"),
        )))
    } else {
        whose(name.as_deref(), request).await
    };
    Candidate { source: words(source), profile: name, caller }
}

async fn whose(name: Option<&str>, request: &ScanRequest) -> Result<(String, String), Failure> {
    let region = request.regions.first().map(String::as_str);
    let caller = Login::of(name, region, SharePercent::default()).await?.caller().await?;
    Ok((caller.account, caller.arn))
}

fn words(source: Option<&Source>) -> Text {
    match source {
        None => Text::new("environment or machine", "환경 변수 또는 이 머신"),
        Some(Source::Sso { session: Some(session) }) => {
            Text::new(format!("SSO session {session}"), format!("SSO 세션 {session}"))
        }
        Some(Source::Sso { session: None }) => Text::new("SSO", "SSO"),
        Some(Source::Role { of }) => {
            Text::new(format!("role through {of}"), format!("{of} 프로필로 맡는 역할"))
        }
        Some(Source::MachineRole) => Text::new("role of the machine", "이 머신의 역할"),
        Some(Source::Key) => Text::new("access key", "액세스 키"),
        Some(Source::Process) => Text::new("program", "외부 프로그램"),
        Some(Source::WebIdentity) => Text::new("web identity", "웹 자격 증명"),
        Some(Source::Nothing) => Text::new("names no credentials", "자격 증명 설정 없음"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(holds: Option<&str>, usable: &[Option<&str>], expected: Option<Option<&str>>) {
        let names = [None, Some("default"), Some("dev"), Some("live")];
        let candidates = names.into_iter().map(|profile| Candidate {
            profile: profile.map(str::to_owned),
            source: words(None),
            caller: if usable.contains(&profile) {
                Ok((String::new(), String::new()))
            } else {
                Err(Failure::new(Kind::Permission, ("no", "없음")))
            },
        });
        let holds = holds.map(str::to_owned);
        let survey = Survey { candidates: candidates.collect(), holds, hint: words(None) };
        assert_eq!(survey.proposal().map(|one| one.profile.as_deref()), expected);
    }

    #[test]
    fn what_holds_without_a_flag_is_proposed() {
        check(None, &[None, Some("live")], Some(None));
        check(Some("default"), &[Some("default"), Some("live")], Some(Some("default")));
        check(Some("live"), &[Some("dev"), Some("live")], Some(Some("live")));
    }

    #[test]
    fn the_only_one_that_can_be_used_is_proposed_and_no_guess_is_made() {
        check(Some("default"), &[Some("live")], Some(Some("live")));
        check(Some("default"), &[Some("dev"), Some("live")], None);
        check(None, &[], None);
    }
}
