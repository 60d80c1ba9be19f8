//! The formulas of RDS parameters, such as `LEAST({DBInstanceClassMemory/9531392},5000)`.
//!
//! Source: RDS user guide, "Specifying DB parameters": numbers, variables of the class, `*` and
//! `/`, and the functions GREATEST, LEAST, SUM and log, which is to the base 2.

/// How deep functions may stand within each other; none of AWS's goes beyond three.
const MOST_DEEP: u32 = 16;

/// The variables of a class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variables {
    /// `DBInstanceClassMemory`, in bytes.
    pub memory: f64,
    /// `DBInstanceVCPU`.
    pub vcpu: f64,
}

/// Returns the value of a number or a formula; absent where it is neither, or uses what is not
/// known here.
pub fn value(formula: &str, variables: Variables) -> Option<f64> {
    let mut reader = Reader { rest: formula, variables };
    let value = reader.product(0)?;
    (reader.rest.trim().is_empty() && value.is_finite()).then_some(value)
}

/// Returns whether a value is the same on every class.
pub fn is_fixed(formula: &str) -> bool {
    formula.trim().parse::<f64>().is_ok()
}

struct Reader<'a> {
    rest: &'a str,
    variables: Variables,
}

impl<'a> Reader<'a> {
    fn product(&mut self, depth: u32) -> Option<f64> {
        let mut value = self.term(depth)?;
        loop {
            if self.eat('*') {
                value *= self.term(depth)?;
            } else if self.eat('/') {
                value /= self.term(depth)?;
            } else {
                return Some(value);
            }
        }
    }

    fn term(&mut self, depth: u32) -> Option<f64> {
        if depth > MOST_DEEP {
            return None;
        }
        for (open, close) in [('{', '}'), ('(', ')')] {
            if self.eat(open) {
                let value = self.product(depth + 1)?;
                return self.eat(close).then_some(value);
            }
        }
        let word = self.word();
        match word {
            "DBInstanceClassMemory" => Some(self.variables.memory),
            "DBInstanceVCPU" => Some(self.variables.vcpu),
            "GREATEST" | "LEAST" | "SUM" | "log" => {
                let arguments = self.arguments(depth + 1)?;
                let first = *arguments.first()?;
                let rest = arguments.iter().skip(1);
                match word {
                    "GREATEST" => Some(rest.fold(first, |most, one| most.max(*one))),
                    "LEAST" => Some(rest.fold(first, |least, one| least.min(*one))),
                    "SUM" => Some(arguments.iter().sum()),
                    _ => (arguments.len() == 1).then(|| first.log2()),
                }
            }
            number => number.parse().ok(),
        }
    }

    fn arguments(&mut self, depth: u32) -> Option<Vec<f64>> {
        if !self.eat('(') {
            return None;
        }
        let mut arguments = vec![self.product(depth)?];
        while self.eat(',') {
            arguments.push(self.product(depth)?);
        }
        self.eat(')').then_some(arguments)
    }

    /// Takes letters, digits, a point and a sign: a name or a number.
    fn word(&mut self) -> &'a str {
        let rest = self.rest.trim_start();
        let signed = usize::from(rest.starts_with('-'));
        let length = rest
            .char_indices()
            .skip(signed)
            .find(|(_, c)| !c.is_ascii_alphanumeric() && *c != '.')
            .map_or(rest.len(), |(at, _)| at);
        let (word, rest) = rest.split_at(length);
        self.rest = rest;
        word
    }

    fn eat(&mut self, wanted: char) -> bool {
        match self.rest.trim_start().strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: f64 = 1_073_741_824.0;

    fn check(formula: &str, expected: Option<f64>) {
        let variables = Variables { memory: 8.0 * GIB, vcpu: 2.0 };
        let rounded = value(formula, variables).map(f64::floor);
        assert_eq!(rounded, expected, "{formula}");
    }

    #[test]
    fn formulas_of_aws_are_computed() {
        check("500", Some(500.0));
        check("{DBInstanceClassMemory/12582880}", Some(682.0));
        check("LEAST({DBInstanceClassMemory/9531392},5000)", Some(901.0));
        check("LEAST({DBInstanceClassMemory/9531392}, 300)", Some(300.0));
        check("{DBInstanceClassMemory*3/4}", Some(6.0 * GIB));
        check("SUM({DBInstanceClassMemory/12038},-50003)", Some(663_565.0));
        check("{DBInstanceVCPU*4}", Some(8.0));
        // log2(8 GiB / 805306368) x 45 = 153.6, log2(8 GiB / 8187281408) x 1000 = 69.3.
        let aurora = "GREATEST({log(DBInstanceClassMemory/805306368)*45},{log(DBInstanceClassMemory/8187281408)*1000})";
        check(aurora, Some(153.0));
    }

    #[test]
    fn what_is_not_understood_has_no_value() {
        let deep = "{".repeat(40) + "1" + &"}".repeat(40);
        for formula in
            ["", "auto", "{AllocatedStorage/2}", "{1/0}", "LEAST(", "LEAST(1,2", "1 2", &deep]
        {
            check(formula, None);
        }
    }
}
