//! Decoded text of the Santa Barbara AIS receivers (SBARC): `AIS_SBARC_180601-05.txt`.
//!
//! Fields stand between semicolons, without a header, and their number depends on the message type:
//!
//! ```text
//! 00:00:00:633;NAME;ship type;range;bearing;1;repeat;MMSI;status;turn;SOG;accuracy;lon;lat;COG;heading;...   (23)
//! 00:00:06:720;NAME;ship type;range;bearing;18;repeat;MMSI;reserved;SOG;accuracy;lon;lat;COG;heading;...     (25)
//! 00:01:48:970;5;repeat;MMSI;version;IMO;call sign;name;type;A;B;C;D;fixing;ETA;draught in dm;destination;... (18)
//! 00:00:06:760;24;repeat;MMSI;part;name;type;maker;call sign;A;B;C;D;...                                 (14)
//! ```
//!
//! The date stands in the name of the file alone, with the hour: a row of 23 h in the file of 0 h is of
//! the day before. Names may hold semicolons; then the fields after them are found from their number.
//!
//! Name and type before a position weren't sent with it: they are what the receiver's own register has under the number, which
//! may be of years ago (`NOT NAMED` where it has none). So they count for ships of which no message says it.

use super::{Lines, TextReader};
use crate::ingest::error::InputError;
use crate::ingest::record::with_offsets;
use crate::ingest::sink::{Reading, RowSink, position};
use crate::ingest::value::{self, DateOrder};
use crate::model::quantity::MS_PER_DAY;
use crate::model::{
    AisClass, NavStatus, PositionReport, RejectReason, ShipType, StaticRecord, StationKind,
};

/// The name in reports.
pub(crate) const NAME: &str = "sbarc";

/// What stands for a name where the register has none.
const UNNAMED: &str = "NOT NAMED";

/// Semicolons that a name may hold.
const MAX_EXTRA: usize = 4;

/// Lines looked at to recognise the form.
const LINES_LOOKED_AT: usize = 20;

/// Whether a text seems to be of this form: `HH:MM:SS:mmm;` and at least 13 fields on most of the first lines.
pub(crate) fn is_likely(head: &[u8], terminator: u8) -> bool {
    let mut lines = 0;
    let mut alike = 0;
    for line in head
        .split(|b| *b == terminator)
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
        .take(LINES_LOOKED_AT)
    {
        lines += 1;
        let fields = 1 + line.iter().filter(|b| **b == b';').count();
        let time = line.split(|b| *b == b';').next().unwrap_or_default();
        alike += usize::from(fields >= 13 && time_of_day_ms(time).is_some());
    }
    alike > 0 && alike * 2 > lines
}

