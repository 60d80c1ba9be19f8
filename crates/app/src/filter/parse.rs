//! Reads a filter: words first, then conditions by how closely they bind.

use std::str::FromStr;

use trimtab_model::text::{StaticText, Text};

use super::{
    Comparison, EFFORTS, FIELDS, Field, Filter, FilterError, RISKS, amount, confidence, folded,
    level,
};

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let tokens = tokens(text)?;
        if let Some(token) = tokens.get(MOST_WORDS) {
            return Err(FilterError { position: token.position, problem: TOO_LONG.into() });
        }
        let mut parser = Parser { tokens, next: 0, end: text.chars().count() + 1, depth: 0 };
        let filter = parser.disjunction()?;
        match parser.peek() {
            None => Ok(filter),
            Some(token) => Err(FilterError {
                position: token.position,
                problem: Text::new(
                    format!(
                        "`{}` was not expected; join conditions with `and` or `or`",
                        token.text
                    ),
                    format!(
                        "`{}`: 올 수 없는 자리입니다. 조건은 `and`나 `or`로 이으세요",
                        token.text
                    ),
                ),
            }),
        }
    }
}

struct Token {
    position: usize,
    text: String,
    quoted: Quoted,
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Quoted {
    Yes,
    No,
}

fn tokens(text: &str) -> Result<Vec<Token>, FilterError> {
    let mut tokens = Vec::new();
    let mut characters = text.chars().enumerate().peekable();
    while let Some((index, character)) = characters.next() {
        let position = index + 1;
        if character.is_whitespace() {
            continue;
        }
        if character == '\'' || character == '"' {
            let mut word = String::new();
            loop {
                match characters.next() {
                    Some((_, next)) if next == character => break,
                    Some((_, next)) => word.push(next),
                    None => {
                        return Err(FilterError {
                            position,
                            problem: Text::new(
                                "the quote is not closed",
                                "따옴표가 닫히지 않았습니다",
                            ),
                        });
                    }
                }
            }
            tokens.push(Token { position, text: word, quoted: Quoted::Yes });
            continue;
        }
        let mut word = String::from(character);
        let is_operator = |c: char| "<>=!~".contains(c);
        if "(),".contains(character) {
            // A bracket or comma stands alone; digits groups in amounts need no comma here.
        } else if is_operator(character) {
            while let Some((_, next)) = characters.next_if(|(_, next)| is_operator(*next)) {
                word.push(next);
            }
        } else {
            while let Some((_, next)) = characters.next_if(|(_, next)| {
                !next.is_whitespace() && !"(),'\"".contains(*next) && !is_operator(*next)
            }) {
                word.push(next);
            }
        }
        tokens.push(Token { position, text: word, quoted: Quoted::No });
    }
    Ok(tokens)
}

/// Words, signs and brackets of a filter at most: whoever reads it follows all of its conditions.
const MOST_WORDS: usize = 1_000;

const TOO_LONG: StaticText = StaticText {
    en: "the filter is too long: 1,000 words and signs at most",
    ko: "필터가 너무 깁니다. 단어와 기호는 1,000개까지 쓸 수 있습니다",
};

/// How deep brackets may be nested.
const MAX_DEPTH: usize = 64;

const UNCLOSED: StaticText =
    StaticText { en: "a closing bracket is missing", ko: "닫는 괄호가 없습니다" };

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    end: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|token| {
            token.quoted == Quoted::No && token.text.eq_ignore_ascii_case(word)
        });
        if found {
            self.next += 1;
        }
        found
    }

    fn error<T>(&self, problem: impl Into<Text>) -> Result<T, FilterError> {
        Err(FilterError {
            position: self.peek().map_or(self.end, |token| token.position),
            problem: problem.into(),
        })
    }

    fn disjunction(&mut self) -> Result<Filter, FilterError> {
        let mut left = self.conjunction()?;
        while self.take_word("or") {
            left = Filter::Or(Box::new(left), Box::new(self.conjunction()?));
        }
        Ok(left)
    }

    fn conjunction(&mut self) -> Result<Filter, FilterError> {
        let mut left = self.term()?;
        while self.take_word("and") {
            left = Filter::And(Box::new(left), Box::new(self.term()?));
        }
        Ok(left)
    }

    fn term(&mut self) -> Result<Filter, FilterError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self
                .error(("the brackets are nested too deep", "괄호가 너무 깊게 겹쳐 있습니다"));
        }
        let term = if self.take_word("not") {
            Filter::Not(Box::new(self.term()?))
        } else if self.take_word("(") {
            let inner = self.disjunction()?;
            if !self.take_word(")") {
                return self.error(UNCLOSED);
            }
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(term)
    }

    fn comparison(&mut self) -> Result<Filter, FilterError> {
        let field = match self.peek() {
            Some(token) => FIELDS.iter().find(|(name, _)| token.text.eq_ignore_ascii_case(name)),
            None => return self.error(("a condition is missing", "조건이 없습니다")),
        };
        let Some((_, field)) = field else {
            let names: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
            let names = names.join(", ");
            return self.error((
                format!("a field is expected, one of {names}"),
                format!("필드가 와야 합니다. 쓸 수 있는 필드: {names}"),
            ));
        };
        self.next += 1;
        if self.take_word("in") {
            return self.list(*field);
        }
        let comparison = match self.peek().map(|token| token.text.as_str()) {
            Some("=" | "==") => Comparison::Equal,
            Some("!=" | "<>") => Comparison::NotEqual,
            Some("<") => Comparison::Less,
            Some("<=") => Comparison::LessOrEqual,
            Some(">") => Comparison::Greater,
            Some(">=") => Comparison::GreaterOrEqual,
            Some("~") => Comparison::Contains,
            _ => {
                return self.error((
                    "one of = != < <= > >= ~ or `in (…)` is expected",
                    "= != < <= > >= ~ 가운데 하나나 `in (…)`이 와야 합니다",
                ));
            }
        };
        self.next += 1;
        let value = self.value(*field)?;
        Ok(Filter::Compare(*field, comparison, value))
    }

    fn list(&mut self, field: Field) -> Result<Filter, FilterError> {
        if !self.take_word("(") {
            return self.error((
                "`in` needs a list in brackets",
                "`in` 뒤에는 괄호로 묶은 목록이 와야 합니다",
            ));
        }
        let mut values = vec![self.value(field)?];
        while self.take_word(",") {
            values.push(self.value(field)?);
        }
        if !self.take_word(")") {
            return self.error(UNCLOSED);
        }
        Ok(Filter::In(field, values))
    }

    /// Reads a value and checks that the field can have it.
    fn value(&mut self, field: Field) -> Result<String, FilterError> {
        let Some(value) = self
            .peek()
            .filter(|token| token.quoted == Quoted::Yes || !"(),<>=!~".contains(&token.text))
            .map(|token| token.text.clone())
        else {
            return self.error(("a value is expected", "값이 와야 합니다"));
        };
        match field {
            Field::Saving if amount(&value).is_none() => {
                return self.error((
                    format!("`{value}` is not an amount such as 500usd"),
                    format!("`{value}`: 500usd와 같은 금액이 아닙니다"),
                ));
            }
            Field::Risk if level(&value, RISKS).is_none() => {
                return self.error((
                    format!(
                        "`{value}` is not a risk: verylow, low, medium, high, veryhigh or 0 to 4"
                    ),
                    format!(
                        "`{value}`: 위험이 아닙니다. 쓸 수 있는 값: verylow, low, medium, high, veryhigh, 0~4"
                    ),
                ));
            }
            Field::Effort if !EFFORTS.iter().any(|(word, _)| *word == folded(&value)) => {
                return self.error((
                    format!("`{value}` is not an effort: verylow, low, medium, high or veryhigh"),
                    format!(
                        "`{value}`: 작업량이 아닙니다. 쓸 수 있는 값: verylow, low, medium, high, veryhigh"
                    ),
                ));
            }
            Field::Confidence if confidence(&value).is_none() => {
                return self.error((
                    format!("`{value}` is not a confidence: low, medium or high"),
                    format!("`{value}`: 신뢰도가 아닙니다. 쓸 수 있는 값: low, medium, high"),
                ));
            }
            Field::Saving
            | Field::Risk
            | Field::Effort
            | Field::Confidence
            | Field::Environment
            | Field::Type
            | Field::Finding
            | Field::Check
            | Field::Account
            | Field::Region
            | Field::Resource
            | Field::Name
            | Field::Kind
            | Field::Restart
            | Field::Id => {}
        }
        self.next += 1;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        text.parse::<Filter>().unwrap_err().to_string()
    }

    #[test]
    fn and_binds_closer_than_or() {
        let filter: Filter = "env=dev or env=prod and risk<=low".parse().unwrap();
        assert!(matches!(filter, Filter::Or(_, right) if matches!(*right, Filter::And(..))));
    }

    #[test]
    fn a_list_of_values_is_read() {
        let filter: Filter = "type in (Rightsize, Stop)".parse().unwrap();
        assert_eq!(filter, Filter::In(Field::Type, vec!["Rightsize".into(), "Stop".into()]));
    }

    #[test]
    fn mistakes_say_where_they_are() {
        assert!(problem("savings>5").starts_with("at character 1: a field is expected"));
        assert!(problem("saving>cheap").starts_with("at character 8: `cheap` is not an amount"));
        assert!(problem("env=dev risk=low").starts_with("at character 9"));
        assert!(problem("confidence>=sure").contains("low, medium or high"));
        assert!(problem("(env=dev").contains("closing bracket"));
        assert!(problem(&"(".repeat(500)).contains("nested too deep"));
    }
}
