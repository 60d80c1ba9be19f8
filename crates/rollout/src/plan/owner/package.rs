//! What whoever builds a function would do: another architecture comes with a package only.

use trimtab_model::action::Action;
use trimtab_model::plan::OwnerPatch;
use trimtab_model::resource::ResourceRef;
use trimtab_model::text::Reason;

use super::patch;
use crate::plan::export::quoted;

/// Returns why trimtab does not change the architecture itself, and what the builder would do.
///
/// Lambda takes `Architectures` only with a package in the same request, and keeps no reference
/// to the place that it came from.
pub(in crate::plan) fn package(
    action: &Action,
    resource: &ResourceRef,
) -> Option<(Reason, Option<OwnerPatch>)> {
    let Action::UpdateFunctionArchitecture { to, .. } = action else { return None };
    let reason = Reason::new(
        "package-needed",
        "Lambda takes another architecture only together with the package: whoever builds it gives it again.",
        "Lambda의 아키텍처는 배포 패키지와 함께 올려야만 바꿀 수 있습니다. 패키지를 빌드하는 쪽에서 다시 배포해야 합니다.",
    );
    let (id, region) = (quoted(resource.id.as_str()), quoted(resource.region.as_str()));
    let to = quoted(to);
    let text = format!(
        "# Built for {to}, where anything of it is compiled:\naws lambda update-function-code --function-name={id} --architectures {to} --s3-bucket '<bucket of the build>' --s3-key '<its key>' --region {region}\n# CloudFormation: Architectures: [{to}]\n# Terraform: architectures = [\"{to}\"]\n"
    );
    Some((reason, patch(format!("package:{}", resource.id), "awscli", text)))
}
