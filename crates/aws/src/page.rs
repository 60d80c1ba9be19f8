//! Listings that come in pages.

mod tokens;

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
    O: Paged,
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    let mut goes_on = false;
    for _ in 0..MOST_PAGES {
        match stream.next().await {
            Some(Ok(page)) => {
                goes_on = page.token().is_some_and(|token| !token.is_empty());
                each(page);
            }
            Some(Err(error)) => {
                return match AwsError::of(action, &error) {
                    // A probe is content with the first page.
                    AwsError::CutShort { .. } => Ok(()),
                    error => Err(error),
                };
            }
            // The SDK ends a listing without a word whose token comes back unchanged.
            None if goes_on => break,
            None => return Ok(()),
        }
    }
    Err(AwsError::Endless { action: action.to_owned() })
}

/// A page of a listing.
pub(crate) trait Paged {
    /// Returns the token of the page after it; nothing of the last one.
    fn token(&self) -> Option<&str>;
}
