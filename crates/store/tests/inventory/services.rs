//! Databases, log groups and functions.

use trimtab_model::environment::Environment;

use crate::support::read_one;

#[test]
fn databases_are_read_with_their_tags() {
    let snapshot = read_one(
        "describe-db-instances.json",
        r#"{"DBInstances": [{
            "DBInstanceIdentifier": "game", "DBInstanceClass": "db.r6g.large", "Engine": "mysql", "EngineVersion": "8.0.40",
            "DBInstanceStatus": "available", "MultiAZ": true, "StorageType": "gp2", "AllocatedStorage": 200,
            "DbiResourceId": "db-ABC", "DBInstanceArn": "arn:aws:rds:ap-northeast-2:111122223333:db:game",
            "InstanceCreateTime": "2025-01-01T00:00:00+00:00", "ReadReplicaDBInstanceIdentifiers": ["game-2"],
            "PendingModifiedValues": {}, "PerformanceInsightsEnabled": false, "LicenseModel": "general-public-license",
            "DBParameterGroups": [{"DBParameterGroupName": "default.mysql8.0", "ParameterApplyStatus": "in-sync"}],
            "TagList": [{"Key": "env", "Value": "운영"}]
        }, {
            "DBInstanceIdentifier": "game-2", "DBInstanceClass": "db.r6g.large", "Engine": "mysql", "DBInstanceStatus": "available",
            "ReadReplicaSourceDBInstanceIdentifier": "game", "PendingModifiedValues": {"DBInstanceClass": "db.r6g.xlarge"}
        }]}"#,
    );
    let game = &snapshot.db_instances[0];
    assert_eq!(game.environment, Environment::Prod);
    assert_eq!(game.kind.allocated_storage_gib, Some(200));
    assert_eq!(game.kind.read_replicas, ["game-2".into()]);
    assert!(!game.kind.has_pending_modifications);
    assert_eq!(game.kind.db_parameter_groups, ["default.mysql8.0"]);
    let replica = &snapshot.db_instances[1];
    assert!(replica.kind.has_pending_modifications);
    assert_eq!(replica.kind.read_replica_source, Some("game".into()));
    assert_eq!(replica.kind.multi_az, None);
}

#[test]
fn log_groups_have_times_in_milliseconds() {
    let snapshot = read_one(
        "describe-log-groups.json",
        r#"{"logGroups": [{"logGroupName": "/aws/lambda/notice", "creationTime": 1767225600000, "metricFilterCount": 0,
            "arn": "arn:aws:logs:ap-northeast-2:111122223333:log-group:/aws/lambda/notice:*", "storedBytes": 5, "logGroupClass": "STANDARD"}]}"#,
    );
    let group = &snapshot.log_groups[0];
    assert_eq!(group.kind.creation_time, Some("2026-01-01T00:00:00Z".parse().unwrap()));
    assert_eq!(group.kind.retention_in_days, None);
    assert_eq!(group.kind.stored_bytes, Some(5));
}

#[test]
fn the_environment_of_a_function_never_enters_memory() {
    let snapshot = read_one(
        "list-functions.json",
        r#"{"Functions": [{"FunctionName": "notice", "FunctionArn": "arn:aws:lambda:ap-northeast-2:111122223333:function:notice",
            "Runtime": "python3.13", "Architectures": ["x86_64"], "MemorySize": 512, "Timeout": 30, "PackageType": "Zip",
            "LastModified": "2026-01-01T00:00:00.000+0000", "Layers": [{"Arn": "a"}, {"Arn": "b"}],
            "Environment": {"Variables": {"DB_PASSWORD": "hunter2-canary"}}}]}"#,
    );
    assert_eq!(snapshot.functions[0].kind.layer_count, 2);
    assert_eq!(snapshot.functions[0].kind.memory_size_mb, Some(512));
    assert!(!format!("{snapshot:?}").contains("canary"));
}
