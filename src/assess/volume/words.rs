//! The working of a volume in words.

use super::deal::{Basis, Deal, contrary};
use super::density::combine;
use super::{Carrier, Estimate};
use crate::registry::Band;

impl Deal {
    /// What an estimate rests on. `smaller` is the ship that bounds it, `capacity` what both can hold, `held` what either can,
    /// `telling` the ships whose changes say how much, and `strained` the one whose change may be of more than this transfer.
    pub(super) fn words(
        &self,
        e: &Estimate,
        smaller: usize,
        capacity: Band,
        held: [Option<Band>; 2],
        (telling, strained): (&[usize], Option<usize>),
    ) -> String {
        let mut words = Vec::new();
        for i in [0, 1] {
            let ship = &self.carriers[i];
            let (Some(change), Some(form)) = (self.changes[i], ship.form) else {
                continue;
            };
            let (light, heavy) = change.light_heavy_m();
            // What a ship takes for herself bounds no draught, which comes of all that she took.
            let hold = held[i].filter(|_| !self.takes_fuel(i));
            let own_t = hold.map_or(f64::INFINITY, |c| c.high);
            let Some(own) = combine(std::slice::from_ref(&self.votes[i]), own_t) else {
                continue;
            };
            words.push(format!(
                "{:09} {} {:.1} to {:.1} m at {:.0} t/cm = {:.0} t, with ballast {:.0} to {:.0} t{}{}",
                ship.mmsi,
                if change.took() { "sank from" } else { "rose from" },
                f64::from(change.before_dm) / 10.0,
                f64::from(change.after_dm) / 10.0,
                form.tonnes_per_cm((light + heavy) / 2.0),
                form.weight_between_t(light, heavy),
                own.low,
                own.high,
                self.notes[i],
                match strained {
                    Some(strained) if strained == i => {
                        ", which may well be more than this transfer alone can have moved"
                    }
                    _ if telling.contains(&i) => "",
                    _ => ", more than this transfer alone can have moved",
                },
            ));
        }
        let votes: Vec<Vec<f64>> = telling.iter().map(|i| self.votes[*i].clone()).collect();
        if contrary(&votes, capacity.high).is_some() {
            words.push("the two don't agree".to_owned());
        }
        words.extend(self.part.map(|part| part.words()));
        words.extend(self.doubt.map(str::to_owned));
        words.extend(self.direction_words());
        let of_smaller = format!(
            "{:09} holds {:.0} t ({:.0} to {:.0}){}",
            self.carriers[smaller].mmsi,
            capacity.best,
            capacity.low,
            capacity.high,
            self.carriers[smaller].size_words()
        );
        words.push(of_smaller);
        if let Some(unsized_one) = self.unsized_ship(held) {
            words.push(format!(
                "how large {:09} is isn't known: any size up to that is as likely",
                self.carriers[unsized_one].mmsi
            ));
        }
        if let Some([giver, _]) = e.direction
            && let Some(aboard_t) = self.aboard_t[giver].filter(|t| *t < capacity.high)
        {
            words.push(format!(
                "{:09} had at most {aboard_t:.0} t aboard by her draught before",
                self.carriers[giver].mmsi
            ));
        }
        if e.method == "capacity" {
            let longest = self
                .together
                .longest_h
                .map_or("not known".to_owned(), |h| format!("{h:.1} h"));
            words.push(format!(
                "no draught to weigh by; alongside {:.1} h as seen, longest {longest}",
                self.together.seen_h
            ));
        }
        words.push(format!(
            "{:.0} t ({:.0} to {:.0}), taken for {} at {:.2} bbl/t = {:.0} bbl ({:.0} to {:.0})",
            e.tonnes.best,
            e.tonnes.low,
            e.tonnes.high,
            e.product.name(),
            e.product.bbl_per_t(),
            e.barrels.best,
            e.barrels.low,
            e.barrels.high
        ));
        if self.carriers.iter().any(Carrier::may_be_gas) {
            words.push("the AIS type doesn't tell oil from gas".to_owned());
        }
        words.join("; ")
    }

    /// Who gave to whom, and what says so.
    pub(super) fn direction_words(&self) -> Option<String> {
        let ([giver, taker], basis) = self.direction()?;
        let mmsi = |i: usize| self.carriers[i].mmsi;
        let why = match basis {
            Basis::Both => "by both draughts".to_owned(),
            Basis::One(ship) => format!("by the draught of {:09} alone", mmsi(ship)),
            Basis::Types if self.carriers[giver].is_tanker() => {
                "which alone is a tanker".to_owned()
            }
            Basis::Types => "which alone may be a tanker".to_owned(),
            Basis::Size => "which has a bunker tanker's size".to_owned(),
        };
        let (from, to) = (mmsi(giver), mmsi(taker));
        Some(match basis {
            Basis::Both | Basis::One(_) => format!("{from:09} gave to {to:09}, {why}"),
            Basis::Types | Basis::Size => format!("{to:09} took from {from:09}, {why}"),
        })
    }
}
