//! Pages that are made from the code, and that they are fresh: `UPDATE_DOCS=1 cargo test` rewrites them.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use alongside::model::{ColumnType, schema};

fn fresh(page: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, text).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found.replace("\r\n", "\n") == text,
        "{page} is stale; run UPDATE_DOCS=1 cargo test"
    );
}

/// A key of the default file: its comment, and its value as written; none if the key is commented out.
struct Key {
    name: String,
    comment: Vec<String>,
    value: Option<String>,
}

/// A section of the default file: its comment and its keys.
struct Section {
    name: String,
    /// Whether it is there by default; one that is commented out is optional.
    is_set: bool,
    comment: Vec<String>,
    keys: Vec<Key>,
}

/// Reads the default file as prose. Comments begin with `# `; a key that has no value by default stands
/// behind a bare `#`, as in `#temporary_dir = "/tmp"`; a section that is optional does so whole.
fn sections(text: &str) -> (Vec<String>, Vec<Section>) {
    let mut preamble = Vec::new();
    let mut sections: Vec<Section> = Vec::new();
    let mut comment: Vec<String> = Vec::new();
    // A value may span lines, as a list does.
    let mut open_brackets = 0i64;
    for line in text.lines() {
        let depth = |s: &str| s.matches('[').count() as i64 - s.matches(']').count() as i64;
        if open_brackets > 0 {
            open_brackets += depth(line);
            let key = sections.last_mut().and_then(|s| s.keys.last_mut()).unwrap();
            let value = key.value.get_or_insert_default();
            value.push(' ');
            value.push_str(line.trim());
        } else if line.is_empty() {
            if sections.is_empty() && preamble.is_empty() {
                preamble = std::mem::take(&mut comment);
            }
            assert!(
                comment.is_empty(),
                "a comment belongs to no key: {comment:?}"
            );
        } else if let Some(words) = line.strip_prefix("# ") {
            comment.push(words.to_owned());
        } else if line.starts_with('[') || line.starts_with("#[") {
            sections.push(Section {
                name: line.trim_matches(['#', '[', ']']).to_owned(),
                is_set: line.starts_with('['),
                comment: std::mem::take(&mut comment),
                keys: Vec::new(),
            });
        } else {
            let (line, is_set) = match line.strip_prefix('#') {
                Some(unset) => (unset, false),
                None => (line, true),
            };
            let (name, value) = line.split_once(" = ").expect("a line is `key = value`");
            open_brackets = depth(value);
            let section = sections.last_mut().expect("a key belongs to a section");
            assert!(
                section.is_set || !is_set,
                "{name} is set, but [{}] is not",
                section.name
            );
            section.keys.push(Key {
                name: name.to_owned(),
                comment: std::mem::take(&mut comment),
                // In an optional section the value is an example.
                value: (is_set || !section.is_set).then(|| value.to_owned()),
            });
        }
    }
    (preamble, sections)
}

/// Lines of a comment as paragraphs: a line that begins with a label starts a new one.
fn paragraphs(comment: &[String]) -> String {
    let mut text = String::new();
    for (i, line) in comment.iter().enumerate() {
        let is_label = ["Unit:", "Range:", "Flag:", "Source:"]
            .iter()
            .any(|label| line.starts_with(label));
        text.push_str(match (i, is_label) {
            (0, _) => "",
            (_, true) => "\n\n",
            _ => "\n",
        });
        text.push_str(line);
    }
    text
}

#[test]
fn configuration_page() {
    let (preamble, sections) = sections(alongside::config::DEFAULT_TOML);
    let mut page = String::from(
        "# Configuration\n\nThis page is made from `src/config/default.toml`; edit that file, then run \
         `UPDATE_DOCS=1 cargo test`.\n\n",
    );
    let _ = writeln!(page, "{}", paragraphs(&preamble));
    for section in sections {
        assert!(
            !section.comment.is_empty(),
            "[{}] has no comment",
            section.name
        );
        let optional = if section.is_set { "" } else { ", optional" };
        let _ = write!(
            page,
            "\n## `[{}]`{optional}\n\n{}\n",
            section.name,
            paragraphs(&section.comment)
        );
        for key in section.keys {
            let comment = paragraphs(&key.comment);
            for label in ["Range:", "Source:"] {
                assert!(
                    comment.contains(label),
                    "{}.{} does not say its {label}",
                    section.name,
                    key.name
                );
            }
            let default = key
                .value
                .map_or_else(|| "none".to_owned(), |value| format!("`{value}`"));
            let label = if section.is_set { "Default" } else { "Example" };
            let _ = write!(
                page,
                "\n### `{}`\n\n{comment}\n\n{label}: {default}\n",
                key.name
            );
        }
    }
    fresh("docs/configuration.md", &page);
}

