//! Scenes: traffic in prose and legs, with the events that a person expects of it (`tests/scenarios/*.toml`).
//!
//! A scene knows nothing of the engine: ships, their ways, their silence, and ranges in which each event must
//! lie. Encounters and gaps are always compared whole, so a scene without any expects none; loitering and
//! vessels only where a scene speaks of them. A scene with `expected-failure` must fail.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use alongside::assess;
use alongside::geodesy::Plane;
use alongside::model::{AisClass, LonLat, Row, StaticRecord, Table, Value};
use alongside::pipeline::EngineParams;
use alongside::proximity::{BruteForce, GridSearch, PairSearch};
use alongside::stage::Waters;
use alongside::{encounter, proximity, track};
use serde::{Deserialize, Deserializer};

use crate::traffic::{DAY_0, Position, Rig, Statics, Traffic};

const HOUR_MS: f64 = 3_600_000.0;
const KN: f64 = 1852.0 / 3600.0;

/// Hours after the scene begins, written as `7.5` or as `"07:30:00"`.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Hours(f64);

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Number(f64),
            Clock(String),
        }
        match Form::deserialize(deserializer)? {
            Form::Number(h) => Ok(Self(h)),
            Form::Clock(text) => {
                let parts: Result<Vec<f64>, _> = text.split(':').map(str::parse).collect();
                let parts = parts.map_err(serde::de::Error::custom)?;
                let sixtieths = parts.iter().rev().fold(0.0, |sum, part| sum / 60.0 + part);
                Ok(Self(sixtieths))
            }
        }
    }
}

impl Hours {
    fn ms(self) -> i64 {
        (self.0 * HOUR_MS).round() as i64
    }
}

type Range = [Hours; 2];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scene {
    story: String,
    #[serde(rename = "expected-failure")]
    expected_failure: Option<String>,
    /// The rows are complete to here.
    complete_to: Hours,
    /// Whether all of the sea is offshore; unknown if not said.
    offshore: Option<bool>,
    #[serde(default)]
    config: ConfigPart,
    vessel: Vec<Vessel>,
    #[serde(default)]
    expect: Expect,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ConfigPart {
    track: track::Params,
    proximity: proximity::Params,
    encounter: encounter::Params,
}

/// A ship: where it goes (`at` and `legs`, or `beside` and `places`), or its `fixes` one by one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vessel {
    name: String,
    mmsi: u32,
    #[serde(default)]
    class_b: bool,
    /// Sent at the times of `statics_at`; by default once, at the first report.
    ship_type: Option<u8>,
    length_m: Option<f64>,
    statics_at: Option<Vec<Hours>>,
    nav_status: Option<u8>,
    /// Constant heading; otherwise the course.
    heading: Option<f64>,
    /// From when to when it reports, every so many seconds.
    #[serde(default = "from_the_start")]
    from: Hours,
    to: Option<Hours>,
    #[serde(default = "two_minutes")]
    interval_s: f64,
    /// No report strictly inside.
    #[serde(default)]
    silent: Vec<Range>,
    at: Option<[f64; 2]>,
    #[serde(default)]
    legs: Vec<Leg>,
    beside: Option<String>,
    #[serde(default)]
    places: Vec<Beside>,
    /// Reports besides those of the way: time, longitude, latitude.
    #[serde(default)]
    fixes: Vec<(Hours, f64, f64)>,
}

fn from_the_start() -> Hours {
    Hours(0.0)
}

