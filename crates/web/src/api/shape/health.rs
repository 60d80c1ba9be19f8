//! That the server answers.

use utoipa::ToSchema;

/// That the server answers.
#[derive(ToSchema)]
pub(in crate::api) struct Health {
    /// Always `ok`.
    status: String,
}
