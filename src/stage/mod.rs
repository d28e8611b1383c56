//! The contracts between stages, sources and sinks.
//!
//! A stage is a deterministic online operator: it takes its state and the next input in event time,
//! and returns what became final. Nothing else holds state. The law that every stage keeps (chunk
//! invariance): `step(s, a ++ b) == step(step(s, a), b)`, for any cut, any order of rows inside a
//! chunk, any number of threads, and any suspend and resume in between.

use postcard::ser_flavors::Flavor;

use crate::model::{LonLat, Timestamp};

/// State as bytes, in pieces that follow one another. Of many ships it is so long that to grow one run of memory for it takes
/// longer than to write it.
pub type Pieces = Vec<Vec<u8>>;

/// Length of a piece, bytes.
const PIECE: usize = 1 << 20;

/// A keyed online operator.
pub trait Stage: Sized {
    /// What it is stepped with.
    type Input;
    /// What became final.
    type Output;

    /// Takes in the next input and returns what became final by it.
    fn step(&mut self, input: Self::Input) -> Self::Output;

    /// Before this instant everything that this stage will ever say has been said.
    fn watermark(&self) -> Timestamp;

    /// The whole state as bytes, equal for equal states.
    ///
    /// # Errors
    /// If the state can't be written as bytes.
    fn suspend(&self) -> Result<Vec<u8>, StateError> {
        Ok(self.suspend_in_pieces()?.concat())
    }

    /// The same in pieces.
    ///
    /// # Errors
    /// If the state can't be written as bytes.
    fn suspend_in_pieces(&self) -> Result<Pieces, StateError>;

    /// How many bytes [`Stage::suspend`] makes, without making them.
    ///
    /// # Errors
    /// If the state can't be written as bytes.
    fn state_bytes(&self) -> Result<u64, StateError>;

    /// Takes the state back from [`Stage::suspend`]; parameters are not part of it.
    ///
    /// # Errors
    /// If the bytes are of another version or damaged.
    fn resume(&mut self, state: &[u8]) -> Result<(), StateError>;

    /// Takes in the rest of the input, if any, and says everything that is under way, as open. Made from a copy:
    /// the stage itself goes on unchanged.
    fn finish(self, rest: Option<Self::Input>) -> Self::Output;
}

/// State that can't be written or read.
#[derive(Debug, thiserror::Error)]
#[error("state of stage '{stage}' is unreadable ({reason}); rebuild it from the input files")]
pub struct StateError {
    /// Which stage.
    pub stage: &'static str,
    /// What the decoder said.
    pub reason: String,
}

/// State as bytes, behind a version number.
///
/// # Errors
/// If serialisation fails.
pub fn encode<T: serde::Serialize>(
    stage: &'static str,
    version: u16,
    state: &T,
) -> Result<Vec<u8>, StateError> {
    Ok(encode_in_pieces(stage, version, state)?.concat())
}

/// The same in pieces.
///
/// # Errors
/// If serialisation fails.
pub fn encode_in_pieces<T: serde::Serialize>(
    stage: &'static str,
    version: u16,
    state: &T,
) -> Result<Pieces, StateError> {
    let written = postcard::serialize_with_flavor(&(version, state), Writer::default());
    written.map_err(|e| StateError {
        stage,
        reason: e.to_string(),
    })
}

/// Writes pieces.
#[derive(Default)]
struct Writer {
    full: Pieces,
    last: Vec<u8>,
}

impl Writer {
    /// How many more bytes the last piece takes, one at least.
    fn room(&mut self) -> usize {
        if self.last.len() == PIECE {
            let next = Vec::with_capacity(PIECE);
            self.full.push(std::mem::replace(&mut self.last, next));
        }
        PIECE - self.last.len()
    }
}

impl Flavor for Writer {
    type Output = Pieces;

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.room();
        self.last.push(byte);
        Ok(())
    }

    fn try_extend(&mut self, mut bytes: &[u8]) -> postcard::Result<()> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(self.room()));
            self.last.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn finalize(mut self) -> postcard::Result<Pieces> {
        self.full.push(self.last);
        Ok(self.full)
    }
}

/// How many bytes [`encode`] makes.
///
/// # Errors
/// If serialisation fails.
pub fn encoded_bytes<T: serde::Serialize>(
    stage: &'static str,
    version: u16,
    state: &T,
) -> Result<u64, StateError> {
    let size = postcard::ser_flavors::Size::default();
    match postcard::serialize_with_flavor(&(version, state), size) {
        Ok(bytes) => Ok(bytes as u64),
        Err(e) => Err(StateError {
            stage,
            reason: e.to_string(),
        }),
    }
}

