//! What a history begins with: an emulated AWS, a data directory with an approved plan, and a
//! control of its disk and clock.

use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, OnceLock};

use serde_json::{Value, json};

use crate::control::{Control, FACTOR};
use crate::emulator::Emulator;
use crate::support::{json, stderr, stdout};

/// Changes start at any hour, and development is not watched: metrics of hours that have not
/// been yet cannot be planted. A machine may be down for long: clocks are fast here, and one that
/// was killed behind its stop waits until nine others were.
pub const RULES: &str = "\
timezone = \"Asia/Seoul\"\n\
[rollout]\napprovers = [\"lee\", \"park\"]\ninstance_downtime = \"2h\"\n\
[rollout.dev]\nsoak = \"0m\"\nextension = \"0m\"\n\
[rollout.prod]\nsoak = \"1m\"\nextension = \"0m\"\n\
[[rollout.window]]\nenvironments = [\"dev\", \"prod\"]\nfrom = \"00:00\"\nuntil = \"00:00\"\n";

/// What the account is called.
const ALIAS: &str = "game";

/// An emulated AWS and an approved plan, from which histories begin.
pub struct Ground {
    /// Copied by one at a time: a process that is copied must be doing nothing else.
    emulator: Mutex<Emulator>,
    plan: String,
    hash: String,
    /// What the clock shows and what there was, where histories go on from one that began.
    begun: Option<(i64, Value)>,
}

/// Plants a resource that `seed.py` knows and what is measured of it, scans and analyses; returns
/// what was planted.
pub fn scanned(
    word: &str,
    services: &str,
    series: impl Fn(&Value) -> Vec<(&'static str, &'static str, Value, f64)>,
) -> (Emulator, Value) {
    let emulator = Emulator::start();
    let planted = emulator.seed_more(word);
    let series: Vec<Value> = series(&planted)
        .into_iter()
        .map(|(namespace, metric, dimensions, value)| {
            json!({
                "account": planted["account"], "region": planted["region"], "value": value,
                "namespace": namespace, "metric": metric, "dimensions": dimensions,
            })
        })
        .collect();
    emulator.post("/emulator/series", &json!(series));
    let account = planted["account"].as_str().unwrap_or_default();
    let named = format!("[[account]]\nid = \"{account}\"\nalias = \"{ALIAS}\"\n");
    emulator.configure(&format!("{RULES}{named}"));
    let scan = ["scan", "--region", "us-east-1", "--no-second-opinion", "--services", services];
    done(&emulator, &scan);
    done(&emulator, &["analyze"]);
    (emulator, planted)
}

/// Returns the recommendation of a check for a resource.
pub fn recommended(emulator: &Emulator, check: &str, resource: &Value) -> String {
    let listed = json(&done(emulator, &["rec", "list", "-o", "json"]));
    let mut items = listed["items"].as_array().expect("a list").iter();
    let found = items.find(|one| one["check"] == check && one["resource_id"] == *resource);
    let id = found.and_then(|one| one["id"].as_str().map(str::to_owned));
    assert!(id.is_some(), "{check} {resource}: {listed}");
    id.unwrap_or_default()
}

/// Makes a plan of one change and approves it; returns its identifier and its hash.
pub fn approved(emulator: &Emulator, chosen: &[&str]) -> (String, String) {
    let create = ["plan", "create", "--by", "kim", "-o", "json"];
    let plan = json(&done(emulator, &[&create[..], chosen].concat()));
    assert_eq!(plan["changes"], 1, "{plan}");
    let approval = plan["stages"][0]["approval"].clone();
    let stage = plan["stages"][0]["stage"].as_str().unwrap_or_default().to_owned();
    let text = |key: &str| plan[key].as_str().unwrap_or_default().to_owned();
    let (plan, hash) = (text("plan"), text("hash"));
    let mut approve = vec!["plan", "approve", &plan, "--stage", &stage, "--plan-hash", &hash];
    if stage == "prod" {
        approve.extend(["--alias", ALIAS]);
    }
    done(emulator, &[&approve[..], &["--by", "lee"]].concat());
    if approval == "two-persons" {
        done(emulator, &[&approve[..], &["--by", "park"]].concat());
    }
    (plan, hash)
}

/// Vouches for what no call tells of the only change of a plan.
fn vouched(emulator: &Emulator, plan: &str, row: &str) {
    let shown = json(&done(emulator, &["plan", "show", plan, "-o", "json"]));
    let change = shown["stages"][0]["waves"][0]["changes"][0]["change"].as_str();
    let change = change.expect("a change").to_owned();
    let note = ["--by", "lee", "--note", "no record of ours points to it"];
    let words = ["plan", "attest", plan, "--change", &change, "--row", row];
    done(emulator, &[&words[..], &note[..]].concat());
}

/// Lets changes take a while, and forgets what was asked so far.
pub fn slow_down(emulator: &Emulator) {
    let pace = json!({
        "stop": 0.2, "start": 0.2, "snapshot": 0.2, "volume": 0.2, "database": 1,
        "function": 0.3, "refresh": 0.5, "deployment": 2,
    });
    emulator.post("/emulator/pace", &pace);
    emulator.post("/emulator/forget", &Value::Null);
}

fn done(emulator: &Emulator, arguments: &[&str]) -> Output {
    let output = emulator.trimtab(arguments);
    let told = format!("{arguments:?}: {}{}", stdout(&output), stderr(&output));
    assert!(output.status.success(), "{told}");
    output
}

