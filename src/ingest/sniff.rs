//! What a file is, by its first bytes; names and endings are not asked.

/// The form of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Nothing at all.
    Empty,
    /// Text, as far as can be seen.
    Text,
    /// Compressed with gzip.
    Gzip,
    /// Compressed with Zstandard.
    Zstd,
    /// An archive of files.
    Zip,
    /// An Apache Parquet table.
    Parquet,
    /// An Arrow IPC file.
    Ipc,
    /// None of these; what it seems to be and what to do.
    Other(&'static str),
}

/// The form of a file or a stream that begins with `head`.
pub(crate) fn form(head: &[u8]) -> Form {
    match head {
        [] => Form::Empty,
        [0x1F, 0x8B, ..] => Form::Gzip,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Form::Zstd,
        // A skippable frame may come first in a Zstandard file.
        [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Form::Zstd,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Form::Zip,
        [b'P', b'A', b'R', b'1', ..] => Form::Parquet,
        [b'A', b'R', b'R', b'O', b'W', b'1', ..] => Form::Ipc,
        [0xFF, 0xFF, 0xFF, 0xFF, ..] => {
            Form::Other("it seems to be an Arrow stream; save it as an Arrow file or Parquet")
        }
        [b'F', b'E', b'A', b'1', ..] => {
            Form::Other("it is Feather version 1; save it as Feather 2 or Parquet")
        }
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            Form::Other("it is text in UTF-16; save it as UTF-8")
        }
        [b'B', b'Z', b'h', ..] => Form::Other("it is compressed with bzip2; unpack it"),
        [0xFD, b'7', b'z', b'X', b'Z', ..] => Form::Other("it is compressed with xz; unpack it"),
        [b'7', b'z', 0xBC, 0xAF, ..] => Form::Other("it is a 7-Zip archive; unpack it"),
        [b'R', b'a', b'r', b'!', ..] => Form::Other("it is a RAR archive; unpack it"),
        [b'R', b'D', b'X', b'2' | b'3', b'\n', ..] | [b'X', b'\n', 0, 0, 0, 2 | 3, ..] => {
            Form::Other("it holds objects of R; write its tables as CSV or Parquet")
        }
        [b'%', b'P', b'D', b'F', ..] => Form::Other("it is a PDF"),
        [b'S', b'Q', b'L', b'i', b't', b'e', ..] => {
            Form::Other("it is an SQLite or GeoPackage file; export its table as CSV or Parquet")
        }
        _ if is_tar(head) => Form::Other("it is a tar archive; unpack it first"),
        _ => {
            // NUL bytes occur in real dumps here and there; a file full of them is no text.
            let zeros = head.iter().filter(|b| **b == 0).count();
            if zeros * 4 > head.len() {
                Form::Other("its bytes are no text; check what it is")
            } else {
                Form::Text
            }
        }
    }
}

/// Bytes of a block of a tar archive; the first is a member's header.
const TAR_BLOCK: usize = 512;
/// Where the header's sum stands, eight characters in octal.
const TAR_SUM: std::ops::Range<usize> = 148..156;

/// Whether it begins with the header of a tar archive: old ones have no mark, but all have the sum of the header's bytes,
/// with the sum itself as blanks.
fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..TAR_BLOCK) else {
        return false;
    };
    let stated = std::str::from_utf8(&header[TAR_SUM])
        .ok()
        .map(|text| text.trim_matches(['\0', ' ']))
        .and_then(|text| u64::from_str_radix(text, 8).ok());
    let sum: u64 = header
        .iter()
        .enumerate()
        .map(|(i, b)| u64::from(if TAR_SUM.contains(&i) { b' ' } else { *b }))
        .sum();
    stated == Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_of_r_are_told_from_text() {
        // Of `save` and of `saveRDS`, without their compression.
        for head in [&b"RDX3\nX\n\0\0\0\x03"[..], b"X\n\0\0\0\x03\0\x04\0\x02"] {
            assert!(matches!(form(head), Form::Other(words) if words.contains("objects of R")));
        }
        assert_eq!(form(b"X\n1\n2\n"), Form::Text);
        assert_eq!(form(b"RDX,LAT,LON\n"), Form::Text);
    }
}
