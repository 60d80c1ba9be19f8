//! The list of recommendations is narrowed by links, and the command line reads what they write.

use serde_json::{Value, json};

use crate::client::{ask, get, place};
use crate::company::company;
use crate::server::Server;
use crate::support::{stderr, stdout};

fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn listed(server: &Server, filter: Option<&str>) -> Value {
    let filter = filter.map(|filter| format!("&filter={}", encoded(filter))).unwrap_or_default();
    get(server, &format!("/api/v1/recommendations?limit=1{filter}")).json()
}

fn values<'a>(listed: &'a Value, field: &str) -> &'a [Value] {
    listed["facets"][field].as_array().map_or(&[], Vec::as_slice)
}

fn sum(values: &[Value]) -> u64 {
    values.iter().filter_map(|one| one["count"].as_u64()).sum()
}

#[test]
fn every_value_leads_to_as_many_as_it_says() {
    let exports = company("");
    let server = Server::start(&exports);
    let all = listed(&server, None);
    for field in ["type", "env", "account", "risk", "confidence", "kind"] {
        let values = values(&all, field);
        assert_eq!(Some(sum(values)), all["count"].as_u64(), "{field}: {values:?}");
        for value in values {
            let narrowed = listed(&server, value["filter"].as_str());
            assert_eq!(narrowed["count"], value["count"], "{field}: {value}");
        }
    }

    // Under production the other environments keep their counts; of kinds only its own are counted.
    let prod = listed(&server, Some("saving>1usd and env=prod"));
    assert_eq!(Some(sum(values(&prod, "type"))), prod["count"].as_u64(), "{prod}");
    assert!(Some(sum(values(&prod, "env"))) > prod["count"].as_u64(), "{prod}");
    let dev = values(&prod, "env").iter().find(|one| one["value"] == "dev").expect("dev");
    let both = dev["filter"].as_str().expect("a condition");
    assert_eq!(both, "env in (prod, dev) and saving>1usd");
    let narrowed = listed(&server, Some(both));
    let counts = prod["count"].as_u64().zip(dev["count"].as_u64());
    assert_eq!(narrowed["count"].as_u64(), counts.map(|(prod, dev)| prod + dev));

    // The command line reads the same condition and finds the same.
    let output = exports.trimtab(&["rec", "list", "--filter", both, "-o", "json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let of_command: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let items = of_command["items"].as_array().map(Vec::len);
    assert_eq!(items, narrowed["count"].as_u64().and_then(|count| usize::try_from(count).ok()));
    assert_eq!(of_command["totals"], narrowed["totals"]);
}

#[test]
fn the_page_offers_the_links_draws_its_rows_and_is_come_back_to() {
    let exports = company("");
    let server = Server::start(&exports);
    let filter = "env in (prod, dev)";
    let page = get(&server, &format!("/recommendations?lang=en&filter={}", encoded(filter))).body;
    assert!(page.contains("aria-current=\"true\""), "{page}");
    assert!(page.contains("Env: prod, dev"), "the fold says what is chosen: {page}");
    assert!(page.contains("filter=env%3Ddev"), "a chosen value is taken away again: {page}");
    assert!(page.contains("class=\"chart range") && page.contains("class=\"chart spark"), "{page}");
    assert!(page.contains("not measured"), "{page}");
    // What nothing has is said, and can be taken away.
    let none = get(&server, "/recommendations?lang=en&filter=account%3D000000000000").body;
    assert!(none.contains("Account: 000000000000") && none.contains("No row meets"), "{none}");

    // Whoever forgot the name comes back to the list as it was narrowed.
    let bearer = format!("Bearer {}", place(&server).1);
    let headers = [("Authorization", bearer.as_str()), ("Accept-Language", "en")];
    let id = listed(&server, Some(filter))["items"][0]["id"].clone();
    let id = id.as_str().expect("a recommendation").to_owned();
    let back = encoded(&format!("?filter={}&sort=risk", encoded(filter)));
    let refused = ask(&server, "POST", "/plans", &headers, &format!("chosen={id}&back={back}"));
    assert_eq!(refused.status, 400, "{}", refused.body);
    let address =
        format!("/recommendations?filter={}&amp;sort=risk", "env%20in%20%28prod%2C%20dev%29");
    assert!(refused.body.contains(&format!("href=\"{address}\"")), "{}", refused.body);
    let made = ask(&server, "POST", "/plans", &headers, &format!("chosen={id}&by=kim&back={back}"));
    assert_eq!(made.status, 303, "{}", made.body);
    let plan = made.header("location").expect("the plan").to_owned();
    assert!(get(&server, &plan).body.contains(&id), "{plan}");
}

#[test]
fn a_cost_is_led_from_its_list_price_to_what_is_paid() {
    let exports = company("");
    let server = Server::start(&exports);
    let all = get(&server, "/api/v1/recommendations?limit=500").json();
    let items = all["items"].as_array().expect("a list");
    let mut known = 0;
    for item in items {
        let steps = item["build_up"]["steps"].as_array().expect("steps");
        let savings = &item["estimated_monthly_savings"];
        let paid = steps.last().expect("what is paid");
        assert_eq!((&paid["now"], &paid["after"]), (&savings["cost_now"], &savings["cost_after"]));
        for when in ["now", "after"] {
            let amounts: Option<Vec<rust_decimal::Decimal>> =
                steps.iter().map(|one| one[when].as_str()?.parse().ok()).collect();
            let Some(amounts) = amounts else { continue };
            let (paid, steps) = amounts.split_last().expect("six");
            let sum: rust_decimal::Decimal = steps.iter().sum();
            assert_eq!(sum.round_dp(6), paid.round_dp(6), "{item}");
            known += 1;
        }
    }
    assert!(known > items.len(), "{known} of {}", items.len());
    let id = items[0]["id"].as_str().expect("an identifier");
    let page = get(&server, &format!("/recommendations/{id}?lang=en")).body;
    assert!(page.contains("From the list price to what is paid"), "{page}");
    let file = get(&server, &format!("/recommendations/{id}?list=build-up&format=json")).json();
    assert!(file.to_string().contains("difference"), "{file}");
    assert_ne!(items[0]["evidence"]["coverage"][0]["daily"], json!(null), "{}", items[0]);
}
