//! The bill of the demo's company among its teams, and the use of its machines.

use serde_json::Value;

use crate::client::get;
use crate::company::company;
use crate::server::Server;

#[test]
fn whose_cost_it_is_adds_up_and_use_after_a_change_is_what_the_recommendation_says() {
    let exports = company(
        "[[allocation]]\nname = \"team\"\ntags = [\"Team\"]\n\
         [[allocation.virtual_tag]]\nvalue = \"network\"\nservices = [\"Amazon Virtual Private*\"]\n\
         [[allocation.shared]]\nname = \"storage\"\nservices = [\"Amazon Simple Storage*\"]\n",
    );
    let server = Server::start(&exports);
    let answer = get(&server, "/api/v1/allocation").json();
    let days = format!("from={}&until={}", answer["from"], answer["until"]).replace('"', "");
    let spent = get(&server, &format!("/api/v1/costs?{days}")).json();
    let decimal = |value: &Value| -> rust_decimal::Decimal {
        value["amount"].as_str().expect("an amount").parse().expect("a number")
    };
    let team = &answer["items"][0];
    assert_eq!(decimal(&team["total"]), decimal(&spent["total"]), "{answer}");
    let owners = team["owners"].as_array().expect("a list");
    let owned: rust_decimal::Decimal = owners.iter().map(|owner| decimal(&owner["cost"])).sum();
    assert_eq!(owned + decimal(&team["unallocated"]), decimal(&team["total"]));
    let borne: rust_decimal::Decimal = owners.iter().map(|owner| decimal(&owner["shared"])).sum();
    assert_eq!(borne, decimal(&team["shared"][0]["cost"]), "{team}");
    assert!(borne > rust_decimal::Decimal::ZERO, "{team}");
    let page = get(&server, "/allocation?lang=en").body;
    for owner in owners {
        assert!(page.contains(owner["owner"].as_str().expect("a name")), "{owner}");
    }

    let filter = "/api/v1/recommendations?filter=check%3Dec2-instance-oversized";
    let item = get(&server, filter).json()["items"][0].clone();
    let id = item["id"].as_str().expect("an identifier");
    let series = get(&server, &format!("/api/v1/recommendations/{id}/series")).json();
    let cpu = &series["panels"][0];
    assert_eq!(cpu["name"], "cpu_max", "{series}");
    let highest = |points: &Value| {
        let points = points.as_array().expect("points").iter();
        points.filter_map(|point| point[1].as_f64()).fold(0.0, f64::max)
    };
    // Figures have two decimals here.
    let measured = item["evidence"]["figures"]["cpu_max"]["value"].as_f64().expect("a figure");
    assert!((highest(&cpu["measured"]) - measured).abs() < 0.006, "{measured}");
    let page = get(&server, &format!("/recommendations/{id}?lang=en")).body;
    assert!(page.contains("Use, now and after") && page.contains("Network"), "{page}");
    assert!(page.contains("Step by step") && page.contains("Watched afterwards"), "{page}");
    // The first option is what there is now, and machines are described by the catalogue.
    let csv = get(&server, &format!("/recommendations/{id}?list=options&format=csv")).body;
    let rows: Vec<&str> = csv.lines().collect();
    assert!(rows[0].starts_with("option,choice,vcpu,memory_gib,price_hour"), "{csv}");
    assert!(rows[1].contains(",now,") && rows[2].contains(",recommended,"), "{csv}");
    assert!(!rows[1].contains(",now,,"), "{csv}");
    let after = item["projected"]["cpu_max"].as_f64().expect("a projection");
    assert!((highest(&cpu["projected"]) - after).abs() < 0.02, "{after}");
}
