//! Ingest: what Cost Explorer says, for months that no export has.
//!
//! Every request costs money: what it will be is announced first, a budget is kept, and a
//! month that AWS calls final is asked once and never again.

mod ask;
mod month;

use std::collections::BTreeSet;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use tokio::runtime::Handle;

use trimtab_aws::access::Access;
use trimtab_aws::session::Session;
use trimtab_model::api_use::ApiPurpose;
use trimtab_model::money::Money;
use trimtab_model::text::Reason;
use trimtab_store::billing::{BillFormat, Notice};
use trimtab_store::cost;
use trimtab_store::lake::Lake;
use trimtab_store::state::{AskedMonth, State};

use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::exports;
use crate::pipeline::ingest::{Ingested, RequestsMade};
use crate::pipeline::login::Login;
use crate::pipeline::scan::{
    RequestPrice, Took, keep_use, paid_requests, payer, request_price, runtime,
};
use crate::pipeline::state::{now, open_lake};
use crate::progress::{OnProgress, Progress, Stage};
use crate::worker::Isolation;
use month::Month;

/// How long an answer about a month that is not final is used again.
const FRESH: SignedDuration = SignedDuration::from_hours(24);

/// What to ask Cost Explorer.
#[derive(Debug, Clone)]
pub struct CostExplorerRequest {
    /// The profile to start from; the environment's where absent.
    pub profile: Option<String>,
    /// The account to ask in, by number or alias; our own where absent.
    pub account: Option<String>,
    /// How many months, the present one included.
    pub months: u32,
    /// What it may cost, in United States dollars; without limit where absent.
    pub budget: Option<Decimal>,
    /// Where foreign files are parsed.
    pub isolation: Isolation,
}

/// What will be asked, before it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// Requests, at least: an answer with several pages takes one each.
    pub requests: u64,
    /// What they cost; absent where the catalogue does not say.
    pub cost: Option<Money>,
    /// What each costs.
    pub price: Option<Money>,
}

/// Reads months that no export has from Cost Explorer into the data directory.
///
/// `announce` is called before anything is asked, if anything is.
///
/// # Errors
/// Fails without credentials, if it cannot be told which exports there are, if the budget
/// does not pay for the first requests, and if the data directory cannot be used.
pub fn ingest_cost_explorer(
    settings: &Settings,
    request: &CostExplorerRequest,
    announce: &dyn Fn(&Announced),
    told: OnProgress<'_>,
) -> Result<Ingested, Failure> {
    let lake = open_lake(settings)?;
    let price = request_price(settings)?;
    let affordable = affordable(request, price)?;
    let runtime = runtime()?;
    told(Progress::stage(Stage::Finding));
    let (access, session) = runtime.block_on(async {
        let login = Login::by_profile(settings, request.profile.as_deref(), None).await?;
        let session = payer(&login, settings, request.account.as_deref()).await?;
        Ok::<_, Failure>((login.access, session))
    })?;
    let started = now();
    let covered = covered(&lake, &session, runtime.handle())?;
    let (taken, wanted): (Vec<Month>, Vec<Month>) = Month::latest(started, request.months)
        .into_iter()
        .partition(|month| covered.contains(&month.name()));
    let (cached, missing) = split(lake.state(), session.account().as_str(), wanted, started)?;
    let ranges = Month::ranges(&missing);
    let least = ranges.len() as u64;
    if least > affordable {
        return Err(too_dear(least, request.budget, price));
    }
    if least > 0 {
        announce(&Announced {
            requests: least,
            cost: price.and_then(|price| price.of(least)),
            price: price.map(|price| price.0),
        });
    }
    let mut ingested = Ingested::default();
    ingested.notices.extend(taken.iter().map(in_export));
    let asking = ask_all(&access, &session, &ranges, affordable, started, &mut ingested);
    let fresh = runtime.block_on(asking);
    let requests = ask::made(&access);
    let took = Took { purpose: ApiPurpose::CostExplorer, began: started, finished: fresh.is_ok() };
    keep_use(lake.state(), &access, took, paid_requests(settings, requests));
    ingested.requests = Some(RequestsMade {
        requests,
        cost: price.and_then(|price| price.of(requests)),
        cached: cached.iter().map(|month| month.month.clone()).collect(),
    });
    keep_all(&lake, cached, &fresh?, &request.isolation, &mut ingested, told)?;
    ingested.totals =
        cost::totals(&lake).map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    Ok(ingested)
}

