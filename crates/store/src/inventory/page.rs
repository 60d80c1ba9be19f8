//! One file of an inventory: pages of JSON as the AWS CLI prints them.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::Text;

use super::tables::{Follows, Found, Listing, Sourced, Tables};
use super::target_health::{Description, TargetGroup, TargetHealth};
use super::{
    addresses, auto_scaling_groups, classic_load_balancers, db_instances, functions, instances,
    load_balancers, log_groups, nat_gateways, snapshots, volumes,
};
use crate::error::InputError;

/// Larger files are refused: 400,000 instances take about this much.
const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// The key under which each operation prints its list: a page is recognised by
/// what it holds, never by its file's name.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Page {
    #[serde(rename = "Reservations")]
    reservations: Option<Vec<instances::Reservation>>,
    #[serde(rename = "Volumes")]
    volumes: Option<Vec<volumes::Entry>>,
    #[serde(rename = "Snapshots")]
    snapshots: Option<Vec<snapshots::Entry>>,
    #[serde(rename = "Addresses")]
    addresses: Option<Vec<addresses::Entry>>,
    #[serde(rename = "NatGateways")]
    nat_gateways: Option<Vec<nat_gateways::Entry>>,
    #[serde(rename = "LoadBalancerDescriptions")]
    classic_load_balancers: Option<Vec<classic_load_balancers::Entry>>,
    #[serde(rename = "LoadBalancers")]
    load_balancers: Option<Vec<load_balancers::Entry>>,
    #[serde(rename = "TargetGroups")]
    target_groups: Option<Vec<TargetGroup>>,
    #[serde(rename = "TargetGroupArn")]
    target_group_arn: Option<String>,
    #[serde(rename = "TargetHealthDescriptions")]
    target_healths: Option<Vec<Description>>,
    #[serde(rename = "AutoScalingGroups")]
    auto_scaling_groups: Option<Vec<auto_scaling_groups::Entry>>,
    #[serde(rename = "DBInstances")]
    db_instances: Option<Vec<db_instances::Entry>>,
    #[serde(rename = "logGroups")]
    log_groups: Option<Vec<log_groups::Entry>>,
    #[serde(rename = "Functions")]
    functions: Option<Vec<functions::Entry>>,
    #[serde(rename = "NextToken")]
    next_token: Option<String>,
    #[serde(rename = "nextToken")]
    next_token_of_logs: Option<String>,
    #[serde(rename = "NextMarker")]
    next_marker: Option<String>,
    #[serde(rename = "Marker")]
    marker: Option<String>,
}

/// Reads all pages of one file, or none of them.
pub(super) fn read(path: &Path) -> Result<Vec<Page>, InputError> {
    let bytes = read_bytes(path)?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
        return Err(InputError::new(
            path,
            (
                "is text in UTF-16, as PowerShell's `>` writes it",
                "UTF-16 텍스트입니다. PowerShell의 `>`로 저장하면 이렇게 됩니다",
            ),
            (
                "save it as UTF-8, for instance with `| Out-File -Encoding utf8`",
                "`| Out-File -Encoding utf8` 등을 써서 UTF-8로 저장하세요",
            ),
        ));
    }
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    let pages: Result<Vec<Page>, serde_json::Error> = match first {
        None => {
            return Err(InputError::new(
                path,
                (
                    "is empty, which is what the AWS CLI leaves behind when a call fails",
                    "비어 있습니다. AWS CLI 호출이 실패하면 이런 파일이 남습니다",
                ),
                (
                    "run the command again, or remove the file",
                    "명령을 다시 실행하거나 파일을 지우세요",
                ),
            ));
        }
        Some(b'[') => serde_json::from_slice(text),
        Some(_) => serde_json::Deserializer::from_slice(text).into_iter::<Page>().collect(),
    };
    let pages = pages.map_err(|cause| json_error(path, &cause))?;
    if pages.iter().any(|page| !page.is_recognised()) {
        return Err(InputError::new(
            path,
            (
                "holds none of the lists that the AWS CLI prints, such as Reservations or Volumes",
                "Reservations, Volumes 등 AWS CLI가 출력하는 목록이 하나도 없습니다",
            ),
            (
                "save the whole output of a describe or list command with `--output json` and without `--query`",
                "describe나 list 명령의 출력 전체를 `--query` 없이 `--output json`으로 저장하세요",
            ),
        ));
    }
    Ok(pages)
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, InputError> {
    let unreadable = |cause: std::io::Error| {
        let hint = ("check that you may read it", "읽기 권한이 있는지 확인하세요");
        InputError::unreadable(path, &cause, hint)
    };
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    // One byte more than allowed shows that there is more, however long the file grows.
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(InputError::new(
            path,
            (
                format!("is larger than {} MiB", MAX_BYTES / 1024 / 1024),
                format!("{} MiB보다 큽니다", MAX_BYTES / 1024 / 1024),
            ),
            (
                "split the listing into several files of the same operation",
                "같은 명령의 목록을 여러 파일로 나누세요",
            ),
        ));
    }
    Ok(bytes)
}

