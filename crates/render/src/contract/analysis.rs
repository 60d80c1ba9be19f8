//! `trimtab analyze -o json`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use trimtab_model::analysis::{Analysis, Passed, RisingCost, Superseded, Total, Unjudged};
use trimtab_model::charge::Cost;
use trimtab_model::coverage::{Coverage, ExemptionCoverage, SourceCoverage};
use trimtab_model::evidence::{Evidence, Figure, FigureValue};
use trimtab_model::money::{Currency, Money};
use trimtab_model::recommendation::{
    CostComponent, Estimate, Excess, ExpectedHarm, Projection, Recommendation,
    RecommendationOption, Restart, Undo,
};
use trimtab_model::resource::ResourceRef;
use trimtab_model::text::{Language, Reason};

use super::opinion::{only_aws, stance};
use super::text::money;
use crate::number::decimal_text;

/// The name and version of this shape.
pub const SCHEMA: &str = "trimtab/v1/analysis";

/// Returns an analysis as JSON. `language` chooses the language of sentences only:
/// names, codes and amounts do not depend on it.
pub fn analysis_json(analysis: &Analysis, language: Language) -> Value {
    json!({
        "schema": SCHEMA,
        "as_of": analysis.as_of.to_string(),
        "coverage": coverage_json(&analysis.coverage, language),
        "totals": totals_json(&analysis.totals),
        "items": analysis.items.iter().map(|item| recommendation_json(item, language)).collect::<Vec<_>>(),
        "increases": analysis.increases.iter().map(|item| increase(item, language)).collect::<Vec<_>>(),
        "unknown": analysis.unknown.iter().map(|item| unjudged(item, language)).collect::<Vec<_>>(),
        "passed": analysis.passed.iter().map(|item| passed(item, language)).collect::<Vec<_>>(),
        "superseded": analysis.superseded.iter().map(|item| superseded(item, language)).collect::<Vec<_>>(),
        "only_aws": analysis.only_aws.iter().map(|one| only_aws(one, language)).collect::<Vec<_>>(),
    })
}

/// Returns sums by currency, as in `totals`.
pub fn totals_json(totals: &BTreeMap<Currency, Total>) -> Value {
    totals.iter().map(|(currency, sums)| (currency.code().to_owned(), total(sums))).collect()
}

/// Returns what was read and what was not, as in `coverage`.
pub fn coverage_json(coverage: &Coverage, language: Language) -> Value {
    let sources: Vec<Value> =
        coverage.sources.iter().map(|source| source_coverage(source, language)).collect();
    let exemptions: Vec<Value> =
        coverage.exemptions.iter().map(|rule| exemption(rule, language)).collect();
    json!({ "sources": sources, "exemptions": exemptions })
}

fn exemption(rule: &ExemptionCoverage, language: Language) -> Value {
    json!({
        "rule": rule.rule,
        "status": rule.status,
        "resources": rule.resources,
        "until": rule.until.map(|last| last.to_string()),
        "message": rule.text.get(language),
    })
}

fn source_coverage(source: &SourceCoverage, language: Language) -> Value {
    json!({
        "source": source.source,
        "status": source.status,
        "resources": source.resources.map(|(seen, needed)| json!({ "seen": seen, "needed": needed })),
        "from": source.from.map(|moment| moment.to_string()),
        "until": source.until.map(|moment| moment.to_string()),
        "unlocks": source.unlocks,
        "message": source.text.get(language),
    })
}

fn total(total: &Total) -> Value {
    json!({
        "currency": total.likely.currency.code(),
        "monthly_cost": total.monthly_cost.map(cost),
        "low": decimal_text(total.low.amount),
        "likely": decimal_text(total.likely.amount),
        "high": decimal_text(total.high.amount),
        "before_discounts": decimal_text(total.before_discounts.amount),
        "recommendations": total.recommendations,
        "conditional": total.conditional.map(|saving| decimal_text(saving.amount)),
        "conditional_recommendations": total.conditional_recommendations,
    })
}

