//! What a server answers becomes series of the machines that the inventory has, and no others.
//!
//! The server is one of our own on loopback, with answers of the shapes that Prometheus, Thanos
//! and VictoriaMetrics give.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a helper of a test may panic")]

mod runtime;
mod server;

use jiff::Timestamp;

use runtime::block_on;
use server::{Server, error, matrix, series};
use trimtab_model::environment::Environment;
use trimtab_model::metric::Statistic;
use trimtab_model::resource::instance::{Instance, InstanceState};
use trimtab_model::resource::{Resource, Tags};
use trimtab_model::series::Series;
use trimtab_model::snapshot::Snapshot;
use trimtab_prometheus::client::{Client, Credentials};
use trimtab_prometheus::error::PrometheusError;
use trimtab_prometheus::exporter::Exporter;
use trimtab_prometheus::fetch::{Fetched, fetch};
use trimtab_prometheus::figure::{FIGURES, Figure};
use trimtab_prometheus::mapping::{Assignment, NameLabels, Subject, assign};
use trimtab_prometheus::stretch::Stretch;
use trimtab_prometheus::target::{Target, targets};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn instance(id: &str, addresses: &[&str], launched: &str) -> Resource<Instance> {
    Resource {
        id: id.into(),
        account: "111122223333".into(),
        region: "ap-northeast-2".into(),
        environment: Environment::Unknown,
        tags: Tags::new(),
        kind: Instance {
            instance_type: "m5.large".into(),
            state: InstanceState::Running,
            stopped_at: None,
            launch_time: Some(at(launched)),
            architecture: None,
            platform_details: None,
            virtualization_type: None,
            ena_support: None,
            root_device_type: None,
            ebs_optimized: None,
            instance_lifecycle: None,
            availability_zone: None,
            tenancy: None,
            volume_ids: Vec::new(),
            has_public_ip: None,
            auto_scaling_group_name: None,
            image_id: None,
            monitoring: None,
            cpu_credits: None,
            cpu_options: None,
            has_product_codes: None,
            is_managed_by_service: None,
            host_id: None,
            private_addresses: addresses.iter().map(|one| (*one).to_owned()).collect(),
        },
    }
}

fn database(id: &str, endpoint: &str) -> Snapshot {
    // The rest of a DB instance may be absent.
    let db = format!(
        r#"{{"id": "{id}", "account": "111122223333", "region": "ap-northeast-2", "environment": "unknown", "tags": {{}},
            "kind": {{"db_instance_arn": null, "dbi_resource_id": null, "db_instance_class": "db.r6g.large",
            "engine": "mysql", "engine_version": null, "license_model": null, "db_instance_status": "available",
            "instance_create_time": null, "multi_az": null, "storage_type": null, "allocated_storage_gib": null,
            "iops": null, "storage_throughput_mib_s": null, "db_cluster_identifier": null, "read_replica_source": null,
            "read_replicas": [], "performance_insights_enabled": null, "has_pending_modifications": false,
            "db_parameter_groups": [], "endpoint_address": "{endpoint}"}}}}"#
    );
    let mut snapshot = snapshot(Vec::new());
    snapshot.db_instances.push(serde_json::from_str(&db).unwrap());
    snapshot
}

fn snapshot(instances: Vec<Resource<Instance>>) -> Snapshot {
    Snapshot { instances, ..Snapshot::empty(at("2026-10-31T00:00:00Z")) }
}

fn target(exporter: Exporter, labels: &[(&str, &str)]) -> Target {
    let labels = labels.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned()));
    Target { exporter, labels: labels.collect() }
}

fn assigned(targets: &[Target], snapshot: &Snapshot) -> Assignment {
    let labels = NameLabels {
        instance: "instance_id".to_owned(),
        database: "dbinstance_identifier".to_owned(),
    };
    assign(targets, snapshot, &labels)
}

/// Returns the names of the resources, or what was wrong.
fn named(targets: &[Target], snapshot: &Snapshot) -> String {
    let found = assigned(targets, snapshot);
    let subjects: Vec<String> = found
        .subjects
        .iter()
        .map(|one| format!("{}={} is {}", one.label, one.value, one.resource.id.as_str()))
        .collect();
    let ambiguous: Vec<&str> = found.ambiguous.iter().map(String::as_str).collect();
    format!("{} / {} strangers / {}", subjects.join(", "), found.strangers, ambiguous.join(", "))
}

