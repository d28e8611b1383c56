//! Any CSV, by the mapping of the configuration.
//!
//! Slower than the built-in formats, since nothing about the columns is known beforehand, and as strict:
//! a line with a number of fields other than the header's is malformed. Without a header, and between blanks,
//! where an empty field can't be seen, the line must reach the last column that is mapped.

mod split;

#[cfg(test)]
mod tests;

use std::hash::{Hash, Hasher};

use chrono::{DateTime, NaiveDateTime};
use rustc_hash::FxHasher;

use super::codes;
use super::{Lines, TextReader};
use crate::ingest::error::InputError;
use crate::ingest::mapping::{
    ColumnRef, ColumnRefs, Delimiter, LonRange, Mapping, NumberRef, Repeat, TimeForm,
};
use crate::ingest::record::with_offsets;
use crate::ingest::sink::{Reading, RowSink, position};
use crate::ingest::value;
use crate::ingest::zone::Zone;
use crate::model::{AisClass, PositionReport, RejectReason, ShipType, StaticRecord};
use split::{Fields, Splitter};

/// The name in reports.
pub(crate) const NAME: &str = "mapped";

/// A column of numbers.
#[derive(Clone, Copy)]
struct Number {
    at: usize,
    scale: f64,
    offset: f64,
}

impl Number {
    /// A column that isn't there.
    const ABSENT: Self = Self {
        at: usize::MAX,
        scale: 1.0,
        offset: 0.0,
    };

    fn is_plain(self) -> bool {
        self.scale == 1.0 && self.offset == 0.0
    }

    fn read(self, fields: Fields<'_>) -> Option<f64> {
        let text = std::str::from_utf8(value::trim(fields.get(self.at))).ok()?;
        let number: f64 = text.parse().ok()?;
        Some(number * self.scale + self.offset).filter(|v| v.is_finite())
    }
}

/// Places of static columns; see [`MappedReader::record`].
const STATICS: usize = 12;

/// Reads the lines of a mapped CSV.
pub(crate) struct MappedReader {
    delimiter: Delimiter,
    quote: bool,
    repeat: Option<Repeat>,
    /// Fields that a line must have, and whether it may have more.
    width: usize,
    may_be_wider: bool,
    form: TimeForm,
    zone: Zone,
    knots: f64,
    mmsi: usize,
    time: Vec<usize>,
    lon: Number,
    lat: Number,
    range: LonRange,
    sog: Number,
    cog: Number,
    heading: Number,
    status: usize,
    class: usize,
    imo: usize,
    name: usize,
    callsign: usize,
    ship_type: usize,
    destination: usize,
    length: Number,
    beam: Number,
    draught: Number,
    offsets: [Number; 4],
    layout: u64,
}

/// The first line that isn't blank, and where the rows begin.
struct Start {
    names: Vec<String>,
    delimiter: Delimiter,
    bytes: usize,
    lines: u64,
}

impl Start {
    fn read(mapping: &Mapping, head: &[u8], terminator: u8) -> Self {
        let mut at = if head.starts_with(b"\xEF\xBB\xBF") {
            3
        } else {
            0
        };
        let mut lines = 0;
        let mut next = |at: &mut usize| {
            let end = memchr::memchr(terminator, &head[*at..]).map_or(head.len(), |n| *at + n);
            let line = head[*at..end].trim_ascii();
            *at = (end + 1).min(head.len());
            lines += 1;
            line
        };
        for _ in 0..mapping.skip_lines {
            if at < head.len() {
                next(&mut at);
            }
        }
        let rows = at;
        let rows_line = lines_of(&head[..rows], terminator);
        let mut first: &[u8] = b"";
        while at < head.len() && first.is_empty() {
            first = next(&mut at);
        }
        let delimiter = match mapping.delimiter() {
            Some(Delimiter::Auto) | None => {
                let count = |d: u8| first.iter().filter(|b| **b == d).count();
                let most = [b',', b';', b'\t']
                    .into_iter()
                    .max_by_key(|d| (count(*d), *d == b','));
                Delimiter::Byte(most.unwrap_or(b','))
            }
            Some(known) => known,
        };
        if !mapping.header {
            return Self {
                names: Vec::new(),
                delimiter,
                bytes: rows,
                lines: rows_line,
            };
        }
        let mut splitter = Splitter::default();
        let fields = splitter.split(first, delimiter, true);
        Self {
            names: (0..fields.len())
                .map(|i| String::from_utf8_lossy(fields.get(i)).trim().to_owned())
                .collect(),
            delimiter,
            bytes: at,
            lines,
        }
    }

