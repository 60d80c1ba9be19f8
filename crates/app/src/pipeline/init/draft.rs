//! The files that are proposed, as text.

use trimtab_aws::policy::{Extras, Organization, ROLE_NAME, cloudformation, terraform};
use trimtab_model::text::{Language, StaticText};

use super::plan::{Plan, Role};
use super::steps::EXTERNAL_ID_VARIABLE;
use crate::config::Settings;
use crate::pipeline::permissions::read_permissions;

/// In which form the role is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TemplateKind {
    /// A CloudFormation template.
    #[default]
    Cloudformation,
    /// Terraform.
    Terraform,
}

impl TemplateKind {
    /// Returns the name of the file.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Cloudformation => "trimtab-read.yaml",
            Self::Terraform => "trimtab-read.tf",
        }
    }
}

/// The files that are proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The configuration.
    pub config: String,
    /// The role, where one is proposed, and its form.
    pub template: Option<(TemplateKind, String)>,
}

const HEAD: StaticText = StaticText {
    en: "trimtab's configuration, by `trimtab init`. docs/config.md has every key;\n`trimtab config validate` checks this file, `trimtab config show` says what holds.",
    ko: "`trimtab init`으로 만든 trimtab 설정입니다. 모든 키는 docs/config.md에 있습니다.\n`trimtab config validate`로 이 파일을 검사하고, `trimtab config show`로 적용된 값을 봅니다.",
};
const LANGUAGE: StaticText = StaticText {
    en: "Language of everything people read: en or ko.",
    ko: "화면 언어: en 또는 ko.",
};
const TIMEZONE: StaticText = StaticText {
    en: "Time zone that moments are shown in. AWS bills in UTC days whatever this says.",
    ko: "시각을 표시할 시간대. 이 값과 상관없이 AWS의 청구 기준은 UTC 날짜입니다.",
};
const CURRENCY: StaticText = StaticText {
    en: "Currency to show. A bill in another one needs a rate, with its day and its source:\nnothing is converted without.",
    ko: "표시할 통화. 청구서의 통화가 다르면 날짜와 출처가 있는 환율이 필요하며,\n환율이 없으면 환산하지 않습니다.",
};
const PROFILE: StaticText = StaticText {
    en: "Profile of ~/.aws/config to start from. --profile and the environment stand before it.",
    ko: "시작할 ~/.aws/config 프로필. --profile과 환경 변수가 우선합니다.",
};
const ORGANIZATION: StaticText = StaticText {
    en: "Every account of the organisation, each through this role. The external ID stands in an\nenvironment variable and in no file.",
    ko: "조직의 모든 계정을 이 역할로 읽습니다. 외부 ID는 파일이 아니라 환경 변수에 둡니다.",
};
const ACCOUNT: StaticText = StaticText {
    en: "The account to read. One [[account]] each; `alias` is a name for people.",
    ko: "읽을 계정. 계정마다 [[account]]를 하나씩 쓰며, `alias`는 사람이 알아볼 이름입니다.",
};
const ROLE: StaticText = StaticText {
    en: "The role that can only read. The external ID stands in an environment variable and in no\nfile.",
    ko: "읽기만 할 수 있는 역할. 외부 ID는 파일이 아니라 환경 변수에 둡니다.",
};
const NO_ROLE: StaticText = StaticText {
    en: "Read with the credentials as they are. A role that can only read is safer:\n`trimtab iam cloudformation` prints it.",
    ko: "자격 증명을 그대로 써서 읽습니다. 읽기만 할 수 있는 역할이 더 안전하며,\n`trimtab iam cloudformation`으로 출력할 수 있습니다.",
};
const REGIONS: StaticText = StaticText {
    en: "Without this, every region that the account has enabled is read.",
    ko: "지정하지 않으면 계정에서 사용하는 모든 리전을 읽습니다.",
};
const ENVIRONMENT: StaticText = StaticText {
    en: "What the account is for, where no tag says: dev, staging or prod.",
    ko: "태그에 환경이 없을 때 계정의 용도: dev, staging, prod.",
};

/// Makes the files of a plan. The same plan gives the same text.
pub fn draft(plan: &Plan, settings: &Settings, template: TemplateKind) -> Draft {
    let wants_role = plan.role == Role::Read || plan.organization.is_some();
    Draft {
        config: config(plan, settings.language),
        template: wants_role.then(|| {
            // The members' role lists no accounts; the management account is read as it is.
            let statements = read_permissions(settings, Organization::Member, &Extras::default());
            let text = match template {
                TemplateKind::Cloudformation => cloudformation(&statements),
                TemplateKind::Terraform => terraform(&statements),
            };
            (template, text)
        }),
    }
}

