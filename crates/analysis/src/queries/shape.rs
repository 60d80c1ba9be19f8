//! The tables and conditions of a normalised query, as far as its text says them surely.

use trimtab_model::database::{DatabaseEngine, QueryText, QueryWord};

/// What a query does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// It reads.
    Select,
    /// It changes or removes rows that it has to find first.
    Change,
}

/// A table of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TableUse {
    /// The schema, where the text names it.
    pub(super) schema: Option<String>,
    /// The table.
    pub(super) table: String,
    /// What the query calls it.
    pub(super) alias: String,
}

/// How a column is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    /// With one value or several.
    Equal,
    /// With a value of another table.
    Join,
    /// With a range.
    Range,
}

/// A condition that an index could serve: it must hold for every row of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    /// What the query calls the table, where it says so.
    pub(super) alias: Option<String>,
    /// The column.
    pub(super) column: String,
    /// How it is compared.
    pub(super) comparison: Comparison,
}

/// What the text of a query says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) verb: Verb,
    pub(super) tables: Vec<TableUse>,
    pub(super) conditions: Vec<Condition>,
    /// Whether it adds rows up, so that the rows of the answer do not say how many fit.
    pub(super) adds_up: bool,
}

const JOINS: &[&str] =
    &["JOIN", "INNER", "LEFT", "RIGHT", "FULL", "OUTER", "CROSS", "NATURAL", "STRAIGHT_JOIN"];
const ENDS: &[&str] =
    &["GROUP", "ORDER", "LIMIT", "HAVING", "FOR", "OFFSET", "WINDOW", "RETURNING", "INTO"];
/// Words that make a query too much for this reader: it says nothing rather than something wrong.
const TOO_MUCH: &[&str] =
    &["UNION", "INTERSECT", "EXCEPT", "WITH", "USE", "FORCE", "IGNORE", "LATERAL"];
const SUMS: &[&str] =
    &["count", "sum", "avg", "min", "max", "group_concat", "string_agg", "array_agg"];

/// Reads a query of one block. Anything else has no shape.
pub(super) fn shape(text: &QueryText, engine: DatabaseEngine) -> Option<Shape> {
    let words = text.words(engine);
    let keyword = |word: &QueryWord| match word {
        QueryWord::Keyword(word) => Some(word.clone()),
        QueryWord::Name { .. } | QueryWord::Placeholder(_) | QueryWord::Symbol(_) => None,
    };
    let keywords: Vec<String> = words.iter().filter_map(keyword).collect();
    let selects = keywords.iter().filter(|word| *word == "SELECT").count();
    let verb = match keywords.first().map(String::as_str)? {
        "SELECT" if selects == 1 => Verb::Select,
        "UPDATE" | "DELETE" if selects == 0 => Verb::Change,
        _ => return None,
    };
    let cut = words.last().is_some_and(|word| is_symbol(word, "..."));
    if cut || keywords.iter().any(|word| TOO_MUCH.contains(&word.as_str())) {
        return None;
    }
    let parts = parts(&words, keywords.first().is_some_and(|word| word == "UPDATE"));
    let tables: Vec<TableUse> =
        parts.tables.iter().map(|part| table(part)).collect::<Option<_>>()?;
    let conditions = parts.conditions.iter().flat_map(|part| conditions(part)).collect();
    let sums = |pair: &[QueryWord]| matches!(pair, [QueryWord::Name { name, .. }, bracket] if is_symbol(bracket, "(") && SUMS.contains(&name.to_lowercase().as_str()));
    let adds_up = keywords.iter().any(|word| word == "GROUP" || word == "DISTINCT")
        || words.windows(2).any(sums);
    (!tables.is_empty()).then_some(Shape { verb, tables, conditions, adds_up })
}

fn is_symbol(word: &QueryWord, symbol: &str) -> bool {
    matches!(word, QueryWord::Symbol(found) if found == symbol)
}

fn is_keyword(word: &QueryWord, among: &[&str]) -> bool {
    matches!(word, QueryWord::Keyword(found) if among.contains(&found.as_str()))
}

/// The words of each table and of each block of conditions.
#[derive(Default)]
struct Parts<'w> {
    tables: Vec<Vec<&'w QueryWord>>,
    conditions: Vec<Vec<&'w QueryWord>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Elsewhere,
    Tables,
    Conditions,
}

