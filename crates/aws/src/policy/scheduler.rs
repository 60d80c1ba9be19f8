//! The role that EventBridge Scheduler stops and starts resources as.

use serde_json::{Value, json};

/// Returns its policy: nothing but stops and starts, of what its owner opted in, never of
/// production.
///
/// Whoever assumes it is the service: its trust policy names `scheduler.amazonaws.com`, and the
/// account and the group of the schedules in `aws:SourceAccount` and `aws:SourceArn`.
pub fn scheduler_policy(account: Option<&str>) -> Value {
    let account = account.unwrap_or("*");
    let opted_in = json!({"StringEquals": {
        "aws:ResourceTag/trimtab:apply": "allowed",
        "aws:ResourceTag/trimtab:env": ["dev", "staging"],
    }});
    let allow = |sid: &str, actions: &[&str], on: Value, when: &Value| {
        json!({
            "Sid": sid,
            "Effect": "Allow",
            "Action": actions,
            "Resource": on,
            "Condition": when,
        })
    };
    let keys = json!({
        "Bool": {"kms:GrantIsForAWSResource": "true"},
        "StringLike": {"kms:ViaService": "ec2.*.amazonaws.com"},
    });
    let arn = |rest: &str| format!("arn:aws:{}", rest.replace("{account}", account));
    json!({"Version": "2012-10-17", "Statement": [
        allow(
            "StopAndStartInstances",
            &["ec2:StopInstances", "ec2:StartInstances"],
            json!([arn("ec2:*:{account}:instance/*")]),
            &opted_in,
        ),
        // An instance on volumes of a customer's key starts only with a grant on the key.
        allow(
            "StartWithKeysOfVolumes",
            &["kms:CreateGrant"],
            json!([arn("kms:*:{account}:key/*")]),
            &keys,
        ),
        allow(
            "StopAndStartDatabases",
            &[
                "rds:StopDBInstance",
                "rds:StartDBInstance",
                "rds:StopDBCluster",
                "rds:StartDBCluster",
            ],
            json!([arn("rds:*:{account}:db:*"), arn("rds:*:{account}:cluster:*")]),
            &opted_in,
        ),
    ]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stops_and_starts_and_nothing_of_production() {
        let policy = scheduler_policy(Some("111122223333"));
        let statements = policy.get("Statement").and_then(Value::as_array).expect("statements");
        for statement in statements {
            let actions = statement.get("Action").and_then(Value::as_array).expect("actions");
            for action in actions.iter().filter_map(Value::as_str) {
                let (_, verb) = action.split_once(':').expect("service:Operation");
                let is_known =
                    verb.starts_with("Stop") || verb.starts_with("Start") || verb == "CreateGrant";
                assert!(is_known, "{action}");
            }
            assert!(statement.get("Condition").is_some(), "{statement}");
        }
        assert!(!policy.to_string().contains("prod"));
        assert!(policy.to_string().contains("111122223333"));
    }
}
