//! `rds:DescribePendingMaintenanceActions`.

use futures::FutureExt;

use trimtab_model::resource::pending_maintenance_action::PendingMaintenanceAction;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::moment;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;

const DESCRIBE: &str = "rds:DescribePendingMaintenanceActions";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::PendingMaintenanceAction,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let listing = session.rds().describe_pending_maintenance_actions().max_records(100);
    pages(DESCRIBE, listing.into_paginator().send(), |page| {
        for one in page.pending_maintenance_actions.unwrap_or_default() {
            let Some(about) = one.resource_identifier else { continue };
            for detail in one.pending_maintenance_action_details.unwrap_or_default() {
                let Some(action) = detail.action else { continue };
                let id = format!("{about}/{action}");
                let kind = PendingMaintenanceAction {
                    resource_identifier: about.clone(),
                    action,
                    description: detail.description,
                    opt_in_status: detail.opt_in_status,
                    current_apply_date: moment::optional(detail.current_apply_date.as_ref()),
                    forced_apply_date: moment::optional(detail.forced_apply_date.as_ref()),
                };
                let resource = session.resource(id, Tags::new(), kind);
                part.snapshot.pending_maintenance_actions.push(resource);
            }
        }
    })
    .await
}
