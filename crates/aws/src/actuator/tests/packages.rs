//! A package that is downloaded and given again, and everything that keeps it from being given.

use trimtab_model::call::{Call, CallResult};

use crate::actuator::Actuator;
use crate::wire::{Answer, Sent, Wire};

const PACKAGE: &str = "a package";
/// Its SHA-256 in base64.
const SHA256: &str = "wM1cz9tWOlk2bjPnMAG3j9uMylpsSOL5D//N5EuB8fY=";
/// Its bytes in base64.
const BASE64: &str = "YSBwYWNrYWdl";
/// What lets whoever knows it read the package.
const SECRET: &str = "X-Amz-Signature=0a1b2c3d";

/// Returns what Lambda says of a function, whose variables and address are secrets.
fn function(scheme: &str, sha256: &str, more: &str) -> String {
    format!(
        r#"{{"Configuration":{{"FunctionName":"resize","CodeSha256":"{sha256}","Environment":{{"Variables":{{"DB_PASSWORD":"hunter2"}}}}}},"Code":{{"RepositoryType":"S3","Location":"{scheme}://tasks.example/package.zip?{SECRET}"{more}}}}}"#
    )
}

/// Asks for arm64 where the wire answers so, and asserts that no secret is in what comes back.
async fn asked(answer: Answer) -> (CallResult, Vec<Sent>) {
    let wire = Wire::new(answer);
    let call = Call::UpdateFunctionArchitecture {
        function: "resize".into(),
        architecture: "arm64".to_owned(),
        revision: "revision-1".to_owned(),
    };
    let result = Actuator::new(&wire.session(), "P-1".into()).send(&"C-1".into(), &call).await;
    let told = format!("{result:?}");
    assert!(!told.contains("Signature") && !told.contains("hunter2"), "{told}");
    (result, wire.sent())
}

fn answers(function: &str, package: Option<Vec<u8>>) -> Answer {
    let all = [
        ("resize", Some(function.as_bytes().to_vec())),
        ("package.zip", package),
        ("code", Some(b"{}".to_vec())),
    ];
    let there = all.into_iter().filter_map(|(name, body)| Some((name, vec![body?])));
    Answer::Bodies(there.collect())
}

/// Asserts why nothing was sent, after how many requests that only read.
async fn unsent(answer: Answer, code: &str, reads: usize) {
    let (result, sent) = asked(answer).await;
    assert_eq!(result.refusal(), Some(code), "{result:?}");
    assert_eq!(sent.len(), reads, "{code}: {sent:?}");
    assert!(sent.iter().all(|one| one.text.starts_with("GET ")), "{sent:?}");
}

#[tokio::test]
async fn the_package_that_a_function_has_is_given_again_once_for_another_architecture() {
    let key = r#","SourceKMSKeyArn":"arn:aws:kms:ap-northeast-2:111122223333:key/0a1b""#;
    let found = function("https", SHA256, key);
    let (result, sent) = asked(answers(&found, Some(PACKAGE.into()))).await;
    assert!(matches!(result, CallResult::Accepted { .. }), "{result:?}");
    let [read, download, update] = sent.as_slice() else { unreachable!("{sent:?}") };
    assert!(read.text.starts_with("GET ") && read.text.contains("/functions/resize"), "{read:?}");
    assert!(download.text.starts_with("GET https://tasks.example/package.zip?"), "{download:?}");
    assert!(update.text.starts_with("PUT "), "{update:?}");
    for part in [
        "/functions/resize/code",
        &format!(r#""ZipFile":"{BASE64}""#),
        r#""Architectures":["arm64"]"#,
        r#""RevisionId":"revision-1""#,
        r#""Publish":false"#,
        r#""SourceKMSKeyArn":"arn:aws:kms:"#,
    ] {
        assert!(update.text.contains(part), "{part} is not in {}", update.text);
    }
    assert!(!update.text.contains("Environment"), "{update:?}");
}

#[tokio::test]
async fn what_is_not_the_functions_package_is_not_given() {
    let found = function("https", SHA256, "");
    unsent(answers(&found, Some("another".into())), "PackageDiffers", 2).await;
    unsent(answers(&found, Some(Vec::new())), "PackageDiffers", 2).await;
    let large = vec![0; (50 << 20) + 1];
    unsent(answers(&found, Some(large)), "PackageTooLarge", 2).await;
    // The address is no longer good.
    unsent(answers(&found, None), "PackageNotRead", 2).await;
}

#[tokio::test]
async fn what_lambda_does_not_hand_out_in_private_is_not_read() {
    unsent(answers(&function("http", SHA256, ""), None), "PackageNotRead", 1).await;
    let image = r#"{"Configuration":{"CodeSha256":"c2hh"},"Code":{"ImageUri":"a/b:c"}}"#;
    unsent(answers(image, None), "PackageNotRead", 1).await;
    unsent(answers("no JSON", None), "PackageNotRead", 1).await;
    unsent(Answer::Reset, "PackageNotRead", 1).await;
    unsent(Answer::Late, "PackageNotRead", 1).await;
    unsent(Answer::Status(500, "{}"), "PackageNotRead", 1).await;
}

#[tokio::test]
async fn who_may_not_get_the_function_is_told_so() {
    let denied = r#"{"__type":"AccessDeniedException","message":"not authorized"}"#;
    let (result, sent) = asked(Answer::Status(403, denied)).await;
    assert_eq!(sent.len(), 1);
    let CallResult::Refused { code, message, .. } = result else { unreachable!("{result:?}") };
    assert_eq!(code, "AccessDeniedException");
    assert_eq!(message, "lambda:GetFunction: not authorized");
}