/// Asks for every range, as long as the budget lasts.
async fn ask_all(
    access: &Access,
    session: &Session,
    ranges: &[Vec<Month>],
    affordable: u64,
    now: Timestamp,
    ingested: &mut Ingested,
) -> Result<Vec<AskedMonth>, Failure> {
    let mut fresh: Vec<AskedMonth> = Vec::new();
    for range in ranges {
        match ask::range(access, session, range, affordable, now).await {
            Ok(months) => fresh.extend(months),
            Err(ask::Stopped::Budget) => ingested.notices.extend(range.iter().map(unaffordable)),
            Err(ask::Stopped::Refused(error)) => {
                let reason = trimtab_aws::part::reason(&error);
                return Err(Failure::from_error(Kind::Permission, &error).with_hint(reason.text));
            }
        }
    }
    Ok(fresh)
}

/// Keeps the answers, then puts them into the lake, and those from before that it lacks.
fn keep_all(
    lake: &Lake,
    cached: Vec<AskedMonth>,
    fresh: &[AskedMonth],
    isolation: &Isolation,
    ingested: &mut Ingested,
    told: OnProgress<'_>,
) -> Result<(), Failure> {
    for month in fresh {
        lake.state()
            .keep_asked_month(month)
            .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    }
    let standing = standing(lake)?;
    let is_new =
        |month: &AskedMonth| !standing.contains(&(month.month.clone(), month.account.clone()));
    let cached: Vec<AskedMonth> = cached.into_iter().filter(is_new).collect();
    for asked in cached.iter().chain(fresh) {
        month::keep(lake, asked, isolation, ingested, told)?;
    }
    Ok(())
}

/// Returns how many requests the budget pays for: any number without one.
fn affordable(request: &CostExplorerRequest, price: Option<RequestPrice>) -> Result<u64, Failure> {
    let Some(budget) = request.budget else { return Ok(u64::MAX) };
    let price = price.ok_or_else(|| {
        Failure::usage(
            (
                "the catalogue has no price of a request to Cost Explorer, so a budget cannot be kept",
                "가격 카탈로그에 Cost Explorer 요청의 단가가 없어 예산을 지킬 수 없습니다",
            ),
            ("leave --budget out", "--budget을 빼세요"),
        )
    })?;
    Ok(price.affordable(budget))
}

/// Returns the months that something better than Cost Explorer has: the lake, or an export of
/// the account.
fn covered(lake: &Lake, session: &Session, runtime: &Handle) -> Result<BTreeSet<String>, Failure> {
    let bills = lake.state().bills().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let better = bills.into_iter().filter(|bill| bill.format != BillFormat::CostExplorer.as_str());
    let mut covered: BTreeSet<String> = better.map(|bill| bill.group.billing_period).collect();
    let exports = exports::found(session, runtime)?;
    for place in exports.iter().flat_map(|exports| &exports.places) {
        let delivered = place.periods.iter().filter(|(_, found)| !found.current.is_empty());
        covered.extend(delivered.map(|(period, _)| period.clone()));
    }
    Ok(covered)
}

/// Returns the months and accounts that the lake has from Cost Explorer.
fn standing(lake: &Lake) -> Result<BTreeSet<(String, String)>, Failure> {
    let bills = lake.state().bills().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let asked = bills.into_iter().filter(|bill| bill.format == BillFormat::CostExplorer.as_str());
    Ok(asked.map(|bill| (bill.group.billing_period, bill.group.billing_account)).collect())
}

