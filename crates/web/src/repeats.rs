//! Requests that carry an `Idempotency-Key`: whoever sends one again is told of what the first one made, and nothing is
//! made twice. The last keys are held, in memory and as long as the server runs.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

use trimtab_app::failure::Failure;

use crate::kept::held;

/// Keys that are held: the last ones.
pub(crate) const KEYS: usize = 1_000;
/// Characters of a key at most.
const LONGEST: usize = 200;

/// What was made of requests with a key.
#[derive(Default)]
pub(crate) struct Repeats(Mutex<Known>);

#[derive(Default)]
struct Known {
    by_key: HashMap<String, Slot>,
    /// The oldest first.
    order: VecDeque<String>,
}

/// What a key made. Whoever makes it holds the lock, and whoever sends the same key waits for it.
type Slot = Arc<Mutex<Option<Made>>>;

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
    /// Returns the identifier of what a request made, and has it made where the key is new, or there is none.
    /// Whoever sends the same key meanwhile waits.
    ///
    /// # Errors
    /// Fails as `make` does: nothing is kept of that, and the next one tries again.
    pub(crate) fn once(
        &self,
        key: Option<&str>,
        request: &str,
        make: impl FnOnce() -> Result<String, Failure>,
    ) -> Result<Outcome, Failure> {
        let Some(key) = key else { return make().map(Outcome::Made) };
        let request: [u8; 32] = Sha256::digest(request).into();
        let slot = held(&self.0).slot(key);
        let mut made = held(&slot);
        if let Some(made) = made.as_ref() {
            let is_same = made.request == request;
            return Ok(if is_same { Outcome::Made(made.id.clone()) } else { Outcome::Other });
        }
        let id = make()?;
        *made = Some(Made { request, id: id.clone() });
        Ok(Outcome::Made(id))
    }
}

impl Known {
    /// Returns the place of a key. A new one takes that of the oldest where there is no room.
    fn slot(&mut self, key: &str) -> Slot {
        if let Some(slot) = self.by_key.get(key) {
            return Arc::clone(slot);
        }
        if self.order.len() >= KEYS
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_key.remove(&oldest);
        }
        let slot = Slot::default();
        self.order.push_back(key.to_owned());
        self.by_key.insert(key.to_owned(), Arc::clone(&slot));
        slot
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
        let repeats = Repeats::default();
        let ask =
            |request: &str, id: &str| repeats.once(Some("key-1"), request, || Ok(id.to_owned()));
        assert_eq!(ask("a", "P-1").ok(), Some(Outcome::Made("P-1".to_owned())));
        assert_eq!(ask("a", "P-2").ok(), Some(Outcome::Made("P-1".to_owned())));
        assert_eq!(ask("b", "P-3").ok(), Some(Outcome::Other));
        let keyless = |id: &str| repeats.once(None, "a", || Ok(id.to_owned())).ok();
        assert_eq!(keyless("P-4"), Some(Outcome::Made("P-4".to_owned())));
        assert_eq!(keyless("P-5"), Some(Outcome::Made("P-5".to_owned())));
    }

    #[test]
    fn what_failed_is_made_when_it_is_sent_again() {
        let repeats = Repeats::default();
        let failed = repeats
            .once(Some("key-1"), "a", || Err(Failure::new(Kind::Failed, ("no", "안 됩니다"))));
        assert!(failed.is_err());
        let again = repeats.once(Some("key-1"), "a", || Ok("P-1".to_owned()));
        assert_eq!(again.ok(), Some(Outcome::Made("P-1".to_owned())));
    }

    #[test]
    fn the_last_keys_are_held_and_the_oldest_goes_first() {
        let repeats = Repeats::default();
        let ask = |key: usize, id: &str| {
            let made = repeats.once(Some(&format!("key-{key}")), "a", || Ok(id.to_owned()));
            made.ok() == Some(Outcome::Made("first".to_owned()))
        };
        for key in 0..2 * KEYS {
            assert!(ask(key, "first"), "{key}");
        }
        // Those that are asked for again are the last ones: none of them was forgotten.
        assert!((KEYS..2 * KEYS).all(|key| ask(key, "second")));
        assert!(!ask(KEYS - 1, "second"));
    }

    #[test]
    fn many_who_send_one_key_at_once_make_one_thing() {
        let repeats = Repeats::default();
        let made = std::sync::atomic::AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    repeats.once(Some("key-1"), "a", || {
                        std::thread::sleep(std::time::Duration::from_millis(10));
                        made.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                        Ok("P-1".to_owned())
                    })
                });
            }
        });
        assert_eq!(made.into_inner(), 1);
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
