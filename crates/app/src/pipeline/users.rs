//! Users and demand: what follows them, what is expected, and what other users would change.

use std::path::PathBuf;

use jiff::civil::Date;
use trimtab_analysis::analyze_with;

use trimtab_analysis::traffic::{Ahead, forecasts, loads, simulate as simulate_users, unit_costs};
use trimtab_model::driver::{DriverForecast, ResourceLoad};
use trimtab_model::simulation::{Scenario, Simulation};
use trimtab_model::unit_cost::{DayCost, UnitBasis, UnitCosts};
use trimtab_store::InputError;
use trimtab_store::cost::CostGroup;

use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::analyze::{AnalyzeRequest, Prepared, prepare, select};
use crate::pipeline::traffic::{self, TrafficRequest, traffic};
use crate::progress::{OnProgress, Progress, Stage};
use crate::worker::Isolation;

/// An answer about users, and what could not be read for it.
#[derive(Debug)]
pub struct Answered<T> {
    /// The answer.
    pub answer: T,
    /// What could not be read, file by file.
    pub errors: Vec<InputError>,
}

/// Returns what each resource follows, carries and costs.
///
/// # Errors
/// Fails as [`analyze`](super::analyze) does, and where there are neither users nor requests.
pub fn resource_loads(
    settings: &Settings,
    request: &AnalyzeRequest,
    told: OnProgress<'_>,
) -> Result<Answered<Vec<ResourceLoad>>, Failure> {
    let prepared = with_users(settings, request, told)?;
    told(Progress::stage(Stage::Checks));
    let answer = loads(&prepared.facts(&settings.policy));
    Ok(Answered { answer, errors: prepared.errors() })
}

/// Judges everything again with other users.
///
/// # Errors
/// Fails as [`resource_loads`] does.
pub fn simulate(
    settings: &Settings,
    request: &AnalyzeRequest,
    scenario: Scenario,
    told: OnProgress<'_>,
) -> Result<Answered<Simulation>, Failure> {
    let selected = select(&request.checks)?;
    let prepared = with_users(settings, request, told)?;
    told(Progress::stage(Stage::Checks));
    let facts = prepared.facts(&settings.policy);
    let now = analyze_with(&selected, &facts);
    let answer = simulate_users(&selected, &facts, &now, scenario);
    Ok(Answered { answer, errors: prepared.errors() })
}

/// Forecasts users and requests.
///
/// # Errors
/// Fails as [`traffic`] does.
pub fn user_forecasts(
    settings: &Settings,
    request: &TrafficRequest,
    ahead: Ahead,
    told: OnProgress<'_>,
) -> Result<Answered<Vec<DriverForecast>>, Failure> {
    let read = traffic(settings, request, told)?;
    let answer = forecasts(&read.traffic, &settings.policy.calendar, ahead);
    Ok(Answered { answer, errors: read.errors })
}

/// What to divide by what.
#[derive(Debug, Clone)]
pub struct UnitCostRequest {
    /// What cost is divided by.
    pub per: UnitBasis,
    /// First day, UTC.
    pub since: Option<Date>,
    /// First day that no longer counts, UTC.
    pub until: Option<Date>,
    /// A directory of exports; what was ingested where absent.
    pub from: Option<PathBuf>,
    /// Where foreign files are parsed.
    pub isolation: Isolation,
}

/// Divides the days of a bill, as `cost_groups` gives them by day and service, by users.
///
/// # Errors
/// Fails as [`traffic`] does, and where nothing counts the unit.
pub fn unit_cost(
    settings: &Settings,
    request: &UnitCostRequest,
    groups: &[CostGroup],
    told: OnProgress<'_>,
) -> Result<Answered<UnitCosts>, Failure> {
    let (known, errors) = match request.per {
        // Users need no metrics, which may be large.
        UnitBasis::Dau | UnitBasis::Mau => match &request.from {
            Some(dir) => traffic::read(settings, dir, &request.isolation)?,
            None => traffic::kept(settings),
        },
        UnitBasis::ThousandRequests => {
            let (from, isolation) = (request.from.clone(), request.isolation.clone());
            let read = traffic(settings, &TrafficRequest { from, isolation }, told)?;
            (read.traffic, read.errors)
        }
    };
    let days: Vec<DayCost> = groups.iter().filter_map(day_cost).collect();
    let mut answer =
        unit_costs(&days, &known, request.per).ok_or_else(|| nothing_counts(request.per))?;
    // Days that were not asked for are not missing.
    let since =
        request.since.map(|day| if request.per.is_monthly() { day.first_of_month() } else { day });
    answer.rows.retain(|row| {
        since.is_none_or(|since| row.date >= since)
            && request.until.is_none_or(|until| row.date < until)
    });
    Ok(Answered { answer, errors })
}

/// Divides the days of a bill by the users that were read before; none where none were.
pub fn kept_unit_cost(
    settings: &Settings,
    per: UnitBasis,
    groups: &[CostGroup],
) -> Option<UnitCosts> {
    let days: Vec<DayCost> = groups.iter().filter_map(day_cost).collect();
    unit_costs(&days, &traffic::kept(settings).0, per)
}

/// A charge of a whole month has no day, and is in no day's cost.
fn day_cost(group: &CostGroup) -> Option<DayCost> {
    let date = group.key.first()?.as_deref()?.parse().ok()?;
    let service = group.key.get(1).cloned().flatten();
    Some(DayCost { date, service, billed: group.billed, effective: group.whole_effective() })
}

fn nothing_counts(per: UnitBasis) -> Failure {
    let (message, hint) = match per {
        UnitBasis::Dau => (
            ("no users per day were read", "일별 사용자 수가 없습니다"),
            (
                "put users.csv with the columns date and dau into traffic/, or events that name users into traffic/events/",
                "date, dau 열이 있는 users.csv를 traffic/에, 또는 사용자를 식별하는 이벤트를 traffic/events/에 두세요",
            ),
        ),
        UnitBasis::Mau => (
            ("no users of 30 days were read", "30일간의 사용자 수(MAU)가 없습니다"),
            (
                "put at least 30 days of events that name users into traffic/events/; users per day do not say how many come twice",
                "사용자를 식별하는 이벤트를 30일 이상 traffic/events/에 두세요. 일별 사용자 수만으로는 같은 사용자가 몇 번 왔는지 알 수 없습니다",
            ),
        ),
        UnitBasis::ThousandRequests => (
            ("no requests were read", "요청 수가 없습니다"),
            (
                "put access logs into traffic/logs/SERVICE/, or RequestCount of the load balancers into metrics/",
                "액세스 로그를 traffic/logs/SERVICE/에, 또는 로드 밸런서의 RequestCount 지표를 metrics/에 두세요",
            ),
        ),
    };
    Failure::new(Kind::Failed, message).with_hint(hint)
}

fn with_users(
    settings: &Settings,
    request: &AnalyzeRequest,
    told: OnProgress<'_>,
) -> Result<Prepared, Failure> {
    let prepared = prepare(settings, request, told)?;
    let known = prepared.facts(&settings.policy).traffic;
    if known.days.is_empty() && known.services.is_empty() {
        let dir = match &request.source {
            super::Source::Directory(dir) => dir,
            super::Source::DataDirectory => &settings.data_dir,
        };
        return Err(traffic::nothing(dir));
    }
    Ok(prepared)
}
