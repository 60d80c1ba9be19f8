//! A machine, and an approved plan for it.

use std::process::Output;

use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::support::{json, stderr, stdout};

/// Changes start at any hour, and development is not watched: metrics of hours that have not
/// been yet cannot be planted.
const RULES: &str = "\
timezone = \"Asia/Seoul\"\n\
[sizing.dev]\nlookback = \"32d\"\n\
[rollout]\nscheduler_role = \"trimtab-scheduler\"\n\
[rollout.dev]\nsoak = \"0m\"\nextension = \"0m\"\n\
[[rollout.window]]\nenvironments = [\"dev\"]\nfrom = \"00:00\"\nuntil = \"00:00\"\n";

/// How busy the machine is: in percent, at all hours or at each hour of the day, UTC.
pub struct Load {
    pub cpu: Value,
    pub bytes: Value,
}

/// An emulator with a machine, and the plan that changes it.
pub struct Planned {
    pub emulator: Emulator,
    pub plan: String,
    pub hash: String,
}

impl Planned {
    /// Plants a machine of development and plans what a check recommends for it.
    pub fn of(check: &str, load: &Load) -> Self {
        let emulator = Emulator::start();
        let machine = emulator.seed_more("machine");
        let series = |namespace: &str, metric: &str, dimensions: Value, value: &Value| {
            json!({
                "account": machine["account"], "region": machine["region"],
                "namespace": namespace, "metric": metric, "dimensions": dimensions, "value": value,
            })
        };
        let itself = json!({"InstanceId": machine["id"]});
        let agents = json!({
            "InstanceId": machine["id"], "ImageId": machine["image"],
            "InstanceType": machine["type"],
        });
        emulator.post(
            "/emulator/series",
            &json!([
                series("AWS/EC2", "CPUUtilization", itself.clone(), &load.cpu),
                series("AWS/EC2", "NetworkIn", itself.clone(), &load.bytes),
                series("AWS/EC2", "NetworkOut", itself, &load.bytes),
                series("CWAgent", "mem_used_percent", agents, &json!(9.0)),
            ]),
        );
        emulator.configure(RULES);
        let of = |arguments: &[&str]| succeeded(&emulator, arguments);
        let scan = ["scan", "--region", "us-east-1", "--services", "ec2", "--no-second-opinion"];
        of(&[&scan[..], &["--since", "32d"]].concat());
        of(&["analyze"]);
        let filter = format!("check={check}");
        let plan = json(&of(&["plan", "create", "--filter", &filter, "--by", "kim", "-o", "json"]));
        assert_eq!(plan["changes"], 1, "{plan}");
        let text = |key: &str| plan[key].as_str().unwrap_or_default().to_owned();
        let (plan, hash) = (text("plan"), text("hash"));
        of(&["plan", "approve", &plan, "--stage", "dev", "--plan-hash", &hash, "--by", "lee"]);
        emulator.post("/emulator/pace", &json!({"stop": 1, "start": 1}));
        emulator.post("/emulator/forget", &json!(null));
        Self { emulator, plan, hash }
    }

    /// Returns the arguments that carry the plan out.
    pub fn apply(&self) -> Vec<&str> {
        vec!["apply", &self.plan, "--execute", "--plan-hash", &self.hash, "--by", "kim"]
    }

    /// Returns the state of the machine.
    pub fn state(&self) -> String {
        self.emulator.machine()["state"].as_str().unwrap_or("?").to_owned()
    }
}

fn succeeded(emulator: &Emulator, arguments: &[&str]) -> Output {
    let output = emulator.trimtab(arguments);
    assert!(output.status.success(), "{arguments:?}: {}{}", stdout(&output), stderr(&output));
    output
}
