//! Which column of a CSV is what: the section `[ingest.mapping]`.

use serde::{Deserialize, Serialize};

use super::zone::Zone;
use crate::model::ParamError;

/// A column, by its name in the header or by its number from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ColumnRef {
    /// Its number, from 1.
    Number(u16),
    /// Its name in the header; case and blanks around it don't matter.
    Name(String),
}

/// A column of numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum NumberRef {
    /// Numbers in the unit wanted.
    Plain(ColumnRef),
    /// Numbers that must be converted.
    Scaled(Scaled),
}

/// A column of numbers and how they are converted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scaled {
    /// The column.
    pub column: ColumnRef,
    /// What a number is multiplied by; default 1.
    #[serde(default = "one")]
    pub scale: f64,
    /// What is added then; default 0.
    #[serde(default)]
    pub offset: f64,
}

fn one() -> f64 {
    1.0
}

/// One column, or several that are read with a blank between them (date and time apart).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ColumnRefs {
    /// One.
    One(ColumnRef),
    /// Several, in order.
    Many(Vec<ColumnRef>),
}

/// Unit of a column of speeds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SpeedUnit {
    /// Knots.
    #[default]
    #[serde(rename = "kn")]
    Knots,
    /// Metres per second.
    #[serde(rename = "m/s")]
    MetresPerSecond,
    /// Kilometres per hour.
    #[serde(rename = "km/h")]
    KilometresPerHour,
}

impl SpeedUnit {
    /// Knots in one of it (a knot is 1852 m per hour).
    pub(crate) fn knots(self) -> f64 {
        match self {
            Self::Knots => 1.0,
            Self::MetresPerSecond => 3600.0 / 1852.0,
            Self::KilometresPerHour => 1000.0 / 1852.0,
        }
    }
}

/// From where to where longitudes count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LonRange {
    /// West of Greenwich they are negative; what lies beyond 180 degrees is no place.
    #[default]
    #[serde(rename = "-180..180")]
    West,
    /// Eastwards round the world; negative ones count as well.
    #[serde(rename = "0..360")]
    Round,
}

/// Several reports in one line: where they begin, and how many columns each has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// Number of the first column of the first report, from 1.
    pub from: u16,
    /// Columns of each report. Columns are then numbered within a report.
    pub width: u16,
}

/// How a CSV is read that no built-in format recognises, or that has all these columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// What separates columns: one character, `whitespace` for any run of blanks and tabs, or `auto` for what
    /// the header has most of: comma, semicolon or tab. Default `auto`.
    #[serde(default = "auto")]
    pub delimiter: String,
    /// Lines before the header, or before the first row, that are left out. Default 0.
    #[serde(default)]
    pub skip_lines: u16,
    /// Whether there is a header with names. Default true.
    #[serde(default = "yes")]
    pub header: bool,
    /// Whether a pair of double quotes encloses a field. Default true.
    #[serde(default = "yes")]
    pub quote: bool,
    /// Several reports in one line. Default none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<Repeat>,
    /// Form of times: `iso`, `epoch_s`, `epoch_ms`, or a pattern such as `%d/%m/%Y %H:%M:%S`. Default `iso`.
    #[serde(default = "iso")]
    pub time_format: String,
    /// Zone of times that don't say theirs. Default `UTC`.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// Unit of `sog`. Default knots.
    #[serde(default)]
    pub sog_unit: SpeedUnit,
    /// MMSI, or another whole number that names a vessel.
    pub mmsi: ColumnRef,
    /// Time of the report.
    pub time: ColumnRefs,
    /// Longitude, degrees.
    pub lon: NumberRef,
    /// Latitude, degrees.
    pub lat: NumberRef,
    /// From where to where longitudes count: `-180..180`, or `0..360` if those beyond 180 degrees are west ones. Default
    /// `-180..180`.
    #[serde(default)]
    pub lon_range: LonRange,
    /// Speed over ground.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sog: Option<NumberRef>,
    /// Course over ground, degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cog: Option<NumberRef>,
    /// True heading, degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<NumberRef>,
    /// Navigational status, its number or its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ColumnRef>,
    /// Class of the transponder: `A` or `B`, `Class` before it or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ColumnRef>,
    /// IMO number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imo: Option<ColumnRef>,
    /// Ship name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<ColumnRef>,
    /// Call sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callsign: Option<ColumnRef>,
    /// AIS ship type: its number, or a word (`Tanker`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ship_type: Option<ColumnRef>,
    /// Length, metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<NumberRef>,
    /// Beam, metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beam: Option<NumberRef>,
    /// Draught, metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draught: Option<NumberRef>,
    /// Destination.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<ColumnRef>,
    /// Antenna to bow (A), metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_bow: Option<NumberRef>,
    /// Antenna to stern (B), metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_stern: Option<NumberRef>,
    /// Antenna to port side (C), metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_port: Option<NumberRef>,
    /// Antenna to starboard side (D), metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_starboard: Option<NumberRef>,
}

