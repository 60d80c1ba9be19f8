//! The formulas of RDS parameters, such as `LEAST({DBInstanceClassMemory/9531392},5000)`.
//!
//! Everything is an integer: a quotient loses its fraction before anything else is done with it.
//! Only inside `log`, which is to the base 2, a quotient keeps it, and the logarithm is rounded to
//! the nearest integer: nothing else gives the limits that the Aurora user guide lists by class, such
//! as 6000 for a db.r5.12xlarge, whose logarithm is 5.65. What is not known is an error and never
//! zero.
//!
//! Sources: RDS user guide, "Specifying DB parameters"; Aurora user guide, "Maximum connections to
//! an Aurora MySQL DB instance".

use thiserror::Error;

use crate::text::Text;

/// How deep functions may stand within each other; none of AWS's goes beyond three.
const MOST_DEEP: u32 = 16;

type Compare = fn(&i128, &i128) -> bool;

/// How two integers compare; the longer signs first, as `>` begins `>=` too.
const OPERATORS: [(&str, Compare); 6] = [
    (">=", i128::ge),
    ("=>", i128::ge),
    ("<=", i128::le),
    ("=<", i128::le),
    (">", i128::gt),
    ("<", i128::lt),
];

/// The variables of a DB instance on one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Variables {
    /// `DBInstanceClassMemory`, in bytes.
    pub memory: Option<u64>,
    /// `DBInstanceVCPU`.
    pub vcpu: Option<u32>,
    /// `AllocatedStorage`, in bytes.
    pub allocated_storage: Option<u64>,
    /// `TrueIfReplica`.
    pub is_replica: Option<bool>,
}

/// Why a formula has no value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FormulaError {
    /// It names a variable or a function whose value is not known here.
    #[error("{0} is not known")]
    NotKnown(String),
    /// It is not written in the language of the formulas.
    #[error("not a formula from `{0}` on")]
    NotAFormula(String),
    /// It divides by zero, or takes the logarithm of nothing.
    #[error("has no value: it divides by zero or takes the logarithm of nothing")]
    NoValue,
    /// A number in it is larger than any parameter may be.
    #[error("a number in it is too large")]
    TooLarge,
}

impl FormulaError {
    /// Returns why in both languages, as the end of a sentence about the formula.
    pub fn text(&self) -> Text {
        match self {
            Self::NotKnown(name) => Text::new(
                format!("it needs {name}, which is not known here"),
                format!("{name} 값을 알 수 없습니다"),
            ),
            Self::NotAFormula(rest) => Text::new(
                format!("it cannot be read from `{rest}` on"),
                format!("`{rest}` 부분부터 해석할 수 없습니다"),
            ),
            Self::NoValue => Text::new(
                "it divides by zero or takes the logarithm of nothing",
                "0으로 나누거나 0의 로그를 구하는 식입니다",
            ),
            Self::TooLarge => {
                Text::new("a number in it is too large", "식에 있는 수가 너무 큽니다")
            }
        }
    }
}

/// Returns the value of an integer, a formula, a function or a comparison in quotation marks,
/// which is 1 or 0.
///
/// # Errors
/// Returns an error if it is none of these, or uses what is not known here.
pub fn value(formula: &str, variables: Variables) -> Result<i128, FormulaError> {
    let formula = formula.trim();
    let quoted = formula.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let mut reader = Reader { rest: quoted.unwrap_or(formula), variables };
    let value = if quoted.is_some() { reader.condition(0)? } else { reader.product(0)? };
    if reader.rest.trim().is_empty() { Ok(value) } else { Err(reader.not_a_formula()) }
}

/// Returns whether a value is the same on every class.
pub fn is_fixed(formula: &str) -> bool {
    formula.trim().parse::<i128>().is_ok()
}

struct Reader<'a> {
    rest: &'a str,
    variables: Variables,
}

impl<'a> Reader<'a> {
    /// Reads one product, or two and how they compare.
    fn condition(&mut self, depth: u32) -> Result<i128, FormulaError> {
        let left = self.product(depth)?;
        let found = OPERATORS.into_iter().find(|(operator, _)| self.eat(operator));
        match found {
            Some((_, holds)) => Ok(i128::from(holds(&left, &self.product(depth)?))),
            None => Ok(left),
        }
    }

