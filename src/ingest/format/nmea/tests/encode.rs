//! A tiny encoder, written apart from the decoder.

/// Bits, one by one.
#[derive(Default)]
pub(super) struct Bits(Vec<bool>);

impl Bits {
    /// Appends a number.
    pub(super) fn number(mut self, value: i64, bits: u32) -> Self {
        self.0.extend((0..bits).rev().map(|i| value >> i & 1 == 1));
        self
    }

    /// Appends text, filled up with `@`.
    pub(super) fn text(mut self, text: &str, chars: usize) -> Self {
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(chars, b'@');
        for byte in bytes {
            self = self.number(i64::from(byte & 63), 6);
        }
        self
    }

    /// One sentence, or several of at most `chars` characters.
    pub(super) fn sentences(&self, sequence: u8, chars: usize) -> Vec<String> {
        let fill = (6 - self.0.len() % 6) % 6;
        let armoured: Vec<u8> = self
            .0
            .chunks(6)
            .map(|six| {
                let value = (0..6).fold(0u8, |v, i| v << 1 | u8::from(six.get(i) == Some(&true)));
                if value < 40 { value + 48 } else { value + 56 }
            })
            .collect();
        let parts: Vec<&[u8]> = armoured
            .chunks(chars.max(armoured.len().div_ceil(9)))
            .collect();
        parts
            .iter()
            .enumerate()
            .map(|(i, part)| {
                let fill = if i + 1 == parts.len() { fill } else { 0 };
                let sequence = if parts.len() > 1 {
                    sequence.to_string()
                } else {
                    String::new()
                };
                let payload = String::from_utf8_lossy(part);
                super::sealed(&format!(
                    "!AIVDM,{},{},{sequence},A,{payload},{fill}",
                    parts.len(),
                    i + 1
                ))
            })
            .collect()
    }
}