fn node(labels: &[(&str, &str)]) -> Target {
    target(Exporter::Node, labels)
}

#[test]
fn a_label_with_the_id_comes_before_the_address() {
    let here = snapshot(vec![instance("i-1", &["10.0.0.1"], "2026-10-01T00:00:00Z")]);
    let both = node(&[("instance", "10.0.0.1:9100"), ("instance_id", "i-1")]);
    assert_eq!(named(&[both], &here), "instance_id=i-1 is i-1 / 0 strangers / ");
    let address = node(&[("instance", "10.0.0.1:9100")]);
    assert_eq!(named(&[address], &here), "instance=10.0.0.1:9100 is i-1 / 0 strangers / ");
    // The id of another account's machine is not made ours by an address.
    let foreign = node(&[("instance", "10.0.0.1:9100"), ("instance_id", "i-9")]);
    assert_eq!(named(&[foreign], &here), " / 1 strangers / ");
    let localhost = node(&[("instance", "localhost:9100")]);
    assert_eq!(named(&[localhost], &here), " / 1 strangers / ");
}

#[test]
fn an_address_that_two_machines_have_is_of_neither() {
    let two = snapshot(vec![
        instance("i-1", &["10.0.0.1"], "2026-10-01T00:00:00Z"),
        instance("i-2", &["10.0.0.1"], "2026-10-01T00:00:00Z"),
    ]);
    let address = node(&[("instance", "10.0.0.1:9100")]);
    assert_eq!(named(&[address], &two), " / 0 strangers / 10.0.0.1:9100");
}

#[test]
fn an_address_that_two_networks_have_is_of_neither() {
    let here = snapshot(vec![instance("i-1", &["10.0.0.1"], "2026-10-01T00:00:00Z")]);
    let of = |label, value| node(&[("instance", "10.0.0.1:9100"), (label, value)]);
    assert_eq!(
        named(&[of("cluster", "seoul"), of("cluster", "tokyo")], &here),
        " / 0 strangers / 10.0.0.1:9100"
    );
    // A pair for high availability sees one machine twice.
    assert_eq!(
        named(&[of("prometheus_replica", "a"), of("prometheus_replica", "b")], &here),
        "instance=10.0.0.1:9100 is i-1 / 0 strangers / "
    );
}

#[test]
fn a_database_is_known_by_a_label_or_by_its_endpoint() {
    let here = database("game", "game.abc.ap-northeast-2.rds.amazonaws.com");
    let mysqld = |labels: &[(&str, &str)]| vec![target(Exporter::Mysqld, labels)];
    assert_eq!(
        named(&mysqld(&[("instance", "10.0.0.5:9104"), ("dbinstance_identifier", "game")]), &here),
        "dbinstance_identifier=game is game / 0 strangers / "
    );
    let endpoint = "game.abc.ap-northeast-2.rds.amazonaws.com:3306";
    assert_eq!(
        named(&mysqld(&[("instance", endpoint)]), &here),
        format!("instance={endpoint} is game / 0 strangers / ")
    );
    // The exporter's own machine is not the database.
    assert_eq!(named(&mysqld(&[("instance", "10.0.0.5:9104")]), &here), " / 1 strangers / ");
}

fn client(server: &Server) -> Client {
    Client::new(&server.address(), Credentials::None, None).unwrap()
}

fn figure(exporter: Exporter, metric: &str, statistic: Statistic) -> Figure {
    let is =
        |one: &&Figure| (one.exporter, one.metric, one.statistic) == (exporter, metric, statistic);
    *FIGURES.iter().find(is).unwrap()
}

fn subjects(exporter: Exporter, count: usize) -> Vec<Subject> {
    let address = |index: usize| format!("10.0.{}.{}", index / 200, index % 200 + 1);
    let instances = (0..count)
        .map(|index| instance(&format!("i-{index}"), &[&address(index)], "2026-10-01T00:00:00Z"))
        .collect();
    let targets: Vec<Target> = (0..count)
        .map(|index| target(exporter, &[("instance", &format!("{}:9100", address(index)))]))
        .collect();
    assigned(&targets, &snapshot(instances)).subjects
}

