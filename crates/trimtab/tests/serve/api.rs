//! What the API does, and what it refuses.

use serde_json::{Value, json};

use trimtab_model::id::RunId;
use trimtab_model::journal::Event;
use trimtab_store::state::{Holder, RunRecord, State};

use crate::client::{ask, get, little, place, post, post_with};
use crate::server::Server;
use crate::support::{Exports, json as json_of, stderr};

/// Returns the identifier of the first recommendation.
fn first(server: &Server) -> String {
    let all = get(server, "/api/v1/recommendations?limit=1").json();
    all["items"][0]["id"].as_str().expect("a recommendation").to_owned()
}

#[test]
fn an_address_or_a_method_that_is_not_there_is_a_problem() {
    let exports = little();
    let server = Server::start(&exports);
    let bearer = format!("Bearer {}", place(&server).1);
    let own = [("Authorization", bearer.as_str())];
    for path in ["/api", "/api/", "/api/v1", "/api/v1/nowhere", "/api/v2/costs", "/api/v1/costs/"] {
        for method in ["GET", "POST"] {
            let answer = ask(&server, method, path, &own, "");
            assert_eq!(
                (answer.status, &answer.json()["code"]),
                (404, &json!("not-found")),
                "{path}"
            );
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
            assert_ne!(answer.json()["hint"], Value::Null, "{path}");
        }
    }
    for (method, path, allow) in [
        ("POST", "/api/v1/costs", "GET,HEAD"),
        ("DELETE", "/api/v1/plans", "GET,HEAD,POST"),
        ("PUT", "/api/v1/recommendations/R-x", "GET,HEAD"),
        ("GET", "/api/v1/recommendations/R-x/dismiss", "POST"),
        ("POST", "/metrics", "GET,HEAD"),
    ] {
        let answer = ask(&server, method, path, &own, "");
        let code = answer.json()["code"].clone();
        assert_eq!((answer.status, code), (405, json!("method-not-allowed")), "{method} {path}");
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
    }
    // Elsewhere a person reads a page.
    assert!(get(&server, "/nowhere").body.contains("<html"));
    let korean = get(&server, "/api/v1/nowhere?lang=ko").json();
    assert!(korean["title"].as_str().is_some_and(|title| title.contains("주소")), "{korean}");
}

#[test]
fn what_is_asked_for_wrongly_is_told_and_no_amount_is_converted() {
    let exports = little();
    let server = Server::start(&exports);
    let told = |path: &str| {
        let sign = if path.contains('?') { '&' } else { '?' };
        let answer = get(&server, &format!("{path}{sign}lang=en"));
        assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("usage")), "{path}");
        answer.json()["title"].as_str().unwrap_or_default().to_owned()
    };
    assert!(told("/api/v1/costs/hours").contains("`day`"));
    assert!(told("/api/v1/costs/hours?day=2026-10-02&basis=list").contains("list cost"));
    assert!(told("/api/v1/unit-costs?per=cow").contains("cow"));
    // Asked twice, for what is kept is kept by address.
    for path in ["/api/v1/costs", "/api/v1/overview", "/api/v1/recommendations", "/api/v1/plans"] {
        assert_eq!(get(&server, path).status, 200, "{path}");
        for currency in ["KRW", "USD", "nonsense"] {
            assert!(told(&format!("{path}?currency={currency}")).contains("converts"), "{path}");
        }
    }
    assert_eq!(get(&server, "/cost?currency=USD").status, 200);
}

