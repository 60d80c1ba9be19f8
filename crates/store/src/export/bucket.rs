//! A bucket that is open for reading: listed, and fetched file by file.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use jiff::Timestamp;
use object_store::aws::AmazonS3Builder;
use object_store::path::Path as Key;
use object_store::{ClientOptions, GetOptions, GetResult, ObjectStore, RetryConfig};
use tokio::runtime::Handle;

use trimtab_model::explain::{Explain, Explained};
use trimtab_model::text::{StaticText, Text};

use super::credentials::{CredentialSource, Renewed};
use crate::error::{InputError, words};

/// Bytes of one file of a delivery. AWS splits a bill long before.
const FILE_BYTES: u64 = 64 << 30;
/// Bytes of a manifest: a line per column and per file.
const MANIFEST_BYTES: u64 = 32 << 20;

const AGAIN: StaticText = StaticText {
    en: "run the command again; what was read before is kept",
    ko: "명령을 다시 실행하세요. 이미 읽은 내용은 그대로 남아 있습니다",
};
const ROOM: StaticText = StaticText {
    en: "the temporary directory must be writable and have room for one month of the bill; TMPDIR names another",
    ko: "임시 디렉터리에 쓸 수 있고 한 달 치 청구서를 담을 공간이 있어야 합니다. TMPDIR로 다른 곳을 지정할 수 있습니다",
};

/// Where a bucket is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BucketAddress {
    /// Its name.
    pub bucket: String,
    /// Its region.
    pub region: String,
    /// Where its region answers, if not at AWS's usual place.
    pub endpoint: Option<String>,
}

/// An object as a listing names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its key.
    pub key: String,
    /// Its bytes.
    pub size: u64,
    /// When it was written.
    pub modified: Timestamp,
    /// Its entity tag, which changes with its content.
    pub tag: Option<String>,
}

impl Object {
    /// Returns what tells this version of the object from every other one.
    pub fn version(&self) -> String {
        self.tag.clone().unwrap_or_else(|| format!("{} {}", self.modified, self.size))
    }
}

/// A bucket that is open for reading.
///
/// Its functions block. Call them from a thread that may block.
#[derive(Debug)]
pub struct Bucket {
    address: BucketAddress,
    store: Arc<dyn ObjectStore>,
    runtime: Handle,
}

