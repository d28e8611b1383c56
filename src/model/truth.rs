//! What is known to have happened: the rows of a truth file, against which a detector is measured.

use super::{LonLat, Timestamp};

/// How a kind of truth counts when a detector is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TruthClass {
    /// Cargo moved between two hulls: should be found, and called a transfer.
    Transfer,
    /// Two ships near each other for another reason: may be found, must not be called a transfer.
    LookAlike,
    /// Silence of one ship.
    Gap,
    /// A transfer of which one party was silent from before the approach until after the departure.
    DarkRendezvous,
    /// An identity that isn't what it says.
    Identity,
}

macro_rules! kinds {
    ($($variant:ident $name:literal $class:ident $doc:literal),* $(,)?) => {
        /// A kind of truth.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum TruthKind {
            $(#[doc = $doc] $variant),*
        }

        impl TruthKind {
            /// All kinds, in the order of tables.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in files.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// How the kind counts.
            pub fn class(self) -> TruthClass {
                match self { $(Self::$variant => TruthClass::$class),* }
            }

            /// What the kind is, in a sentence.
            pub fn doc(self) -> &'static str {
                match self { $(Self::$variant => $doc.trim_ascii()),* }
            }
        }
    };
}

kinds! {
    StsTransfer "sts_transfer" Transfer " Cargo between two tankers.",
    Bunkering "bunkering" Transfer " Fuel from a bunker tanker to another ship.",
    FishingTransshipment "fishing_transshipment" Transfer " Catch from a fishing vessel to a carrier.",
    AnchoredNeighbours "anchored_neighbours" LookAlike " Two ships, each at its own anchor.",
    Berthed "berthed" LookAlike " Two ships at a quay or jetty, in line, side by side or double-banked.",
    RaftMates "raft_mates" LookAlike " Two daughters at the two sides of one mother: nothing moves between them.",
    Tow "tow" LookAlike " A tug and what it tows or pushes.",
    Pilot "pilot" LookAlike " A pilot boat at a ship.",
    Convoy "convoy" LookAlike " Ships that follow one another on one course.",
    Crossing "crossing" LookAlike " Two ships whose courses cross.",
    Overtaking "overtaking" LookAlike " One ship passes another on the same course.",
    Dredging "dredging" LookAlike " A dredger and its barge.",
    Service "service" LookAlike " A supply boat at a ship or platform.",
    SportFishing "sport_fishing" LookAlike " Small boats on one fishing spot.",
    FishingGear "fishing_gear" LookAlike " A fishing boat and the radio buoys of its gear.",
    RiverRafting "river_rafting" LookAlike " River ships moored side by side.",
    PairTrawling "pair_trawling" LookAlike " Two fishing vessels that pull one net.",
    GapIntentional "gap_intentional" Gap " The transponder was switched off.",
    GapReception "gap_reception" Gap " The transponder went on, nobody received it.",
    DarkRendezvous "dark_rendezvous" DarkRendezvous " A transfer with a partner that was switched off all the while.",
    IdentityHandover "identity_handover" Identity " One hull went on under another MMSI.",
    IdentityShared "identity_shared" Identity " Two hulls used one MMSI at the same time.",
    IdentityCircle "identity_circle" Identity " Invented positions on a circle.",
}

impl TruthKind {
    /// The kind with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.name() == name)
    }
}

/// One row of a truth file.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// Name of the row, unique in its file.
    pub id: String,
    /// What happened.
    pub kind: TruthKind,
    /// The ship, or one of the two.
    pub mmsi_1: u32,
    /// The other ship.
    pub mmsi_2: Option<u32>,
    /// When it began: for two ships, when they lay alongside or came near.
    pub start: Timestamp,
    /// When it ended.
    pub end: Timestamp,
    /// Where, at its middle.
    pub place: Option<LonLat>,
    /// `anchored`, `adrift`, `under_way`, `moored`.
    pub mode: Option<String>,
    /// Distance between the hulls in its middle, metres.
    pub hull_gap_m: Option<f64>,
    /// Cargo moved, tonnes.
    pub volume_t: Option<f64>,
    /// Cargo moved, barrels.
    pub volume_bbl: Option<f64>,
    /// What moved.
    pub product: Option<String>,
    /// The ship that gave it.
    pub from_mmsi: Option<u32>,
    /// The ship that took it.
    pub to_mmsi: Option<u32>,
    /// Fixes received of either ship from start to end; `None` if not known.
    pub heard: [Option<u32>; 2],
    /// From when to when inside it both ships had been heard and would be heard again: from the later of
    /// the first fixes to the earlier of the last ones.
    pub both_heard: Option<(Timestamp, Timestamp)>,
    /// Hours of it in which both ships had a report within half an hour; `None` if not known.
    pub together_h: Option<f64>,
    /// Anything else.
    pub notes: String,
}

impl Truth {
    /// The columns of a truth file, in order.
    pub const COLUMNS: [&'static str; 21] = [
        "truth_id",
        "kind",
        "mmsi_1",
        "mmsi_2",
        "start",
        "end",
        "lat",
        "lon",
        "mode",
        "hull_gap_m",
        "volume_t",
        "volume_bbl",
        "product",
        "from_mmsi",
        "to_mmsi",
        "heard_1",
        "heard_2",
        "both_heard_start",
        "both_heard_end",
        "together_h",
        "notes",
    ];
}