#[test]
fn a_recommendation_is_hidden_and_shown_again_with_a_reason() {
    let exports = little();
    let server = Server::start(&exports);
    let id = first(&server);
    let at = |what: &str| format!("/api/v1/recommendations/{id}/{what}");
    let hidden = || get(&server, "/api/v1/recommendations").json()["hidden"].clone();
    for (what, body) in [
        ("dismiss", json!({})),
        ("dismiss", json!({"reason": " "})),
        ("dismiss", json!({"reason": "x".repeat(501)})),
        ("dismiss", json!({"reason": "no", "untill": "2099-01-01"})),
        ("dismiss", json!({"reason": "no", "until": "2020-01-01"})),
        ("snooze", json!({"reason": "later"})),
        ("snooze", json!({"reason": "later", "until": "soon"})),
        ("reopen", json!({"reason": "back"})),
    ] {
        let answer = post(&server, &at(what), &body);
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (400, &json!("usage")),
            "{what} {body}"
        );
    }
    assert_eq!(hidden(), json!(0));
    let answer = post(&server, &at("dismiss"), &json!({"reason": "kept for the audit"}));
    let disposition = json!({"kind": "dismissed", "reason": "kept for the audit", "until": null});
    assert_eq!((answer.status, &answer.json()["disposition"]), (200, &disposition));
    assert_eq!(answer.json()["item"]["id"], json!(id));
    assert_eq!(hidden(), json!(1));
    assert!(get(&server, &format!("/recommendations/{id}")).body.contains("kept for the audit"));
    let bearer = format!("Bearer {}", place(&server).1);
    let open = ask(&server, "POST", &at("reopen"), &[("Authorization", &bearer)], "");
    assert_eq!((open.status, &open.json()["disposition"]), (200, &Value::Null));
    assert_eq!(hidden(), json!(0));
    let later = json!({"reason": "after the event", "until": "2099-12-31"});
    let snoozed = post(&server, &at("snooze"), &later).json()["disposition"].clone();
    assert_eq!((&snoozed["kind"], &snoozed["until"]), (&json!("snoozed"), &json!("2099-12-31")));
    let none = post(&server, "/api/v1/recommendations/R-none/dismiss", &json!({"reason": "no"}));
    assert_eq!((none.status, &none.json()["code"]), (404, &json!("not-found")));
}

#[test]
fn a_body_that_is_no_json_and_a_request_from_elsewhere_change_nothing() {
    let exports = little();
    let server = Server::start(&exports);
    let path = format!("/api/v1/recommendations/{}/dismiss", first(&server));
    let bearer = format!("Bearer {}", place(&server).1);
    let own = ("Authorization", bearer.as_str());
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let answer = ask(&server, "POST", &path, &[own, form], "reason=no");
    assert_eq!((answer.status, &answer.json()["code"]), (415, &json!("unsupported-media-type")));
    let json = ("Content-Type", "application/json; charset=utf-8");
    let broken = ask(&server, "POST", &path, &[own, json], "{\"reason\":");
    assert_eq!((broken.status, broken.json()["detail"].is_string()), (400, true));
    let large = format!("{{\"reason\": \"{}\"}}", "x".repeat(300 << 10));
    assert_eq!(ask(&server, "POST", &path, &[own, json], &large).status, 413);
    let body = json!({"reason": "forged"});
    for foreign in [("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site")] {
        let answer = post_with(&server, &path, &[foreign], &body);
        assert_eq!((answer.status, &answer.json()["code"]), (403, &json!("foreign-origin")));
    }
    let nobody = ask(&server, "POST", &path, &[json], &body.to_string());
    assert_eq!(nobody.status, 401);
    assert_eq!(get(&server, "/api/v1/recommendations").json()["hidden"], json!(0));

    let shows = Server::start_with(&exports, &["--read-only"]);
    for path in
        [path.as_str(), "/api/v1/plans", "/api/v1/plans/P-x/approve", "/api/v1/runs/RUN-x/pause"]
    {
        let answer = post(&shows, path, &body);
        assert_eq!((answer.status, &answer.json()["code"]), (403, &json!("read-only")), "{path}");
    }
}