/// State back from bytes of the same version.
///
/// # Errors
/// If the version differs or the bytes are damaged.
pub fn decode<T: serde::de::DeserializeOwned>(
    stage: &'static str,
    version: u16,
    bytes: &[u8],
) -> Result<T, StateError> {
    let fail = |reason: String| StateError { stage, reason };
    let (found, state): (u16, T) = postcard::from_bytes(bytes).map_err(|e| fail(e.to_string()))?;
    if found == version {
        Ok(state)
    } else {
        Err(fail(format!("version {found}, not {version}")))
    }
}

/// The states of several stages as one.
///
/// # Errors
/// If serialisation fails.
pub fn joined<const N: usize>(
    stage: &'static str,
    version: u16,
    states: [Pieces; N],
) -> Result<Pieces, StateError> {
    let fail = |e: postcard::Error| StateError {
        stage,
        reason: e.to_string(),
    };
    let mut pieces = vec![postcard::to_stdvec(&version).map_err(fail)?];
    for state in states {
        let bytes: usize = state.iter().map(Vec::len).sum();
        pieces.push(postcard::to_stdvec(&bytes).map_err(fail)?);
        pieces.extend(state);
    }
    Ok(pieces)
}

/// The states of the stages back from what [`joined`] made of as many, one piece after the other.
///
/// # Errors
/// If the version differs or the bytes are damaged.
pub fn parted<'b, const N: usize>(
    stage: &'static str,
    version: u16,
    bytes: &'b [u8],
) -> Result<[&'b [u8]; N], StateError> {
    let fail = |reason: String| StateError { stage, reason };
    let damaged = |e: postcard::Error| fail(e.to_string());
    let (found, mut rest): (u16, _) = postcard::take_from_bytes(bytes).map_err(damaged)?;
    if found != version {
        return Err(fail(format!("version {found}, not {version}")));
    }
    let mut states: [&[u8]; N] = [&[]; N];
    for state in &mut states {
        (*state, rest) = postcard::take_from_bytes(rest).map_err(damaged)?;
    }
    Ok(states)
}

/// What the stages ask about the sea; the gazetteer answers.
pub trait Waters: Sync {
    /// Whether the place is well clear of the coast; `None` if that isn't known.
    fn offshore(&self, place: LonLat) -> Option<bool>;

    /// Whether the place is known to lie deep inside land, away from waters that ships of the sea use.
    fn inland(&self, _: LonLat) -> bool {
        false
    }

    /// Whether the place is known to lie on land, as far as a chart of the world shows: quays and rivers do too.
    fn on_land(&self, _: LonLat) -> bool {
        false
    }
}

impl<T: Waters + ?Sized> Waters for &T {
    fn offshore(&self, place: LonLat) -> Option<bool> {
        (**self).offshore(place)
    }

    fn inland(&self, place: LonLat) -> bool {
        (**self).inland(place)
    }

    fn on_land(&self, place: LonLat) -> bool {
        (**self).on_land(place)
    }
}

/// Waters of which nothing is known.
pub struct Uncharted;

impl Waters for Uncharted {
    fn offshore(&self, _: LonLat) -> Option<bool> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_same_bytes_and_give_the_states_back() {
        // Runs and single bytes that end on, before and behind the end of a piece.
        let states: Vec<(String, Vec<u64>)> = (0..5)
            .map(|i| ("x".repeat(PIECE - 3 + i), vec![i as u64; 300_000]))
            .collect();
        let pieces = encode_in_pieces("all", 3, &states).unwrap();
        assert!(pieces.len() > 5 && pieces.iter().all(|p| p.len() <= PIECE));
        assert_eq!(
            pieces.concat(),
            postcard::to_stdvec(&(3_u16, &states)).unwrap()
        );
        let one = |i: usize| encode_in_pieces("one", 1, &states[i]).unwrap();
        let bytes = joined("both", 7, [one(0), one(4)]).unwrap().concat();
        let [first, second] = parted("both", 7, &bytes).unwrap();
        assert_eq!(
            (first, second),
            (&one(0).concat()[..], &one(4).concat()[..])
        );
        let back: (String, Vec<u64>) = decode("one", 1, second).unwrap();
        assert_eq!(back, states[4]);
        for damaged in [&bytes[..bytes.len() - 1], &bytes[..1], &[]] {
            assert!(parted::<2>("both", 7, damaged).is_err());
        }
        assert!(parted::<2>("both", 8, &bytes).is_err());
    }
}
