//! Looking for marks in every account and region. Nothing is changed.

use std::collections::BTreeSet;

use trimtab_aws::marks::{Marks, marks};
use trimtab_aws::session::Session;
use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_model::mark::{Belonging, Mark, Marked};
use trimtab_model::money::Money;
use trimtab_model::text::Reason;
use trimtab_store::catalog;
use trimtab_store::state::State;

use super::belonging::Written;
use super::enter::{OfRegion, Visitor};
use super::price::monthly_cost;
use crate::config::Settings;
use crate::failure::Failure;
use crate::pipeline::acting::endpoint::known;
use crate::pipeline::login::Login;
use crate::pipeline::plan::{self, operator};
use crate::pipeline::runs::{self, Run};
use crate::pipeline::scan::places::{accounts, home, members, no_list};
use crate::pipeline::scan::{ScanRequest, runtime};

/// Where to look.
#[derive(Debug, Clone, Default)]
pub struct RecoverRequest {
    /// The profile to start from.
    pub profile: Option<String>,
    /// Only these accounts.
    pub accounts: Vec<String>,
    /// Only these regions.
    pub regions: Vec<String>,
    /// Who looks; the user of this machine where absent.
    pub by: Option<String>,
}

/// Something with a mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What it is.
    pub mark: Mark,
    /// Whose it is.
    pub belonging: Belonging,
    /// What it costs a month at list prices; absent where that is not known.
    pub monthly_cost: Option<Money>,
    /// The commands that finish it or take it away.
    pub next: Vec<String>,
}

/// What could not be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Unread {
    /// The account.
    pub account: SubAccountId,
    /// The region; absent where the account could not be entered.
    pub region: Option<RegionId>,
    /// Why.
    pub reason: Reason,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Recovered {
    /// The runs that have not ended, and have a journal.
    pub open: Vec<Run>,
    /// Everything with a mark.
    pub found: Vec<Found>,
    /// What could not be read.
    pub unread: Vec<Unread>,
}

/// Looks for everything of ours, in what was written down and in every account and region of
/// the settings.
///
/// # Errors
/// Fails without credentials that AWS knows, and where the state cannot be read.
pub fn recover(
    settings: &Settings,
    state: &State,
    request: &RecoverRequest,
) -> Result<Recovered, Failure> {
    let runs: Vec<Run> =
        runs::list(state)?.into_iter().filter(|run| !run.record.is_simulated).collect();
    let is_open =
        |run: &&Run| run.is_open() && run.journal.as_ref().is_ok_and(|journal| !journal.is_empty());
    let open = runs.iter().filter(is_open).cloned().collect();
    let mut all = Recovered { open, ..Recovered::default() };
    let seen = runtime()?.block_on(look(settings, request, &mut all))?;
    let regions: BTreeSet<RegionId> = seen.iter().map(|mark| mark.region.clone()).collect();
    let prices = catalog::price_book_with(&settings.data_dir, &regions)
        .map_err(|cause| Failure::from(&cause))?;
    let written = Written { plans: plan::list(state)?, runs };
    all.found = seen
        .into_iter()
        .filter_map(|mark| {
            let belonging = written.belonging(&mark)?;
            let monthly_cost = monthly_cost(&prices, &mark);
            let next = next(&mark, &belonging);
            Some(Found { mark, belonging, monthly_cost, next })
        })
        .collect();
    Ok(all)
}

fn next(mark: &Mark, belonging: &Belonging) -> Vec<String> {
    match belonging {
        Belonging::OpenRun(run) => vec![format!("trimtab run resume {run} --execute")],
        Belonging::LostJournal(plan) => vec![format!("trimtab recover --adopt {plan}")],
        // Its own journal has the commands that bring it back into service.
        Belonging::EndedRun(run) if matches!(mark.what, Marked::StoppedInstance { .. }) => {
            vec![format!("trimtab run show {run}")]
        }
        Belonging::EndedRun(_) | Belonging::Unknown => mark.undo(),
    }
}

/// Visits every account and region.
async fn look(
    settings: &Settings,
    request: &RecoverRequest,
    all: &mut Recovered,
) -> Result<Vec<Mark>, Failure> {
    let region = request.regions.first().map(String::as_str);
    let login = Login::by_profile(settings, request.profile.as_deref(), region).await?;
    let access = &login.access;
    // What answers decides what is deleted next, and is shown the external IDs of roles.
    known(settings, access)?;
    let operator = operator(request.by.as_deref())
        // Whoever only looks need not say who they are.
        .or_else(|failure| request.by.is_none().then(|| "trimtab".to_owned()).ok_or(failure))?;
    let caller = login.caller().await?;
    let home = home(access, &caller);
    let asked = ScanRequest {
        accounts: request.accounts.clone(),
        regions: request.regions.clone(),
        ..ScanRequest::default()
    };
    let of_organization =
        members(access, settings, &caller, &home).await.map_err(|error| no_list(&error))?;
    let visitor = Visitor {
        settings,
        access,
        caller: &caller,
        asked: &asked,
        home: &home,
        operator: &operator,
    };
    let mut regions: Vec<OfRegion> = Vec::new();
    for account in accounts(settings, &asked, &caller, of_organization)? {
        match visitor.open(&account).await? {
            Ok(opened) => regions.extend(opened),
            Err(reason) => {
                let account = account.id.as_str().into();
                all.unread.push(Unread { account, region: None, reason });
            }
        }
    }
    let mut seen = Vec::new();
    for sessions in regions {
        let Some(session) = sessions.first() else { continue };
        let found = read(&sessions).await;
        seen.extend(found.found);
        all.unread.extend(found.unread.iter().map(|error| Unread {
            account: session.account().clone(),
            region: Some(session.region().clone()),
            reason: trimtab_aws::part::reason(error),
        }));
    }
    Ok(seen)
}

/// Looks in a region by one role after the other until one may read everything; where none may,
/// by the one that may read most.
async fn read(sessions: &[Session]) -> Marks {
    let mut best: Option<Marks> = None;
    for session in sessions {
        let found = marks(session).await;
        if best.as_ref().is_none_or(|best| found.unread.len() < best.unread.len()) {
            best = Some(found);
        }
        if best.as_ref().is_some_and(|best| best.unread.is_empty()) {
            break;
        }
    }
    best.unwrap_or_default()
}
