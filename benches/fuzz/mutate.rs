//! Damage: bytes as they break on disks and wires, and cells as a hostile hand would write them.

/// Marsaglia's xorshift: the same seed, the same inputs.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Below `n`; 0 if that is 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.next() >> 33) as usize) % n.max(1)
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Cells that parsers stumble over.
const CELLS: [&str; 40] = [
    "",
    "0",
    "-0",
    "-1",
    "1e400",
    "-1e400",
    "1e-400",
    "NaN",
    "inf",
    "-inf",
    "9999999999999999999999999999999999999999",
    "0.0000000000000000000000000000000000000001",
    "18446744073709551615",
    "9223372036854775808",
    "-9223372036854775808",
    "4294967296",
    "2147483648",
    "99999-12-31T23:59:59",
    "0000-00-00T00:00:00",
    "-262144-01-01T00:00:00Z",
    "2020-02-30T25:61:61.999999999999Z",
    "2020-06-30T00:00:00+99:99",
    "31/12/9999 23:59:59",
    "\"",
    "\"\"",
    "\"never closed",
    "a\"b",
    "=1+1",
    "\0",
    "\u{feff}",
    "\u{202e}\u{1f6a2}",
    "\r",
    "\n",
    ",,,,,,,,",
    ";",
    "\t",
    "{",
    "[[[[[[[[[[[[[[[[",
    "!AIVDM,9,9,9,A,55555555555555555555,5*00",
    "\\s:x,c:99999999999999999999*00\\",
];

const BYTES: [u8; 12] = [
    0, 1, 0x7f, 0x80, 0xff, b'"', b',', b'\n', b'\r', b'*', b'!', 0x28,
];

/// One to four damages to a seed; `others` give pieces to put in.
pub fn damaged(seed: &[u8], others: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(4) {
        once(&mut bytes, others, dice);
    }
    bytes
}

fn once(bytes: &mut Vec<u8>, others: &[Vec<u8>], dice: &mut Dice) {
    let len = bytes.len();
    let at = dice.below(len + 1);
    let some = |dice: &mut Dice| at..(at + dice.below(64)).min(len);
    match dice.below(12) {
        0 if at < len => bytes[at] ^= 1 << dice.below(8),
        1 if at < len => bytes[at] = *dice.pick(&BYTES),
        2 => bytes.insert(at, *dice.pick(&BYTES)),
        3 => drop(bytes.drain(some(dice))),
        4 => {
            let piece = bytes[some(dice)].to_vec();
            bytes.splice(at..at, piece.repeat(1 + dice.below(40)));
        }
        5 => bytes.truncate(at),
        6 => {
            let other = dice.pick(others);
            let from = dice.below(other.len() + 1);
            let to = (from + dice.below(2000)).min(other.len());
            bytes.splice(at..at, other[from..to].iter().copied());
        }
        7 if at + 8 <= len => {
            // A length or an offset that leads astray.
            let number = [0_u64, u64::MAX, 1 << 62, 1 << 31, 0x7fff_ffff, len as u64];
            let width = *dice.pick(&[2, 4, 8]);
            bytes[at..at + width].copy_from_slice(&dice.pick(&number).to_le_bytes()[..width]);
        }
        8 => {
            let long = vec![*dice.pick(&BYTES); 1 << dice.below(17)];
            bytes.splice(at..at, long);
        }
        _ => replace_cell(bytes, at, dice),
    }
}

/// Puts another cell in the place of the one at `at`.
fn replace_cell(bytes: &mut Vec<u8>, at: usize, dice: &mut Dice) {
    let ends = |b: &u8| b",;\t\n\r:*{}[]".contains(b);
    let begin = bytes[..at].iter().rposition(ends).map_or(0, |i| i + 1);
    let end = bytes[at..].iter().position(ends);
    let end = end.map_or(bytes.len(), |n| at + n);
    bytes.splice(begin..end, dice.pick(&CELLS).bytes());
}
