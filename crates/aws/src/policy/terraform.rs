//! The read role as Terraform.

use std::fmt::Write as _;

use super::{ROLE_NAME, Statement};

/// Everything that does not depend on what is allowed.
const HEAD: &str = r#"# A role that trimtab reads the account with. It can change nothing.

variable "trusted_account_id" {
  description = "The account whose users and roles may take this role on."
  type        = string
}

variable "external_id" {
  description = "A random text that whoever takes the role on must show."
  type        = string
  sensitive   = true
}

data "aws_partition" "current" {}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${var.trusted_account_id}:root"]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [var.external_id]
    }
  }
}

data "aws_iam_policy_document" "read" {
"#;

/// Returns a configuration with the role: its variables are who may take it on, and the
/// external ID that must be shown.
pub fn terraform(statements: &[Statement]) -> String {
    let mut text = String::from(HEAD);
    for statement in statements {
        let actions: Vec<String> =
            statement.actions.iter().map(|action| format!("\"{action}\"")).collect();
        writeln!(
            text,
            "  statement {{\n    sid       = \"{}\"\n    actions   = [{}]\n    resources = [\"{}\"]\n  }}",
            statement.sid,
            actions.join(", "),
            statement.scope.resource("${data.aws_partition.current.partition}")
        )
        .expect("a string grows");
    }
    text.push_str(&format!(
        r#"}}

resource "aws_iam_role" "read" {{
  name                 = "{ROLE_NAME}"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}}

resource "aws_iam_role_policy" "read" {{
  name   = "{ROLE_NAME}"
  role   = aws_iam_role.read.id
  policy = data.aws_iam_policy_document.read.json
}}

output "role_arn" {{
  value = aws_iam_role.read.arn
}}
"#
    ));
    text
}
