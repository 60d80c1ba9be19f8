//! One billing period: what its manifests name is fetched and read, all of it or none.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use trimtab_store::InputError;
use trimtab_store::billing::{BillGroup, Converted, FailedFile};
use trimtab_store::export::{self, Deliveries, Delivery, Object};
use trimtab_store::lake::{self, Lake};

use super::find::Place;
use crate::failure::{Failure, Kind};
use crate::pipeline::ingest::{Ingested, convert};
use crate::pipeline::state::now;
use crate::progress::{Files, Measure, OnProgress, Part as Done, Stage};
use crate::temporary;
use crate::worker::Isolation;

/// What one place has of a period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    /// The place.
    pub(super) place: &'a Place,
    /// Its deliveries.
    pub(super) deliveries: &'a Deliveries,
}

impl Part<'_> {
    /// Returns the manifests by their addresses, and which version of each this is.
    pub(super) fn manifests(&self) -> Vec<(String, String)> {
        let address = |object: &Object| self.place.bucket.url(&object.key).display().to_string();
        self.deliveries
            .current
            .iter()
            .map(|delivery| (address(&delivery.manifest), delivery.manifest.version()))
            .collect()
    }
}

/// A file that a manifest names.
#[derive(Debug, Clone, Copy)]
pub(super) struct NamedFile<'a> {
    place: &'a Place,
    /// The object.
    pub(super) object: &'a Object,
}

/// What reading a period brought.
#[derive(Debug)]
pub(super) struct ReadPeriod {
    /// The number of the run; absent where no bill was changed.
    pub(super) number: Option<i64>,
    /// The bills that it brought.
    pub(super) bills: Vec<BillGroup>,
}

/// Returns the files that the manifests of a period name, once each.
///
/// # Errors
/// Returns everything that is wrong if a manifest cannot be read, or a file that it names is
/// not there or is being replaced.
pub(super) fn files<'a>(parts: &[Part<'a>]) -> Result<Vec<NamedFile<'a>>, Vec<InputError>> {
    let mut named: BTreeMap<PathBuf, NamedFile<'a>> = BTreeMap::new();
    let mut errors = Vec::new();
    for part in parts {
        for delivery in &part.deliveries.current {
            match of_delivery(part.place, delivery) {
                Ok(files) => named.extend(
                    files.into_iter().map(|file| (part.place.bucket.url(&file.object.key), file)),
                ),
                Err(wrong) => errors.extend(wrong),
            }
        }
    }
    if errors.is_empty() { Ok(named.into_values().collect()) } else { Err(errors) }
}

fn of_delivery<'a>(
    place: &'a Place,
    delivery: &Delivery,
) -> Result<Vec<NamedFile<'a>>, Vec<InputError>> {
    let address = place.bucket.url(&delivery.manifest.key);
    let bytes = place.bucket.manifest(&delivery.manifest).map_err(|error| vec![error])?;
    let manifest = export::parse(&bytes)
        .map_err(|(problem, hint)| vec![InputError::new(&address, problem, hint)])?;
    let mut files = Vec::new();
    let mut errors = Vec::new();
    for key in &manifest.files {
        match place.objects.get(key) {
            None => errors.push(missing(&place.bucket.url(key), &address)),
            Some(object) if delivery.is_older_than(object) => {
                errors.push(replaced(&place.bucket.url(key)));
            }
            Some(object) => files.push(NamedFile { place, object }),
        }
    }
    if errors.is_empty() { Ok(files) } else { Err(errors) }
}

fn missing(file: &Path, manifest: &Path) -> InputError {
    let manifest = manifest.display();
    InputError::new(
        file,
        (
            format!("is not there, and {manifest} names it"),
            format!("매니페스트({manifest})에 적혀 있지만 없는 파일입니다"),
        ),
        (
            "wait for AWS's next delivery, or let AWS deliver the period again; the bill of that period stays as it was. A prefix that leaves data out has the same effect",
            "AWS의 다음 전달을 기다리거나 그 기간을 다시 전달받으세요. 그 기간의 청구서는 이전 상태 그대로입니다. 데이터가 빠지는 접두사를 지정해도 이렇게 됩니다",
        ),
    )
}

