//! The text of a query without its literals, and the words that it is made of.

use std::fmt;

use serde::Serialize;

use super::server::DatabaseEngine;

/// Words that begin a clause or join two: they are no names unless quoted.
const KEYWORDS: &[&str] = &[
    "all",
    "and",
    "as",
    "asc",
    "between",
    "by",
    "case",
    "cross",
    "delete",
    "desc",
    "distinct",
    "else",
    "end",
    "except",
    "exists",
    "for",
    "force",
    "from",
    "full",
    "group",
    "having",
    "ignore",
    "in",
    "index",
    "inner",
    "insert",
    "intersect",
    "into",
    "is",
    "join",
    "key",
    "lateral",
    "left",
    "like",
    "limit",
    "natural",
    "not",
    "null",
    "offset",
    "on",
    "or",
    "order",
    "outer",
    "over",
    "partition",
    "replace",
    "returning",
    "right",
    "select",
    "set",
    "straight_join",
    "table",
    "then",
    "union",
    "update",
    "use",
    "using",
    "values",
    "when",
    "where",
    "window",
    "with",
];

/// A word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryWord {
    /// A keyword, in capital letters.
    Keyword(String),
    /// A name, without quotes, and whether it had some.
    Name {
        /// The name.
        name: String,
        /// Whether it was quoted.
        quoted: bool,
    },
    /// What stands for a value.
    Placeholder(String),
    /// An operator, a bracket, a comma or a dot.
    Symbol(String),
}

/// The text of a query without its literals.
///
/// There is no other way to make one: whatever the server gives goes through the guard, which
/// puts a placeholder for each literal and leaves comments out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct QueryText(String);

impl QueryText {
    /// Takes what the server says of a query, and leaves every literal and comment out.
    pub fn guarded(text: &str, engine: DatabaseEngine) -> Self {
        Self(written(&Reader { rest: text, engine }.collect::<Vec<_>>(), engine))
    }

    /// Returns the text, cut between two words where it has more than so many characters.
    pub fn shortened(self, most: usize) -> Self {
        let Some((end, _)) = self.0.char_indices().nth(most) else { return self };
        let (kept, _) = self.0.split_at_checked(end).unwrap_or((&self.0, ""));
        let kept = kept.rsplit_once(' ').map_or(kept, |(words, _)| words);
        Self(format!("{kept} …"))
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the words of the text.
    pub fn words(&self, engine: DatabaseEngine) -> Vec<QueryWord> {
        Reader { rest: &self.0, engine }.collect()
    }
}

impl fmt::Display for QueryText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads a text word by word; literals come out as placeholders.
struct Reader<'t> {
    rest: &'t str,
    engine: DatabaseEngine,
}

impl Iterator for Reader<'_> {
    type Item = QueryWord;

    fn next(&mut self) -> Option<QueryWord> {
        self.skip_blanks();
        let first = self.rest.chars().next()?;
        let placeholder = || Some(QueryWord::Placeholder("?".to_owned()));
        if first == '\'' {
            self.skip_string('\'', self.engine.is_mysql_like());
            return placeholder();
        }
        if first == '"' && self.engine.is_mysql_like() {
            self.skip_string('"', true);
            return placeholder();
        }
        if first == '"' || first == '`' {
            let name = self.quoted_name(first);
            return Some(QueryWord::Name { name, quoted: true });
        }
        if first == '$' {
            return self.dollar();
        }
        let after = self.rest.get(1..).and_then(|rest| rest.chars().next());
        if first.is_ascii_digit() || (first == '.' && after.is_some_and(|c| c.is_ascii_digit())) {
            self.take(|c| c.is_alphanumeric() || c == '.' || c == '_');
            return placeholder();
        }
        if first.is_alphabetic() || first == '_' {
            return Some(self.name_or_literal());
        }
        Some(self.symbol())
    }
}

impl Reader<'_> {
    fn take(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        self.split(end)
    }

    fn split(&mut self, end: usize) -> String {
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken.to_owned()
    }

    fn skip_blanks(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let end = if self.rest.starts_with("/*") {
                self.rest.find("*/").map(|at| at + 2)
            } else if self.rest.starts_with("--")
                || (self.rest.starts_with('#') && self.engine.is_mysql_like())
            {
                self.rest.find('\n')
            } else {
                return;
            };
            self.split(end.unwrap_or(self.rest.len()));
        }
    }

    /// Skips a string; one without an end reaches to the end of the text.
    fn skip_string(&mut self, quote: char, escapes: bool) {
        let mut letters = self.rest.char_indices().skip(1).peekable();
        while let Some((at, letter)) = letters.next() {
            if letter == '\\' && escapes {
                letters.next();
            } else if letter == quote {
                if letters.peek().is_some_and(|(_, next)| *next == quote) {
                    letters.next();
                } else {
                    self.split(at + 1);
                    return;
                }
            }
        }
        self.rest = "";
    }

    fn quoted_name(&mut self, quote: char) -> String {
        self.split(1);
        let end = self.rest.find(quote).unwrap_or(self.rest.len());
        let name = self.split(end);
        self.split(1);
        name
    }

    /// Reads `$1`, or a string between two equal marks such as `$body$`.
    fn dollar(&mut self) -> Option<QueryWord> {
        let rest = self.rest.get(1..).unwrap_or_default();
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if digits > 0 {
            return Some(QueryWord::Placeholder(self.split(digits + 1)));
        }
        let Some(mark) = rest.find('$').map(|at| at + 2) else {
            return Some(self.symbol());
        };
        let mark = self.split(mark);
        let end = self.rest.find(&mark).map_or(self.rest.len(), |at| at + mark.len());
        self.split(end);
        Some(QueryWord::Placeholder("?".to_owned()))
    }

    /// Reads a name; one with a string right behind it, such as `x'ff'`, is a literal.
    fn name_or_literal(&mut self) -> QueryWord {
        let name = self.take(|c| c.is_alphanumeric() || c == '_' || c == '$');
        if self.rest.starts_with('\'') && name.len() == 1 {
            self.skip_string('\'', self.engine.is_mysql_like() || name.eq_ignore_ascii_case("e"));
            return QueryWord::Placeholder("?".to_owned());
        }
        let lower = name.to_lowercase();
        if KEYWORDS.contains(&lower.as_str()) {
            return QueryWord::Keyword(name.to_uppercase());
        }
        QueryWord::Name { name, quoted: false }
    }

    fn symbol(&mut self) -> QueryWord {
        let known = ["...", "->>", "->", "<=>", "<=", ">=", "<>", "!=", "||", "::", ":="];
        let length = known.iter().find(|symbol| self.rest.starts_with(**symbol)).map_or_else(
            || self.rest.chars().next().map_or(1, char::len_utf8),
            |symbol| symbol.len(),
        );
        let symbol = self.split(length);
        match symbol.as_str() {
            "?" => QueryWord::Placeholder(symbol),
            _ => QueryWord::Symbol(symbol),
        }
    }
}

