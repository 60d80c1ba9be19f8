//! What is proposed for the accounts that some credentials open.

use std::collections::BTreeMap;

use futures::StreamExt;
use futures::stream;

use trimtab_aws::access::{Access, Caller};
use trimtab_aws::account;
use trimtab_aws::collector::Collector;
use trimtab_aws::error::AwsError;
use trimtab_aws::inventory;
use trimtab_aws::part;
use trimtab_aws::probe::{Finding, probe};
use trimtab_aws::region;
use trimtab_model::id::RegionId;
use trimtab_model::money::Money;
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::Text;
use trimtab_store::cost::{CostFilter, GroupBy};

use crate::config::{self, Settings, SharePercent};
use crate::failure::{Failure, Kind};
use crate::pipeline::cost::{CostQuery, cost_groups};
use crate::pipeline::login::Login;
use crate::pipeline::scan::{ScanRequest, places, runtime};
use crate::pipeline::state::{now, open_state};

/// Listings that run at once.
const AT_ONCE: usize = 24;

/// Kinds whose first page says cheaply whether a region is in use. A region without them may
/// still hold others, which is why none is left out for it.
const SIGNS: &[ResourceKind] = &[
    ResourceKind::Instance,
    ResourceKind::Volume,
    ResourceKind::DbInstance,
    ResourceKind::LoadBalancer,
];

/// What is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The profile to start from; the environment's credentials where absent.
    pub profile: Option<String>,
    /// The account of the credentials.
    pub account: String,
    /// Whose they are.
    pub arn: String,
    /// The partition of AWS, as in ARNs.
    pub partition: String,
    /// The regions that are enabled, and what is known of each.
    pub regions: Vec<RegionUse>,
    /// How many accounts the organisation has, where this is its management account.
    pub organization: Option<u64>,
    /// The organisation's management account, where this is another one.
    pub managed_by: Option<String>,
    /// Which role reads the accounts.
    pub role: Role,
    /// The regions to scan; all that are enabled where empty.
    pub scan_regions: Vec<String>,
    /// The time zone to show, where the machine names one.
    pub timezone: Option<String>,
    /// What could not be found out.
    pub unknown: Vec<Text>,
}

/// With what an account is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// With a role that can only read.
    Read,
    /// With the credentials as they are.
    None,
}

/// What is known of a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionUse {
    /// The region.
    pub region: RegionId,
    /// What ingested bills charge for it, by currency.
    pub billed: Vec<Money>,
    /// Kinds of which it holds some; absent where that could not be found out.
    pub kinds: Option<Vec<ResourceKind>>,
}

/// Asks what the account of some credentials is like: whose it is, its regions and its
/// organisation. Every call reads, and none is charged.
///
/// # Errors
/// Fails without credentials that AWS accepts, and where the regions cannot be listed.
pub fn identify(
    settings: &Settings,
    request: &ScanRequest,
    role: Role,
    watch: &mut dyn FnMut(u64, u64),
) -> Result<Plan, Failure> {
    let mut plan = runtime()?.block_on(async {
        let region = request.regions.first().map(String::as_str);
        let login = Login::of(request.profile.as_deref(), region, SharePercent::default()).await?;
        let caller = login.caller().await?;
        let home = places::home(&login.access, &caller);
        let mut unknown = Vec::new();
        let regions = regions(&login.access, &caller, &home, watch).await?;
        let (organization, managed_by) =
            organization(&login.access, &caller, &home, &mut unknown).await;
        Ok::<_, Failure>(Plan {
            profile: request.profile.clone(),
            partition: caller.partition.as_str().to_owned(),
            account: caller.account,
            arn: caller.arn,
            regions,
            organization,
            managed_by,
            role,
            scan_regions: request.regions.clone(),
            timezone: config::machine_timezone(),
            unknown,
        })
    })?;
    plan.bills(settings)?;
    Ok(plan)
}

impl Plan {
    /// Returns the regions that something is known of: a charge or a resource.
    pub fn used_regions(&self) -> Vec<String> {
        let used = self.regions.iter().filter(|one| one.is_used());
        used.map(|one| one.region.as_str().to_owned()).collect()
    }

