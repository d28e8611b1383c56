//! Facts of rows in words: one wording for the terminal, and wherever else a person reads.

use std::fmt::Write;

use crate::model::text::{decimal, grouped, printable};
use crate::model::{Row, Timestamp};

/// A number from 0 as a whole one with groups of digits.
pub(super) fn whole(v: f64) -> String {
    grouped(v.max(0.0).round() as u64)
}

/// `2018-06-02 05:33`.
pub(super) fn minute(t: Timestamp) -> String {
    t.to_string()
        .chars()
        .take(16)
        .collect::<String>()
        .replace('T', " ")
}

/// `2018-06-02 05:33 to 21:10`, the day of the end only if it is another.
pub fn span(start: Timestamp, end: Option<Timestamp>) -> String {
    span_in("", start, end)
}

/// The same, said to be UTC.
pub(super) fn span_utc(start: Timestamp, end: Option<Timestamp>) -> String {
    span_in(" UTC", start, end)
}

fn span_in(zone: &str, start: Timestamp, end: Option<Timestamp>) -> String {
    let start = minute(start);
    let Some(end) = end.map(minute) else {
        return format!("from {start}{zone}, not over");
    };
    match end.split_once(' ') {
        Some((day, hour)) if start.starts_with(day) => format!("{start} to {hour}{zone}"),
        _ => format!("{start} to {end}{zone}"),
    }
}

/// `36.4321 N 22.9876 E`.
pub fn position(lat: f64, lon: f64) -> String {
    let side = |v: f64, plus, minus| if v < 0.0 { minus } else { plus };
    format!(
        "{:.4} {} {:.4} {}",
        lat.abs(),
        side(lat, 'N', 'S'),
        lon.abs(),
        side(lon, 'E', 'W')
    )
}

/// A distance: metres below a kilometre, else kilometres, with as many places as mean something.
fn kilometres(km: f64) -> String {
    match km {
        km if km < 10.0 => format!("{} km", decimal(km, 1)),
        km => format!("{} km", decimal(km, 0)),
    }
}

/// Where a row's event was, in words: `42 km off San Diego, 31 km from shore, Pacific Area Lightering`.
/// Empty if the row says nothing of it.
pub fn place(row: &Row) -> String {
    let mut parts = Vec::new();
    if let (Some(port), Some(km)) = (row.text("nearest_port"), row.number("distance_to_port_km")) {
        let port = title(&printable(port));
        parts.push(if km < 2.0 {
            format!("at {port}")
        } else {
            format!("{} off {port}", kilometres(km))
        });
    }
    match row.number("distance_to_shore_km") {
        // The coast of the map is good to about a kilometre, and harbours lie behind it.
        Some(km) if km < -3.0 => parts.push(format!("{} inland", kilometres(-km))),
        Some(km) if km < 1.0 => parts.push("at the coast".to_owned()),
        Some(km) => parts.push(format!("{} from shore", kilometres(km))),
        None => {}
    }
    if let Some(zone) = row.text("zone") {
        parts.push(printable(zone));
    }
    parts.join(", ")
}

/// A name in capitals with only its first letters as capitals; others as they are.
fn title(name: &str) -> String {
    if name.chars().any(char::is_lowercase) {
        return name.to_owned();
    }
    let mut text = String::new();
    let mut first = true;
    for c in name.chars() {
        if first {
            text.extend(c.to_uppercase());
        } else {
            text.extend(c.to_lowercase());
        }
        first = !c.is_alphanumeric() && c != '\'';
    }
    text
}

/// The name of a party, or its MMSI where it sent none. `suffix` is `_1`, `_2`, or empty.
pub fn party(row: &Row, suffix: &str) -> String {
    row.text(&format!("name{suffix}"))
        .filter(|name| !name.is_empty())
        .map(printable)
        .or_else(|| {
            row.whole(&format!("mmsi{suffix}"))
                .map(|n| format!("{n:09}"))
        })
        .unwrap_or_else(|| "?".to_owned())
}

/// A party with all that is known of it: `NAME (IMO 9..., MMSI ..., flag BS, aframax, 98,000 t dwt)`.
pub(super) fn ship(row: &Row, suffix: &str) -> String {
    let numbered = |name: &str| format!("{name}{suffix}");
    let mut known = Vec::new();
    if let Some(imo) = row.whole(&numbered("imo")) {
        known.push(format!("IMO {imo}"));
    }
    if let Some(mmsi) = row.whole(&numbered("mmsi")) {
        known.push(format!("MMSI {mmsi:09}"));
    }
    if let Some(flag) = row.text(&numbered("flag")) {
        known.push(format!("flag {flag}"));
    }
    if let Some(class) = row.text(&numbered("class")) {
        known.push(printable(class));
    } else if let Some(code) = row.whole(&numbered("ship_type")) {
        known.push(format!("{} (AIS type {code})", type_words(code)));
    }
    let dwt = if suffix.is_empty() {
        "dwt_t".to_owned()
    } else {
        format!("dwt{suffix}_t")
    };
    if let Some(dwt) = row.number(&dwt) {
        known.push(format!("{} t deadweight", whole(dwt)));
    }
    let mut text = party(row, suffix);
    if !known.is_empty() {
        let _ = write!(text, " ({})", known.join(", "));
    }
    text
}

/// What an AIS ship type says (ITU-R M.1371-5, table 53).
fn type_words(code: i64) -> &'static str {
    match code {
        20..=29 => "wing in ground craft",
        30 => "fishing vessel",
        31 | 32 => "towing vessel",
        33 => "dredger",
        34 => "diving vessel",
        35 => "military vessel",
        36 => "sailing vessel",
        37 => "pleasure craft",
        40..=49 => "high-speed craft",
        50 => "pilot vessel",
        51 => "rescue vessel",
        52 => "tug",
        53 => "port tender",
        60..=69 => "passenger ship",
        70..=79 => "cargo ship",
        80..=89 => "tanker",
        _ => "other vessel",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::schema::ENCOUNTERS;

    #[test]
    fn places_read_as_a_person_would_say_them() {
        let mut row = Row::new(&ENCOUNTERS);
        assert_eq!(place(&row), "");
        row.set("nearest_port", "SAN DIEGO")
            .set("distance_to_port_km", 42.3)
            .set("distance_to_shore_km", 6.04)
            .set("zone", "Pacific Area Lightering");
        assert_eq!(
            place(&row),
            "42 km off San Diego, 6.0 km from shore, Pacific Area Lightering"
        );
        assert_eq!(title("PORT O'CONNOR"), "Port O'connor");
        assert_eq!(title("St. Helier"), "St. Helier");
    }

    #[test]
    fn spans_name_the_day_once() {
        let t = |s| Timestamp::parse(s).unwrap();
        let start = t("2018-06-02T05:33:10");
        assert_eq!(
            span(start, Some(t("2018-06-02T21:10"))),
            "2018-06-02 05:33 to 21:10"
        );
        assert_eq!(
            span(start, Some(t("2018-06-03T01:10"))),
            "2018-06-02 05:33 to 2018-06-03 01:10"
        );
        assert_eq!(span(start, None), "from 2018-06-02 05:33, not over");
    }
}
