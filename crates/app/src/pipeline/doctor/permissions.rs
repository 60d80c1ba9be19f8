//! What may be read in the places that let us in: each action of each collector, tried once.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt;
use futures::stream;

use trimtab_aws::access::Access;
use trimtab_aws::collector::{Collector, Reach};
use trimtab_aws::error::AwsError;
use trimtab_aws::metrics;
use trimtab_aws::opinions;
use trimtab_aws::part;
use trimtab_aws::policy::Statement;
use trimtab_aws::probe::{Finding, probe};
use trimtab_aws::session::Session;
use trimtab_model::diagnosis::{Area, Lack, Permission, Status, Step, Subject};
use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_model::opinion::OpinionSource;
use trimtab_model::text::{Reason, counted};

use super::credentials::principal;
use super::{Diagnosis, Watch};
use crate::config::Settings;
use crate::pipeline::permissions::{checks_of, checks_of_metrics};
use crate::pipeline::scan::places::Entered;
use crate::pipeline::scan::price::MetricPrice;
use crate::pipeline::scan::{Ask, ScanRequest};
use crate::pipeline::state::now;

/// Probes that run at once. The pace of calls is kept elsewhere.
const AT_ONCE: usize = 24;

/// What is to be tried.
pub(super) struct Probe<'a> {
    pub(super) settings: &'a Settings,
    pub(super) request: &'a ScanRequest,
    pub(super) collectors: &'a [&'static Collector],
    /// Metrics that may be asked for.
    pub(super) metrics: u64,
    /// What they cost; absent where the catalogue does not say.
    pub(super) metric_price: Option<MetricPrice>,
}

/// An account that let us in.
pub(super) struct Place {
    pub(super) account: String,
    /// Whose permissions count there.
    pub(super) principal: String,
    pub(super) entered: Entered,
}

/// One thing to be tried in one place.
struct Job {
    session: Session,
    what: What,
    depth: Depth,
}

/// What is tried.
#[derive(Clone, Copy)]
enum What {
    Kind(&'static Collector),
    Metrics,
    Opinions(OpinionSource),
}

/// How much is tried in a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// Every collector.
    Whole,
    /// One, which shows whether the region is open.
    Sign,
}

/// What one job found out.
pub(super) struct Found {
    pub(super) account: SubAccountId,
    pub(super) region: RegionId,
    what: What,
    depth: Depth,
    pub(super) actions: Vec<(&'static str, Finding)>,
}

impl Diagnosis {
    /// Tries every collector in one region of each account, and one of them in its other regions:
    /// a permission holds for the account, but an organisation may close regions.
    pub(super) async fn permissions(
        &mut self,
        access: &Access,
        home: &str,
        places: &[Place],
        probe: &Probe<'_>,
        watch: Watch<'_>,
    ) {
        let jobs = jobs(access, home, places, probe);
        let of = jobs.len() as u64;
        let mut running = stream::iter(jobs.into_iter().map(|job| tokio::spawn(ask(job))))
            .buffer_unordered(AT_ONCE);
        let mut found = Vec::new();
        while let Some(ended) = running.next().await {
            match ended {
                Ok(one) => found.push(one),
                Err(cause) => {
                    let reason = Reason::new(
                        "ended",
                        format!("a probe ended unexpectedly: {cause}"),
                        format!("확인이 예기치 않게 끝났습니다: {cause}"),
                    );
                    self.add(Area::Permissions, Status::Failed, reason);
                }
            }
            watch(found.len() as u64, of);
        }
        found.sort_by(|left, right| left.key().cmp(&right.key()));
        for place in places {
            let of_place: Vec<&Found> =
                found.iter().filter(|one| one.account.as_str() == place.account).collect();
            let (opinions, others) =
                of_place.iter().partition::<Vec<&Found>, _>(|one| one.opinions().is_some());
            self.summarise(&others);
            opinions.into_iter().for_each(|one| self.opinions(one));
            self.lacking(place, &of_place, probe.settings);
        }
        for one in &found {
            self.permissions.extend(one.actions.iter().map(|(action, finding)| Permission {
                account: one.account.clone(),
                region: one.region.clone(),
                subject: one.what.subject(),
                action: (*action).to_owned(),
                status: status(finding),
            }));
        }
        let wanted = places.len() as u64 * metrics::CHARGED_AS_METRICS;
        if wanted > probe.metrics && !checks_of_metrics(probe.settings).is_empty() {
            self.unpaid(wanted, probe.metric_price.as_ref());
        }
    }

