//! The keys of the configuration that say where reports are sent, and when.

use super::keys::{Key, KeyKind};

/// The keys, in the order of the page.
pub(super) const NOTIFY_KEYS: &[Key] = &[
    Key {
        path: "notify.mail.<name>.host",
        kind: KeyKind::Text,
        default: "",
        text: "The mail server that takes reports: its name. One `[notify.mail.NAME]` is one channel; the names of channels are yours.",
    },
    Key {
        path: "notify.mail.<name>.port",
        kind: KeyKind::Decimal,
        default: "587 with starttls, 465 with tls, 25 with none",
        text: "Its port, as a number.",
    },
    Key {
        path: "notify.mail.<name>.security",
        kind: KeyKind::Word(&["starttls", "tls", "none"]),
        default: "\"starttls\"",
        text: "Encryption: after the greeting, from the first byte, or none, which is allowed to this machine only. A server that offers no STARTTLS is sent nothing.",
    },
    Key {
        path: "notify.mail.<name>.from",
        kind: KeyKind::Text,
        default: "",
        text: "Whom the mail is from, such as `trimtab <cost@example.com>`.",
    },
    Key {
        path: "notify.mail.<name>.to",
        kind: KeyKind::TextList,
        default: "",
        text: "Whom it is for. Each gets a mail of their own, and what became of each is kept.",
    },
    Key {
        path: "notify.mail.<name>.username",
        kind: KeyKind::Text,
        default: "",
        text: "The user, where the server asks for one.",
    },
    Key {
        path: "notify.mail.<name>.password_env",
        kind: KeyKind::Text,
        default: "",
        text: "The environment variable that holds the password. The password itself never stands in a file of trimtab.",
    },
    Key {
        path: "notify.mail.<name>.password_file",
        kind: KeyKind::Text,
        default: "",
        text: "A file whose first line is the password, where no variable holds it.",
    },
    Key {
        path: "notify.mail.<name>.ca_file",
        kind: KeyKind::Text,
        default: "",
        text: "Certificates (PEM) that vouch for the server, besides those that the system trusts.",
    },
    Key {
        path: "notify.slack.<name>.url_env",
        kind: KeyKind::Text,
        default: "",
        text: "The environment variable that holds the address of an incoming webhook of Slack. Whoever has the address can write there: it never stands in a file of trimtab.",
    },
    Key {
        path: "notify.slack.<name>.url_file",
        kind: KeyKind::Text,
        default: "",
        text: "A file whose first line is that address.",
    },
    Key {
        path: "notify.webhook.<name>.url",
        kind: KeyKind::Text,
        default: "",
        text: "Where a report is posted as JSON: https://…, or http:// of this machine.",
    },
    Key {
        path: "notify.webhook.<name>.url_env",
        kind: KeyKind::Text,
        default: "",
        text: "The environment variable that holds the address, where it is a secret.",
    },
    Key {
        path: "notify.webhook.<name>.url_file",
        kind: KeyKind::Text,
        default: "",
        text: "A file whose first line is the address.",
    },
    Key {
        path: "notify.webhook.<name>.secret_env",
        kind: KeyKind::Text,
        default: "",
        text: "The environment variable that holds what both sides know. With it requests are signed: X-Trimtab-Signature is sha256= and the HMAC-SHA256 of X-Trimtab-Timestamp, a full stop and the body.",
    },
    Key {
        path: "notify.webhook.<name>.secret_file",
        kind: KeyKind::Text,
        default: "",
        text: "A file whose first line is that secret.",
    },
    Key {
        path: "notify.files.<name>.directory",
        kind: KeyKind::Text,
        default: "",
        text: "A directory that reports are written into; it is made if need be.",
    },
    Key {
        path: "notify.files.<name>.formats",
        kind: KeyKind::TextList,
        default: "",
        text: "The formats of the files: text, md, json, html, mail, slack, pdf.",
    },
    Key {
        path: "notify.reports.weekly",
        kind: KeyKind::TextList,
        default: "",
        text: "The channels that `serve --schedule` sends the weekly report to.",
    },
    Key {
        path: "notify.reports.monthly",
        kind: KeyKind::TextList,
        default: "",
        text: "The channels of the monthly report.",
    },
    Key {
        path: "notify.reports.quarterly",
        kind: KeyKind::TextList,
        default: "",
        text: "The channels of the quarterly report.",
    },
    Key {
        path: "notify.reports.weekly_at",
        kind: KeyKind::Text,
        default: "\"mon 09:30\"",
        text: "When the report of the week before leaves: a day (mon to sun) and a time.",
    },
    Key {
        path: "notify.reports.monthly_at",
        kind: KeyKind::Text,
        default: "\"8 09:30\"",
        text: "When the report of the month before leaves: a day from 1 to 28 and a time. AWS closes the bill of a month in the days before the 8th.",
    },
    Key {
        path: "notify.reports.quarterly_at",
        kind: KeyKind::Text,
        default: "\"10 09:30\"",
        text: "When the report of the quarter before leaves, in January, April, July and October: a day from 1 to 28 and a time.",
    },
    Key {
        path: "notify.reports.timezone",
        kind: KeyKind::Text,
        default: "\"Asia/Seoul\"",
        text: "The IANA zone of these times. Language, currency and the zone of what a report shows are those of everything else.",
    },
    Key {
        path: "notify.reports.base_url",
        kind: KeyKind::Text,
        default: "no links",
        text: "Where the dashboard stands, such as https://cost.example.com: reports that are sent lead there.",
    },
];
