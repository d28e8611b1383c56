//! One binary for all integration tests.
// What a test unwraps is its own.
#![allow(clippy::unwrap_used)]

// Promises of the crate as a whole: its layers, its command line, its reference pages.
mod architecture;
mod cli;
mod config;
mod docs;

// Whole runs on real rows.
mod golden;
mod readers;
mod real;

// The page, in a real browser.
mod browser;
mod report;

// The engine's promises: the law of chunks, its slow twins, its symmetries, scenes with hand-made answers.
mod laws;
mod oracle;
mod scenarios;
mod symmetries;

// What other detectors promise in their own tests, held against this one.
mod foreign;

// Rows for them.
mod fleet;
mod traffic;
