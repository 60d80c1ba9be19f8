//! Ties the crates together: one function per arrow of the flow.
