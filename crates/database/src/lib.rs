//! The conversation with a database server: what its statistics say of its queries.
