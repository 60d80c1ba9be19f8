//! What can go wrong with one call.

use serde_json::{Value, json};

/// Seconds of ours that are more than the minute of the program's in which an answer must come.
const TOO_LATE: f64 = 4.0;

/// What goes wrong with a call.
pub const FAULTS: &[&str] = &["answer lost", "throttled", "fault of AWS's", "too late"];

/// Returns what the emulator is told, for the next call of an action.
pub fn fault(call: &str, what: &str) -> Value {
    let rest = match what {
        "answer lost" => json!({"drop": true}),
        "throttled" => json!({"code": "ThrottlingException", "status": 400}),
        "fault of AWS's" => json!({"code": "InternalError", "status": 500}),
        _ => json!({"delay": TOO_LATE}),
    };
    let mut fault = json!({"action": call, "times": 1});
    for (key, value) in rest.as_object().expect("an object") {
        fault[key] = value.clone();
    }
    json!([fault])
}