fn json_error(path: &Path, cause: &serde_json::Error) -> InputError {
    let place = format!(" at line {} column {}", cause.line(), cause.column());
    let said = Text::verbatim(cause.to_string().replace(&place, ""));
    let (problem, hint) = match cause.classify() {
        serde_json::error::Category::Eof => (
            Text::new("ends in the middle of the JSON", "JSON이 중간에 끝납니다"),
            Text::new(
                "the file was cut off: run the command again",
                "파일이 잘렸습니다. 명령을 다시 실행하세요",
            ),
        ),
        serde_json::error::Category::Syntax => (
            Text::new("is not valid JSON", "올바른 JSON이 아닙니다").because(&said),
            Text::new(
                "save the output of the AWS CLI with `--output json`, and nothing else, in the file",
                "AWS CLI를 `--output json`으로 실행한 출력만 파일에 저장하세요",
            ),
        ),
        serde_json::error::Category::Data => (
            Text::new("is not what the AWS CLI prints", "AWS CLI의 출력과 다릅니다").because(&said),
            Text::new(
                "save the whole output with `--output json` and without `--query`",
                "`--query` 없이 `--output json`으로 출력 전체를 저장하세요",
            ),
        ),
        serde_json::error::Category::Io => (
            Text::new("cannot be read", "읽을 수 없습니다").because(&said),
            Text::new("check that you may read it", "읽기 권한이 있는지 확인하세요"),
        ),
    };
    InputError::new(path, problem, hint)
        .at_row(cause.line() as u64)
        .in_column(cause.column().to_string())
}

impl Page {
    fn is_recognised(&self) -> bool {
        self.reservations.is_some()
            || self.volumes.is_some()
            || self.snapshots.is_some()
            || self.addresses.is_some()
            || self.nat_gateways.is_some()
            || self.classic_load_balancers.is_some()
            || self.load_balancers.is_some()
            || self.target_groups.is_some()
            || self.target_healths.is_some()
            || self.auto_scaling_groups.is_some()
            || self.db_instances.is_some()
            || self.log_groups.is_some()
            || self.functions.is_some()
    }

    fn follows(&self) -> Follows {
        let tokens = [&self.next_token, &self.next_token_of_logs, &self.next_marker, &self.marker];
        if tokens.into_iter().flatten().any(|token| !token.is_empty()) {
            Follows::AnotherPage
        } else {
            Follows::Nothing
        }
    }

    /// Moves what the page holds into `tables`. `name` is the file's name without extension.
    pub(super) fn pour(self, source: usize, name: &str, tables: &mut Tables) {
        let follows = self.follows();
        let mut pour = Pour { source, follows, listings: &mut tables.listings };
        let instances = self
            .reservations
            .map(|list| list.into_iter().flat_map(instances::Reservation::found).collect());
        pour.list(ResourceKind::Instance, instances, &mut tables.instances);
        pour.list(ResourceKind::Volume, found(self.volumes), &mut tables.volumes);
        let snapshots = self.snapshots.map(|list| {
            list.into_iter().filter(|entry| !entry.is_published()).map(Found::from).collect()
        });
        pour.list(ResourceKind::Snapshot, snapshots, &mut tables.snapshots);
        pour.list(ResourceKind::Address, found(self.addresses), &mut tables.addresses);
        pour.list(ResourceKind::NatGateway, found(self.nat_gateways), &mut tables.nat_gateways);
        let classic = found(self.classic_load_balancers);
        pour.list(ResourceKind::ClassicLoadBalancer, classic, &mut tables.load_balancers);
        let balancers = found(self.load_balancers);
        pour.list(ResourceKind::LoadBalancer, balancers, &mut tables.load_balancers);
        let groups = found(self.auto_scaling_groups);
        pour.list(ResourceKind::AutoScalingGroup, groups, &mut tables.auto_scaling_groups);
        pour.list(ResourceKind::DbInstance, found(self.db_instances), &mut tables.db_instances);
        pour.list(ResourceKind::LogGroup, found(self.log_groups), &mut tables.log_groups);
        pour.list(ResourceKind::Function, found(self.functions), &mut tables.functions);
        if let Some(groups) = self.target_groups {
            tables.target_group_pages.push(Sourced { source, found: follows });
            tables.target_groups.extend(groups.into_iter().map(|found| Sourced { source, found }));
        }
        if let Some(targets) = self.target_healths {
            let name = name.split_once("describe-target-health").map_or("", |(_, rest)| rest);
            let name = name.trim_start_matches(['.', '-', '_']).to_owned();
            let found = TargetHealth::new(self.target_group_arn, name, &targets);
            tables.target_healths.push(Sourced { source, found });
        }
    }
}

fn found<E, K>(entries: Option<Vec<E>>) -> Option<Vec<Found<K>>>
where
    Found<K>: From<E>,
{
    entries.map(|list| list.into_iter().map(Found::from).collect())
}

/// Notes for each list of a page that its kind was listed.
struct Pour<'a> {
    source: usize,
    follows: Follows,
    listings: &'a mut Vec<Listing>,
}

impl Pour<'_> {
    fn list<K>(
        &mut self,
        kind: ResourceKind,
        list: Option<Vec<Found<K>>>,
        table: &mut Vec<Sourced<Found<K>>>,
    ) {
        let Some(list) = list else { return };
        let places: std::collections::BTreeSet<_> =
            list.iter().map(|found| found.place.clone()).collect();
        let places = places.into_iter().collect();
        self.listings.push(Listing { kind, source: self.source, places, follows: self.follows });
        table.extend(list.into_iter().map(|found| Sourced { source: self.source, found }));
    }
}
