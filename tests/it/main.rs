//! One binary for all integration tests.
// What a test unwraps is its own.
#![allow(clippy::unwrap_used)]

// Promises of the crate as a whole: its layers, its command line, its reference pages.
mod architecture;
mod cli;
mod config;
mod docs;

// Whole runs on real rows.
mod alerts;
mod assess;
mod damaged;
mod draughts;
mod explain;
mod exports;
mod faults;
mod golden;
mod hostile;
mod inbox;
mod inputs;
mod nightly;
mod nightly_files;
mod nightly_news;
mod overwrites;
mod particulars;
mod places;
mod readers;
mod real;
mod retention;
mod volumes;
mod watchlists;

// The page, in a real browser.
mod browser;
mod report;

// The engine's promises: the law of chunks, its slow twins, its symmetries, scenes with hand-made answers,
// hulls of all sizes side by side.
mod contacts;
mod gaps;
mod geometry;
mod laws;
mod loitering;
mod oracle;
mod rendezvous;
mod scenarios;
mod slow_runs;
mod store_files;
mod symmetries;

// Findings of one table, each beside its look-alike.
mod identity;

// What other detectors promise in their own tests, held against this one.
mod foreign;

// Rows and desks for them.
mod desk;
mod fleet;
mod traffic;
