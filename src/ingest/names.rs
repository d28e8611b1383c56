//! What columns are called: one list for the CSV archives and for tables.
//!
//! A name is compared without case, blanks and punctuation: `base_date_time`, `BaseDateTime` and `# Base Date Time` are one.

/// The names of what a row can hold, plain: lower case, letters and digits only.
pub(crate) struct Names {
    /// With its unit, as the manual has it.
    pub canonical: &'static str,
    /// In the MarineCadastre archive and copies of it, best first.
    pub marine_cadastre: &'static [&'static str],
    /// In the archive of the Danish Maritime Authority.
    pub dma: &'static [&'static str],
    /// In tables besides; none that leaves the unit open.
    pub others: &'static [&'static str],
    /// Words in the name of a column that may hold the same, but isn't read: in another unit, or of something else.
    pub hints: &'static [&'static str],
}

macro_rules! names {
    ($($(#[$doc:meta])* $id:ident = $canonical:literal, $mc:expr, $dma:expr, $others:expr, $hints:expr;)*) => {
        $($(#[$doc])* pub(crate) static $id: Names = Names {
            canonical: $canonical,
            marine_cadastre: &$mc,
            dma: &$dma,
            others: &$others,
            hints: &$hints,
        };)*
    };
}

names! {
    /// Number of the vessel.
    MMSI = "mmsi", ["mmsi"], ["mmsi"], [], [];
    /// Time of the report.
    TIME = "t", ["basedatetime", "send"], ["timestamp"], ["time", "datetime", "timestamputc", "datetimeutc"], [];
    /// Longitude.
    LON = "lon", ["lon", "longitude"], ["longitude"], ["long", "lng"], [];
    /// Latitude.
    LAT = "lat", ["lat", "latitude"], ["latitude"], [], [];
    /// Speed over ground, knots.
    SOG = "sog_kn", ["sog"], ["sog"], ["sogknots"], ["sog", "speed", "spd"];
    /// Course over ground, degrees.
    COG = "cog_deg", ["cog"], ["cog"], ["cogdegrees"], ["cog", "course"];
    /// True heading, degrees.
    HEADING = "heading_deg", ["heading"], ["heading"], ["trueheading"], ["heading", "hdg"];
    /// Navigational status.
    STATUS = "nav_status", ["status", "nav"], ["navigationalstatus"], ["navigationstatus"], ["status"];
    /// Class of the transponder.
    CLASS = "class", ["transceiverclass", "transcieverclass", "transceiver"], ["typeofmobile"], ["aisclass"],
        ["class", "transceiver"];
    /// IMO number.
    IMO = "imo", ["imo"], ["imo"], ["imonumber"], ["imo"];
    /// Ship name.
    NAME = "name", ["vesselname", "name"], ["name"], ["shipname"], ["shipname", "vesselname"];
    /// Call sign.
    CALLSIGN = "callsign", ["callsign"], ["callsign"], [], ["callsign"];
    /// AIS ship type.
    SHIP_TYPE = "ship_type", ["vesseltype", "category"], ["shiptype"], [], ["type"];
    /// Length, metres.
    LENGTH = "length_m", ["length"], ["length"], [], ["length", "loa"];
    /// Beam, metres.
    BEAM = "beam_m", ["width"], ["width"], ["beam"], ["width", "beam", "breadth"];
    /// Antenna to bow, metres.
    TO_BOW = "to_bow_m", [], ["a"], [], ["bow"];
    /// Antenna to stern, metres.
    TO_STERN = "to_stern_m", [], ["b"], [], ["stern"];
    /// Antenna to port side, metres.
    TO_PORT = "to_port_m", [], ["c"], [], [];
    /// Antenna to starboard side, metres.
    TO_STARBOARD = "to_starboard_m", [], ["d"], [], ["starboard"];
    /// Draught, metres.
    DRAUGHT = "draught_m", ["draft"], ["draught"], [], ["draft", "draught"];
    /// Destination.
    DESTINATION = "destination", [], ["destination"], [], ["destination", "dest"];
    /// What is carried, which says more of the ship type.
    CARGO = "cargo", ["cargo"], ["cargotype"], [], [];
}

/// Everything that a table can hold.
pub(crate) static ALL: [&Names; 22] = [
    &MMSI,
    &TIME,
    &LON,
    &LAT,
    &SOG,
    &COG,
    &HEADING,
    &STATUS,
    &CLASS,
    &IMO,
    &NAME,
    &CALLSIGN,
    &SHIP_TYPE,
    &LENGTH,
    &BEAM,
    &TO_BOW,
    &TO_STERN,
    &TO_PORT,
    &TO_STARBOARD,
    &DRAUGHT,
    &DESTINATION,
    &CARGO,
];

/// The column by which tables of events are known: theirs, and no row's of AIS.
pub(crate) const EVENT: &str = "eventid";

/// What is said of a table of events.
pub(crate) const EVENT_REASON: &str = "it is a table of events, as alongside writes them (it has the column event_id); \
    name the files that it was made from";

/// A name without case, blanks and punctuation.
pub(crate) fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

impl Names {
    /// All names under which a table may hold it, plain, best first.
    pub(crate) fn in_tables(&self) -> impl Iterator<Item = String> + use<> {
        let canonical = std::iter::once(plain(self.canonical));
        let others = [self.marine_cadastre, self.dma, self.others].concat();
        canonical.chain(others.into_iter().map(str::to_owned))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The manual lists the same names.
    #[test]
    fn the_page_on_inputs_lists_every_name() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/inputs.md");
        let page = std::fs::read_to_string(page).unwrap();
        for names in ALL {
            let row = page
                .lines()
                .find(|line| line.starts_with(&format!("| `{}` |", names.canonical)));
            let row = row.unwrap_or_else(|| panic!("no row for {}", names.canonical));
            for name in names.in_tables() {
                let listed = row.split('`').any(|cell| plain(cell) == name);
                assert!(listed, "{name} is not in: {row}");
            }
        }
    }

    #[test]
    fn a_name_stands_for_one_thing() {
        let mut all: Vec<String> = ALL
            .iter()
            .flat_map(|names| {
                let mut own: Vec<String> = names.in_tables().collect();
                own.sort();
                own.dedup();
                own
            })
            .collect();
        let n = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), n);
    }
}
