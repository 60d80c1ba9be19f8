//! Each call that no change makes, against the role and against its boundary.

use serde_json::{Value, json};

use super::evaluate::{Request, is_allowed};
use super::{ACCOUNT, printed};

const OTHER_ACCOUNT: &str = "444455556666";

/// Who has to refuse a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refuses {
    /// The role and the boundary, each alone: also where somebody gives the role more.
    Both,
    /// The role: the boundary cannot know which resource is meant.
    Role,
}

/// The role of staging, what bounds it, and a role to which somebody gave everything.
struct Policies {
    apply: Value,
    destroy: Value,
    boundary: Value,
    everything: Value,
}

impl Policies {
    fn printed() -> Self {
        let role = |tier| {
            printed(&["--tier", tier, "--env", "staging", "--account", ACCOUNT, "--types", "m7i.*"])
        };
        Self {
            apply: role("apply"),
            destroy: role("destroy"),
            boundary: printed(&["--tier", "boundary"]),
            everything: json!({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}),
        }
    }

    /// Asserts what becomes of requests that one call makes, all together.
    fn allow(&self, name: &str, role: &Value, requests: &[Request]) {
        for request in requests {
            assert!(is_allowed(&[role, &self.boundary], request), "{name} is refused: {request:?}");
        }
    }

    fn refuse(&self, name: &str, refuses: Refuses, request: &Request) {
        for (tier, role) in [("apply", &self.apply), ("destroy", &self.destroy)] {
            assert!(!is_allowed(&[role], request), "{name} is allowed to {tier}: {request:?}");
        }
        if refuses == Refuses::Both {
            let given = [&self.everything, &self.boundary];
            assert!(!is_allowed(&given, request), "{name} is within the boundary: {request:?}");
        }
    }
}

/// Returns a request of the role of staging on something of staging that its owner opted in.
fn request(action: &str, resource: &str) -> Request {
    Request::new(action, resource)
        .with("aws:PrincipalTag/trimtab-env", &["staging"])
        .with("aws:ResourceTag/trimtab:apply", &["allowed"])
        .with("aws:ResourceTag/trimtab:env", &["staging"])
}

fn ec2(kind: &str, id: &str) -> String {
    format!("arn:aws:ec2:ap-northeast-2:{ACCOUNT}:{kind}/{id}")
}

fn snapshot() -> String {
    "arn:aws:ec2:ap-northeast-2::snapshot/*".to_owned()
}

/// Returns a request that makes something with our tags and nothing else.
fn with_our_tags(action: &str, resource: &str) -> Request {
    Request::new(action, resource)
        .with("aws:PrincipalTag/trimtab-env", &["staging"])
        .with("aws:RequestTag/trimtab:change", &["C-1"])
        .with("aws:RequestTag/trimtab:plan", &["P-1"])
        .with("aws:TagKeys", &["trimtab:change", "trimtab:plan"])
}

fn machine(action: &str) -> Request {
    request(action, &ec2("instance", "i-0a1b"))
}

/// Returns a change of one attribute of a machine.
fn attribute(name: &str) -> Request {
    machine("ec2:ModifyInstanceAttribute").with("ec2:Attribute", &[name])
}

fn to_type(name: &str) -> Request {
    attribute("InstanceType").with("ec2:Attribute/InstanceType", &[name])
}

fn rds(kind: &str, name: &str) -> String {
    format!("arn:aws:rds:ap-northeast-2:{ACCOUNT}:{kind}:{name}")
}

fn grant_on_key() -> Request {
    request("kms:CreateGrant", &format!("arn:aws:kms:ap-northeast-2:{ACCOUNT}:key/0a1b"))
        .with("kms:GrantIsForAWSResource", &["true"])
        .with("kms:ViaService", &["ec2.ap-northeast-2.amazonaws.com"])
}

fn function() -> String {
    format!("arn:aws:lambda:ap-northeast-2:{ACCOUNT}:function:resize")
}

fn quarantined(action: &str, resource: &str) -> Request {
    request(action, resource).with("aws:ResourceTag/trimtab:quarantine-until", &["2026-12-01"])
}

