//! The keys of how changes are made: `rollout`, and the role that makes them.

use super::keys::{Key, KeyKind};

/// Every key of how changes are made.
pub(super) const ROLLOUT_KEYS: &[Key] = &[
    Key {
        path: "account[].apply_role",
        kind: KeyKind::Text,
        default: "",
        text: "The role to take on in that account to make changes, apart from the one that reads: its ARN or its name. Without it the credentials are used as they are.",
    },
    Key {
        path: "rollout.waves",
        kind: KeyKind::NumberList,
        default: "[5, 25, 100]",
        text: "Waves of production behind its first change, the canary, as percent of its changes.",
    },
    Key {
        path: "rollout.budget_percent",
        kind: KeyKind::Decimal,
        default: "10",
        text: "How many percent of a service, a target group or a cluster may be under way at once, rounded down; one always may.",
    },
    Key {
        path: "rollout.max_in_flight",
        kind: KeyKind::Decimal,
        default: "5",
        text: "The most changes of a run that are under way at once.",
    },
    Key {
        path: "rollout.max_failures",
        kind: KeyKind::Decimal,
        default: "1",
        text: "A wave halts at so many failed changes, and with it everything behind it.",
    },
    Key {
        path: "rollout.plan_lifetime",
        kind: KeyKind::Text,
        default: "\"72h\"",
        text: "How long after it was made a plan may be started.",
    },
    Key {
        path: "rollout.evidence_lifetime",
        kind: KeyKind::Text,
        default: "\"14d\"",
        text: "How long the proof of one stage counts for the next.",
    },
    Key {
        path: "rollout.quarantine",
        kind: KeyKind::Text,
        default: "\"14d\"",
        text: "How long a volume or an address lies marked and untouched before it is deleted.",
    },
    Key {
        path: "rollout.instance_downtime",
        kind: KeyKind::Text,
        default: "\"20m\"",
        text: "How long an instance may be down for a change. After that it is taken back, and a person is called.",
    },
    Key {
        path: "rollout.database_downtime",
        kind: KeyKind::Text,
        default: "\"30m\"",
        text: "How long a database may be down for a change.",
    },
    Key {
        path: "rollout.blue_green",
        kind: KeyKind::Boolean,
        default: "false",
        text: "Whether production databases on MySQL, MariaDB and PostgreSQL get another class by a copy that takes their name over. It is down for seconds, paid twice meanwhile, and there is no way back by itself.",
    },
    Key {
        path: "rollout.dev.soak",
        kind: KeyKind::Text,
        default: "\"1h\"; 24h in staging and prod",
        text: "How long a change is watched before the next wave. `rollout.staging` and `rollout.prod` have the same keys; what names no environment is handled as production.",
    },
    Key {
        path: "rollout.dev.extension",
        kind: KeyKind::Text,
        default: "\"4h\"; 48h in staging, 72h in prod",
        text: "How much longer it may be watched if what was seen does not suffice. Then it waits for a person.",
    },
    Key {
        path: "rollout.dev.confirm_after",
        kind: KeyKind::Text,
        default: "\"0m\"; 7d in prod",
        text: "How long after it passed its gates a change is confirmed.",
    },
    Key {
        path: "rollout.gate.cpu_percent",
        kind: KeyKind::Decimal,
        default: "80",
        text: "CPU use above which a gate fails.",
    },
    Key {
        path: "rollout.gate.memory_percent",
        kind: KeyKind::Decimal,
        default: "85",
        text: "Memory use above which a gate fails.",
    },
    Key {
        path: "rollout.gate.latency_p95_ms",
        kind: KeyKind::Decimal,
        default: "200",
        text: "95th percentile of the response time, in milliseconds, above which a gate fails.",
    },
    Key {
        path: "rollout.gate.error_percent",
        kind: KeyKind::Decimal,
        default: "0.1",
        text: "Share of requests that fail above which a gate fails.",
    },
    Key {
        path: "rollout.gate.availability_percent",
        kind: KeyKind::Decimal,
        default: "99.9",
        text: "Share of requests answered below which a gate fails.",
    },
    Key {
        path: "rollout.gate.control_difference_percent",
        kind: KeyKind::Decimal,
        default: "15",
        text: "How much worse than machines that were not changed it may be, in two of three hours.",
    },
    Key {
        path: "rollout.gate.history_difference_percent",
        kind: KeyKind::Decimal,
        default: "25",
        text: "How much worse than in the same hours of earlier weeks it may be, where there are no such machines.",
    },
    Key {
        path: "rollout.window[].environments",
        kind: KeyKind::TextList,
        default: "every one",
        text: "Environments in which changes may start then. Without a window nothing is ever changed.",
    },
    Key {
        path: "rollout.window[].days",
        kind: KeyKind::TextList,
        default: "every day",
        text: "Days on which the window begins: mon, tue, wed, thu, fri, sat, sun.",
    },
    Key {
        path: "rollout.window[].from",
        kind: KeyKind::Text,
        default: "",
        text: "When it begins, such as 04:00.",
    },
    Key {
        path: "rollout.window[].until",
        kind: KeyKind::Text,
        default: "",
        text: "When it ends; before `from`, on the next day.",
    },
    Key {
        path: "rollout.window[].timezone",
        kind: KeyKind::Text,
        default: "`timezone`",
        text: "The IANA zone of these times.",
    },
    Key {
        path: "rollout.freeze[].name",
        kind: KeyKind::Text,
        default: "",
        text: "Why nothing is changed: an event, a launch.",
    },
    Key {
        path: "rollout.freeze[].from",
        kind: KeyKind::Date,
        default: "",
        text: "The first day on which nothing is changed, in `timezone`.",
    },
    Key {
        path: "rollout.freeze[].until",
        kind: KeyKind::Date,
        default: "",
        text: "The last day on which nothing is changed.",
    },
    Key {
        path: "rollout.freeze[].environments",
        kind: KeyKind::TextList,
        default: "every one",
        text: "Environments in which nothing is changed then.",
    },
];
