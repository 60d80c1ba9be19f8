//! `sagemaker:ListApps`, and `sagemaker:DescribeApp` of those that run on an instance.
//!
//! Each app of the listing names its domain, so that the domains need no listing of their own.

use aws_sdk_sagemaker::operation::describe_app::DescribeAppOutput;
use aws_sdk_sagemaker::types;
use futures::FutureExt;

use trimtab_model::resource::studio_app::{AppOwner, StudioApp};
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, tagging};

const LIST: &str = "sagemaker:ListApps";
const DESCRIBE: &str = "sagemaker:DescribeApp";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::StudioApp,
    reach: Reach::Region,
    actions: &[LIST, DESCRIBE, tagging::GET_RESOURCES],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let mut apps = Vec::new();
    let stream = session.sagemaker().list_apps().max_results(100).into_paginator().send();
    let listed = pages(LIST, stream, |page| apps.extend(page.apps.unwrap_or_default())).await;
    // Apps stay listed for a day after they were deleted.
    for app in apps.into_iter().filter(|app| app.status != Some(types::AppStatus::Deleted)) {
        let Some(mut kind) = kind(&app) else { continue };
        if is_running_on_an_instance(&kind) {
            let described = describe(session, &app).await;
            if let Some(detail) = part.detail(described) {
                kind.app_arn = detail.app_arn;
                kind.last_user_activity =
                    moment::optional(detail.last_user_activity_timestamp.as_ref());
                kind.last_health_check =
                    moment::optional(detail.last_health_check_timestamp.as_ref());
            }
        }
        let (AppOwner::UserProfile(owner) | AppOwner::Space(owner)) = &kind.owner;
        let id = format!("{}/{owner}/{}/{}", kind.domain_id, kind.app_type, kind.app_name);
        // The tags come from the tagging API.
        part.snapshot.studio_apps.push(session.resource(id, Tags::new(), kind));
    }
    listed
}

fn is_running_on_an_instance(app: &StudioApp) -> bool {
    app.status == "InService"
        && app.instance_type.as_deref().is_some_and(|name| name.starts_with("ml."))
}

async fn describe(
    session: &Session,
    app: &types::AppDetails,
) -> Result<DescribeAppOutput, AwsError> {
    session
        .sagemaker()
        .describe_app()
        .set_domain_id(app.domain_id.clone())
        .set_user_profile_name(app.user_profile_name.clone())
        .set_space_name(app.space_name.clone())
        .set_app_type(app.app_type.clone())
        .set_app_name(app.app_name.clone())
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE, &error))
}

fn kind(app: &types::AppDetails) -> Option<StudioApp> {
    let owner = match (&app.user_profile_name, &app.space_name) {
        (_, Some(space)) => AppOwner::Space(space.clone()),
        (Some(user), None) => AppOwner::UserProfile(user.clone()),
        (None, None) => return None,
    };
    Some(StudioApp {
        app_arn: None,
        domain_id: app.domain_id.clone()?,
        owner,
        app_type: app.app_type.as_ref()?.as_str().to_owned(),
        app_name: app.app_name.clone()?,
        status: app.status.as_ref()?.as_str().to_owned(),
        creation_time: moment::optional(app.creation_time.as_ref()),
        instance_type: app
            .resource_spec
            .as_ref()
            .and_then(|spec| spec.instance_type.as_ref())
            .map(|word| word.as_str().to_owned()),
        last_user_activity: None,
        last_health_check: None,
    })
}