#[test]
fn what_changes_make_is_allowed_to_their_role() {
    let policies = Policies::printed();
    let apply = |name, requests: &[Request]| policies.allow(name, &policies.apply, requests);
    apply("stop", &[machine("ec2:StopInstances")]);
    apply("start", &[machine("ec2:StartInstances"), grant_on_key()]);
    apply("change of type", &[to_type("m7i.large")]);
    apply(
        "snapshots",
        &[
            machine("ec2:CreateSnapshots"),
            Request::new("ec2:CreateSnapshots", &ec2("volume", "vol-1"))
                .with("aws:PrincipalTag/trimtab-env", &["staging"]),
            with_our_tags("ec2:CreateSnapshots", &snapshot()),
            with_our_tags("ec2:CreateTags", &snapshot())
                .with("ec2:CreateAction", &["CreateSnapshots"]),
        ],
    );
    apply("volume", &[request("ec2:ModifyVolume", &ec2("volume", "vol-1"))]);
    apply("database", &[request("rds:ModifyDBInstance", &rds("db", "arena"))]);
    apply("function", &[request("lambda:UpdateFunctionConfiguration", &function())]);
    let destroy = |name, requests: &[Request]| policies.allow(name, &policies.destroy, requests);
    let volume = ec2("volume", "vol-1");
    destroy("deletion", &[quarantined("ec2:DeleteVolume", &volume)]);
    destroy(
        "quarantine",
        &[request("ec2:CreateTags", &volume).with("aws:TagKeys", &["trimtab:quarantine-until"])],
    );
    let drill = |action| {
        with_our_tags(action, &ec2("volume", "*"))
            .with("aws:RequestTag/trimtab:drill", &["C-1"])
            .with("aws:TagKeys", &["trimtab:change", "trimtab:plan", "trimtab:drill"])
    };
    let made = |action, resource: &str| {
        untagged(action, resource).with("aws:ResourceTag/trimtab:change", &["C-1"])
    };
    destroy(
        "drill",
        &[
            made("ec2:CreateVolume", "arn:aws:ec2:ap-northeast-2::snapshot/snap-1"),
            drill("ec2:CreateVolume"),
            drill("ec2:CreateTags").with("ec2:CreateAction", &["CreateVolume"]),
            made("ec2:DeleteVolume", &ec2("volume", "vol-2"))
                .with("aws:ResourceTag/trimtab:drill", &["C-1"]),
        ],
    );
    let groups = format!("arn:aws:scheduler:ap-northeast-2:{ACCOUNT}:schedule-group/trimtab");
    apply(
        "schedule",
        &[
            untagged("scheduler:CreateScheduleGroup", &groups),
            untagged("scheduler:TagResource", &groups).with("aws:TagKeys", &["trimtab:group"]),
            untagged("iam:PassRole", &format!("arn:aws:iam::{ACCOUNT}:role/trimtab-scheduler"))
                .with("iam:PassedToService", &["scheduler.amazonaws.com"]),
        ],
    );
}

/// Returns the role of staging that an action has to be named for.
fn named(action: &str) -> Value {
    printed(&["--tier", "apply", "--env", "staging", "--account", ACCOUNT, "--actions", action])
}

/// Returns a request of the role of staging on something that has no tags.
fn untagged(action: &str, resource: &str) -> Request {
    Request::new(action, resource).with("aws:PrincipalTag/trimtab-env", &["staging"])
}

/// Returns a launch by a template, as AWS looks at it for each resource.
fn launch(resource: &str) -> Request {
    untagged("ec2:RunInstances", resource)
        .with("ec2:LaunchTemplate", &[&ec2("launch-template", "lt-0a1b")])
        .with("ec2:IsLaunchTemplateResource", &["true"])
}

#[test]
fn g11_a_refresh_launches_from_templates_that_are_opted_in_and_opts_nothing_in() {
    let (policies, role) = (Policies::printed(), named("refresh-instances"));
    let tagged = |request: Request, environment: &str| {
        request
            .with("aws:ResourceTag/trimtab:apply", &["allowed"])
            .with("aws:ResourceTag/trimtab:env", &[environment])
    };
    let template = || launch(&ec2("launch-template", "lt-0a1b"));
    let tags = |keys: &[&str]| {
        untagged("ec2:CreateTags", &ec2("instance", "*"))
            .with("ec2:CreateAction", &["RunInstances"])
            .with("aws:TagKeys", keys)
    };
    let subnet =
        launch(&ec2("subnet", "subnet-1")).with("ec2:IsLaunchTemplateResource", &["false"]);
    let allowed = [
        tagged(template(), "staging"),
        launch(&ec2("instance", "*")),
        launch("arn:aws:ec2:ap-northeast-2::image/ami-1"),
        subnet,
        tags(&["Name"]),
    ];
    policies.allow("refresh", &role, &allowed);
    for (name, request) in [
        ("a template that nobody opted in", template()),
        ("a template of production", tagged(template(), "prod")),
        ("no template", launch(&ec2("instance", "*")).without("ec2:LaunchTemplate")),
        ("what opts itself in", tags(&["Name", "trimtab:apply"])),
        ("what names its environment", tags(&["trimtab:env"])),
    ] {
        assert!(!is_allowed(&[&role], &request), "{name} is allowed: {request:?}");
        let given = [&policies.everything, &policies.boundary];
        assert!(!is_allowed(&given, &request), "{name} is within the boundary: {request:?}");
    }
}

