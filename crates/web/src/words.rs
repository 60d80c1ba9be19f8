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
        let parts: Vec<String> = whole.split_whitespace().take(PARTS).map(str::to_owned).collect();
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
        let mut ranked = Ranked { most, by_rank: Default::default() };
        let (mut place, mut best) = (0, None);
        for (at, _) in self.text.match_indices(first.as_str()) {
            let before = place;
            while self.ends.get(place).is_some_and(|end| *end <= at) {
                place += 1;
            }
            if place > before {
                ranked.add(best.take(), before);
            }
            let found = if question.parts.len() == 1 {
                Some(self.rank_at(at, first.len()))
            } else if best.is_some() {
                // What a line is worth as a whole was seen at its first match.
                continue;
            } else {
                self.line(place).and_then(|line| rank(line, question))
            };
            best = [best, found].into_iter().flatten().min();
        }
        ranked.add(best, place);
        ranked.by_rank.into_iter().flatten().collect()
    }

    /// Returns how well a name answers that has a single part at this byte.
    fn rank_at(&self, at: usize, length: usize) -> Rank {
        let bytes = self.text.as_bytes();
        let is_end =
            |byte: Option<&u8>| byte.is_none_or(|byte| [NAME, END].contains(&char::from(*byte)));
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        match (is_end(before), is_end(bytes.get(at + length))) {
            (true, true) => Rank::Same,
            (true, false) => Rank::Begins,
            // Letters of other scripts are none of these bytes.
            (false, _)
                if before.is_some_and(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric()) =>
            {
                Rank::Word
            }
            (false, _) => Rank::Within,
        }
    }

    fn line(&self, place: usize) -> Option<&str> {
        let start = match place.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..*self.ends.get(place)?).map(|line| line.trim_end_matches(END))
    }
}

/// What was found, by rank.
struct Ranked {
    most: usize,
    by_rank: [Vec<(Rank, usize)>; RANKS],
}

impl Ranked {
    fn add(&mut self, rank: Option<Rank>, place: usize) {
        let Some(rank) = rank else { return };
        if let Some(of_rank) = self.by_rank.get_mut(rank as usize)
            && of_rank.len() < self.most
        {
            of_rank.push((rank, place));
        }
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
        // The best of a line counts, wherever it stands.
        assert_eq!(places(&self::words(&[&["xapi"], &["xapi", "api"]]), "api"), [1, 0]);
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
