//! Who asks, and where.

use crate::config::{machine_name, machine_user};
use crate::failure::Failure;

/// Returns the name of whoever asks: the one given, else the user of this machine.
///
/// # Errors
/// Fails where neither says a name, for nothing is approved or changed by nobody.
pub fn operator(given: Option<&str>) -> Result<String, Failure> {
    let name = given.map(str::to_owned).or_else(machine_user);
    name.map(|name| name.trim().to_owned()).filter(|name| is_name(name)).ok_or_else(|| {
        Failure::usage(
            ("nobody says who asks for this", "누가 요청하는지 알 수 없습니다"),
            ("give your name with --by", "--by로 이름을 지정하세요"),
        )
    })
}

/// Returns the name of this machine.
pub fn machine() -> String {
    machine_name()
}

/// A name goes into logs and scripts, line by line.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().count() <= 100 && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_is_not_empty() {
        assert_eq!(operator(Some(" kim ")).ok().as_deref(), Some("kim"));
        assert!(operator(Some("")).is_err());
        assert!(operator(Some("kim\nroot")).is_err());
    }
}
