//! Marks of answers, by which a reader who has one already is told so.

use axum::http::HeaderValue;
use sha2::{Digest, Sha256};

/// Returns the mark of a body.
pub(crate) fn of(body: &[u8]) -> HeaderValue {
    let digest: String =
        Sha256::digest(body).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{digest}\"");
    HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Returns whether a reader's `If-None-Match` names a mark.
pub(crate) fn is_known(known: Option<&HeaderValue>, tag: &HeaderValue) -> bool {
    let (Some(known), Ok(tag)) = (known.and_then(|known| known.to_str().ok()), tag.to_str()) else {
        return false;
    };
    known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag || one.trim() == "*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_known_among_others_and_as_a_weak_one() {
        let tag = of(b"page");
        let list = format!("\"other\", W/{}", tag.to_str().unwrap());
        assert!(is_known(Some(&HeaderValue::from_str(&list).unwrap()), &tag));
        assert!(is_known(Some(&HeaderValue::from_static("*")), &tag));
        assert!(!is_known(Some(&of(b"other")), &tag) && !is_known(None, &tag));
    }
}
