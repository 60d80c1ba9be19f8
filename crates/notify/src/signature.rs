//! How the receiver of a webhook knows that it is ours: HMAC with SHA-256.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// The block of SHA-256, in bytes.
const BLOCK: usize = 64;

/// Returns what proves that whoever sent `body` at `timestamp` knows `secret`: the hexadecimal
/// HMAC-SHA256 of `<timestamp>.<body>`.
pub fn signature(secret: &[u8], timestamp: i64, body: &[u8]) -> String {
    let mut message = format!("{timestamp}.").into_bytes();
    message.extend_from_slice(body);
    hex(&hmac(secret, &message))
}

/// What a request says of the moment at which it leaves: a receiver refuses an old one.
pub(crate) struct Stamp {
    /// What both sides know, and nobody else.
    pub(crate) secret: Option<String>,
}

impl Stamp {
    /// Returns the headers of a request that leaves at a moment.
    pub(crate) fn headers(&self, at: Timestamp, body: &[u8]) -> Vec<(&'static str, String)> {
        let timestamp = at.as_second();
        let mut headers = vec![("x-trimtab-timestamp", timestamp.to_string())];
        if let Some(secret) = &self.secret {
            let proof = signature(secret.as_bytes(), timestamp, body);
            headers.push(("x-trimtab-signature", format!("sha256={proof}")));
        }
        headers
    }
}

/// The code of RFC 2104.
fn hmac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let mut key =
        if secret.len() > BLOCK { Sha256::digest(secret).to_vec() } else { secret.to_vec() };
    key.resize(BLOCK, 0);
    let padded = |pad: u8| key.iter().map(|byte| byte ^ pad).collect::<Vec<u8>>();
    let mut inner = Sha256::new();
    inner.update(padded(0x36));
    inner.update(message);
    let mut outer = Sha256::new();
    outer.update(padded(0x5c));
    outer.update(inner.finalize());
    outer.finalize().to_vec()
}

/// Returns a short name for a text, the same every time.
pub(crate) fn fingerprint(text: &str) -> String {
    hex(Sha256::digest(text.as_bytes()).get(..12).unwrap_or_default())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_proves_the_moment_that_it_names() {
        let stamp = Stamp { secret: Some("both know".to_owned()) };
        let at = Timestamp::from_second(1_800_000_000).unwrap();
        let proof = signature(b"both know", 1_800_000_000, b"{}");
        let expected = [
            ("x-trimtab-timestamp", "1800000000".to_owned()),
            ("x-trimtab-signature", format!("sha256={proof}")),
        ];
        assert_eq!(stamp.headers(at, b"{}"), expected);
        assert_eq!(Stamp { secret: None }.headers(at, b"{}").len(), 1);
    }

    #[test]
    fn the_vectors_of_rfc_4231_hold() {
        let check = |key: &[u8], message: &[u8], expected: &str| {
            assert_eq!(hex(&hmac(key, message)), expected);
        };
        check(
            &[0x0b; 20],
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        );
        check(
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        );
        check(
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        );
    }
}
