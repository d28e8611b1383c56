//! The zone of times that don't say theirs.

use chrono::{DateTime, FixedOffset, TimeZone};
use chrono_tz::Tz;

use super::value::{DateOrder, instant};

/// A zone: an offset, or a place whose offset changes with the season.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Milliseconds ahead of UTC.
    Fixed(i64),
    /// A name of the IANA time zone database.
    Named(Tz),
}

impl Zone {
    /// The forms of a zone, for messages.
    pub(crate) const FORMS: &'static str =
        "must be UTC, an offset such as +02:00, or a name such as Europe/Paris";

    /// UTC.
    pub(crate) const UTC: Self = Self::Fixed(0);

    /// Reads `UTC`, `+02:00`, `-0330` or `Europe/Paris`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if ["UTC", "Z", "GMT"].contains(&text) {
            return Some(Self::UTC);
        }
        if text.starts_with(['+', '-']) {
            let offset: FixedOffset = text.parse().ok()?;
            return Some(Self::Fixed(i64::from(offset.local_minus_utc()) * 1000));
        }
        text.parse().ok().map(Self::Named)
    }

    /// An instant in words (`2016-03-31 00:00:01`), of this zone unless it says its own.
    pub(crate) fn instant_ms(self, text: &[u8]) -> Option<i64> {
        let (ms, says_zone) = instant(text, DateOrder::YearFirst)?;
        if says_zone { Some(ms) } else { self.to_utc(ms) }
    }

    /// The instant (milliseconds since the epoch) at which clocks of the zone show `local_ms`, counted as
    /// if they showed UTC. Of the hour that comes twice in autumn it is the first; the hour that is left
    /// out in spring is no time.
    pub(crate) fn to_utc(self, local_ms: i64) -> Option<i64> {
        match self {
            Self::Fixed(ahead_ms) => local_ms.checked_sub(ahead_ms),
            Self::Named(zone) => {
                let local = DateTime::from_timestamp_millis(local_ms)?.naive_utc();
                let instant = zone.from_local_datetime(&local).earliest()?;
                Some(instant.timestamp_millis())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::value::instant_ms;

    #[test]
    fn offsets_places_and_seasons() {
        let utc = |zone: &str, local: &str| {
            let zone = Zone::parse(zone).unwrap();
            zone.instant_ms(local.as_bytes()).map(|ms| ms / 60_000)
        };
        let minutes =
            |text: &str| Some(instant_ms(text.as_bytes(), DateOrder::YearFirst).unwrap() / 60_000);
        assert_eq!(utc("UTC", "2016-03-31 00:10"), minutes("2016-03-31 00:10"));
        assert_eq!(
            utc("+02:00", "2016-03-31 00:10"),
            minutes("2016-03-30 22:10")
        );
        assert_eq!(
            utc("-0330", "2016-03-31 00:10"),
            minutes("2016-03-31 03:40")
        );
        // Winter, summer, the hour that is left out, the hour that comes twice.
        assert_eq!(
            utc("Europe/Paris", "2016-03-26 12:00"),
            minutes("2016-03-26 11:00")
        );
        assert_eq!(
            utc("Europe/Paris", "2016-03-31 00:10"),
            minutes("2016-03-30 22:10")
        );
        assert_eq!(utc("Europe/Paris", "2016-03-27 02:30"), None);
        assert_eq!(
            utc("Europe/Paris", "2016-10-30 02:30"),
            minutes("2016-10-30 00:30")
        );
        for says in [
            "2016-03-31 00:10Z",
            "2016-03-31 02:10+02:00",
            "2016-3-31 0:10Z",
            "2016-03-31 00:10:00 UTC",
        ] {
            assert_eq!(
                utc("Europe/Paris", says),
                minutes("2016-03-31 00:10"),
                "{says}"
            );
        }
        for bad in ["", "Paris", "+25:00", "2", "+2x"] {
            assert_eq!(Zone::parse(bad), None, "{bad}");
        }
    }
}