    /// Says how many kinds can be read in each region, and what could not be found out. Regions
    /// that were only tried for being open share a line each way.
    fn summarise(&mut self, found: &[&Found]) {
        let mut regions: BTreeMap<(&SubAccountId, &RegionId), Vec<&Found>> = BTreeMap::new();
        let (mut open, mut refusing) = (Vec::new(), Vec::new());
        for one in found {
            match one.depth {
                Depth::Sign if one.is_whole() => open.push(*one),
                Depth::Sign if one.lacks_any() => refusing.push(*one),
                Depth::Whole | Depth::Sign => {
                    regions.entry((&one.account, &one.region)).or_default().push(one);
                }
            }
        }
        for ((account, region), found) in regions {
            self.region(account, region, &found);
        }
        if let Some(first) = open.first() {
            let regions = open.len();
            let reason = Reason::new(
                "open-regions",
                format!(
                    "{} more tried with one listing each, and open",
                    counted(regions, "region")
                ),
                format!(
                    "다른 리전 {regions}개는 목록 조회 한 번씩으로 확인했으며 모두 열려 있습니다"
                ),
            );
            let step = Step::new(Area::Permissions, Status::Ok, reason);
            self.steps.push(step.at(first.account.as_str(), None));
        }
        if let Some(first) = refusing.first() {
            let count = refusing.len();
            let names: Vec<&str> = refusing.iter().map(|one| one.region.as_str()).collect();
            let names = names.join(", ");
            let reason = Reason::new(
                "refusing-regions",
                format!(
                    "{} more tried with one listing each, and refused: {names}",
                    counted(count, "region")
                ),
                format!(
                    "다른 리전 {count}개는 목록 조회 한 번씩으로 확인했으나 거부되었습니다: {names}"
                ),
            );
            let step = Step::new(Area::Permissions, Status::Missing, reason);
            self.steps.push(step.at(first.account.as_str(), None));
        }
    }

    fn region(&mut self, account: &SubAccountId, region: &RegionId, found: &[&Found]) {
        let all = found.len();
        let readable = found.iter().filter(|one| one.is_whole()).count();
        let missing = found.iter().any(|one| one.lacks_any());
        let status = match (missing, readable == all) {
            (true, _) => Status::Missing,
            (false, true) => Status::Ok,
            (false, false) => Status::Failed,
        };
        let reason = Reason::new(
            "readable",
            format!("{readable} of {} may be read", counted(all, "kind")),
            format!("{all}종 가운데 {readable}종을 읽을 수 있습니다"),
        );
        let here = |step: Step| step.at(account.as_str(), Some(region.as_str()));
        self.steps.push(here(Step::new(Area::Permissions, status, reason)));
        let mut told: BTreeSet<String> = BTreeSet::new();
        for error in found.iter().flat_map(|one| one.failures()) {
            let reason = part::reason(error);
            if told.insert(reason.text.en.clone()) {
                self.steps.push(here(Step::new(Area::Permissions, Status::Failed, reason)));
            }
        }
    }

    /// Adds what an account lacks, once per need.
    fn lacking(&mut self, place: &Place, found: &[&Found], settings: &Settings) {
        let mut needs: BTreeMap<Subject, (What, BTreeSet<&str>, BTreeSet<RegionId>)> =
            BTreeMap::new();
        for one in found.iter().filter(|one| one.lacks_any()) {
            let (_, refused, regions) = needs
                .entry(one.what.subject())
                .or_insert_with(|| (one.what, BTreeSet::new(), BTreeSet::new()));
            refused.extend(one.refused());
            regions.insert(one.region.clone());
        }
        for (subject, (what, refused, regions)) in needs {
            let all = what.statement();
            let actions = all.clone().only(|action| refused.contains(action)).actions;
            let (principal, who) = principal(&place.principal);
            self.lacks.push(Lack {
                principal,
                who,
                account: place.account.as_str().into(),
                regions,
                actions: actions.into_iter().map(str::to_owned).collect(),
                checks: match subject {
                    Subject::Kind(kind) => checks_of(settings, &BTreeSet::from([kind])),
                    Subject::Metrics => checks_of_metrics(settings),
                    // No check needs an opinion.
                    Subject::Opinions(_) => Vec::new(),
                },
                subjects: vec![subject],
                statement: all
                    .only(|action| refused.contains(action) || what.takes_along(action))
                    .document(),
            });
        }
    }

    /// Says that metrics were not asked for, and what `wanted` of them would cost.
    fn unpaid(&mut self, wanted: u64, price: Option<&MetricPrice>) {
        let reason = Reason::new(
            "metrics-cost",
            "CloudWatch was not asked for metrics, because it charges for the answer",
            "CloudWatch는 응답에 요금을 받으므로 지표는 확인하지 않았습니다",
        );
        let step = Step::new(Area::Permissions, Status::NotAsked, reason);
        let cost = price.and_then(|price| Some((price, price.of(wanted)?)));
        self.steps.push(match cost {
            Some((price, cost)) => {
                let (budget, region) = (cost.amount.normalize(), &price.region);
                step.with_hint((
                    format!("add --budget {budget} to ask for {wanted}: {budget} USD by the list price of {region}"),
                    format!("지표 {wanted}건도 확인하려면 --budget {budget} 옵션을 붙이세요. {region} 리전 정가로 {budget} USD입니다"),
                ))
            }
            None => step,
        });
    }
}

impl What {
    fn subject(self) -> Subject {
        match self {
            Self::Kind(collector) => Subject::Kind(collector.kind),
            Self::Metrics => Subject::Metrics,
            Self::Opinions(source) => Subject::Opinions(source),
        }
    }