type Read = (Result<Fetched, PrometheusError>, Vec<Series>);

fn read_with(
    server: &Server,
    figure: &Figure,
    subjects: &[Subject],
    from: &str,
    until: &str,
) -> Read {
    let mut read = Vec::new();
    let subjects: Vec<&Subject> = subjects.iter().collect();
    let stretch = Stretch::within(at(from), at(until)).unwrap();
    let fetched = block_on(fetch(
        &client(server),
        figure,
        &subjects,
        stretch,
        "{cluster=\"live\"}",
        |series| read.push(series),
    ));
    (fetched, read)
}

/// Reads an hour of one machine's memory.
fn read_hour(server: &Server) -> Read {
    let figure = figure(Exporter::Node, "mem_used_percent", Statistic::Maximum);
    let one = subjects(Exporter::Node, 1);
    read_with(server, &figure, &one, "2026-10-30T00:00:00Z", "2026-10-30T01:00:00Z")
}

const MIDNIGHT: i64 = 1_793_318_400;

#[test]
fn each_sample_is_of_the_interval_before_it_and_gaps_stay_gaps() {
    let server = Server::answering(|_| {
        let values = [(300, "41.5"), (600, "NaN"), (900, "0"), (1500, "+Inf"), (1800, "43")];
        let values = values.map(|(second, value)| (MIDNIGHT + second, value));
        matrix(&[("instance", "10.0.0.1:9100", &values)], &[])
    });
    let (fetched, read) = read_hour(&server);
    assert_eq!(fetched.unwrap(), Fetched { samples: 3, warnings: Vec::new() });
    let series = &read[0];
    assert_eq!(series.seconds, [0, 600, 1500].map(|second| MIDNIGHT + second));
    assert_eq!(series.values, [41.5, 0.0, 43.0]);
    assert_eq!(
        (series.namespace.as_str(), series.metric.as_str(), series.period_seconds),
        ("Prometheus", "mem_used_percent", 300)
    );
    assert_eq!(series.resource_id.as_str(), "i-0");
    let asked = server.asked();
    let query = &asked[0];
    assert_eq!(query.path, "/api/v1/query_range");
    assert_eq!(query.get("start"), (MIDNIGHT + 300).to_string());
    assert_eq!(query.get("end"), (MIDNIGHT + 3600).to_string());
    assert_eq!(query.get("step"), "300");
    assert!(
        query.get("query").contains(r#"{instance=~"10\\.0\\.0\\.1:9100",cluster="live"}"#),
        "{}",
        query.get("query")
    );
}

#[test]
fn what_nobody_asked_for_is_not_taken() {
    let server = Server::answering(|_| {
        let values = [(MIDNIGHT, "1"), (MIDNIGHT + 300, "2"), (MIDNIGHT + 9000, "3")];
        matrix(
            &[("instance", "10.0.0.1:9100", &values), ("instance", "10.9.9.9:9100", &values)],
            &[],
        )
    });
    let (_, read) = read_hour(&server);
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].values, [2.0]);
}

#[test]
fn an_address_counts_from_when_the_machine_started() {
    let server = Server::answering(|_| {
        let values = [(MIDNIGHT + 300, "1"), (MIDNIGHT + 600, "2"), (MIDNIGHT + 900, "3")];
        matrix(&[("instance", "10.0.0.1:9100", &values)], &[])
    });
    let here = snapshot(vec![instance("i-1", &["10.0.0.1"], "2026-10-30T00:05:00Z")]);
    let one = assigned(&[node(&[("instance", "10.0.0.1:9100")])], &here).subjects;
    let figure = figure(Exporter::Node, "mem_used_percent", Statistic::Maximum);
    let (_, read) =
        read_with(&server, &figure, &one, "2026-10-30T00:00:00Z", "2026-10-30T01:00:00Z");
    assert_eq!(read[0].values, [2.0, 3.0]);
}

