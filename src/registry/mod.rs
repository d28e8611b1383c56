//! What is known of ships by their identities.
//!
//! In: identities. Out: flags. Rule: an identity is a claim of the sender; nothing here is proof.

pub mod flag;

pub use flag::{Flag, flag, flag_of_mid};
