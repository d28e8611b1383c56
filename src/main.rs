//! The command line `alongside`.
fn main() {}
