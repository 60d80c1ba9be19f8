//! `s3:GetBucketLocation`.

use crate::error::AwsError;
use crate::session::Session;

/// The action.
pub(crate) const GET_LOCATION: &str = "s3:GetBucketLocation";

/// Returns the region of a bucket.
pub(crate) async fn region_of(session: &Session, name: &str) -> Result<String, AwsError> {
    let answer = session.s3().get_bucket_location().bucket(name).send().await;
    let answer = answer.map_err(|error| AwsError::of(GET_LOCATION, &error))?;
    let word = answer.location_constraint.map(|word| word.as_str().to_owned());
    Ok(match word.as_deref() {
        None | Some("") => "us-east-1".to_owned(),
        // The name that the oldest buckets of Ireland have.
        Some("EU") => "eu-west-1".to_owned(),
        Some(region) => region.to_owned(),
    })
}