impl Bucket {
    /// Opens a bucket; nothing is asked yet.
    ///
    /// # Errors
    /// Fails on a name or an address that cannot be one.
    pub fn open(
        address: BucketAddress,
        credentials: CredentialSource,
        runtime: Handle,
    ) -> Result<Self, InputError> {
        let options = ClientOptions::new()
            .with_connect_timeout(Duration::from_secs(10))
            .with_timeout(Duration::from_secs(60 * 60));
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&address.bucket)
            .with_region(&address.region)
            .with_credentials(Arc::new(Renewed::new(credentials)))
            .with_client_options(options)
            .with_retry(RetryConfig { max_retries: 4, ..RetryConfig::default() });
        if let Some(endpoint) = &address.endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(is_this_machine(endpoint));
        }
        match builder.build() {
            Ok(store) => Ok(Self { address, store: Arc::new(store), runtime }),
            Err(cause) => {
                let hint = (
                    "check the name of the bucket and its region",
                    "버킷 이름과 리전을 확인하세요",
                );
                Err(InputError::unreadable(&url(&address.bucket, ""), &cause, hint))
            }
        }
    }

    /// Returns what people call an object.
    pub fn url(&self, key: &str) -> PathBuf {
        url(&self.address.bucket, key)
    }

    /// Lists everything below a prefix, in order of the keys.
    ///
    /// # Errors
    /// Fails if the bucket cannot be listed.
    pub fn list(&self, prefix: &str) -> Result<Vec<Object>, InputError> {
        let below = self.key(prefix.trim_matches('/'))?;
        let below = (!below.as_ref().is_empty()).then_some(&below);
        let listed = self.runtime.block_on(async {
            let mut objects = Vec::new();
            let mut listing = self.store.list(below);
            while let Some(next) = listing.next().await {
                let meta = next?;
                let modified = Timestamp::from_millisecond(meta.last_modified.timestamp_millis());
                objects.push(Object {
                    key: meta.location.to_string(),
                    size: meta.size,
                    modified: modified.unwrap_or(Timestamp::UNIX_EPOCH),
                    tag: meta.e_tag,
                });
            }
            Ok::<_, object_store::Error>(objects)
        });
        let mut objects = listed.map_err(|cause| self.failed(prefix, &cause))?;
        objects.sort_by(|left, right| left.key.cmp(&right.key));
        Ok(objects)
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// Fails if it cannot be read, is larger than any manifest, or has changed since it was listed.
    pub fn manifest(&self, object: &Object) -> Result<Vec<u8>, InputError> {
        let mut bytes = Vec::new();
        self.fetch(object, MANIFEST_BYTES, &mut bytes, &|_| {})?;
        Ok(bytes)
    }

    /// Copies a file to this machine, and tells how many bytes have come.
    ///
    /// # Errors
    /// Fails if it cannot be read or written, is too large, or has changed since it was listed.
    pub fn download(
        &self,
        object: &Object,
        to: &Path,
        told: &dyn Fn(u64),
    ) -> Result<(), InputError> {
        let unwritten = |cause: std::io::Error| self.unwritten(object, &cause);
        let mut file = std::fs::File::create_new(to).map_err(unwritten)?;
        self.fetch(object, FILE_BYTES, &mut file, told)?;
        file.flush().map_err(unwritten)
    }

    fn fetch(
        &self,
        object: &Object,
        limit: u64,
        to: &mut dyn Write,
        told: &dyn Fn(u64),
    ) -> Result<(), InputError> {
        if object.size > limit {
            return Err(self.problem(
                object,
                (
                    format!("has {} bytes, more than the {limit} of any honest one", object.size),
                    format!(
                        "크기가 {}바이트로, 정상 파일의 한도({limit}바이트)를 넘습니다",
                        object.size
                    ),
                ),
                ("check that it is what it should be", "올바른 파일인지 확인하세요"),
            ));
        }
        let key = self.key(&object.key)?;
        self.runtime.block_on(async {
            let options = GetOptions { if_match: object.tag.clone(), ..GetOptions::default() };
            let answer = self.store.get_opts(&key, options).await;
            let answer: GetResult = answer.map_err(|cause| self.failed(&object.key, &cause))?;
            let mut stream = answer.into_stream();
            let mut received = 0_u64;
            while let Some(chunk) = stream.next().await {
                let chunk = chunk.map_err(|cause| self.failed(&object.key, &cause))?;
                received = received.saturating_add(chunk.len() as u64);
                if received > object.size {
                    break;
                }
                to.write_all(&chunk).map_err(|cause| self.unwritten(object, &cause))?;
                told(received);
            }
            if received == object.size {
                return Ok(());
            }
            Err(self.problem(
                object,
                (
                    format!("gave {received} of its {} bytes", object.size),
                    format!("{}바이트 가운데 {received}바이트만 받았습니다", object.size),
                ),
                AGAIN,
            ))
        })
    }

    fn key(&self, key: &str) -> Result<Key, InputError> {
        Key::parse(key).map_err(|_| {
            InputError::new(
                &self.url(key),
                ("is not a plain key", "올바른 키가 아닙니다"),
                (
                    "use a prefix without empty parts and without `.` and `..`",
                    "빈 부분이나 `.`, `..`이 없는 접두사를 쓰세요",
                ),
            )
        })
    }

    fn problem(
        &self,
        object: &Object,
        problem: impl Into<Text>,
        hint: impl Into<Text>,
    ) -> InputError {
        InputError::new(&self.url(&object.key), problem, hint)
    }

    fn unwritten(&self, object: &Object, cause: &std::io::Error) -> InputError {
        let problem =
            Text::new("could not be copied to this machine", "이 컴퓨터로 복사하지 못했습니다");
        self.problem(object, problem.because(&cause.text()), ROOM)
    }

    fn failed(&self, key: &str, cause: &object_store::Error) -> InputError {
        let file = self.url(key);
        let bucket = &self.address.bucket;
        match Refusal::of(cause) {
            Refusal::Replaced => InputError::new(
                &file,
                ("was replaced while it was read", "읽는 동안 새 파일로 바뀌었습니다"),
                AGAIN,
            ),
            Refusal::Absent => InputError::new(
                &file,
                unread(cause),
                (
                    "check the name of the bucket and the prefix; `trimtab ingest --from aws` finds the exports of the account",
                    "버킷 이름과 접두사를 확인하세요. `trimtab ingest --from aws`로 계정의 내보내기를 찾을 수 있습니다",
                ),
            ),
            Refusal::Denied => InputError::new(
                &file,
                (
                    "may not be read with these credentials",
                    "이 자격 증명으로는 읽을 권한이 없습니다",
                ),
                (
                    format!(
                        "the role needs s3:ListBucket and s3:GetObject there: `trimtab iam policy --bills {bucket}` prints them; a bucket of another account and an encrypted one must allow it too"
                    ),
                    format!(
                        "역할에 s3:ListBucket과 s3:GetObject 권한이 필요합니다. `trimtab iam policy --bills {bucket}`로 출력할 수 있습니다. 다른 계정의 버킷이나 암호화된 버킷은 그쪽 정책도 허용해야 합니다"
                    ),
                ),
            ),
            Refusal::Other => InputError::new(&file, unread(cause), AGAIN),
        }
    }
}