fn auto() -> String {
    "auto".to_owned()
}

fn yes() -> bool {
    true
}

fn iso() -> String {
    "iso".to_owned()
}

fn utc() -> String {
    "UTC".to_owned()
}

/// What separates columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delimiter {
    /// What the first line has most of.
    Auto,
    /// Runs of blanks and tabs.
    Whitespace,
    /// One byte.
    Byte(u8),
}

/// The form of times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TimeForm {
    /// In words, year first.
    Iso,
    /// Seconds since the epoch.
    EpochS,
    /// Milliseconds since the epoch.
    EpochMs,
    /// A pattern of `chrono`.
    Pattern {
        /// The pattern.
        pattern: String,
        /// Whether it reads a zone.
        has_zone: bool,
    },
}

impl Mapping {
    pub(crate) fn delimiter(&self) -> Option<Delimiter> {
        Some(match self.delimiter.as_bytes() {
            b"auto" => Delimiter::Auto,
            b"whitespace" => Delimiter::Whitespace,
            [byte] if byte.is_ascii() && !b"\"\r\n".contains(byte) => Delimiter::Byte(*byte),
            _ => return None,
        })
    }

    pub(crate) fn time_form(&self) -> Option<TimeForm> {
        use chrono::format::{Fixed, Item, StrftimeItems};
        Some(match self.time_format.as_str() {
            "iso" => TimeForm::Iso,
            "epoch_s" => TimeForm::EpochS,
            "epoch_ms" => TimeForm::EpochMs,
            pattern if pattern.contains('%') => {
                let items: Vec<Item<'_>> = StrftimeItems::new(pattern).collect();
                if items.contains(&Item::Error) {
                    return None;
                }
                let is_zone = |item: &Item<'_>| {
                    matches!(
                        item,
                        Item::Fixed(
                            Fixed::TimezoneOffset
                                | Fixed::TimezoneOffsetColon
                                | Fixed::TimezoneOffsetZ
                                | Fixed::TimezoneOffsetColonZ
                                | Fixed::RFC2822
                                | Fixed::RFC3339
                        )
                    )
                };
                TimeForm::Pattern {
                    has_zone: items.iter().any(is_zone),
                    pattern: pattern.to_owned(),
                }
            }
            _ => return None,
        })
    }

    pub(crate) fn zone(&self) -> Option<Zone> {
        Zone::parse(&self.time_zone)
    }

    /// Whether it goes by names in a header.
    pub(crate) fn goes_by_names(&self) -> bool {
        let named = |(_, column): &(_, &ColumnRef)| matches!(column, ColumnRef::Name(_));
        self.header && self.columns().iter().any(named)
    }

    /// Every column that is named, with its key.
    pub(crate) fn columns(&self) -> Vec<(&'static str, &ColumnRef)> {
        let mut all = vec![("mapping.mmsi", &self.mmsi)];
        match &self.time {
            ColumnRefs::One(column) => all.push(("mapping.time", column)),
            ColumnRefs::Many(columns) => {
                all.extend(columns.iter().map(|column| ("mapping.time", column)));
            }
        }
        all.push(("mapping.lon", self.lon.column()));
        all.push(("mapping.lat", self.lat.column()));
        let words = [
            ("mapping.status", &self.status),
            ("mapping.class", &self.class),
            ("mapping.imo", &self.imo),
            ("mapping.name", &self.name),
            ("mapping.callsign", &self.callsign),
            ("mapping.ship_type", &self.ship_type),
            ("mapping.destination", &self.destination),
        ];
        all.extend(words.iter().filter_map(|(k, c)| Some((*k, c.as_ref()?))));
        let numbers = self.numbers();
        all.extend(
            numbers
                .into_iter()
                .skip(2)
                .map(|(key, number)| (key, number.column())),
        );
        all
    }

    /// Every column of numbers, with its key; longitude and latitude first.
    fn numbers(&self) -> Vec<(&'static str, &NumberRef)> {
        let mut all = vec![("mapping.lon", &self.lon), ("mapping.lat", &self.lat)];
        let optional = [
            ("mapping.sog", &self.sog),
            ("mapping.cog", &self.cog),
            ("mapping.heading", &self.heading),
            ("mapping.length", &self.length),
            ("mapping.beam", &self.beam),
            ("mapping.draught", &self.draught),
            ("mapping.to_bow", &self.to_bow),
            ("mapping.to_stern", &self.to_stern),
            ("mapping.to_port", &self.to_port),
            ("mapping.to_starboard", &self.to_starboard),
        ];
        all.extend(optional.iter().filter_map(|(k, n)| Some((*k, n.as_ref()?))));
        all
    }

    /// Holds every value to its range.
    ///
    /// # Errors
    /// On the first value out of range.
    pub fn validate(&self) -> Result<(), ParamError> {
        let refuse = |key, value: &dyn std::fmt::Display, reason: &str| {
            Err(ParamError::new(key, value, reason.to_owned()))
        };
        if self.delimiter().is_none() {
            let reason = "must be one character, 'whitespace' or 'auto'";
            return refuse("mapping.delimiter", &self.delimiter, reason);
        }
        if self.time_form().is_none() {
            let reason = "must be iso, epoch_s, epoch_ms or a pattern such as %d/%m/%Y %H:%M:%S";
            return refuse("mapping.time_format", &self.time_format, reason);
        }
        if self.zone().is_none() {
            return refuse("mapping.time_zone", &self.time_zone, Zone::FORMS);
        }
        if let Some(Repeat { from, width }) = self.repeat {
            if from == 0 || width == 0 {
                let reason = "'from' and 'width' must be at least 1";
                return refuse("mapping.repeat", &format!("{from}, {width}"), reason);
            }
            if self.header {
                let reason = "needs 'header = false' and columns by number";
                return refuse("mapping.repeat", &from, reason);
            }
        }
        if matches!(&self.time, ColumnRefs::Many(columns) if columns.is_empty()) {
            return refuse("mapping.time", &"[]", "must name a column");
        }
        for (key, column) in self.columns() {
            match column {
                ColumnRef::Number(0) => return refuse(key, &0, "columns are numbered from 1"),
                ColumnRef::Number(n) if self.repeat.is_some_and(|r| *n > r.width) => {
                    return refuse(key, n, "lies beyond 'repeat.width'");
                }
                ColumnRef::Name(name) if !self.header => {
                    let reason = "without a header a column goes by its number";
                    return refuse(key, name, reason);
                }
                _ => {}
            }
        }
        for (key, number) in self.numbers() {
            let (scale, offset) = number.conversion();
            if !scale.is_finite() || scale == 0.0 || !offset.is_finite() {
                let reason = "'scale' must be a number other than 0, 'offset' a number";
                return refuse(key, &format!("{scale}, {offset}"), reason);
            }
        }
        Ok(())
    }
}

impl NumberRef {
    pub(crate) fn column(&self) -> &ColumnRef {
        match self {
            Self::Plain(column) | Self::Scaled(Scaled { column, .. }) => column,
        }
    }

    /// Scale and offset.
    pub(crate) fn conversion(&self) -> (f64, f64) {
        match self {
            Self::Plain(_) => (1.0, 0.0),
            Self::Scaled(scaled) => (scaled.scale, scaled.offset),
        }
    }
}