    fn place(&self, column: &ColumnRef) -> Option<usize> {
        match column {
            ColumnRef::Number(n) => Some(usize::from(*n).wrapping_sub(1)),
            ColumnRef::Name(name) => {
                let name = name.trim();
                let exact = self.names.iter().position(|n| n == name);
                exact.or_else(|| self.names.iter().position(|n| n.eq_ignore_ascii_case(name)))
            }
        }
    }
}

fn lines_of(bytes: &[u8], terminator: u8) -> u64 {
    memchr::memchr_iter(terminator, bytes).count() as u64
}

impl MappedReader {
    /// The reader for a text that begins with `head`; with how many bytes and lines are its header.
    pub(crate) fn new(
        mapping: &Mapping,
        input: &str,
        head: &[u8],
        terminator: u8,
    ) -> Result<(Self, usize, u64), InputError> {
        let start = Start::read(mapping, head, terminator);
        let mut last = 0;
        let mut at = |column: &ColumnRef| match start.place(column) {
            Some(i) => {
                last = last.max(i);
                i
            }
            None => usize::MAX,
        };
        let time = match &mapping.time {
            ColumnRefs::One(column) => vec![at(column)],
            ColumnRefs::Many(columns) => columns.iter().map(&mut at).collect(),
        };
        let mmsi = at(&mapping.mmsi);
        let number = |field: &NumberRef, at: &mut dyn FnMut(&ColumnRef) -> usize| {
            let (scale, offset) = field.conversion();
            Number {
                at: at(field.column()),
                scale,
                offset,
            }
        };
        let (lon, lat) = (number(&mapping.lon, &mut at), number(&mapping.lat, &mut at));
        let mut maybe = |field: &Option<NumberRef>| match field {
            Some(field) => number(field, &mut at),
            None => Number::ABSENT,
        };
        let (sog, cog, heading) = (
            maybe(&mapping.sog),
            maybe(&mapping.cog),
            maybe(&mapping.heading),
        );
        let (length, beam, draught) = (
            maybe(&mapping.length),
            maybe(&mapping.beam),
            maybe(&mapping.draught),
        );
        let offsets = [
            &mapping.to_bow,
            &mapping.to_stern,
            &mapping.to_port,
            &mapping.to_starboard,
        ]
        .map(&mut maybe);
        let mut maybe = |column: &Option<ColumnRef>| column.as_ref().map_or(usize::MAX, &mut at);
        let mut reader = Self {
            delimiter: start.delimiter,
            quote: mapping.quote,
            repeat: mapping.repeat,
            width: 0,
            may_be_wider: false,
            form: mapping.time_form().unwrap_or(TimeForm::Iso),
            zone: mapping.zone().unwrap_or(Zone::UTC),
            knots: mapping.sog_unit.knots(),
            status: maybe(&mapping.status),
            class: maybe(&mapping.class),
            imo: maybe(&mapping.imo),
            name: maybe(&mapping.name),
            callsign: maybe(&mapping.callsign),
            ship_type: maybe(&mapping.ship_type),
            destination: maybe(&mapping.destination),
            mmsi,
            time,
            lon,
            lat,
            range: mapping.lon_range,
            sog,
            cog,
            heading,
            length,
            beam,
            draught,
            offsets,
            layout: 0,
        };
        let missing: Vec<String> = mapping
            .columns()
            .into_iter()
            .filter_map(|(key, column)| match column {
                ColumnRef::Name(name) if start.place(column).is_none() => {
                    Some(format!("{name} (ingest.{key})"))
                }
                _ => None,
            })
            .collect();
        if !missing.is_empty() {
            let shown = if start.names.is_empty() {
                "nothing".to_owned()
            } else {
                let all = start.names.join(", ");
                all.chars().filter(|c| !c.is_control()).take(160).collect()
            };
            return Err(InputError::UnmappedColumns {
                name: input.to_owned(),
                missing: missing.join(", "),
                columns: shown,
            });
        }
        (reader.width, reader.may_be_wider) = match mapping.repeat {
            Some(repeat) => (usize::from(repeat.width), false),
            None if mapping.header && start.delimiter != Delimiter::Whitespace => {
                (start.names.len(), false)
            }
            None => (last + 1, true),
        };
        let mut hasher = FxHasher::default();
        NAME.hash(&mut hasher);
        reader.static_places().hash(&mut hasher);
        for n in reader.static_numbers() {
            (n.scale.to_bits(), n.offset.to_bits()).hash(&mut hasher);
        }
        reader.layout = hasher.finish() | 1;
        Ok((reader, start.bytes, start.lines))
    }

