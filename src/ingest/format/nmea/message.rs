//! Messages by type (ITU-R M.1371-5, annex 8): who, where, what it is.

use super::payload::Payload;
use crate::ingest::record::with_offsets;
use crate::ingest::sink::{Reading, RowSink};
use crate::model::{
    AisClass, Mmsi, NavStatus, PositionReport, RejectReason, ShipType, StaticRecord, StationKind,
    Timestamp,
};

/// Where the fields of a position stand, in bits; all follow one another in the same order.
struct Layout {
    status: Option<usize>,
    sog: usize,
    lon: usize,
    lat: usize,
    cog: usize,
    heading: usize,
    class: AisClass,
}

/// Types 1, 2 and 3.
const CLASS_A: Layout = Layout {
    status: Some(38),
    sog: 50,
    lon: 61,
    lat: 89,
    cog: 116,
    heading: 128,
    class: AisClass::A,
};

/// Types 18 and 19.
const CLASS_B: Layout = Layout {
    status: None,
    sog: 46,
    lon: 57,
    lat: 85,
    cog: 112,
    heading: 124,
    class: AisClass::B,
};

/// Reads a message into the sink, or says why not.
pub(super) fn read(
    payload: &Payload,
    time_ms: Option<i64>,
    sink: &mut RowSink<'_>,
) -> Result<(), RejectReason> {
    if payload.bits() < 38 {
        return Err(RejectReason::Malformed);
    }
    let kind = payload.number(0, 6);
    check_length(kind, payload.bits())?;
    match kind {
        1..=3 | 5 | 18 | 19 | 24 | 27 => {}
        4 | 9 | 21 => return Err(RejectReason::NotAVessel),
        _ => return Err(RejectReason::OtherMessage),
    }
    let mmsi = sink.vessel(Some(payload.number(8, 30)))?;
    let t = sink.time(time_ms)?;
    match kind {
        1..=3 => position(payload, &CLASS_A, mmsi, t, sink)?,
        18 => position(payload, &CLASS_B, mmsi, t, sink)?,
        19 => extended(payload, mmsi, t, sink)?,
        27 => long_range(payload, mmsi, t, sink)?,
        5 => statics(payload, mmsi, t, sink, voyage)?,
        _ => match payload.number(38, 2) {
            0 => statics(payload, mmsi, t, sink, |p| StaticRecord {
                name: p.text(40, 20),
                ..StaticRecord::default()
            })?,
            1 => statics(payload, mmsi, t, sink, |p| part_b(p, mmsi))?,
            _ => return Err(RejectReason::Malformed),
        },
    }
    sink.accept(t);
    Ok(())
}

/// Five slots, filled up to a whole character: no transmitter sends more at once.
const LONGEST_BITS: usize = 1_069;

/// Refuses a message that lacks fields of its type. Senders and receivers cut the last character by a few bits; beyond
/// that something is missing. What stands behind the last field says nothing and does no harm: some receivers append the noise
/// after the end of a transmission, and its checksum holds for the fields before it as well.
fn check_length(kind: u32, bits: usize) -> Result<(), RejectReason> {
    let shortest = match kind {
        1..=4 | 9 | 18 => 163,
        5 => 420,
        19 => 307,
        21 => 270,
        // Part A; part B has 168.
        24 => 160,
        27 => 96,
        _ => 0,
    };
    if (shortest..=LONGEST_BITS).contains(&bits) {
        Ok(())
    } else {
        Err(RejectReason::Malformed)
    }
}

/// Units of 1e-7 degree for a coordinate in `per_degree` units, rounded.
fn e7(raw: i32, per_degree: i64) -> i64 {
    let scaled = i64::from(raw) * 10_000_000;
    (scaled + per_degree / 2).div_euclid(per_degree)
}

/// 1/10,000 minute.
const FINE: i64 = 600_000;

/// 1/10 minute: about 185 m of latitude.
const COARSE: i64 = 600;

fn position(
    p: &Payload,
    layout: &Layout,
    mmsi: Mmsi,
    t: Timestamp,
    sink: &mut RowSink<'_>,
) -> Result<(), RejectReason> {
    if !place(p, layout, mmsi, t, sink)? {
        return Err(RejectReason::NoPosition);
    }
    Ok(())
}

