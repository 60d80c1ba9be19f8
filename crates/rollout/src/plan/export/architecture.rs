//! Another architecture of a function as the AWS CLI makes it: with the package that it has.

use trimtab_model::id::RegionId;

use super::escape::quoted;

/// Returns the command that gives a function its own package again, for an architecture.
///
/// Lambda takes `Architectures` only with a package. The revision is read first, so that a package
/// that somebody gives meanwhile is not replaced; what is downloaded is held against the sum that
/// Lambda has of it. A package that lies under a key of the owner's stays under it. The address of
/// a package lets whoever knows it read it, and is on no command line.
pub(crate) fn give_again(function: &str, architecture: &str, region: &RegionId) -> String {
    let (function, region) = (quoted(function), quoted(region.as_str()));
    let aws = |verb: &str, rest: &str| {
        format!("aws lambda {verb} --function-name={function} {rest} --region {region}")
    };
    let read = |query: &str| aws("get-function", &format!("--query {query} --output text"));
    let update = aws(
        "update-function-code",
        &format!(
            "--architectures {} --revision-id \"$revision\" --zip-file \"fileb://$package\" ${{key:+--source-kms-key-arn=\"$key\"}}",
            quoted(architecture)
        ),
    );
    let script = [
        "set -eu".to_owned(),
        "package=\"$(mktemp)\"".to_owned(),
        "trap 'rm -f \"$package\"' EXIT".to_owned(),
        format!("revision=\"$({})\"", read("Configuration.RevisionId")),
        format!("sum=\"$({})\"", read("Configuration.CodeSha256")),
        format!("key=\"$({})\"", read("Code.SourceKMSKeyArn")),
        "[ \"$key\" != None ] || key=".to_owned(),
        // As a configuration that is read: `url = \"…\"`.
        format!(
            "{} | sed \"s/.*/url = \\\"&\\\"/\" | curl -fsS -o \"$package\" -K -",
            read("Code.Location")
        ),
        "[ \"$(openssl dgst -sha256 -binary \"$package\" | base64)\" = \"$sum\" ]".to_owned(),
        update,
    ];
    format!("sh -c {}", quoted(&script.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_word_for_a_shell_and_holds_nothing_to_fill_in() {
        let command = give_again("resize", "arm64", &RegionId::new("us-east-1"));
        assert_eq!(
            command,
            "sh -c 'set -eu; package=\"$(mktemp)\"; trap '\\''rm -f \"$package\"'\\'' EXIT; revision=\"$(aws lambda get-function --function-name=resize --query Configuration.RevisionId --output text --region us-east-1)\"; sum=\"$(aws lambda get-function --function-name=resize --query Configuration.CodeSha256 --output text --region us-east-1)\"; key=\"$(aws lambda get-function --function-name=resize --query Code.SourceKMSKeyArn --output text --region us-east-1)\"; [ \"$key\" != None ] || key=; aws lambda get-function --function-name=resize --query Code.Location --output text --region us-east-1 | sed \"s/.*/url = \\\"&\\\"/\" | curl -fsS -o \"$package\" -K -; [ \"$(openssl dgst -sha256 -binary \"$package\" | base64)\" = \"$sum\" ]; aws lambda update-function-code --function-name=resize --architectures arm64 --revision-id \"$revision\" --zip-file \"fileb://$package\" ${key:+--source-kms-key-arn=\"$key\"} --region us-east-1'"
        );
        // A hostile name stays one word within the word.
        let hostile = give_again("x'; reboot #", "arm64", &RegionId::new("us-east-1"));
        assert!(!hostile.contains("=x'; reboot"), "{hostile}");
    }
}
