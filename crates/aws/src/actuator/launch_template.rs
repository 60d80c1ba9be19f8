//! Launch templates of EC2: a version with another type.

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::{InstanceType as Type, RequestLaunchTemplateData};

use trimtab_model::call::CallResult;
use trimtab_model::id::{ChangeId, InstanceType};

use super::answer::{one, result};

/// A version that is as another but for its type.
pub(super) struct Version<'a> {
    pub(super) template: &'a str,
    pub(super) source: &'a str,
    pub(super) instance_type: &'a InstanceType,
    pub(super) change: &'a ChangeId,
    pub(super) token: &'a str,
}

/// Makes a version of a launch template; the same token twice makes one. Nothing of the old
/// version is read: AWS copies it, user data and all.
pub(super) async fn create_version(client: &Client, version: Version<'_>) -> CallResult {
    let data = RequestLaunchTemplateData::builder()
        .instance_type(Type::from(version.instance_type.as_str()))
        .build();
    let request = client
        .create_launch_template_version()
        .client_token(version.token)
        .source_version(version.source)
        .version_description(version.change.as_str())
        .launch_template_data(data);
    let request = match version.template.starts_with("lt-") {
        true => request.launch_template_id(version.template),
        false => request.launch_template_name(version.template),
    };
    result(request.send().await, |output| {
        let made = output.launch_template_version().and_then(|one| one.version_number());
        one("version", made.map(|number| number.to_string()).as_deref())
    })
}
