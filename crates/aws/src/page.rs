//! Listings that come in pages.

use aws_smithy_async::future::pagination_stream::PaginationStream;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::error::AwsError;

/// More pages than any honest listing has; beyond it the tokens go round in a circle.
const MOST_PAGES: usize = 20_000;

/// Hands each page of a listing to `each`.
///
/// An empty page with a token is normal and goes on. What came before a failure stays
/// where `each` has put it.
pub(crate) async fn pages<O, E, R>(
    action: &str,
    mut stream: PaginationStream<Result<O, SdkError<E, R>>>,
    mut each: impl FnMut(O),
) -> Result<(), AwsError>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    for _ in 0..MOST_PAGES {
        match stream.next().await {
            Some(Ok(page)) => each(page),
            Some(Err(error)) => {
                return match failure(action, &error) {
                    // A probe is content with the first page.
                    AwsError::CutShort { .. } => Ok(()),
                    error => Err(error),
                };
            }
            None => return Ok(()),
        }
    }
    Err(AwsError::Endless { action: action.to_owned() })
}

fn failure<E, R>(action: &str, error: &SdkError<E, R>) -> AwsError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    // The SDK's own guard against a token that comes back unchanged.
    match error {
        SdkError::ConstructionFailure(_) => AwsError::Endless { action: action.to_owned() },
        _ => AwsError::of(action, error),
    }
}
