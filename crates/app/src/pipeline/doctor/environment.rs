//! This machine: the configuration, the data directory, the lake and the catalogue.

use jiff::civil::Date;

use trimtab_model::diagnosis::{Area, Status, Step};
use trimtab_model::text::{Reason, counted};
use trimtab_store::catalog;
use trimtab_store::cost::{CostFilter, GroupBy};

use super::{Diagnosis, failed};
use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::cost::{CostQuery, cost_groups};
use crate::pipeline::state::{now, open_state};

/// What a gibibyte is made of.
const GIB: u64 = 1 << 30;

impl Diagnosis {
    pub(super) fn environment(&mut self, settings: &Settings) {
        self.files(settings);
        match self.data_directory(settings) {
            Ok(0) => {
                let reason = Reason::new(
                    "no-bills",
                    "no bill was ingested yet: amounts come from list prices",
                    "아직 수집한 청구서가 없어 금액을 정가로 계산합니다",
                );
                let step = Step::new(Area::Environment, Status::NotAsked, reason).with_hint((
                    "docs/guide/bills.md says how AWS exports a bill; `trimtab ingest --from aws` or `--from DIR` reads it",
                    "docs/guide/bills.md에 청구서를 내보내는 방법이 있습니다. `trimtab ingest --from aws`나 `--from DIR`로 읽습니다",
                ));
                self.steps.push(step);
            }
            Ok(bills) => self.lake(settings, bills),
            Err(failure) => {
                self.steps.push(failed(Area::Environment, failure));
            }
        }
        self.catalogue();
    }

    /// They were read without an error when the program started.
    fn files(&mut self, settings: &Settings) {
        for file in &settings.files {
            let file = file.display();
            let reason = Reason::new(
                "configuration",
                format!("{file} is valid"),
                format!("설정 파일에 문제가 없습니다: {file}"),
            );
            self.add(Area::Environment, Status::Ok, reason);
        }
        if settings.files.is_empty() {
            let reason = Reason::new(
                "no-configuration",
                "there is no configuration file; the defaults hold",
                "설정 파일이 없어 기본값을 씁니다",
            );
            let hint = ("`trimtab init` writes one", "`trimtab init` 명령으로 만들 수 있습니다");
            let step = Step::new(Area::Environment, Status::NotAsked, reason);
            self.steps.push(step.with_hint(hint));
        }
    }

    /// Opens the state, which writes, and returns how many bills the lake has.
    fn data_directory(&mut self, settings: &Settings) -> Result<u64, Failure> {
        let state = open_state(settings)?;
        let bills = state.bills().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
        let place = settings.data_dir.display();
        let free = free_space(&settings.data_dir);
        let (en, ko) = match free {
            Some(bytes) => {
                let gib = bytes / GIB;
                (format!("; {gib} GiB are free"), format!(", 남은 공간 {gib} GiB"))
            }
            None => (String::new(), String::new()),
        };
        let reason = Reason::new(
            "data-directory",
            format!("{place} can be written{en}"),
            format!("데이터 디렉터리에 쓸 수 있습니다: {place}{ko}"),
        );
        self.add(Area::Environment, Status::Ok, reason);
        let version = trimtab_store::state::SCHEMA_VERSION;
        let reason = Reason::new(
            "state",
            format!("the state is of this program's version, {version}"),
            format!("상태 데이터베이스가 이 프로그램의 버전({version})과 맞습니다"),
        );
        self.add(Area::Environment, Status::Ok, reason);
        Ok(bills.len() as u64)
    }

    /// Adds the bills up, which reads the sums of every day.
    fn lake(&mut self, settings: &Settings, bills: u64) {
        let query = CostQuery { by: GroupBy::Currency, then: None, filter: CostFilter::default() };
        match cost_groups(settings, std::slice::from_ref(&query)) {
            Ok(_) => {
                let reason = Reason::new(
                    "lake",
                    format!("{} can be read", counted(bills, "bill")),
                    format!("청구서 {bills}개를 읽을 수 있습니다"),
                );
                self.add(Area::Environment, Status::Ok, reason);
            }
            Err(failure) => {
                self.steps.push(failed(Area::Environment, failure));
            }
        }
    }

    fn catalogue(&mut self) {
        let newest = catalog::tables().iter().filter_map(|table| table.newest.clone()).max();
        let Some(day) = newest.and_then(|text| text.parse::<Date>().ok()) else { return };
        let today = now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
        let days = today.since(day).map_or(0, |span| span.get_days()).max(0);
        let reason = Reason::new(
            "catalogue",
            format!(
                "the newest prices of the catalogue are of {day}, {} ago",
                counted(days, "day")
            ),
            format!("가격 카탈로그의 최신 가격은 {day} 기준입니다({days}일 전)"),
        );
        let step = Step::new(Area::Environment, Status::Ok, reason).with_hint((
            "`trimtab prices refresh --region REGION` reads AWS's public list again",
            "`trimtab prices refresh --region REGION` 명령으로 AWS 공개 가격표를 다시 읽을 수 있습니다",
        ));
        self.steps.push(step);
    }
}

#[cfg(unix)]
fn free_space(directory: &std::path::Path) -> Option<u64> {
    let told = rustix::fs::statvfs(directory).ok()?;
    told.f_bavail.checked_mul(told.f_frsize)
}

/// Nothing that we depend on tells it here.
#[cfg(not(unix))]
fn free_space(_directory: &std::path::Path) -> Option<u64> {
    None
}
