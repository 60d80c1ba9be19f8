//! Requests that carry an `Idempotency-Key`: whoever sends one again is told of what the first one made, and nothing is
//! made twice. The keys are held in memory: as many as fit, and as long as the server runs.

use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use trimtab_app::failure::Failure;

/// Keys that are held at most.
pub(crate) const KEYS: usize = 1_000;
/// Characters of a key at most.
const LONGEST: usize = 200;

/// What was made of requests with a key.
pub(crate) struct Repeats(Cache<String, Made>);

#[derive(Clone)]
struct Made {
    request: [u8; 32],
    id: String,
}

/// What became of a request with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// What it made, now or when it was sent before.
    Made(String),
    /// The key was sent with another request.
    Other,
}

impl Repeats {
    /// Holds none yet.
    pub(crate) fn new() -> Self {
        Self(Cache::new(KEYS))
    }

    /// Returns the identifier of what a request made, and has it made where the key is new. Whoever sends the same
    /// key meanwhile waits.
    ///
    /// # Errors
    /// Fails as `make` does: nothing is kept of that, and the next one tries again.
    pub(crate) fn once(
        &self,
        key: &str,
        request: &str,
        make: impl FnOnce() -> Result<String, Failure>,
    ) -> Result<Outcome, Failure> {
        let request: [u8; 32] = Sha256::digest(request).into();
        let made = self.0.get_or_insert_with(key, || make().map(|id| Made { request, id }))?;
        Ok(if made.request == request { Outcome::Made(made.id) } else { Outcome::Other })
    }
}

/// Returns whether a text may be a key.
pub(crate) fn is_key(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use trimtab_app::failure::Kind;

    use super::*;

    #[test]
    fn a_key_makes_one_thing_and_is_of_one_request() {
        let repeats = Repeats::new();
        let ask = |request: &str, id: &str| repeats.once("key-1", request, || Ok(id.to_owned()));
        assert_eq!(ask("a", "P-1").ok(), Some(Outcome::Made("P-1".to_owned())));
        assert_eq!(ask("a", "P-2").ok(), Some(Outcome::Made("P-1".to_owned())));
        assert_eq!(ask("b", "P-3").ok(), Some(Outcome::Other));
    }

    #[test]
    fn what_failed_is_made_when_it_is_sent_again() {
        let repeats = Repeats::new();
        let failed =
            repeats.once("key-1", "a", || Err(Failure::new(Kind::Failed, ("no", "안 됩니다"))));
        assert!(failed.is_err());
        let again = repeats.once("key-1", "a", || Ok("P-1".to_owned()));
        assert_eq!(again.ok(), Some(Outcome::Made("P-1".to_owned())));
    }

    #[test]
    fn a_key_is_short_and_printable() {
        assert!(is_key("8e03978e-40d5-43dd-bc93-6894a57f9324"));
        let long = "a".repeat(LONGEST + 1);
        for wrong in ["", "a b", "a\u{7f}", "열쇠", long.as_str()] {
            assert!(!is_key(wrong), "{wrong}");
        }
    }
}