    /// Adds what ingested bills say, if there are any.
    fn bills(&mut self, settings: &Settings) -> Result<(), Failure> {
        let state = open_state(settings)?;
        let bills = state.bills().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
        if bills.is_empty() {
            return Ok(());
        }
        let account = self.organization.is_none().then(|| self.account.clone());
        let filter = CostFilter { account, ..CostFilter::default() };
        let query = CostQuery { by: GroupBy::Region, then: None, filter };
        let mut billed: BTreeMap<String, Vec<Money>> = BTreeMap::new();
        for group in cost_groups(settings, std::slice::from_ref(&query))?.into_iter().flatten() {
            if let Some(region) = group.key.into_iter().next().flatten() {
                billed.entry(region).or_default().push(group.billed);
            }
        }
        for one in &mut self.regions {
            one.billed = billed.remove(one.region.as_str()).unwrap_or_default();
        }
        Ok(())
    }
}

impl RegionUse {
    fn is_used(&self) -> bool {
        self.billed.iter().any(|billed| billed.is_positive())
            // What could not be found out is not taken for empty.
            || self.kinds.as_ref().is_none_or(|kinds| !kinds.is_empty())
    }
}

async fn regions(
    access: &Access,
    caller: &Caller,
    home: &str,
    watch: &mut dyn FnMut(u64, u64),
) -> Result<Vec<RegionUse>, Failure> {
    let session = access.session(&caller.account, home, None);
    let names = region::enabled(&session).await.map_err(|error| {
        Failure::new(Kind::Permission, part::reason(&error).text).with_hint((
            "`trimtab doctor` prints the statement; another profile may have it already",
            "`trimtab doctor` 명령이 필요한 정책을 출력합니다. 이미 권한이 있는 다른 프로필을 써도 됩니다",
        ))
    })?;
    let signs: Vec<&'static Collector> =
        inventory::ALL.iter().copied().filter(|one| SIGNS.contains(&one.kind)).collect();
    let of = names.len() as u64;
    let asked = names.into_iter().map(|name| {
        let session = access.session(&caller.account, &name, None);
        let signs = &signs;
        async move {
            let mut kinds = Some(Vec::new());
            for collector in signs {
                let probed = probe(&session, collector, now()).await;
                let answered =
                    probed.actions.first().is_some_and(|(_, found)| *found == Finding::Allowed);
                match (&mut kinds, probed.found_resources, answered) {
                    (Some(kinds), true, _) => kinds.push(collector.kind),
                    (_, false, false) => kinds = kinds.filter(|kinds| !kinds.is_empty()),
                    _ => {}
                }
            }
            RegionUse { region: RegionId::new(&name), billed: Vec::new(), kinds }
        }
    });
    let mut running = stream::iter(asked).buffer_unordered(AT_ONCE);
    let mut found = Vec::new();
    while let Some(one) = running.next().await {
        found.push(one);
        watch(found.len() as u64, of);
    }
    found.sort_by(|left, right| left.region.cmp(&right.region));
    Ok(found)
}

/// Returns how many accounts the organisation has, if this is the account that manages it, else
/// the account that does.
async fn organization(
    access: &Access,
    caller: &Caller,
    home: &str,
    unknown: &mut Vec<Text>,
) -> (Option<u64>, Option<String>) {
    let session = access.session(&caller.account, home, None);
    let manager = match account::management_account(&session).await {
        Ok(manager) => manager,
        Err(error) => {
            unknown.push(not_told(&error));
            return (None, None);
        }
    };
    match manager {
        Some(manager) if manager == caller.account => match account::accounts(&session).await {
            Ok(accounts) => (Some(accounts.len() as u64), None),
            Err(error) => {
                unknown.push(not_told(&error));
                (None, None)
            }
        },
        manager => (None, manager),
    }
}

fn not_told(error: &AwsError) -> Text {
    Text::new(
        format!("whether the account manages an organisation is not known ({})", error.action()),
        format!("이 계정이 조직의 관리 계정인지 확인하지 못했습니다({})", error.action()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(kinds: Option<Vec<ResourceKind>>) -> bool {
        RegionUse { region: RegionId::new("us-east-1"), billed: Vec::new(), kinds }.is_used()
    }

    #[test]
    fn a_region_that_nobody_could_look_into_is_not_taken_for_empty() {
        assert!(used(None));
        assert!(used(Some(vec![ResourceKind::Volume])));
        assert!(!used(Some(Vec::new())));
    }
}
