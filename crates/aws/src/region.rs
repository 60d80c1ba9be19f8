//! Which regions an account uses.

use crate::error::AwsError;
use crate::session::Session;

/// The action that lists regions.
pub const DESCRIBE_REGIONS: &str = "ec2:DescribeRegions";

/// Returns the regions that are enabled in the account, in order.
///
/// # Errors
/// Fails without permission, or if AWS does not answer.
pub async fn enabled(session: &Session) -> Result<Vec<String>, AwsError> {
    let answer = session
        .ec2()
        .describe_regions()
        .all_regions(false)
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE_REGIONS, &error))?;
    let mut regions: Vec<String> = answer
        .regions
        .unwrap_or_default()
        .into_iter()
        .filter_map(|region| region.region_name)
        .collect();
    regions.sort();
    Ok(regions)
}