fn cost(cost: Cost) -> Value {
    json!({
        "billed": decimal_text(cost.billed.amount),
        "effective": decimal_text(cost.effective.amount),
        "list": cost.list.map(|list| decimal_text(list.amount)),
        "contracted": cost.contracted.map(|contracted| decimal_text(contracted.amount)),
    })
}

/// Returns one recommendation, as in `items`.
pub fn recommendation_json(item: &Recommendation, language: Language) -> Value {
    let commands = item.action.commands(&item.resource);
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("id", json!(item.id));
    put("check", json!(item.check));
    for (key, value) in resource(&item.resource) {
        put(&key, value);
    }
    put("action_type", json!(item.action_type.as_str()));
    put("finding", json!(item.finding.as_str()));
    put("reason_codes", word(&item.reason_codes));
    put("reason", reason(&item.reason, language));
    put("current", Value::Object(item.action.current()));
    put("recommended", Value::Object(item.action.recommended()));
    put("estimated_monthly_savings", estimate(&item.estimated_monthly_savings));
    put("build_up", build_up(&item.estimated_monthly_savings));
    put("conditional", json!(item.is_conditional()));
    put("performance_risk", json!(item.performance_risk.value()));
    put("projected", projected(&item.projected));
    put("options", item.options.iter().map(option).collect());
    put("implementation_effort", word(&item.implementation_effort));
    put("restart_needed", json!(item.restart_needed == Restart::Needed));
    put("undo", undo(&item.undo, language));
    put("confidence", json!(item.confidence().as_str()));
    put("doubts", item.doubts().iter().map(|doubt| doubt.as_str()).collect());
    put("evidence", evidence(&item.evidence, language));
    put(
        "second_opinion",
        item.second_opinion.as_ref().map_or(Value::Null, |second| stance(second, language)),
    );
    put("commands", json!({ "apply": commands.apply, "undo": commands.undo }));
    Value::Object(object)
}