    fn product(&mut self, depth: u32) -> Result<i128, FormulaError> {
        let mut value = self.term(depth)?;
        loop {
            if self.eat("*") {
                value = value.checked_mul(self.term(depth)?).ok_or(FormulaError::TooLarge)?;
            } else if self.eat("/") {
                let divisor = self.term(depth)?;
                value = value.checked_div(divisor).ok_or(FormulaError::NoValue)?;
            } else {
                return Ok(value);
            }
        }
    }

    /// Reads what stands inside `log`, whose quotients keep their fractions.
    fn exact_product(&mut self, depth: u32) -> Result<f64, FormulaError> {
        let mut value = self.term(depth)? as f64;
        loop {
            if self.eat("*") {
                value *= self.term(depth)? as f64;
            } else if self.eat("/") {
                value /= self.term(depth)? as f64;
            } else {
                return Ok(value);
            }
        }
    }

    fn term(&mut self, depth: u32) -> Result<i128, FormulaError> {
        if depth > MOST_DEEP {
            return Err(self.not_a_formula());
        }
        for (open, close) in [("{", "}"), ("(", ")")] {
            if self.eat(open) {
                let value = self.product(depth + 1)?;
                return self.close(close).map(|()| value);
            }
        }
        let before = self.rest;
        let word = self.word();
        let begins_as_number = word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        if word.is_empty() || begins_as_number {
            return word.parse().map_err(|_| {
                let too_large = word.trim_start_matches('-').bytes().all(|c| c.is_ascii_digit());
                self.rest = before;
                if too_large && word.len() > 1 {
                    FormulaError::TooLarge
                } else {
                    self.not_a_formula()
                }
            });
        }
        // Names of variables are case-sensitive, those of functions are not.
        match word.to_ascii_uppercase().as_str() {
            "LOG" => self.logarithm(depth + 1),
            "IF" => self.choice(depth + 1),
            "GREATEST" => Ok(self.arguments(depth + 1)?.fold(i128::max)),
            "LEAST" => Ok(self.arguments(depth + 1)?.fold(i128::min)),
            "SUM" => {
                let Arguments { first, others } = self.arguments(depth + 1)?;
                let sum = |sum: i128, one: i128| sum.checked_add(one).ok_or(FormulaError::TooLarge);
                others.into_iter().try_fold(first, sum)
            }
            _ => self.variable(word),
        }
    }

    fn variable(&self, name: &str) -> Result<i128, FormulaError> {
        let known = match name {
            "DBInstanceClassMemory" => self.variables.memory.map(i128::from),
            "DBInstanceVCPU" => self.variables.vcpu.map(i128::from),
            "AllocatedStorage" => self.variables.allocated_storage.map(i128::from),
            "TrueIfReplica" => self.variables.is_replica.map(i128::from),
            _ => None,
        };
        known.ok_or_else(|| FormulaError::NotKnown(name.to_owned()))
    }

    fn logarithm(&mut self, depth: u32) -> Result<i128, FormulaError> {
        self.open("(")?;
        let value = self.exact_product(depth)?;
        self.close(")")?;
        if !value.is_finite() || value <= 0.0 {
            return Err(FormulaError::NoValue);
        }
        // Of any finite number it is between -1075 and 1024.
        Ok(value.log2().round() as i128)
    }

    /// Reads the three arguments of `IF`; both ways must have a value, whichever is taken.
    fn choice(&mut self, depth: u32) -> Result<i128, FormulaError> {
        self.open("(")?;
        let condition = self.condition(depth)?;
        self.open(",")?;
        let then = self.product(depth)?;
        self.open(",")?;
        let otherwise = self.product(depth)?;
        self.close(")")?;
        Ok(if condition == 0 { otherwise } else { then })
    }