#[test]
fn a_plan_is_made_once_for_a_key() {
    let exports = little();
    let server = Server::start(&exports);
    let id = first(&server);
    let plans = || get(&server, "/api/v1/plans").json()["count"].clone();
    for body in [
        json!({}),
        json!({"by": "kim"}),
        json!({"by": " ", "filter": "risk<=low"}),
        json!({"by": "kim", "filter": "risk<=tiny"}),
        json!({"by": "kim", "filter": "saving>5eur"}),
    ] {
        let answer = post(&server, "/api/v1/plans", &body);
        assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("usage")), "{body}");
    }
    let unknown = json!({"by": "kim", "recommendations": ["R-ffffffffffff"]});
    let refused = post(&server, "/api/v1/plans", &unknown);
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("refused")));
    assert_eq!(plans(), json!(0));

    let body = json!({"by": "kim", "recommendations": [id]});
    let key = [("Idempotency-Key", "8e03978e-40d5-43dd-bc93-6894a57f9324")];
    let made = post_with(&server, "/api/v1/plans", &key, &body);
    assert_eq!(made.status, 201, "{}", made.body);
    let plan = made.json()["plan"].as_str().expect("a plan").to_owned();
    assert_eq!(made.header("location"), Some(format!("/api/v1/plans/{plan}").as_str()));
    assert_eq!(made.json()["created_by"], json!("kim"));
    let again = post_with(&server, "/api/v1/plans", &key, &body);
    assert_eq!((again.status, again.json()), (201, made.json()));
    assert_eq!(plans(), json!(1));
    let other = json!({"by": "lee", "recommendations": [id]});
    let reused = post_with(&server, "/api/v1/plans", &key, &other);
    assert_eq!((reused.status, &reused.json()["code"]), (422, &json!("idempotency-key-reused")));
    let long = "k".repeat(201);
    // One that is no key is refused: with none, each retry would make another plan.
    for key in [long.as_str(), "열쇠"] {
        let wrong = post_with(&server, "/api/v1/plans", &[("Idempotency-Key", key)], &body);
        assert_eq!((wrong.status, plans()), (400, json!(1)), "{key}");
    }
    // What the page and the command line list is the same plan.
    assert!(get(&server, "/plans").body.contains(&plan));
    let filtered = json!({"by": "lee", "filter": format!("id={id}")});
    assert_eq!(post(&server, "/api/v1/plans", &filtered).status, 201);
    assert_eq!(plans(), json!(2));
    for (body, status) in [
        (json!({"stage": "moon", "hash": "0123456789ab", "by": "lee"}), 400),
        (json!({"stage": "dev", "hash": "0123456789ab"}), 400),
    ] {
        let answer = post(&server, &format!("/api/v1/plans/{plan}/approve"), &body);
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
    }
    let nowhere = json!({"stage": "dev", "hash": "0123456789ab", "by": "lee"});
    assert_eq!(post(&server, "/api/v1/plans/P-none/approve", &nowhere).status, 404);
}

/// Writes a run that has begun and that nobody carries out.
fn begun(exports: &Exports) -> String {
    let state = State::open(&exports.data_dir()).expect("a state");
    let plans = state.plans("").expect("plans");
    let stored = plans.first().expect("a plan");
    let run = RunRecord {
        id: RunId::new("RUN-1"),
        plan: stored.id.clone(),
        started_at: stored.plan.created_at,
        is_simulated: false,
    };
    let holder = Holder { name: "kim", host: "here", process: "1" };
    let length = jiff::SignedDuration::from_mins(1);
    let lease = state.take_lease("actor", holder, (length, run.started_at), |_, _| true);
    let lease = lease.expect("a lease");
    let started = Event::RunStarted {
        run: run.id.clone(),
        plan: stored.id.clone(),
        hash: stored.hash.clone(),
        operator: "kim".to_owned(),
        host: "here".to_owned(),
    };
    state.begin(&run, &lease, vec![started], &[]).expect("a run");
    state.release_lease(&lease).expect("the lease is ours");
    run.id.as_str().to_owned()
}

