//! Which kind of thing a path asks for: parts that name a single thing become `{}`.

/// Longest template that is kept.
const MAX_TEMPLATE: usize = 256;
/// Parts of a path that are told apart; what is deeper is one `{}`.
const MAX_PARTS: usize = 12;
/// A part that is longer is never the name of a kind.
const MAX_PART: usize = 64;
/// From how many signs on a part without a separator can be a token.
const TOKEN: usize = 16;
/// Digits in a row that are taken for an identifier wherever they stand.
const LONG_NUMBER: usize = 4;
/// Keys of a query that are told apart.
const MAX_KEYS: usize = 16;
const HOLE: &str = "{}";

/// Returns the template of a path.
///
/// A part becomes `{}` if it is a number, a UUID, a hash, a token or an address of mail, or longer
/// than 64 bytes. Within a part, four digits in a row and a number behind `-`, `_`, `:` or `.` at
/// the end do; the ending of a file stays. `v1` stays as well.
pub(super) fn template(path: &[u8]) -> String {
    let path = String::from_utf8_lossy(path);
    let mut out = String::new();
    for (index, part) in path.split('/').enumerate() {
        if index > 0 {
            out.push('/');
        }
        if index >= MAX_PARTS {
            out.push_str(HOLE);
            break;
        }
        out.push_str(&folded(part));
        if out.len() > MAX_TEMPLATE {
            let mut end = MAX_TEMPLATE;
            while !out.is_char_boundary(end) {
                end -= 1;
            }
            out.truncate(end);
            out.push_str(HOLE);
            break;
        }
    }
    out
}

/// Returns the query with its values masked: `?a=*&b=*`. Keys that are numbers or tokens are
/// masked too.
pub(super) fn masked_query(query: &[u8]) -> String {
    let query = String::from_utf8_lossy(query);
    let mut out = String::new();
    for (index, pair) in query.split('&').enumerate() {
        out.push(if index == 0 { '?' } else { '&' });
        if index == MAX_KEYS {
            out.push_str("...");
            break;
        }
        let (key, value) = match pair.split_once('=') {
            Some((key, _)) => (key, "=*"),
            None => (pair, ""),
        };
        let is_name = key.len() <= 32
            && key.bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'[' | b']')
            })
            && folded(key) == key;
        out.push_str(if is_name { key } else { "*" });
        out.push_str(value);
    }
    out
}

fn folded(part: &str) -> String {
    if part.contains('@') || part.contains("%40") {
        return HOLE.to_owned();
    }
    let (stem, ending) = match part.rsplit_once('.') {
        Some((stem, ending))
            if !stem.is_empty()
                && (1..=5).contains(&ending.len())
                && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && ending.bytes().any(|byte| byte.is_ascii_alphabetic()) =>
        {
            (stem, ending)
        }
        _ => (part, ""),
    };
    let stem = if names_one_thing(stem) { HOLE.to_owned() } else { without_numbers(stem) };
    if ending.is_empty() { stem } else { format!("{stem}.{ending}") }
}

fn names_one_thing(part: &str) -> bool {
    let bytes = part.as_bytes();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_number = digits > 0
        && bytes.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b',' | b':'));
    let is_hex = bytes.len() >= 8
        && digits > 0
        && bytes.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-');
    let is_token = bytes.len() >= TOKEN
        && digits >= 2
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'=' | b'~'));
    let is_mixed = bytes.len() >= TOKEN + 4
        && digits >= 2
        && bytes.iter().any(u8::is_ascii_uppercase)
        && bytes.iter().any(u8::is_ascii_lowercase)
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'='))
        // Words with capitals have more separators than a token of that length.
        && bytes.iter().filter(|byte| matches!(byte, b'-' | b'_')).count() * 10 <= bytes.len();
    is_number || is_hex || is_token || is_mixed || bytes.len() > MAX_PART
}

/// Replaces long numbers, and a number at the end behind a separator.
fn without_numbers(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    let mut rest = part;
    while !rest.is_empty() {
        let run = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, behind) = rest.split_at(run);
        if run > 0 {
            let is_last = behind.is_empty() && out.ends_with(['-', '_', ':', '.']);
            out.push_str(if run >= LONG_NUMBER || is_last { HOLE } else { digits });
        }
        let words = behind.find(|letter: char| letter.is_ascii_digit()).unwrap_or(behind.len());
        let (word, next) = behind.split_at(words);
        out.push_str(word);
        rest = next;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, expected: &str) {
        assert_eq!(template(path.as_bytes()), expected);
    }

    #[test]
    fn what_names_one_thing_is_folded() {
        check("/users/123/items/7", "/users/{}/items/{}");
        check("/v1/rooms/550e8400-e29b-41d4-a716-446655440000", "/v1/rooms/{}");
        check("/files/d41d8cd98f00b204e9800998ecf8427e.png", "/files/{}.png");
        check("/o/507f1f77bcf86cd799439011", "/o/{}");
        check("/s/aGVsbG8gd29ybGQ5OTk4ODc3", "/s/{}");
        check("/mail/kim@example.com/x", "/mail/{}/x");
        check("/days/2026-10-01", "/days/{}");
        check("/blog/logstash-monitorama-2013/a.png", "/blog/logstash-monitorama-{}/a.png");
        check("/item_12", "/item_{}");
        check("/orders/42.json", "/orders/{}.json");
    }

    #[test]
    fn what_names_a_kind_stays() {
        for path in [
            "/",
            "",
            "-",
            "*",
            "/api/v1/users",
            "/images/kibana-dashboard3.png",
            "/js/jquery-1.9.1.min.js",
            "/decade",
            "/style2.css",
            "/internationalization",
        ] {
            check(path, path);
        }
    }

    #[test]
    fn hostile_paths_stay_short() {
        assert!(template("/a".repeat(50_000).as_bytes()).len() < 40);
        assert!(template("/averylongname".repeat(11).as_bytes()).len() < 300);
        check(&format!("/{}", "x".repeat(65)), "/{}");
        assert_eq!(template(b"/\xff\xfe"), "/\u{fffd}\u{fffd}");
    }

    #[test]
    fn values_of_queries_are_masked() {
        for (query, expected) in [
            ("id=7&name=kim", "?id=*&name=*"),
            ("flag", "?flag"),
            ("1759276800", "?*"),
            ("kim@example.com=1", "?*=*"),
            ("filter[a]=b", "?filter[a]=*"),
        ] {
            assert_eq!(masked_query(query.as_bytes()), expected);
        }
        assert!(masked_query("a&".repeat(9_000).as_bytes()).len() < 50);
    }
}
