//! The samples that an encounter rests on, in words.

use std::fmt::Write;

use super::words::{self, position};
use crate::model::text::decimal;
use crate::model::{Row, Timestamp};

/// Most samples that are listed.
const LISTED_SAMPLES: usize = 12;

/// Metres in a degree of latitude, on the sphere.
const DEGREE_M: f64 = 111_195.0;

/// The distance between the antennas of two samples of one instant, metres. They are near each other: a plane will do.
fn antennas_m(one: &Row, other: &Row) -> Option<f64> {
    let place = |row: &Row| Some((row.number("lat")?, row.number("lon")?));
    let ((lat_1, lon_1), (lat_2, lon_2)) = (place(one)?, place(other)?);
    // Across the antimeridian the short way.
    let east_deg = (lon_2 - lon_1 + 540.0).rem_euclid(360.0) - 180.0;
    let east = east_deg * ((lat_1 + lat_2) / 2.0).to_radians().cos();
    Some(east.hypot(lat_2 - lat_1) * DEGREE_M)
}

/// How many instants there are, and a few of them, evenly chosen; nothing if there are none.
pub(super) fn samples(row: &Row, evidence: &[Row]) -> Vec<String> {
    let first = row.whole("mmsi_1");
    let instants: Vec<(&Row, Option<&Row>)> = evidence
        .iter()
        .filter(|r| r.whole("mmsi") == first)
        .map(|one| {
            let t: Option<Timestamp> = one.time("t");
            let other = evidence
                .iter()
                .find(|r| r.whole("mmsi") != first && r.time("t") == t);
            (one, other)
        })
        .collect();
    if instants.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![format!(
        "{} instants at which both were measured; some of them:",
        instants.len()
    )];
    let step = instants.len().div_ceil(LISTED_SAMPLES);
    let hulls_known = instants
        .iter()
        .any(|(one, _)| one.number("hull_gap_m").is_some());
    for (one, other) in instants.into_iter().step_by(step) {
        let mut text = one.time("t").map(words::minute).unwrap_or_default();
        if let Some(phase) = one.text("phase") {
            let _ = write!(text, "  {phase:<9}");
        }
        match one.number("hull_gap_m") {
            Some(gap) => {
                let _ = write!(text, "  hulls {:>6} m", decimal(gap, 0));
            }
            None if hulls_known => text.push_str("  hulls      ? m"),
            None => match other.and_then(|other| antennas_m(one, other)) {
                Some(m) => {
                    let _ = write!(text, "  antennas {:>6} m", decimal(m, 0));
                }
                None => text.push_str("  antennas      ? m"),
            },
        }
        if let Some(sigma) = one.number("sigma_m") {
            let _ = write!(text, " +- {:<4}", decimal(sigma, 0));
        }
        for (name, ship) in [("1", Some(one)), ("2", other)] {
            let number = |column: &str| ship.and_then(|r| r.number(column));
            let heading = number("heading_deg");
            if hulls_known && number("sog_kn").is_none() && heading.is_none() {
                continue;
            }
            let _ = write!(text, "  ship {name}:");
            if let (false, Some(lat), Some(lon)) = (hulls_known, number("lat"), number("lon")) {
                let _ = write!(text, " {}", position(lat, lon));
            }
            if let Some(sog) = number("sog_kn") {
                let _ = write!(text, " {:>4} kn", decimal(sog, 1));
            }
            if let Some(heading) = heading {
                let _ = write!(text, " heading {:>3}", decimal(heading, 0));
            }
        }
        lines.push(text.trim_end().to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::schema::{ENCOUNTERS, EVIDENCE};

    fn sample(mmsi: i64, lon: f64) -> Row {
        let mut row = Row::new(&EVIDENCE);
        row.set("mmsi", mmsi)
            .set("t", Timestamp(0))
            .set("lat", 60.0)
            .set("lon", lon)
            .set("sigma_m", 12.0);
        row
    }

    #[test]
    fn without_dimensions_the_antennas_distance_is_told() {
        let mut row = Row::new(&ENCOUNTERS);
        row.set("mmsi_1", 1_i64).set("mmsi_2", 2_i64);
        // A thousandth of a degree on either side, at half its length in 60 degrees north.
        for (one, two) in [(10.0, 10.002), (179.999, -179.999)] {
            let lines = samples(&row, &[sample(1, one), sample(2, two)]);
            assert_eq!(lines.len(), 2);
            assert!(
                lines[1].contains("  antennas    111 m +- 12"),
                "{}",
                lines[1]
            );
        }
        let alone = samples(&row, &[sample(1, 10.0)]);
        assert!(alone[1].contains("antennas      ? m"), "{}", alone[1]);
        let mut known = [sample(1, 10.0), sample(2, 10.002)];
        for sample in &mut known {
            sample.set("hull_gap_m", -0.2);
        }
        let lines = samples(&row, &known);
        assert!(lines[1].contains("  hulls      0 m"), "{}", lines[1]);
        assert!(samples(&row, &[]).is_empty());
    }
}
