//! What whoever builds a function would do: a package that is not given again as it is must be
//! built for the other architecture.

use trimtab_model::action::Action;
use trimtab_model::plan::OwnerPatch;
use trimtab_model::resource::ResourceRef;

use super::patch;
use crate::plan::export::quoted;
use crate::plan::subject::Subject;

/// Returns what the builder of a function would do that trimtab does not change itself.
///
/// Lambda takes `Architectures` only with a package in the same request. Where the package that a
/// function has runs on either processor, trimtab gives it again; an image and a compiled program
/// are of one architecture, and more than 50 MB must lie in a bucket. The right to give a package
/// is also the right to run any code in the function's role. It is a heavy one: the statement that
/// grants it stands alone in the policy, is there only for who names it, and without it the change
/// is refused before anything is made.
pub(in crate::plan) fn package(
    action: &Action,
    subject: Subject<'_>,
    resource: &ResourceRef,
) -> Option<OwnerPatch> {
    let (Action::UpdateFunctionArchitecture { to, .. }, Subject::Function(function)) =
        (action, subject)
    else {
        return None;
    };
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
    patch(format!("package:{}", resource.id), "awscli", text.join("\n"))
}

#[cfg(test)]
mod tests {
    use trimtab_model::plan::Plan;
    use trimtab_model::resource::ResourceKind;
    use trimtab_model::resource::function::{Function, MOST_PACKAGE_BYTES};

    use super::*;
    use crate::plan::{create, sample};

    fn function() -> Function {
        Function {
            function_arn: None,
            runtime: Some("python3.13".to_owned()),
            architectures: vec!["x86_64".to_owned()],
            memory_size_mb: Some(1024),
            timeout_seconds: Some(10),
            package_type: Some("Zip".to_owned()),
            layer_count: 0,
            code_size_bytes: Some(MOST_PACKAGE_BYTES),
            versions: None,
            aliases: None,
        }
    }

    fn plan(kind: Function, action: Action) -> Plan {
        let mut snapshot = sample::snapshot();
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

    /// Asserts that a function is handed to whoever builds it, why, and a part of the patch.
    fn handed(alter: impl FnOnce(&mut Function), code: &str, part: &str) {
        let mut kind = function();
        alter(&mut kind);
        let made = plan(kind, architecture("x86_64"));
        assert_eq!(made.changes().count(), 0, "{code}");
        let left = made.left_out.first().expect("it is left out");
        assert_eq!(left.reason.code, code);
        let patch = left.patch.as_ref().expect("a patch");
        assert!(patch.text.contains(part), "{}", patch.text);
    }

    #[test]
    fn a_package_that_runs_on_either_processor_is_planned_up_to_what_lambda_takes() {
        for runtime in
            ["python3.13", "nodejs22.x", "ruby3.3", "java8.al2", "java21", "dotnet8", "python3.8"]
        {
            let kind = Function { runtime: Some(runtime.to_owned()), ..function() };
            let made = plan(kind, architecture("x86_64"));
            let change = made.changes().next().expect(runtime);
            assert!(!change.gates.is_empty());
        }
        // Its owner is asked about layers before anything is changed.
        let layered = Function { layer_count: 2, ..function() };
        assert_eq!(plan(layered, architecture("x86_64")).changes().count(), 1);
    }

    #[test]
    fn a_package_that_must_be_built_is_handed_to_whoever_builds_it() {
        let bucket = "--architectures arm64 --s3-bucket";
        let image = |one: &mut Function| {
            (one.package_type, one.runtime) = (Some("Image".to_owned()), None);
        };
        handed(image, "container-image", "--architectures arm64 --image-uri");
        for (runtime, code) in [
            (Some("provided.al2023"), "compiled-code"),
            (Some("go1.x"), "compiled-code"),
            (Some("erlang27"), "runtime-unknown"),
            (None, "runtime-unknown"),
            (Some("java8"), "runtime-without-arm64"),
        ] {
            handed(|one| one.runtime = runtime.map(str::to_owned), code, bucket);
        }
        let more = Some(MOST_PACKAGE_BYTES + 1);
        handed(|one| one.code_size_bytes = more, "package-too-large", bucket);
        handed(|one| one.code_size_bytes = None, "package-size-unknown", bucket);
        let left = plan(function(), architecture("arm64")).left_out;
        assert!(left.first().is_some_and(|one| one.patch.is_none()), "{left:?}");
    }

    #[test]
    fn another_amount_of_memory_is_planned_if_it_is_still_what_it_was() {
        let made = plan(function(), Action::UpdateFunctionMemory { from_mb: 1024, to_mb: 512 });
        let change = made.changes().next().expect("a change");
        assert!(!change.gates.is_empty());
        let other = plan(function(), Action::UpdateFunctionMemory { from_mb: 2048, to_mb: 512 });
        assert_eq!(other.changes().count(), 0);
    }
}
