//! Who may take a role on that changes something, and only by saying who acts and where.

use serde_json::{Value, json};

use trimtab_model::environment::Environment;

use crate::entrance::{ENVIRONMENT_TAG, environment_of};

/// The trust policy of a role that changes something.
#[derive(Clone, PartialEq, Eq)]
pub struct Trust {
    /// The ARN of whoever may take the role on.
    pub trusted: String,
    /// What must be shown besides: random, and one for each customer.
    pub external_id: String,
    /// The environment that the role is for.
    pub environment: Environment,
}

impl Trust {
    /// Returns the policy. Each of the three actions is asked for in the one request that takes a
    /// role on; without one of them, it is refused.
    pub fn policy(&self) -> Value {
        let principal = json!({"AWS": self.trusted});
        let environment = environment_of(self.environment);
        json!({
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "TakeOnWithExternalId",
                    "Effect": "Allow",
                    "Principal": principal,
                    "Action": "sts:AssumeRole",
                    "Condition": {
                        "StringEquals": {"sts:ExternalId": self.external_id},
                        "StringLike": {
                            "sts:RoleSessionName": "trimtab-*",
                            "sts:SourceIdentity": "?*",
                        },
                    },
                },
                {
                    "Sid": "SayWhoActs",
                    "Effect": "Allow",
                    "Principal": principal,
                    "Action": "sts:SetSourceIdentity",
                    "Condition": {"StringLike": {"sts:SourceIdentity": "?*"}},
                },
                {
                    "Sid": "SayWhere",
                    "Effect": "Allow",
                    "Principal": principal,
                    "Action": "sts:TagSession",
                    "Condition": {
                        "StringEquals": {
                            format!("aws:RequestTag/{ENVIRONMENT_TAG}"): environment,
                        },
                        "ForAllValues:StringEquals": {"aws:TagKeys": [ENVIRONMENT_TAG]},
                    },
                },
            ],
        })
    }
}