/// Writes words the way people do; what is quoted stays so where it must.
fn written(words: &[QueryWord], engine: DatabaseEngine) -> String {
    let mut text = String::new();
    let mut before: Option<&QueryWord> = None;
    for word in words {
        if before.is_some_and(|before| is_apart(before, word)) {
            text.push(' ');
        }
        match word {
            QueryWord::Keyword(word) | QueryWord::Placeholder(word) | QueryWord::Symbol(word) => {
                text.push_str(word);
            }
            QueryWord::Name { name, quoted: false } => text.push_str(name),
            QueryWord::Name { name, quoted: true } if engine.is_mysql_like() => {
                let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_')
                    && !name.starts_with(|c: char| c.is_ascii_digit())
                    && !KEYWORDS.contains(&name.to_lowercase().as_str());
                let quote = if plain { "" } else { "`" };
                text.extend([quote, name, quote]);
            }
            QueryWord::Name { name, quoted: true } => text.extend(["\"", name, "\""]),
        }
        before = Some(word);
    }
    text
}

fn is_apart(before: &QueryWord, word: &QueryWord) -> bool {
    let symbol = |word: &QueryWord, among: &[&str]| matches!(word, QueryWord::Symbol(symbol) if among.contains(&symbol.as_str()));
    if symbol(before, &["(", ".", "::"]) || symbol(word, &[")", ",", ".", ";", "::"]) {
        return false;
    }
    // The name of a function stands close to its bracket.
    !(symbol(word, &["("]) && matches!(before, QueryWord::Name { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(engine: DatabaseEngine, text: &str, expected: &str) {
        assert_eq!(QueryText::guarded(text, engine).as_str(), expected);
        // What was guarded once is not changed by a second time.
        assert_eq!(QueryText::guarded(expected, engine).as_str(), expected);
    }

    #[test]
    fn a_digest_is_written_like_a_query() {
        check(
            DatabaseEngine::Mariadb,
            "SELECT `memo` , COUNT ( * ) FROM `game` . `orders` WHERE ID IN (...) AND `order` = ? LIMIT ? ",
            "SELECT memo, COUNT(*) FROM game.orders WHERE ID IN (...) AND `order` = ? LIMIT ?",
        );
        check(
            DatabaseEngine::Postgresql,
            "select \"Id\", amount::text from orders\n where player_id = $1 -- trace 77",
            "SELECT \"Id\", amount::text FROM orders WHERE player_id = $1",
        );
    }

    #[test]
    fn no_literal_survives() {
        for (engine, text) in [
            (DatabaseEngine::Mysql, r#"SELECT * FROM t WHERE a = 'sec\'ret' AND b = "secret""#),
            (DatabaseEngine::Mysql, "SELECT 0x736563726574, x'736563726574', 42 # secret"),
            (DatabaseEngine::Postgresql, "SELECT E'sec\\'ret', 'sec''ret', $x$secret$x$, 1.5e42"),
            (DatabaseEngine::Postgresql, "SELECT 'secret without an end 42"),
            (DatabaseEngine::Postgresql, "/* user 42 secret */ SELECT B'0142'"),
            (DatabaseEngine::Postgresql, "SELECT $secret$ 42 never ends"),
        ] {
            let guarded = QueryText::guarded(text, engine);
            let left = ["secret", "ret", "42", "73"].iter().find(|one| guarded.0.contains(**one));
            assert_eq!(left, None, "{guarded}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_words() {
        let of = |text: &str, most| {
            let text = QueryText::guarded(text, DatabaseEngine::Mysql).shortened(most);
            let again = QueryText::guarded(text.as_str(), DatabaseEngine::Mysql);
            assert_eq!(again, text);
            text.0
        };
        assert_eq!(of("SELECT a FROM players", 12), "SELECT a …");
        assert_eq!(of("SELECT a FROM players", 21), "SELECT a FROM players");
        assert_eq!(of("SELECT 이름 FROM 선수", 9), "SELECT …");
    }

    #[test]
    fn a_name_with_digits_is_no_literal() {
        check(DatabaseEngine::Mysql, "SELECT c1 FROM t2", "SELECT c1 FROM t2");
        check(
            DatabaseEngine::Postgresql,
            "SELECT c1 FROM t2 WHERE x=$12",
            "SELECT c1 FROM t2 WHERE x = $12",
        );
    }
}
