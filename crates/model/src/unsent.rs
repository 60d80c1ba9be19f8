//! Why a function was not given its package: what went wrong before anything was sent.

use crate::text::Text;

/// What went wrong with the package that a function has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsent {
    /// Lambda did not hand it out, or it could not be downloaded whole.
    NotRead,
    /// It is larger than what can be sent directly.
    TooLarge,
    /// Its sum is not the one that Lambda says the function's code has.
    Differs,
}

impl Unsent {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::NotRead, Self::TooLarge, Self::Differs];

    /// Returns the code under which it stands in a journal.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotRead => "PackageNotRead",
            Self::TooLarge => "PackageTooLarge",
            Self::Differs => "PackageDiffers",
        }
    }

    /// Returns the one of a code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Returns it in words.
    pub fn text(self) -> Text {
        match self {
            Self::NotRead => Text::new(
                "The package of the function could not be downloaded whole: nothing was changed.",
                "함수의 배포 패키지를 온전히 내려받지 못해 아무것도 바꾸지 않았습니다.",
            ),
            Self::TooLarge => Text::new(
                "The package of the function is larger than the 50 MB that Lambda takes directly: nothing was changed.",
                "함수의 배포 패키지가 Lambda에 직접 올릴 수 있는 50 MB를 넘어 아무것도 바꾸지 않았습니다.",
            ),
            Self::Differs => Text::new(
                "What was downloaded is not the package that Lambda says the function has: nothing was changed.",
                "내려받은 파일이 Lambda가 알려 준 함수의 배포 패키지와 달라 아무것도 바꾸지 않았습니다.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_by_its_code() {
        for one in Unsent::ALL {
            assert_eq!(Unsent::of(one.code()), Some(one));
        }
        assert_eq!(Unsent::of("AccessDeniedException"), None);
    }
}
