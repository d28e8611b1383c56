//! One event in words.

use std::fmt::Write;

use super::reasons::Reasons;
use super::samples::samples;
use super::words::{self, party, place, position, ship, span_utc, whole};
use crate::model::text::{decimal, in_words, percent, printable};
use crate::model::{Row, Table, TableSchema, Value};

/// One event, explained: its facts line by line, ready to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    lines: Vec<(&'static str, String)>,
}

impl Explanation {
    fn say(&mut self, label: &'static str, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.lines.push((label, text));
        }
    }

    /// Label and text of each line; a label that is empty continues the one before.
    pub fn lines(&self) -> &[(&'static str, String)] {
        &self.lines
    }

    /// As text for the terminal.
    pub fn to_text(&self) -> String {
        let width = self
            .lines
            .iter()
            .map(|(label, _)| label.len())
            .max()
            .unwrap_or(0);
        let mut out = String::new();
        for (label, text) in &self.lines {
            let _ = writeln!(out, "{label:<width$}  {text}");
        }
        out
    }
}

/// Explains an event: what, who, when, where, why, how much, and the samples that it rests on.
///
/// `vessels` is the table of vessels, for the names of those whose event holds only a number; `evidence` holds the
/// rows of the evidence table with this event's name, in time order.
pub fn explain(schema: &TableSchema, row: &Row, vessels: &Table, evidence: &[Row]) -> Explanation {
    let mut e = Explanation { lines: Vec::new() };
    head(&mut e, schema, row);
    if schema.name != "encounters" {
        for (label, column) in SINGLES {
            ship_of(&mut e, label, row.whole(column), vessels);
        }
    }
    match schema.name {
        "encounters" => encounter(&mut e, row),
        "gaps" => gap(&mut e, row),
        "loitering" => loitering(&mut e, row),
        "rendezvous" => rendezvous(&mut e, row),
        "port_calls" => port_call(&mut e, row),
        _ => single(&mut e, row),
    }
    reasons(&mut e, row);
    for (i, line) in samples(row, evidence).into_iter().enumerate() {
        e.say(if i == 0 { "evidence" } else { "" }, line);
    }
    e
}

/// Columns with one ship, and what it is called.
const SINGLES: [(&str, &str); 4] = [
    ("ship", "mmsi"),
    ("other", "other_mmsi"),
    ("silent", "mmsi_dark"),
    ("partner", "mmsi_partner"),
];

/// A ship by its row in the table of vessels, else by its number alone.
fn ship_of(e: &mut Explanation, label: &'static str, mmsi: Option<i64>, vessels: &Table) {
    let Some(mmsi) = mmsi else {
        return;
    };
    let rows = vessels.rows();
    let known = rows.iter().find(|row| row.whole("mmsi") == Some(mmsi));
    e.say(
        label,
        known.map_or_else(|| format!("MMSI {mmsi:09}"), |row| ship(row, "")),
    );
    if let Some(lists) = known.and_then(|row| row.text("watchlist")) {
        e.say("", format!("on list: {}", printable(lists)));
    }
}

/// A row as JSON: every column that isn't null, by name.
pub fn as_json(row: &Row, schema: &TableSchema) -> serde_json::Value {
    let cells = schema.columns.iter().zip(row.cells());
    let known = cells.filter_map(|(column, value)| {
        let value = match value {
            Value::Null => return None,
            Value::Text(text) => text.clone().into(),
            Value::Int(v) => (*v).into(),
            Value::Decimal(v) => serde_json::Number::from_f64(*v)?.into(),
            Value::Bool(v) => (*v).into(),
            Value::Time(t) => t.to_string().into(),
        };
        Some((column.name.to_owned(), value))
    });
    serde_json::Value::Object(known.collect())
}

