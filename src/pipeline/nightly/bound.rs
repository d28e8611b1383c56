//! By what a store is bound: what shapes its rows.

use serde_json::Value as Json;

use crate::store::Binding;

/// Keys that change no result, by section: how inputs are read, and what a scan writes of its tables.
const SHAPES_NOTHING: [(&str, &[&str]); 2] = [
    (
        "ingest",
        &["memory_mb", "block_mb", "max_line_mb", "temporary_dir"],
    ),
    ("tables", &["export"]),
];

/// What of a configuration shapes results; `None` if it can't be read.
fn shape(config: &str) -> Option<Json> {
    let mut config: Json = serde_json::from_str(config).ok()?;
    for (section, keys) in SHAPES_NOTHING {
        let section = config.get_mut(section).and_then(Json::as_object_mut);
        if let Some(section) = section {
            section.retain(|key, _| !keys.contains(&key.as_str()));
        }
    }
    Some(config)
}

/// Whether rows of both fit together. Another version of the program may go on, as long as it can read the state.
pub(super) fn is_same(a: &Binding, b: &Binding) -> bool {
    let has_shape = || {
        let shapes = shape(&a.config).zip(shape(&b.config));
        shapes.is_some_and(|(a, b)| a == b)
    };
    a.reference == b.reference && (a.config_sha256 == b.config_sha256 || has_shape())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::tables::Export;

    fn binding(config: &Config) -> Binding {
        Binding {
            program: "1".to_owned(),
            config: serde_json::to_string(config).unwrap(),
            config_sha256: config.sha256(),
            reference: "[]".to_owned(),
        }
    }

    #[test]
    fn what_changes_no_result_binds_nothing() {
        let bound = binding(&Config::default());
        let mut config = Config::default();
        config.ingest.memory_mb = 64;
        config.ingest.block_mb = 1;
        config.ingest.max_line_mb = 1;
        config.ingest.temporary_dir = Some("/var/tmp".into());
        config.tables.export = vec![Export::Csv];
        assert!(is_same(&bound, &binding(&config)));
        let other = Binding {
            reference: "[[]]".to_owned(),
            ..binding(&config)
        };
        assert!(!is_same(&bound, &other));
        let broken = Binding {
            config: "{".to_owned(),
            ..binding(&config)
        };
        assert!(!is_same(&bound, &broken));
        config.ingest.nmea_zone = "+02:00".to_owned();
        assert!(!is_same(&bound, &binding(&config)));
        let mut config = Config::default();
        config.assess.settle_d += 1;
        assert!(!is_same(&bound, &binding(&config)));
    }
}
