//! One binary for all integration tests.

// The engine's promises: the law of chunks, its slow twins, its symmetries, scenes with hand-made answers.
mod laws;
mod oracle;
mod scenarios;
mod symmetries;

// Rows for them.
mod fleet;
mod traffic;
