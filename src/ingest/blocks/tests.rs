use proptest::prelude::*;

use super::*;

#[derive(Default)]
struct Taken {
    blocks: Vec<(Vec<u8>, Vec<u8>, u64, u32)>,
    too_long: Vec<u64>,
}

impl BlockTaker for Taken {
    fn buffer(&mut self) -> Option<Vec<u8>> {
        Some(b"old bytes".to_vec())
    }

    fn take(&mut self, block: Block) {
        self.blocks.push((
            block.data[..block.start].to_vec(),
            block.data[block.start..block.end].to_vec(),
            block.first_line,
            block.ordinal,
        ));
    }

    fn too_long(&mut self, line: u64) {
        self.too_long.push(line);
    }
}

/// Gives a few bytes at a time, and fails after the last if asked to.
struct Dribble<'t> {
    text: &'t [u8],
    portion: usize,
    fails: bool,
}

impl Read for Dribble<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.portion.min(buf.len()).min(self.text.len());
        if n == 0 && self.fails && !buf.is_empty() {
            return Err(io::Error::other("broken"));
        }
        buf[..n].copy_from_slice(&self.text[..n]);
        self.text = &self.text[n..];
        Ok(n)
    }
}

proptest! {
    #[test]
    fn blocks_are_the_lines(
        text in "[ab\n]{0,200}",
        block_bytes in 1..60usize,
        context_bytes in 0..40usize,
        portion in 1..50usize,
        fails in any::<bool>(),
    ) {
        let cutter = Cutter { block_bytes, max_line_bytes: 1000, context_bytes, terminator: b'\n' };
        let mut taken = Taken::default();
        let mut reader = Dribble { text: text.as_bytes(), portion, fails };
        let result = cutter.cut(&mut reader, 2, &mut taken);
        prop_assert_eq!(result.is_err(), fails);
        prop_assert!(taken.too_long.is_empty());
        let mut seen: Vec<u8> = Vec::new();
        for (i, (context, lines, first_line, ordinal)) in taken.blocks.iter().enumerate() {
            prop_assert_eq!(*ordinal as usize, i);
            let breaks = seen.iter().filter(|b| **b == b'\n').count() as u64;
            prop_assert_eq!(*first_line, 2 + breaks);
            // Whole lines directly before the block, no more than wanted.
            prop_assert!(context.len() <= context_bytes);
            prop_assert!(context.is_empty() || seen.ends_with(context));
            let before = seen.len() - context.len();
            prop_assert!(before == 0 || seen[before - 1] == b'\n');
            seen.extend_from_slice(lines);
        }
        let whole = match (fails, text.rfind('\n')) {
            (false, _) => text.as_str(),
            (true, Some(end)) => &text[..=end],
            (true, None) => "",
        };
        prop_assert_eq!(seen, whole.as_bytes());
    }

    #[test]
    fn long_lines_are_left_out(
        lines in proptest::collection::vec("[ab]{0,60}", 0..20),
        block_bytes in 1..30usize,
        portion in 1..50usize,
    ) {
        let text = lines.join("\n");
        let cutter = Cutter { block_bytes, max_line_bytes: 40, context_bytes: 0, terminator: b'\n' };
        let mut taken = Taken::default();
        cutter.cut(&mut Dribble { text: text.as_bytes(), portion, fails: false }, 1, &mut taken).unwrap();
        let mut kept: Vec<(u64, String)> = Vec::new();
        for (_, block, first_line, _) in &taken.blocks {
            let block = String::from_utf8(block.clone()).unwrap();
            kept.extend(block.lines().enumerate().map(|(i, l)| (first_line + i as u64, l.to_owned())));
        }
        for (i, line) in lines.iter().enumerate() {
            let number = i as u64 + 1;
            if line.len() < 40 {
                prop_assert!(!taken.too_long.contains(&number));
                let found = kept.contains(&(number, line.clone()));
                prop_assert!(found || line.is_empty(), "{number} {line:?} {kept:?}");
            } else {
                // A long line that happens to fit a buffer may be kept.
                prop_assert!(taken.too_long.contains(&number) ^ kept.contains(&(number, line.clone())));
            }
        }
    }
}
