//! The rows of a part of a table, cell by cell.

use polars::prelude::{
    DataFrame, DataType, Float64Chunked, Int64Chunked, PolarsResult, Series, StringChunked,
};

use super::columns::Columns;
use super::times::{Unit, instants};
use crate::ingest::format::codes;
use crate::ingest::format::marine_cadastre::TWELVE_BITS;
use crate::ingest::names::{self, Names};
use crate::ingest::record::with_offsets;
use crate::ingest::sink::{Reading, RowSink};
use crate::ingest::value::{self, DateOrder};
use crate::model::{AisClass, NavStatus, PositionReport, RejectReason, ShipType, StaticRecord};

/// What a table's names say of its cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Habits {
    /// Unit of times that are numbers.
    pub unit: Unit,
    /// Order of dates that are text.
    pub order: DateOrder,
    /// Courses and types are those of the MarineCadastre archive.
    pub marine_cadastre: bool,
    /// The class is the Danish archive's type of mobile: anything but the two classes is no vessel.
    pub mobile: bool,
}

impl Habits {
    pub(super) fn of(columns: &Columns, unit: Unit) -> Self {
        let mobile = columns.is_one_of(&names::CLASS, names::CLASS.dma);
        let danish = mobile
            || columns
                .name(&names::TIME)
                .is_some_and(|name| name.starts_with('#'));
        Self {
            unit,
            order: if danish {
                DateOrder::DayFirst
            } else {
                DateOrder::YearFirst
            },
            marine_cadastre: columns.is_one_of(&names::TIME, names::TIME.marine_cadastre),
            mobile,
        }
    }
}

/// A column whose cells are numbers or words.
enum Mixed {
    Absent,
    Numbers(Int64Chunked),
    Words(StringChunked),
}

/// A cell of such a column.
#[derive(Clone, Copy)]
enum Cell<'c> {
    Nothing,
    Number(i64),
    Word(&'c [u8]),
}

impl Mixed {
    fn get(&self, i: usize) -> Cell<'_> {
        match self {
            Self::Absent => Cell::Nothing,
            Self::Numbers(column) => column.get(i).map_or(Cell::Nothing, Cell::Number),
            Self::Words(column) => column
                .get(i)
                .map_or(Cell::Nothing, |word| Cell::Word(word.as_bytes())),
        }
    }
}

impl Cell<'_> {
    /// The number, also where it is written as text.
    fn number(self) -> Option<u32> {
        match self {
            Cell::Nothing => None,
            Cell::Number(n) => u32::try_from(n).ok(),
            Cell::Word(word) => value::whole(word),
        }
    }
}

/// A part of a table, each column as one type; of absent columns every cell is null.
pub(super) struct Part {
    habits: Habits,
    rows: usize,
    mmsi: Option<Int64Chunked>,
    times: Vec<Option<i64>>,
    /// Times as they stand, where they are text.
    time_words: Option<StringChunked>,
    lon: Option<Float64Chunked>,
    lat: Option<Float64Chunked>,
    sog: Option<Float64Chunked>,
    cog: Option<Float64Chunked>,
    heading: Option<Float64Chunked>,
    status: Mixed,
    class: Mixed,
    imo: Mixed,
    ship_type: Mixed,
    cargo: Mixed,
    name: Option<StringChunked>,
    callsign: Option<StringChunked>,
    destination: Option<StringChunked>,
    length: Option<Float64Chunked>,
    beam: Option<Float64Chunked>,
    draught: Option<Float64Chunked>,
    offsets: [Option<Int64Chunked>; 4],
}

/// A column in one piece; of a dictionary its texts.
pub(super) fn column(
    frame: &DataFrame,
    columns: &Columns,
    names: &Names,
) -> PolarsResult<Option<Series>> {
    let Some(name) = columns.name(names) else {
        return Ok(None);
    };
    let series = frame.column(name)?.as_materialized_series().rechunk();
    match series.dtype() {
        DataType::Categorical(..) | DataType::Enum(..) | DataType::Binary => {
            Ok(Some(series.cast(&DataType::String)?))
        }
        _ => Ok(Some(series)),
    }
}