#[test]
fn g11_a_copy_of_a_database_is_made_and_switched_to_and_no_other_database_is_touched() {
    let (policies, role) = (Policies::printed(), named("switch-database"));
    let (blue, green) = (rds("db", "arena"), rds("db", "arena-green-0a1b2c"));
    let deployment = rds("deployment", "bgd-0a1b");
    let made = [
        request("rds:CreateBlueGreenDeployment", &blue),
        with_our_tags("rds:CreateBlueGreenDeployment", &deployment),
        with_our_tags("rds:AddTagsToResource", &deployment),
        request("rds:CreateDBInstanceReadReplica", &blue),
        // The copy is not there yet, and has no tags.
        untagged("rds:CreateDBInstanceReadReplica", &green),
        untagged("rds:AddTagsToResource", &green),
    ];
    policies.allow("a copy", &role, &made);
    let switched = [
        untagged("rds:SwitchoverBlueGreenDeployment", &deployment)
            .with("aws:ResourceTag/trimtab:change", &["C-1"]),
        request("rds:SwitchoverBlueGreenDeployment", &blue),
        request("rds:ModifyDBInstance", &blue),
        request("rds:ModifyDBInstance", &green),
        request("rds:PromoteReadReplica", &green),
    ];
    policies.allow("a switch", &role, &switched);
    let of_production =
        |action: &str| request(action, &blue).with("aws:ResourceTag/trimtab:env", &["prod"]);
    for (name, request) in [
        ("a copy of production", of_production("rds:CreateDBInstanceReadReplica")),
        ("tags of production", of_production("rds:AddTagsToResource")),
        ("a replica of production", of_production("rds:PromoteReadReplica")),
        ("a copy of what is not opted in", untagged("rds:CreateBlueGreenDeployment", &blue)),
        ("a change of what is not opted in", untagged("rds:ModifyDBInstance", &green)),
        (
            "a copy that opts itself in",
            untagged("rds:AddTagsToResource", &green).with("aws:TagKeys", &["trimtab:apply"]),
        ),
        ("another tag", untagged("rds:AddTagsToResource", &green).with("aws:TagKeys", &["Owner"])),
        ("deletion", untagged("rds:DeleteDBInstance", &green)),
    ] {
        assert!(!is_allowed(&[&role], &request), "{name} is allowed: {request:?}");
    }
}

#[test]
fn g11_a_package_is_given_to_functions_that_are_opted_in_and_of_the_environment() {
    let (policies, role) = (Policies::printed(), named("update-function-architecture"));
    let calls = ["GetFunction", "UpdateFunctionCode", "PublishVersion", "UpdateAlias"]
        .map(|name| format!("lambda:{name}"));
    let made = calls.each_ref().map(|call| request(call, &function()));
    policies.allow("a package", &role, &made);
    for call in &calls {
        for (name, request) in [
            ("not opted in", untagged(call, &function())),
            (
                "production",
                request(call, &function()).with("aws:ResourceTag/trimtab:env", &["prod"]),
            ),
        ] {
            assert!(!is_allowed(&[&role], &request), "{name} is allowed: {request:?}");
        }
    }
    // Nor does it set what else a function has.
    let variables = request("lambda:UpdateFunctionConfiguration", &function());
    assert!(!is_allowed(&[&role], &variables), "{variables:?}");
}

