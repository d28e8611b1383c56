//! Each flag and excuse on rows made for it: it must be told, and move the number the right way, by its weight alone.

mod encounters;
mod others;
mod ships;
mod silences;

use super::*;
use crate::assess::Done;
use crate::assess::places::Places;
use crate::assess::port_calls::Calls;
use crate::model::event::GapEnd;
use crate::model::presence::TrackDay;
use crate::model::{
    Encounter, Fix, Gap, Mmsi, PairKey, PositionReport, Seen, StaticRecord, StaticSpan, Timestamp,
    TrackId, Value, schema,
};

const SHIPS: [u32; 2] = [235_849_000, 538_004_026];

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// Rows and histories, as the assessment has them before the risk.
struct Board {
    facts: Facts,
    tables: Vec<Table>,
    params: super::super::Params,
    /// Zones of the user's, as GeoJSON.
    zones: Option<String>,
}

impl Board {
    fn new() -> Self {
        let mut board = Self {
            facts: Facts {
                span: Some((at("2018-05-01"), at("2018-07-01"))),
                complete_to: at("2018-07-01"),
                ..Facts::default()
            },
            tables: Vec::new(),
            params: super::super::Params::default(),
            zones: None,
        };
        for (i, mmsi) in SHIPS.into_iter().enumerate() {
            let imo = [9_275_658, 9_596_997][i];
            board.says(mmsi, "2018-06-01", |r| r.imo = Some(imo));
        }
        board
    }

    /// Static data of a tanker of 228 m, five times.
    fn says(&mut self, mmsi: u32, day: &str, change: impl Fn(&mut StaticRecord)) {
        let mut record = StaticRecord {
            name: Some(format!("SHIP {mmsi}")),
            ship_type: Some(80),
            length_dm: Some(2280),
            beam_dm: Some(322),
            draught_dm: Some(100),
            ..StaticRecord::default()
        };
        change(&mut record);
        let span = StaticSpan {
            mmsi,
            record,
            seen: Seen::between(at(day), Timestamp(at(day).0 + 3_600_000)),
        };
        self.facts.histories.entry(mmsi).or_default().add(&span);
    }

    /// Five times on each of two days.
    fn calls_herself(&mut self, name: &str, days: [&str; 2]) {
        for day in days {
            self.says(SHIPS[0], day, |r| {
                (r.name, r.imo) = (Some(name.to_owned()), Some(9_275_658));
            });
        }
    }

    fn add(&mut self, schema: &'static crate::model::TableSchema, row: Row) {
        match self
            .tables
            .iter_mut()
            .find(|t| t.schema.name == schema.name)
        {
            Some(table) => {
                let rows = [table.rows().into_owned(), vec![row]].concat();
                *table = Table::new(schema, rows);
            }
            None => self.tables.push(Table::new(schema, vec![row])),
        }
    }

    /// A transfer on 10 June off California, near shore: nothing to be said of it.
    fn transfer(&mut self, change: impl Fn(&mut Row)) {
        let mut row = Row::new(&schema::ENCOUNTERS);
        row.set("event_id", "00000000000000aa")
            .set("kind", "sts_transfer")
            .set("mmsi_1", SHIPS[0])
            .set("mmsi_2", SHIPS[1])
            .set("start", at("2018-06-10T06:00"))
            .set("end", at("2018-06-10T20:00"))
            .set("lat", 33.9)
            .set("lon", -125.0)
            .set("distance_to_shore_km", 20.0)
            .set("distance_to_port_km", 30.0);
        change(&mut row);
        self.add(&schema::ENCOUNTERS, row);
    }

    fn gap(&mut self, change: impl Fn(&mut Row)) {
        let mut row = Row::new(&schema::GAPS);
        row.set("event_id", "00000000000000bb")
            .set("mmsi", SHIPS[0])
            .set("start", at("2018-06-05T00:00"))
            .set("end", at("2018-06-06T06:00"))
            .set("duration_h", 30.0)
            .set("start_lat", 33.0)
            .set("start_lon", -125.0)
            .set("end_lat", 33.0)
            .set("end_lon", -125.0)
            .set("distance_to_shore_km", 200.0)
            .set("explanation", "unexplained");
        change(&mut row);
        self.add(&schema::GAPS, row);
    }

