//! One cargo through several hands.

use super::super::Params;
use crate::model::quantity::MS_PER_DAY;
use crate::model::{EventId, Timestamp};

/// A transfer with a direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub id: EventId,
    pub start: Timestamp,
    pub end: Timestamp,
    pub from: u32,
    pub to: u32,
}

/// The chain of each link: the name of its first transfer.
///
/// A transfer continues the latest one, over at most `chain_d` before, in which its giver took cargo; that may have
/// ended while this went on, for a ship between two others gives as she takes. Of two that began at once the one that
/// ended first, then the one of smaller name is the earlier. Only earlier transfers are looked at, back to `lookback_d`
/// before the start, so what comes later changes no chain; a longer one begins anew.
pub(super) fn chains(links: &[Link], params: &Params) -> Vec<EventId> {
    let mut by_taker: std::collections::BTreeMap<u32, Vec<&Link>> = Default::default();
    for link in links {
        by_taker.entry(link.to).or_default().push(link);
    }
    let gap_ms = params.volume.chain_d * MS_PER_DAY;
    let before = |link: &Link| {
        let taken = by_taker.get(&link.from)?;
        taken
            .iter()
            .filter(|t| (t.start, t.end, t.id) < (link.start, link.end, link.id))
            .filter(|t| t.end <= link.end)
            .filter(|t| link.start.0 - t.end.0 <= gap_ms)
            .max_by_key(|t| (t.end, t.id))
            .copied()
    };
    links
        .iter()
        .map(|link| {
            let oldest = params.window(link.start, link.end).from;
            let mut root = link;
            while let Some(earlier) = before(root).filter(|t| t.start >= oldest) {
                root = earlier;
            }
            root.id
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TrackId;

    fn link(from: u32, to: u32, day: i64) -> Link {
        let start = Timestamp(day * MS_PER_DAY);
        let track = |mmsi| TrackId {
            mmsi,
            start: Timestamp(0),
        };
        Link {
            id: EventId::new("encounters", &[track(from), track(to)], start),
            start,
            end: Timestamp(start.0 + MS_PER_DAY / 2),
            from,
            to,
        }
    }

    #[test]
    fn a_cargo_that_moves_on_is_one_chain() {
        let links = [
            link(1, 2, 0),
            link(1, 3, 1),
            link(2, 4, 10),
            link(4, 5, 20),
            link(5, 6, 60),
        ];
        let ids = chains(&links, &Params::default());
        assert_eq!(ids[2], links[0].id);
        assert_eq!(ids[3], links[0].id);
        assert_eq!(ids[1], links[1].id, "another daughter, another cargo");
        assert_eq!(ids[4], links[4].id, "40 days later it is another one");
        assert_eq!(chains(&links[..3], &Params::default()), ids[..3]);
    }

    #[test]
    fn a_hub_gives_on_what_she_is_still_taking() {
        let lasts = |from, to, hours: [i64; 2]| {
            let ms = |h: i64| Timestamp(h * MS_PER_DAY / 24);
            let link = link(from, to, 0);
            Link {
                start: ms(hours[0]),
                end: ms(hours[1]),
                ..link
            }
        };
        let root = |taking: Link, giving: Link| {
            let ids = chains(&[taking, giving], &Params::default());
            assert_eq!(ids[0], taking.id);
            ids[1] == taking.id
        };
        let giving = |hours| lasts(2, 3, hours);
        assert!(
            root(lasts(1, 2, [0, 20]), giving([18, 40])),
            "two hours of both"
        );
        assert!(root(lasts(1, 2, [0, 20]), giving([0, 21])), "begun at once");
        assert!(
            !root(lasts(1, 2, [0, 20]), giving([2, 19])),
            "over before it was taken"
        );
        assert!(
            !root(lasts(1, 2, [5, 20]), giving([4, 40])),
            "begun before it"
        );
    }
}
