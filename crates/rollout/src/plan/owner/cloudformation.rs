//! Resources of a CloudFormation stack.

use trimtab_model::resource::Tags;

use super::{Edit, Owned, Question, edit, patch};
use crate::plan::export::line;

/// Returns the stack that a resource is of, and the property to change in its template.
pub(super) fn owner(question: Question<'_>) -> Option<Owned> {
    // Only its own tags: a stack does not make the volumes of its instances' images.
    let tags = question.subject.tags();
    let of = |key: &str| tags.get(key).map(String::as_str);
    let id = of("aws:cloudformation:stack-id");
    let name = of("aws:cloudformation:stack-name")
        .or_else(|| id?.split_once(":stack/")?.1.split('/').next())
        .or(id)?;
    let owner = format!("cloudformation:{name}");
    let logical = of("aws:cloudformation:logical-id");
    let text = logical.and_then(|logical| Some(snippet(name, logical, &edit(question.action)?)));
    Some(Owned::by(&owner, text.and_then(|text| patch(owner.clone(), "cloudformation", text))))
}

/// Returns whether tags say that a stack made something.
pub(super) fn is_marked(tags: &Tags) -> bool {
    tags.keys().any(|key| key.starts_with("aws:cloudformation:"))
}

fn snippet(stack: &str, logical: &str, edit: &Edit) -> String {
    let (stack, logical) = (line(stack), line(logical));
    match edit {
        Edit::Remove => format!(
            "# Stack {stack}: remove /Resources/{logical}\n# Its DeletionPolicy decides what is kept: set it to Snapshot before, where it can be.\n"
        ),
        Edit::Set(properties) => {
            let mut text = String::new();
            for property in properties {
                let name = property.cloudformation;
                text.push_str(&format!(
                    "# Stack {stack}: /Resources/{logical}/Properties/{name}\n"
                ));
            }
            text.push_str(&format!("Resources:\n  {logical}:\n    Properties:\n"));
            for property in properties {
                text.push_str(&format!("      {}: {}\n", property.cloudformation, property.value));
            }
            text
        }
    }
}
