//! When somebody has to look: the alarms of a project.

use super::project::{Scaffold, Template};

/// An alarm, for whoever writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alarm {
    /// Its name in a template, such as `ErrorsAlarm`.
    pub(super) logical_id: &'static str,
    /// Its name in Terraform and in the gate, such as `event_age`.
    pub(super) slug: &'static str,
    pub(super) description: &'static str,
    pub(super) namespace: &'static str,
    pub(super) metric: &'static str,
    pub(super) statistic: Statistic,
    pub(super) subject: Subject,
    /// It rings above this.
    pub(super) threshold: u32,
    /// What the threshold counts; `None` where it is a number of things.
    pub(super) unit: Option<&'static str>,
}

impl Alarm {
    /// Returns its name in AWS, such as `notice-event-age`.
    pub(super) fn name(&self, scaffold: &Scaffold) -> String {
        format!("{}-{}", scaffold.name, self.slug.replace('_', "-"))
    }
}

/// How the points of five minutes become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Statistic {
    Sum,
    Maximum,
    P95,
}

/// Whose metric it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// A resource by its name: the dimension and the name.
    Named(&'static str, String),
    /// The HTTP API, whose id AWS gives.
    Api,
}

/// Seconds that one point of an alarm stands for.
pub(super) const PERIOD_SECONDS: u32 = 300;
/// What an alarm makes of minutes without a point, such as those without traffic: it stays quiet. That it
/// is well is said by the gate alone, to which what has no point is not known.
pub(super) const MISSING: &str = "notBreaching";

impl Statistic {
    /// Returns its name as CloudWatch takes it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sum => "Sum",
            Self::Maximum => "Maximum",
            Self::P95 => "p95",
        }
    }
}

/// Returns the alarms of a project.
pub(super) fn alarms(scaffold: &Scaffold) -> Vec<Alarm> {
    let mut alarms = of_function(scaffold);
    if scaffold.template.is_asynchronous() {
        alarms.push(Alarm {
            logical_id: "EventAgeAlarm",
            slug: "event_age",
            description: "Events wait for more than five minutes before the function takes them.",
            namespace: "AWS/Lambda",
            metric: "AsyncEventAge",
            statistic: Statistic::Maximum,
            subject: function(scaffold),
            threshold: 300_000,
            unit: Some("ms"),
        });
    }
    match scaffold.template {
        Template::Http { .. } => alarms.push(Alarm {
            logical_id: "ServerErrorsAlarm",
            slug: "server_errors",
            description: "The API answered with a status of 500 or above.",
            namespace: "AWS/ApiGateway",
            metric: "5xx",
            statistic: Statistic::Sum,
            subject: Subject::Api,
            threshold: 0,
            unit: None,
        }),
        Template::Queue => alarms.push(Alarm {
            logical_id: "MessageAgeAlarm",
            slug: "message_age",
            description: "The oldest message has waited for longer than a message may be handled.",
            namespace: "AWS/SQS",
            metric: "ApproximateAgeOfOldestMessage",
            statistic: Statistic::Maximum,
            subject: Subject::Named("QueueName", scaffold.name.clone()),
            threshold: scaffold.visibility_timeout_seconds(),
            unit: Some("s"),
        }),
        Template::S3Notice { .. } | Template::Schedule { .. } => {}
    }
    if scaffold.template.has_dead_letters() {
        alarms.push(Alarm {
            logical_id: "DeadLettersAlarm",
            slug: "dead_letters",
            description: "Something failed for good and lies in the dead-letter queue.",
            namespace: "AWS/SQS",
            metric: "ApproximateNumberOfMessagesVisible",
            statistic: Statistic::Maximum,
            subject: Subject::Named("QueueName", scaffold.dead_letter_queue()),
            threshold: 0,
            unit: None,
        });
    }
    alarms
}

fn of_function(scaffold: &Scaffold) -> Vec<Alarm> {
    let of = |logical_id, slug, description, metric, statistic, threshold| Alarm {
        logical_id,
        slug,
        description,
        namespace: "AWS/Lambda",
        metric,
        statistic,
        subject: function(scaffold),
        threshold,
        unit: (metric == "Duration").then_some("ms"),
    };
    vec![
        of("ErrorsAlarm", "errors", "An invocation failed.", "Errors", Statistic::Sum, 0),
        of(
            "ThrottlesAlarm",
            "throttles",
            "An invocation was turned away, because as many as may run were running.",
            "Throttles",
            Statistic::Sum,
            0,
        ),
        of(
            "DurationAlarm",
            "duration",
            "One invocation in twenty takes longer than four fifths of the timeout.",
            "Duration",
            Statistic::P95,
            duration_limit_milliseconds(scaffold),
        ),
    ]
}

/// Returns how long one invocation in twenty may take, in milliseconds: four fifths of the timeout.
pub(super) fn duration_limit_milliseconds(scaffold: &Scaffold) -> u32 {
    scaffold.timeout_seconds.saturating_mul(800)
}

fn function(scaffold: &Scaffold) -> Subject {
    Subject::Named("FunctionName", scaffold.name.clone())
}
