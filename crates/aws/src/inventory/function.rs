//! `lambda:ListFunctions`.
//!
//! The answer carries environment variables, often with passwords in them. They are dropped
//! here: nothing of ours has a field for them.

use futures::FutureExt;

use trimtab_model::resource::function::Function;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{number, tagging};

const LIST: &str = "lambda:ListFunctions";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::Function,
    reach: Reach::Region,
    actions: &[LIST, tagging::GET_RESOURCES],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.lambda().list_functions().max_items(50).into_paginator().send();
    pages(LIST, stream, |page| {
        for function in page.functions.unwrap_or_default() {
            let Some(name) = function.function_name else { continue };
            let kind = Function {
                function_arn: function.function_arn,
                runtime: function.runtime.map(|word| word.as_str().to_owned()),
                architectures: function
                    .architectures
                    .unwrap_or_default()
                    .iter()
                    .map(|word| word.as_str().to_owned())
                    .collect(),
                memory_size_mb: number::positive(function.memory_size),
                timeout_seconds: number::positive(function.timeout),
                package_type: function.package_type.map(|word| word.as_str().to_owned()),
                layer_count: number::length(function.layers.unwrap_or_default().len()),
            };
            // The listing has no tags; those come from the tagging API.
            part.snapshot.functions.push(session.resource(name, Tags::new(), kind));
        }
    })
    .await
}
