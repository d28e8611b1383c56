//! The bits of a message: six to a character (ITU-R M.1371-5, IEC 61162-1).

/// Longest message that is looked at. The longest there are have five slots, 1,064 bits.
const MAX_BYTES: usize = 256;

/// Room behind the message, so that eight bytes can be read at any bit of it.
const ROOM: usize = 8;

/// Six bits for a character, or a number above 63.
const SIX: [u8; 256] = {
    let mut table = [0xFF; 256];
    let mut c = 48;
    while c < 120 {
        if c < 88 {
            table[c] = (c - 48) as u8;
        } else if c >= 96 {
            table[c] = (c - 56) as u8;
        }
        c += 1;
    }
    table
};

/// A message as bits.
pub(super) struct Payload {
    bytes: [u8; MAX_BYTES + ROOM],
    bits: usize,
}

impl Payload {
    pub(super) fn new() -> Self {
        Self {
            bytes: [0; MAX_BYTES + ROOM],
            bits: 0,
        }
    }

    /// Unpacks the characters of all parts, less the bits that only fill the last character. `false` if
    /// a character is none of the 64, or if there are more of them than any message has.
    pub(super) fn unpack<'p>(
        &mut self,
        parts: impl Iterator<Item = &'p [u8]>,
        fill_bits: usize,
    ) -> bool {
        let (mut at, mut held, mut held_bits, mut all) = (0, 0u32, 0u32, 0u8);
        let mut chars = 0;
        for part in parts {
            chars += part.len();
            if chars * 6 > MAX_BYTES * 8 {
                return false;
            }
            for c in part {
                let six = SIX[usize::from(*c)];
                all |= six;
                held = held << 6 | u32::from(six & 63);
                held_bits += 6;
                if held_bits >= 8 {
                    held_bits -= 8;
                    self.bytes[at] = (held >> held_bits) as u8;
                    at += 1;
                }
            }
        }
        self.bytes[at] = (held << (8 - held_bits)) as u8;
        let end = (at + 1 + ROOM).min(self.bytes.len());
        self.bytes[at + 1..end].fill(0);
        self.bits = (chars * 6).saturating_sub(fill_bits);
        all < 64
    }

    /// How many bits it has.
    pub(super) fn bits(&self) -> usize {
        self.bits
    }

    /// The bytes that hold them.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.bits.div_ceil(8).min(MAX_BYTES)]
    }

    /// An unsigned number of at most 32 bits. Bits behind the message are of no meaning.
    #[inline]
    pub(super) fn number(&self, start: usize, bits: usize) -> u32 {
        let mut word = [0; 8];
        word.copy_from_slice(&self.bytes[start / 8..start / 8 + 8]);
        let word = u64::from_be_bytes(word) << (start % 8);
        (word >> (64 - bits)) as u32
    }

    /// A signed number of at most 32 bits.
    #[inline]
    pub(super) fn signed(&self, start: usize, bits: usize) -> i32 {
        let shift = 32 - bits;
        ((self.number(start, bits) << shift) as i32) >> shift
    }

    /// Text in six-bit ASCII up to the first `@`; what is behind the end of the message is left out.
    pub(super) fn text(&self, start: usize, chars: usize) -> Option<String> {
        let mut text = [0u8; 20];
        let mut n = 0;
        while n < chars.min(text.len()) && start + 6 * n + 6 <= self.bits {
            let six = self.number(start + 6 * n, 6) as u8;
            if six == 0 {
                break;
            }
            text[n] = if six < 32 { six + 64 } else { six };
            n += 1;
        }
        crate::ingest::value::text(&text[..n])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_six_bits() {
        let mut payload = Payload::new();
        assert!(payload.unpack([&b"0w"[..], b"`W"].into_iter(), 2));
        assert_eq!(payload.bits(), 22);
        // 000000 111111 101000 100111
        assert_eq!(payload.number(0, 24), 0b0000_0011_1111_1010_0010_0111);
        assert_eq!(payload.number(6, 6), 63);
        assert_eq!(payload.signed(6, 6), -1);
        assert_eq!(payload.signed(5, 7), 63);
        for bad in [b'/', b'X', b'_', b'x', 0, 255] {
            assert!(!payload.unpack([&[b'0', bad][..]].into_iter(), 0));
        }
        assert!(payload.unpack([&[b'0'; 341][..]].into_iter(), 0));
        assert!(!payload.unpack([&[b'0'; 342][..]].into_iter(), 0));
        assert!(payload.unpack([&b""[..]].into_iter(), 5));
        assert_eq!((payload.bits(), payload.bytes().len()), (0, 0));
    }
}
