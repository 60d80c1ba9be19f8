//! The scripts of a project: build, deploy, and the gate that says whether the function is well.

use super::alarm::{Subject, alarms};
use super::clock::LONGEST_LOOK_MINUTES;
use super::fill::filled;
use super::project::{Architecture, Iac, Runtime, Scaffold, Template};

/// Returns the scripts of a project, by name.
pub(super) fn scripts(scaffold: &Scaffold) -> Vec<(&'static str, String)> {
    let build = match scaffold.runtime {
        Runtime::Nodejs => include_str!("templates/scripts/build.nodejs.sh"),
        Runtime::Python => include_str!("templates/scripts/build.python.sh"),
        Runtime::Rust => include_str!("templates/scripts/build.rust.sh"),
    };
    let deploy = match scaffold.iac {
        Iac::Serverless => include_str!("templates/scripts/deploy.serverless.sh"),
        Iac::Sam => include_str!("templates/scripts/deploy.sam.sh"),
        Iac::Cloudformation => include_str!("templates/scripts/deploy.cloudformation.sh"),
        Iac::Terraform => include_str!("templates/scripts/deploy.terraform.sh"),
    };
    let values = values(scaffold);
    let account = include_str!("templates/scripts/account.sh");
    let account = scaffold.account.as_ref().map(|_| ("account.sh", filled(account, &values)));
    let all = [
        ("authority.sh", filled(include_str!("templates/scripts/authority.sh"), &values)),
        ("build.sh", filled(build, &values)),
        // Modes and accounts are the same whatever deploys.
        (
            "deploy.sh",
            filled(include_str!("templates/scripts/deploy.head.sh"), &values)
                + &filled(deploy, &values),
        ),
        ("gate.sh", filled(include_str!("templates/scripts/gate.sh"), &values)),
    ];
    account.into_iter().chain(all).collect()
}

/// Returns a command that does nothing with the credentials of another account, where the account is known:
/// a name of its own may be there too.
pub(super) fn in_account(scaffold: &Scaffold, command: String) -> String {
    match scaffold.account {
        Some(_) => format!("./account.sh && {command}"),
        None => command,
    }
}

/// Returns the command that removes what was deployed.
pub(super) fn removal(scaffold: &Scaffold) -> String {
    let command = match scaffold.iac {
        // The file is read whole, mode included.
        Iac::Serverless => "npx --yes osls@4.3.1 remove --param=mode=shadow".to_owned(),
        Iac::Sam | Iac::Cloudformation => format!(
            "aws cloudformation delete-stack --stack-name {} --region {}",
            scaffold.name, scaffold.region
        ),
        Iac::Terraform => "terraform destroy -var=mode=shadow".to_owned(),
    };
    in_account(scaffold, command)
}

fn values(scaffold: &Scaffold) -> Vec<(&'static str, String)> {
    let (wheel_platform, cargo_architecture) = match scaffold.architecture {
        Architecture::Arm64 => ("manylinux2014_aarch64", "--arm64"),
        Architecture::X86_64 => ("manylinux2014_x86_64", "--x86-64"),
    };
    let (deploy_account, gate_account) = match scaffold.account {
        Some(_) => (
            "./account.sh\n",
            "# Of another account nothing is known here.\n\"$(dirname \"$0\")/account.sh\" || exit 2\n",
        ),
        None => ("", ""),
    };
    vec![
        ("account", scaffold.account.clone().unwrap_or_default()),
        ("deploy_account", deploy_account.to_owned()),
        ("gate_account", gate_account.to_owned()),
        ("name", scaffold.name.clone()),
        ("region", scaffold.region.clone()),
        ("wheel_platform", wheel_platform.to_owned()),
        ("cargo_architecture", cargo_architecture.to_owned()),
        ("gate_least", scaffold.look_back_minutes().to_string()),
        ("gate_most", LONGEST_LOOK_MINUTES.to_string()),
        ("gate_checks", checks(scaffold)),
        ("gate_dead_letters", dead_letters(scaffold)),
    ]
}

/// Returns a line for everything that rings an alarm, but the dead letters, which are counted.
fn checks(scaffold: &Scaffold) -> String {
    let lines = alarms(scaffold).into_iter().filter(|alarm| alarm.slug != "dead_letters");
    let lines = lines.map(|alarm| {
        let (dimension, of) = match &alarm.subject {
            Subject::Named(dimension, name) => (*dimension, name.clone()),
            Subject::Api => ("ApiId", "\"$api\"".to_owned()),
        };
        format!(
            "check {} {} {} {dimension} {of} {} {}",
            alarm.slug,
            alarm.namespace,
            alarm.metric,
            alarm.statistic.name(),
            alarm.threshold
        )
    });
    requests(scaffold).into_iter().chain(lines).collect::<Vec<String>>().join("\n    ")
}

/// Returns the lines that count the requests of an API: an API that nobody asked has no errors, and is not well
/// for that. Its id comes as JSON: a text would have a line for every page of APIs.
fn requests(scaffold: &Scaffold) -> Vec<String> {
    let Template::Http { .. } = scaffold.template else { return Vec::new() };
    let name = &scaffold.name;
    vec![
        format!(
            "api=\"$(aws apigatewayv2 get-apis --region \"$region\" --query \"Items[?Name=='{name}'].ApiId | [0]\" --output json | tr -d '\"')\" || api="
        ),
        "seen requests AWS/ApiGateway Count ApiId \"$api\" || true".to_owned(),
    ]
}

fn dead_letters(scaffold: &Scaffold) -> String {
    if !scaffold.template.has_dead_letters() {
        return String::new();
    }
    let name = scaffold.dead_letter_queue();
    format!(
        "if url=\"$(aws sqs get-queue-url --region \"$region\" --queue-name {name} --query QueueUrl --output text)\" \\\n    \
         && letters=\"$(aws sqs get-queue-attributes --region \"$region\" --queue-url \"$url\" \\\n        \
         --attribute-names ApproximateNumberOfMessages --query Attributes.ApproximateNumberOfMessages --output text)\"; then\n    \
         judge dead_letters \"$letters\" 0\nelse\n    \
         unknown \"the dead-letter queue does not answer\"\nfi\n"
    )
}