fn head(e: &mut Explanation, schema: &TableSchema, row: &Row) {
    let what = match schema.name {
        "encounters" => "encounter",
        "gaps" => "AIS gap",
        "port_calls" => "port call",
        "identity" => "finding about an identity",
        name => name,
    };
    let id = row.text("event_id").unwrap_or("?");
    let status = row
        .text("status")
        .map(|s| format!(", {s}"))
        .unwrap_or_default();
    e.say("event", format!("{id}: {what}{status}"));
}

fn when(e: &mut Explanation, row: &Row) {
    let Some(start) = row.time("start") else {
        return;
    };
    let mut text = span_utc(start, row.time("end"));
    if let Some(hours) = row.number("duration_h") {
        let _ = write!(text, ", {} h", decimal(hours, 1));
    }
    if let Some(observed) = row.number("observed_h") {
        let _ = write!(
            text,
            ", both heard close by in {} h of it",
            decimal(observed, 1)
        );
    }
    if row.get("through_gap") == &Value::Bool(true) {
        text.push_str(", one or both silent in between");
    }
    e.say("when", text);
    let apart = |column: &str| row.time(column).map(words::minute);
    match (apart("start_not_before"), apart("end_not_after")) {
        (Some(before), Some(after)) => {
            e.say("", format!("seen apart until {before} and from {after}"))
        }
        (Some(before), None) => e.say(
            "",
            format!("seen apart until {before}, not seen apart after"),
        ),
        (None, Some(after)) => e.say("", format!("not seen apart before, apart from {after}")),
        (None, None) => {}
    }
    let censored = |column: &str| row.get(column) == &Value::Bool(true);
    if censored("start_censored") {
        e.say("", "may have begun before the data");
    }
    if censored("end_censored") {
        e.say("", "may go on after the data");
    }
}

fn place_of(e: &mut Explanation, row: &Row, lat: &str, lon: &str, label: &'static str) {
    let mut parts = Vec::new();
    if let (Some(lat), Some(lon)) = (row.number(lat), row.number(lon)) {
        parts.push(position(lat, lon));
    }
    let words = place(row);
    if !words.is_empty() {
        parts.push(words);
    }
    if row.get("local_night") == &Value::Bool(true) {
        parts.push("begins at night".to_owned());
    }
    e.say(label, parts.join(", "));
}

fn metres(v: f64) -> String {
    format!("{} m", decimal(v, 0))
}

