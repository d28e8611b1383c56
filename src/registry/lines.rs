//! Lists and registers, line by line.

/// Longest line that is read, bytes; no row of a list is longer than a few thousand.
const MAX_LINE: usize = 1 << 20;

/// Lines that hold something, with their numbers from 1.
pub(super) fn numbered(text: &str) -> Vec<(usize, &str)> {
    // OFAC's files end in a control character.
    let is_content = |line: &str| !line.trim().is_empty() && line.trim() != "\u{1a}";
    // The specification of SDN lists knows carriage returns alone.
    let end = if text.contains('\n') { '\n' } else { '\r' };
    text.split(end)
        .map(|line| line.trim_end_matches('\r'))
        .enumerate()
        .filter(|(_, line)| is_content(line))
        .map(|(i, line)| (i + 1, line))
        .collect()
}

/// The fields of one line. Every format, and a register, has one ship a line, so that a stray quotation mark spoils one row and not
/// the rest of the file.
pub(super) fn fields(line: &str, delimiter: u8) -> Result<Vec<String>, String> {
    if line.len() > MAX_LINE {
        return Err("the line is longer than a megabyte".to_owned());
    }
    if line.bytes().filter(|b| *b == b'"').count() % 2 == 1 {
        return Err("a quotation mark isn't closed".to_owned());
    }
    let mut record = csv::StringRecord::new();
    let read = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(delimiter)
        .buffer_capacity(line.len().max(64))
        .from_reader(line.as_bytes())
        .read_record(&mut record);
    read.map_err(|e| e.to_string())?;
    Ok(record.iter().map(|field| field.trim().to_owned()).collect())
}
