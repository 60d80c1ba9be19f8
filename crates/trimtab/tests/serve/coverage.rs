//! What is known of each account and region, which permissions lack, and what asking AWS took.

use serde_json::json;

use jiff::Timestamp;
use trimtab_model::api_use::{ApiPrice, ApiPurpose, ApiUse, OperationCalls, PaidUse};
use trimtab_model::collection::{Collection, Outcome};
use trimtab_model::coverage::PlaceMarks;
use trimtab_model::money::Money;
use trimtab_model::resource::ResourceKind;
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::Reason;
use trimtab_store::state::{MetricMark, State};

use crate::client::get;
use crate::server::Server;
use crate::shapes::conforms;
use crate::support::{Exports, json as json_of, stdout};

const ACCOUNT: &str = "111122223333";
const REGION: &str = "ap-northeast-2";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).expect("a moment")
}

/// Keeps what a scan read: volumes were listed, and databases were refused.
fn scanned(state: &State) {
    let listing = |kind, outcome, refused: &[&str]| Collection {
        account: ACCOUNT.into(),
        region: REGION.into(),
        kind,
        outcome,
        resources: 0,
        reasons: refused.iter().map(|_| Reason::new("denied", "It lacks.", "없습니다.")).collect(),
        refused: refused.iter().map(|action| (*action).to_owned()).collect(),
        at: at(60),
    };
    let mut listed = Snapshot::empty(at(60));
    let place = (ACCOUNT.into(), REGION.into());
    listed.listed.entry(ResourceKind::Volume).or_default().insert(place);
    let scan = state.begin_scan(at(0), "all").expect("kept");
    let volumes = listing(ResourceKind::Volume, Outcome::Complete, &[]);
    state.save_part(scan, &volumes, &listed).expect("kept");
    let denied = listing(ResourceKind::DbInstance, Outcome::Denied, &["rds:DescribeDBInstances"]);
    state.save_part(scan, &denied, &Snapshot::empty(at(60))).expect("kept");
    let mark = MetricMark {
        resource: "vol-1".into(),
        series: "AWS/EBS VolumeReadOps Sum".to_owned(),
        since: Some(at(0)),
        until: at(3_600),
    };
    state.set_metric_marks(&ACCOUNT.into(), &REGION.into(), &[mark]).expect("kept");
    let expected = PlaceMarks {
        account: ACCOUNT.into(),
        region: REGION.into(),
        measured: (1, Some(at(3_600))),
        memory: (0, None),
    };
    assert_eq!(state.measured_places().expect("read"), [expected]);
}

fn asked(metrics: u64) -> ApiUse {
    let usd = |text: &str| Money::usd(text.parse().expect("a number"));
    ApiUse {
        purpose: ApiPurpose::Scan,
        began: at(0),
        ended: at(90),
        finished: true,
        calls: vec![OperationCalls {
            service: "EC2".to_owned(),
            operation: "DescribeVolumes".to_owned(),
            count: 3,
        }],
        paid: vec![PaidUse {
            meter: "cloudwatch/getmetricdata".to_owned(),
            quantity: metrics,
            unit: "metric".to_owned(),
            cost: Some(usd("0.02")),
            price: Some(ApiPrice {
                price: usd("0.01"),
                per: "1000 metrics".to_owned(),
                region: "us-east-1".to_owned(),
                source: "AWS Price List".to_owned(),
                as_of: None,
            }),
        }],
    }
}

#[test]
fn what_a_scan_lacked_is_told_by_place_by_action_and_by_what_it_cost() {
    let exports = Exports::empty();
    let state = State::open(&exports.data_dir()).expect("a state");
    scanned(&state);
    state.keep_api_use(&asked(2_000)).expect("kept");
    let server = Server::start(&exports);

    let places = get(&server, "/api/v1/coverage/places");
    conforms(&server, "get", "/api/v1/coverage/places", "200", &places);
    let place = &places.json()["items"][0];
    assert_eq!((&place["account"], &place["region"]), (&json!(ACCOUNT), &json!(REGION)));
    let source = |name: &str| {
        let all = place["sources"].as_array().cloned().unwrap_or_default();
        let found = all.into_iter().find(|one| one["source"] == name).expect("a source");
        (found["status"].clone(), found["read"].clone(), found["of"].clone())
    };
    assert_eq!(source("inventory"), (json!("partial"), json!(1), json!(2)));
    assert_eq!(source("bill"), (json!("none"), json!(null), json!(null)));
    assert_eq!(source("compute-optimizer").0, json!("unknown"));

    let gaps = get(&server, "/api/v1/coverage/gaps");
    conforms(&server, "get", "/api/v1/coverage/gaps", "200", &gaps);
    let gaps = gaps.json();
    assert_eq!(gaps["permissions"][0]["action"], "rds:DescribeDBInstances");
    assert_eq!(gaps["permissions"][0]["is_exact"], true);
    assert_eq!(gaps["policy"]["Statement"][0]["Action"], json!(["rds:DescribeDBInstances"]));

    let calls = get(&server, "/api/v1/coverage/calls");
    conforms(&server, "get", "/api/v1/coverage/calls", "200", &calls);
    let calls = calls.json();
    assert_eq!(calls["items"][0]["cost"], json!({"amount": "0.02", "currency": "USD"}));
    assert_eq!(
        (&calls["months"][0]["calls"], &calls["months"][0]["metrics"]),
        (&json!(3), &json!(2_000))
    );

    let page = get(&server, "/coverage?lang=en").body;
    for told in ["rds:DescribeDBInstances", "partial", "What asking AWS cost", "1000 metrics"] {
        assert!(page.contains(told), "{told}");
    }
    let narrowed = get(&server, "/coverage?lang=en&list=places&f.inventory=complete").body;
    assert!(narrowed.contains("0 of 1 rows"), "{narrowed}");
    let file = get(&server, "/coverage?list=permissions&format=csv").body;
    assert!(file.contains("rds:DescribeDBInstances"), "{file}");

    // The command line says the same.
    let listed = json_of(&exports.trimtab(&["coverage", "--list", "places", "-o", "json"]));
    assert_eq!(listed["items"][0]["inventory"], "partial");
    let text = stdout(&exports.trimtab(&["coverage", "--list", "months", "-o", "csv"]));
    assert!(text.contains("2000"), "{text}");
}
