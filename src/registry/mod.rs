//! What is known of ships by their identities.
//!
//! In: identities. Out: flags, and lists that name the ship. Rule: an identity is a claim of the sender;
//! nothing here is proof.

pub mod flag;
pub mod watchlist;

pub use flag::{Flag, flag};
pub use watchlist::{Watchlist, WatchlistError, Watchlists};
