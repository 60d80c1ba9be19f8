//! The pages that there are, in the order of the navigation, and how far each follows what a reader looks at.

/// A page of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tab {
    Overview,
    Cost,
    Recommendations,
    Plans,
    Runs,
    Savings,
    Waste,
    Commitments,
    Modernise,
    Anomalies,
    Budgets,
    UnitCost,
    Allocation,
    Resources,
    Reports,
    Coverage,
    Views,
    Settings,
    /// Not in the navigation: the head leads there.
    Find,
}

/// How far a page follows what a reader looks at: one account, environment or team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Follows {
    /// Everything on it is of that.
    Wholly,
    /// Most of it is; the text of this key says what is not.
    Mostly(&'static str),
    /// It shows everything.
    Not,
}

impl Tab {
    /// All of the navigation: what is about money first, what is about trimtab itself last.
    pub(crate) const ALL: [Self; 18] = [
        Self::Overview,
        Self::Cost,
        Self::Recommendations,
        Self::Plans,
        Self::Runs,
        Self::Savings,
        Self::Waste,
        Self::Commitments,
        Self::Modernise,
        Self::Anomalies,
        Self::Budgets,
        Self::UnitCost,
        Self::Allocation,
        Self::Resources,
        Self::Reports,
        Self::Coverage,
        Self::Views,
        Self::Settings,
    ];

    /// Returns the path of the page.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Overview => "/",
            Self::Cost => "/cost",
            Self::Recommendations => "/recommendations",
            Self::Plans => "/plans",
            Self::Runs => "/runs",
            Self::Savings => "/savings",
            Self::Waste => "/waste",
            Self::Commitments => "/commitments",
            Self::Modernise => "/modernize",
            Self::Anomalies => "/anomalies",
            Self::Budgets => "/budgets",
            Self::UnitCost => "/unit",
            Self::Allocation => "/allocation",
            Self::Resources => "/resources",
            Self::Reports => "/reports",
            Self::Coverage => "/coverage",
            Self::Views => "/views",
            Self::Settings => "/settings",
            Self::Find => "/find",
        }
    }

    /// Returns the key of its title.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Overview => "web-overview",
            Self::Cost => "web-cost",
            Self::Recommendations => "web-recommendations",
            Self::Plans => "web-plans",
            Self::Runs => "web-runs",
            Self::Savings => "web-savings",
            Self::Waste => "web-waste",
            Self::Commitments => "web-commitments",
            Self::Modernise => "web-modernise",
            Self::Anomalies => "web-anomalies",
            Self::Budgets => "web-budgets",
            Self::UnitCost => "web-unit-cost",
            Self::Allocation => "web-allocation",
            Self::Resources => "web-resources",
            Self::Reports => "web-reports",
            Self::Coverage => "web-coverage",
            Self::Views => "web-views",
            Self::Settings => "web-settings",
            Self::Find => "web-find",
        }
    }

    /// Returns how far the page follows what a reader looks at.
    pub(crate) fn narrowing(self) -> Follows {
        match self {
            Self::Overview
            | Self::Recommendations
            | Self::Waste
            | Self::Modernise
            | Self::Resources => Follows::Wholly,
            Self::Anomalies => Follows::Mostly("web-scope-anomalies"),
            Self::Cost => Follows::Mostly("web-scope-cost"),
            Self::Plans | Self::Runs => Follows::Mostly("web-scope-plans"),
            Self::Allocation => Follows::Mostly("web-scope-allocation"),
            Self::Savings
            | Self::Commitments
            | Self::Budgets
            | Self::UnitCost
            | Self::Reports
            | Self::Coverage
            | Self::Views
            | Self::Settings
            | Self::Find => Follows::Not,
        }
    }

    /// Returns whether the page at a path follows what a reader looks at, in whole or for the most part.
    pub(crate) fn follows(path: &str) -> bool {
        let page = Self::ALL.into_iter().find(|tab| tab.path() == path);
        page.is_some_and(|tab| tab.narrowing() != Follows::Not)
    }

    /// Returns whether a heading stands above it.
    pub(crate) fn begins_setup(self) -> bool {
        self == Self::Allocation
    }
}
