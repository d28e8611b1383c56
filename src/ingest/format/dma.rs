//! The archive of the Danish Maritime Authority.
//!
//! One row for every message received, static fields filled in only on some; `Unknown` and `Undefined`
//! for what isn't known; base stations and aids to navigation among the ships.

use super::codes;
use super::columns::{Column, Header};
use super::csv::{CsvFormat, Record, runs};
use crate::ingest::names;
use crate::ingest::record::with_offsets;
use crate::ingest::sink::{RowSink, position};
use crate::ingest::value::{self, DateOrder};
use crate::model::{AisClass, PositionReport, RejectReason, StaticRecord};

/// The name in reports.
pub(crate) const NAME: &str = "dma";

/// Where the columns stand.
pub(crate) struct Dma {
    time: Column,
    mobile: Column,
    mmsi: Column,
    lat: Column,
    lon: Column,
    status: Column,
    sog: Column,
    cog: Column,
    heading: Column,
    statics: [Column; STATICS],
    static_runs: Vec<(Column, Column)>,
}

const STATICS: usize = 13;
const IMO: usize = 0;
const CALLSIGN: usize = 1;
const NAME_OF_SHIP: usize = 2;
const TYPE: usize = 3;
const CARGO: usize = 4;
const WIDTH: usize = 5;
const LENGTH: usize = 6;
const DRAUGHT: usize = 7;
const DESTINATION: usize = 8;
const A: usize = 9;
const B: usize = 10;
const C: usize = 11;
const D: usize = 12;

impl Dma {
    /// Whether a header looks like this archive's: `# Timestamp` first, or a type of mobile.
    pub(crate) fn is_likely(header: &Header) -> bool {
        header.column(names::TIME.dma).is_present()
            && (header.first_name().starts_with('#')
                || header.column(names::CLASS.dma).is_present())
    }

    /// The columns by their names, or the name that is missing.
    pub(crate) fn from_header(header: &Header) -> Result<Self, &'static str> {
        let statics = [
            header.column(names::IMO.dma),
            header.column(names::CALLSIGN.dma),
            header.column(names::NAME.dma),
            header.column(names::SHIP_TYPE.dma),
            header.column(names::CARGO.dma),
            header.column(names::BEAM.dma),
            header.column(names::LENGTH.dma),
            header.column(names::DRAUGHT.dma),
            header.column(names::DESTINATION.dma),
            header.column(names::TO_BOW.dma),
            header.column(names::TO_STERN.dma),
            header.column(names::TO_PORT.dma),
            header.column(names::TO_STARBOARD.dma),
        ];
        Ok(Self {
            time: header.needed(names::TIME.dma)?,
            mobile: header.column(names::CLASS.dma),
            mmsi: header.needed(names::MMSI.dma)?,
            lat: header.needed(names::LAT.dma)?,
            lon: header.needed(names::LON.dma)?,
            status: header.column(names::STATUS.dma),
            sog: header.column(names::SOG.dma),
            cog: header.column(names::COG.dma),
            heading: header.column(names::HEADING.dma),
            static_runs: runs(&statics),
            statics,
        })
    }

    fn record(&self, row: &Record<'_>) -> StaticRecord {
        let field = |i: usize| row.get(self.statics[i]);
        let record = StaticRecord {
            imo: value::imo(field(IMO)),
            name: value::text(field(NAME_OF_SHIP)),
            callsign: value::text(field(CALLSIGN)),
            ship_type: codes::type_of_words(field(TYPE), field(CARGO)),
            length_dm: value::decimetres(field(LENGTH)),
            beam_dm: value::decimetres(field(WIDTH)),
            draught_dm: value::decimetres(field(DRAUGHT)),
            destination: value::text(field(DESTINATION)),
            ..StaticRecord::default()
        };
        with_offsets(record, [A, B, C, D].map(|i| value::metres(field(i))))
    }
}

impl CsvFormat for Dma {
    const NAME: &'static str = NAME;

    fn static_columns(&self) -> &[Column] {
        &self.statics
    }

    fn row(&self, row: &Record<'_>, sink: &mut RowSink<'_>) -> Result<(), RejectReason> {
        let class = match row.get(self.mobile) {
            b"Class A" => Some(AisClass::A),
            b"Class B" => Some(AisClass::B),
            word if value::is_nothing(word) => None,
            _ => return Err(RejectReason::NotAVessel),
        };
        let mmsi = sink.vessel(value::whole(row.get(self.mmsi)))?;
        let t = sink.time(value::instant_ms(row.get(self.time), DateOrder::DayFirst))?;
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
                let report = PositionReport::new(mmsi, 0, place)
                    .with_sog_kn(value::hundredths(row.get(self.sog)))
                    .with_cog_deg(value::hundredths(row.get(self.cog)))
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