    /// A silence of the first ship among the facts.
    fn falls_silent(&mut self, from: &str, to: &str) {
        let end = |t: &str| GapEnd {
            t: at(t),
            place: LonLat::from_degrees(-125.0, 33.0).unwrap(),
            sog_ckn: None,
        };
        self.facts.gaps.push(Gap {
            track: TrackId {
                mmsi: SHIPS[0],
                start: at("2018-06-01"),
            },
            start: end(from),
            end: Some(end(to)),
            class: None,
            short: false,
            closed: true,
        });
    }

    /// Another ship sends this number too, from that day on.
    fn shares_number(&mut self, mmsi: u32, since: &str) {
        let mut row = Row::new(&schema::IDENTITY);
        row.set("event_id", "00000000000000cc")
            .set("kind", "shared_mmsi")
            .set("mmsi", mmsi)
            .set("start", at(since))
            .set("known", at(since))
            .set("end", at("2018-06-20"));
        self.add(&schema::IDENTITY, row);
    }

    /// Days of the first ship before its silence, at this speed.
    fn days_at(&mut self, sog_ckn: u16) {
        for day in ["2018-06-01", "2018-06-02", "2018-06-03"] {
            let mmsi = Mmsi::new(SHIPS[0]).unwrap();
            let place = LonLat::from_degrees(-125.0, 33.0).unwrap();
            let report = |hour: u32| {
                let report = PositionReport::new(mmsi, hour * 3_600_000, place);
                report.with_sog_kn(Some(f32::from(sog_ckn) / 100.0))
            };
            let fix = |hour| Fix::from_report(&report(hour), at(day));
            self.facts.presence.days.push(TrackDay {
                track: TrackId {
                    mmsi: SHIPS[0],
                    start: at("2018-06-01"),
                },
                day: at(day).day(),
                first: fix(1),
                last: fix(23),
                fixes: 100,
                extent: crate::model::Extent::default(),
            });
        }
    }

    /// The first row of a table, judged.
    fn judged(&self, table: &str) -> (f64, String) {
        let mut tables = self.tables.clone();
        let done = Done::nothing();
        let scope = Scope::everything(&self.facts, &self.params, &done);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("zones.geojson");
        let files = self.zones.as_ref().map(|text| {
            std::fs::write(&file, text).unwrap();
            file
        });
        let files: Vec<_> = files.into_iter().collect();
        let world = World::with_zones(&files).unwrap();
        let places = Places::new(&self.facts, &world, &self.params);
        let calls = Calls::new(&self.facts, &places, &self.params);
        let across = Across::new(&self.facts, &calls, &self.params);
        fill(
            &mut tables,
            &scope,
            &self.facts,
            &world,
            &self.params,
            &across,
        );
        let table = tables.iter().find(|t| t.schema.name == table).unwrap();
        let row = &table.rows()[0];
        let risk = row.number("risk").unwrap();
        (risk, row.text("reasons").unwrap_or("").to_owned())
    }
}

/// A change of the board that must raise the risk of its first encounter by `words`, and by the weight alone.
fn raises(words: &str, weight: fn(&mut Params) -> &mut f64, change: impl Fn(&mut Board)) {
    let mut plain = Board::new();
    plain.transfer(|_| ());
    let (before, _) = plain.judged("encounters");
    let mut board = Board::new();
    change(&mut board);
    if !board.tables.iter().any(|t| t.schema.name == "encounters") {
        board.transfer(|_| ());
    }
    let (after, reasons) = board.judged("encounters");
    assert!(after > before, "{words}: {after} after {before}");
    assert!(reasons.contains(words), "{words}: {reasons}");
    *weight(&mut board.params.risk) *= 0.5;
    let (half, _) = board.judged("encounters");
    assert!(half < after && half > before, "{words}: {half}");
    *weight(&mut board.params.risk) = 0.0;
    let (off, reasons) = board.judged("encounters");
    assert!((off - before).abs() < 1e-12, "{words}: {off}");
    assert!(!reasons.contains(words), "{words}: {reasons}");
}