#[test]
fn many_machines_and_weeks_are_asked_for_in_pieces() {
    let server = Server::answering(|_| matrix(&[], &[]));
    let many = subjects(Exporter::Windows, 45);
    let figure = figure(Exporter::Windows, "mem_used_percent", Statistic::Maximum);
    let (fetched, read) =
        read_with(&server, &figure, &many, "2026-10-01T00:00:00Z", "2026-10-15T00:00:00Z");
    assert_eq!((fetched.unwrap().samples, read.len()), (0, 0));
    let asked = server.asked();
    // 20, 20 and 5 machines, of two weeks each.
    assert_eq!(asked.len(), 6);
    for query in &asked {
        let second = |name| query.get(name).parse::<i64>().unwrap();
        assert!((second("end") - second("start")) / second("step") < 11_000);
        assert!(query.text.len() < 8_000, "{} bytes", query.text.len());
    }
}

#[test]
fn a_question_that_is_too_large_is_asked_in_halves() {
    let server = Server::answering(|query| {
        let span =
            query.get("end").parse::<i64>().unwrap() - query.get("start").parse::<i64>().unwrap();
        if query.get("query").matches(":9100").count() > 2 || span > 1800 {
            let message =
                "query processing would load too many samples into memory in query execution";
            return error(422, "execution", message);
        }
        let moment = query.get("end").parse::<i64>().unwrap();
        matrix(&[("instance", "10.0.0.1:9100", &[(moment, "5")])], &[])
    });
    let figure = figure(Exporter::Node, "mem_used_percent", Statistic::Maximum);
    let one = subjects(Exporter::Node, 1);
    let (fetched, read) =
        read_with(&server, &figure, &one, "2026-10-30T00:00:00Z", "2026-10-30T01:00:00Z");
    assert_eq!(fetched.unwrap().samples, 2);
    let mut seconds: Vec<i64> = read.iter().flat_map(|one| one.seconds.clone()).collect();
    seconds.sort_unstable();
    assert_eq!(seconds, [MIDNIGHT + 1500, MIDNIGHT + 3300]);
    let many = subjects(Exporter::Node, 3);
    let (fetched, _) =
        read_with(&server, &figure, &many, "2026-10-30T00:00:00Z", "2026-10-30T00:30:00Z");
    assert_eq!(fetched.unwrap().samples, 1);
}

#[test]
fn a_question_that_stays_too_large_is_an_error() {
    let server =
        Server::answering(|_| error(503, "timeout", "query timed out in expression evaluation"));
    let (fetched, read) = read_hour(&server);
    assert!(matches!(fetched, Err(PrometheusError::TooMuch { .. })), "{fetched:?}");
    assert!(read.is_empty());
}

#[test]
fn an_answer_in_part_says_so() {
    let server = Server::answering(|_| {
        let values = [(MIDNIGHT + 300, "1")];
        let warnings =
            ["No StoreAPIs matched for this query", "PromQL info: might not be a counter"];
        matrix(&[("instance", "10.0.0.1:9100", &values)], &warnings)
    });
    let (fetched, read) = read_hour(&server);
    assert_eq!(fetched.unwrap().warnings, ["No StoreAPIs matched for this query"]);
    assert_eq!(read.len(), 1);
    assert_eq!(server.asked()[0].get("partial_response"), "false");
}

/// Checks what becomes of an answer that is none.
fn check_failure(status: u16, headers: &str, body: &str, code: &str) {
    let server = Server::raw(status, headers, body);
    let (fetched, _) = read_hour(&server);
    let reason = fetched.unwrap_err().reason();
    assert_eq!(reason.code, code, "{reason:?}");
    for text in [&reason.text.en, &reason.text.ko] {
        assert!(!text.contains("10.0.0.1") && text.ends_with('.'), "{text}");
    }
    assert!(reason.text.ko.chars().any(|letter| ('가'..='힣').contains(&letter)));
}

