//! `sagemaker:ListNotebookInstances`.

use futures::FutureExt;

use trimtab_model::resource::notebook_instance::NotebookInstance;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, tagging};

const LIST: &str = "sagemaker:ListNotebookInstances";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::NotebookInstance,
    reach: Reach::Region,
    actions: &[LIST, tagging::GET_RESOURCES],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let request = session.sagemaker().list_notebook_instances().max_results(100);
    pages(LIST, request.into_paginator().send(), |page| {
        for notebook in page.notebook_instances.unwrap_or_default() {
            let (Some(name), Some(status)) =
                (notebook.notebook_instance_name, notebook.notebook_instance_status)
            else {
                continue;
            };
            let kind = NotebookInstance {
                notebook_instance_arn: notebook.notebook_instance_arn,
                notebook_instance_status: status.as_str().to_owned(),
                instance_type: notebook.instance_type.map(|word| word.as_str().to_owned()),
                creation_time: moment::optional(notebook.creation_time.as_ref()),
                last_modified_time: moment::optional(notebook.last_modified_time.as_ref()),
                lifecycle_config_name: notebook.notebook_instance_lifecycle_config_name,
            };
            // The tags come from the tagging API.
            part.snapshot.notebook_instances.push(session.resource(name, Tags::new(), kind));
        }
    })
    .await
}