    fn static_numbers(&self) -> [Number; 7] {
        let [a, b, c, d] = self.offsets;
        [self.length, self.beam, self.draught, a, b, c, d]
    }

    fn static_places(&self) -> [usize; STATICS] {
        let [length, beam, draught, a, b, c, d] = self.static_numbers().map(|n| n.at);
        [
            self.imo,
            self.name,
            self.callsign,
            self.ship_type,
            self.destination,
            length,
            beam,
            draught,
            a,
            b,
            c,
            d,
        ]
    }

    fn record(&self, row: Fields<'_>) -> StaticRecord {
        let decimetres = |n: Number| {
            let dm = (n.read(row)? * 10.0).round();
            (dm > 0.0 && dm <= f64::from(u16::MAX)).then_some(dm as u16)
        };
        let metres = |n: Number| {
            let m = n.read(row)?.round();
            (0.0..=f64::from(u16::MAX)).contains(&m).then_some(m as u16)
        };
        let record = StaticRecord {
            imo: value::imo(row.get(self.imo)),
            name: value::text(row.get(self.name)),
            callsign: value::text(row.get(self.callsign)),
            ship_type: ship_type(row.get(self.ship_type)),
            length_dm: decimetres(self.length),
            beam_dm: decimetres(self.beam),
            draught_dm: decimetres(self.draught),
            destination: value::text(row.get(self.destination)),
            ..StaticRecord::default()
        };
        with_offsets(record, self.offsets.map(metres))
    }

    fn time_ms(&self, row: Fields<'_>) -> Option<i64> {
        let joined;
        let text = match self.time.as_slice() {
            [one] => row.get(*one),
            several => {
                let parts: Vec<&[u8]> = several.iter().map(|i| row.get(*i).trim_ascii()).collect();
                joined = parts.join(&b' ');
                &joined
            }
        };
        match &self.form {
            TimeForm::Iso => self.zone.instant_ms(text),
            TimeForm::EpochS => value::fixed(text, 3),
            TimeForm::EpochMs => value::fixed(text, 0),
            TimeForm::Pattern { pattern, has_zone } => {
                let text = std::str::from_utf8(text).ok()?.trim();
                if *has_zone {
                    let t = DateTime::parse_from_str(text, pattern).ok()?;
                    return Some(t.timestamp_millis());
                }
                let local = NaiveDateTime::parse_from_str(text, pattern).ok()?;
                self.zone.to_utc(local.and_utc().timestamp_millis())
            }
        }
    }

