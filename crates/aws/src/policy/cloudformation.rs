//! The read role as a CloudFormation template.

use std::fmt::Write as _;

use super::{ROLE_NAME, Scope, Statement};

/// Returns a template with the role: its parameters are who may take it on, and the
/// external ID that must be shown.
pub fn cloudformation(statements: &[Statement]) -> String {
    let mut text = format!(
        "AWSTemplateFormatVersion: \"2010-09-09\"\n\
         Description: A role that trimtab reads the account with. It can change nothing.\n\
         Parameters:\n\
         \x20 TrustedAccountId:\n\
         \x20   Type: String\n\
         \x20   AllowedPattern: \"[0-9]{{12}}\"\n\
         \x20   Description: The account whose users and roles may take this role on.\n\
         \x20 ExternalId:\n\
         \x20   Type: String\n\
         \x20   MinLength: 16\n\
         \x20   NoEcho: true\n\
         \x20   Description: A random text that whoever takes the role on must show.\n\
         Resources:\n\
         \x20 ReadRole:\n\
         \x20   Type: AWS::IAM::Role\n\
         \x20   Properties:\n\
         \x20     RoleName: {ROLE_NAME}\n\
         \x20     MaxSessionDuration: 3600\n\
         \x20     AssumeRolePolicyDocument:\n\
         \x20       Version: \"2012-10-17\"\n\
         \x20       Statement:\n\
         \x20         - Effect: Allow\n\
         \x20           Principal:\n\
         \x20             AWS: !Sub \"arn:${{AWS::Partition}}:iam::${{TrustedAccountId}}:root\"\n\
         \x20           Action: sts:AssumeRole\n\
         \x20           Condition:\n\
         \x20             StringEquals:\n\
         \x20               sts:ExternalId: !Ref ExternalId\n\
         \x20     Policies:\n\
         \x20       - PolicyName: {ROLE_NAME}\n\
         \x20         PolicyDocument:\n\
         \x20           Version: \"2012-10-17\"\n\
         \x20           Statement:\n"
    );
    for statement in statements {
        let lead = " ".repeat(14);
        text.push_str(&format!(
            "{lead}- Sid: {}\n{lead}  Effect: Allow\n{lead}  Resource: {}\n{lead}  Action:\n",
            statement.sid,
            resource(&statement.scope)
        ));
        for action in &statement.actions {
            writeln!(text, "{lead}    - {action}").expect("a string grows");
        }
    }
    text.push_str("Outputs:\n  RoleArn:\n    Value: !GetAtt ReadRole.Arn\n");
    text
}

fn resource(scope: &Scope) -> String {
    let text = scope.resource("${AWS::Partition}");
    match scope {
        Scope::All => format!("\"{text}\""),
        Scope::Bucket(_) | Scope::Objects(_) => format!("!Sub \"{text}\""),
    }
}