fn encounter(e: &mut Explanation, row: &Row) {
    if let Some(kind) = row.text("kind") {
        let sure = row
            .number("kind_confidence")
            .map(|c| format!(" (confidence in the kind {})", decimal(c, 2)))
            .unwrap_or_default();
        let mode = row
            .text("mode")
            .map(|m| format!(", {}", in_words(m)))
            .unwrap_or_default();
        e.say("kind", format!("{}{mode}{sure}", in_words(kind)));
    }
    for (suffix, label) in [("_1", "ship 1"), ("_2", "ship 2")] {
        e.say(label, ship(row, suffix));
        let mut more = Vec::new();
        let mut note = |name: &str, column: String| {
            if let Some(text) = row.text(&column) {
                more.push(format!("{name} {}", printable(text)));
            }
        };
        note("", format!("role{suffix}"));
        note("destination", format!("destination{suffix}"));
        note("last port", format!("last_port{suffix}"));
        note("next port", format!("next_port{suffix}"));
        note("on list:", format!("watchlist{suffix}"));
        let draught = |when: &str| row.number(&format!("draught_{when}{suffix}_m"));
        match (draught("before"), draught("after")) {
            (Some(a), Some(b)) => more.push(format!(
                "draught {} m before, {} m after",
                decimal(a, 1),
                decimal(b, 1)
            )),
            (Some(a), None) => more.push(format!("draught {} m before", decimal(a, 1))),
            (None, Some(b)) => more.push(format!("draught {} m after", decimal(b, 1))),
            (None, None) => {}
        }
        e.say("", more.join(", ").trim().to_owned());
    }
    when(e, row);
    place_of(e, row, "lat", "lon", "where");
    if let Some(anchorage) = row.text("anchorage") {
        e.say("", printable(anchorage));
    }
    let mut how = Vec::new();
    if let Some(gap) = row.number("hull_gap_m") {
        let range = match (row.number("hull_gap_low_m"), row.number("hull_gap_high_m")) {
            (Some(low), Some(high)) if high - low >= 1.0 => {
                format!(
                    " ({} to {} m by what the dimensions allow)",
                    decimal(low, 0),
                    decimal(high, 0)
                )
            }
            _ => String::new(),
        };
        how.push(format!("hulls {} apart{range}", metres(gap)));
    }
    let mut note = |column: &str, say: &dyn Fn(f64) -> String| {
        if let Some(v) = row.number(column) {
            how.push(say(v));
        }
    };
    note("antenna_distance_m", &|v| {
        format!("antennas {} apart", metres(v))
    });
    note("rigidity_m", &|v| format!("rigid within {}", metres(v)));
    note("sog_kn", &|v| format!("at {} kn", decimal(v, 1)));
    note("relative_speed_kn", &|v| {
        format!("{} kn against each other", decimal(v, 2))
    });
    note("heading_difference_deg", &|v| {
        format!("headings differ by {} degrees", decimal(v, 0))
    });
    e.say("how", how.join(", "));
    if let Some(confidence) = row.number("confidence") {
        e.say(
            "confidence",
            format!(
                "{} that cargo moved between these hulls",
                decimal(confidence, 2)
            ),
        );
    }
    cargo(e, row);
    for (label, column) in [("cluster", "cluster_id"), ("chain", "chain_id")] {
        if let Some(id) = row.text(column) {
            e.say(label, id);
        }
    }
}

fn cargo(e: &mut Explanation, row: &Row) {
    let Some(best) = row.number("volume_bbl") else {
        return;
    };
    let mut text = format!("{} bbl", whole(best));
    if let (Some(low), Some(high)) = (row.number("volume_low_bbl"), row.number("volume_high_bbl")) {
        let _ = write!(text, " ({} to {})", whole(low), whole(high));
    }
    if let Some(t) = row.number("volume_t") {
        let _ = write!(text, ", {} t", whole(t));
    }
    if let Some(product) = row.text("product") {
        let _ = write!(text, " as {}", printable(product));
    }
    if let (Some(from), Some(to)) = (row.whole("from_mmsi"), row.whole("to_mmsi")) {
        let _ = write!(text, ", from {} to {}", named(row, from), named(row, to));
    }
    if let Some(method) = row.text("volume_method") {
        let _ = write!(text, "; method {}", printable(method));
    }
    e.say("cargo", text);
    if let Some(working) = row.text("volume_working") {
        for step in working.split("; ") {
            e.say("", printable(step));
        }
    }
}

/// The name of the party with this MMSI.
fn named(row: &Row, mmsi: i64) -> String {
    let suffix = ["_1", "_2"]
        .into_iter()
        .find(|suffix| row.whole(&format!("mmsi{suffix}")) == Some(mmsi));
    suffix.map_or_else(|| format!("{mmsi:09}"), |suffix| party(row, suffix))
}

fn gap(e: &mut Explanation, row: &Row) {
    when(e, row);
    place_of(e, row, "start_lat", "start_lon", "last heard");
    if let (Some(lat), Some(lon)) = (row.number("end_lat"), row.number("end_lon")) {
        let mut text = format!("heard again at {}", position(lat, lon));
        if let (Some(km), Some(kn)) = (row.number("distance_km"), row.number("implied_speed_kn")) {
            let _ = write!(
                text,
                ", {} km on, {} kn in a straight line",
                decimal(km, 0),
                decimal(kn, 1)
            );
        }
        e.say("", text);
    }
    let mut why = Vec::new();
    if let Some(explanation) = row.text("explanation") {
        why.push(in_words(&printable(explanation)));
    }
    if let Some(reception) = row.number("reception") {
        why.push(format!(
            "others there were heard in {} of their slots of ten minutes",
            percent(reception)
        ));
    }
    if let Some(intentional) = row.number("intentional") {
        why.push(format!(
            "{} on a scale from lost by chance to switched off",
            decimal(intentional, 2)
        ));
    }
    e.say("silence", why.join(", "));
}

