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
    Key {
        path: "allocation[].name",
        kind: KeyKind::Text,
        default: "",
        text: "A way to divide the bill, such as team. Without any `[[allocation]]`, every key of `tags.owners` that the bill has is one.",
    },
    Key {
        path: "allocation[].tags",
        kind: KeyKind::TextList,
        default: "",
        text: "Tag keys that name the owner; the first that a charge has counts.",
    },
    Key {
        path: "allocation[].spellings.<written>",
        kind: KeyKind::Text,
        default: "",
        text: "The owner that a value of a tag means, such as \"플랫폼\" = \"platform\". Compared without case.",
    },
    Key {
        path: "allocation[].virtual_tag[].value",
        kind: KeyKind::Text,
        default: "",
        text: "The owner of charges that no tag names. One `[[allocation.virtual_tag]]` is one rule: the first whose lists all hold a charge counts.",
    },
    Key {
        path: "allocation[].virtual_tag[].accounts",
        kind: KeyKind::TextList,
        default: "any",
        text: "The accounts whose charges these are. `*` and `?` may stand in this list and the next ones.",
    },
    Key {
        path: "allocation[].virtual_tag[].services",
        kind: KeyKind::TextList,
        default: "any",
        text: "Their services, as the bill names them.",
    },
    Key {
        path: "allocation[].virtual_tag[].regions",
        kind: KeyKind::TextList,
        default: "any",
        text: "Their regions.",
    },
    Key {
        path: "allocation[].virtual_tag[].resources",
        kind: KeyKind::TextList,
        default: "any",
        text: "Their resources, as the bill writes them. Looking at single resources takes longer.",
    },
    Key {
        path: "allocation[].shared[].name",
        kind: KeyKind::Text,
        default: "",
        text: "A cost that belongs to all, such as support.",
    },
    Key {
        path: "allocation[].shared[].accounts",
        kind: KeyKind::TextList,
        default: "any",
        text: "The accounts whose charges it is made of.",
    },
    Key {
        path: "allocation[].shared[].services",
        kind: KeyKind::TextList,
        default: "any",
        text: "Their services.",
    },
    Key {
        path: "allocation[].shared[].regions",
        kind: KeyKind::TextList,
        default: "any",
        text: "Their regions.",
    },
    Key {
        path: "allocation[].shared[].resources",
        kind: KeyKind::TextList,
        default: "any",
        text: "Their resources.",
    },
    Key {
        path: "allocation[].shared[].values",
        kind: KeyKind::TextList,
        default: "any",
        text: "The owners whose charges they are: what a platform team costs may be all the others' cost.",
    },
    Key {
        path: "allocation[].shared[].split",
        kind: KeyKind::Word(&["proportional", "even", "fixed"]),
        default: "proportional",
        text: "Who bears how much: by what each owner costs by itself, all the same, or by `shares`.",
    },
    Key {
        path: "allocation[].shared[].shares.<owner>",
        kind: KeyKind::Decimal,
        default: "",
        text: "The share of an owner, of any sum, for split = \"fixed\".",
    },
];