    fn arguments(&mut self, depth: u32) -> Result<Arguments, FormulaError> {
        self.open("(")?;
        let first = self.product(depth)?;
        let mut others = Vec::new();
        while self.eat(",") {
            others.push(self.product(depth)?);
        }
        self.close(")")?;
        Ok(Arguments { first, others })
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

    fn open(&mut self, wanted: &str) -> Result<(), FormulaError> {
        self.close(wanted)
    }

    fn close(&mut self, wanted: &str) -> Result<(), FormulaError> {
        if self.eat(wanted) { Ok(()) } else { Err(self.not_a_formula()) }
    }

    fn eat(&mut self, wanted: &str) -> bool {
        match self.rest.trim_start().strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn not_a_formula(&self) -> FormulaError {
        FormulaError::NotAFormula(self.rest.trim().chars().take(40).collect())
    }
}

/// The arguments of a function: at least one.
struct Arguments {
    first: i128,
    others: Vec<i128>,
}

impl Arguments {
    fn fold(self, of_two: fn(i128, i128) -> i128) -> i128 {
        self.others.into_iter().fold(self.first, of_two)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GIB: u64 = 1 << 30;

    const AURORA: &str = "GREATEST({log(DBInstanceClassMemory/805306368)*45},{log(DBInstanceClassMemory/8187281418)*1000})";

    fn on(memory: u64) -> Variables {
        Variables {
            memory: Some(memory),
            vcpu: Some(2),
            allocated_storage: Some(100 * GIB),
            is_replica: Some(false),
        }
    }

    fn check(formula: &str, expected: i128) {
        assert_eq!(value(formula, on(8 * GIB)), Ok(expected), "{formula}");
    }

    fn fails(formula: &str, expected: &str) {
        let found = value(formula, on(8 * GIB)).map_err(|error| error.to_string());
        assert_eq!(found, Err(expected.to_owned()), "{formula}");
    }

    #[test]
    fn formulas_of_aws_are_computed() {
        check("500", 500);
        check("-1", -1);
        check(" 500 ", 500);
        check("{DBInstanceClassMemory}", 8_589_934_592);
        check("{DBInstanceClassMemory/12582880}", 682);
        check("LEAST({DBInstanceClassMemory/9531392},5000)", 901);
        check("LEAST({DBInstanceClassMemory/9531392}, 300)", 300);
        check("{DBInstanceClassMemory*3/4}", 6_442_450_944);
        check("SUM({DBInstanceClassMemory/12038},-50003)", 663_565);
        check("GREATEST({DBInstanceClassMemory/9868951},80)", 870);
        check("LEAST({DBInstanceClassMemory/256},10485760)", 10_485_760);
        check("{DBInstanceVCPU*4}", 8);
        check("{AllocatedStorage/1073741824}", 100);
        check("{TrueIfReplica}", 0);
    }

    #[test]
    fn quotients_lose_their_fraction_at_once() {
        check("{7/2}", 3);
        check("{7/2*2}", 6);
        check("{7*2/2}", 7);
        check("{-7/2}", -3);
        check("{DBInstanceClassMemory/9531392*2}", 1802);
        check("SUM({7/2},{7/2})", 6);
    }

    #[test]
    fn functions_stand_within_each_other() {
        check("GREATEST(LEAST(10,20,30),SUM(1,2),{9/2})", 10);
        check("SUM(LEAST({DBInstanceClassMemory/9531392},5000),GREATEST(1,2),-3)", 900);
        check("least(SUM(1,1),3)", 2);
        check("{LEAST(7,9)*2}", 14);
        check("LEAST(5)", 5);
    }

    #[test]
    fn a_choice_takes_one_way() {
        check("IF({TrueIfReplica}, 100, 200)", 200);
        check("IF({DBInstanceVCPU} > 1, {DBInstanceVCPU*4}, 1)", 8);
        check("IF({DBInstanceVCPU} >= 3, 1, IF({DBInstanceVCPU} => 2, 5, 6))", 5);
        check("\"{DBInstanceVCPU} > 2\"", 0);
        check("\"{DBInstanceVCPU} <= 2\"", 1);
        check("\"{DBInstanceVCPU} =< 1\"", 0);
        check("\"1 < 2\"", 1);
    }

    #[test]
    fn logarithms_give_the_limits_that_the_aurora_guide_lists() {
        let listed = [
            (2, 45),
            (4, 90),
            (8, 135),
            (16, 1000),
            (32, 2000),
            (64, 3000),
            (128, 4000),
            (256, 5000),
            (384, 6000),
            (512, 6000),
            (768, 7000),
            (1024, 7000),
            (1536, 8000),
        ];
        for (gib, limit) in listed {
            assert_eq!(value(AURORA, on(gib * GIB)), Ok(limit), "{gib} GiB");
            // And so they do with the tenth less that the engine may have.
            assert_eq!(value(AURORA, on(gib * GIB / 10 * 9)), Ok(limit), "{gib} GiB less");
        }
    }

    #[test]
    fn what_is_not_known_is_an_error_and_not_zero() {
        fails("{EndPointPort}", "EndPointPort is not known");
        fails("{DBInstanceClassHugePagesDefault}", "DBInstanceClassHugePagesDefault is not known");
        fails(
            "IF({DBInstanceClassHugePagesDefault}, 1, 2)",
            "DBInstanceClassHugePagesDefault is not known",
        );
        fails("SUM(1,{dbinstanceclassmemory})", "dbinstanceclassmemory is not known");
        fails("MAX(1,2)", "MAX is not known");
        fails("auto", "auto is not known");
        for name in ["DBInstanceClassMemory", "DBInstanceVCPU", "AllocatedStorage", "TrueIfReplica"]
        {
            let found = value(&format!("{{{name}}}"), Variables::default());
            assert_eq!(found, Err(FormulaError::NotKnown(name.to_owned())));
        }
    }

    #[test]
    fn what_has_no_value_is_an_error() {
        let nothing = "has no value: it divides by zero or takes the logarithm of nothing";
        fails("{1/0}", nothing);
        fails("{log(0)}", nothing);
        fails("{log(1/0)}", nothing);
        fails("{log(-4)}", nothing);
        fails("IF(1, 2, {1/0})", nothing);
    }

    #[test]
    fn what_is_too_large_is_an_error() {
        let large = "9".repeat(39);
        fails(&large, "a number in it is too large");
        let largest = i128::MAX;
        fails(&format!("{{{largest}*2}}"), "a number in it is too large");
        fails(&format!("SUM({largest},1)"), "a number in it is too large");
    }

    #[test]
    fn what_is_no_formula_is_an_error() {
        let deep = "{".repeat(40) + "1" + &"}".repeat(40);
        for formula in [
            "",
            " ",
            "LEAST(",
            "LEAST()",
            "LEAST(1,,2)",
            "LEAST(1,2",
            "LEAST 1",
            "1 2",
            "{1",
            "1}",
            "0.75",
            "{DBInstanceClassMemory*0.75}",
            "1e3",
            "{1+2}",
            "-",
            "\"1 > 2",
            "1 > 2",
            "한글",
            &deep,
        ] {
            let found = value(formula, on(GIB));
            assert!(matches!(found, Err(FormulaError::NotAFormula(_))), "{formula}: {found:?}");
        }
    }

    #[test]
    fn a_number_is_fixed_and_a_formula_is_not() {
        assert!(is_fixed(" 5000 "));
        assert!(!is_fixed("{DBInstanceClassMemory/12582880}"));
        assert!(!is_fixed("auto"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,80}", memory in any::<u64>()) {
            let _result = value(&text, on(memory));
        }

        #[test]
        fn nothing_made_of_its_words_panics(
            words in prop::collection::vec(
                prop::sample::select(vec![
                    "{", "}", "(", ")", ",", "*", "/", ">", "<=", "\"", "-", "0", "7", " ", "log",
                    "LEAST", "GREATEST", "SUM", "IF", "DBInstanceClassMemory", "DBInstanceVCPU",
                    "170141183460469231731687303715884105727",
                ]),
                0..24,
            ),
            memory in any::<u64>(),
        ) {
            let _result = value(&words.concat(), on(memory));
        }

        #[test]
        fn a_quotient_is_the_integer_quotient(memory in any::<u64>(), divisor in 1_u64..u64::MAX) {
            let found = value(&format!("{{DBInstanceClassMemory/{divisor}}}"), on(memory));
            prop_assert_eq!(found, Ok(i128::from(memory / divisor)));
        }

        #[test]
        fn more_memory_never_admits_less(memory in 1_u64..1 << 42, more in 0_u64..1 << 42) {
            for formula in [AURORA, "LEAST({DBInstanceClassMemory/9531392},5000)"] {
                let less = value(formula, on(memory)).expect("a value");
                prop_assert!(less <= value(formula, on(memory + more)).expect("a value"));
            }
        }
    }
}