    fn place(&self, row: Fields<'_>) -> Result<Reading, RejectReason> {
        let fields = (row.get(self.lon.at), row.get(self.lat.at));
        if self.lon.is_plain() && self.lat.is_plain() && self.range == LonRange::West {
            return position(fields.0, fields.1);
        }
        let e7 = |n: Number| {
            if n.is_plain() {
                return value::fixed(row.get(n.at), 7);
            }
            let e7 = (n.read(row)? * 1e7).round();
            (e7.abs() < 9e17).then_some(e7 as i64)
        };
        match (e7(self.lon), e7(self.lat)) {
            (Some(lon), Some(lat)) => Ok(match self.range {
                LonRange::West => Reading::from_e7(lon, lat),
                LonRange::Round => Reading::from_round_e7(lon, lat),
            }),
            (None, None) if value::is_nothing(fields.0) && value::is_nothing(fields.1) => {
                Ok(Reading::Missing)
            }
            _ => Err(RejectReason::Malformed),
        }
    }

    fn row(&self, row: Fields<'_>, sink: &mut RowSink<'_>) -> Result<(), RejectReason> {
        if row.len() < self.width || (row.len() > self.width && !self.may_be_wider) {
            sink.tally.too_wide += u64::from(row.len() > self.width);
            return Err(RejectReason::Malformed);
        }
        let mmsi = sink.vessel(value::whole(row.get(self.mmsi)))?;
        let t = sink.time(self.time_ms(row))?;
        let place = sink.place(t, self.place(row)?)?;
        let places = self.static_places();
        let raw = places.iter().map(|i| row.get(*i));
        let says = sink
            .statics
            .count((mmsi.number(), t, place), raw, || self.record(row));
        match place {
            Some(place) => {
                let single = |n: Number| n.read(row).map(|v| v as f32);
                let sog = self.sog.read(row).map(|v| (v * self.knots) as f32);
                let report = PositionReport::new(mmsi, 0, place)
                    .with_sog_kn(sog)
                    .with_cog_deg(single(self.cog))
                    .with_heading_deg(single(self.heading))
                    .with_nav_status(codes::status(row.get(self.status)))
                    .with_class(class(row.get(self.class)));
                sink.position(t, report);
            }
            None if !says => return Err(RejectReason::NoPosition),
            None => {}
        }
        sink.accept(t);
        Ok(())
    }

    fn line(&self, line: &[u8], number: u64, splitter: &mut Splitter, sink: &mut RowSink<'_>) {
        let fields = splitter.split(line, self.delimiter, self.quote);
        let Some(repeat) = self.repeat else {
            if let Err(reason) = self.row(fields, sink) {
                sink.reject(number, reason, line);
            }
            return;
        };
        let mut from = usize::from(repeat.from) - 1;
        if from >= fields.len() {
            sink.reject(number, RejectReason::Malformed, line);
        }
        while from < fields.len() {
            let row = fields.part(from, self.width);
            if let Err(reason) = self.row(row, sink) {
                sink.reject(number, reason, line);
            }
            from += self.width;
        }
    }
}

/// A ship type by its number or its word.
fn ship_type(field: &[u8]) -> Option<u8> {
    match value::whole(field) {
        Some(n) => u8::try_from(n)
            .ok()
            .and_then(ShipType::new)
            .map(ShipType::code),
        None => codes::type_of_words(field, b""),
    }
}

/// A class by its letter, with or without `Class` before it.
fn class(field: &[u8]) -> Option<AisClass> {
    let field = value::trim(field);
    let letter = match field.get(..5) {
        Some(word) if word.eq_ignore_ascii_case(b"class") => value::trim(&field[5..]),
        _ => field,
    };
    match letter {
        b"A" | b"a" => Some(AisClass::A),
        b"B" | b"b" => Some(AisClass::B),
        _ => None,
    }
}

impl TextReader for MappedReader {
    fn format(&self) -> &'static str {
        NAME
    }

    fn layout(&self) -> u64 {
        self.layout
    }

    fn read(&self, lines: &Lines<'_>, sink: &mut RowSink<'_>) {
        let mut splitter = Splitter::default();
        for (line, number) in lines.own() {
            if !line.trim_ascii().is_empty() {
                self.line(line, number, &mut splitter, sink);
            }
        }
    }
}
