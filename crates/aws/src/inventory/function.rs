//! `lambda:ListFunctions` with the published versions, and `lambda:ListAliases`.
//!
//! The answer carries environment variables, often with passwords in them. They are dropped
//! while reading: nothing of ours has a field for them.

use std::collections::BTreeMap;

use futures::FutureExt;

use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::part::Part;
use crate::session::Session;
use crate::{published, tagging};

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::Function,
    reach: Reach::Region,
    actions: &[published::LIST, published::LIST_ALIASES, tagging::GET_RESOURCES],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let mut functions = BTreeMap::new();
    let listed = published::list(session, &mut functions).await;
    for (name, mut function) in functions {
        // An alias of a function that was never published can only name what is not published:
        // most functions are such, and asking each of them would take a call.
        function.aliases = match function.versions.as_ref().is_some_and(|all| !all.is_empty()) {
            true => {
                let aliases = published::aliases(session, &name).await;
                part.detail(aliases)
            }
            false => None,
        };
        // The listing has no tags; those come from the tagging API.
        part.snapshot.functions.push(session.resource(name, Tags::new(), function));
    }
    listed
}
