//! A small company's exports, and a way to run the binary on them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Exports in a directory of their own, and a data directory beside them.
pub struct Exports {
    root: tempfile::TempDir,
}

impl Exports {
    /// Makes a directory without any export.
    pub fn empty() -> Self {
        let exports = Self { root: tempfile::tempdir().expect("a temporary directory") };
        std::fs::create_dir_all(exports.dir()).expect("a directory of our own");
        exports
    }

    /// Makes one month of a bill, an unattached volume and an address that nobody uses.
    pub fn small() -> Self {
        let exports = Self::empty();
        exports.write("billing/october.csv", BILL);
        exports.write("inventory/111122223333/ap-northeast-2/describe-volumes.json", VOLUMES);
        exports.write("inventory/111122223333/ap-northeast-2/describe-addresses.json", ADDRESSES);
        exports
    }

    /// Returns the directory of the exports.
    pub fn dir(&self) -> PathBuf {
        self.root.path().join("export")
    }

    /// Returns the data directory.
    pub fn data_dir(&self) -> PathBuf {
        self.root.path().join("data")
    }

    /// Writes a file below the exports.
    pub fn write(&self, relative: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir().join(relative);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory of our own");
        std::fs::write(&path, content).expect("a file of our own");
        path
    }

    /// Runs `trimtab` with these exports' data directory.
    pub fn trimtab(&self, arguments: &[&str]) -> Output {
        trimtab_in(self.root.path(), &self.data_dir(), arguments)
    }
}

/// Runs `trimtab` in `working_dir` with nothing of the tester's own configuration.
pub fn trimtab_in(working_dir: &Path, data_dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trimtab"))
        .args(arguments)
        .current_dir(working_dir)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", working_dir)
        .env("TRIMTAB_DATA_DIR", data_dir)
        .output()
        .expect("the binary runs")
}

/// Returns stdout as text.
pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// Returns stderr as text.
pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// Returns stdout as JSON, and fails with everything that was printed when it is not.
pub fn json(output: &Output) -> serde_json::Value {
    let parsed = serde_json::from_slice(&output.stdout);
    assert!(parsed.is_ok(), "stdout: {}\nstderr: {}", stdout(output), stderr(output));
    parsed.unwrap_or_default()
}

/// One month of a FOCUS bill: a volume, an address, tax and a credit, in two currencies.
pub const BILL: &str = "\
BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,BilledCost,EffectiveCost,ListCost,ContractedCost,ServiceName,SubAccountId,RegionId,ResourceId,PricingQuantity,PricingUnit
999988887777,USD,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,Usage,11.4000000001,11.4000000001,11.4000000001,11.4000000001,Amazon Elastic Block Store,111122223333,ap-northeast-2,vol-0a,100,GB-Mo
999988887777,USD,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,Usage,3.72,3.72,3.72,3.72,Amazon Virtual Private Cloud,111122223333,ap-northeast-2,eipalloc-0a,744,Hrs
999988887777,USD,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,Tax,1.512,1.512,,,AWS Tax,111122223333,,,,
999988887777,USD,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,Credit,-2.00,-2.00,,,AWS Credits,111122223333,,,,
999988887777,KRW,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,Usage,1500,1500,,,AWS Marketplace,111122223333,ap-northeast-2,,,
";

/// A gp2 volume that nothing holds, and one that is in use.
pub const VOLUMES: &str = r#"{"Volumes": [
  {"VolumeId": "vol-0a", "VolumeType": "gp2", "Size": 100, "Iops": 300, "State": "available", "CreateTime": "2026-05-01T00:00:00+00:00",
   "AvailabilityZone": "ap-northeast-2a", "Attachments": [], "Tags": [{"Key": "Name", "Value": "old-logs"}, {"Key": "Environment", "Value": "dev"}]},
  {"VolumeId": "vol-0b", "VolumeType": "gp3", "Size": 50, "Iops": 3000, "Throughput": 125, "State": "in-use", "CreateTime": "2026-05-01T00:00:00+00:00",
   "AvailabilityZone": "ap-northeast-2a", "Attachments": [{"InstanceId": "i-0a", "Device": "/dev/xvda", "State": "attached", "VolumeId": "vol-0b"}]}
]}"#;

/// An address that nobody uses.
pub const ADDRESSES: &str = r#"{"Addresses": [
  {"AllocationId": "eipalloc-0a", "PublicIp": "203.0.113.10", "Domain": "vpc", "PublicIpv4Pool": "amazon"}
]}"#;