#[test]
fn every_refusal_is_told_in_both_languages() {
    let json = |kind: &str| format!(r#"{{"status":"error","errorType":"{kind}","error":"no"}}"#);
    check_failure(200, "", "<!DOCTYPE html><title>Grafana</title>", "prometheus-foreign");
    check_failure(404, "", "404 page not found", "prometheus-foreign");
    check_failure(200, "", r#"{"status":"success"}"#, "prometheus-foreign");
    check_failure(
        200,
        "",
        r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#,
        "prometheus-foreign",
    );
    check_failure(401, "", "", "prometheus-denied");
    check_failure(403, "", &json("forbidden"), "prometheus-denied");
    check_failure(
        302,
        "Location: https://login.example/?next=10.0.0.1\r\n",
        "",
        "prometheus-redirected",
    );
    check_failure(400, "", &json("bad_data"), "prometheus-refused");
    check_failure(422, "", &json("execution"), "prometheus-refused");
    check_failure(429, "", "slow down", "prometheus-overloaded");
    check_failure(503, "", &json("unavailable"), "prometheus-overloaded");
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let gone = Server::gone();
    let client = Client::new(&gone, Credentials::None, None).unwrap();
    let error = block_on(targets(&client, "", at("2026-10-31T00:00:00Z"))).unwrap_err();
    assert!(
        matches!(&error, PrometheusError::Unreachable { server, .. } if *server == gone),
        "{error:?}"
    );
    assert!(error.reason().text.en.contains("refused"), "{error}");
}

#[test]
fn who_we_are_is_sent_with_every_question() {
    let server = Server::answering(|_| series(&[]));
    let basic = Credentials::Basic { username: "a".into(), password: "b".into() };
    for (credentials, expected) in
        [(Credentials::Bearer("token".into()), "Bearer token"), (basic, "Basic YTpi")]
    {
        let client = Client::new(&server.address(), credentials, None).unwrap();
        block_on(targets(&client, "", at("2026-10-31T00:00:00Z"))).unwrap();
        let asked = server.asked();
        assert_eq!(asked.len(), Exporter::ALL.len());
        assert!(asked.iter().all(|one| one.authorization == expected), "{asked:?}");
    }
}

#[test]
fn targets_are_listed_once_whatever_signs_they_give() {
    let server = Server::answering(|query| {
        if !query.text.contains("node_memory_MemTotal_bytes") {
            return series(&[]);
        }
        assert!(
            query.text.contains("node_memory_MemTotal_bytes%7Bcluster%3D%22live%22%7D"),
            "{}",
            query.text
        );
        series(&[
            &[
                ("__name__", "node_memory_MemTotal_bytes"),
                ("instance", "10.0.0.1:9100"),
                ("job", "node"),
            ],
            &[
                ("__name__", "node_boot_time_seconds"),
                ("instance", "10.0.0.1:9100"),
                ("job", "node"),
            ],
        ])
    });
    let now = at("2026-10-31T00:00:00Z");
    let found = block_on(targets(&client(&server), "cluster=\"live\"", now)).unwrap();
    assert_eq!(found.targets, [node(&[("instance", "10.0.0.1:9100"), ("job", "node")])]);
    assert_eq!(server.asked()[0].get("start"), (now.as_second() - 86_400).to_string());
}

#[test]
fn every_exporter_has_its_figures() {
    let endpoint = "game.abc.ap-northeast-2.rds.amazonaws.com:3306";
    let game = database("game", "game.abc.ap-northeast-2.rds.amazonaws.com");
    let mysqld = target(Exporter::Mysqld, &[("instance", endpoint)]);
    for (subjects, label) in [
        (subjects(Exporter::Node, 1), "10.0.0.1:9100"),
        (subjects(Exporter::Windows, 1), "10.0.0.1:9100"),
        (assigned(&[mysqld], &game).subjects, endpoint),
    ] {
        let server = Server::answering(move |_| {
            matrix(&[("instance", label, &[(MIDNIGHT + 300, "12.5")])], &[])
        });
        for figure in FIGURES.iter().filter(|one| one.exporter == subjects[0].exporter) {
            let hour = ("2026-10-30T00:00:00Z", "2026-10-30T01:00:00Z");
            let (fetched, read) = read_with(&server, figure, &subjects, hour.0, hour.1);
            assert_eq!(fetched.unwrap().samples, 1);
            let series = &read[0];
            assert_eq!(
                (series.metric.as_str(), series.statistic, &series.values[..]),
                (figure.metric, figure.statistic, &[12.5][..])
            );
            assert_eq!(series.resource_id, subjects[0].resource.id);
        }
    }
}