impl Part {
    /// Brings the columns of a frame to their types.
    pub(super) fn new(frame: &DataFrame, columns: &Columns, habits: Habits) -> PolarsResult<Self> {
        let find = |names: &Names| column(frame, columns, names);
        // What doesn't fit becomes null: a text in a column of numbers is no value.
        let cast = |names: &Names, to: &DataType| -> PolarsResult<Option<Series>> {
            Ok(find(names)?.map(|series| {
                series
                    .cast(to)
                    .unwrap_or_else(|_| Series::full_null("".into(), series.len(), to))
            }))
        };
        let ints = |names: &Names| -> PolarsResult<Option<Int64Chunked>> {
            let series = cast(names, &DataType::Int64)?;
            series.map(|s| s.i64().cloned()).transpose()
        };
        let floats = |names: &Names| -> PolarsResult<Option<Float64Chunked>> {
            let series = cast(names, &DataType::Float64)?;
            series.map(|s| s.f64().cloned()).transpose()
        };
        let texts = |names: &Names| -> PolarsResult<Option<StringChunked>> {
            let series = cast(names, &DataType::String)?;
            series.map(|s| s.str().cloned()).transpose()
        };
        let mixed = |names: &Names| -> PolarsResult<Mixed> {
            Ok(match find(names)? {
                None => Mixed::Absent,
                Some(series) if *series.dtype() == DataType::String => {
                    Mixed::Words(series.str()?.clone())
                }
                Some(_) => ints(names)?.map_or(Mixed::Absent, Mixed::Numbers),
            })
        };
        let times = find(&names::TIME)?.unwrap_or_default();
        Ok(Self {
            habits,
            rows: frame.height(),
            mmsi: ints(&names::MMSI)?,
            time_words: times.str().ok().cloned(),
            times: instants(&times, habits.unit, habits.order)?,
            lon: floats(&names::LON)?,
            lat: floats(&names::LAT)?,
            sog: floats(&names::SOG)?,
            cog: floats(&names::COG)?,
            heading: floats(&names::HEADING)?,
            status: mixed(&names::STATUS)?,
            class: mixed(&names::CLASS)?,
            imo: mixed(&names::IMO)?,
            ship_type: mixed(&names::SHIP_TYPE)?,
            cargo: mixed(&names::CARGO)?,
            name: texts(&names::NAME)?,
            callsign: texts(&names::CALLSIGN)?,
            destination: texts(&names::DESTINATION)?,
            length: floats(&names::LENGTH)?,
            beam: floats(&names::BEAM)?,
            draught: floats(&names::DRAUGHT)?,
            offsets: [
                ints(&names::TO_BOW)?,
                ints(&names::TO_STERN)?,
                ints(&names::TO_PORT)?,
                ints(&names::TO_STARBOARD)?,
            ],
        })
    }

    /// Hands the rows to the sink; `before` rows of the file came earlier.
    pub(super) fn deliver(&self, before: u64, sink: &mut RowSink<'_>) {
        for i in 0..self.rows {
            if let Err(reason) = self.row(i, sink) {
                sink.reject(before + i as u64 + 1, reason, self.shown(i).as_bytes());
            }
        }
    }

    /// What of a row tells which it is.
    fn shown(&self, i: usize) -> String {
        let show = |v: Option<String>| v.unwrap_or_default();
        let words = self.time_words.as_ref().and_then(|c| c.get(i));
        let time = words
            .map(str::to_owned)
            .or_else(|| Some(self.times.get(i)?.as_ref()?.to_string()));
        format!(
            "{},{},{},{}",
            show(int(&self.mmsi, i).map(|v| v.to_string())),
            show(time),
            show(float(&self.lon, i).map(|v| v.to_string())),
            show(float(&self.lat, i).map(|v| v.to_string())),
        )
    }

    fn row(&self, i: usize, sink: &mut RowSink<'_>) -> Result<(), RejectReason> {
        let class = self.class(i)?;
        let mmsi = sink.vessel(int(&self.mmsi, i).and_then(|n| u32::try_from(n).ok()))?;
        let t = sink.time(self.times.get(i).copied().flatten())?;
        let reading = match (float(&self.lon, i), float(&self.lat, i)) {
            (Some(lon), Some(lat)) if lon.abs() < 1e4 && lat.abs() < 1e4 => {
                Reading::from_e7((lon * 1e7).round() as i64, (lat * 1e7).round() as i64)
            }
            (None, None) => Reading::Missing,
            _ => Reading::Impossible,
        };
        let place = sink.place(t, reading)?;
        let record = self.record(i);
        if place.is_none() && record.is_empty() {
            return Err(RejectReason::NoPosition);
        }
        if let Some(place) = place {
            let report = PositionReport::new(mmsi, 0, place)
                .with_sog_kn(float(&self.sog, i).map(hundredths))
                .with_cog_deg(self.course(i))
                .with_heading_deg(float(&self.heading, i).map(hundredths))
                .with_nav_status(self.status(i))
                .with_class(class);
            sink.position(t, report);
        }
        if !record.is_empty() {
            sink.statics.add(mmsi.number(), t, record);
        }
        sink.accept(t);
        Ok(())
    }

