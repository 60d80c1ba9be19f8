//! The keys of the configuration that say what tags are for.

use super::keys::{ENVIRONMENT, Key, KeyKind};

/// The keys, in the order of the page.
pub(super) const TAG_KEYS: &[Key] = &[
    Key {
        path: "environments.tag_keys",
        kind: KeyKind::TextList,
        default: "[\"Environment\", \"env\", \"stage\"]",
        text: "Tag keys that name the environment, the first found wins.",
    },
    Key {
        path: "environments.dev",
        kind: KeyKind::TextList,
        default: "[\"dev\", \"develop\", \"development\", \"sandbox\", \"test\", \"개발\"]",
        text: "Tag values that mean development.",
    },
    Key {
        path: "environments.staging",
        kind: KeyKind::TextList,
        default: "[\"stg\", \"staging\", \"stage\", \"qa\", \"alpha\", \"beta\", \"스테이징\"]",
        text: "Tag values that mean staging.",
    },
    Key {
        path: "environments.prod",
        kind: KeyKind::TextList,
        default: "[\"prod\", \"prd\", \"production\", \"live\", \"real\", \"운영\", \"라이브\"]",
        text: "Tag values that mean production.",
    },
    Key {
        path: "environments.accounts.<account>",
        kind: ENVIRONMENT,
        default: "",
        text: "Environment of an account's resources where no tag says.",
    },
    Key {
        path: "tags.owners",
        kind: KeyKind::TextList,
        default: "[\"Team\", \"Owner\", \"Game\", \"Project\", \"CostCenter\"]",
        text: "Tag keys that name whose cost it is. Reports show the cost by each of them that the bill has.",
    },
    Key {
        path: "tags.workloads",
        kind: KeyKind::TextList,
        default: "[\"Service\", \"Application\", \"App\", \"Workload\", \"Game\", \"Project\", \"Team\"]",
        text: "Tag keys that name the workload, for the quarterly report. The first that tells two workloads of the bill apart counts.",
    },
];