fn type_name(kind: ColumnType) -> String {
    match kind {
        ColumnType::Text => "text".to_owned(),
        ColumnType::Int => "whole number".to_owned(),
        ColumnType::Decimal(0) => "number, no decimals".to_owned(),
        ColumnType::Decimal(1) => "number, 1 decimal".to_owned(),
        ColumnType::Decimal(n) => format!("number, {n} decimals"),
        ColumnType::Bool => "true or false".to_owned(),
        ColumnType::Time => "time".to_owned(),
    }
}

const OUTPUTS: &str = "\
# Outputs

This page is made from `src/model/schema/`; edit there, then run `UPDATE_DOCS=1 cargo test --test it docs`.

`alongside scan ... -o DIR` writes a folder. It appears whole or not at all: everything is written into
a hidden folder beside it (`.DIR.part-...`), which is renamed at the end; what is left of one by a run that was killed, the next run with
the same `-o` removes. An earlier result at the same place is replaced;
a folder that holds anything else is refused.

Each table below is written as `NAME.parquet` and `NAME.csv` with the same values. Equal inputs and equal
parameters give equal bytes. Beside the tables stand `report.html` (unless `--export` leaves it out), `run.json` and `facts.bin`, what
was found before it was judged, from which `alongside assess` judges it again.

| type | Parquet | CSV |
|---|---|---|
| text | string | as it is, see below |
| whole number | 64-bit integer | digits |
| number, n decimals | 64-bit float, rounded to n decimals | n decimals |
| true or false | boolean | `true`, `false` |
| time | timestamp, milliseconds, UTC | `2018-06-02T05:33:10.000Z` |
| not known | null | empty |

Parquet files are compressed with Zstandard and hold statistics per column. Those of tables with a place are GeoParquet 1.1: a last column
`geometry`, which the CSV lacks, holds the place as well-known binary in WGS 84, longitude first: of gaps the line from start to end,
else a point.

Names and destinations are typed by strangers, and spreadsheets run what looks like a formula. So in CSV a
text cell that begins with `=`, `+`, `-`, `@`, a tab or a line break has an apostrophe before it. Parquet
holds the text as it was sent. An empty text and a missing one look the same in CSV.

Column names end in their unit; `_1` and `_2` are the two ships of an encounter, the smaller MMSI first.
A column that this version does not fill yet is null throughout.

## run.json

What was asked for, every input file with its size, hash, rows and rejected rows by reason, every parameter
and their hash, accepted positions by cell of one degree (`coverage`, each cell by its south-west corner;
empty where a store was judged, which keeps no positions), the number of rows per table, and the names of the files. All that varies
from run to run (times, memory, threads) stands in it under `run`, and in no table. A folder is known as a result by this file.

Rows add up. `rows.read` are `rows.accepted` and those that the readers reject. Of the accepted ones the stages set some aside, counted
by reason in `rows.set_aside` (`duplicate`: sent twice; `outlier`: no ship can have been there); `rows.used` are the rest.
`rows.rejects` counts both sorts together; the readers' alone are those of each input (`inputs`), and `--rejects FILE` lists them row by row, but for those outside
the area or time asked for (`outside_selection`), which the summary counts apart.

Paths in `request` stand as they were given; `request.folder` is the folder from which they lead to the files.
";

#[test]
fn outputs_page() {
    let mut page = OUTPUTS.to_owned();
    for table in schema::ALL {
        let _ = write!(
            page,
            "\n## {}\n\n{}\n\n| column | type | meaning |\n|---|---|---|\n",
            table.name, table.doc
        );
        for column in table.columns {
            let _ = writeln!(
                page,
                "| `{}` | {} | {} |",
                column.name,
                type_name(column.kind),
                column.doc.replace('|', "\\|")
            );
        }
    }
    fresh("docs/outputs.md", &page);
}

#[test]
fn command_line_page() {
    let mut page = String::from(
        "# Command line\n\nThis page is made from the program's own help; edit `src/cli/args.rs`, then \
         run `UPDATE_DOCS=1 cargo test`.\n",
    );
    let mut command = alongside::cli::command().term_width(100);
    command.build();
    let _ = write!(page, "\n```text\n{}```\n", command.render_help());
    for sub in command.get_subcommands() {
        if sub.get_name() == "help" {
            continue;
        }
        let help = sub.clone().term_width(100).render_help();
        let _ = write!(page, "\n## {}\n\n```text\n{help}```\n", sub.get_name());
    }
    fresh("docs/command-line.md", &page);
}
