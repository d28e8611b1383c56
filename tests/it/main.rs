//! Promises of the crate as a whole: its layers, its command line, its reference pages.
// What a test unwraps is its own.
#![allow(clippy::unwrap_used)]

mod architecture;
mod cli;
mod config;
mod docs;