/// What a person can do about an answer of S3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Replaced,
    Absent,
    Denied,
    Other,
}

impl Refusal {
    /// Sorts an error. Of a listing the library says the status in words only.
    fn of(cause: &object_store::Error) -> Self {
        match cause {
            object_store::Error::Precondition { .. } => Self::Replaced,
            object_store::Error::NotFound { .. } => Self::Absent,
            object_store::Error::PermissionDenied { .. }
            | object_store::Error::Unauthenticated { .. } => Self::Denied,
            other => {
                let words = other.to_string();
                let says = |status: &str| words.contains(&format!("status code: {status}"));
                if says("401") || says("403") {
                    Self::Denied
                } else if says("404") {
                    Self::Absent
                } else {
                    Self::Other
                }
            }
        }
    }
}

/// Says that an object could not be read, and why: in our words where the reason is ours.
fn unread(cause: &object_store::Error) -> Text {
    let mut own: Option<&(dyn std::error::Error + 'static)> = Some(cause);
    let mut reason = words(cause);
    while let Some(one) = own {
        if let Some(explained) = one.downcast_ref::<Explained>() {
            reason = explained.text();
        }
        own = one.source();
    }
    Text::new("cannot be read", "읽을 수 없습니다").because(&reason)
}

fn url(bucket: &str, key: &str) -> PathBuf {
    PathBuf::from(format!("s3://{bucket}/{}", key.trim_start_matches('/')))
}

/// Returns whether an endpoint is on this machine: everything else is asked by TLS only.
fn is_this_machine(endpoint: &str) -> bool {
    let Some(rest) = endpoint.strip_prefix("http://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_that_is_refused_is_told_from_one_that_failed() {
        let answer = |status: &str| object_store::Error::Generic {
            store: "S3",
            source: format!("Server returned non-2xx status code: {status}: <Error>").into(),
        };
        assert_eq!(Refusal::of(&answer("403 Forbidden")), Refusal::Denied);
        assert_eq!(Refusal::of(&answer("404 Not Found")), Refusal::Absent);
        assert_eq!(Refusal::of(&answer("500 Internal Server Error")), Refusal::Other);
    }

    #[test]
    fn only_this_machine_is_asked_without_tls() {
        assert!(is_this_machine("http://127.0.0.1:5000"));
        assert!(is_this_machine("http://localhost"));
        assert!(!is_this_machine("http://s3.example.com"));
        assert!(!is_this_machine("http://127.0.0.1.example.com:80"));
        assert!(!is_this_machine("http://127.0.0.1@example.com"));
    }
}