/// What is measured of a machine that is far too large.
pub fn quiet_machine(id: &Value, planted: &Value) -> Vec<(&'static str, &'static str, Value, f64)> {
    let itself = json!({"InstanceId": id});
    let agents =
        json!({"InstanceId": id, "ImageId": planted["image"], "InstanceType": planted["type"]});
    vec![
        ("AWS/EC2", "CPUUtilization", itself.clone(), 9.0),
        ("AWS/EC2", "NetworkIn", itself.clone(), 1e6),
        ("AWS/EC2", "NetworkOut", itself, 1e6),
        ("CWAgent", "mem_used_percent", agents, 9.0),
    ]
}

impl Ground {
    /// Makes one of what is scanned and a plan of what is chosen.
    pub fn of(emulator: Emulator, chosen: &[&str]) -> Self {
        Self::vouching(emulator, chosen, None)
    }

    /// Makes one of what is scanned and a plan of what is chosen, of which somebody vouches for a
    /// row of the preflight.
    pub fn vouching(emulator: Emulator, chosen: &[&str], row: Option<&str>) -> Self {
        let (plan, hash) = approved(&emulator, chosen);
        if let Some(row) = row {
            vouched(&emulator, &plan, row);
        }
        slow_down(&emulator);
        Self { emulator: Mutex::new(emulator), plan, hash, begun: None }
    }

    /// Returns the one with a machine that is far too large, made once.
    pub fn machine() -> &'static Self {
        static MADE: OnceLock<Ground> = OnceLock::new();
        MADE.get_or_init(|| {
            let series = |machine: &Value| quiet_machine(&machine["id"], machine);
            let (emulator, _) = scanned("machine", "ec2", series);
            Self::of(emulator, &["--filter", "check=ec2-instance-oversized"])
        })
    }

    /// Makes one with a database that is far too large.
    pub fn database() -> Self {
        const GIB: f64 = 1_073_741_824.0;
        let series = |database: &Value| {
            let measured = [
                ("CPUUtilization", 5.0),
                ("FreeableMemory", 28.0 * GIB),
                ("FreeStorageSpace", 90.0 * GIB),
                ("SwapUsage", 0.0),
                ("DatabaseConnections", 20.0),
                ("ReadIOPS", 20.0),
                ("WriteIOPS", 20.0),
                ("ReadThroughput", 1e5),
                ("WriteThroughput", 1e5),
            ];
            let itself = json!({"DBInstanceIdentifier": database["id"]});
            measured.map(|(name, value)| ("AWS/RDS", name, itself.clone(), value)).to_vec()
        };
        let (emulator, _) = scanned("database", "rds", series);
        Self::of(emulator, &["--filter", "check=rds-instance-oversized"])
    }

    /// Makes one from a history: others go on from where it came to.
    pub fn after(world: World) -> Self {
        let shown = world.control.shown();
        let World { emulator, plan, hash, before, .. } = world;
        Self { emulator: Mutex::new(emulator), plan, hash, begun: Some((shown, before)) }
    }

    /// Begins a history.
    pub fn world(&self) -> World {
        let emulator = self.emulator.lock().expect("no history fails here").copy();
        World::of(emulator, self.plan.clone(), self.hash.clone(), self.begun.clone())
    }
}

/// One history: an AWS and a data directory of its own.
pub struct World {
    /// The emulated AWS.
    pub emulator: Emulator,
    /// The disk and the clock.
    pub control: Control,
    /// The approved plan.
    pub plan: String,
    /// Its hash.
    pub hash: String,
    /// What there was.
    pub before: Value,
}

impl World {
    /// Makes one of an emulator; it goes on from what its clock shows and what there was, where
    /// that is given.
    pub fn of(emulator: Emulator, plan: String, hash: String, begun: Option<(i64, Value)>) -> Self {
        let (shown, before) = begun.unzip();
        let control = Control::new(emulator.home(), shown);
        let (since, ahead) = control.begun();
        emulator.post("/emulator/clock", &json!({"since": since, "factor": FACTOR}));
        emulator.post("/emulator/clock", &json!(ahead));
        let before = before.unwrap_or_else(|| emulator.look());
        Self { emulator, control, plan, hash, before }
    }

    /// Returns a command under the control of this history.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.emulator.command(arguments);
        self.control.over(&mut command);
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary runs")
    }

    /// Returns the words that carry the plan out, or go on with it.
    pub fn apply(&self) -> Vec<&str> {
        vec!["apply", &self.plan, "--execute", "--plan-hash", &self.hash, "--by", "kim"]
    }

    /// Starts a command whose end is waited for elsewhere.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the binary runs")
    }

    /// Returns the identifiers of the runs, the newest first.
    pub fn runs(&self) -> Vec<String> {
        let runs = json(&self.run(&["run", "list", "-o", "json"]));
        let items = runs["items"].as_array().cloned().unwrap_or_default();
        items.iter().filter_map(|one| one["run"].as_str().map(str::to_owned)).collect()
    }

    /// Returns how the newest run stands; null where there is none.
    pub fn shown(&self) -> Value {
        match self.runs().first() {
            Some(run) => json(&self.run(&["run", "show", run, "-o", "json"])),
            None => Value::Null,
        }
    }
}
