//! What whoever builds a function would do: another architecture comes with a package only.

use trimtab_model::action::Action;
use trimtab_model::plan::OwnerPatch;
use trimtab_model::resource::ResourceRef;
use trimtab_model::text::Reason;

use super::patch;
use crate::plan::export::quoted;
use crate::plan::subject::Subject;

/// Returns why trimtab does not change the architecture itself, and what the builder would do.
///
/// Lambda takes `Architectures` only with a package in the same request, and keeps no reference
/// to the place that it came from; an image is of one architecture. The right to give a package is
/// also the right to run any code in the function's role, which nobody should have to give to us;
/// and the next deployment of a build that does not know of it would take the change back.
pub(in crate::plan) fn package(
    action: &Action,
    subject: Subject<'_>,
    resource: &ResourceRef,
) -> Option<(Reason, Option<OwnerPatch>)> {
    let (Action::UpdateFunctionArchitecture { to, .. }, Subject::Function(function)) =
        (action, subject)
    else {
        return None;
    };
    let reason = Reason::new(
        "package-needed",
        "Lambda takes another architecture only together with the package: whoever builds it gives it again.",
        "Lambda의 아키텍처는 배포 패키지와 함께 올려야만 바꿀 수 있습니다. 패키지를 빌드하는 쪽에서 다시 배포해야 합니다.",
    );
    let (id, region, to) =
        (quoted(resource.id.as_str()), quoted(resource.region.as_str()), quoted(to));
    let code = match function.kind.package_type.as_deref() {
        Some("Image") => "--image-uri '<the image>'",
        _ => "--s3-bucket '<bucket of the build>' --s3-key '<its key>'",
    };
    let text = [
        format!("# With a build for {to}, layers and compiled parts included:"),
        format!(
            "aws lambda update-function-code --function-name={id} --architectures {to} {code} --region {region}"
        ),
        format!("# CloudFormation: Architectures: [{to}]"),
        format!("# Terraform: architectures = [\"{to}\"]"),
        String::new(),
    ];
    let owner = format!("package:{}", resource.id);
    Some((reason, patch(owner, "awscli", text.join("\n"))))
}

#[cfg(test)]
mod tests {
    use trimtab_model::plan::Plan;
    use trimtab_model::resource::ResourceKind;
    use trimtab_model::resource::function::Function;

    use super::*;
    use crate::plan::{create, sample};

    fn plan(package_type: &str, action: Action) -> Plan {
        let mut snapshot = sample::snapshot();
        let kind = Function {
            function_arn: None,
            runtime: Some("python3.13".to_owned()),
            architectures: vec!["x86_64".to_owned()],
            memory_size_mb: Some(1024),
            timeout_seconds: Some(10),
            package_type: Some(package_type.to_owned()),
            layer_count: 0,
            code_size_bytes: None,
            versions: None,
            aliases: None,
        };
        let function = sample::function("match", kind);
        let reference = function.reference(ResourceKind::Function);
        snapshot.functions = vec![function];
        let wished = [sample::recommendation("R-1", reference, action, "10")];
        let (rules, request) = (sample::rules(), sample::request());
        create(&wished, &snapshot, Some(&sample::prices()), &rules, &request)
    }

    fn architecture(from: &str) -> Action {
        Action::UpdateFunctionArchitecture { from: from.to_owned(), to: "arm64".to_owned() }
    }

    #[test]
    fn another_architecture_is_handed_to_whoever_builds_the_package() {
        for (package_type, code, part) in [
            ("Zip", "package-needed", "--architectures arm64 --s3-bucket"),
            ("Image", "container-image", "--architectures arm64 --image-uri"),
        ] {
            let made = plan(package_type, architecture("x86_64"));
            assert_eq!(made.changes().count(), 0);
            let left = made.left_out.first().expect("it is left out");
            assert_eq!(left.reason.code, code);
            let patch = left.patch.as_ref().expect("a patch");
            assert!(patch.text.contains(part), "{}", patch.text);
        }
        let left = plan("Zip", architecture("arm64")).left_out;
        assert!(left.first().is_some_and(|one| one.patch.is_none()), "{left:?}");
    }

    #[test]
    fn another_amount_of_memory_is_planned_if_it_is_still_what_it_was() {
        let made = plan("Zip", Action::UpdateFunctionMemory { from_mb: 1024, to_mb: 512 });
        let change = made.changes().next().expect("a change");
        assert!(!change.gates.is_empty());
        let other = plan("Zip", Action::UpdateFunctionMemory { from_mb: 2048, to_mb: 512 });
        assert_eq!(other.changes().count(), 0);
    }
}
