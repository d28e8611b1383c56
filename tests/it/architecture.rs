//! The graph of imports is a table, and this reads it: inside one crate the compiler allows cycles.
//!
//! The reading is textual: comments and strings are blanked out, then every `crate::...` path and
//! `use crate::{...}` group counts, tests included, and so do chains of `super` that reach the crate.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use Imports::{Below, Only};

/// What a module may import, besides itself.
#[derive(Clone, Copy)]
enum Imports {
    /// These.
    Only(&'static [&'static str]),
    /// Every module of a row above.
    Below,
}

/// Every folder and file of `src`, lower layers first; a row may name only rows above it.
const LAYERS: &[(&str, Imports)] = &[
    ("model", Only(&[])),
    ("stage", Only(&["model"])),
    ("geodesy", Only(&["model"])),
    ("hull", Only(&["model"])),
    ("lengths", Only(&[])),
    ("ingest", Only(&["model", "lengths"])),
    ("track", Only(&["model", "stage", "geodesy"])),
    ("proximity", Only(&["model", "stage", "geodesy"])),
    // `stage` for the contract that it answers: `Waters`.
    ("gazetteer", Only(&["model", "stage", "geodesy"])),
    ("registry", Only(&["model"])),
    ("reception", Only(&["model", "stage", "geodesy"])),
    ("encounter", Only(&["model", "stage", "geodesy"])),
    ("rendezvous", Only(&["model", "geodesy"])),
    (
        "assess",
        Only(&[
            "model",
            "geodesy",
            "hull",
            "gazetteer",
            "registry",
            "reception",
            // Who can have met whom hangs on what ships are: judgement asks, the index answers.
            "rendezvous",
        ]),
    ),
    ("tables", Only(&["model", "lengths"])),
    ("volumes", Only(&["model"])),
    ("report", Only(&["model"])),
    ("evaluate", Only(&["model", "lengths"])),
    ("simulate", Only(&["model", "geodesy"])),
    ("store", Only(&["model", "stage", "tables"])),
    ("config", Below),
    ("error", Below),
    ("pipeline", Below),
    ("cli", Below),
];

