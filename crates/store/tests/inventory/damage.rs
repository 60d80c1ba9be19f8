//! Files that are wrong are named, and the others are read.

use trimtab_model::resource::ResourceKind;

use crate::support::{HERE, INSTANCES, codes, listed, read_bytes, read_files, read_one};

#[test]
fn a_bad_file_is_an_error_and_a_gap_and_the_others_are_read() {
    let (snapshot, errors) = read_files(&[
        (&format!("{HERE}/describe-instances.json"), INSTANCES),
        (
            &format!("{HERE}/describe-volumes.json"),
            "{\"Volumes\": [\n {\"VolumeId\": \"vol-1\", \"VolumeType\": \"gp3\", \"Size\": \"big\"}]}",
        ),
    ]);
    assert_eq!(snapshot.instances.len(), 2);
    let [error] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!(error.row, Some(2));
    assert!(error.problem.en.contains("invalid type: string \"big\", expected u32"), "{error}");
    assert_eq!(codes(&snapshot), ["file-rejected"]);
    assert_eq!(snapshot.gaps[0].kind, Some(ResourceKind::Volume));
    assert_eq!(snapshot.gaps[0].region, Some("ap-northeast-2".into()));
    assert!(!listed(&snapshot, ResourceKind::Volume));
}

#[test]
fn one_bad_part_means_that_the_kind_was_not_listed() {
    let (snapshot, errors) = read_files(&[
        (&format!("{HERE}/describe-volumes-1.json"), "{\"Volumes\": [{\"Vol"),
        (&format!("{HERE}/describe-volumes-2.json"), "{\"Volumes\": []}"),
    ]);
    assert_eq!(errors.len(), 1);
    assert!(!listed(&snapshot, ResourceKind::Volume));
}

#[test]
fn hostile_files_are_clean_errors() {
    let deep_known = format!("{{\"Volumes\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_list = "[".repeat(100_000);
    for (bytes, problem) in [
        (&b""[..], "is empty"),
        (b"  \n", "is empty"),
        (b"{\"Volumes\": [", "ends in the middle"),
        (b"not json", "is not valid JSON"),
        (b"{\"Volumes\": []} trailing", "is not valid JSON"),
        (b"{\"Volumes\": 7}", "is not what the AWS CLI prints"),
        (b"[1, 2]", "is not what the AWS CLI prints"),
        (b"{\"Buckets\": []}", "holds none of the lists"),
        (b"{\"Volumes\": null}", "holds none of the lists"),
        (b"\xff\xfe{\0", "UTF-16"),
        (b"{\"Volumes\": [{\"VolumeId\": \"\xff\"}]}", "is not"),
        (b"{\"Volumes\": [{\"VolumeId\": \"vol-1\"}]}", "missing field"),
        (deep_known.as_bytes(), "is not"),
        (deep_list.as_bytes(), "is"),
    ] {
        let (snapshot, errors) = read_bytes(&[("describe-volumes.json", bytes)]);
        let [error] = errors.as_slice() else {
            panic!("{:?}: {errors:?}", String::from_utf8_lossy(bytes.get(..40).unwrap_or(bytes)))
        };
        assert!(error.problem.en.contains(problem), "{error}, expected {problem}");
        assert!(!error.hint.en.is_empty());
        assert_eq!(snapshot.volumes, []);
        assert_eq!(codes(&snapshot), ["file-rejected"]);
    }
}

#[test]
fn deep_nesting_in_a_field_that_nobody_reads_is_harmless() {
    let text =
        format!("{{\"Volumes\": [], \"X\": {}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(listed(&read_one("describe-volumes.json", &text), ResourceKind::Volume));
}

#[test]
fn a_file_that_is_no_json_is_named() {
    let (_, errors) = read_files(&[("notes.txt", "hello")]);
    assert!(errors[0].problem.en.contains("is not a .json file"));
}
