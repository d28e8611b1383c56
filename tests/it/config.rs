//! The configuration: defaults, refusals, and the file that explains them.

use std::collections::BTreeSet;
use std::path::Path;

use alongside::Config;
use alongside::config::{ConfigError, DEFAULT_TOML};

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("my.toml"))
}

fn keys(text: &str) -> BTreeSet<String> {
    let table: toml::Table = toml::from_str(text).unwrap();
    let mut keys = BTreeSet::new();
    for (section, value) in table {
        for key in value.as_table().unwrap().keys() {
            keys.insert(format!("{section}.{key}"));
        }
    }
    keys
}

#[test]
fn the_default_file_is_the_default() {
    assert_eq!(parse(DEFAULT_TOML).unwrap(), Config::default());
    assert_eq!(parse("").unwrap(), Config::default());
    Config::default().validate().unwrap();
}

#[test]
fn the_default_file_names_every_key() {
    let all = keys(&Config::default().to_toml());
    assert!(!all.is_empty());
    assert_eq!(keys(DEFAULT_TOML), all);
}

/// The optional section of the default file, no longer commented out.
fn mapping_example() -> String {
    DEFAULT_TOML
        .lines()
        .skip_while(|line| *line != "#[ingest.mapping]")
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.strip_prefix('#').filter(|l| !l.starts_with(' ')))
        // Several reports in one line exclude a header.
        .map(|line| line.replace("repeat =", "#repeat =") + "\n")
        .collect()
}

#[test]
fn the_optional_section_is_an_example_that_names_every_key() {
    let example = mapping_example();
    let config = parse(&example).unwrap();
    assert!(config.ingest.mapping.is_some());
    assert_eq!(parse(&config.to_toml()).unwrap(), config);
    // The parser itself lists the keys that it knows.
    let words = parse(&format!("{example}nonsense = 1\n"))
        .unwrap_err()
        .to_string();
    let (_, known) = words.split_once("expected one of ").unwrap();
    let known: BTreeSet<&str> = known.split('\'').skip(1).step_by(2).collect();
    let named: BTreeSet<&str> = example
        .lines()
        .filter_map(|line| Some(line.trim_start_matches('#').split_once(" = ")?.0))
        .collect();
    assert_eq!(named, known);
}

#[test]
fn a_mapping_that_makes_no_sense_is_refused_with_its_line() {
    let text =
        "[ingest.mapping]\nmmsi = 'a'\ntime = 'b'\nlon = 'c'\nlat = 'd'\ntime_zone = 'Paris'\n";
    let words = parse(text).unwrap_err().to_string();
    assert!(
        words.starts_with("my.toml:6: ingest.mapping.time_zone = Paris: must be UTC"),
        "{words}"
    );
    let words = parse("[ingest.mapping]\nmmsi = 'a'\n")
        .unwrap_err()
        .to_string();
    assert!(words.contains("missing field 'time'"), "{words}");
}

#[test]
fn every_key_is_refused_when_misspelt() {
    for name in keys(DEFAULT_TOML) {
        let (section, key) = name.split_once('.').unwrap();
        let refused = parse(&format!("[{section}]\n{key}_ = 1")).unwrap_err();
        let words = refused.to_string();
        assert!(words.starts_with("my.toml:2: unknown field"), "{words}");
        assert!(words.contains(&format!("'{key}'")), "{words}");
    }
    let words = parse("[nonsense]\na = 1").unwrap_err().to_string();
    assert!(
        words.starts_with("my.toml:1: unknown field 'nonsense'"),
        "{words}"
    );
    assert!(words.contains("tables"), "{words}");
}

#[test]
fn a_wrong_type_is_refused_with_its_line() {
    let words = parse("# mine\n[tables]\n\nexport = [\"xlsx\"]\n")
        .unwrap_err()
        .to_string();
    assert!(words.starts_with("my.toml:4: "), "{words}");
    assert!(
        words.contains("xlsx") && words.contains("parquet"),
        "{words}"
    );
    let words = parse("[tables\n").unwrap_err().to_string();
    assert!(words.starts_with("my.toml:1: "), "{words}");
}

#[test]
fn a_value_out_of_range_is_refused_with_its_line() {
    let words = parse("[tables]\n# none\nexport = []\n")
        .unwrap_err()
        .to_string();
    assert_eq!(
        words,
        "my.toml:3: tables.export = []: must name at least one format: parquet, csv, gpkg, geojson, html"
    );
    let mut config = Config::default();
    config.tables.export.clear();
    let words = config.validate().unwrap_err().to_string();
    assert!(words.starts_with("configuration: tables.export"), "{words}");
}

#[test]
fn the_hash_is_of_the_values() {
    let config = Config::default();
    assert_eq!(config.sha256(), parse(DEFAULT_TOML).unwrap().sha256());
    assert_eq!(config.sha256().len(), 64);
    let other = parse("tables.export = ['csv']").unwrap();
    assert_ne!(config.sha256(), other.sha256());
    assert_eq!(parse(&other.to_toml()).unwrap(), other);
}