fn parts(words: &[QueryWord], begins_with_table: bool) -> Parts<'_> {
    let mut parts = Parts::default();
    let mut place = Place::Elsewhere;
    let mut depth = 0_usize;
    // What stands behind ON ends at the comma in front of the next table.
    let mut of_join = false;
    for (at, word) in words.iter().enumerate() {
        if is_symbol(word, ")") {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 {
            let starts_tables = is_keyword(word, &["FROM"]) || (begins_with_table && at == 0);
            if starts_tables || (place != Place::Elsewhere && is_keyword(word, JOINS)) {
                place = Place::Tables;
                if starts_tables || is_keyword(word, &["JOIN", "STRAIGHT_JOIN"]) {
                    parts.tables.push(Vec::new());
                }
                continue;
            }
            if is_keyword(word, &["WHERE", "ON"]) {
                of_join = is_keyword(word, &["ON"]);
                place = Place::Conditions;
                parts.conditions.push(Vec::new());
                continue;
            }
            if is_keyword(word, ENDS) || is_keyword(word, &["SET", "USING"]) {
                place = Place::Elsewhere;
                continue;
            }
            let in_list = place == Place::Tables || (place == Place::Conditions && of_join);
            if in_list && is_symbol(word, ",") {
                place = Place::Tables;
                parts.tables.push(Vec::new());
                continue;
            }
        }
        let into = match place {
            Place::Tables => parts.tables.last_mut(),
            Place::Conditions => parts.conditions.last_mut(),
            Place::Elsewhere => None,
        };
        if let Some(into) = into {
            into.push(word);
        }
        if is_symbol(word, "(") {
            depth += 1;
        }
    }
    parts
}

/// Reads `[schema .] table [AS] [alias]`.
fn table(words: &[&QueryWord]) -> Option<TableUse> {
    let words: Vec<&QueryWord> =
        words.iter().copied().filter(|word| !is_keyword(word, &["AS"])).collect();
    let name = |word: &QueryWord| match word {
        QueryWord::Name { name, .. } => Some(name.clone()),
        QueryWord::Keyword(_) | QueryWord::Placeholder(_) | QueryWord::Symbol(_) => None,
    };
    let (schema, table, alias) = match words.as_slice() {
        [table] => (None, name(table)?, None),
        [table, alias] => (None, name(table)?, Some(name(alias)?)),
        [schema, dot, table] if is_symbol(dot, ".") => (Some(name(schema)?), name(table)?, None),
        [schema, dot, table, alias] if is_symbol(dot, ".") => {
            (Some(name(schema)?), name(table)?, Some(name(alias)?))
        }
        _ => return None,
    };
    Some(TableUse { schema, alias: alias.unwrap_or_else(|| table.clone()), table })
}

/// Splits a block at its ANDs. A block with an OR asks for one of several: nothing is sure.
fn conditions(words: &[&QueryWord]) -> Vec<Condition> {
    let mut depth = 0_usize;
    let mut between = false;
    let mut all: Vec<Vec<&QueryWord>> = vec![Vec::new()];
    for &word in words {
        if is_symbol(word, ")") {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 && is_keyword(word, &["OR"]) {
            return Vec::new();
        }
        if depth == 0 && is_keyword(word, &["AND"]) && !between {
            all.push(Vec::new());
            continue;
        }
        if depth == 0 {
            between = is_keyword(word, &["BETWEEN"]) || (between && !is_keyword(word, &["AND"]));
        }
        if is_symbol(word, "(") {
            depth += 1;
        }
        if let Some(last) = all.last_mut() {
            last.push(word);
        }
    }
    all.iter().flat_map(|one| condition(one)).collect()
}

fn condition(words: &[&QueryWord]) -> Vec<Condition> {
    if let [first, inner @ .., last] = words
        && is_symbol(first, "(")
        && is_symbol(last, ")")
        && is_closed(inner)
    {
        return conditions(inner);
    }
    if let Some((column, rest)) = column(words)
        && let Some((operator, value)) = rest.split_first()
    {
        return compared(column, operator, value);
    }
    // A value in front: `? = column`.
    if let [QueryWord::Placeholder(_), operator, rest @ ..] = words
        && let Some((column, [])) = column(rest)
    {
        return compared(column, operator, &[]);
    }
    Vec::new()
}

/// Returns whether every bracket that opens inside closes inside.
fn is_closed(words: &[&QueryWord]) -> bool {
    let mut depth = 0_i32;
    words.iter().all(|word| {
        depth += i32::from(is_symbol(word, "(")) - i32::from(is_symbol(word, ")"));
        depth >= 0
    })
}

/// A column by the alias of its table, where it is given, and its own name.
type ColumnName = (Option<String>, String);

/// Reads `[[schema .] alias .] column` in front of something.
fn column<'a, 'w>(words: &'a [&'w QueryWord]) -> Option<(ColumnName, &'a [&'w QueryWord])> {
    let mut names = Vec::new();
    let mut rest = words;
    loop {
        let [QueryWord::Name { name, .. }, after @ ..] = rest else { return None };
        names.push(name.clone());
        rest = after;
        match rest {
            [dot, after @ ..] if is_symbol(dot, ".") => rest = after,
            [bracket, ..] if is_symbol(bracket, "(") => return None,
            _ => break,
        }
    }
    let column = names.pop()?;
    Some(((names.pop(), column), rest))
}

