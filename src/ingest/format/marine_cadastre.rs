//! The US MarineCadastre archive, 2015 to now.
//!
//! - to 2017: status in words, vessel types 1001 to 1025 of a register, the transmitted type in `Cargo`;
//! - 2018 to 2024: numbers, `TransceiverClass` (`TranscieverClass` in some copies);
//! - from 2025: names in lower case (`base_date_time`, `longitude`, `transceiver`).
//!
//! Course over ground often comes as the twelve transmitted bits read as a signed number: 206.0 as
//! -203.6, and 360.0, "not available", as -49.6. In files of 2017 and 2020 courses restored by
//! adding 409.6 lie 2 degrees (median) from the heading of ships above 5 knots, by adding 360, 49 degrees.

use super::codes;
use super::columns::{Column, Header};
use super::csv::{CsvFormat, Record, runs};
use crate::ingest::names;
use crate::ingest::sink::{RowSink, position};
use crate::ingest::value;
use crate::model::{AisClass, PositionReport, RejectReason, StaticRecord};

/// The name in reports.
pub(crate) const NAME: &str = "marine_cadastre";

/// Where the columns stand.
pub(crate) struct MarineCadastre {
    mmsi: Column,
    time: Column,
    lat: Column,
    lon: Column,
    sog: Column,
    cog: Column,
    heading: Column,
    status: Column,
    class: Column,
    statics: [Column; STATICS],
    static_runs: Vec<(Column, Column)>,
}

const STATICS: usize = 8;
const NAME_OF_SHIP: usize = 0;
const IMO: usize = 1;
const CALLSIGN: usize = 2;
const TYPE: usize = 3;
const LENGTH: usize = 4;
const WIDTH: usize = 5;
const DRAUGHT: usize = 6;
const CARGO: usize = 7;

impl MarineCadastre {
    /// The columns by their names, or the name that is missing.
    pub(crate) fn from_header(header: &Header) -> Result<Self, &'static str> {
        let statics = [
            header.column(names::NAME.marine_cadastre),
            header.column(names::IMO.marine_cadastre),
            header.column(names::CALLSIGN.marine_cadastre),
            header.column(names::SHIP_TYPE.marine_cadastre),
            header.column(names::LENGTH.marine_cadastre),
            header.column(names::BEAM.marine_cadastre),
            header.column(names::DRAUGHT.marine_cadastre),
            header.column(names::CARGO.marine_cadastre),
        ];
        Ok(Self {
            mmsi: header.needed(names::MMSI.marine_cadastre)?,
            time: header.needed(names::TIME.marine_cadastre)?,
            lat: header.needed(names::LAT.marine_cadastre)?,
            lon: header.needed(names::LON.marine_cadastre)?,
            sog: header.column(names::SOG.marine_cadastre),
            cog: header.column(names::COG.marine_cadastre),
            heading: header.column(names::HEADING.marine_cadastre),
            status: header.column(names::STATUS.marine_cadastre),
            class: header.column(names::CLASS.marine_cadastre),
            static_runs: runs(&statics),
            statics,
        })
    }

    fn record(&self, row: &Record<'_>) -> StaticRecord {
        let field = |i: usize| row.get(self.statics[i]);
        StaticRecord {
            imo: value::imo(field(IMO)),
            name: value::text(field(NAME_OF_SHIP)),
            callsign: value::text(field(CALLSIGN)),
            // Copies of the archive have words where it has numbers.
            ship_type: codes::marine_cadastre_type(
                value::whole(field(TYPE)),
                value::whole(field(CARGO)),
            )
            .or_else(|| codes::type_of_words(field(TYPE), field(CARGO))),
            length_dm: value::decimetres(field(LENGTH)),
            beam_dm: value::decimetres(field(WIDTH)),
            draught_dm: value::decimetres(field(DRAUGHT)),
            ..StaticRecord::default()
        }
    }
}

/// What the sign of a course stands for, hundredths of a degree.
pub(crate) const TWELVE_BITS: i64 = 40_960;

/// A course in hundredths of a degree, the sign taken off.
fn course(field: &[u8]) -> Option<f32> {
    let centi = value::fixed(field, 2)?;
    let centi = if centi < 0 {
        centi + TWELVE_BITS
    } else {
        centi
    };
    // 360 is "not available"; what the model doesn't take as a course is none.
    Some(centi as f32 / 100.0)
}

impl CsvFormat for MarineCadastre {
    const NAME: &'static str = NAME;

    fn static_columns(&self) -> &[Column] {
        &self.statics
    }

    fn row(&self, row: &Record<'_>, sink: &mut RowSink<'_>) -> Result<(), RejectReason> {
        let mmsi = sink.vessel(value::whole(row.get(self.mmsi)))?;
        let ms = sink.minute.instant_ms(row.get(self.time));
        let t = sink.time(ms)?;
        let place = sink.place(t, position(row.get(self.lon), row.get(self.lat))?)?;
        let raw = self
            .static_runs
            .iter()
            .map(|(from, to)| row.run(*from, *to));
        let says = sink
            .statics
            .count((mmsi.number(), t, place), raw, || self.record(row));
        match place {
            Some(place) => {
                let class = match row.get(self.class) {
                    b"A" => Some(AisClass::A),
                    b"B" => Some(AisClass::B),
                    _ => None,
                };
                let report = PositionReport::new(mmsi, 0, place)
                    .with_sog_kn(value::hundredths(row.get(self.sog)))
                    .with_cog_deg(course(row.get(self.cog)))
                    .with_heading_deg(value::hundredths(row.get(self.heading)))
                    .with_nav_status(codes::status(row.get(self.status)))
                    .with_class(class);
                sink.position(t, report);
            }
            None if !says => return Err(RejectReason::NoPosition),
            None => {}
        }
        sink.accept(t);
        Ok(())
    }
}
