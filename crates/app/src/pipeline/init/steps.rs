//! What is left to do after the files are written: commands for a person to run.

use trimtab_model::text::Text;

use super::draft::TemplateKind;
use super::plan::{Plan, Role};
use crate::config;
use crate::failure::{Failure, Kind};

/// The environment variable that holds the external ID.
pub const EXTERNAL_ID_VARIABLE: &str = "TRIMTAB_EXTERNAL_ID";
/// Random bytes of an external ID: as many as nobody guesses.
const BYTES: usize = 16;

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextStep {
    /// Why: a sentence.
    pub text: Text,
    /// The commands, one a line.
    pub commands: Vec<String>,
}

/// Returns the external ID of the environment, or a new one for this customer alone.
///
/// # Errors
/// Fails where the system gives no random numbers.
pub fn external_id() -> Result<String, Failure> {
    if let Some(known) = config::external_id(EXTERNAL_ID_VARIABLE) {
        return Ok(known);
    }
    let mut bytes = [0u8; BYTES];
    getrandom::fill(&mut bytes).map_err(|cause| {
        let message = ("the system gives no random numbers", "시스템에서 난수를 얻지 못했습니다");
        Failure::new(Kind::Failed, message)
            .because(&std::io::Error::other(cause.to_string()))
            .with_hint((
                format!("set {EXTERNAL_ID_VARIABLE} to a random text of 32 letters"),
                format!("{EXTERNAL_ID_VARIABLE} 변수에 32글자의 무작위 문자열을 넣으세요"),
            ))
    })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Returns what is left to do, in order.
pub fn next_steps(plan: &Plan, template: TemplateKind, external_id: &str) -> Vec<NextStep> {
    let mut steps = Vec::new();
    let wants_role = plan.role == Role::Read || plan.organization.is_some();
    if wants_role {
        steps.push(NextStep {
            text: Text::new(
                "Keep the external ID where secrets are kept. It is shown this once and stands in no file.",
                "외부 ID를 비밀 값을 두는 곳에 보관하세요. 지금 한 번만 보여 드리며 어떤 파일에도 남지 않습니다.",
            ),
            commands: vec![format!("export {EXTERNAL_ID_VARIABLE}={external_id}")],
        });
        steps.push(deploy(plan, template));
    }
    steps.push(NextStep {
        text: Text::new(
            "See that everything can be read, and what it would cost.",
            "모두 읽을 수 있는지, 요금이 얼마나 드는지 확인하세요.",
        ),
        commands: vec!["trimtab doctor".to_owned(), "trimtab scan --estimate".to_owned()],
    });
    steps.push(NextStep {
        text: Text::new(
            "A bill gives your own rates. docs/guide/bills.md says how to have AWS export it.",
            "청구서가 있으면 실제 요율로 계산합니다. AWS에서 내보내는 방법은 docs/guide/bills.md에 있습니다.",
        ),
        commands: vec!["trimtab ingest --from aws".to_owned()],
    });
    steps
}

fn deploy(plan: &Plan, template: TemplateKind) -> NextStep {
    let file = template.file_name();
    let account = &plan.account;
    let profile = match &plan.profile {
        Some(profile) => format!(" --profile {}", quoted(profile)),
        None => String::new(),
    };
    if template == TemplateKind::Terraform {
        return NextStep {
            text: Text::new(
                format!(
                    "Apply {file} in every account that is read; it only makes a role that can read."
                ),
                format!("읽을 모든 계정에 {file} 파일을 적용하세요. 읽기만 하는 역할을 만듭니다."),
            ),
            commands: vec![format!(
                "terraform apply -var trusted_account_id={account} -var external_id=\"${EXTERNAL_ID_VARIABLE}\""
            )],
        };
    }
    if plan.organization.is_some() {
        return NextStep {
            text: Text::new(
                "Deploy the role to every account of the organisation as a StackSet. The root or the unit is that of `aws organizations list-roots`.",
                "역할을 StackSet으로 조직의 모든 계정에 배포하세요. 루트나 조직 단위(OU)의 ID는 `aws organizations list-roots`로 볼 수 있습니다.",
            ),
            commands: vec![
                format!(
                    "aws cloudformation create-stack-set --stack-set-name trimtab-read --template-body file://{file} --permission-model SERVICE_MANAGED --auto-deployment Enabled=true,RetainStacksOnAccountRemoval=false --capabilities CAPABILITY_NAMED_IAM --parameters ParameterKey=TrustedAccountId,ParameterValue={account} ParameterKey=ExternalId,ParameterValue=\"${EXTERNAL_ID_VARIABLE}\"{profile}"
                ),
                format!(
                    "aws cloudformation create-stack-instances --stack-set-name trimtab-read --deployment-targets OrganizationalUnitIds=ROOT_OR_UNIT --regions us-east-1{profile}"
                ),
            ],
        };
    }
    NextStep {
        text: Text::new(
            "Deploy the role. It trusts this account alone, and only with the external ID.",
            "역할을 배포하세요. 이 계정만, 외부 ID가 있을 때만 신뢰합니다.",
        ),
        commands: vec![format!(
            "aws cloudformation deploy --template-file {file} --stack-name trimtab-read --capabilities CAPABILITY_NAMED_IAM --parameter-overrides TrustedAccountId={account} ExternalId=\"${EXTERNAL_ID_VARIABLE}\"{profile}"
        )],
    }
}

/// Quotes a word for a shell, where it is more than letters and digits.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.@".contains(letter);
    if word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_external_id_is_never_given_twice() {
        let (one, other) = (external_id().expect("random"), external_id().expect("random"));
        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }

    #[test]
    fn a_profile_of_several_words_is_one_argument() {
        assert_eq!(quoted("live"), "live");
        assert_eq!(quoted("kim's live"), r"'kim'\''s live'");
    }
}
