//! How a change is made.

use utoipa::ToSchema;

use super::recommendation::{CommandsOf, ReasonOf};

/// How a change is made: by a plan, by commands, or by whoever describes the resource.
#[derive(ToSchema)]
pub(in crate::api) struct PatchOf {
    /// `trimtab/v1/rec.patch`.
    schema: String,
    /// The recommendation.
    id: String,
    /// Whether a plan of it would make the change.
    is_planned: bool,
    /// Why it would not; null where it would.
    reason: Option<ReasonOf>,
    /// What to write where the resource is described; null where nobody is known to describe it.
    patch: Option<OwnerPatchOf>,
    /// What makes the change by hand, and takes it back.
    commands: CommandsOf,
}

/// What to write where a resource is described.
#[derive(ToSchema)]
pub(super) struct OwnerPatchOf {
    /// Who describes it, such as a stack.
    owner: String,
    /// The language of the text, such as `terraform`.
    format: String,
    /// The text.
    text: String,
}
