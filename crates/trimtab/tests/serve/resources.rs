//! One resource: what it cost, what it is bound to, and what was done to it.

use serde_json::{Value, json};

use crate::client::{get, post};
use crate::company::company;
use crate::server::Server;
use crate::shapes::resource_address;

fn details(server: &Server, kind: &str) -> Vec<Value> {
    let all = get(server, &format!("/api/v1/resources?kind={kind}&limit=500")).json();
    let items = all["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| get(server, &resource_address(item)).json()).collect()
}

#[test]
fn a_disk_and_its_machine_name_each_other_and_the_page_shows_what_the_api_says() {
    let exports = company("");
    let server = Server::start(&exports);
    let volumes = details(&server, "AWS::EC2::Volume");
    let related = |detail: &Value, relation: &str| {
        let all = detail["related"].as_array().cloned().unwrap_or_default();
        all.into_iter().find(|one| one["relation"] == relation && !one["account"].is_null())
    };
    let (volume, machine) = volumes
        .iter()
        .find_map(|volume| Some((volume, related(volume, "attached-to")?)))
        .expect("a disk of a machine");
    let machine = get(&server, &resource_address(&machine)).json();
    let disks = machine["related"].as_array().cloned().unwrap_or_default();
    assert!(
        disks.iter().any(|one| {
            one["relation"] == "has-attached" && one["resource_id"] == volume["resource_id"]
        }),
        "{machine}"
    );
    let cost = &machine["cost"];
    assert_eq!(cost["days"].as_array().map(Vec::len), Some(60), "{cost}");
    assert!(cost["total"]["amount"].is_string() && cost["currency"].is_null());
    assert_eq!(machine["properties"]["state"], "running");
    let page = resource_address(&machine).replace("/api/v1/resource", "/resource") + "&lang=en";
    let page = get(&server, &page);
    assert_eq!(page.status, 200);
    let disk = volume["resource_id"].as_str().expect("an id");
    for told in ["Cost by day", "Measured use", "has attached", "No plan names", disk] {
        assert!(page.body.contains(told), "{told}");
    }
    let file = resource_address(&machine).replace("/api/v1/resource", "/resource");
    let file = get(&server, &format!("{file}&list=relations&format=csv"));
    assert!(file.body.contains(disk), "{}", file.body);
}

#[test]
fn a_plan_that_names_a_resource_and_what_was_decided_are_on_its_page() {
    let exports = company("");
    let server = Server::start(&exports);
    let filter = "check in (ec2-instance-oversized, ebs-volume-gp2) and risk<=high";
    let made = post(&server, "/api/v1/plans", &json!({"by": "kim", "filter": filter})).json();
    let id = made["plan"].as_str().expect("a plan").to_owned();
    let all = get(&server, "/api/v1/recommendations?limit=500").json();
    let items = all["items"].as_array().cloned().unwrap_or_default();
    let planned = items.iter().find_map(|item| {
        let detail = get(&server, &resource_address(item)).json();
        (detail["changes"][0]["plan"] == id.as_str()).then(|| (item.clone(), detail))
    });
    let (item, detail) = planned.expect("a resource of the plan");
    assert_eq!(detail["changes"][0]["status"], "waiting");
    assert_eq!(detail["changes"][0]["recommendation"], item["id"]);
    let dismiss =
        format!("/api/v1/recommendations/{}/dismiss", item["id"].as_str().expect("an id"));
    assert_eq!(post(&server, &dismiss, &json!({"reason": "after the event"})).status, 200);
    let decided = get(&server, &resource_address(&item)).json();
    assert_eq!(decided["decisions"][0]["decision"], "dismissed");
    assert_eq!(decided["decisions"][0]["holds"], true);
    let page = resource_address(&item).replace("/api/v1/resource", "/resource");
    let page = get(&server, &format!("{page}&lang=en")).body;
    assert!(page.contains(&format!("/plans/{id}")) && page.contains("after the event"), "{page}");
}

#[test]
fn an_address_that_names_no_resource_is_told() {
    let exports = company("");
    let server = Server::start(&exports);
    for path in ["/api/v1/resource", "/resource"] {
        let at = |query: &str| get(&server, &format!("{path}?{query}")).status;
        assert_eq!(at("kind=AWS::EC2::Volume&account=1&region=r"), 400, "{path}");
        assert_eq!(at("kind=Cow&account=1&region=r&id=x"), 400, "{path}");
        assert_eq!(at("kind=AWS::EC2::Volume&account=1&region=r&id=vol-none"), 404, "{path}");
    }
}
