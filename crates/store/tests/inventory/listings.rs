//! Which files make a listing, and where it is of.

use std::path::Path;

use trimtab_model::resource::ResourceKind;
use trimtab_store::inventory;

use crate::support::{HERE, INSTANCES, codes, listed, read, read_files, read_one};

#[test]
fn pages_in_one_file_and_in_several_are_joined_and_duplicates_count_once() {
    let one = |id: &str| {
        format!(
            r#"{{"Volumes": [{{"VolumeId": "{id}", "VolumeType": "gp3", "Size": 1, "State": "in-use", "Attachments": []}}]}}"#
        )
    };
    let (snapshot, errors) = read_files(&[
        (&format!("{HERE}/describe-volumes.json"), &format!("{}{}", one("vol-1"), one("vol-2"))),
        (&format!("{HERE}/describe-volumes-2.json"), &one("vol-2")),
        (
            &format!("{HERE}/describe-volumes.more.json"),
            &format!("[{},{}]", one("vol-3"), one("vol-4")),
        ),
    ]);
    assert_eq!(errors, []);
    let ids: Vec<_> = snapshot.volumes.iter().map(|volume| volume.id.as_str()).collect();
    assert_eq!(ids, ["vol-1", "vol-2", "vol-3", "vol-4"]);
}

#[test]
fn an_empty_listing_is_a_listing() {
    let snapshot = read_one("describe-volumes.json", "\u{feff}{\"Volumes\": []}\n");
    assert!(listed(&snapshot, ResourceKind::Volume));
}

#[test]
fn a_listing_without_its_last_page_is_not_a_listing() {
    let page = r#"{"Volumes": [], "NextToken": "abc"}"#;
    let (snapshot, errors) = read_files(&[(&format!("{HERE}/describe-volumes.json"), page)]);
    assert_eq!(errors, []);
    assert!(!listed(&snapshot, ResourceKind::Volume));
    assert_eq!(codes(&snapshot), ["listing-incomplete"]);
    let both = format!("{page}{{\"Volumes\": []}}");
    assert!(listed(&read_one("describe-volumes.json", &both), ResourceKind::Volume));
}

#[test]
fn without_directories_the_listing_and_its_neighbours_say_where_it_is() {
    let (snapshot, errors) = read_files(&[
        ("describe-instances.json", INSTANCES),
        (
            "describe-nat-gateways.json",
            r#"{"NatGateways": [{"NatGatewayId": "nat-1", "State": "available"}]}"#,
        ),
        ("describe-volumes.json", r#"{"Volumes": []}"#),
    ]);
    assert_eq!(errors, []);
    assert_eq!(snapshot.gaps, []);
    assert_eq!(snapshot.nat_gateways[0].account.as_str(), "111122223333");
    assert_eq!(snapshot.nat_gateways[0].region.as_str(), "ap-northeast-2");
    assert!(listed(&snapshot, ResourceKind::Volume));
}

#[test]
fn a_place_that_nothing_names_is_a_gap() {
    let (snapshot, errors) = read_files(&[(
        "describe-volumes.json",
        r#"{"Volumes": [{"VolumeId": "vol-1", "VolumeType": "gp3", "Size": 1, "State": "available",
            "AvailabilityZone": "ap-northeast-2a", "Attachments": []}]}"#,
    )]);
    assert_eq!(errors, []);
    assert_eq!(snapshot.volumes[0].account.as_str(), inventory::UNKNOWN);
    assert_eq!(snapshot.volumes[0].region.as_str(), "ap-northeast-2");
    assert_eq!(codes(&snapshot), ["place-unknown"]);
}

#[test]
fn the_real_machines_of_the_samples_are_read() {
    let data = std::env::var_os("TRIMTAB_SHARED_DATA")
        .map(std::path::PathBuf::from)
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    for (sample, machines) in [("bitbrains", 268), ("planetlab", 440)] {
        let dir = data.join("samples").join(sample);
        if !dir.is_dir() {
            println!("skipped: {} is not here", dir.display());
            continue;
        }
        let (snapshot, errors) = read(&dir);
        assert_eq!(errors, []);
        assert_eq!(snapshot.instances.len(), machines, "{sample}");
    }
}
