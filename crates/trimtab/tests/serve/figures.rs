//! What pages and reports say of money is what the API says, to the last digit that is shown.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;

use trimtab_model::money::{Currency, Money};
use trimtab_model::text::Language;
use trimtab_render::money::{self, ExchangeRate};
use trimtab_render::style::Style;

use crate::client::get;
use crate::company::company;
use crate::server::Server;
use crate::support::stderr;

const RATE: &str = "[[exchange_rate]]\nfrom = \"USD\"\nto = \"KRW\"\nrate = 1385.2\n\
                    date = \"2026-10-30\"\nsource = \"test\"\n";

/// Returns how two readers have amounts shown: in English as the bill has them, and in Korean in won.
fn readers() -> [(Style, &'static str); 2] {
    let rate = ExchangeRate {
        from: Currency::USD,
        to: Currency::KRW,
        rate: Decimal::new(13852, 1),
        date: Date::constant(2026, 10, 30),
        source: "test".to_owned(),
    };
    let style = |language, currency| Style {
        currency: Some(currency),
        rates: vec![rate.clone()],
        ..Style::plain(language)
    };
    [
        (style(Language::En, Currency::USD), "lang=en&currency=USD"),
        (style(Language::Ko, Currency::KRW), "lang=ko&currency=KRW"),
    ]
}

fn amount(value: &Value) -> Money {
    let amount = value["amount"].as_str().expect("an amount").parse().expect("a number");
    let currency = value["currency"].as_str().expect("a currency").parse();
    Money::new(amount, currency.expect("a currency that is known"))
}

/// Returns the large figures of a page by their label: the value and the note.
fn figures(page: &str) -> BTreeMap<String, (String, String)> {
    let text = |rest: &str, class: &str| {
        let (_, rest) = rest.split_once(&format!("<p class=\"{class}\">")).unwrap_or_default();
        let text = rest.split_once("</p>").map_or("", |(text, _)| text);
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    };
    let all = page.split("<div class=\"figure ").skip(1);
    all.map(|rest| (text(rest, "label"), (text(rest, "value"), text(rest, "note")))).collect()
}

struct Shown<'a> {
    style: &'a Style,
    path: &'a str,
    figures: BTreeMap<String, (String, String)>,
}

impl<'a> Shown<'a> {
    fn of(server: &Server, path: &'a str, (style, reader): (&'a Style, &str)) -> Self {
        let answer = get(server, &format!("{path}?{reader}"));
        assert_eq!(answer.status, 200, "{path}");
        Self { style, path, figures: figures(&answer.body) }
    }

    fn figure(&self, key: &str) -> &(String, String) {
        let label = self.style.locale().text(key);
        let found = self.figures.get(&label);
        assert!(found.is_some(), "{}: no `{label}` in {:?}", self.path, self.figures);
        found.expect("it was looked for")
    }

    /// Holds a figure against an amount of the API.
    fn is(&self, key: &str, value: &Value) {
        assert_eq!(self.figure(key).0, self.style.amount(amount(value)), "{} {key}", self.path);
    }

    fn is_monthly(&self, key: &str, value: &Value) {
        assert_eq!(self.figure(key).0, self.style.monthly(amount(value)), "{} {key}", self.path);
    }

    /// Finds an amount in the note of a figure.
    fn notes(&self, key: &str, text: &str) {
        let note = &self.figure(key).1;
        assert!(note.contains(text), "{} {key}: no {text} in {note}", self.path);
    }
}

/// Returns the figures of a report by their name.
fn reported(report: &Value) -> BTreeMap<&str, &Value> {
    let sections = report["sections"].as_array().into_iter().flatten();
    let blocks = sections.flat_map(|section| section["blocks"].as_array().into_iter().flatten());
    let figures = blocks.filter(|block| block["type"] == "figures");
    let items = figures.flat_map(|block| block["items"].as_array().into_iter().flatten());
    items.filter_map(|one| Some((one["name"].as_str()?, &one["value"]))).collect()
}