/// Third-party crates with the only places that may use them.
const HOMES: &[(&str, &[&str])] = &[
    ("polars", &["lengths", "ingest", "tables", "evaluate"]),
    ("polars_parquet", &["lengths"]),
    ("rstar", &["rendezvous", "gazetteer"]),
    ("geo", &["hull", "gazetteer", "report"]),
    (
        "chrono",
        &[
            "model/time.rs",
            "ingest",
            "tables",
            "report",
            "store",
            "pipeline",
            "cli",
        ],
    ),
    (
        "csv",
        // `simulate` writes by hand, its tests read back.
        &[
            "ingest",
            "tables",
            "registry",
            "evaluate",
            "volumes/published.rs",
            "simulate/tests.rs",
        ],
    ),
    ("csv_core", &["ingest"]),
    (
        "rayon",
        &[
            "ingest",
            "track",
            "proximity",
            "encounter",
            "reception",
            "assess",
            // The longest table is millions of lines.
            "tables",
            // Only to name what the pool refuses with.
            "error.rs",
            "pipeline",
        ],
    ),
    ("base64", &["lengths", "report"]),
    ("chacha20", &["simulate"]),
    ("rusqlite", &["tables", "store"]),
    ("plotters", &["volumes/chart.rs"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
];

/// Blanks out comments, strings and character literals; line breaks stay.
fn code_of(source: &str) -> String {
    let s: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let blank = |out: &mut String, c: char| out.push(if c == '\n' { '\n' } else { ' ' });
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut i = 0;
    while i < s.len() {
        let rest = &s[i..];
        let after_word = i > 0 && is_word(s[i - 1]);
        let end = if rest.starts_with(&['/', '/']) {
            i + rest.iter().position(|c| *c == '\n').unwrap_or(rest.len())
        } else if rest.starts_with(&['/', '*']) {
            let (mut depth, mut j) = (1, 2);
            while j < rest.len() && depth > 0 {
                match rest.get(j..j + 2) {
                    Some(['/', '*']) => (depth, j) = (depth + 1, j + 2),
                    Some(['*', '/']) => (depth, j) = (depth - 1, j + 2),
                    _ => j += 1,
                }
            }
            i + j
        } else if let Some(len) = raw_string(rest).filter(|_| !after_word) {
            i + len
        } else if rest[0] == '"' {
            let mut j = 1;
            while j < rest.len() && rest[j] != '"' {
                j += if rest[j] == '\\' { 2 } else { 1 };
            }
            (i + j + 1).min(s.len())
        } else if rest[0] == '\'' {
            // 'a', '\n', '\u{1f}'; but not the lifetime 'a.
            match rest {
                ['\'', '\\', ..] => {
                    let close = rest.iter().skip(3).position(|c| *c == '\'');
                    close.map_or(s.len(), |n| i + n + 4)
                }
                ['\'', _, '\'', ..] => i + 3,
                _ => i,
            }
        } else {
            i
        };
        if end == i {
            out.push(s[i]);
            i += 1;
        } else {
            s[i..end].iter().for_each(|c| blank(&mut out, *c));
            i = end;
        }
    }
    out
}

/// Length of the raw string that begins here: `r"..."`, `br#"..."#`.
fn raw_string(s: &[char]) -> Option<usize> {
    let start = match s {
        ['r', ..] => 1,
        ['b', 'r', ..] => 2,
        _ => return None,
    };
    let hashes = s[start..].iter().take_while(|c| **c == '#').count();
    if s.get(start + hashes) != Some(&'"') {
        return None;
    }
    let mut close = vec!['"'];
    close.resize(1 + hashes, '#');
    let body = start + hashes + 1;
    let end = s[body..]
        .windows(close.len())
        .position(|w| w == close.as_slice());
    Some(end.map_or(s.len(), |n| body + n + close.len()))
}

/// The code as words and signs; `::` is one sign.
fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = if first.is_alphanumeric() || first == '_' {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        tokens.push(&rest[..len]);
        rest = rest[len..].trim_start();
    }
    tokens
}

/// The first words behind a path's `::`: one, or those of a `{...}` group.
fn heads<'a>(tokens: &[&'a str], at: usize) -> Vec<&'a str> {
    if tokens.get(at) != Some(&"{") {
        return tokens.get(at).copied().into_iter().collect();
    }
    let mut heads = Vec::new();
    let (mut depth, mut fresh) = (0, false);
    for token in &tokens[at..] {
        match *token {
            "{" => {
                depth += 1;
                fresh = depth == 1;
            }
            "}" => depth -= 1,
            "," => fresh = depth == 1,
            word if depth == 1 && fresh => {
                heads.push(word);
                fresh = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    heads
}

/// `model` of `model/time.rs` and of `model.rs`.
fn module_of(file: &str) -> &str {
    let first = file.split('/').next().unwrap_or(file);
    first.strip_suffix(".rs").unwrap_or(first)
}

/// What is wrong with the imports of one file, whose path is relative to `src`, and which modules it imports.
fn violations_and_imports(file: &str, source: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut found, mut imports) = (BTreeSet::new(), BTreeSet::new());
    let module = module_of(file);
    let is_root = file == "lib.rs" || file == "main.rs";
    let row = LAYERS.iter().position(|(name, _)| *name == module);
    if row.is_none() && !is_root {
        found.insert(format!("{file}: {module} is in no layer"));
        return (found, imports);
    }
    let may = |target: &str| {
        let (Some(row), Some(of)) = (row, LAYERS.iter().position(|(name, _)| *name == target))
        else {
            return is_root;
        };
        of == row
            || match LAYERS[row].1 {
                Only(these) => these.contains(&target),
                Below => of < row,
            }
    };

    // Of `track/mod.rs` 1, of `track/clean.rs` 2.
    let depth = file.trim_end_matches("/mod.rs").split('/').count();
    let code = code_of(source);
    let tokens = tokens(&code);
    for (i, token) in tokens.iter().enumerate() {
        let before = i.checked_sub(1).map(|j| tokens[j]);
        // `a::polars::` is another path's middle, but `use ::polars::` and `(x: ::polars::` are not.
        let is_inner = before == Some("::")
            && i.checked_sub(2).is_some_and(|j| {
                let word = tokens[j];
                word == ">"
                    || (word != "use" && word.chars().all(|c| c.is_alphanumeric() || c == '_'))
            });
        let is_path = tokens.get(i + 1) == Some(&"::") && !is_inner;
        if is_path && (*token == "crate" || *token == "alongside") {
            for head in heads(&tokens, i + 2) {
                imports.insert(head.to_owned());
                if head != "self" && !may(head) {
                    found.insert(format!("{file}: {module} -> {head}"));
                }
            }
        }
        // A chain of `super` that is as long as the file is deep ends at the crate.
        if *token == "super" && is_path {
            let supers = tokens[i..]
                .chunks(2)
                .take_while(|pair| *pair == ["super", "::"])
                .count();
            for head in heads(&tokens, i + 2 * supers) {
                if supers >= depth
                    && LAYERS.iter().any(|(name, _)| *name == head)
                    && !code.contains(&format!("mod {head};"))
                {
                    imports.insert(head.to_owned());
                    if !may(head) {
                        found.insert(format!("{file}: {module} -> {head}"));
                    }
                }
            }
        }
        // `polars::...`, and `use polars as p` or `extern crate polars`.
        let is_named = is_path || before == Some("use") || before == Some("crate");
        for (name, homes) in HOMES {
            let at_home = homes.iter().any(|home| *home == module || *home == file);
            if token == name && is_named && !at_home {
                found.insert(format!("{file}: {module} -> {name} (at home in {homes:?})"));
            }
        }
        // `use {polars::..., csv::...}`: the first is a path by itself, so are the others.
    }
    (found, imports)
}

/// What is wrong with the imports of one file.
fn violations(file: &str, source: &str) -> BTreeSet<String> {
    violations_and_imports(file, source).0
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn modules_import_downwards_only_and_crates_stay_at_home() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = sources(&src);
    assert!(files.len() > 20, "the sources were not found");
    let (mut found, mut used) = (BTreeSet::new(), BTreeSet::new());
    for path in files {
        let file = path.strip_prefix(&src).unwrap().to_str().unwrap();
        let file = file.replace('\\', "/");
        let source = fs::read_to_string(&path).unwrap();
        let (wrong, imports) = violations_and_imports(&file, &source);
        found.extend(wrong);
        let module = module_of(&file).to_owned();
        used.extend(imports.into_iter().map(|target| (module.clone(), target)));
    }
    for (name, imports) in LAYERS {
        let Only(these) = imports else { continue };
        for target in *these {
            if !used.contains(&((*name).to_owned(), (*target).to_owned())) {
                found.insert(format!(
                    "{name} -> {target} is allowed, and nobody needs it"
                ));
            }
        }
    }
    let list: Vec<String> = found.into_iter().collect();
    assert!(
        list.is_empty(),
        "imports against the layers of docs/architecture.md:\n{}",
        list.join("\n")
    );
}

#[test]
fn the_table_itself_points_downwards() {
    for (row, (name, imports)) in LAYERS.iter().enumerate() {
        let Only(these) = imports else { continue };
        for target in *these {
            let of = LAYERS.iter().position(|(other, _)| other == target);
            assert!(
                of.is_some_and(|of| of < row),
                "{name} -> {target} points upwards"
            );
        }
    }
}

#[test]
fn planted_violations_are_caught() {
    let caught = |file: &str, source: &str| -> Vec<String> {
        violations(file, source).into_iter().collect()
    };
    // Upwards, in every form.
    for source in [
        "use crate::config::Config;",
        "use crate::{model::Timestamp, config::{Config, ConfigError}};",
        "use crate::{\n    config,\n};",
        "fn f() { crate::config::DEFAULT_TOML.len(); }",
        "#[cfg(test)]\nmod tests { use crate::config::Config; }",
        "pub(in crate::config) fn f() {}",
        "/* a */ use crate /* b */ :: config::Config;",
        "const C: char = '\"'; use crate::config::Config; // \"",
        "fn f<'a>(x: &'a str) { let q = '\\''; crate::config::g(q, x) }",
    ] {
        assert_eq!(
            caught("track/clean.rs", source),
            ["track/clean.rs: track -> config"],
            "{source}"
        );
    }
    assert_eq!(
        caught("geodesy/mod.rs", "use super::track::Params;"),
        ["geodesy/mod.rs: geodesy -> track"]
    );
    for (file, source) in [
        ("track/clean.rs", "use super::super::config::Config;"),
        ("track/a/b.rs", "use super::super::super::config::Config;"),
        (
            "track/mod.rs",
            "mod tests { use super::super::config::Config; }",
        ),
    ] {
        assert_eq!(caught(file, source), [format!("{file}: track -> config")]);
    }
    // Sideways, a root's re-export, and a module that nobody placed.
    assert_eq!(
        caught("track/mod.rs", "use crate::proximity::Params;"),
        ["track/mod.rs: track -> proximity"]
    );
    assert_eq!(
        caught("cli/mod.rs", "use crate::Config;"),
        ["cli/mod.rs: cli -> Config"]
    );
    assert_eq!(caught("utils.rs", ""), ["utils.rs: utils is in no layer"]);
    // Crates away from home.
    for source in [
        "use polars::prelude::*;",
        "fn f() { polars::prelude::len(); }",
        "use {polars::prelude::DataFrame, serde::Serialize};",
        "extern crate polars;",
        "use polars as p;",
        "fn f(x: ::polars::prelude::Series) {}",
    ] {
        let found = caught("track/mod.rs", source);
        assert_eq!(found.len(), 1, "{source}: {found:?}");
        assert!(found[0].starts_with("track/mod.rs: track -> polars"));
    }
    assert_eq!(caught("model/place.rs", "use chrono::Utc;").len(), 1);
}

#[test]
fn honest_code_is_not_accused() {
    for (file, source) in [
        (
            "track/clean.rs",
            "use crate::{geodesy, model::{self, Chunk}, stage::Stage};",
        ),
        (
            "track/clean.rs",
            "// use crate::config::Config;\n/* crate::cli /* nested */ crate::cli */",
        ),
        (
            "track/clean.rs",
            "const A: &str = \"crate::config \\\" crate::cli\";",
        ),
        (
            "track/clean.rs",
            "const A: &str = r#\"crate::config \" crate::cli\"#;",
        ),
        (
            "track/clean.rs",
            "/// See [`crate::config`].\nuse super::Params;",
        ),
        ("track/clean.rs", "mod tests { use super::*; }"),
        ("track/a/b.rs", "use super::super::config;"),
        (
            "track/clean.rs",
            "use crate::track::Params; let geo = 1; foo::geo::bar(geo);",
        ),
        (
            "model/mod.rs",
            "mod track;\npub use track::T; fn f() { super::model::track::g(); }",
        ),
        ("model/time.rs", "use chrono::Utc;"),
        (
            "pipeline/mod.rs",
            "use crate::{config::Config, error::Error, tables};",
        ),
        ("lib.rs", "pub use crate::config::Config; pub mod cli;"),
        ("main.rs", "fn main() { alongside::cli::run() }"),
    ] {
        assert_eq!(
            violations(file, source),
            BTreeSet::new(),
            "{file}: {source}"
        );
    }
}