fn config(plan: &Plan, language: Language) -> String {
    let mut file = File { text: String::new(), language };
    file.comment(HEAD);
    file.gap(LANGUAGE);
    file.value("lang", language.code());
    file.gap(TIMEZONE);
    match &plan.timezone {
        Some(zone) => file.value("timezone", zone),
        None => file.line("# timezone = \"Asia/Seoul\""),
    }
    file.gap(CURRENCY);
    file.line("# currency = \"KRW\"");
    if let Some(profile) = &plan.profile {
        file.gap(PROFILE);
        file.value("profile", profile);
    }
    match plan.organization {
        Some(_) => {
            file.gap(ORGANIZATION);
            file.line("[organization]");
            file.value("role", ROLE_NAME);
            file.value("external_id_env", EXTERNAL_ID_VARIABLE);
            file.scanned_regions_of_organization(plan);
        }
        None => file.account(plan),
    }
    file.gap(ENVIRONMENT);
    file.line("# [environments.accounts]");
    file.line(&format!("# \"{}\" = \"prod\"", plan.account));
    file.line("#");
    file.line("# [[exchange_rate]]");
    for line in ["from = \"USD\"", "to = \"KRW\"", "rate = \"\"", "date = \"\"", "source = \"\""] {
        file.line(&format!("# {line}"));
    }
    file.text
}

/// A configuration file under construction.
struct File {
    text: String,
    language: Language,
}

impl File {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn comment(&mut self, text: StaticText) {
        for line in text.get(self.language).lines() {
            self.line(&format!("# {line}"));
        }
    }

    fn gap(&mut self, text: StaticText) {
        self.text.push('\n');
        self.comment(text);
    }

    /// Adds a key. A name may hold what TOML must escape.
    fn value(&mut self, key: &str, value: &str) {
        self.line(&format!("{key} = {}", toml::Value::String(value.to_owned())));
    }

    fn account(&mut self, plan: &Plan) {
        self.gap(ACCOUNT);
        self.line("[[account]]");
        self.value("id", &plan.account);
        self.line("# alias = \"\"");
        match plan.role {
            Role::Read => {
                self.comment(ROLE);
                self.value("role", ROLE_NAME);
                self.value("external_id_env", EXTERNAL_ID_VARIABLE);
            }
            Role::None => self.comment(NO_ROLE),
        }
        self.comment(REGIONS);
        let list = |regions: &[String]| {
            toml::Value::Array(regions.iter().cloned().map(toml::Value::String).collect())
        };
        if plan.scan_regions.is_empty() {
            self.line(&format!("# regions = {}", list(&plan.used_regions())));
        } else {
            self.line(&format!("regions = {}", list(&plan.scan_regions)));
        }
    }

    /// An organisation's entry holds no regions: an account's own does.
    fn scanned_regions_of_organization(&mut self, plan: &Plan) {
        if plan.scan_regions.is_empty() {
            return;
        }
        self.gap(ACCOUNT);
        self.line("[[account]]");
        self.value("id", &plan.account);
        self.comment(REGIONS);
        let regions = plan.scan_regions.iter().cloned().map(toml::Value::String).collect();
        self.line(&format!("regions = {}", toml::Value::Array(regions)));
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::parse;

    fn plan() -> Plan {
        Plan {
            profile: Some("game \"live\"".to_owned()),
            account: "111122223333".to_owned(),
            arn: "arn:aws:iam::111122223333:user/kim".to_owned(),
            partition: "aws".to_owned(),
            regions: Vec::new(),
            organization: None,
            managed_by: None,
            role: Role::Read,
            scan_regions: Vec::new(),
            timezone: Some("Asia/Seoul".to_owned()),
            unknown: Vec::new(),
        }
    }

    #[test]
    fn what_is_proposed_is_a_valid_configuration_in_either_language() {
        for language in [Language::En, Language::Ko] {
            let text = config(&plan(), language);
            let file = parse(Path::new("trimtab.toml"), &text).expect("valid");
            assert_eq!(file.lang, Some(language));
            assert_eq!(file.profile.as_deref(), Some("game \"live\""));
            assert_eq!(file.account[0].role.as_deref(), Some(ROLE_NAME));
            assert!(file.account[0].regions.is_empty());
            let is_korean = text.chars().any(|letter| ('가'..='힣').contains(&letter));
            assert_eq!(is_korean, language == Language::Ko);
        }
    }

    #[test]
    fn an_organisation_is_one_table() {
        let plan = Plan { organization: Some(3), ..plan() };
        let file = parse(Path::new("trimtab.toml"), &config(&plan, Language::Ko)).expect("valid");
        assert_eq!(file.organization.expect("one").role, ROLE_NAME);
        assert!(file.account.is_empty());
    }

    #[test]
    fn regions_that_were_chosen_are_written() {
        let plan =
            Plan { role: Role::None, scan_regions: vec!["ap-northeast-2".to_owned()], ..plan() };
        let file = parse(Path::new("trimtab.toml"), &config(&plan, Language::En)).expect("valid");
        assert_eq!(file.account[0].regions, ["ap-northeast-2"]);
        assert_eq!(file.account[0].role, None);
    }
}
