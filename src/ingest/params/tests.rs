use super::*;

#[test]
fn unknown_keys_and_values_out_of_range_are_refused() {
    let params: Params = toml::from_str("memory_mb = 100").unwrap();
    assert_eq!((params.memory_mb, params.block_mb), (100, 4));
    assert_eq!(params.limits().unwrap().memory_bytes, 100_000_000);
    assert!(toml::from_str::<Params>("memory = 100").is_err());
    let text = toml::to_string(&Params::default()).unwrap();
    assert_eq!(toml::from_str::<Params>(&text).unwrap(), Params::default());
    for text in ["memory_mb = 0", "block_mb = 1001", "max_line_mb = 0"] {
        let params: Params = toml::from_str(text).unwrap();
        let message = params.limits().unwrap_err().to_string();
        let key = text.split_once(' ').unwrap().0;
        assert!(
            message.starts_with(&format!("ingest.{key} = ")),
            "{message}"
        );
    }
}