fn replaced(file: &Path) -> InputError {
    InputError::new(
        file,
        (
            "is newer than the manifest that names it: it is being replaced",
            "매니페스트보다 새로운 파일입니다. 다음 버전으로 바뀌는 중입니다",
        ),
        (
            "run the command again when AWS has written the next manifest; in a copy of a bucket, copy the manifests last",
            "AWS가 다음 매니페스트를 쓴 뒤 다시 실행하세요. 복사한 버킷이라면 매니페스트를 마지막에 복사하세요",
        ),
    )
}

/// Fetches the files and reads them in place of what the lake has; absent if one of them
/// could not be read.
pub(super) fn read(
    lake: &Lake,
    files: &[NamedFile<'_>],
    isolation: &Isolation,
    ingested: &mut Ingested,
    told: OnProgress<'_>,
) -> Result<Option<ReadPeriod>, Failure> {
    let dir = temporary::directory().map_err(|cause| {
        let message = ("the temporary directory cannot be used", "임시 디렉터리를 쓸 수 없습니다");
        Failure::new(Kind::Failed, message).because(&cause)
    })?;
    let lengths: Vec<u64> = files.iter().map(|file| file.object.size).collect();
    let mut progress = Files::new(Stage::Download, &lengths, told);
    let mut fetched: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for (number, file) in files.iter().enumerate() {
        let local = dir.path().join(number.to_string());
        let address = file.place.bucket.url(&file.object.key);
        let (name, size) = (name(&file.object.key), file.object.size);
        let downloaded = progress.next(name, size, |told| {
            file.place.bucket.download(file.object, &local, &|done| {
                told(Done { done, of: size, measure: Measure::Bytes });
            })
        });
        if let Err(error) = downloaded {
            ingested.errors.push(error);
            return Ok(None);
        }
        fetched.insert(local, address);
    }
    convert_all(lake, &fetched, &lengths, isolation, ingested, told)
}

fn convert_all(
    lake: &Lake,
    fetched: &BTreeMap<PathBuf, PathBuf>,
    lengths: &[u64],
    isolation: &Isolation,
    ingested: &mut Ingested,
    told: OnProgress<'_>,
) -> Result<Option<ReadPeriod>, Failure> {
    let progress = RefCell::new(Files::new(Stage::Bills, lengths, told));
    let paths: Vec<PathBuf> = fetched.keys().cloned().collect();
    let convert = |file: &Path, staging: &Path| {
        let address = fetched.get(file).map_or(file, PathBuf::as_path);
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        let shown = address.to_string_lossy();
        progress.borrow_mut().next(name(&shown), length, |told| {
            convert(isolation, file, staging, told)
                .map(|converted| at(converted, address))
                // A manifest names nothing but bills.
                .map_err(|failed| FailedFile {
                    error: InputError { file: address.to_owned(), ..failed.error },
                    holds_back: true,
                })
        })
    };
    let outcome = lake::ingest(lake, &paths, &convert, now())
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    ingested.bills.extend(outcome.files);
    ingested.notices.extend(outcome.notices);
    let is_whole = outcome.failed.is_empty();
    ingested.errors.extend(outcome.failed.into_iter().map(|failed| failed.error));
    let bills: BTreeSet<BillGroup> = outcome.bills.into_iter().collect();
    Ok(is_whole.then(|| ReadPeriod { number: outcome.number, bills: bills.into_iter().collect() }))
}

/// Names a file by where AWS keeps it: the copy here goes away.
fn at(mut converted: Converted, address: &Path) -> Converted {
    converted.file = address.to_owned();
    for notice in &mut converted.notices {
        notice.file = address.to_owned();
    }
    converted
}

fn name(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or(key)
}
