//! How QGIS draws the layers: kinds apart, in colours that the colour-blind tell apart (Okabe and Ito 2008).

use std::fmt::Write;

use crate::model::TableSchema;
use crate::model::text::in_words;

/// A value with its colour and marker.
type Look = (&'static str, &'static str, &'static str);

const VERMILION: &str = "213,94,0,255";
const ORANGE: &str = "230,159,0,255";
const BLUE: &str = "0,114,178,255";
const SKY: &str = "86,180,233,255";
const GREEN: &str = "0,158,115,255";
const PURPLE: &str = "204,121,167,255";
const GREY: &str = "150,150,150,255";

const ENCOUNTERS: &[Look] = &[
    ("sts_transfer", VERMILION, "circle"),
    ("bunkering", ORANGE, "circle"),
    ("fishing_transshipment", PURPLE, "circle"),
    ("service", SKY, "diamond"),
    ("dredging", GREEN, "diamond"),
    ("anchored_neighbours", BLUE, "square"),
    ("berthed", GREY, "square"),
    ("convoy", GREY, "triangle"),
    ("other", GREY, "cross2"),
];

const LOITERING: &[Look] = &[
    ("adrift", ORANGE, "circle"),
    ("anchored", BLUE, "square"),
    ("moored", GREY, "square"),
];

/// What a layer is told apart by, and the looks; others are grey.
fn looks(schema: &TableSchema) -> (&'static str, &'static [Look]) {
    match schema.name {
        "encounters" => ("kind", ENCOUNTERS),
        "loitering" => ("state", LOITERING),
        "rendezvous" | "identity" => ("kind", &[]),
        _ => ("", &[]),
    }
}

/// The style of a layer in QGIS's own form; `None` where QGIS's default will do.
pub(super) fn qml(schema: &TableSchema) -> Option<String> {
    let (column, looks) = looks(schema);
    if looks.is_empty() {
        return None;
    }
    let mut categories = String::new();
    let mut symbols = String::new();
    let other: [Look; 1] = [("", GREY, "cross2")];
    for (i, (value, colour, marker)) in looks.iter().chain(&other).enumerate() {
        let label = if value.is_empty() {
            "not judged".to_owned()
        } else {
            in_words(value)
        };
        let _ = write!(
            categories,
            "<category symbol=\"{i}\" value=\"{value}\" label=\"{label}\" render=\"true\"/>"
        );
        let _ = write!(
            symbols,
            "<symbol type=\"marker\" name=\"{i}\" alpha=\"1\"><layer class=\"SimpleMarker\" enabled=\"1\" pass=\"0\" locked=\"0\">\
             <Option type=\"Map\">\
             <Option type=\"QString\" name=\"color\" value=\"{colour}\"/>\
             <Option type=\"QString\" name=\"name\" value=\"{marker}\"/>\
             <Option type=\"QString\" name=\"outline_color\" value=\"35,35,35,255\"/>\
             <Option type=\"QString\" name=\"outline_width\" value=\"0.2\"/>\
             <Option type=\"QString\" name=\"size\" value=\"3\"/>\
             </Option></layer></symbol>"
        );
    }
    Some(format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\
         <qgis version=\"3.22\" styleCategories=\"Symbology\">\
         <renderer-v2 type=\"categorizedSymbol\" attr=\"{column}\" enableorderby=\"0\" symbollevels=\"0\" forceraster=\"0\">\
         <categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2></qgis>"
    ))
}
