//! Answers that were made of one state, and are good as long as it stays.

use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use trimtab_app::failure::Failure;

/// Answers by the state that they were made of and the question. Those of an earlier state are
/// never asked for again, and make room.
pub(crate) struct Kept<S, T> {
    answers: Cache<(S, String), T, Weights<T>>,
}

/// What an answer weighs.
struct Weights<T>(fn(&T) -> u64);

impl<T> Clone for Weights<T> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<S, T> Weighter<(S, String), T> for Weights<T> {
    fn weight(&self, _: &(S, String), answer: &T) -> u64 {
        // What weighs nothing would never make room.
        (self.0)(answer).max(1)
    }
}

impl<S: Clone + Eq + Hash, T: Clone> Kept<S, T> {
    /// Holds so many answers at most.
    pub(crate) fn of(most: usize) -> Self {
        Self::weighing(most, most as u64, |_| 1)
    }

    /// Holds answers of so much weight at most, which are about so many. One that is heavier is made anew each time.
    pub(crate) fn weighing(count: usize, most: u64, weight: fn(&T) -> u64) -> Self {
        Self { answers: Cache::with_weighter(count, most, Weights(weight)) }
    }

    /// Returns the answer that was made of this state; none where nobody has asked yet.
    pub(crate) fn known(&self, of: S, question: String) -> Option<T> {
        self.answers.get(&(of, question))
    }

    /// Returns the answer that was made of this state, or makes it. Whoever asks the same meanwhile
    /// waits for it.
    ///
    /// # Errors
    /// Fails as `make` does: nothing is kept of that, and the next one tries again.
    pub(crate) fn answer(
        &self,
        of: S,
        question: String,
        make: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.answers.get_or_insert_with(&(of, question), make)
    }
}

/// A thread that panicked while it held a copy has left a whole one, or none.
pub(crate) fn held<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use trimtab_app::failure::Kind;

    use super::*;

    fn ask(kept: &Kept<u32, u32>, of: u32, question: &str, fresh: u32) -> u32 {
        kept.answer(of, question.to_owned(), || Ok(fresh)).unwrap()
    }

    #[test]
    fn an_answer_is_good_for_its_question_and_its_state() {
        let kept = Kept::of(8);
        assert_eq!((ask(&kept, 1, "a", 1), ask(&kept, 1, "a", 2)), (1, 1));
        assert_eq!((ask(&kept, 1, "b", 3), ask(&kept, 2, "a", 4)), (3, 4));
        assert_eq!(kept.known(2, "a".to_owned()), Some(4));
        assert_eq!(kept.known(2, "b".to_owned()), None);
    }

    #[test]
    fn what_is_heavy_makes_room_for_nothing_and_is_not_kept() {
        let kept: Kept<u32, u32> = Kept::weighing(8, 100, |answer| u64::from(*answer));
        assert_eq!((ask(&kept, 1, "light", 5), ask(&kept, 1, "heavy", 500)), (5, 500));
        assert_eq!((ask(&kept, 1, "light", 6), ask(&kept, 1, "heavy", 600)), (5, 600));
    }

    #[test]
    fn the_latest_state_is_held_where_there_is_room_for_two() {
        let kept = Kept::of(2);
        for state in 0..50 {
            assert_eq!(ask(&kept, state, "a", state), state);
            assert_eq!(kept.known(state, "a".to_owned()), Some(state));
            assert_eq!(ask(&kept, state, "a", 99), state);
        }
    }

    #[test]
    fn what_failed_is_tried_again() {
        let kept: Kept<u32, u32> = Kept::of(8);
        let failed =
            kept.answer(1, "a".to_owned(), || Err(Failure::new(Kind::Failed, ("no", "안 됩니다"))));
        assert!(failed.is_err());
        assert_eq!(ask(&kept, 1, "a", 5), 5);
    }

    #[test]
    fn many_who_ask_at_once_have_it_made_once() {
        let kept: Kept<u32, u32> = Kept::of(8);
        let made = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    kept.answer(1, "a".to_owned(), || {
                        std::thread::sleep(Duration::from_millis(20));
                        Ok(made.fetch_add(1, Ordering::SeqCst))
                    })
                });
            }
        });
        assert_eq!(made.load(Ordering::SeqCst), 1);
    }
}
