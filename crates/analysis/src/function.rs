//! What is read of a Lambda function alike, whatever judges it.

use trimtab_model::id::ResourceId;
use trimtab_model::resource::Resource;
use trimtab_model::resource::function::Function;
use trimtab_model::serverless::FunctionArchitecture;

/// MB with which a function has one vCPU; its share of processors is in proportion (Lambda developer
/// guide, "Configure Lambda function memory").
pub const MEMORY_OF_A_PROCESSOR_MB: f64 = 1769.0;

/// Lists the names under which metrics and bills know a function: its own, and its ARN.
pub fn names(function: &Resource<Function>) -> Vec<ResourceId> {
    let arn = function.kind.function_arn.as_deref().map(ResourceId::new);
    std::iter::once(function.id.clone()).chain(arn).collect()
}

/// Returns the processor; Lambda allows one.
pub fn architecture(function: &Function) -> Option<FunctionArchitecture> {
    let named =
        |one: FunctionArchitecture| function.architectures.iter().any(|name| name == one.as_str());
    FunctionArchitecture::ALL.into_iter().find(|one| named(*one))
}
