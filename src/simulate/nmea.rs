//! NMEA 0183: rows as AIVDM sentences with a tag block that tells the time.
//!
//! Class A: message 1 (3 while turning isn't told apart), every 6 minutes message 5 in two parts; class B:
//! message 18, and 24 A and B. Layouts: ITU-R M.1371-5, annex 8. Times are in whole seconds.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::observe::Row;
use super::ship::Ship;
use super::write::draught;
use crate::model::AisClass;

/// Milliseconds between static messages.
const STATIC_MS: i64 = 360_000;

/// Bits of a message, most significant first.
#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn number(&mut self, value: i64, width: u32) -> &mut Self {
        self.0.extend((0..width).rev().map(|i| value >> i & 1 == 1));
        self
    }

    /// Six-bit text, padded with `@`.
    fn text(&mut self, text: &str, characters: usize) -> &mut Self {
        let mut bytes = text.bytes().map(|b| match b {
            b'@'..=b'_' => b - b'@',
            b' '..=b'?' => b,
            _ => b'?',
        });
        for _ in 0..characters {
            self.number(i64::from(bytes.next().unwrap_or(0)), 6);
        }
        self
    }

    /// The payload's characters, and how many bits were added to fill the last one.
    fn armoured(&self) -> (String, usize) {
        let character = |six: &[bool]| {
            let v = (0..6).fold(0u8, |v, i| v << 1 | u8::from(six.get(i) == Some(&true)));
            char::from(if v < 40 { v + 48 } else { v + 56 })
        };
        (
            self.0.chunks(6).map(character).collect(),
            (6 - self.0.len() % 6) % 6,
        )
    }
}

/// Writes sentences; knows when each ship's static data were sent last.
#[derive(Default)]
pub(super) struct Nmea {
    said: BTreeMap<(u32, u32), i64>,
    sequence: u8,
}

/// Exclusive or of all bytes.
fn checksum(text: &str) -> u8 {
    text.bytes().fold(0, |sum, b| sum ^ b)
}

impl Nmea {
    pub(super) fn row(
        &mut self,
        out: &mut impl Write,
        row: &Row,
        ship: &Ship,
        t: f64,
    ) -> io::Result<()> {
        let channel = if row.ms / 1000 % 2 == 0 { 'A' } else { 'B' };
        let mut send = |bits: &Bits, sequence: u8| {
            sentences(out, row.ms.div_euclid(1000), channel, bits, sequence)
        };
        match ship.class {
            AisClass::A => send(&position_a(row, ship), 0)?,
            AisClass::B => send(&position_b(row, ship), 0)?,
        }
        let key = (row.scene, row.ship);
        let due = self.said.get(&key).is_none_or(|t| row.ms - t >= STATIC_MS);
        if !row.known || !due {
            return Ok(());
        }
        self.said.insert(key, row.ms);
        match ship.class {
            AisClass::A => {
                self.sequence = (self.sequence + 1) % 10;
                send(&static_a(ship, t), self.sequence)
            }
            AisClass::B => {
                send(&name_b(ship), 0)?;
                send(&static_b(ship), 0)
            }
        }
    }
}

/// The sentences of one message: payloads of up to 60 characters.
fn sentences(
    out: &mut impl Write,
    epoch_s: i64,
    channel: char,
    bits: &Bits,
    sequence: u8,
) -> io::Result<()> {
    let (payload, fill) = bits.armoured();
    let parts: Vec<&str> = (0..payload.len().div_ceil(60))
        .map(|i| &payload[i * 60..payload.len().min((i + 1) * 60)])
        .collect();
    for (i, part) in parts.iter().enumerate() {
        let last = i + 1 == parts.len();
        let id = if parts.len() > 1 {
            sequence.to_string()
        } else {
            String::new()
        };
        let body = format!(
            "AIVDM,{},{},{id},{channel},{part},{}",
            parts.len(),
            i + 1,
            if last { fill } else { 0 }
        );
        let tag = format!("c:{epoch_s}");
        writeln!(
            out,
            "\\{tag}*{:02X}\\!{body}*{:02X}",
            checksum(&tag),
            checksum(&body)
        )?;
    }
    Ok(())
}

/// Degrees in 1/10,000 minute; what a flipped bit made impossible stays impossible.
fn minutes(deg: f64) -> i64 {
    (deg * 600_000.0).round() as i64
}

fn tenths(value: f64, most: i64) -> i64 {
    ((value * 10.0).round() as i64).min(most)
}

