//! Another architecture of a function as the AWS CLI makes it: with the package that it has.

use trimtab_model::id::RegionId;

use super::escape::quoted;

/// Returns the command that gives a function its own package again, for an architecture.
///
/// Lambda takes `Architectures` only with a package. The revision is read first, so that a package
/// that somebody gives meanwhile is not replaced.
pub(crate) fn give_again(function: &str, architecture: &str, region: &RegionId) -> String {
    let (function, region) = (quoted(function), quoted(region.as_str()));
    let aws = |verb: &str, rest: &str| {
        format!("aws lambda {verb} --function-name={function} {rest} --region {region}")
    };
    let read = |query: &str| aws("get-function", &format!("--query {query} --output text"));
    let update = aws(
        "update-function-code",
        &format!(
            "--architectures {} --revision-id \"$revision\" --zip-file \"fileb://$package\"",
            quoted(architecture)
        ),
    );
    let script = [
        "set -eu".to_owned(),
        "package=\"$(mktemp)\"".to_owned(),
        "trap \"rm -f $package\" EXIT".to_owned(),
        format!("revision=\"$({})\"", read("Configuration.RevisionId")),
        format!("location=\"$({})\"", read("Code.Location")),
        "curl -fsS -o \"$package\" \"$location\"".to_owned(),
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
            "sh -c 'set -eu; package=\"$(mktemp)\"; trap \"rm -f $package\" EXIT; revision=\"$(aws lambda get-function --function-name=resize --query Configuration.RevisionId --output text --region us-east-1)\"; location=\"$(aws lambda get-function --function-name=resize --query Code.Location --output text --region us-east-1)\"; curl -fsS -o \"$package\" \"$location\"; aws lambda update-function-code --function-name=resize --architectures arm64 --revision-id \"$revision\" --zip-file \"fileb://$package\" --region us-east-1'"
        );
        // A hostile name stays one word within the word.
        let hostile = give_again("x'; reboot #", "arm64", &RegionId::new("us-east-1"));
        assert!(!hostile.contains("=x'; reboot"), "{hostile}");
    }
}
