//! `trimtab db inspect -o json`.

use serde_json::{Value, json};

use trimtab_model::database::{ClassIf, Connections, Inspection, QueryFinding, Rights, Subject};
use trimtab_model::text::Language;

use super::text::money;

/// The name and version of this shape.
pub const SCHEMA: &str = "trimtab/v1/db.inspect";

/// Returns an inspection as JSON. `language` chooses the language of sentences only.
pub fn inspection_json(inspection: &Inspection, language: Language) -> Value {
    let database = &inspection.database;
    let (rights, privileges) = match &inspection.rights {
        Rights::ReadOnly => (Some("read_only"), Vec::new()),
        Rights::CanWrite(privileges) => (Some("can_write"), privileges.clone()),
        Rights::Unknown => (None, Vec::new()),
    };
    json!({
        "schema": SCHEMA,
        "engine": database.engine.as_str(),
        "version": database.version,
        "address": database.address,
        "database": database.name,
        "account": { "rights": rights, "privileges": privileges },
        "counted_hours": {
            "server": inspection.age.server_hours,
            "statements": inspection.age.statement_hours,
            "indexes": inspection.age.index_hours,
        },
        "statements": inspection.total.map(|total| json!({
            "calls": total.calls,
            "seconds": total.seconds,
            "unattributed_seconds": total.unattributed_seconds,
        })),
        "connections": inspection.connections.as_ref().map(connections),
        "buffer": inspection.memory.map(|memory| json!({
            "bytes": memory.buffer_bytes,
            "requests": memory.requests,
            "reads": memory.reads,
            "hit_percent": memory.hit_share().map(|share| share * 100.0),
            "data_bytes": memory.data_bytes,
        })),
        "instance": inspection.capacity.as_ref().map(|capacity| json!({
            "resource_id": capacity.resource.as_str(),
            "class": capacity.class.as_str(),
            "cpu_percent": capacity.cpu_percent,
            "cpu_max_percent": capacity.cpu_max_percent,
            "window_days": capacity.window_days,
            "class_now": capacity.class_now.as_ref().map(|class| class.as_str()),
            "without_all": capacity.without_all.as_ref().map(class_if),
        })),
        "items": inspection.findings.iter().map(|one| finding(one, language)).collect::<Vec<_>>(),
        "unknown": inspection.unknown.iter().map(|unknown| json!({
            "code": unknown.what,
            "message": unknown.why.get(language),
            "settled_by": unknown.settled_by.get(language),
        })).collect::<Vec<_>>(),
    })
}

fn connections(connections: &Connections) -> Value {
    json!({
        "now": connections.now(),
        "limit": connections.limit,
        "peak": connections.peak,
        "aborted": connections.aborted,
        "idle_after_seconds": connections.idle_after_seconds,
        "sessions": connections.sessions.iter().map(|one| json!({
            "user": one.user,
            "host": one.host,
            "now": one.now,
            "idle": one.idle,
            "long_idle": one.long_idle,
        })).collect::<Vec<_>>(),
    })
}

fn finding(finding: &QueryFinding, language: Language) -> Value {
    let about = match &finding.about {
        Subject::Statement { digest, text, schema } => {
            json!({ "kind": "statement", "digest": digest, "text": text.as_str(), "schema": schema })
        }
        Subject::Index { table, index } => {
            json!({ "kind": "index", "schema": table.schema, "table": table.table, "index": index })
        }
        Subject::Server => json!({ "kind": "server" }),
    };
    json!({
        "finding": finding.kind.as_str(),
        "subject": about,
        "load_percent": finding.load_share.map(|share| share * 100.0),
        "examined_per_returned": finding.examined_per_returned,
        "calls": finding.calls,
        "confidence": finding.confidence.as_str(),
        "reason": { "code": finding.reason.code, "message": finding.reason.text.get(language) },
        "advice": finding.advice.get(language),
        "suggestion": finding.suggestion,
        "class_if": finding.class_if.as_ref().map(class_if),
        "signals_not_seen": finding.unseen.iter().map(|signal| json!({
            "name": signal.name,
            "message": signal.text.get(language),
        })).collect::<Vec<_>>(),
    })
}

fn class_if(class_if: &ClassIf) -> Value {
    json!({
        "cpu_percent": class_if.cpu_percent,
        "class": class_if.class.as_ref().map(|class| class.as_str()),
        "monthly_saving": class_if.monthly_saving.map(money),
    })
}