fn compared(
    (alias, name): (Option<String>, String),
    operator: &QueryWord,
    value: &[&QueryWord],
) -> Vec<Condition> {
    let of =
        |comparison| vec![Condition { alias: alias.clone(), column: name.clone(), comparison }];
    match operator {
        QueryWord::Symbol(sign) if sign == "=" || sign == "<=>" => match column(value) {
            Some(((other_alias, other), [])) => {
                let mut both = of(Comparison::Join);
                both.push(Condition {
                    alias: other_alias,
                    column: other,
                    comparison: Comparison::Join,
                });
                both
            }
            _ if is_value(value) => of(Comparison::Equal),
            _ => Vec::new(),
        },
        QueryWord::Symbol(sign) if ["<", ">", "<=", ">="].contains(&sign.as_str()) => {
            if is_value(value) { of(Comparison::Range) } else { Vec::new() }
        }
        QueryWord::Keyword(word) if word == "IN" && is_value(value) => of(Comparison::Equal),
        QueryWord::Keyword(word) if word == "BETWEEN" && is_value(value) => of(Comparison::Range),
        QueryWord::Keyword(word) if word == "IS" => match value {
            [null] if is_keyword(null, &["NULL"]) => of(Comparison::Equal),
            _ => Vec::new(),
        },
        QueryWord::Keyword(_)
        | QueryWord::Name { .. }
        | QueryWord::Placeholder(_)
        | QueryWord::Symbol(_) => Vec::new(),
    }
}

/// Returns whether no column of a table is in it: functions and types are.
fn is_value(words: &[&QueryWord]) -> bool {
    words.iter().enumerate().all(|(at, word)| match word {
        QueryWord::Name { quoted, .. } => {
            let calls = words.get(at + 1).is_some_and(|next| is_symbol(next, "("));
            let is_type = at > 0 && words.get(at - 1).is_some_and(|before| is_symbol(before, "::"));
            !quoted && (calls || is_type)
        }
        QueryWord::Keyword(_) | QueryWord::Placeholder(_) | QueryWord::Symbol(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the tables with their aliases, and the conditions as `alias.column` and a sign.
    fn check(text: &str, tables: &[&str], wanted: &[&str]) {
        for engine in [DatabaseEngine::Mariadb, DatabaseEngine::Postgresql] {
            let shape = shape(&QueryText::guarded(text, engine), engine).expect(text);
            let named = |table: &TableUse| match &table.schema {
                Some(schema) => format!("{schema}.{} {}", table.table, table.alias),
                None => format!("{} {}", table.table, table.alias),
            };
            assert_eq!(shape.tables.iter().map(named).collect::<Vec<_>>(), tables, "{text}");
            let said = |one: &Condition| {
                let sign = match one.comparison {
                    Comparison::Equal => "=",
                    Comparison::Join => "&",
                    Comparison::Range => "<",
                };
                let alias = one.alias.as_ref().map_or(String::new(), |alias| format!("{alias}."));
                format!("{alias}{}{sign}", one.column)
            };
            assert_eq!(shape.conditions.iter().map(said).collect::<Vec<_>>(), wanted, "{text}");
        }
    }

    #[test]
    fn conditions_that_must_hold_are_read() {
        check("SELECT id FROM orders WHERE player_id = 1", &["orders orders"], &["player_id="]);
        check(
            "SELECT o.id FROM game.orders AS o WHERE (o.status IN (1, 2) AND o.at BETWEEN 1 AND 2) AND 3 = o.kind",
            &["game.orders o"],
            &["o.status=", "o.at<", "o.kind="],
        );
        check(
            "SELECT 1 FROM orders o LEFT JOIN players p ON p.id = o.player_id, items i WHERE p.guild > now() ORDER BY 1",
            &["orders o", "players p", "items i"],
            &["p.id&", "o.player_id&", "p.guild<"],
        );
        check(
            "UPDATE players SET level = 1, x = 2 WHERE name = 'a'",
            &["players players"],
            &["name="],
        );
        check("DELETE FROM players WHERE gone IS NULL", &["players players"], &["gone="]);
    }

    #[test]
    fn conditions_that_no_index_serves_are_left_out() {
        for condition in [
            "a = 1 OR b = 2",
            "lower(a) = 1",
            "a LIKE 'x'",
            "a <> 1",
            "NOT a = 1",
            "a = b + 1",
            "a IS NOT NULL",
            "a + 1 = 2",
        ] {
            check(&format!("SELECT 1 FROM t WHERE {condition}"), &["t t"], &[]);
        }
    }

    #[test]
    fn what_is_too_much_has_no_shape() {
        for text in [
            "SELECT 1 FROM t WHERE a IN (SELECT b FROM u)",
            "SELECT 1 FROM t UNION SELECT 1 FROM u",
            "WITH w AS (SELECT 1) SELECT 1 FROM w",
            "SELECT 1 FROM (t, u)",
            "INSERT INTO t VALUES (1)",
            "SELECT 1",
            "SELECT 1 FROM t WHERE a = 1 AND ...",
        ] {
            let text = QueryText::guarded(text, DatabaseEngine::Mariadb);
            assert_eq!(shape(&text, DatabaseEngine::Mariadb), None, "{text}");
        }
    }
}
