//! Reads the files, and settles for each find where it is.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_model::policy::EnvironmentTags;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::snapshot::Snapshot;

use super::page;
use super::place::{Neighbours, Place};
use super::settle;
use super::tables::{Found, Sourced, Tables};
use crate::error::InputError;
use crate::input::{self, InputFile};

/// Reads `dir/inventory` into a snapshot.
///
/// Account and region of a resource come from its directories
/// (`<account>/<region>/`), else from the listing itself, else from what its
/// neighbours in the same directory agree on, else from `default`; what is still
/// open is [`super::UNKNOWN`] and a gap says so. A resource that several files
/// list counts once, as the first file in order of names has it.
///
/// A file that cannot be read is an error here and a gap in the snapshot, and
/// its kind does not count as listed at its place. A kind whose last page is
/// missing does not count as listed either.
pub fn read(
    dir: &Path,
    taken_at: Timestamp,
    environments: &EnvironmentTags,
    default: &Place,
) -> (Snapshot, Vec<InputError>) {
    let (files, mut errors) = input::list(dir, "inventory");
    let mut tables = Tables::default();
    let mut rejected = Vec::new();
    for (source, file) in files.iter().enumerate() {
        match pages(file) {
            Ok((name, pages)) => {
                for page in pages {
                    page.pour(source, &name, &mut tables);
                }
            }
            Err(error) => {
                rejected.push(Rejected { source, error: error.clone() });
                errors.push(error);
            }
        }
    }
    let places = Places::new(&files, default, &tables);
    let snapshot = settle::settle(tables, &places, &rejected, taken_at, environments);
    (snapshot, errors)
}

/// A file that was not read.
#[derive(Debug)]
pub(super) struct Rejected {
    pub(super) source: usize,
    pub(super) error: InputError,
}

fn pages(file: &InputFile) -> Result<(String, Vec<page::Page>), InputError> {
    let name = file.relative.rsplit('/').next().unwrap_or_default();
    let Some(name) = name.strip_suffix(".json") else {
        return Err(InputError::new(
            &file.path,
            ("is not a .json file", ".json 파일이 아닙니다"),
            (
                "keep only what the AWS CLI printed with `--output json` in inventory/, one .json file per command",
                "inventory/에는 AWS CLI를 `--output json`으로 실행한 출력만 명령마다 .json 파일 하나로 두세요",
            ),
        ));
    };
    Ok((name.to_owned(), page::read(&file.path)?))
}

/// Returns the kinds that a file of this name would hold.
pub(super) fn kinds_of_name(relative: &str) -> Vec<ResourceKind> {
    let name = relative.rsplit('/').next().unwrap_or_default();
    let listed = ResourceKind::ALL.iter().copied().filter(|kind| !kind.is_on_bill_only());
    listed.filter(|kind| name.contains(kind.operation())).collect()
}

/// Knows for every file where its resources are.
#[derive(Debug)]
pub(super) struct Places<'a> {
    files: &'a [InputFile],
    directories: BTreeMap<&'a str, Neighbours>,
    default: &'a Place,
}

impl<'a> Places<'a> {
    fn new(files: &'a [InputFile], default: &'a Place, tables: &Tables) -> Self {
        let mut directories: BTreeMap<&str, Neighbours> = BTreeMap::new();
        for listing in &tables.listings {
            let neighbours = directories.entry(directory(files, listing.source)).or_default();
            for place in &listing.places {
                if let Some(account) = &place.account {
                    match listing.kind {
                        ResourceKind::Snapshot => &mut neighbours.snapshot_owners,
                        _ => &mut neighbours.accounts,
                    }
                    .insert(account.clone());
                }
                neighbours.regions.extend(place.region.clone());
            }
        }
        Self { files, directories, default }
    }

    /// Returns where the file's resources are that do not say it themselves.
    pub(super) fn of_file(&self, source: usize) -> Place {
        let directory = directory(self.files, source);
        let neighbours = self.directories.get(directory).map(Neighbours::place);
        Place::of_directory(self.name(source))
            .or(neighbours.unwrap_or_default())
            .or(self.default.clone())
    }

    /// Returns where a find is.
    pub(super) fn of_find(&self, source: usize, place: &Place) -> (SubAccountId, RegionId) {
        Place::of_directory(self.name(source)).or(place.clone()).or(self.of_file(source)).settled()
    }

    /// Returns the file's path below `inventory/`.
    pub(super) fn name(&self, source: usize) -> &'a str {
        self.files.get(source).map_or("", |file| file.relative.as_str())
    }

    /// Settles a table: each resource once, sorted by account, region and id.
    pub(super) fn settle<L, K>(
        &self,
        table: Vec<Sourced<Found<L>>>,
        environments: &EnvironmentTags,
        kind: impl Fn(L) -> K,
    ) -> Vec<Resource<K>> {
        let mut resources: Vec<Resource<K>> = table
            .into_iter()
            .map(|Sourced { source, found }| {
                let (account, region) = self.of_find(source, &found.place);
                Resource {
                    id: found.id,
                    environment: environments.environment(&found.tags, &account),
                    account,
                    region,
                    tags: found.tags,
                    kind: kind(found.kind),
                }
            })
            .collect();
        // Stable, so that the first file's account of a resource is the one kept.
        resources.sort_by(|left, right| {
            (&left.account, &left.region, &left.id).cmp(&(&right.account, &right.region, &right.id))
        });
        resources.dedup_by(|later, first| {
            (&later.account, &later.region, &later.id) == (&first.account, &first.region, &first.id)
        });
        resources
    }
}

fn directory(files: &[InputFile], source: usize) -> &str {
    let relative = files.get(source).map_or("", |file| file.relative.as_str());
    relative.rsplit_once('/').map_or("", |(directory, _)| directory)
}
