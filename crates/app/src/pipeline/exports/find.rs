//! Where the bill lies: what somebody names, or what AWS says of the account's exports.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use tokio::runtime::Handle;

use trimtab_aws::bills::{self, BillExport, FoundExports};
use trimtab_aws::session::Session;
use trimtab_model::explain::Explain;
use trimtab_store::export::{
    Bucket, BucketAddress, CredentialSource, Credentials, Deliveries, Object, deliveries,
};

use super::{BillPlace, ExportRequest};
use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::ingest::ReadExport;
use crate::pipeline::login::Login;
use crate::pipeline::scan::payer;

/// A prefix of a bucket, and what lies below it.
#[derive(Debug)]
pub(in crate::pipeline) struct Place {
    /// The bucket.
    pub(in crate::pipeline) bucket: Bucket,
    /// Everything there, by its key.
    pub(in crate::pipeline) objects: BTreeMap<String, Object>,
    /// What of it are deliveries, by period.
    pub(in crate::pipeline) periods: BTreeMap<String, Deliveries>,
}

/// Everything that is looked at.
#[derive(Debug)]
pub(in crate::pipeline) struct Exports {
    /// What the marks of this run are kept under.
    pub(in crate::pipeline) source: String,
    /// What there is, in order.
    pub(in crate::pipeline) places: Vec<Place>,
    /// The same for people.
    pub(in crate::pipeline) read: Vec<ReadExport>,
}

/// Finds the places of a request and lists them.
pub(super) fn exports(
    settings: &Settings,
    request: &ExportRequest,
    runtime: &Handle,
) -> Result<Exports, Failure> {
    let session = runtime.block_on(async {
        let login = Login::by_profile(settings, request.profile.as_deref(), None).await?;
        payer(&login, settings, request.account.as_deref()).await
    })?;
    match &request.place {
        BillPlace::Bucket { bucket, prefix } => named(&session, bucket, prefix, runtime),
        BillPlace::Account => {
            let exports = found(&session, runtime)?;
            exports.ok_or_else(|| {
                let account = session.account();
                Failure::new(
                    Kind::Failed,
                    (
                        format!("account {account} has no export of its bill"),
                        format!("청구서 내보내기가 없는 계정입니다: {account}"),
                    ),
                )
                .with_hint((
                    "make one in the payer account (Billing and Cost Management, Data Exports, FOCUS 1.2 with resource IDs); until AWS has delivered it, `trimtab ingest --from cost-explorer` gives the totals",
                    "결제 계정의 [결제 및 비용 관리 > 데이터 내보내기]에서 리소스 ID를 포함한 FOCUS 1.2 내보내기를 만드세요. 전달될 때까지는 `trimtab ingest --from cost-explorer`로 합계를 볼 수 있습니다",
                ))
            })
        }
    }
}

/// Finds the exports of the session's account and lists them; absent where there is none.
///
/// # Errors
/// Fails if AWS does not say which exports there are, and if a bucket cannot be listed: what
/// is there would otherwise be taken for all there is.
pub(in crate::pipeline) fn found(
    session: &Session,
    runtime: &Handle,
) -> Result<Option<Exports>, Failure> {
    let FoundExports { exports, errors } = runtime.block_on(bills::exports(session));
    if let Some(error) = errors.first() {
        let reason = trimtab_aws::part::reason(error);
        let failure = Failure::from_error(Kind::Permission, error);
        return Err(failure.with_hint(reason.text));
    }
    if exports.is_empty() {
        return Ok(None);
    }
    let mut all = Exports {
        source: format!("aws/{}", session.account()),
        places: Vec::new(),
        read: Vec::new(),
    };
    for export in exports {
        let BillExport { name, table, bucket, prefix, region } = export;
        let place = place(session, &bucket, &prefix, region, runtime)?;
        all.read.push(ReadExport {
            name: Some(name),
            table: Some(table),
            url: url(&bucket, &prefix),
        });
        all.places.push(place);
    }
    Ok(Some(all))
}

fn named(
    session: &Session,
    bucket: &str,
    prefix: &str,
    runtime: &Handle,
) -> Result<Exports, Failure> {
    let region = runtime.block_on(bills::bucket_region(session, bucket)).map_err(|error| {
        let reason = trimtab_aws::part::reason(&error);
        let message = (
            format!("could not find the bucket {bucket}"),
            format!("버킷을 찾지 못했습니다: {bucket}"),
        );
        Failure::new(Kind::Failed, message).because(&error).with_hint(reason.text)
    })?;
    let url = url(bucket, prefix);
    Ok(Exports {
        source: url.clone(),
        places: vec![place(session, bucket, prefix, region, runtime)?],
        read: vec![ReadExport { name: None, table: None, url }],
    })
}

fn place(
    session: &Session,
    bucket: &str,
    prefix: &str,
    region: String,
    runtime: &Handle,
) -> Result<Place, Failure> {
    let endpoint = match session.endpoint() {
        Some(endpoint) => Some(endpoint.to_owned()),
        None => session.partition().s3_endpoint(&region),
    };
    let address = BucketAddress { bucket: bucket.to_owned(), region, endpoint };
    let opened = Bucket::open(address, credentials(session), runtime.clone());
    let bucket = opened.map_err(|error| Failure::from(&error))?;
    let objects = bucket.list(prefix).map_err(|error| Failure::from(&error))?;
    Ok(Place {
        periods: deliveries(&objects),
        objects: objects.into_iter().map(|object| (object.key.clone(), object)).collect(),
        bucket,
    })
}

/// Hands the session's credentials over, renewed when they are asked for again.
fn credentials(session: &Session) -> CredentialSource {
    let source = session.key_source();
    Arc::new(move || {
        let source = source.clone();
        Box::pin(async move {
            let keys = source.keys().await.map_err(|error| error.text())?;
            Ok(Credentials {
                access_key_id: keys.access_key_id,
                secret_access_key: keys.secret_access_key,
                session_token: keys.session_token,
                expires_at: keys.expires_at,
            })
        })
    })
}

fn url(bucket: &str, prefix: &str) -> String {
    let prefix = prefix.trim_matches('/');
    let path = Path::new(bucket).join(prefix);
    format!("s3://{}", path.display()).trim_end_matches('/').to_owned()
}
