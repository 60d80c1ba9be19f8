//! Names that are searched, each on a line of its own: lower-cased once, so that a search makes nothing but its answer.

/// Parts of a question that count at most.
const PARTS: usize = 8;
/// Characters of a question that count at most.
const LONGEST: usize = 200;

/// Between two names of one thing.
const NAME: char = '\t';
/// After the last name of a thing.
const END: char = '\n';

/// How well something answers a question, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// A name is the question.
    Same,
    /// A name begins with it.
    Begins,
    /// A word of a name begins with it.
    Word,
    /// A name has it somewhere.
    Within,
}

/// How many ranks there are.
const RANKS: usize = 4;

/// A question, as it is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    whole: String,
    parts: Vec<String>,
}

impl Question {
    /// Makes it of what somebody wrote; none where that has no letter.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let text: String = text.chars().take(LONGEST).collect();
        let whole = text.trim().to_lowercase();
        let parts: Vec<String> =
            whole.split_whitespace().take(PARTS).map(str::to_owned).collect();
        (!parts.is_empty()).then_some(Self { whole, parts })
    }
}

/// Names that are searched.
#[derive(Debug, Default)]
pub(crate) struct Words {
    text: String,
    /// Where each line ends.
    ends: Vec<usize>,
}

impl Words {
    /// Adds the names of one thing.
    pub(crate) fn push<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        for (place, name) in names.into_iter().enumerate() {
            if place > 0 {
                self.text.push(NAME);
            }
            for letter in name.chars().flat_map(char::to_lowercase) {
                self.text.push(if letter.is_control() { ' ' } else { letter });
            }
        }
        self.text.push(END);
        self.ends.push(self.text.len());
    }

    /// Returns the places of the things that answer a question, the best first, and `most` of each rank at most.
    pub(crate) fn find(&self, question: &Question, most: usize) -> Vec<(Rank, usize)> {
        // The longest part is in the fewest lines.
        let Some(first) = question.parts.iter().max_by_key(|part| part.len()) else {
            return Vec::new();
        };
        let mut ranked: [Vec<(Rank, usize)>; RANKS] = Default::default();
        let mut seen = 0;
        for (at, _) in self.text.match_indices(first.as_str()) {
            if at < seen {
                continue;
            }
            let place = self.ends.partition_point(|end| *end <= at);
            let Some(end) = self.ends.get(place) else { break };
            seen = *end;
            let Some(line) = self.line(place) else { continue };
            let Some(rank) = rank(line, question) else { continue };
            if let Some(of_rank) = ranked.get_mut(rank as usize)
                && of_rank.len() < most
            {
                of_rank.push((rank, place));
            }
        }
        ranked.into_iter().flatten().collect()
    }

    fn line(&self, place: usize) -> Option<&str> {
        let start = match place.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..*self.ends.get(place)?).map(|line| line.trim_end_matches(END))
    }
}

/// Returns how well a line answers a question; none where a part of that is not in it.
fn rank(line: &str, question: &Question) -> Option<Rank> {
    if !question.parts.iter().all(|part| line.contains(part.as_str())) {
        return None;
    }
    let whole = question.whole.as_str();
    let names = || line.split(NAME);
    if names().any(|name| name == whole) {
        return Some(Rank::Same);
    }
    if names().any(|name| name.starts_with(whole)) {
        return Some(Rank::Begins);
    }
    let begins_word = |part: &String| {
        let mut found = line.match_indices(part.as_str());
        found.any(|(at, _)| {
            let before = line.get(..at).and_then(|start| start.chars().next_back());
            before.is_none_or(|letter| !letter.is_alphanumeric())
        })
    };
    Some(if question.parts.iter().all(begins_word) { Rank::Word } else { Rank::Within })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(lines: &[&[&str]]) -> Words {
        let mut words = Words::default();
        for line in lines {
            words.push(line.iter().copied());
        }
        words
    }

    fn places(words: &Words, question: &str) -> Vec<usize> {
        let question = Question::of(question).unwrap();
        words.find(&question, 10).into_iter().map(|(_, place)| place).collect()
    }

    #[test]
    fn what_is_meant_comes_first_and_every_part_must_be_there() {
        let words = words(&[
            &["vol-9", "backup of api"],
            &["i-1", "game-API-1"],
            &["i-2", "api-gateway"],
            &["i-3", "api"],
            &["i-4", "rapid"],
        ]);
        assert_eq!(places(&words, " API "), [3, 2, 0, 1, 4]);
        assert_eq!(places(&words, "api game"), [1]);
        assert_eq!(places(&words, "i-4"), [4]);
        assert_eq!(places(&words, "nothing"), Vec::<usize>::new());
        // What spans two names is in neither.
        assert_eq!(places(&words, "1game"), Vec::<usize>::new());
    }

    #[test]
    fn names_in_any_script_with_anything_in_them_stay_on_their_line() {
        let words = words(&[&["i-1", "게임 서버\n둘"], &["i-2", "İstanbul"]]);
        assert_eq!(places(&words, "서버"), [0]);
        assert_eq!(places(&words, "둘"), [0]);
        assert_eq!(places(&words, "i-2"), [1]);
        assert!(Question::of("  \n ").is_none());
    }

    #[test]
    fn a_hundred_thousand_names_are_searched_at_once() {
        let mut words = Words::default();
        for number in 0..100_000 {
            let (id, name) = (format!("i-{number:017x}"), format!("game-server-{number}"));
            words.push([id.as_str(), name.as_str()]);
        }
        let question = Question::of("server-99999").unwrap();
        assert_eq!(words.find(&question, 20), [(Rank::Word, 99_999)]);
        assert_eq!(words.find(&Question::of("game").unwrap(), 20).len(), 20);
    }
}
