//! What a server answers to the query of a gate becomes points, or the reason why there are none.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a helper of a test may panic")]

mod runtime;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod server;

use jiff::Timestamp;

use runtime::block_on;
use server::{Answer, Server, error, matrix};
use trimtab_model::gate::{Points, PointsStatus, SignalSource};
use trimtab_model::metric::{Origin, PROMETHEUS, Statistic};
use trimtab_model::period::Period;
use trimtab_prometheus::client::{Client, Credentials};
use trimtab_prometheus::gate;

fn source() -> SignalSource {
    SignalSource {
        origin: Origin { account: "111122223333".into(), region: "ap-northeast-2".into() },
        resource: "i-1".into(),
        namespace: PROMETHEUS.to_owned(),
        metric: "query".to_owned(),
        statistic: Statistic::Average,
        percentile: None,
        period_seconds: 60,
        scale: 1.0,
        query: Some("max(cpu{id=\"i-1\"})".to_owned()),
    }
}

fn read(server: &Server) -> Points {
    let at = |second| Timestamp::from_second(second).unwrap();
    let client = Client::new(&server.address(), Credentials::None, None).unwrap();
    let period = Period::new(at(600), at(900)).unwrap();
    block_on(gate::read(&client, &source(), &[period], at(10_000)))
}

fn of(answer: Answer) -> Points {
    let (status, headers, body) = answer;
    read(&Server::raw(status, &headers, &body))
}

#[test]
fn a_value_is_of_the_step_before_it_and_the_query_goes_as_it_is() {
    let values = [(660, "1.5"), (720, "2"), (900, "80"), (960, "99")];
    let (status, headers, body) = matrix(&[("x", "y", &values)], &[]);
    let server = Server::raw(status, &headers, &body);
    let points = read(&server);
    assert_eq!(points.status, PointsStatus::Complete);
    let found: Vec<(i64, f64)> =
        points.points.iter().map(|(at, value)| (at.as_second(), *value)).collect();
    assert_eq!(found, [(600, 1.5), (660, 2.0), (840, 80.0)]);
    let asked = &server.asked()[0];
    assert_eq!(asked.get("query"), "max(cpu{id=\"i-1\"})");
    assert_eq!(
        (asked.get("start"), asked.get("end"), asked.get("step")),
        ("660".into(), "900".into(), "60".into())
    );
}

#[test]
fn e03_what_is_no_number_is_handed_on_as_it_is() {
    let values = [(660, "NaN"), (720, "+Inf"), (780, "-Inf"), (840, "soon")];
    let points = of(matrix(&[("x", "y", &values)], &[])).points;
    assert_eq!(points.len(), 4);
    assert!(points.iter().all(|(_, value)| !value.is_finite()));
}

#[test]
fn e04_an_answer_in_part_is_said_to_be_one_and_a_refusal_is_forbidden() {
    let values = [(660, "1")];
    assert_eq!(
        of(matrix(&[("x", "y", &values)], &["a store is down"])).status,
        PointsStatus::Partial
    );
    assert_eq!(of((401, String::new(), String::new())).status, PointsStatus::Forbidden);
    for answer in [
        error(400, "bad_data", "parse error"),
        error(503, "timeout", "query timed out in expression evaluation"),
        (200, String::new(), "<html>Sign in</html>".to_owned()),
        (502, String::new(), String::new()),
    ] {
        let status = of(answer.clone()).status;
        assert!(matches!(status, PointsStatus::Failed(_)), "{answer:?}: {status:?}");
    }
    let client = Client::new(&Server::gone(), Credentials::None, None).unwrap();
    let at = |second| Timestamp::from_second(second).unwrap();
    let period = Period::new(at(600), at(900)).unwrap();
    let gone = block_on(gate::read(&client, &source(), &[period], at(10_000)));
    assert!(matches!(gone.status, PointsStatus::Failed(_)));
}

#[test]
fn nothing_is_no_failure_of_the_source_and_several_series_are() {
    let none = of(matrix(&[], &[]));
    assert_eq!((none.status, none.points.len()), (PointsStatus::Complete, 0));
    let values = [(660, "1")];
    let two = of(matrix(&[("x", "a", &values), ("x", "b", &values)], &[]));
    assert!(
        matches!(&two.status, PointsStatus::Failed(why) if why.contains("2 series")),
        "{two:?}"
    );
    assert!(two.points.is_empty());
}