    fn class(&self, i: usize) -> Result<Option<AisClass>, RejectReason> {
        let word = match self.class.get(i) {
            Cell::Number(0) => return Ok(Some(AisClass::A)),
            Cell::Number(1) => return Ok(Some(AisClass::B)),
            Cell::Number(_) | Cell::Nothing => return Ok(None),
            Cell::Word(word) => value::trim(word),
        };
        match word.to_ascii_lowercase().as_slice() {
            b"a" | b"class a" | b"0" => Ok(Some(AisClass::A)),
            b"b" | b"class b" | b"1" => Ok(Some(AisClass::B)),
            word if self.habits.mobile && !value::is_nothing(word) => Err(RejectReason::NotAVessel),
            _ => Ok(None),
        }
    }

    fn course(&self, i: usize) -> Option<f32> {
        let course = float(&self.cog, i)?;
        Some(hundredths(if self.habits.marine_cadastre && course < 0.0 {
            course + TWELVE_BITS as f64 / 100.0
        } else {
            course
        }))
    }

    fn status(&self, i: usize) -> Option<NavStatus> {
        match self.status.get(i) {
            Cell::Nothing => None,
            Cell::Number(n) => u8::try_from(n).ok().and_then(NavStatus::new),
            Cell::Word(word) => codes::status(word),
        }
    }

    fn ship_type(&self, i: usize) -> Option<u8> {
        let (ship, cargo) = (self.ship_type.get(i), self.cargo.get(i));
        let number = if self.habits.marine_cadastre {
            codes::marine_cadastre_type(ship.number(), cargo.number())
        } else {
            let number = ship.number().and_then(|n| u8::try_from(n).ok());
            number.and_then(ShipType::new).map(ShipType::code)
        };
        number.or_else(|| match (ship, cargo) {
            (Cell::Word(ship), Cell::Word(cargo)) => codes::type_of_words(ship, cargo),
            (Cell::Word(ship), _) => codes::type_of_words(ship, b""),
            _ => None,
        })
    }

    fn record(&self, i: usize) -> StaticRecord {
        let record = StaticRecord {
            imo: match self.imo.get(i) {
                Cell::Nothing => None,
                Cell::Number(n) => u32::try_from(n).ok().filter(|n| *n > 0),
                Cell::Word(word) => value::imo(word),
            },
            name: words(&self.name, i),
            callsign: words(&self.callsign, i),
            ship_type: self.ship_type(i),
            length_dm: decimetres(&self.length, i),
            beam_dm: decimetres(&self.beam, i),
            draught_dm: decimetres(&self.draught, i),
            destination: words(&self.destination, i),
            ..StaticRecord::default()
        };
        let metres = self
            .offsets
            .each_ref()
            .map(|column| int(column, i).and_then(|m| u16::try_from(m).ok()));
        with_offsets(record, metres)
    }
}

fn int(column: &Option<Int64Chunked>, i: usize) -> Option<i64> {
    column.as_ref()?.get(i)
}

fn float(column: &Option<Float64Chunked>, i: usize) -> Option<f64> {
    column.as_ref()?.get(i).filter(|v| v.is_finite())
}

fn words(column: &Option<StringChunked>, i: usize) -> Option<String> {
    value::text(column.as_ref()?.get(i)?.as_bytes())
}

fn decimetres(column: &Option<Float64Chunked>, i: usize) -> Option<u16> {
    let dm = (float(column, i)? * 10.0).round();
    (1.0..=f64::from(u16::MAX))
        .contains(&dm)
        .then_some(dm as u16)
}

/// Rounded as it is kept, so that 359.999 degrees are 360, which is no course.
fn hundredths(value: f64) -> f32 {
    ((value * 100.0).round() / 100.0) as f32
}
