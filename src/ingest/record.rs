//! Rules for static records that hold in every format.

use crate::model::StaticRecord;

/// The record with the antenna's distances to bow, stern, port and starboard, in metres.
///
/// Bow and port both zero mean that the place of the antenna isn't known (then stern and starboard
/// may still give the size). Length and beam are their sums where no column gives them.
pub(crate) fn with_offsets(
    mut record: StaticRecord,
    [bow, stern, port, starboard]: [Option<u16>; 4],
) -> StaticRecord {
    let sum_dm = |a: Option<u16>, b: Option<u16>| {
        let sum = u32::from(a.unwrap_or(0)) + u32::from(b.unwrap_or(0));
        u16::try_from(sum * 10).ok().filter(|dm| *dm > 0)
    };
    record.length_dm = record.length_dm.or_else(|| sum_dm(bow, stern));
    record.beam_dm = record.beam_dm.or_else(|| sum_dm(port, starboard));
    if bow.unwrap_or(0) == 0 && port.unwrap_or(0) == 0 {
        return record;
    }
    // A pair without any extent is a pair that wasn't sent.
    if bow.unwrap_or(0) > 0 || stern.unwrap_or(0) > 0 {
        (record.to_bow_m, record.to_stern_m) = (bow, stern);
    }
    if port.unwrap_or(0) > 0 || starboard.unwrap_or(0) > 0 {
        (record.to_port_m, record.to_starboard_m) = (port, starboard);
    }
    record
}
