//! Weights of the risk: what each flag amounts to alone, and what each excuse takes away.

use serde::{Deserialize, Serialize};

use crate::model::ParamError;
use crate::model::param::within;

/// Weights and limits of the risk. A weight of 0 turns a flag off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Params {
    /// A list designates the ship.
    pub listed: f64,
    /// A list reports something else of the ship.
    pub reported: f64,
    /// Unexplained silence far from shore.
    pub dark_gap: f64,
    /// Draught changed in silence.
    pub draught_in_gap: f64,
    /// A gap that needs more speed than such ships have, or ends in a prohibited area or port approach.
    pub odd_gap_end: f64,
    /// Adrift off shore with no partner seen.
    pub lone_loitering: f64,
    /// A meeting inferred through silence.
    pub dark_rendezvous: f64,
    /// Transfer far from shore, outside lightering zones.
    pub transfer_at_sea: f64,
    /// Transfer in an area where it is prohibited.
    pub prohibited_area: f64,
    /// Further transfers of the same ship within weeks.
    pub repeated_transfer: f64,
    /// Transfer begun at night.
    pub night: f64,
    /// A partner that is no tanker, or of another size.
    pub odd_partner: f64,
    /// No valid IMO number on a hull that must have one.
    pub no_imo: f64,
    /// Name or IMO number changed.
    pub changed_identity: f64,
    /// An MMSI of no state.
    pub no_flag: f64,
    /// A finding in `identity`.
    pub identity_finding: f64,
    /// Destination "for orders".
    pub for_orders: f64,
    /// Draughts that don't change through a transfer.
    pub same_draught: f64,
    /// Excuse: inside a lightering zone.
    pub lightering_zone: f64,
    /// Excuse: inside an anchorage.
    pub anchorage: f64,
    /// Excuse: in port.
    pub in_port: f64,
    /// What few ships heard there take away from the flags of a silence.
    pub poor_reception: f64,
    /// Excuse: the encounter is no transfer.
    pub no_transfer: f64,
    /// From here on a transfer or slow run is far from shore, kilometres.
    pub offshore_km: f64,
    /// From here on silence is far from shore, kilometres.
    pub dark_gap_km: f64,
    /// Least length of such silence, hours.
    pub dark_gap_h: f64,
    /// Least length of a slow run that asks for a partner, hours.
    pub loitering_h: f64,
    /// Speed above which a gap is odd, knots.
    pub gap_speed_kn: f64,
    /// Least length of a hull that must have an IMO number, metres.
    pub imo_length_m: f64,
    /// How long before an event silence of its parties counts, days.
    pub recent_d: i64,
    /// Within this time further transfers count, days.
    pub repeated_d: i64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            listed: 0.8,
            reported: 0.25,
            dark_gap: 0.3,
            draught_in_gap: 0.25,
            odd_gap_end: 0.15,
            lone_loitering: 0.15,
            dark_rendezvous: 0.4,
            transfer_at_sea: 0.15,
            prohibited_area: 0.3,
            repeated_transfer: 0.1,
            night: 0.03,
            odd_partner: 0.12,
            no_imo: 0.15,
            changed_identity: 0.2,
            no_flag: 0.2,
            identity_finding: 0.25,
            for_orders: 0.03,
            same_draught: 0.06,
            lightering_zone: 0.5,
            anchorage: 0.3,
            in_port: 0.4,
            poor_reception: 0.5,
            no_transfer: 0.6,
            offshore_km: 37.0,
            dark_gap_km: 92.6,
            dark_gap_h: 12.0,
            loitering_h: 4.0,
            gap_speed_kn: 20.0,
            imo_length_m: 60.0,
            recent_d: 14,
            repeated_d: 30,
        }
    }
}

impl Params {
    /// Holds every value to its range.
    ///
    /// # Errors
    /// On the first value out of range.
    pub fn validate(&self) -> Result<(), ParamError> {
        let weights = [
            ("listed", self.listed),
            ("reported", self.reported),
            ("dark_gap", self.dark_gap),
            ("draught_in_gap", self.draught_in_gap),
            ("odd_gap_end", self.odd_gap_end),
            ("lone_loitering", self.lone_loitering),
            ("dark_rendezvous", self.dark_rendezvous),
            ("transfer_at_sea", self.transfer_at_sea),
            ("prohibited_area", self.prohibited_area),
            ("repeated_transfer", self.repeated_transfer),
            ("night", self.night),
            ("odd_partner", self.odd_partner),
            ("no_imo", self.no_imo),
            ("changed_identity", self.changed_identity),
            ("no_flag", self.no_flag),
            ("identity_finding", self.identity_finding),
            ("for_orders", self.for_orders),
            ("same_draught", self.same_draught),
            ("lightering_zone", self.lightering_zone),
            ("anchorage", self.anchorage),
            ("in_port", self.in_port),
            ("poor_reception", self.poor_reception),
            ("no_transfer", self.no_transfer),
        ];
        for (key, weight) in weights {
            within(key, weight, 0.0..=1.0)?;
        }
        within("offshore_km", self.offshore_km, 0.0..=1000.0)?;
        within("dark_gap_km", self.dark_gap_km, 0.0..=1000.0)?;
        within("dark_gap_h", self.dark_gap_h, 0.0..=240.0)?;
        within("loitering_h", self.loitering_h, 0.0..=240.0)?;
        within("gap_speed_kn", self.gap_speed_kn, 1.0..=100.0)?;
        within("imo_length_m", self.imo_length_m, 0.0..=400.0)?;
        within("recent_d", self.recent_d, 0..=90)?;
        within("repeated_d", self.repeated_d, 0..=90)
    }
}
