//! What a call needs to be allowed, and no more than that: one statement of a policy.

/// One statement that allows something.
#[derive(Debug)]
pub(crate) struct Grant {
    /// Its name in the policy; two actions may need the same one.
    pub(crate) sid: &'static str,
    /// The IAM actions.
    pub(crate) actions: &'static [&'static str],
    /// What they may be used on, as ARNs with `{partition}` and `{account}`.
    pub(crate) on: &'static [&'static str],
    /// What must hold.
    pub(crate) when: &'static [Condition],
}

/// A condition of a statement.
#[derive(Debug)]
pub(crate) struct Condition {
    pub(crate) operator: &'static str,
    pub(crate) key: &'static str,
    pub(crate) values: Values,
}

/// What a condition compares with.
#[derive(Debug)]
pub(crate) enum Values {
    /// This.
    One(&'static str),
    /// Any of these.
    AnyOf(&'static [&'static str]),
    /// Any of the instance types that the owner allows.
    Types,
}

/// The key of the template that a launch is by.
pub(crate) const LAUNCH_TEMPLATE: &str = "ec2:LaunchTemplate";
/// The key of the action that makes what is tagged meanwhile.
pub(crate) const CREATE_ACTION: &str = "ec2:CreateAction";

/// The resource's owner lets trimtab change it.
pub(super) const OPTED_IN: Condition = Condition {
    operator: "StringEquals",
    key: "aws:ResourceTag/trimtab:apply",
    values: Values::One("allowed"),
};

/// The resource is of the environment that the role is for.
pub(super) const SAME_ENVIRONMENT: Condition = Condition {
    operator: "StringEquals",
    key: "aws:ResourceTag/trimtab:env",
    values: Values::One("${aws:PrincipalTag/trimtab-env}"),
};

/// The resource's owner lets trimtab change it, or it is not there yet and has no tags.
pub(super) const OPTED_IN_IF_THERE: Condition =
    Condition { operator: "StringEqualsIfExists", ..OPTED_IN };

/// The resource is of the environment that the role is for, or is not there yet.
pub(super) const SAME_ENVIRONMENT_IF_THERE: Condition =
    Condition { operator: "StringEqualsIfExists", ..SAME_ENVIRONMENT };

/// No service of AWS manages the resource.
pub(super) const UNMANAGED: Condition =
    Condition { operator: "Null", key: "ec2:ManagedResourceOperator", values: Values::One("true") };

/// What is made says for which change.
pub(super) const NAMES_CHANGE: Condition = Condition {
    operator: "Null",
    key: "aws:RequestTag/trimtab:change",
    values: Values::One("false"),
};

/// What is made says for which plan.
pub(super) const NAMES_PLAN: Condition = Condition {
    operator: "Null",
    key: "aws:RequestTag/trimtab:plan",
    values: Values::One("false"),
};

/// What is touched was made for a change.
pub(super) const MADE_BY_US: Condition = Condition {
    operator: "Null",
    key: "aws:ResourceTag/trimtab:change",
    values: Values::One("false"),
};

/// Nothing else is written on it.
pub(super) const OUR_TAGS_ONLY: Condition = Condition {
    operator: "ForAllValues:StringEquals",
    key: "aws:TagKeys",
    values: Values::AnyOf(&["trimtab:change", "trimtab:plan"]),
};
