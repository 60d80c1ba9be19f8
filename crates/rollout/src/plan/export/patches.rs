//! The changes of a plan as attributes and values, for those who describe resources in files.
//!
//! Where the owner is known, the change is left out of the plan and its patch names the place.
//! These are for the rest: somebody may describe a resource without a mark on it.

use serde_json::Value;

use trimtab_model::action::Action;
use trimtab_model::plan::{Change, LeftOut, Plan};
use trimtab_model::resource::ResourceKind;

use super::escape::line;
use super::words;
use crate::plan::owner::{Edit, edit};

/// Writes properties of CloudFormation, as YAML, with the patches of those that have an owner.
pub fn cloudformation(plan: &Plan) -> String {
    let of = |change: &Change| match edit(&change.action)? {
        Edit::Remove => Some(format!("# Remove the resource of type {}.\n", described(change))),
        Edit::Set(properties) => {
            let lines =
                properties.iter().map(|one| format!("  {}: {}\n", one.cloudformation, one.value));
            Some(format!("Type: {}\nProperties:\n{}", described(change), lines.collect::<String>()))
        }
    };
    let separated = |text: String| format!("---\n{text}");
    written(plan, "cloudformation", |change| of(change).map(separated))
}

/// Writes arguments of Terraform's provider, with the patches of those that have an address.
pub fn terraform(plan: &Plan) -> String {
    written(plan, "terraform", |change| {
        let name = terraform_type(described(change))?;
        match edit(&change.action)? {
            Edit::Remove => Some(format!("# Remove the block of type {name}.\n")),
            Edit::Set(properties) => {
                let argument = |name: &str, value: &Value| format!("{name} = {value}\n");
                let lines = properties.iter().map(|one| argument(one.terraform, &one.value));
                Some(format!("# {name}\n{}", lines.collect::<String>()))
            }
        }
    })
}

/// Returns the kind of what is described in a file: of a group, its launch template has the type.
fn described(change: &Change) -> ResourceKind {
    match change.action {
        Action::RefreshInstances(_) => ResourceKind::LaunchTemplate,
        _ => change.resource.kind,
    }
}

fn written(plan: &Plan, format: &str, of: impl Fn(&Change) -> Option<String>) -> String {
    let mut text = String::new();
    for change in plan.changes() {
        if let Some(patch) = of(change) {
            let (id, name) = (&change.id, line(&words::resource(&change.resource)));
            text.push_str(&format!("# {id}: {name}\n{patch}\n"));
        }
    }
    let owned = |one: &LeftOut| one.patch.clone().filter(|patch| patch.format == format);
    for (one, patch) in plan.left_out.iter().filter_map(|one| Some((one, owned(one)?))) {
        let (id, name) = (&one.recommendation, line(&words::resource(&one.resource)));
        text.push_str(&format!("# {id}: {name}: {}\n{}\n", line(&patch.owner), patch.text));
    }
    text
}

fn terraform_type(kind: ResourceKind) -> Option<&'static str> {
    match kind {
        ResourceKind::Instance => Some("aws_instance"),
        ResourceKind::Volume => Some("aws_ebs_volume"),
        ResourceKind::Address => Some("aws_eip"),
        ResourceKind::DbInstance => Some("aws_db_instance"),
        ResourceKind::Function => Some("aws_lambda_function"),
        ResourceKind::LogGroup => Some("aws_cloudwatch_log_group"),
        ResourceKind::LaunchTemplate => Some("aws_launch_template"),
        ResourceKind::AutoScalingGroup => Some("aws_autoscaling_group"),
        _ => None,
    }
}
