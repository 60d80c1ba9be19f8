//! Whose cost a bill is.

use std::path::Path;

use trimtab_analysis::allocation::{Dimension, Portion, allocate};
use trimtab_model::allocation::Allocations;
use trimtab_model::money::Money;
use trimtab_store::InputError;
use trimtab_store::cost::{self, CostFilter, CostGroup, GroupBy};
use trimtab_store::lake::Lake;

use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::cost::{exports, lake_with_bills};
use crate::progress::OnProgress;
use crate::worker::Isolation;

/// Which charges are divided, and how.
#[derive(Debug, Clone)]
pub struct Divided {
    /// The name of the one way to divide them; every way where absent.
    pub by: Option<String>,
    /// The charges.
    pub filter: CostFilter,
}

/// Divides what was ingested.
///
/// # Errors
/// Fails if nothing was ingested, there is no such way to divide, or the lake cannot be read.
pub fn allocations(settings: &Settings, divided: &Divided) -> Result<Allocations, Failure> {
    kept_allocations(&lake_with_bills(settings)?, settings, divided)
}

/// Divides the bills of a directory of exports. A file that cannot be read is returned beside.
///
/// # Errors
/// Fails if the directory cannot be used, or there is no such way to divide.
pub fn allocations_of_exports(
    settings: &Settings,
    divided: &Divided,
    dir: &Path,
    isolation: &Isolation,
    told: OnProgress<'_>,
) -> Result<(Allocations, Vec<InputError>), Failure> {
    let (scratch, errors) = exports(dir, isolation, told)?;
    Ok((kept_allocations(&scratch.lake, settings, divided)?, errors))
}

/// Divides the charges of a lake.
///
/// A way to divide that was not configured, and that gives no charge an owner, is left out: its tag
/// is one that nobody uses here.
///
/// # Errors
/// Fails if there is no such way to divide, or the lake cannot be read.
pub fn kept_allocations(
    lake: &Lake,
    settings: &Settings,
    divided: &Divided,
) -> Result<Allocations, Failure> {
    let dimensions: Vec<&Dimension> = match &divided.by {
        None => settings.allocation.iter().collect(),
        Some(name) => vec![named(settings, name)?],
    };
    let looks_at = |of: &dyn Fn(&Dimension) -> bool| dimensions.iter().any(|one| of(one));
    let mut by = vec![GroupBy::Account, GroupBy::Service, GroupBy::Region];
    if looks_at(&Dimension::looks_at_resources) {
        by.push(GroupBy::Resource);
    }
    let before_tags = by.len();
    let tags = dimensions.iter().flat_map(|one| &one.tags);
    by.extend(tags.cloned().map(GroupBy::Tag));
    let groups = cost::cost_groups(lake, &by, &divided.filter).map_err(|cause| failed(&cause))?;
    // Shares are of one basis: that of all charges.
    let is_effective = groups.iter().all(|group| group.whole_effective().is_some());
    let mut items = Vec::new();
    let mut first_tag = before_tags;
    for dimension in &dimensions {
        let of = first_tag..first_tag + dimension.tags.len();
        first_tag = of.end;
        let portions: Vec<Portion> = groups
            .iter()
            .map(|group| portion(group, before_tags, of.clone(), is_effective))
            .collect();
        items.extend(allocate(dimension, &portions).map_err(|cause| failed(&cause))?);
    }
    if divided.by.is_none() {
        items.retain(trimtab_model::allocation::Allocation::says_anything);
    }
    Ok(Allocations { is_effective, items })
}

fn failed(cause: &(dyn trimtab_model::explain::Explain + 'static)) -> Failure {
    Failure::from_error(Kind::Failed, cause)
}

fn portion(
    group: &CostGroup,
    before_tags: usize,
    tags: std::ops::Range<usize>,
    is_effective: bool,
) -> Portion {
    let key = |place: usize| group.key.get(place).cloned().flatten();
    let effective: Option<Money> = group.whole_effective().filter(|_| is_effective);
    Portion {
        account: key(0),
        service: key(1),
        region: key(2),
        resource: (before_tags > 3).then(|| key(3)).flatten(),
        tags: tags.map(key).collect(),
        cost: effective.unwrap_or(group.billed),
    }
}

fn named<'a>(settings: &'a Settings, name: &str) -> Result<&'a Dimension, Failure> {
    let all = &settings.allocation;
    all.iter().find(|one| one.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        let known: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        let known = known.join(", ");
        Failure::usage(
            (
                format!("the bill is not divided by `{name}`"),
                format!("`{name}`: 그런 배분 기준이 없습니다"),
            ),
            (
                format!("known are {known}; add one as `[[allocation]]` to the configuration"),
                format!("쓸 수 있는 기준: {known}. 설정의 `[[allocation]]`에 추가할 수 있습니다"),
            ),
        )
    })
}