#[test]
fn pages_and_reports_say_the_amounts_of_the_api() {
    let exports = company(RATE);
    let output = exports.trimtab(&["plan", "create", "--filter", "risk<=low", "--by", "kim"]);
    assert!(matches!(output.status.code(), Some(0 | 4)), "{}", stderr(&output));
    let server = Server::start(&exports);
    let api = |path: &str| get(&server, &format!("/api/v1/{path}")).json();
    let (overview, costs, savings) = (api("overview"), api("costs?limit=500"), api("savings"));
    let (commitments, listed) = (api("commitments"), api("recommendations?limit=500"));
    let (spent, found) = (&overview["spending"], &overview["savings"]);

    for (style, reader) in &readers() {
        let shown = |path| Shown::of(&server, path, (style, *reader));
        let page = shown("/");
        page.is("web-last-month", &spent["last_month"]);
        page.notes("web-last-month", &money::full(amount(&spent["last_month"])));
        page.is("web-forecast", &spent["month_forecast"]);
        page.notes("web-forecast", &style.amount(amount(&spent["month_to_date"])));
        page.is_monthly("web-found", &found["likely"]);
        page.is_monthly("web-low-risk", &found["low_risk"]);

        let page = shown("/cost");
        page.is("web-cost-total", &costs["total"]);
        page.notes("web-cost-total", &money::full(amount(&costs["total"])));
        page.is("web-cost-before", &costs["total_before"]);

        let page = shown("/savings");
        page.is_monthly("web-found", &savings["found"]["amount"]);
        page.is_monthly("web-savings-planned", &savings["planned"]["amount"]);
        page.is_monthly("web-savings-applied", &savings["applied"]["amount"]);

        let page = shown("/commitments");
        page.is("web-commitments-unused", &commitments["last"]["unused"]);
        page.notes("web-commitments-used", &style.amount(amount(&commitments["last"]["paid"])));

        let page = shown("/recommendations");
        let total = &listed["totals"]["USD"];
        let usd = |value: &Value| serde_json::json!({"amount": value, "currency": "USD"});
        page.is_monthly("web-found-listed", &usd(&total["likely"]));
        page.is_monthly("web-monthly-cost", &usd(&total["monthly_cost"]["effective"]));

        for period in ["weekly", "monthly"] {
            let answer = get(&server, &format!("/reports?period={period}&{reader}"));
            let saving = style.monthly(amount(&found["likely"]));
            assert!(answer.body.contains(&saving), "{period}: no {saving}");
        }
    }
    rows(&server, &costs, &listed);
    reports(&server, &overview);
}

/// Rows of lists have the amounts of the items of the API, and these add up.
fn rows(server: &Server, costs: &Value, listed: &Value) {
    let of_api = costs["items"].as_array().expect("groups");
    let sum: Decimal = of_api.iter().map(|item| amount(&item["cost"]).amount).sum();
    assert_eq!(sum, amount(&costs["total"]).amount);
    let rows = get(server, "/cost?format=json").json();
    let rows = rows.as_array().or(rows["items"].as_array()).cloned().unwrap_or_default();
    assert_eq!(rows.len(), of_api.len());
    for (row, item) in rows.iter().zip(of_api) {
        assert_eq!((&row["key"], &row["after"]), (&item["key"], &item["cost"]), "{row}");
        assert_eq!(row["before"], item["before"], "{row}");
    }
    let of_api = listed["items"].as_array().expect("recommendations");
    let rows = get(server, "/recommendations?format=json").json();
    let rows = rows.as_array().or(rows["items"].as_array()).cloned().unwrap_or_default();
    assert_eq!(rows.len(), of_api.len());
    for item in of_api {
        let row = rows.iter().find(|row| row["id"] == item["id"]).expect("a row");
        let saving = &item["estimated_monthly_savings"];
        assert_eq!(row["saving"]["likely"], saving["likely"], "{row}");
        assert_eq!(row["cost_now"]["amount"], saving["cost_now"], "{row}");
    }
}

/// Reports have the sums of the API for their days, digit by digit.
fn reports(server: &Server, overview: &Value) {
    let (spent, found) = (&overview["spending"], &overview["savings"]);
    let report = |period: &str| {
        get(server, &format!("/reports?period={period}&format=json&currency=USD")).json()
    };
    let (weekly, monthly) = (report("weekly"), report("monthly"));
    let (week, month) = (reported(&weekly), reported(&monthly));
    for figures in [&week, &month] {
        for part in ["likely", "low", "high"] {
            assert_eq!(figures["found"][part], found[part]["amount"], "{part}");
        }
    }
    assert_eq!(week["month_to_date"]["amount"], spent["month_to_date"]["amount"]);
    assert_eq!(week["month_end"]["likely"], spent["month_forecast"]["amount"]);
    let days = |report: &Value| {
        format!("from={}&until={}", report["period"]["first"], report["period"]["last"])
            .replace('"', "")
    };
    let costs = get(server, &format!("/api/v1/costs?{}", days(&monthly))).json();
    assert_eq!(month["month"]["amount"], costs["total"]["amount"]);
    let found = get(server, "/api/v1/savings").json();
    assert_eq!(month["found"]["likely"], found["found"]["amount"]["amount"]);
}
