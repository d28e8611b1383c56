//! Lists that name a ship, as of an event.

use super::identity::valid_imo;
use super::particulars::Ship;
use super::{Window, World};
use crate::registry::watchlist::{Claims, Hit};

/// The entries that name the ship by what it said of itself in the window.
pub(super) fn hits<'w>(world: &'w World, ship: Ship, window: Window) -> Vec<Hit<'w>> {
    world.watchlists.hits(&claims(ship, window))
}

/// The same in words, for a column; `None` if no list names it.
pub(super) fn words(world: &World, ship: Ship, window: Window) -> Option<String> {
    let hits = hits(world, ship, window);
    let words: Vec<String> = hits.iter().map(ToString::to_string).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

fn claims(ship: Ship<'_>, window: Window) -> Claims<'_> {
    let mut claims = Claims {
        mmsi: ship.mmsi(),
        ..Claims::default()
    };
    let Some(history) = ship.history() else {
        return claims;
    };
    let received = history.receptions(window.from, window.until, Some);
    // What a register says of her is her name if she sends none: it may be another ship's that had the number before.
    let says_name = (received.iter()).any(|(_, _, heard, r)| heard.count() > 0 && r.name.is_some());
    for (_, _, heard, record) in received {
        claims.imos.extend(valid_imo(record));
        let is_own = heard.count() > 0 || !says_name;
        claims
            .names
            .extend(record.name.as_deref().filter(|_| is_own));
    }
    claims
}
