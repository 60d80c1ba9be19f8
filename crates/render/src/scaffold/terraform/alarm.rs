//! The alarms, and the topic they go to.

use super::super::alarm::{Alarm, MISSING, PERIOD_SECONDS, Statistic, Subject, alarms};
use super::super::hcl::{Block, Expression, code, list, object};
use super::super::project::Scaffold;

pub(super) fn blocks(scaffold: &Scaffold) -> Vec<Block> {
    let topic = Block::resource("aws_sns_topic", "alarms").with("name", scaffold.alarm_topic());
    let alarms = alarms(scaffold).into_iter().map(|alarm| block(scaffold, alarm));
    std::iter::once(topic).chain(alarms).collect()
}

fn block(scaffold: &Scaffold, alarm: Alarm) -> Block {
    let name = alarm.name(scaffold);
    let (dimension, of) = match alarm.subject {
        Subject::Named(dimension, name) => (dimension, Expression::from(name)),
        Subject::Api => ("ApiId", code("aws_apigatewayv2_api.api.id")),
    };
    let block = Block::resource("aws_cloudwatch_metric_alarm", alarm.slug)
        .with("alarm_name", name)
        .with("alarm_description", alarm.description)
        .with("namespace", alarm.namespace)
        .with("metric_name", alarm.metric)
        .with("dimensions", object([(dimension.to_owned(), of)]));
    let block = match alarm.statistic {
        Statistic::P95 => block.with("extended_statistic", alarm.statistic.name()),
        Statistic::Sum | Statistic::Maximum => block.with("statistic", alarm.statistic.name()),
    };
    block
        .with("period", PERIOD_SECONDS)
        .with("evaluation_periods", 1_u32)
        .with("comparison_operator", "GreaterThanThreshold")
        .with("threshold", alarm.threshold)
        .with("treat_missing_data", MISSING)
        .with("alarm_actions", list([code("aws_sns_topic.alarms.arn")]))
        .with("ok_actions", list([code("aws_sns_topic.alarms.arn")]))
}