    /// Returns the statement that lets all of it be read.
    fn statement(self) -> Statement {
        match self {
            Self::Kind(collector) => Statement::read(collector),
            Self::Metrics => Statement::read_metrics(),
            Self::Opinions(source) => Statement::ask(source),
        }
    }

    /// Returns whether an action that was not tried itself belongs to those that were refused:
    /// what Compute Optimizer does in our name.
    fn takes_along(self, action: &str) -> bool {
        matches!(self, Self::Opinions(OpinionSource::ComputeOptimizer))
            && opinions::DEPENDENT_ACTIONS.contains(&action)
    }
}

impl Found {
    fn key(&self) -> (&SubAccountId, &RegionId, Subject) {
        (&self.account, &self.region, self.what.subject())
    }

    /// Returns the source, where it is an opinion that was asked for.
    pub(super) fn opinions(&self) -> Option<OpinionSource> {
        self.what.subject().opinions()
    }

    /// Returns the actions that were refused.
    pub(super) fn refused(&self) -> impl Iterator<Item = &'static str> {
        let denied = self.actions.iter().filter(|(_, finding)| *finding == Finding::Denied);
        denied.map(|(action, _)| *action)
    }

    fn lacks_any(&self) -> bool {
        self.refused().next().is_some()
    }

    /// Returns what could not be found out.
    pub(super) fn failures(&self) -> impl Iterator<Item = &AwsError> {
        self.actions.iter().filter_map(|(_, finding)| match finding {
            Finding::Failed(error) => Some(error),
            _ => None,
        })
    }

    fn is_whole(&self) -> bool {
        !self.lacks_any() && self.failures().next().is_none()
    }
}

fn status(finding: &Finding) -> Status {
    match finding {
        Finding::Allowed => Status::Ok,
        Finding::Denied => Status::Missing,
        Finding::NotAsked | Finding::OptedOut => Status::NotAsked,
        Finding::Failed(_) => Status::Failed,
    }
}

fn jobs(access: &Access, home: &str, places: &[Place], probe: &Probe<'_>) -> Vec<Job> {
    let mut jobs = Vec::new();
    let mut affordable = probe.metrics;
    for place in places {
        let open = |region: &str| {
            access.session(&place.account, region, place.entered.credentials.clone())
        };
        let regions = &place.entered.regions;
        let Some(first) = regions.iter().find(|region| *region == home).or(regions.first()) else {
            continue;
        };
        // Named regions are tried whole.
        let whole = |region: &String| region == first || !probe.request.regions.is_empty();
        for collector in probe.collectors.iter().filter(|one| one.reach == Reach::Account) {
            let (session, depth) = (open(home), Depth::Whole);
            jobs.push(Job { session, what: What::Kind(collector), depth });
        }
        for region in regions {
            let regional = probe.collectors.iter().filter(|one| one.reach == Reach::Region);
            let (depth, tried) =
                if whole(region) { (Depth::Whole, usize::MAX) } else { (Depth::Sign, 1) };
            jobs.extend(regional.take(tried).map(|collector| {
                let session = open(region);
                Job { session, what: What::Kind(collector), depth }
            }));
        }
        if probe.request.second_opinion == Ask::Ask {
            let asked = |session, source| Job {
                session,
                what: What::Opinions(source),
                depth: Depth::Whole,
            };
            let whole = regions.iter().filter(|region| whole(region));
            let each = whole.map(|region| asked(open(region), OpinionSource::ComputeOptimizer));
            jobs.extend(each);
            jobs.push(asked(open(home), OpinionSource::CostOptimizationHub));
        }
        let wants_metrics = !checks_of_metrics(probe.settings).is_empty();
        if wants_metrics && affordable >= metrics::CHARGED_AS_METRICS {
            affordable -= metrics::CHARGED_AS_METRICS;
            jobs.push(Job { session: open(first), what: What::Metrics, depth: Depth::Whole });
        }
    }
    jobs
}

async fn ask(job: Job) -> Found {
    let Job { session, what, depth } = job;
    let actions = match what {
        What::Kind(collector) => probe(&session, collector, now()).await.actions,
        What::Metrics => metrics::probe(&session, now()).await,
        What::Opinions(source) => opinions::probe(&session, source).await,
    };
    Found {
        account: session.account().clone(),
        region: session.region().clone(),
        what,
        depth,
        actions,
    }
}
