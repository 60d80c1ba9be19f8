//! Resources of a Terraform state, as `terraform show -json` prints it.

use serde_json::Value;

use trimtab_model::plan::Ancestry;
use trimtab_model::resource::{ResourceKind, ResourceRef, Tags};

use super::{Edit, Owned, Question, edit, patch};
use crate::plan::export::line;

/// Tags by which teams say that Terraform made something, lower-case without separators.
const MANAGED_BY: &[&str] = &["managedby", "provisioner", "createdby"];

/// Where a resource stands in a state.
struct Found<'a> {
    address: &'a str,
    /// The block within the resource, for a volume that an instance describes.
    block: Option<&'static str>,
}

/// Returns the address of a resource in a state, and the attribute to change there; or that a
/// tag says that Terraform made it.
pub(super) fn owner(question: Question<'_>) -> Option<Owned> {
    let found = question.terraform.iter().find_map(|state| find(state, question.resource));
    if let Some(found) = found {
        let owner = format!("terraform:{}", found.address);
        let text = edit(question.action).map(|edit| hcl(&found, &edit));
        return Some(Owned::by(
            &owner,
            text.and_then(|text| patch(owner.clone(), "terraform", text)),
        ));
    }
    is_marked(question.subject.tags()).then(|| {
        let unnamed = Found { address: "the address is in the state", block: None };
        let text = edit(question.action).map(|edit| hcl(&unnamed, &edit));
        let owner = "terraform".to_owned();
        Owned::by(&owner, text.and_then(|text| patch(owner.clone(), "terraform", text)))
    })
}

/// Returns whether a state describes a resource.
pub(super) fn describes(states: &[Value], wanted: &ResourceRef) -> bool {
    states.iter().any(|state| find(state, wanted).is_some())
}

/// Returns whether tags say that Terraform made something.
pub(super) fn is_marked(tags: &Tags) -> bool {
    tags.iter().any(|(key, value)| {
        let plain: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
        let (key, value) = (plain.to_lowercase(), value.to_lowercase());
        (key == "terraform" && !matches!(value.as_str(), "false" | "no" | "0"))
            || (MANAGED_BY.contains(&key.as_str()) && value.contains("terraform"))
    })
}

/// Returns what can be said of a resource that no state has: nothing, without a state.
pub(super) fn ancestry(states: &[Value]) -> Ancestry {
    let is_readable = |state: &Value| state.pointer("/values/root_module").is_some();
    if states.iter().any(is_readable) {
        Ancestry::Own
    } else {
        Ancestry::Possibly("terraform".to_owned())
    }
}

fn find<'a>(state: &'a Value, wanted: &ResourceRef) -> Option<Found<'a>> {
    let mut modules: Vec<&Value> = state.pointer("/values/root_module").into_iter().collect();
    while let Some(module) = modules.pop() {
        let list = |name: &str| module.get(name).and_then(Value::as_array).into_iter().flatten();
        let found = list("resources")
            .filter(|one| one.get("mode").and_then(Value::as_str) == Some("managed"))
            .find_map(|one| is_it(one, wanted));
        if found.is_some() {
            return found;
        }
        modules.extend(list("child_modules"));
    }
    None
}

fn is_it<'a>(resource: &'a Value, wanted: &ResourceRef) -> Option<Found<'a>> {
    let address = resource.get("address")?.as_str()?;
    let name = resource.get("type")?.as_str()?;
    let values = resource.get("values")?;
    let has = |key: &str| values.get(key).and_then(Value::as_str) == Some(wanted.id.as_str());
    let block = |block: &'static str| {
        let disks = values.get(block).and_then(Value::as_array);
        let id = |disk: &Value| {
            disk.get("volume_id").and_then(Value::as_str) == Some(wanted.id.as_str())
        };
        disks.into_iter().flatten().any(id).then_some(block)
    };
    let (matches, block) = match (wanted.kind, name) {
        (ResourceKind::Instance, "aws_instance") | (ResourceKind::Volume, "aws_ebs_volume") => {
            (has("id"), None)
        }
        (ResourceKind::Volume, "aws_instance") => {
            let found = block("root_block_device").or_else(|| block("ebs_block_device"));
            (found.is_some(), found)
        }
        (ResourceKind::Address, "aws_eip") => (has("id") || has("allocation_id"), None),
        (ResourceKind::DbInstance, "aws_db_instance" | "aws_rds_cluster_instance") => {
            (has("identifier"), None)
        }
        (ResourceKind::Function, "aws_lambda_function") => (has("function_name"), None),
        (ResourceKind::LogGroup, "aws_cloudwatch_log_group")
        | (ResourceKind::AutoScalingGroup, "aws_autoscaling_group") => (has("name"), None),
        (ResourceKind::LaunchTemplate, "aws_launch_template") => (has("id") || has("name"), None),
        _ => (false, None),
    };
    (matches && is_there(values, wanted)).then_some(Found { address, block })
}

/// Returns whether a resource of a state is in the account and region, where its ARN says so:
/// names are given twice.
fn is_there(values: &Value, wanted: &ResourceRef) -> bool {
    let Some(arn) = values.get("arn").and_then(Value::as_str) else { return true };
    let mut parts = arn.split(':').skip(3);
    let fits = |part: Option<&str>, wanted: &str| {
        part.is_none_or(|part| part.is_empty() || part == wanted)
    };
    fits(parts.next(), wanted.region.as_str()) && fits(parts.next(), wanted.account.as_str())
}

fn hcl(found: &Found<'_>, edit: &Edit) -> String {
    let address = line(found.address);
    let properties = match edit {
        Edit::Remove => {
            return format!(
                "# {address}\n# Remove the block. Take a snapshot first, where it has data.\n"
            );
        }
        Edit::Set(properties) => properties,
    };
    let attribute = |name: &str, value: &Value| format!("{name} = {value}\n");
    match found.block {
        None => {
            let lines = properties.iter().map(|one| attribute(one.terraform, &one.value));
            format!("# {address}\n{}", lines.collect::<String>())
        }
        Some(block) => {
            // Within an instance, the attribute of the type has the longer name.
            let name = |name: &'static str| if name == "type" { "volume_type" } else { name };
            let lines = properties
                .iter()
                .map(|one| format!("  {}", attribute(name(one.terraform), &one.value)));
            format!("# {address}\n{block} {{\n{}}}\n", lines.collect::<String>())
        }
    }
}
