//! The sources of a handler with its tests, by language.

use super::project::{Runtime, Scaffold, Template};

/// A file as it lies here: where it goes in the project, and its text.
type Source = (&'static str, &'static str);

/// Embeds files: each by its path in the project and its path here. No function could do it:
/// `include_str!` takes literals only.
macro_rules! sources {
    ($($to:literal: $from:literal),* $(,)?) => {
        &[$(($to, include_str!(concat!("templates/", $from)))),*]
    };
}

/// Returns the sources of a project, still with their placeholders.
pub(super) fn sources(scaffold: &Scaffold) -> Vec<Source> {
    let (shared, own, store) = match scaffold.runtime {
        Runtime::Nodejs => (NODEJS, nodejs(&scaffold.template), nodejs_store(&scaffold.template)),
        Runtime::Python => (PYTHON, python(&scaffold.template), python_store(&scaffold.template)),
        Runtime::Rust => (RUST, rust(&scaffold.template), rust_store(&scaffold.template)),
    };
    [shared, own, store].concat()
}

const NODEJS: &[Source] = sources! {
    "src/connection.mjs": "nodejs/connection.mjs",
    "src/log.mjs": "nodejs/log.mjs",
    "src/secrets.mjs": "nodejs/secrets.mjs",
    "test/shared.test.mjs": "nodejs/shared.test.mjs",
};

fn nodejs(template: &Template) -> &'static [Source] {
    match template {
        Template::S3Notice { .. } => sources! {
            "package.json": "nodejs/s3-notice.package.json",
            "src/handler.mjs": "nodejs/s3-notice.handler.mjs",
            "src/index.mjs": "nodejs/s3-notice.index.mjs",
            "test/handler.test.mjs": "nodejs/s3-notice.test.mjs",
        },
        Template::Http { .. } => sources! {
            "package.json": "nodejs/package.json",
            "src/handler.mjs": "nodejs/http.handler.mjs",
            "src/index.mjs": "nodejs/http.index.mjs",
            "test/handler.test.mjs": "nodejs/http.test.mjs",
        },
        Template::Schedule { .. } => sources! {
            "package.json": "nodejs/package.json",
            "src/handler.mjs": "nodejs/schedule.handler.mjs",
            "src/index.mjs": "nodejs/schedule.index.mjs",
            "test/handler.test.mjs": "nodejs/schedule.test.mjs",
        },
        Template::Queue => sources! {
            "package.json": "nodejs/package.json",
            "src/handler.mjs": "nodejs/queue.handler.mjs",
            "src/index.mjs": "nodejs/queue.index.mjs",
            "test/handler.test.mjs": "nodejs/queue.test.mjs",
        },
    }
}

/// What a handler keeps in the database: notices, or the runs of its job.
fn nodejs_store(template: &Template) -> &'static [Source] {
    match template {
        Template::Schedule { .. } => sources! {
            "src/runs.mjs": "nodejs/runs.mjs",
            "test/runs.test.mjs": "nodejs/runs.test.mjs",
        },
        Template::S3Notice { .. } | Template::Http { .. } | Template::Queue => sources! {
            "src/notice.mjs": "nodejs/notice.mjs",
            "src/notices.mjs": "nodejs/notices.mjs",
            "test/notices.test.mjs": "nodejs/notices.test.mjs",
        },
    }
}

const PYTHON: &[Source] = sources! {
    "requirements.txt": "python/requirements.txt",
    "src/connection.py": "python/connection.py",
    "src/duplicate.py": "python/duplicate.py",
    "src/log.py": "python/log.py",
    "src/secrets_cache.py": "python/secrets_cache.py",
    "tests/fakes.py": "python/fakes.py",
    "tests/start.py": "python/start.py",
    "tests/test_shared.py": "python/shared.test.py",
};

fn python(template: &Template) -> &'static [Source] {
    match template {
        Template::S3Notice { .. } => sources! {
            "src/handler.py": "python/s3-notice.handler.py",
            "src/index.py": "python/s3-notice.index.py",
            "tests/test_handler.py": "python/s3-notice.test.py",
        },
        Template::Http { .. } => sources! {
            "src/handler.py": "python/http.handler.py",
            "src/index.py": "python/http.index.py",
            "tests/test_handler.py": "python/http.test.py",
        },
        Template::Schedule { .. } => sources! {
            "src/handler.py": "python/schedule.handler.py",
            "src/index.py": "python/schedule.index.py",
            "tests/test_handler.py": "python/schedule.test.py",
        },
        Template::Queue => sources! {
            "src/handler.py": "python/queue.handler.py",
            "src/index.py": "python/queue.index.py",
            "tests/test_handler.py": "python/queue.test.py",
        },
    }
}

fn python_store(template: &Template) -> &'static [Source] {
    match template {
        Template::Schedule { .. } => sources! {
            "src/runs.py": "python/runs.py",
            "tests/test_runs.py": "python/runs.test.py",
        },
        Template::S3Notice { .. } | Template::Http { .. } | Template::Queue => sources! {
            "src/notice.py": "python/notice.py",
            "src/notices.py": "python/notices.py",
            "tests/test_notices.py": "python/notices.test.py",
        },
    }
}

const RUST: &[Source] = sources! {
    "rustfmt.toml": "rust/rustfmt.toml",
    "src/connection.rs": "rust/connection.rs.txt",
    "src/log.rs": "rust/log.rs.txt",
    "src/secrets.rs": "rust/secrets.rs.txt",
};

fn rust(template: &Template) -> &'static [Source] {
    match template {
        Template::S3Notice { .. } => sources! {
            "Cargo.toml": "rust/s3-notice.Cargo.toml",
            "src/handler.rs": "rust/s3-notice.handler.rs.txt",
            "src/main.rs": "rust/s3-notice.main.rs.txt",
        },
        Template::Http { .. } => sources! {
            "Cargo.toml": "rust/http.Cargo.toml",
            "src/handler.rs": "rust/http.handler.rs.txt",
            "src/main.rs": "rust/http.main.rs.txt",
        },
        Template::Schedule { .. } => sources! {
            "Cargo.toml": "rust/schedule.Cargo.toml",
            "src/handler.rs": "rust/schedule.handler.rs.txt",
            "src/main.rs": "rust/schedule.main.rs.txt",
        },
        Template::Queue => sources! {
            "Cargo.toml": "rust/queue.Cargo.toml",
            "src/handler.rs": "rust/queue.handler.rs.txt",
            "src/main.rs": "rust/queue.main.rs.txt",
        },
    }
}

fn rust_store(template: &Template) -> &'static [Source] {
    match template {
        Template::Schedule { .. } => sources! { "src/runs.rs": "rust/runs.rs.txt" },
        Template::S3Notice { .. } | Template::Http { .. } | Template::Queue => sources! {
            "src/notice.rs": "rust/notice.rs.txt",
            "src/notices.rs": "rust/notices.rs.txt",
        },
    }
}
