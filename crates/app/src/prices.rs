//! Prices: looked up for people, and read again from the public list.

use std::collections::BTreeSet;
use std::path::Path;

use trimtab_model::id::RegionId;
use trimtab_store::catalog::{self, Limits, PriceRow, RefreshError, Refreshed};

use crate::failure::{Failure, Kind};

/// Returns every price of `product` in `region`, refreshed ones included.
///
/// # Errors
/// Fails if there is none, or a refreshed file cannot be read.
pub fn lookup(data_dir: &Path, product: &str, region: &RegionId) -> Result<Vec<PriceRow>, Failure> {
    let rows =
        catalog::lookup_with(data_dir, product, region).map_err(|cause| Failure::from(&cause))?;
    if rows.is_empty() {
        return Err(Failure::new(
            Kind::Failed,
            (
                format!("the catalogue has no price of `{product}` in `{region}`"),
                format!("가격 카탈로그의 `{region}` 리전에 없는 상품입니다: `{product}`"),
            ),
        )
        .with_hint((
            "`trimtab prices show ebs --region REGION` lists meters; `trimtab prices refresh --region REGION` reads the public list",
            "`trimtab prices show ebs --region REGION` 명령으로 과금 항목을 보고, `trimtab prices refresh --region REGION` 명령으로 공개 가격표를 읽을 수 있습니다",
        )));
    }
    Ok(rows)
}

/// Reads the public price list again for `regions`.
///
/// # Errors
/// Fails if the list cannot be reached or read; what was there stays.
pub fn refresh(
    data_dir: &Path,
    url: &str,
    regions: &[RegionId],
    say: &dyn Fn(&str),
) -> Result<Vec<Refreshed>, Failure> {
    let engine =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|cause| {
            let message = ("could not start threads", "스레드를 시작하지 못했습니다");
            Failure::new(Kind::Failed, message).because(&cause)
        })?;
    let mut refreshed = Vec::new();
    for region in regions {
        say(region.as_str());
        let one = engine
            .block_on(catalog::refresh(
                data_dir,
                &BTreeSet::from([region.clone()]),
                url,
                Limits::default(),
            ))
            .map_err(|cause| failure(&cause))?;
        refreshed.extend(one);
    }
    Ok(refreshed)
}

fn failure(cause: &RefreshError) -> Failure {
    Failure::from_error(Kind::Failed, cause).with_hint((
        "check the connection and --url; the prices that were there are kept",
        "연결과 --url을 확인하세요. 있던 가격은 그대로 있습니다",
    ))
}
