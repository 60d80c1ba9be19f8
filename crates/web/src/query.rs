//! What an address asks for, behind its question mark.

use std::fmt::Write as _;

/// The parameters of an address, in order. One that is empty counts as not given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Reads `a=1&b=2`.
    pub(crate) fn of(text: &str) -> Self {
        let pairs = text.split('&').filter(|part| !part.is_empty()).map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (decoded(key), decoded(value))
        });
        Self { pairs: pairs.filter(|(_, value)| !value.is_empty()).collect() }
    }

    /// Returns the value of a parameter: the last one where there are several.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().rev().find_map(|(name, value)| (name == key).then_some(value.as_str()))
    }

    /// Returns every value of a parameter.
    pub(crate) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter_map(move |(name, value)| (name == key).then_some(value.as_str()))
    }

    /// Iterates over the parameters whose name begins so, without that beginning.
    pub(crate) fn under<'a>(&'a self, start: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.pairs
            .iter()
            .filter_map(move |(name, value)| Some((name.strip_prefix(start)?, value.as_str())))
    }

    /// Returns the parameters with one set to a value, or taken away.
    pub(crate) fn with(&self, key: &str, value: Option<&str>) -> Self {
        let mut pairs = self.pairs.clone();
        pairs.retain(|(name, _)| name != key);
        pairs.extend(value.map(|value| (key.to_owned(), value.to_owned())));
        Self { pairs }
    }

    /// Iterates over all parameters.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Returns `path?a=1&b=2`.
    pub(crate) fn on(&self, path: &str) -> String {
        let mut address = path.to_owned();
        for (index, (key, value)) in self.pairs.iter().enumerate() {
            address.push(if index == 0 { '?' } else { '&' });
            address.push_str(&encoded(key));
            address.push('=');
            address.push_str(&encoded(value));
        }
        address
    }
}

/// Writes a text so that it may stand in an address.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~*".contains(&byte) {
            out.push(char::from(byte));
        } else if write!(out, "%{byte:02X}").is_err() {
            // Writing to a string does not fail.
            return out;
        }
    }
    out
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits: Vec<u8> = rest.clone().take(2).collect();
                match std::str::from_utf8(&digits)
                    .ok()
                    .and_then(|two| u8::from_str_radix(two, 16).ok())
                {
                    Some(value) if digits.len() == 2 => {
                        bytes.push(value);
                        rest.nth(1);
                    }
                    _ => bytes.push(byte),
                }
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let hostile = "a=b&c %<script>\"'한글+";
        let query = Query::default().with("q", Some(hostile)).with("b", Some("2"));
        let address = query.on("/x");
        assert!(address.starts_with("/x?q="));
        assert!(!address.contains('<'));
        let read = Query::of(address.split_once('?').unwrap().1);
        assert_eq!(read, query);
        assert_eq!(read.get("q"), Some(hostile));
        assert_eq!(read.with("q", None).on("/x"), "/x?b=2");
    }

    #[test]
    fn half_a_code_stays_what_it_is() {
        assert_eq!(Query::of("a=%4&b=%zz&c=&d=1%41").get("a"), Some("%4"));
        assert_eq!(Query::of("a=%4&b=%zz&c=&d=1%41").get("d"), Some("1A"));
        assert_eq!(Query::of("c=").get("c"), None);
    }
}
