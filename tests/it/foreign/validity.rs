//! Validity of fields: pipe-segment (VA-1).
//!
//! The peer rounds a field to the grain of its message type and then drops what is out of range. Here a row of
//! a file is held to the same ranges at the grain in which fields are kept: hundredths, and 1e-7 degree for places.

use alongside::model::{LonLat, Mmsi, PositionReport};

use super::{Suite, segments::file};

fn report() -> PositionReport {
    let mmsi = Mmsi::new(311_000_001).expect("an MMSI");
    PositionReport::new(mmsi, 0, LonLat::default())
}

fn shown(value: Option<f32>) -> String {
    value.map_or("null".to_owned(), |v| format!("{v:.2}"))
}

fn sog(kn: f64) -> String {
    shown(report().with_sog_kn(Some(kn as f32)).sog_kn())
}

fn cog(deg: f64) -> String {
    shown(report().with_cog_deg(Some(deg as f32)).cog_deg())
}

fn heading(deg: f64) -> String {
    shown(report().with_heading_deg(Some(deg as f32)).heading_deg())
}

/// What a file's row makes of a place.
fn place(lat: &str, lon: &str) -> String {
    let (reports, rejects) = file(&[&format!(
        "311000001,2015-01-01T00:00:00,{lat},{lon},1,10,10"
    )]);
    let [one] = reports.as_slice() else {
        return rejects;
    };
    format!("{:.6} {:.6}", one.place().lat(), one.place().lon())
}

#[test]
fn pipe_segment_validity() {
    let mut suite = Suite::new("pipe-segment: validity");
    suite.agrees("VA-1 speed 102.29", "null", &sog(102.29));
    suite.agrees("VA-1 heading 359.4", "359.40", &heading(359.4));
    suite.agrees("VA-1 course 359.919996", "359.92", &cog(359.919_996));
    suite.agrees("VA-1 course 359.996", "null", &cog(359.996));
    suite.agrees("VA-1 heading 359.996", "null", &heading(359.996));
    let why = "102.2 is sent for that speed or more, and so says no speed";
    suite.differs(
        "VA-1 speed 102.22999",
        "102.23",
        "null",
        &sog(102.229_99),
        why,
    );
    suite.differs("VA-1 speed 102.196", "102.20", "null", &sog(102.196), why);
    let why = "in archives of whole knots it is what 102.3, not available, is rounded to";
    suite.differs("VA-1 speed 102", "102.00", "null", &sog(102.0), why);
    suite.agrees("VA-1 speed 101.9", "101.90", &sog(101.9));
    let why = "kept to the hundredth, it is a course; the peer's tenth makes it 360, not available";
    suite.differs("VA-1 course 359.96", "null", "359.96", &cog(359.96), why);
    let why = "kept to the hundredth, it is a heading; the peer's whole degree makes it 360";
    suite.differs("VA-1 heading 359.5", "null", "359.50", &heading(359.5), why);

    suite.agrees(
        "VA-1 the globe's edge",
        "90.000000 20.000000",
        &place("90", "20"),
    );
    suite.agrees("VA-1 latitude 91", "1 no_position", &place("91", "20"));
    suite.agrees("VA-1 longitude 181", "1 no_position", &place("5", "181"));
    let why =
        "as good as no place, but it isn't what a transponder sends for none, so it is told apart";
    suite.differs(
        "VA-1 latitude 90.999997",
        "1 no_position",
        "1 bad_position",
        &place("90.999997", "20"),
        why,
    );
    suite.differs(
        "VA-1 longitude 180.999996",
        "1 no_position",
        "1 bad_position",
        &place("5", "180.999996"),
        why,
    );
    let why = "off the globe";
    suite.differs(
        "VA-1 latitude 90.000001",
        "90.000001 20.000000",
        "1 bad_position",
        &place("90.000001", "20"),
        why,
    );
    suite.differs(
        "VA-1 longitude 180.000001",
        "5.000000 180.000001",
        "1 bad_position",
        &place("5", "180.000001"),
        why,
    );
    let (row, _) = file(&["311000001,2015-01-01T00:00:00,5,20,102.29,359.96,359.4"]);
    let fields = [row[0].sog_kn(), row[0].cog_deg(), row[0].heading_deg()].map(shown);
    suite.no_counterpart(
        "VA-1 row of a file",
        "14 tables of the peer, one a message type; a file's row has no type",
        "null, 359.96, 359.40",
        &super::list(fields.to_vec()),
    );
    suite.close(&["VA-1"]);
}
