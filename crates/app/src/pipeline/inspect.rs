//! Inspect: from a database server's own statistics to what is wrong with its queries.

use trimtab_analysis::queries::{self, QueryThresholds};
use trimtab_database::{Address, AddressError, Client, DatabaseError, Limits, Password, Product};
use trimtab_model::database::{Inspection, Probe, ProbeAnswer, ServerStatistics, UnknownAnswer};
use trimtab_model::explain::Explain;
use trimtab_model::text::Text;
use trimtab_store::InputError;
use trimtab_store::billing::Notice;

use crate::config::{Settings, database_password};
use crate::failure::{Failure, Kind};
use crate::pipeline::analyze::{AnalyzeRequest, Judged, with_facts};
use crate::progress::OnProgress;

/// Which server to ask, and what counts as wrong. It cannot be printed: its URL may hold a password.
#[derive(Clone)]
pub struct InspectRequest {
    /// Where the server is; a password in it goes nowhere else.
    pub url: String,
    /// From which figures on something is told.
    pub thresholds: QueryThresholds,
    /// Seconds without a statement from which on a connection counts as long idle.
    pub idle_after_seconds: u64,
    /// The DB instance that the server runs on, and the data that knows it.
    pub instance: Option<(String, AnalyzeRequest)>,
}

/// What was found, and what of the data of the instance could not be read.
#[derive(Debug)]
pub struct Inspected {
    /// What was found.
    pub inspection: Inspection,
    /// What could not be read, file by file.
    pub errors: Vec<InputError>,
    /// What should be known about what was read.
    pub notices: Vec<Notice>,
}

/// Asks a server for its statistics and judges them. Nothing is written there.
///
/// # Errors
/// Fails if the server cannot be reached or does not let us in. What the account may not see is
/// in [`Inspection::unknown`].
pub fn inspect(
    settings: &Settings,
    request: &InspectRequest,
    told: OnProgress<'_>,
) -> Result<Inspected, Failure> {
    let (address, password) = Address::parse(&request.url).map_err(|cause| misread(&cause))?;
    let of_clients = match address.product {
        Product::Mysql => "MYSQL_PWD",
        Product::Postgres => "PGPASSWORD",
    };
    let password = password.or_else(|| database_password(of_clients).map(Password::new));
    let (statistics, answers) = read(&address, password.as_ref(), request)?;
    let mut inspection = queries::inspect(&statistics, &answers, &request.thresholds);
    let Some((resource, source)) = &request.instance else {
        inspection.unknown.push(no_instance());
        return Ok(Inspected { inspection, errors: Vec::new(), notices: Vec::new() });
    };
    let Judged { judged: inspection, errors, notices, .. } =
        with_facts(settings, source, told, |facts, _| {
            queries::with_capacity(inspection, facts, resource)
        })?;
    Ok(Inspected { inspection, errors, notices })
}

/// Reads what the server says, then asks its planner about indexes that may be missing.
fn read(
    address: &Address,
    password: Option<&Password>,
    request: &InspectRequest,
) -> Result<(ServerStatistics, Vec<(Probe, ProbeAnswer)>), Failure> {
    let engine =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|cause| {
            let message = ("could not start threads", "스레드를 시작하지 못했습니다");
            Failure::new(Kind::Failed, message).because(&cause)
        })?;
    let limits = Limits { idle_after_seconds: request.idle_after_seconds, ..Limits::default() };
    engine
        .block_on(async {
            let mut client = Client::connect(address, password, limits).await?;
            let statistics = client.statistics().await?;
            let probes = queries::probes(&statistics, &request.thresholds);
            let answers = client.probe(&probes).await?;
            let answers: Vec<(Probe, ProbeAnswer)> = probes.into_iter().zip(answers).collect();
            Ok::<_, DatabaseError>((statistics, answers))
        })
        .map_err(|cause| failed(&cause))
}

fn misread(cause: &AddressError) -> Failure {
    Failure::usage(
        cause.text(),
        (
            "write mysql://USER@HOST:3306/DATABASE or postgres://USER@HOST:5432/DATABASE, and give the password by TRIMTAB_DATABASE_PASSWORD, MYSQL_PWD or PGPASSWORD",
            "mysql://사용자@호스트:3306/데이터베이스 또는 postgres://사용자@호스트:5432/데이터베이스로 쓰고, 비밀번호는 TRIMTAB_DATABASE_PASSWORD, MYSQL_PWD, PGPASSWORD 환경 변수로 지정하세요",
        ),
    )
}

fn failed(cause: &DatabaseError) -> Failure {
    let kind = match cause {
        DatabaseError::Denied { .. } | DatabaseError::Refused { .. } => Kind::Permission,
        DatabaseError::Unreachable { .. }
        | DatabaseError::Encryption { .. }
        | DatabaseError::NoDatabase { .. }
        | DatabaseError::NotReadOnly { .. }
        | DatabaseError::TooSlow { .. }
        | DatabaseError::Unexpected { .. } => Kind::Failed,
    };
    Failure::from_error(kind, cause).with_hint(cause.hint())
}

fn no_instance() -> UnknownAnswer {
    UnknownAnswer {
        what: "class-if".to_owned(),
        why: Text::new(
            "No DB instance was named, so its processor and its class are not known.",
            "DB 인스턴스를 지정하지 않아 CPU 사용량과 클래스를 알 수 없습니다.",
        ),
        settled_by: Text::new(
            "Give --resource DBINSTANCE after trimtab scan, or with --from DIR.",
            "trimtab scan을 실행한 뒤 --resource DB인스턴스를 지정하거나, --from 디렉터리를 함께 지정하세요.",
        ),
    }
}