/// Returns the seven fields that say which resource is meant.
pub(super) fn resource(resource: &ResourceRef) -> Map<String, Value> {
    [
        ("resource_id", json!(resource.id)),
        ("resource_type", json!(resource.kind.as_str())),
        ("account", json!(resource.account)),
        ("region", json!(resource.region)),
        ("environment", json!(resource.environment.as_str())),
        ("name", json!(resource.name)),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into_iter()
    .collect()
}

pub(super) fn reason(reason: &Reason, language: Language) -> Value {
    json!({ "code": reason.code, "message": reason.text.get(language) })
}

pub(super) fn estimate(estimate: &Estimate) -> Value {
    json!({
        "currency": estimate.currency().code(),
        "low": decimal_text(estimate.low.amount),
        "likely": decimal_text(estimate.likely.amount),
        "high": decimal_text(estimate.high.amount),
        "before_discounts": decimal_text(estimate.before_discounts.amount),
        "cost_now": decimal_text(estimate.cost_now.amount),
        "cost_after": decimal_text(estimate.cost_after.amount),
        "basis": word(&estimate.basis),
        "formula_now": estimate.formula_now.iter().map(component).collect::<Vec<_>>(),
        "formula_after": estimate.formula_after.iter().map(component).collect::<Vec<_>>(),
    })
}

/// Returns what the cost is made of; null where a step is not known.
fn build_up(estimate: &Estimate) -> Value {
    let build_up = estimate.build_up();
    let amount = |money: Option<Money>| money.map(|money| decimal_text(money.amount));
    let steps: Vec<Value> = build_up
        .steps
        .iter()
        .map(|one| json!({ "step": one.step.as_str(), "now": amount(one.now), "after": amount(one.after) }))
        .collect();
    json!({
        "currency": estimate.currency().code(),
        "covered_share": build_up.covered_share.map(decimal_text),
        "steps": steps,
    })
}

fn component(component: &CostComponent) -> Value {
    json!({
        "name": component.name,
        "quantity": decimal_text(component.quantity),
        "unit": component.price.unit,
        "price": {
            "currency": "USD",
            "amount": decimal_text(component.price.usd),
            "basis": word(&component.price.basis),
            "source": component.price.source,
            "as_of": component.price.as_of.map(|date| date.to_string()),
        },
        "amount": component.amount().ok().map(money),
    })
}

fn projected(projected: &[Projection]) -> Value {
    let entry = |projection: &Projection| (projection.name.clone(), json!(projection.percent));
    Value::Object(projected.iter().map(entry).collect())
}

fn option(option: &RecommendationOption) -> Value {
    json!({
        "recommended": option.action.recommended(),
        "estimated_monthly_savings": estimate(&option.estimated_monthly_savings),
        "performance_risk": option.performance_risk.value(),
        "projected": projected(&option.projected),
        "expected": option.expected.as_ref().map(expected),
    })
}

/// Returns what is expected not to fit, shares from 0 to 1. What harm counts as is no money
/// that is paid: it stands apart from every amount of cost.
fn expected(harm: &ExpectedHarm) -> Value {
    let monthly = Money { amount: harm.monthly_usd, currency: Currency::USD };
    let excess = |flow: Excess| {
        json!({
            "above_80": flow.above_80,
            "above_100": flow.above_100,
            "ever_above_100": flow.ever_above_100,
        })
    };
    json!({
        "cpu_above_80": harm.cpu_above_80,
        "cpu_above_100": harm.cpu_above_100,
        "memory_above_100": harm.memory_above_100,
        "memory_ever": harm.memory_ever,
        "network": harm.network.map(excess),
        "ebs_throughput": harm.ebs_throughput.map(excess),
        "ebs_operations": harm.ebs_operations.map(excess),
        "monthly_harm": money(monthly),
    })
}

pub(super) fn undo(undo: &Undo, language: Language) -> Value {
    let loss = match undo {
        Undo::Exact => None,
        Undo::Compensating(loss) | Undo::Impossible(loss) => Some(loss.get(language)),
    };
    json!({ "kind": undo.as_str(), "loss": loss })
}

fn evidence(evidence: &Evidence, language: Language) -> Value {
    let figures: Map<String, Value> = evidence
        .figures
        .iter()
        .map(|entry| (entry.name.clone(), figure(entry, language)))
        .collect();
    let coverage: Vec<Value> = evidence
        .coverage
        .iter()
        .map(|metric| {
            json!({
                "namespace": metric.namespace,
                "metric": metric.metric,
                "statistic": metric.statistic.as_str(),
                "samples": metric.samples,
                "period_seconds": metric.period_seconds,
                "coverage": metric.coverage,
                "longest_gap_seconds": metric.longest_gap_seconds,
                "daily": metric.daily.as_ref().map(|daily| {
                    json!({ "from": daily.from.to_string(), "values": daily.values })
                }),
            })
        })
        .collect();
    let unseen: Vec<Value> = evidence
        .signals_not_seen
        .iter()
        .map(|signal| json!({ "name": signal.name, "message": signal.text.get(language) }))
        .collect();
    let notes: Vec<&str> = evidence.notes.iter().map(|note| note.get(language)).collect();
    json!({
        "window_days": evidence.window_days,
        "figures": figures,
        "coverage": coverage,
        "signals_not_seen": unseen,
        "notes": notes,
    })
}

fn figure(figure: &Figure, language: Language) -> Value {
    json!({
        "label": figure.label.get(language),
        "value": figure_value(&figure.value),
        "unit": figure.unit,
        "threshold": figure.threshold.as_ref().map(figure_value),
    })
}

fn figure_value(value: &FigureValue) -> Value {
    match value {
        FigureValue::Number(number) => json!(number),
        FigureValue::Word(word) => json!(word),
    }
}

fn passed(passed: &Passed, language: Language) -> Value {
    let mut object = Map::from_iter([("check".to_owned(), json!(passed.check))]);
    object.extend(resource(&passed.resource));
    object.insert("reason".to_owned(), reason(&passed.reason, language));
    Value::Object(object)
}

fn increase(rising: &RisingCost, language: Language) -> Value {
    let increase = &rising.increase;
    let mut object = Map::from_iter([("check".to_owned(), json!(rising.check))]);
    object.extend(resource(&rising.resource));
    object.insert("reason".to_owned(), reason(&increase.reason, language));
    object.insert("onset".to_owned(), json!(increase.onset.as_str()));
    object.insert("from".to_owned(), json!(increase.from.to_string()));
    object.insert(
        "estimated_monthly_increase".to_owned(),
        json!({
            "currency": increase.monthly.currency.code(),
            "amount": decimal_text(increase.monthly.amount),
            "cost_now": decimal_text(increase.cost_now.amount),
            "cost_after": decimal_text(increase.cost_after.amount),
        }),
    );
    object.insert("evidence".to_owned(), evidence(&increase.evidence, language));
    Value::Object(object)
}

fn unjudged(unjudged: &Unjudged, language: Language) -> Value {
    let mut object = Map::from_iter([("check".to_owned(), json!(unjudged.check))]);
    object.extend(resource(&unjudged.resource));
    object.insert("reason".to_owned(), reason(&unjudged.unknown.reason, language));
    object.insert("settled_by".to_owned(), json!(unjudged.unknown.settled_by));
    Value::Object(object)
}

fn superseded(superseded: &Superseded, language: Language) -> Value {
    let item = &superseded.recommendation;
    let mut object = Map::from_iter([
        ("id".to_owned(), json!(item.id)),
        ("check".to_owned(), json!(item.check)),
    ]);
    object.extend(resource(&item.resource));
    object.insert("action_type".to_owned(), json!(item.action_type.as_str()));
    object
        .insert("estimated_monthly_savings".to_owned(), estimate(&item.estimated_monthly_savings));
    object.insert("superseded_by".to_owned(), json!(superseded.by));
    object.insert("reason".to_owned(), reason(&superseded.reason, language));
    Value::Object(object)
}

/// Returns the serialised form of a plain enum: the word that the model's own serde gives it.
pub(super) fn word(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("plain enums of the model serialise to words")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::sample;

    #[test]
    fn an_analysis_has_the_documented_shape() {
        let mut analysis = sample::analysis();
        analysis.items.truncate(1);
        // An option repeats the shape of its recommendation.
        analysis.items[0].options.clear();
        analysis.superseded.clear();
        analysis.increases[0].increase.evidence = Default::default();
        let json = analysis_json(&analysis, Language::En);
        insta::assert_snapshot!(super::super::pretty(&json), @r#"
        {
          "schema": "trimtab/v1/analysis",
          "as_of": "2026-10-31T00:00:00Z",
          "coverage": {
            "sources": [
              {
                "source": "billing",
                "status": "complete",
                "resources": null,
                "from": "2026-10-01T00:00:00Z",
                "until": "2026-10-31T00:00:00Z",
                "unlocks": [],
                "message": "The bill covers 30 days."
              },
              {
                "source": "metrics:CWAgent:mem_used_percent",
                "status": "partial",
                "resources": {
                  "seen": 8,
                  "needed": 24
                },
                "from": null,
                "until": null,
                "unlocks": [
                  "ec2-instance-oversized"
                ],
                "message": "16 of 24 instances send no memory metric: install the CloudWatch agent."
              }
            ],
            "exemptions": []
          },
          "totals": {
            "USD": {
              "currency": "USD",
              "monthly_cost": {
                "billed": "612.5",
                "effective": "598.25",
                "list": "640",
                "contracted": null
              },
              "low": "127.325",
              "likely": "191.93",
              "high": "191.93",
              "before_discounts": "191.93",
              "recommendations": 2,
              "conditional": null,
              "conditional_recommendations": 0
            }
          },
          "items": [
            {
              "id": "R-6b00892cc514",
              "check": "ec2-instance-oversized",
              "resource_id": "i-0lobby",
              "resource_type": "AWS::EC2::Instance",
              "account": "111122223333",
              "region": "ap-northeast-2",
              "environment": "prod",
              "name": "lobby-게이트웨이\u001b[31m\u202e",
              "action_type": "Rightsize",
              "finding": "Overprovisioned",
              "reason_codes": [
                "CPUOverprovisioned",
                "MemoryOverprovisioned"
              ],
              "reason": {
                "code": "oversized",
                "message": "It uses 31 % of its CPU at the 99.5th percentile."
              },
              "current": {
                "instance_type": "m5.2xlarge"
              },
              "recommended": {
                "instance_type": "m6i.xlarge"
              },
              "estimated_monthly_savings": {
                "currency": "USD",
                "low": "107.675",
                "likely": "172.28",
                "high": "172.28",
                "before_discounts": "172.28",
                "cost_now": "344.56",
                "cost_after": "172.28",
                "basis": "list",
                "formula_now": [
                  {
                    "name": "m5.2xlarge",
                    "quantity": "730",
                    "unit": "hour",
                    "price": {
                      "currency": "USD",
                      "amount": "0.472",
                      "basis": "list",
                      "source": "aws-price-list",
                      "as_of": "2026-10-13"
                    },
                    "amount": {
                      "currency": "USD",
                      "amount": "344.56"
                    }
                  }
                ],
                "formula_after": [
                  {
                    "name": "m6i.xlarge",
                    "quantity": "730",
                    "unit": "hour",
                    "price": {
                      "currency": "USD",
                      "amount": "0.236",
                      "basis": "list",
                      "source": "aws-price-list",
                      "as_of": "2026-10-13"
                    },
                    "amount": {
                      "currency": "USD",
                      "amount": "172.28"
                    }
                  }
                ]
              },
              "build_up": {
                "currency": "USD",
                "covered_share": null,
                "steps": [
                  {
                    "step": "list",
                    "now": "344.56",
                    "after": "172.28"
                  },
                  {
                    "step": "contract",
                    "now": null,
                    "after": null
                  },
                  {
                    "step": "commitment",
                    "now": null,
                    "after": null
                  },
                  {
                    "step": "unused-commitment",
                    "now": null,
                    "after": null
                  },
                  {
                    "step": "other",
                    "now": null,
                    "after": null
                  },
                  {
                    "step": "effective",
                    "now": "344.56",
                    "after": "172.28"
                  }
                ]
              },
              "conditional": false,
              "performance_risk": 1,
              "projected": {
                "cpu_p99_5": 61.25,
                "memory_max": 48.0
              },
              "options": [],
              "implementation_effort": "Medium",
              "restart_needed": true,
              "undo": {
                "kind": "Exact",
                "loss": null
              },
              "confidence": "low",
              "doubts": [
                "signals-not-seen",
                "list-price"
              ],
              "evidence": {
                "window_days": 14,
                "figures": {
                  "cpu_p99_5": {
                    "label": "CPU, 99.5th percentile",
                    "value": 30.62,
                    "unit": "%",
                    "threshold": 80.0
                  },
                  "memory_max": {
                    "label": "Memory, maximum",
                    "value": 24.0,
                    "unit": "%",
                    "threshold": null
                  }
                },
                "coverage": [
                  {
                    "namespace": "AWS/EC2",
                    "metric": "CPUUtilization",
                    "statistic": "Maximum",
                    "samples": 4020,
                    "period_seconds": 300,
                    "coverage": 0.997,
                    "longest_gap_seconds": 3600,
                    "daily": null
                  }
                ],
                "signals_not_seen": [
                  {
                    "name": "network",
                    "message": "Network use was not read; export NetworkIn and NetworkOut."
                  }
                ],
                "notes": [
                  "Burstable types were not considered."
                ]
              },
              "second_opinion": {
                "stance": "differ",
                "reason": {
                  "code": "other-target",
                  "message": "Compute Optimizer proposes m5.xlarge where trimtab proposes m6i.xlarge."
                },
                "differences": [
                  {
                    "code": "memory-unseen-by-aws",
                    "message": "AWS saw no metric of memory; trimtab did."
                  }
                ],
                "opinions": [
                  {
                    "source": "compute-optimizer",
                    "advice": "change",
                    "finding": "Overprovisioned",
                    "reason_codes": [
                      "CPUOverprovisioned"
                    ],
                    "recommended": {
                      "instance_type": "m5.xlarge"
                    },
                    "summary": null,
                    "monthly_saving": {
                      "currency": "USD",
                      "amount": "170.82"
                    },
                    "monthly_saving_after_discounts": null,
                    "lookback_days": 14,
                    "refreshed_at": "2026-10-30T00:00:00Z"
                  }
                ]
              },
              "commands": {
                "apply": [
                  "aws ec2 stop-instances --instance-ids i-0lobby --region ap-northeast-2",
                  "aws ec2 wait instance-stopped --instance-ids i-0lobby --region ap-northeast-2",
                  "aws ec2 modify-instance-attribute --instance-id i-0lobby --instance-type Value=m6i.xlarge --region ap-northeast-2",
                  "aws ec2 start-instances --instance-ids i-0lobby --region ap-northeast-2",
                  "aws ec2 wait instance-status-ok --instance-ids i-0lobby --region ap-northeast-2"
                ],
                "undo": [
                  "aws ec2 stop-instances --instance-ids i-0lobby --region ap-northeast-2",
                  "aws ec2 wait instance-stopped --instance-ids i-0lobby --region ap-northeast-2",
                  "aws ec2 modify-instance-attribute --instance-id i-0lobby --instance-type Value=m5.2xlarge --region ap-northeast-2",
                  "aws ec2 start-instances --instance-ids i-0lobby --region ap-northeast-2",
                  "aws ec2 wait instance-status-ok --instance-ids i-0lobby --region ap-northeast-2"
                ]
              }
            }
          ],
          "increases": [
            {
              "check": "commitment-expiring",
              "resource_id": "0a1b2c3d",
              "resource_type": "AWS::EC2::ReservedInstances",
              "account": "111122223333",
              "region": "ap-northeast-2",
              "environment": "unknown",
              "name": null,
              "reason": {
                "code": "commitment-expiring",
                "message": "It ends on 2026-12-15."
              },
              "onset": "coming",
              "from": "2026-12-15T00:00:00Z",
              "estimated_monthly_increase": {
                "currency": "USD",
                "amount": "292.5",
                "cost_now": "438",
                "cost_after": "730.5"
              },
              "evidence": {
                "window_days": null,
                "figures": {},
                "coverage": [],
                "signals_not_seen": [],
                "notes": []
              }
            }
          ],
          "unknown": [
            {
              "check": "ec2-instance-oversized",
              "resource_id": "i-0dark",
              "resource_type": "AWS::EC2::Instance",
              "account": "111122223333",
              "region": "ap-northeast-2",
              "environment": "unknown",
              "name": null,
              "reason": {
                "code": "no-cpu-metric",
                "message": "There is no CPU metric."
              },
              "settled_by": [
                "metrics:AWS/EC2:CPUUtilization"
              ]
            }
          ],
          "passed": [
            {
              "check": "ec2-instance-idle",
              "resource_id": "i-0busy",
              "resource_type": "AWS::EC2::Instance",
              "account": "111122223333",
              "region": "ap-northeast-2",
              "environment": "dev",
              "name": null,
              "reason": {
                "code": "in-use",
                "message": "It is in use."
              }
            }
          ],
          "superseded": [],
          "only_aws": [
            {
              "resource_id": "i-0dark",
              "resource_type": "AWS::EC2::Instance",
              "account": "111122223333",
              "region": "ap-northeast-2",
              "environment": "unknown",
              "name": null,
              "opinion": {
                "source": "compute-optimizer",
                "advice": "remove",
                "finding": "Idle",
                "reason_codes": [
                  "CPUOverprovisioned"
                ],
                "recommended": {},
                "summary": null,
                "monthly_saving": {
                  "currency": "USD",
                  "amount": "170.82"
                },
                "monthly_saving_after_discounts": null,
                "lookback_days": 14,
                "refreshed_at": "2026-10-30T00:00:00Z"
              },
              "reason": {
                "code": "not-judged",
                "message": "trimtab could not judge it: There is no CPU metric."
              }
            }
          ]
        }
        "#);
    }

    #[test]
    fn options_and_superseded_ones_have_their_fields() {
        let json = analysis_json(&sample::analysis(), Language::En);
        let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let option = &json["items"][0]["options"][1];
        assert_eq!(
            keys(option),
            [
                "recommended",
                "estimated_monthly_savings",
                "performance_risk",
                "projected",
                "expected"
            ]
        );
        assert_eq!(option["recommended"]["instance_type"], "m5.xlarge");
        let superseded = &json["superseded"][0];
        assert_eq!(superseded["superseded_by"], json["items"][0]["id"]);
        assert_eq!(superseded["reason"]["code"], "same-resource");
    }

    #[test]
    fn amounts_are_strings_everywhere() {
        fn check(key: &str, value: &Value) {
            match value {
                Value::Object(map) => map.iter().for_each(|(key, value)| check(key, value)),
                Value::Array(list) => list.iter().for_each(|value| check(key, value)),
                Value::Number(_) => {
                    let money = ["amount", "low", "likely", "high", "billed", "effective", "list"];
                    assert!(!money.contains(&key) && !key.starts_with("cost_"), "{key}: {value}");
                }
                Value::Null | Value::Bool(_) | Value::String(_) => {}
            }
        }
        check("", &analysis_json(&sample::analysis(), Language::En));
    }

    #[test]
    fn every_field_is_documented() {
        fn collect(value: &Value, keys: &mut std::collections::BTreeSet<String>) {
            match value {
                Value::Object(map) => map.iter().for_each(|(key, value)| {
                    keys.insert(key.clone());
                    // Their keys are data: currencies, names of figures and of uses.
                    match key.as_str() {
                        "totals" | "figures" => {
                            value
                                .as_object()
                                .unwrap()
                                .values()
                                .for_each(|entry| collect(entry, keys));
                        }
                        "projected" => {}
                        _ => collect(value, keys),
                    }
                }),
                Value::Array(list) => list.iter().for_each(|value| collect(value, keys)),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        let page = include_str!("../../../../docs/json.md");
        let mut keys = std::collections::BTreeSet::new();
        collect(&analysis_json(&sample::analysis(), Language::En), &mut keys);
        for key in keys {
            let documented =
                ["`", "[", "."].iter().any(|end| page.contains(&format!("`{key}{end}")));
            assert!(documented, "docs/json.md does not say what `{key}` is");
        }
    }

    #[test]
    fn the_language_changes_sentences_only() {
        let english = analysis_json(&sample::analysis(), Language::En);
        let korean = analysis_json(&sample::analysis(), Language::Ko);
        assert_eq!(without_sentences(english), without_sentences(korean));
    }

    fn without_sentences(value: Value) -> Value {
        match value {
            Value::Object(map) => Value::Object(
                map.into_iter()
                    .filter(|(key, _)| {
                        !matches!(key.as_str(), "message" | "label" | "notes" | "loss")
                    })
                    .map(|(key, value)| (key, without_sentences(value)))
                    .collect(),
            ),
            Value::Array(list) => Value::Array(list.into_iter().map(without_sentences).collect()),
            other => other,
        }
    }
}
