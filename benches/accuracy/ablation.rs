//! What each rule is worth: recall and precision with it turned off, all others on.

use std::error::Error;
use std::path::{Path, PathBuf};

use alongside::Config;

use super::{Pool, Traffic, encounters, show};

/// A rule, and the configuration in which it says nothing.
const RULES: [(&str, &str); 17] = [
    ("everything on", ""),
    (
        "any distance is alongside",
        "[kind]\nalongside_gap_m = 200.0\nalongside_unknown_m = 500.0",
    ),
    (
        "possible contact is enough: no share of moments",
        "[kind]\nalongside_share = 0.1",
    ),
    (
        "loose partners are alongside too",
        "[kind]\nrigid_m = 500.0",
    ),
    (
        "motion says nothing",
        "[kind]\ntravelled_m = 100000.0\nturned_deg = 360.0",
    ),
    (
        "no berths",
        "[kind]\nberth_move_m = 0.0\nberth_turn_deg = 0.0\nberth_shore_km = 0.0",
    ),
    ("no least duration", "[kind]\ntransfer_min_h = 0.0"),
    ("no bunker tankers", "[kind]\nbunker_tanker_m = 10.0"),
    ("unknown ships of any size", "[kind]\nunknown_ship_m = 0.0"),
    ("contacts are never joined", "[encounter]\nrejoin_h = 0.0"),
    (
        "joined at any drift",
        "[encounter]\nrejoin_max_speed_kn = 30.0",
    ),
    ("no glimpses", "[encounter]\nglimpse_h = 72.0"),
    (
        "any relative speed",
        "[encounter]\nrelative_speed_kn = 10.0",
    ),
    (
        "placed by dead reckoning never",
        "[proximity]\nreckoning_s = 0",
    ),
    (
        "placed across 15 minutes at most",
        "[proximity]\nmax_interpolation_s = 900",
    ),
    (
        "nobody placed across longer silence",
        "[proximity]\nquiet_h = 0.0",
    ),
    ("all pairs followed", "[proximity]\nall_pairs = true"),
];

/// Columns without which the same is detected.
const BLANKED: [(&str, &[&str]); 4] = [
    ("no ship types in the data", &["VesselType", "Cargo"]),
    ("no headings in the data", &["Heading"]),
    ("no dimensions in the data", &["Length", "Width"]),
    ("no status in the data", &["Status"]),
];

/// The file with some of its columns emptied.
fn blanked(file: &Path, columns: &[&str], to: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let out = to.join(file.file_name().ok_or("a file has a name")?);
    let mut reader = csv::Reader::from_path(file)?;
    let header = reader.headers()?.clone();
    let mut writer = csv::Writer::from_path(&out)?;
    writer.write_record(&header)?;
    for record in reader.records() {
        let record = record?;
        let kept = header
            .iter()
            .zip(&record)
            .map(|(name, cell)| if columns.contains(&name) { "" } else { cell });
        writer.write_record(kept)?;
    }
    writer.flush()?;
    Ok(out)
}

fn line(name: &str, pool: &Pool) {
    let e = pool.evaluate();
    let (all, p) = (&e.all_transfers, &e.called.precision);
    println!(
        "| {name} | {} | {} | {} | {} ({} of {}) | {} |",
        show::share(&all.recall),
        all.fragments.map_or("-".to_owned(), |f| format!("{f:.2}")),
        show::share(&all.called),
        show::share(p),
        p.count,
        p.of,
        e.called.encounters
    );
}

/// Prints the table over some seeds.
pub fn run(seeds: &[u64]) -> Result<(), Box<dyn Error>> {
    let traffic: Vec<Traffic> = seeds
        .iter()
        .map(|s| Traffic::of(*s))
        .collect::<Result<_, _>>()?;
    println!(
        "\n| rule off | recall of encounters | fragments | called a transfer | precision of calls | encounters |\n|---|---|---|---|---|---|"
    );
    for (name, toml) in RULES {
        let config = Config::parse(toml, Path::new(name))?;
        let mut pool = Pool::default();
        for t in &traffic {
            pool.add(encounters(&config, t.files.clone())?, &t.truths);
        }
        line(name, &pool);
    }
    for (name, columns) in BLANKED {
        let mut pool = Pool::default();
        for t in &traffic {
            let dir = tempfile::tempdir()?;
            let files = t
                .files
                .iter()
                .map(|f| blanked(f, columns, dir.path()))
                .collect::<Result<_, _>>()?;
            pool.add(encounters(&Config::default(), files)?, &t.truths);
        }
        line(name, &pool);
    }
    Ok(())
}
