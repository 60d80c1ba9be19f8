//! Files as the AWS CLI prints them, and what is read of them.

use std::path::Path;

use trimtab_model::policy::EnvironmentTags;
use trimtab_model::resource::ResourceKind;
use trimtab_model::snapshot::Snapshot;
use trimtab_store::inventory::Place;
use trimtab_store::{InputError, inventory};

pub(super) const HERE: &str = "111122223333/ap-northeast-2";

pub(super) fn read_files(files: &[(&str, &str)]) -> (Snapshot, Vec<InputError>) {
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    read_bytes(&files)
}

pub(super) fn read_bytes(files: &[(&str, &[u8])]) -> (Snapshot, Vec<InputError>) {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = dir.path().join("inventory").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    read(dir.path())
}

pub(super) fn read(dir: &Path) -> (Snapshot, Vec<InputError>) {
    let taken_at = "2026-10-31T00:00:00Z".parse().unwrap();
    inventory::read(dir, taken_at, &EnvironmentTags::default(), &Place::default())
}

/// Reads one file that is fine, below the directories of account and region.
pub(super) fn read_one(name: &str, text: &str) -> Snapshot {
    let (snapshot, errors) = read_files(&[(&format!("{HERE}/{name}"), text)]);
    assert_eq!(errors, []);
    assert_eq!(snapshot.gaps, []);
    snapshot
}

pub(super) fn listed(snapshot: &Snapshot, kind: ResourceKind) -> bool {
    snapshot.was_listed(kind, &"111122223333".into(), &"ap-northeast-2".into())
}

pub(super) fn codes(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.gaps.iter().map(|gap| gap.reason.code.as_str()).collect()
}

pub(super) const INSTANCES: &str = r#"{
    "Reservations": [{
        "ReservationId": "r-1", "OwnerId": "111122223333", "Groups": [],
        "Instances": [
            {
                "InstanceId": "i-2", "InstanceType": "m5.large", "Architecture": "x86_64",
                "State": {"Code": 80, "Name": "stopped"},
                "StateTransitionReason": "User initiated (2026-09-01 03:04:05 GMT)",
                "LaunchTime": "2026-08-01T00:00:00+00:00", "PlatformDetails": "Linux/UNIX",
                "VirtualizationType": "hvm", "EnaSupport": true, "RootDeviceType": "ebs",
                "EbsOptimized": true, "PublicIpAddress": "198.51.100.7",
                "Placement": {"AvailabilityZone": "ap-northeast-2a", "GroupName": "", "Tenancy": "default"},
                "BlockDeviceMappings": [
                    {"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-1", "Status": "attached", "DeleteOnTermination": true}}
                ],
                "Tags": [{"Key": "Name", "Value": "game"}, {"Key": "environment", "Value": "Production"},
                         {"Key": "aws:autoscaling:groupName", "Value": "workers"}]
            },
            {
                "InstanceId": "i-1", "InstanceType": "t3.small", "State": {"Code": 16, "Name": "running"},
                "PrivateIpAddress": "10.0.0.7", "PrivateDnsName": "ip-10-0-0-7.ap-northeast-2.compute.internal",
                "NetworkInterfaces": [{"PrivateIpAddress": "10.0.0.7"}, {"PrivateIpAddress": "10.0.1.7"}],
                "StateTransitionReason": "", "Placement": {"AvailabilityZone": "ap-northeast-2c"}
            }
        ]
    }]
}"#;