fn loitering(e: &mut Explanation, row: &Row) {
    when(e, row);
    place_of(e, row, "lat", "lon", "where");
    let mut how = Vec::new();
    if let Some(state) = row.text("state") {
        how.push(state.to_owned());
    }
    if row.get("in_port") == &Value::Bool(true) {
        how.push("in port".to_owned());
    }
    if let Some(v) = row.number("mean_speed_kn") {
        how.push(format!("{} kn on average", decimal(v, 1)));
    }
    if let Some(v) = row.number("drift_km") {
        how.push(format!("{} km from begin to end", decimal(v, 1)));
    }
    if let Some(v) = row.number("radius_m") {
        how.push(format!("within {}", metres(v)));
    }
    e.say("how", how.join(", "));
}

fn rendezvous(e: &mut Explanation, row: &Row) {
    if let Some(kind) = row.text("kind") {
        e.say("kind", in_words(kind));
    }
    for (label, column) in [("its gap", "gap_id"), ("met in", "partner_event_id")] {
        e.say(label, row.text(column).unwrap_or_default());
    }
    if let (Some(start), Some(end)) = (row.time("window_start"), row.time("window_end")) {
        let slack = row
            .number("slack_h")
            .map(|h| format!(", {} h beyond what a transfer takes", decimal(h, 1)))
            .unwrap_or_default();
        e.say("possible", span_utc(start, Some(end)) + &slack);
    }
    place_of(e, row, "lat", "lon", "where");
    let is_alone = row.text("kind") == Some("loiterer_alone");
    // Nobody knows who came to one that is alone.
    if let Some(n) = row.whole("alternatives").filter(|_| !is_alone) {
        let ships = if n == 1 { "ship" } else { "ships" };
        e.say(
            "others",
            format!("{n} other silent {ships} could have been there"),
        );
    }
    if let Some(confidence) = row.number("confidence") {
        let what = if is_alone {
            "that she met somebody"
        } else {
            "that the two met"
        };
        e.say("confidence", format!("{} {what}", decimal(confidence, 2)));
    }
    cargo(e, row);
}

fn port_call(e: &mut Explanation, row: &Row) {
    e.say("port", row.text("port").map(printable).unwrap_or_default());
    when(e, row);
    place_of(e, row, "lat", "lon", "where");
    if let (Some(a), Some(b)) = (row.number("draught_in_m"), row.number("draught_out_m")) {
        e.say(
            "draught",
            format!("{} m in, {} m out", decimal(a, 1), decimal(b, 1)),
        );
    }
}

fn single(e: &mut Explanation, row: &Row) {
    if let Some(kind) = row.text("kind") {
        e.say("kind", in_words(kind));
    }
    when(e, row);
    place_of(e, row, "lat", "lon", "where");
    e.say(
        "detail",
        row.text("detail").map(printable).unwrap_or_default(),
    );
}

/// What the event rests on, then the risk and what makes it.
fn reasons(e: &mut Explanation, row: &Row) {
    let Reasons { words, risk } = Reasons::of(row.text("reasons").unwrap_or_default());
    for (i, fact) in words.into_iter().enumerate() {
        e.say(if i == 0 { "rests on" } else { "" }, printable(fact));
    }
    if let Some(risk) = row.number("risk") {
        e.say(
            "risk",
            format!(
                "{}: priority for review, not a probability of guilt",
                decimal(risk, 2)
            ),
        );
    }
    for fact in risk {
        e.say("", printable(fact));
    }
}