/// `HH:MM:SS:mmm` in milliseconds.
fn time_of_day_ms(field: &[u8]) -> Option<i64> {
    let digit = |i: usize| {
        let d = field[i].wrapping_sub(b'0');
        (d <= 9).then_some(i64::from(d))
    };
    let two = |i: usize| Some(digit(i)? * 10 + digit(i + 1)?);
    if field.len() != 12 || [2, 5, 8].iter().any(|i| field[*i] != b':') {
        return None;
    }
    let (hour, minute, second) = (two(0)?, two(3)?, two(6)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let ms = digit(9)? * 100 + two(10)?;
    Some(((hour * 60 + minute) * 60 + second) * 1000 + ms)
}

/// Day and hour of a name that holds `_YYMMDD-HH`: start of the day in milliseconds, and the hour.
fn day_of_name(name: &str) -> Option<(i64, i64)> {
    let name = name.rsplit(['/', '\\', ':']).next()?.as_bytes();
    name.windows(10).rev().find_map(|w| {
        let digits = |range: std::ops::Range<usize>| {
            let text = std::str::from_utf8(&w[range]).ok()?;
            text.bytes().all(|b| b.is_ascii_digit()).then_some(text)
        };
        if w[0] != b'_' || w[7] != b'-' {
            return None;
        }
        let (year, month, day) = (digits(1..3)?, digits(3..5)?, digits(5..7)?);
        let hour: i64 = digits(8..10)?.parse().ok().filter(|h| *h < 24)?;
        let text = format!("20{year}-{month}-{day}T00:00");
        let day = value::instant_ms(text.as_bytes(), DateOrder::YearFirst)?;
        Some((day, hour))
    })
}

/// Reads the lines of a file.
pub(crate) struct SbarcReader {
    day_ms: i64,
    hour: i64,
}

impl SbarcReader {
    /// The reader for a file of this name.
    pub(crate) fn new(name: &str) -> Result<Self, InputError> {
        let (day_ms, hour) = day_of_name(name).ok_or_else(|| InputError::UnknownForm {
            name: name.to_owned(),
            reason: "it seems to be decoded text of the SBARC receivers, whose date stands in the name of the file; \
                     name it as AIS_SBARC_YYMMDD-HH.txt"
                .to_owned(),
        })?;
        Ok(Self { day_ms, hour })
    }

    fn time_ms(&self, field: &[u8]) -> Option<i64> {
        let ms = time_of_day_ms(field)?;
        let day = match (self.hour, ms / 3_600_000) {
            (0, 23) => self.day_ms - MS_PER_DAY,
            (23, 0) => self.day_ms + MS_PER_DAY,
            _ => self.day_ms,
        };
        Some(day + ms)
    }

    fn row(&self, fields: &[&[u8]], sink: &mut RowSink<'_>) -> Result<(), RejectReason> {
        let n = fields.len();
        match fields.get(1).copied() {
            Some(b"5") if n >= 18 => return self.voyage(fields, sink),
            Some(b"24") if n >= 13 => return self.part(fields, sink),
            _ => {}
        }
        for extra in 0..=MAX_EXTRA {
            match (fields.get(5 + extra).copied(), n.checked_sub(extra)) {
                (Some(b"1" | b"2" | b"3"), Some(22..=23)) => {
                    return self.position(fields, extra, AisClass::A, sink);
                }
                (Some(b"18"), Some(24..=25)) => {
                    return self.position(fields, extra, AisClass::B, sink);
                }
                _ => {}
            }
        }
        Err(RejectReason::Malformed)
    }

    /// `extra`: the semicolons in the name.
    fn position(
        &self,
        all: &[&[u8]],
        extra: usize,
        class: AisClass,
        sink: &mut RowSink<'_>,
    ) -> Result<(), RejectReason> {
        let (registered, fields) = (&all[1..3 + extra], &all[extra..]);
        // Class B has neither status nor rate of turn, but a reserved field.
        let sog = if class == AisClass::A { 10 } else { 9 };
        let mmsi = sink.vessel(value::whole(fields[7]))?;
        let t = sink.time(self.time_ms(all[0]))?;
        let reading = position(fields[sog + 2], fields[sog + 3])?;
        let place = sink.place(t, reading)?.ok_or(RejectReason::NoPosition)?;
        let status = if class == AisClass::A {
            value::whole(fields[8])
                .and_then(|n| u8::try_from(n).ok())
                .and_then(NavStatus::new)
        } else {
            None
        };
        let report = PositionReport::new(mmsi, 0, place)
            .with_sog_kn(value::hundredths(fields[sog]))
            .with_cog_deg(value::hundredths(fields[sog + 4]))
            .with_heading_deg(value::hundredths(fields[sog + 5]))
            .with_nav_status(status)
            .with_class(Some(class));
        let heard = (mmsi.number(), t, Some(place));
        sink.statics.note(heard, registered.iter().copied(), || {
            of_register(registered)
        });
        sink.position(t, report);
        sink.accept(t);
        Ok(())
    }

    fn voyage(&self, fields: &[&[u8]], sink: &mut RowSink<'_>) -> Result<(), RejectReason> {
        // A semicolon in the name moves what follows, one in the destination doesn't.
        let extra = fields.len() - 18;
        let is_number = |i: usize| fields.get(i).is_some_and(|f| value::whole(f).is_some());
        let shift = (0..=extra.min(MAX_EXTRA))
            .find(|shift| (8..13).all(|i| is_number(i + shift)))
            .ok_or(RejectReason::Malformed)?;
        let record = StaticRecord {
            imo: value::imo(fields[5]),
            callsign: value::text(fields[6]),
            name: joined(&fields[7..=7 + shift]),
            ship_type: ship_type(fields[8 + shift]),
            draught_dm: value::whole(fields[15 + shift])
                .and_then(|dm| u16::try_from(dm).ok())
                .filter(|dm| *dm > 0),
            destination: joined(&fields[16 + shift..fields.len() - 1]),
            ..StaticRecord::default()
        };
        let offsets = [9, 10, 11, 12].map(|i| value::metres(fields[i + shift]));
        self.add(fields, with_offsets(record, offsets), sink)
    }

    fn part(&self, fields: &[&[u8]], sink: &mut RowSink<'_>) -> Result<(), RejectReason> {
        let record = match fields[4] {
            b"0" => StaticRecord {
                name: value::text(fields[5]),
                ..StaticRecord::default()
            },
            b"1" => {
                let record = StaticRecord {
                    ship_type: ship_type(fields[6]),
                    callsign: value::text(fields[8]),
                    ..StaticRecord::default()
                };
                // A craft of a ship sends the MMSI of that ship in place of its dimensions.
                let mmsi = value::whole(fields[3]).and_then(crate::model::Mmsi::new);
                if mmsi.is_some_and(|m| m.kind() == StationKind::AuxiliaryCraft) {
                    record
                } else {
                    with_offsets(record, [9, 10, 11, 12].map(|i| value::metres(fields[i])))
                }
            }
            _ => return Err(RejectReason::Malformed),
        };
        self.add(fields, record, sink)
    }

    fn add(
        &self,
        fields: &[&[u8]],
        record: StaticRecord,
        sink: &mut RowSink<'_>,
    ) -> Result<(), RejectReason> {
        let mmsi = sink.vessel(value::whole(fields[3]))?;
        let t = sink.time(self.time_ms(fields[0]))?;
        sink.place(t, Reading::Missing)?;
        if record.is_empty() {
            return Err(RejectReason::NoPosition);
        }
        sink.statics.add(mmsi.number(), t, record);
        sink.accept(t);
        Ok(())
    }
}

/// What the receiver's register says: a name, with semicolons perhaps, and a type.
fn of_register(fields: &[&[u8]]) -> StaticRecord {
    let (ship_type, name) = fields
        .split_last()
        .map_or((&b""[..], fields), |(t, n)| (*t, n));
    StaticRecord {
        name: joined(name).filter(|name| name != UNNAMED),
        ship_type: self::ship_type(ship_type),
        ..StaticRecord::default()
    }
}

fn ship_type(field: &[u8]) -> Option<u8> {
    value::whole(field)
        .and_then(|n| u8::try_from(n).ok())
        .and_then(ShipType::new)
        .map(ShipType::code)
}

fn joined(fields: &[&[u8]]) -> Option<String> {
    value::text(&fields.join(&b';'))
}

impl TextReader for SbarcReader {
    fn format(&self) -> &'static str {
        NAME
    }

    fn layout(&self) -> u64 {
        4
    }

    fn read(&self, lines: &Lines<'_>, sink: &mut RowSink<'_>) {
        for (line, number) in lines.own() {
            // Beyond what any message has, a line is broken; it need not be split to the end.
            let mut fields: [&[u8]; 32] = [b""; 32];
            let mut n = 0;
            for field in line.split(|b| *b == b';').take(fields.len()) {
                fields[n] = field;
                n += 1;
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            if let Err(reason) = self.row(&fields[..n], sink) {
                sink.reject(number, reason, line);
            }
        }
    }
}

#[cfg(test)]
mod tests;
