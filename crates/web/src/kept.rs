//! Answers that were made of one state of the bills, and are good as long as it stays.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use trimtab_app::failure::Failure;
use trimtab_store::state::Versions;

/// Answers by question.
pub(crate) struct Kept<T> {
    most: usize,
    answers: Mutex<Answers<T>>,
}

struct Answers<T> {
    of: Versions,
    by_question: HashMap<String, T>,
}

impl<T: Clone> Kept<T> {
    /// Holds so many answers at most.
    pub(crate) fn of(most: usize) -> Self {
        let answers = Answers { of: Versions::default(), by_question: HashMap::new() };
        Self { most, answers: Mutex::new(answers) }
    }

    /// Returns the answer that was made of this state, or makes it. Nobody waits for another's
    /// question; the same one may be answered twice at first.
    ///
    /// # Errors
    /// Fails as `make` does: nothing is kept of that.
    pub(crate) fn answer(
        &self,
        of: Versions,
        question: String,
        make: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        {
            let mut answers = held(&self.answers);
            if answers.of != of {
                *answers = Answers { of, by_question: HashMap::new() };
            }
            if let Some(answer) = answers.by_question.get(&question) {
                return Ok(answer.clone());
            }
        }
        let answer = make()?;
        let mut answers = held(&self.answers);
        if answers.of == of {
            if answers.by_question.len() >= self.most {
                answers.by_question.clear();
            }
            answers.by_question.insert(question, answer.clone());
        }
        Ok(answer)
    }
}

/// A thread that panicked while it held a copy has left a whole one, or none.
pub(crate) fn held<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(kept: &Kept<u32>, lake_files: i64, question: &str, fresh: u32) -> u32 {
        let of = Versions { lake_files, ..Versions::default() };
        kept.answer(of, question.to_owned(), || Ok(fresh)).unwrap()
    }

    #[test]
    fn an_answer_is_good_for_its_question_and_its_state_and_so_many_are_held() {
        let kept = Kept::of(2);
        assert_eq!((ask(&kept, 1, "a", 1), ask(&kept, 1, "a", 2)), (1, 1));
        assert_eq!(ask(&kept, 1, "b", 3), 3);
        // Two are held, and stay until there is a third: it begins anew.
        assert_eq!(ask(&kept, 1, "a", 7), 1);
        assert_eq!((ask(&kept, 1, "c", 4), ask(&kept, 1, "a", 5)), (4, 5));
        assert_eq!(ask(&kept, 2, "a", 6), 6);
    }
}