fn place_and_motion(bits: &mut Bits, row: &Row) {
    let second = row.ms.div_euclid(1000).rem_euclid(60);
    let heading = row
        .heading_deg
        .map_or(511, |h| h.round().rem_euclid(360.0) as i64);
    bits.number(tenths(row.sog_kn, 1022), 10)
        .number(0, 1)
        .number(minutes(row.lon), 28)
        .number(minutes(row.lat), 27)
        .number(tenths(row.cog_deg, 3600) % 3600, 12)
        .number(heading, 9)
        .number(second, 6);
}

fn position_a(row: &Row, ship: &Ship) -> Bits {
    let mut bits = Bits::default();
    bits.number(1, 6)
        .number(0, 2)
        .number(i64::from(ship.mmsi), 30)
        .number(i64::from(row.status), 4)
        // Rate of turn not available.
        .number(-128, 8);
    place_and_motion(&mut bits, row);
    // Manoeuvre, spare, RAIM, radio status.
    bits.number(0, 2 + 3 + 1 + 19);
    bits
}

fn position_b(row: &Row, ship: &Ship) -> Bits {
    let mut bits = Bits::default();
    bits.number(18, 6)
        .number(0, 2)
        .number(i64::from(ship.mmsi), 30)
        .number(0, 8);
    place_and_motion(&mut bits, row);
    // Spare; carrier sense unit; flags; mode; RAIM; radio status.
    bits.number(0, 2).number(1, 1).number(0, 6 + 20);
    bits
}

fn size(bits: &mut Bits, ship: &Ship) {
    let s = &ship.said;
    bits.number((s.a as i64).min(511), 9)
        .number((s.b as i64).min(511), 9)
        .number((s.c as i64).min(63), 6)
        .number((s.d as i64).min(63), 6);
}

fn static_a(ship: &Ship, t: f64) -> Bits {
    let mut bits = Bits::default();
    bits.number(5, 6)
        .number(0, 2)
        .number(i64::from(ship.mmsi), 30)
        .number(0, 2)
        .number(i64::from(ship.imo.unwrap_or(0)), 30)
        .text(&ship.callsign, 7)
        .text(&ship.name, 20)
        .number(i64::from(ship.said_type.unwrap_or(0)), 8);
    size(&mut bits, ship);
    // GPS; no time of arrival.
    bits.number(1, 4)
        .number(0, 4)
        .number(0, 5)
        .number(24, 5)
        .number(60, 6)
        .number(draught(ship, t).map_or(0, |d| tenths(d, 255)), 8)
        .text(ship.destination, 20)
        .number(0, 2);
    bits
}

fn name_b(ship: &Ship) -> Bits {
    let mut bits = Bits::default();
    bits.number(24, 6)
        .number(0, 2)
        .number(i64::from(ship.mmsi), 30)
        .number(0, 2)
        .text(&ship.name, 20);
    bits
}

fn static_b(ship: &Ship) -> Bits {
    let mut bits = Bits::default();
    bits.number(24, 6)
        .number(0, 2)
        .number(i64::from(ship.mmsi), 30)
        .number(1, 2)
        .number(i64::from(ship.said_type.unwrap_or(0)), 8)
        .text("SIM", 7)
        .text(&ship.callsign, 7);
    size(&mut bits, ship);
    bits.number(0, 6);
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_payload() {
        // `177KQJ5000G?tO`K>RA1wUbN0TKH`: MMSI 477553000, moored, rate of turn 0, 0.0 kn, course 51.0,
        // heading 181, second 15, at 47.582833 N 122.345833 W (the example of the AIVDM page of gpsd).
        let mut bits = Bits::default();
        bits.number(1, 6)
            .number(0, 2)
            .number(477_553_000, 30)
            .number(5, 4)
            .number(0, 8);
        let row = Row {
            ms: 15_000,
            scene: 0,
            ship: 0,
            lon: -122.345_832_8,
            lat: 47.582_833_3,
            sog_kn: 0.0,
            cog_deg: 51.0,
            heading_deg: Some(181.0),
            status: 5,
            known: true,
        };
        place_and_motion(&mut bits, &row);
        bits.number(0, 25);
        let (payload, fill) = bits.armoured();
        assert_eq!((payload.len(), fill), (28, 0));
        assert_eq!(payload[..23], "177KQJ5000G?tO`K>RA1wUbN0TKH"[..23]);
    }

    #[test]
    fn checksums_and_text() {
        let body = "AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0";
        assert_eq!(checksum(body), 0x5C);
        let mut bits = Bits::default();
        bits.text("A 1", 4);
        assert_eq!(bits.armoured().0, "1Pi0");
    }
}