/// Takes the position if there is one, and says whether there is.
fn place(
    p: &Payload,
    layout: &Layout,
    mmsi: Mmsi,
    t: Timestamp,
    sink: &mut RowSink<'_>,
) -> Result<bool, RejectReason> {
    let reading = Reading::from_e7(
        e7(p.signed(layout.lon, 28), FINE),
        e7(p.signed(layout.lat, 27), FINE),
    );
    let Some(place) = sink.place(t, reading)? else {
        return Ok(false);
    };
    let status = layout
        .status
        .and_then(|at| NavStatus::new(p.number(at, 4) as u8));
    // Sentinels (102.3 kn, 360 degrees, 511 degrees) are out of the ranges that the report takes.
    let report = PositionReport::new(mmsi, 0, place)
        .with_sog_kn(Some(p.number(layout.sog, 10) as f32 / 10.0))
        .with_cog_deg(Some(p.number(layout.cog, 12) as f32 / 10.0))
        .with_heading_deg(Some(p.number(layout.heading, 9) as f32))
        .with_nav_status(status)
        .with_class(Some(layout.class));
    sink.position(t, report);
    Ok(true)
}

/// Type 19: a position, and what the vessel is.
fn extended(
    p: &Payload,
    mmsi: Mmsi,
    t: Timestamp,
    sink: &mut RowSink<'_>,
) -> Result<(), RejectReason> {
    let placed = place(p, &CLASS_B, mmsi, t, sink)?;
    let record = with_offsets(
        StaticRecord {
            name: p.text(143, 20),
            ship_type: ship_type(p, 263),
            ..StaticRecord::default()
        },
        offsets(p, 271),
    );
    if record.is_empty() {
        return if placed {
            Ok(())
        } else {
            Err(RejectReason::NoPosition)
        };
    }
    sink.statics.add(mmsi.number(), t, record);
    Ok(())
}

/// Type 27: whole knots and degrees; "not available" is 63 knots and 511 degrees.
fn long_range(
    p: &Payload,
    mmsi: Mmsi,
    t: Timestamp,
    sink: &mut RowSink<'_>,
) -> Result<(), RejectReason> {
    let reading = Reading::from_e7(e7(p.signed(44, 18), COARSE), e7(p.signed(62, 17), COARSE));
    let place = sink.place(t, reading)?.ok_or(RejectReason::NoPosition)?;
    let sog = p.number(79, 6);
    let report = PositionReport::new(mmsi, 0, place)
        .with_sog_kn((sog != 63).then_some(sog as f32))
        .with_cog_deg(Some(p.number(85, 9) as f32))
        .with_nav_status(NavStatus::new(p.number(40, 4) as u8))
        .long_range();
    sink.position(t, report);
    Ok(())
}

/// Takes static fields; `parse` is called if they are new.
fn statics(
    p: &Payload,
    mmsi: Mmsi,
    t: Timestamp,
    sink: &mut RowSink<'_>,
    parse: impl FnOnce(&Payload) -> StaticRecord,
) -> Result<(), RejectReason> {
    sink.place(t, Reading::Missing)?;
    // The message type is in the bytes, so that those of one type aren't taken for another's.
    let raw = std::iter::once(p.bytes());
    if sink
        .statics
        .count((mmsi.number(), t, None), raw, || parse(p))
    {
        Ok(())
    } else {
        Err(RejectReason::NoPosition)
    }
}

/// Type 5.
fn voyage(p: &Payload) -> StaticRecord {
    let record = StaticRecord {
        imo: Some(p.number(40, 30)).filter(|n| *n > 0),
        callsign: p.text(70, 7),
        name: p.text(112, 20),
        ship_type: ship_type(p, 232),
        draught_dm: Some(p.number(294, 8) as u16).filter(|dm| *dm > 0),
        destination: p.text(302, 20),
        ..StaticRecord::default()
    };
    with_offsets(record, offsets(p, 240))
}

/// Type 24, part B. In place of its dimensions a craft of a ship sends the MMSI of that ship.
fn part_b(p: &Payload, mmsi: Mmsi) -> StaticRecord {
    let record = StaticRecord {
        ship_type: ship_type(p, 40),
        callsign: p.text(90, 7),
        ..StaticRecord::default()
    };
    if mmsi.kind() == StationKind::AuxiliaryCraft {
        return record;
    }
    with_offsets(record, offsets(p, 132))
}

fn ship_type(p: &Payload, at: usize) -> Option<u8> {
    ShipType::new(p.number(at, 8) as u8).map(ShipType::code)
}

/// To bow, stern, port and starboard, metres.
fn offsets(p: &Payload, at: usize) -> [Option<u16>; 4] {
    [(0, 9), (9, 9), (18, 6), (24, 6)].map(|(from, bits)| Some(p.number(at + from, bits) as u16))
}
