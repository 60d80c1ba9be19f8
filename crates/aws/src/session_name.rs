//! Who acts, in the alphabet that STS takes: letters, digits and `_+=,.@-`.

use trimtab_model::id::PlanId;

/// The most characters of a session's name, and of a source identity (API reference of STS,
/// `AssumeRole`).
const LONGEST: usize = 64;
/// The fewest.
const SHORTEST: usize = 2;
/// Characters of a plan's hash that stand in a name.
const PLAN: usize = 8;

/// Returns a person's name as a source identity. What the alphabet lacks is written by its number,
/// so that two names stay two.
pub(crate) fn source_identity(operator: &str) -> String {
    let mut name = String::new();
    for sign in operator.chars() {
        let written = if sign.is_ascii_alphanumeric() || "_+,.@-".contains(sign) {
            sign.to_string()
        } else {
            format!("={:X}", u32::from(sign))
        };
        if name.len() + written.len() > LONGEST {
            break;
        }
        name.push_str(&written);
    }
    while name.len() < SHORTEST {
        name.push('_');
    }
    name
}

/// Returns the name of a session of a plan, for one thing that is done in it.
pub(crate) fn session_name(plan: &PlanId, what: &str) -> String {
    let plan: String = plan.as_str().trim_start_matches("P-").chars().take(PLAN).collect();
    let name = format!("trimtab-{plan}-{what}");
    let is_known = |sign: &char| sign.is_ascii_alphanumeric() || "_+=,.@-".contains(*sign);
    name.chars().filter(is_known).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(operator: &str, expected: &str) {
        assert_eq!(source_identity(operator), expected);
    }

    #[test]
    fn a_name_is_written_in_the_alphabet_of_sts_and_stays_its_own() {
        check("kim", "kim");
        check("kim@starfall.example", "kim@starfall.example");
        check("김", "=AE40");
        check("kim lee", "kim=20lee");
        check("kim=20lee", "kim=3D20lee");
        check("k", "k_");
        check("", "__");
    }

    #[test]
    fn a_long_name_is_cut_between_its_characters() {
        let name = source_identity(&"김".repeat(40));
        assert!(name.len() <= LONGEST && name.ends_with("=AE40"), "{name}");
    }

    #[test]
    fn a_session_is_called_by_its_plan_and_what_it_does() {
        let plan = PlanId::new("P-4c1e00112233");
        assert_eq!(session_name(&plan, "StopInstances"), "trimtab-4c1e0011-StopInstances");
        assert!(session_name(&plan, &"Long".repeat(40)).len() <= LONGEST);
    }
}