#[test]
fn g11_each_call_that_no_change_makes_is_refused() {
    use Refuses::{Both, Role};
    let (volume, instance) = (ec2("volume", "vol-1"), ec2("instance", "i-0a1b"));
    let elsewhere = format!("arn:aws:ec2:ap-northeast-2:{OTHER_ACCOUNT}:instance/i-0a1b");
    let role = format!("arn:aws:iam::{ACCOUNT}:role/admin");
    let cases = [
        // Another attribute of the machine.
        ("user data", Both, attribute("UserData")),
        ("security groups", Both, attribute("GroupSet")),
        ("stop protection", Both, attribute("DisableApiStop")),
        ("no attribute named", Both, machine("ec2:ModifyInstanceAttribute")),
        ("a type that is not on the list", Role, to_type("p5.48xlarge")),
        // Another machine than the owner allows.
        (
            "not opted in",
            Role,
            machine("ec2:StopInstances").without("aws:ResourceTag/trimtab:apply"),
        ),
        (
            "another value of the tag",
            Role,
            machine("ec2:StopInstances").with("aws:ResourceTag/trimtab:apply", &["denied"]),
        ),
        (
            "production",
            Role,
            machine("ec2:StopInstances").with("aws:ResourceTag/trimtab:env", &["prod"]),
        ),
        (
            "no environment",
            Role,
            machine("ec2:StopInstances").without("aws:ResourceTag/trimtab:env"),
        ),
        (
            "type of production",
            Role,
            to_type("m7i.large").with("aws:ResourceTag/trimtab:env", &["prod"]),
        ),
        (
            "a session of production",
            Role,
            machine("ec2:StopInstances")
                .with("aws:PrincipalTag/trimtab-env", &["prod"])
                .with("aws:ResourceTag/trimtab:env", &["prod"]),
        ),
        (
            "a session of no environment",
            Role,
            machine("ec2:StopInstances").without("aws:PrincipalTag/trimtab-env"),
        ),
        (
            "managed by a service",
            Role,
            machine("ec2:StopInstances")
                .with("ec2:ManagedResourceOperator", &["eks.amazonaws.com"]),
        ),
        (
            "type of what a service manages",
            Role,
            to_type("m7i.large").with("ec2:ManagedResourceOperator", &["eks.amazonaws.com"]),
        ),
        ("another account", Role, request("ec2:StopInstances", &elsewhere)),
        ("a volume of another account", Role, {
            let volume = format!("arn:aws:ec2:ap-northeast-2:{OTHER_ACCOUNT}:volume/vol-1");
            request("ec2:ModifyVolume", &volume)
        }),
        // What is gone for good.
        ("terminate", Both, machine("ec2:TerminateInstances")),
        ("launch", Both, machine("ec2:RunInstances")),
        ("delete snapshot", Both, request("ec2:DeleteSnapshot", &snapshot())),
        ("deregister image", Both, request("ec2:DeregisterImage", &ec2("image", "ami-1"))),
        ("delete a volume at once", Role, request("ec2:DeleteVolume", &volume)),
        (
            "release an address at once",
            Role,
            request("ec2:ReleaseAddress", &ec2("elastic-ip", "eipalloc-1")),
        ),
        ("delete database", Both, request("rds:DeleteDBInstance", &rds("db", "arena"))),
        ("delete cluster", Both, request("rds:DeleteDBCluster", &rds("cluster", "arena"))),
        ("delete backup", Both, request("rds:DeleteDBSnapshot", &rds("snapshot", "arena"))),
        ("delete object", Both, request("s3:DeleteObject", "arn:aws:s3:::starfall/replay")),
        ("delete bucket", Both, request("s3:DeleteBucket", "arn:aws:s3:::starfall")),
        ("delete function", Both, request("lambda:DeleteFunction", &function())),
        ("delete log group", Both, {
            let group = format!("arn:aws:logs:ap-northeast-2:{ACCOUNT}:log-group:/app");
            request("logs:DeleteLogGroup", &group)
        }),
        ("delete group", Both, request("autoscaling:DeleteAutoScalingGroup", "*")),
        // What leaves the account.
        ("share a snapshot", Both, request("ec2:ModifySnapshotAttribute", &snapshot())),
        ("share an image", Both, request("ec2:ModifyImageAttribute", &ec2("image", "ami-1"))),
        ("read an object", Both, request("s3:GetObject", "arn:aws:s3:::starfall/replay")),
        ("copy a snapshot", Both, request("ec2:CopySnapshot", &snapshot())),
        // Tags.
        ("opt a machine in", Both, {
            machine("ec2:CreateTags").with("aws:TagKeys", &["trimtab:apply"])
        }),
        ("opt a machine in beside ours", Both, {
            machine("ec2:CreateTags").with("aws:TagKeys", &["trimtab:change", "trimtab:apply"])
        }),
        ("tag a machine", Role, machine("ec2:CreateTags").with("aws:TagKeys", &["Name"])),
        ("opt a volume in", Both, {
            request("ec2:CreateTags", &volume).with("aws:TagKeys", &["trimtab:apply"])
        }),
        ("tag what is there", Role, with_our_tags("ec2:CreateTags", &volume)),
        ("tag a snapshot that is there", Role, with_our_tags("ec2:CreateTags", &snapshot())),
        ("another tag on a snapshot", Role, {
            with_our_tags("ec2:CreateTags", &snapshot())
                .with("ec2:CreateAction", &["CreateSnapshots"])
                .with("aws:TagKeys", &["trimtab:change", "Owner"])
        }),
        ("delete tags", Role, machine("ec2:DeleteTags").with("aws:TagKeys", &["Name"])),
        ("opt out", Both, machine("ec2:DeleteTags").with("aws:TagKeys", &["trimtab:env"])),
        ("delete every tag of a volume", Role, request("ec2:DeleteTags", &volume)),
        ("opt a database in", Both, {
            request("rds:AddTagsToResource", &rds("db", "arena"))
                .with("aws:TagKeys", &["trimtab:apply"])
        }),
        (
            "a snapshot without our tags",
            Role,
            Request::new("ec2:CreateSnapshots", &snapshot())
                .with("aws:PrincipalTag/trimtab-env", &["staging"]),
        ),
        (
            "a reservation without our tags",
            Role,
            Request::new("ec2:CreateCapacityReservation", &ec2("capacity-reservation", "*"))
                .with("aws:PrincipalTag/trimtab-env", &["staging"]),
        ),
        (
            "a reservation of others",
            Role,
            request("ec2:CancelCapacityReservation", &ec2("capacity-reservation", "cr-1")),
        ),
        // Rights.
        ("instance profile", Both, request("ec2:AssociateIamInstanceProfile", &instance)),
        (
            "another instance profile",
            Both,
            request("ec2:ReplaceIamInstanceProfileAssociation", &instance),
        ),
        ("pass a role", Both, request("iam:PassRole", &role)),
        ("write a policy", Both, request("iam:PutRolePolicy", &role)),
        ("drop the boundary", Both, request("iam:DeleteRolePermissionsBoundary", &role)),
        ("make a user", Both, request("iam:CreateUser", "*")),
        ("take another role on", Both, request("sts:AssumeRole", &role)),
        ("leave the organisation", Both, request("organizations:LeaveOrganization", "*")),
        // Keys.
        ("decrypt", Both, request("kms:Decrypt", &grant_on_key().resource)),
        ("delete a key", Both, request("kms:ScheduleKeyDeletion", &grant_on_key().resource)),
        (
            "a grant for a person",
            Role,
            grant_on_key().with("kms:GrantIsForAWSResource", &["false"]),
        ),
        (
            "a grant for another service",
            Role,
            grant_on_key().with("kms:ViaService", &["lambda.ap-northeast-2.amazonaws.com"]),
        ),
        ("a grant without a service", Role, grant_on_key().without("kms:ViaService")),
        // Databases and functions.
        ("a password of a database", Both, {
            request("rds:ModifyDBInstance", &rds("db", "arena"))
                .with("rds:ManageMasterUserPassword", &["true"])
        }),
        ("a database of production", Role, {
            request("rds:ModifyDBInstance", &rds("db", "arena"))
                .with("aws:ResourceTag/trimtab:env", &["prod"])
        }),
        ("a backup shared", Both, request("rds:ModifyDBSnapshotAttribute", &rds("snapshot", "a"))),
        // Who names the action that gives a package again may give any.
        ("code of a function", Role, request("lambda:UpdateFunctionCode", &function())),
        ("package of a function", Role, request("lambda:GetFunction", &function())),
        ("a door into a function", Both, request("lambda:AddPermission", &function())),
        (
            "a function of production",
            Role,
            request("lambda:UpdateFunctionConfiguration", &function())
                .with("aws:ResourceTag/trimtab:env", &["prod"]),
        ),
        // The network.
        (
            "open a security group",
            Both,
            request("ec2:AuthorizeSecurityGroupIngress", &ec2("security-group", "sg-1")),
        ),
    ];
    let policies = Policies::printed();
    for (name, refuses, request) in &cases {
        policies.refuse(name, *refuses, request);
    }
    let both = cases.iter().filter(|(_, refuses, _)| *refuses == Both).count();
    println!("{} requests refused, {both} of them by the boundary alone", cases.len());
}
