//! The pages that there are, in the order of the navigation.

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
    Settings,
}

impl Tab {
    /// All of them: what is about money first, what is about trimtab itself last.
    pub(crate) const ALL: [Self; 17] = [
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
            Self::Settings => "/settings",
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
            Self::Settings => "web-settings",
        }
    }

    /// Returns whether a heading stands above it.
    pub(crate) fn begins_setup(self) -> bool {
        self == Self::Allocation
    }
}