#[test]
fn a_run_hears_what_is_asked_of_it() {
    let exports = little();
    let output = exports.trimtab(&["plan", "create", "--by", "kim"]);
    assert!(matches!(output.status.code(), Some(0 | 4)), "{}", stderr(&output));
    let run = begun(&exports);
    let server = Server::start(&exports);
    assert_eq!(get(&server, &format!("/api/v1/runs/{run}")).json()["status"], json!("open"));
    let asked = |what: &str| {
        let answer = post(&server, &format!("/api/v1/runs/{run}/{what}"), &json!({"by": "lee"}));
        (answer.status, answer.json()["asked"].clone(), answer.json()["is_new"].clone())
    };
    assert_eq!(asked("resume"), (202, json!("resume"), json!(false)));
    assert_eq!(asked("pause"), (202, json!("pause"), json!(true)));
    assert_eq!(asked("resume"), (202, json!("resume"), json!(true)));
    assert_eq!(asked("cancel"), (202, json!("cancel"), json!(true)));
    let state = State::open(&exports.data_dir()).expect("a state");
    let heard = state.asked(&RunId::new(&run)).expect("wishes");
    let words: Vec<&str> = heard.iter().map(|wish| wish.word.as_str()).collect();
    assert_eq!(words, ["pause", "resume", "cancel"]);
    // A run that goes on is asked to end, once for a key.
    let rollback = format!("/api/v1/runs/{run}/rollback");
    for (by, status) in [("lee", 202), ("lee", 202), ("kim", 422)] {
        let key = [("Idempotency-Key", "f2b4d0a1")];
        let answer = post_with(&server, &rollback, &key, &json!({"by": by}));
        assert_eq!(answer.status, status, "{by}: {}", answer.body);
        if status == 202 {
            crate::shapes::conforms(&server, "post", "/api/v1/runs/{id}/rollback", "202", &answer);
            assert_eq!(answer.json()["plan"], Value::Null);
        }
    }
    assert_eq!(state.asked(&RunId::new(&run)).expect("wishes").len(), 4);
    for (path, body, status) in [
        (format!("/api/v1/runs/{run}/rollback"), json!({"by": " "}), 400),
        ("/api/v1/runs/RUN-none/rollback".to_owned(), json!({"by": "lee"}), 404),
        (format!("/api/v1/runs/{run}/pause"), json!({}), 400),
        (format!("/api/v1/runs/{run}/pause"), json!({"by": ""}), 400),
        ("/api/v1/runs/RUN-none/pause".to_owned(), json!({"by": "lee"}), 404),
        (format!("/api/v1/runs/{run}/explode"), json!({"by": "lee"}), 404),
    ] {
        assert_eq!(post(&server, &path, &body).status, status, "{path} {body}");
    }
    // A run that is open is counted, and one that has ended is asked nothing any more.
    let metrics = get(&server, "/metrics").body;
    assert!(metrics.contains("trimtab_runs{status=\"open\"} 1"), "{metrics}");
    assert!(metrics.contains("trimtab_runs_ended{outcome=\"complete\"} 0"), "{metrics}");
}

#[test]
fn a_run_that_has_ended_is_asked_nothing_any_more() {
    let exports = Exports::empty();
    let run = json_of(&exports.trimtab(&["demo", "--run", "-o", "json"]));
    let dir = exports.data_dir().join("demo").join("run");
    let server = Server::start_with(&exports, &["--data-dir", dir.to_str().expect("UTF-8")]);
    let run = run["run"].as_str().expect("a run");
    for what in ["pause", "resume", "cancel"] {
        let path = format!("/api/v1/runs/{run}/{what}");
        let answer = post(&server, &path, &json!({"by": "lee"}));
        assert_eq!((answer.status, &answer.json()["code"]), (409, &json!("refused")), "{what}");
        assert_ne!(answer.json()["hint"], Value::Null, "{what}");
    }
    // It was simulated: there is nothing in any account to be taken back.
    let rollback = format!("/api/v1/runs/{run}/rollback");
    let answer = post(&server, &rollback, &json!({"by": "lee"}));
    assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("usage")));
    // The points of its gates are kept, the one that failed with its limit.
    let gates = get(&server, &format!("/api/v1/runs/{run}/gates")).json();
    let failed = gates["items"].as_array().into_iter().flatten().find_map(|change| {
        let gates = change["gates"].as_array()?.iter();
        gates.clone().find(|gate| {
            let values = gate["measured"].as_array().into_iter().flatten();
            let limit = gate["limit"].as_f64();
            gate["signal"] == "latency-p95"
                && values
                    .filter_map(|point| point["value"].as_f64())
                    .any(|value| Some(value) > limit)
        })
    });
    assert_eq!(failed.expect("one failed")["beside"], json!("earlier-weeks"));
    let page = get(&server, &format!("/runs/{run}?lang=en")).body;
    assert!(page.contains("Same hours of earlier weeks") && page.contains("Show what its gates"));
    for path in [
        "/api/v1/runs",
        "/api/v1/runs/{id}",
        "/api/v1/runs/{id}/gates",
        "/api/v1/plans",
        "/api/v1/audit",
    ] {
        let wanted = path.replace("{id}", run);
        crate::shapes::conforms(&server, "get", path, "200", &get(&server, &wanted));
    }
}