fn two_minutes() -> f64 {
    120.0
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Leg {
    hours: f64,
    kn: f64,
    course: f64,
}

/// Where a ship lies from another; in between it moves evenly.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Beside {
    t: Hours,
    #[serde(default)]
    east_m: f64,
    #[serde(default)]
    north_m: f64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Expect {
    encounter: Vec<ExpectedEncounter>,
    gap: Vec<ExpectedGap>,
    loitering: Option<Vec<ExpectedLoitering>>,
    vessel: Vec<ExpectedVessel>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedEncounter {
    ships: [String; 2],
    start: Range,
    end: Range,
    start_not_before: Option<Range>,
    end_not_after: Option<Range>,
    observed_h: Option<[f64; 2]>,
    through_gap: bool,
    antenna_distance_m: Option<[f64; 2]>,
    kind: Option<String>,
    has_volume: Option<bool>,
    /// Encounters of one label share a cluster; without a label there is none.
    cluster: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedGap {
    ship: String,
    start: Range,
    /// None for an open gap.
    end: Option<Range>,
    duration_h: [f64; 2],
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedLoitering {
    ship: String,
    start: Range,
    end: Range,
    state: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedVessel {
    ship: String,
    tracks: i64,
    outliers: i64,
}

struct Everywhere(Option<bool>);

impl Waters for Everywhere {
    fn offshore(&self, _: LonLat) -> Option<bool> {
        self.0
    }
}

impl Scene {
    fn vessel(&self, name: &str) -> &Vessel {
        let found = self.vessel.iter().find(|v| v.name == name);
        found.unwrap_or_else(|| panic!("no vessel is called {name}"))
    }

    fn place(&self, vessel: &Vessel, h: f64) -> LonLat {
        if let Some(other) = &vessel.beside {
            let origin = self.place(self.vessel(other), h);
            return Plane::at(origin).to_place(beside_m(&vessel.places, h));
        }
        let [lon, lat] = vessel.at.expect("a vessel is at a place or beside another");
        let mut place = LonLat::from_degrees_wrapped(lon, lat);
        let mut left = h - vessel.from.0;
        for leg in &vessel.legs {
            // In short steps, so that a long leg keeps its course.
            let mut hours = left.clamp(0.0, leg.hours);
            left -= hours;
            while hours > 0.0 {
                let step = hours.min(1.0);
                let way = step * 3600.0 * leg.kn * KN;
                let (sin, cos) = leg.course.to_radians().sin_cos();
                place = Plane::at(place).to_place([way * sin, way * cos]);
                hours -= step;
            }
        }
        place
    }

    fn traffic(&self) -> Traffic {
        let mut traffic = Traffic {
            complete_to: DAY_0 + self.complete_to.ms(),
            ..Traffic::default()
        };
        for vessel in &self.vessel {
            let statics = StaticRecord {
                ship_type: vessel.ship_type,
                length_dm: vessel.length_m.map(|m| (m * 10.0) as u16),
                ..StaticRecord::default()
            };
            let at = vessel.statics_at.clone().unwrap_or(vec![vessel.from]);
            if !statics.is_empty() {
                traffic.statics.extend(at.iter().map(|t| Statics {
                    mmsi: vessel.mmsi,
                    t: DAY_0 + t.ms(),
                    record: statics.clone(),
                }));
            }
            for (t, lon, lat) in &vessel.fixes {
                let place = LonLat::from_degrees(*lon, *lat).expect("a fix is on the globe");
                traffic
                    .positions
                    .push(self.row(vessel, t.ms(), place, None));
            }
            if vessel.at.is_some() || vessel.beside.is_some() {
                self.sail(vessel, &mut traffic);
            }
        }
        traffic
    }

    fn sail(&self, vessel: &Vessel, traffic: &mut Traffic) {
        let to = vessel.to.unwrap_or(self.complete_to).ms();
        let mut t = vessel.from.ms();
        while t < to {
            let is_silent = vessel.silent.iter().any(|[a, b]| a.ms() < t && t < b.ms());
            if !is_silent {
                let h = t as f64 / HOUR_MS;
                let place = self.place(vessel, h);
                let next = self.place(vessel, h + 5.0 / 3600.0);
                let way = Plane::at(place).to_m(next);
                traffic
                    .positions
                    .push(self.row(vessel, t, place, Some(way)));
            }
            t += (vessel.interval_s * 1000.0) as i64;
        }
    }

    /// A report, `way` metres before the place in five seconds.
    fn row(&self, vessel: &Vessel, t: i64, place: LonLat, way: Option<[f64; 2]>) -> Position {
        let sog = way.map(|[e, n]| e.hypot(n) / 5.0 / KN);
        let cog = way.map(|[e, n]| e.atan2(n).to_degrees().rem_euclid(360.0) % 359.995);
        let cog = cog.filter(|_| sog.is_some_and(|kn| kn > 0.1));
        Position {
            mmsi: vessel.mmsi,
            t: DAY_0 + t,
            place,
            sog_kn: sog.map(|kn| ((kn * 10.0).round() / 10.0) as f32),
            cog_deg: cog.map(|deg| deg as f32),
            heading_deg: vessel.heading.or(cog).map(|deg| deg as f32),
            nav_status: vessel.nav_status,
            class: Some(if vessel.class_b {
                AisClass::B
            } else {
                AisClass::A
            }),
        }
    }

    fn play(&self, search: Arc<dyn PairSearch + Send>) -> Result<(), String> {
        let rig = Rig {
            params: EngineParams {
                track: self.config.track.clone(),
                proximity: self.config.proximity.clone(),
                encounter: self.config.encounter.clone(),
                ..EngineParams::default()
            },
            assess: assess::Params::default(),
            waters: Arc::new(Everywhere(self.offshore)),
            search,
        };
        let engine = rig.run(self.traffic().days());
        let tables = rig.tables(&engine);
        self.encounters(&rows_of(&tables, "encounters").iter().collect::<Vec<_>>())?;
        self.gaps(&rows_of(&tables, "gaps").iter().collect::<Vec<_>>())?;
        self.loitering(&rows_of(&tables, "loitering").iter().collect::<Vec<_>>())?;
        self.vessels(&rows_of(&tables, "vessels").iter().collect::<Vec<_>>())
    }

    fn encounters(&self, rows: &[&Row]) -> Result<(), String> {
        let expected = &self.expect.encounter;
        let mut clusters: BTreeMap<&str, &Value> = BTreeMap::new();
        same_number("encounters", expected.len(), rows)?;
        let mut free: Vec<&Row> = rows.to_vec();
        for e in expected {
            let mut ships = [0, 1].map(|i| self.vessel(&e.ships[i]).mmsi);
            ships.sort_unstable();
            let row = take(&mut free, e.start, |row| {
                int(row, "mmsi_1") == i64::from(ships[0])
                    && int(row, "mmsi_2") == i64::from(ships[1])
            })?;
            holds_time(row, "start", Some(e.start))?;
            holds_time(row, "end", Some(e.end))?;
            if e.start_not_before.is_some() {
                holds_time(row, "start_not_before", e.start_not_before)?;
            }
            if e.end_not_after.is_some() {
                holds_time(row, "end_not_after", e.end_not_after)?;
            }
            holds(row, "observed_h", e.observed_h)?;
            holds(row, "antenna_distance_m", e.antenna_distance_m)?;
            if *row.get("through_gap") != Value::Bool(e.through_gap) {
                return Err(format!("through_gap is {:?}", row.get("through_gap")));
            }
            if let Some(kind) = &e.kind
                && *row.get("kind") != Value::Text(kind.clone())
            {
                return Err(format!("{:?} are {:?}", e.ships, row.get("kind")));
            }
            let has_volume = *row.get("volume_bbl") != Value::Null;
            if e.has_volume.is_some_and(|wanted| wanted != has_volume) {
                return Err(format!("{:?}: volume {has_volume}", e.ships));
            }
            let id = row.get("cluster_id");
            match &e.cluster {
                None if *id != Value::Null => return Err(format!("is in cluster {id:?}")),
                Some(_) if *id == Value::Null => return Err("is in no cluster".into()),
                Some(label) if *clusters.entry(label).or_insert(id) != id => {
                    return Err(format!("cluster {label} has several ids"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn gaps(&self, rows: &[&Row]) -> Result<(), String> {
        same_number("gaps", self.expect.gap.len(), rows)?;
        let mut free: Vec<&Row> = rows.to_vec();
        for g in &self.expect.gap {
            let mmsi = i64::from(self.vessel(&g.ship).mmsi);
            let row = take(&mut free, g.start, |row| int(row, "mmsi") == mmsi)?;
            holds_time(row, "start", Some(g.start))?;
            holds_time(row, "end", g.end)?;
            holds(row, "duration_h", Some(g.duration_h))?;
        }
        Ok(())
    }

    fn loitering(&self, rows: &[&Row]) -> Result<(), String> {
        let Some(expected) = &self.expect.loitering else {
            return Ok(());
        };
        same_number("slow runs", expected.len(), rows)?;
        let mut free: Vec<&Row> = rows.to_vec();
        for l in expected {
            let mmsi = i64::from(self.vessel(&l.ship).mmsi);
            let row = take(&mut free, l.start, |row| int(row, "mmsi") == mmsi)?;
            holds_time(row, "start", Some(l.start))?;
            holds_time(row, "end", Some(l.end))?;
            let state = l.state.clone().map_or(Value::Null, Value::Text);
            if *row.get("state") != state {
                return Err(format!("state is {:?}", row.get("state")));
            }
        }
        Ok(())
    }

    fn vessels(&self, rows: &[&Row]) -> Result<(), String> {
        for v in &self.expect.vessel {
            let mmsi = i64::from(self.vessel(&v.ship).mmsi);
            let row = rows.iter().find(|row| int(row, "mmsi") == mmsi);
            let row = row.ok_or(format!("no vessel {mmsi}"))?;
            let found = (int(row, "tracks"), int(row, "outliers"));
            if found != (v.tracks, v.outliers) {
                return Err(format!("{} has tracks and outliers {found:?}", v.ship));
            }
        }
        Ok(())
    }
}

fn beside_m(places: &[Beside], h: f64) -> [f64; 2] {
    let after = places.partition_point(|p| p.t.0 <= h);
    let offset = |p: &Beside| [p.east_m, p.north_m];
    match (after.checked_sub(1).map(|i| &places[i]), places.get(after)) {
        (Some(a), Some(b)) => {
            let u = (h - a.t.0) / (b.t.0 - a.t.0);
            let (a, b) = (offset(a), offset(b));
            [a[0] + (b[0] - a[0]) * u, a[1] + (b[1] - a[1]) * u]
        }
        (Some(p), None) | (None, Some(p)) => offset(p),
        (None, None) => panic!("a vessel beside another has places"),
    }
}

fn rows_of(tables: &[Table], name: &str) -> Vec<Row> {
    let table = tables.iter().find(|t| t.schema.name == name);
    table
        .expect("the assessment writes this table")
        .rows()
        .into_owned()
}

/// Takes the row of these ships whose start is nearest to the expected one.
fn take<'a>(
    free: &mut Vec<&'a Row>,
    start: Range,
    ships: impl Fn(&Row) -> bool,
) -> Result<&'a Row, String> {
    let middle = DAY_0 + (start[0].ms() + start[1].ms()) / 2;
    let off = |row: &Row| time(row, "start").map_or(i64::MAX, |t| (t - middle).abs());
    let best = (0..free.len())
        .filter(|i| ships(free[*i]))
        .min_by_key(|i| off(free[*i]));
    best.map(|i| free.remove(i))
        .ok_or("no row of these ships".into())
}

fn int(row: &Row, column: &str) -> i64 {
    match row.get(column) {
        Value::Int(n) => *n,
        other => panic!("{column} is {other:?}"),
    }
}

fn time(row: &Row, column: &str) -> Option<i64> {
    match row.get(column) {
        Value::Time(t) => Some(t.0),
        _ => None,
    }
}

fn shown(row: &Row) -> String {
    let of = |column: &str| time(row, column).map(|t| (t - DAY_0) as f64 / HOUR_MS);
    format!("row from {:?} to {:?}", of("start"), of("end"))
}

fn same_number(what: &str, expected: usize, rows: &[&Row]) -> Result<(), String> {
    if rows.len() == expected {
        return Ok(());
    }
    let rows: Vec<String> = rows.iter().map(|row| shown(row)).collect();
    Err(format!("{expected} {what} expected, not {rows:?}"))
}

/// A time inside a range; null where no range is given.
fn holds_time(row: &Row, column: &str, range: Option<Range>) -> Result<(), String> {
    let found = time(row, column).map(|t| (t - DAY_0) as f64 / HOUR_MS);
    let fits = match (found, range) {
        (Some(h), Some([a, b])) => (a.0..=b.0).contains(&h),
        (None, None) => true,
        _ => false,
    };
    if fits {
        return Ok(());
    }
    Err(format!(
        "{column} is {found:?}, not in {range:?} ({})",
        shown(row)
    ))
}

fn holds(row: &Row, column: &str, range: Option<[f64; 2]>) -> Result<(), String> {
    let Some([a, b]) = range else { return Ok(()) };
    match row.get(column) {
        Value::Decimal(v) if (a..=b).contains(v) => Ok(()),
        other => Err(format!(
            "{column} is {other:?}, not in {a} to {b} ({})",
            shown(row)
        )),
    }
}

#[test]
fn every_scene_plays_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("the scenes are there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no scene in {}", folder.display());
    let mut faults = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a scene can be read");
        let name = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let scene: Scene = toml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(!scene.story.trim().is_empty(), "{name} tells no story");
        let searches: [(&str, Arc<dyn PairSearch + Send>); 2] = [
            ("grid", Arc::new(GridSearch)),
            ("brute force", Arc::new(BruteForce)),
        ];
        for (with, search) in searches {
            match (scene.play(search), &scene.expected_failure) {
                (Ok(()), None) | (Err(_), Some(_)) => {}
                (Err(fault), None) => faults.push(format!("{name} ({with}): {fault}")),
                (Ok(()), Some(why)) => {
                    faults.push(format!(
                        "{name} ({with}) passes, though expected to fail: {why}"
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