/// Parts the months whose answer is known and still holds from those to be asked for.
fn split(
    state: &State,
    account: &str,
    wanted: Vec<Month>,
    now: Timestamp,
) -> Result<(Vec<AskedMonth>, Vec<Month>), Failure> {
    let mut cached = Vec::new();
    let mut missing = Vec::new();
    for month in wanted {
        let known = state
            .asked_month(account, &month.name())
            .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
        match known.filter(|known| holds(known, &month, now)) {
            Some(known) => cached.push(known),
            None => missing.push(month),
        }
    }
    Ok((cached, missing))
}

/// What AWS calls final holds for ever; what it calls estimated, for a day.
fn holds(known: &AskedMonth, month: &Month, now: Timestamp) -> bool {
    let is_final = !known.estimated && known.until == month.end();
    is_final || now.duration_since(known.asked_at) < FRESH
}

fn in_export(month: &Month) -> Notice {
    let month = month.name();
    Notice::new(
        Path::new(&format!("cost-explorer/{month}")),
        Reason::new(
            "month-in-export",
            "was not asked for: an export has this month, with resources and for nothing (`trimtab ingest --from aws`)",
            "이 달은 내보내기에 자원별로 있고 무료이므로 Cost Explorer에 묻지 않았습니다(`trimtab ingest --from aws`)",
        ),
    )
}

fn unaffordable(month: &Month) -> Notice {
    let month = month.name();
    Notice::new(
        Path::new(&format!("cost-explorer/{month}")),
        Reason::new(
            "budget",
            "was not read: its pages cost more than the budget. Raise --budget",
            "읽지 않았습니다. 응답의 페이지 수만큼 드는 요금이 예산을 넘습니다. --budget을 늘리세요",
        ),
    )
}

fn too_dear(requests: u64, budget: Option<Decimal>, price: Option<RequestPrice>) -> Failure {
    let budget = budget.unwrap_or_default();
    let cost = price.and_then(|price| price.of(requests));
    let cost = cost.map_or_else(|| "?".to_owned(), |cost| cost.amount.normalize().to_string());
    Failure::usage(
        (
            format!(
                "Cost Explorer would be asked at least {requests} times for {cost} USD, and the budget is {budget} USD; nothing was asked"
            ),
            format!(
                "Cost Explorer에 최소 {requests}번 요청하게 되어 {cost} USD가 들지만 예산은 {budget} USD입니다. 아무것도 요청하지 않았습니다"
            ),
        ),
        ("raise --budget, or ask for fewer --months", "--budget을 늘리거나 --months를 줄이세요"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(estimated: bool, until: &str, asked_at: &str) -> AskedMonth {
        AskedMonth {
            account: "111122223333".to_owned(),
            month: "2026-10".to_owned(),
            until: until.parse().expect("a day"),
            estimated,
            asked_at: asked_at.parse().expect("a moment"),
            rows: Vec::new(),
        }
    }

    fn check(known: &AskedMonth, now: &str, expected: bool) {
        let now: Timestamp = now.parse().expect("a moment");
        let months = Month::latest(now, 3);
        let october = months.iter().find(|month| month.name() == "2026-10").expect("in range");
        assert_eq!(holds(known, october, now), expected, "{known:?} at {now}");
    }

    #[test]
    fn what_is_final_is_never_asked_again_and_what_is_not_after_a_day() {
        let now = "2026-11-20T12:00:00Z";
        check(&asked(false, "2026-11-01", "2026-11-10T00:00:00Z"), now, true);
        check(&asked(true, "2026-11-01", "2026-11-10T00:00:00Z"), now, false);
        check(&asked(true, "2026-11-01", "2026-11-20T00:00:00Z"), now, true);
        // Asked within the month: it was not over.
        check(&asked(false, "2026-10-15", "2026-10-15T00:00:00Z"), now, false);
    }
}
