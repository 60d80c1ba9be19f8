//! Listings that hand out a token instead of a paginator.

use trimtab_model::opinion::Opinion;

use crate::error::AwsError;

/// More pages than any honest listing has; beyond it the tokens go round in a circle.
const MOST_PAGES: usize = 5_000;

/// What a listing gave.
#[derive(Debug, Default)]
pub(super) struct Listed {
    /// The opinions.
    pub(super) opinions: Vec<Opinion>,
    /// Entries about what trimtab does not read.
    pub(super) left_out: u64,
}

impl Listed {
    /// Adds an opinion, or counts that there is none of ours.
    pub(super) fn push(&mut self, opinion: Option<Opinion>) {
        match opinion {
            Some(opinion) => self.opinions.push(opinion),
            None => self.left_out += 1,
        }
    }

    /// Adds what another listing gave.
    pub(super) fn add(&mut self, other: Self) {
        self.opinions.extend(other.opinions);
        self.left_out += other.left_out;
    }
}

/// Asks page by page until no token comes.
pub(super) async fn listed<F, Answer>(action: &str, mut ask: F) -> Result<Listed, AwsError>
where
    F: FnMut(Option<String>) -> Answer,
    Answer: Future<Output = Result<(Listed, Option<String>), AwsError>>,
{
    let mut all = Listed::default();
    let mut token: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let (page, next) = ask(token.clone()).await?;
        all.add(page);
        match next.filter(|next| !next.is_empty()) {
            None => return Ok(all),
            Some(next) if token.as_ref() == Some(&next) => break,
            Some(next) => token = Some(next),
        }
    }
    Err(AwsError::Endless { action: action.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(answers: &[Option<&str>]) -> Result<u64, AwsError> {
        let mut answers = answers.iter().map(|token| token.map(str::to_owned));
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime
            .block_on(listed("x:List", |_| {
                let next = answers.next().flatten();
                async move { Ok((Listed { left_out: 1, ..Listed::default() }, next)) }
            }))
            .map(|all| all.left_out)
    }

    #[test]
    fn pages_end_without_a_token_and_never_go_in_a_circle() {
        assert_eq!(check(&[Some("a"), Some("b"), None]), Ok(3));
        assert_eq!(check(&[Some("")]), Ok(1));
        assert!(matches!(check(&[Some("a"), Some("a")]), Err(AwsError::Endless { .. })));
    }
}
