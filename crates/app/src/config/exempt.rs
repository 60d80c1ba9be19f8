//! Rules of the configuration that take resources out of checks.

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use trimtab_model::environment::Environment;
use trimtab_model::exemption::{ExemptRule, Glob, TagPattern};
use trimtab_model::text::Text;

use super::file::{CHECK, ConfigError, DayText, line_of, unknown_word};

/// The conditions of which a rule needs one, in the words of the file.
const CONDITIONS: &str = "account, region, environment, tag, resource, check";

/// One `[[exempt]]` as it is written.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExemptTable {
    account: Option<Spanned<String>>,
    region: Option<Spanned<String>>,
    environment: Option<Environment>,
    tag: Option<Spanned<String>>,
    resource: Option<Spanned<String>>,
    check: Option<Spanned<String>>,
    reason: Spanned<String>,
    until: Option<DayText>,
}

/// A rule, and the line that it begins on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenRule {
    /// The line, counted from 1.
    pub line: usize,
    /// The rule.
    pub rule: ExemptRule,
}

/// Reads the rules of a file.
pub(super) fn rules(
    path: &Path,
    text: &str,
    tables: Vec<Spanned<ExemptTable>>,
) -> Result<Vec<WrittenRule>, ConfigError> {
    tables
        .into_iter()
        .map(|table| {
            let line = line_of(text, table.span().start);
            let reader = Reader { path, text, line };
            Ok(WrittenRule { line, rule: reader.rule(table.into_inner())? })
        })
        .collect()
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    line: usize,
}

impl Reader<'_> {
    fn rule(&self, table: ExemptTable) -> Result<ExemptRule, ConfigError> {
        if let Some(check) = &table.check {
            self.require_check(check)?;
        }
        if table.reason.get_ref().trim().is_empty() {
            return Err(self.wrong(
                Some(&table.reason),
                ("`reason` is empty", "`reason`이 비어 있습니다"),
                ("say why, in your own words", "이유를 적으세요"),
            ));
        }
        let tag = table.tag.as_ref().map(|tag| self.tag(tag)).transpose()?;
        let rule = ExemptRule {
            account: self.glob("account", table.account)?,
            region: self.glob("region", table.region)?,
            environment: table.environment,
            tag,
            resource: self.glob("resource", table.resource)?,
            check: self.glob("check", table.check)?,
            reason: table.reason.into_inner(),
            until: table.until.map(|day| day.0),
        };
        if rule.conditions().is_empty() {
            return Err(self.wrong(
                None,
                (
                    "`exempt` has no condition: it would take everything out",
                    "`exempt`에 조건이 없습니다: 모든 자원이 제외됩니다",
                ),
                (
                    format!("give at least one of {CONDITIONS}"),
                    format!("다음 가운데 하나 이상을 적으세요: {CONDITIONS}"),
                ),
            ));
        }
        Ok(rule)
    }

    fn glob(
        &self,
        key: &str,
        pattern: Option<Spanned<String>>,
    ) -> Result<Option<Glob>, ConfigError> {
        match pattern {
            Some(pattern) if pattern.get_ref().trim().is_empty() => Err(self.wrong(
                Some(&pattern),
                (format!("`{key}` is empty"), format!("`{key}`: 값이 비어 있습니다")),
                (
                    "write a name, or a pattern with * and ?, or leave the key out",
                    "이름이나 *와 ?를 쓴 패턴을 적거나 키를 빼세요",
                ),
            )),
            pattern => Ok(pattern.map(|pattern| Glob::new(pattern.into_inner().trim()))),
        }
    }

    fn tag(&self, written: &Spanned<String>) -> Result<TagPattern, ConfigError> {
        let (key, value) = match written.get_ref().split_once('=') {
            Some((key, value)) => (key.trim(), Some(value.trim())),
            None => (written.get_ref().trim(), None),
        };
        if key.is_empty() {
            return Err(self.wrong(
                Some(written),
                ("`tag` names no key", "`tag`에 키가 없습니다"),
                ("write \"Key\" or \"Key=value\"", "\"키\" 또는 \"키=값\"으로 쓰세요"),
            ));
        }
        Ok(TagPattern { key: Glob::new(key), value: value.map(Glob::new) })
    }

    /// Fails on a check that does not exist, and on a pattern that stands for none.
    fn require_check(&self, written: &Spanned<String>) -> Result<(), ConfigError> {
        let pattern = Glob::new(written.get_ref().trim());
        let known = || trimtab_analysis::checks::ALL.iter().map(|check| check.id);
        if pattern.as_str().is_empty() || known().any(|id| pattern.matches(id)) {
            return Ok(());
        }
        let line = Some(line_of(self.text, written.span().start));
        Err(unknown_word(self.path, line, CHECK, pattern.as_str(), known()))
    }

    fn wrong(
        &self,
        at: Option<&Spanned<String>>,
        problem: impl Into<Text>,
        hint: impl Into<Text>,
    ) -> ConfigError {
        let line = at.map_or(self.line, |at| line_of(self.text, at.span().start));
        ConfigError {
            file: self.path.to_owned(),
            line: Some(line),
            problem: Box::new(problem.into()),
            hint: Box::new(hint.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::file::parse;
    use super::*;

    fn problem(text: &str) -> String {
        let error = parse(Path::new("trimtab.toml"), text).unwrap_err();
        format!("{error} / {}", error.hint.en)
    }

    #[test]
    fn a_rule_is_read_with_its_line() {
        let text = "lang = \"ko\"\n[[exempt]]\ntag = \"Team=데이터*\"\ncheck = \"rds-*\"\nreason = \"audit\"\nuntil = 2027-01-31\n";
        let file = parse(Path::new("trimtab.toml"), text).unwrap();
        let [written] = file.exempt.as_slice() else { panic!("{:?}", file.exempt) };
        assert_eq!(written.line, 2);
        assert_eq!(written.rule.conditions(), "tag=Team=데이터*, check=rds-*");
        assert_eq!(written.rule.until, "2027-01-31".parse().ok());
    }

    #[test]
    fn a_check_that_does_not_exist_is_refused_with_what_was_meant() {
        let text = "[[exempt]]\nreason = \"x\"\ncheck = \"ebs-volume-unatached\"\n";
        let told = problem(text);
        assert!(
            told.contains("line 3") && told.contains("did you mean `ebs-volume-unattached`?"),
            "{told}"
        );
        assert!(problem("[[exempt]]\nreason = \"x\"\ncheck = \"eb5-*\"\n").contains("line 3"));
    }

    #[test]
    fn a_rule_without_reason_or_condition_is_refused() {
        assert!(problem("[[exempt]]\ncheck = \"ebs-*\"\n").contains("reason"));
        let told = problem("\n[[exempt]]\nreason = \"x\"\n");
        assert!(told.contains("line 2") && told.contains("at least one of account"), "{told}");
        assert!(problem("[[exempt]]\ncheck = \"ebs-*\"\nreason = \" \"\n").contains("line 3"));
        assert!(
            problem("[[exempt]]\naccount = \"\"\nreason = \"x\"\n").contains("`account` is empty")
        );
        assert!(problem("[[exempt]]\ntag = \"=x\"\nreason = \"x\"\n").contains("names no key"));
    }

    #[test]
    fn a_condition_that_does_not_exist_is_refused_with_what_was_meant() {
        let told = problem("[[exempt]]\nreason = \"x\"\nacount = \"1\"\n");
        assert!(told.contains("line 3") && told.contains("did you mean `account`?"), "{told}");
    }
}
