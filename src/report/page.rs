//! The file itself: style, scripts, data, and the policy that holds them to themselves.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use sha2::{Digest, Sha256};

const PAGE: &str = include_str!("assets/page.html");
const STYLES: [&str; 2] = [
    include_str!("assets/vendor/leaflet.css"),
    include_str!("assets/report.css"),
];
const LEAFLET: &str = include_str!("assets/vendor/leaflet.js");
/// In order: each may use what stands before it.
const SCRIPTS: [&str; 12] = [
    include_str!("assets/words.js"),
    include_str!("assets/dom.js"),
    include_str!("assets/data.js"),
    include_str!("assets/events.js"),
    include_str!("assets/marks.js"),
    include_str!("assets/map.js"),
    include_str!("assets/closeup.js"),
    include_str!("assets/charts.js"),
    include_str!("assets/list.js"),
    include_str!("assets/detail.js"),
    include_str!("assets/overview.js"),
    include_str!("assets/main.js"),
];

/// Compresses a text and writes it in letters that HTML leaves alone.
pub(super) fn packed(text: &str) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let bytes = encoder
        .write_all(text.as_bytes())
        .and_then(|()| encoder.finish())
        .expect("writing to memory doesn't fail");
    STANDARD.encode(bytes)
}

/// With line ends as a browser reads them, whatever the file has: the policy counts bytes.
fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// How a policy names a script or style by its content.
pub(super) fn source_of(content: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(content)))
}

/// The page: `core` is what it opens with, `blocks` what it takes out when needed, each packed.
pub(super) fn assemble(core: &str, blocks: &[String]) -> String {
    let style = unix(&STYLES.concat());
    // Without the line that names the source map: a browser's tools would go looking for it.
    let leaflet = unix(
        LEAFLET
            .split_once("//# sourceMappingURL")
            .map_or(LEAFLET, |(code, _)| code),
    );
    let script = unix(&format!(
        "\"use strict\";\n(() => {{\n{}\n}})();\n",
        SCRIPTS.concat()
    ));
    let policy = format!(
        "default-src 'none'; script-src {} {}; style-src {}; img-src data: blob:; base-uri 'none'; form-action 'none'",
        source_of(&leaflet),
        source_of(&script),
        source_of(&style),
    );
    let mut data = String::new();
    for (i, block) in std::iter::once(core)
        .chain(blocks.iter().map(String::as_str))
        .enumerate()
    {
        data.push_str(&format!("<script type=\"text/plain\" id=\"data-{i}\">"));
        data.push_str(block);
        data.push_str("</script>\n");
    }
    let parts = [
        ("<!--policy-->", policy.as_str()),
        ("<!--style-->", &style),
        ("<!--data-->", &data),
        ("<!--leaflet-->", &leaflet),
        ("<!--script-->", &script),
    ];
    let mut page = String::with_capacity(PAGE.len() + data.len() + 400_000);
    let mut rest = PAGE;
    for (mark, part) in parts {
        let (before, after) = rest
            .split_once(mark)
            .expect("page.html holds each mark once, in this order");
        page.push_str(before);
        page.push_str(part);
        rest = after;
    }
    page + rest
}
