//! Figures as Markdown tables.

use std::fmt::Write;

use alongside::evaluate::{Evaluation, KindScore, Share};

pub const SEEDS_HEAD: &str = "| seed | transfers of which both ships were heard | recall of encounters | the same, heard together 1.5 h | called a transfer | fragments | precision of calls |
|---|---|---|---|---|---|---|";

pub fn share(s: &Share) -> String {
    s.value.map_or("-".to_owned(), |v| format!("{v:.3}"))
}

fn scores(k: &KindScore) -> String {
    let fragments = k.fragments.map_or("-".to_owned(), |f| format!("{f:.2}"));
    format!(
        "{} of {} | {} | {} | {} | {fragments} |",
        k.recall.of,
        k.rows,
        k.recall,
        share(&k.recall_together),
        share(&k.called),
    )
}

/// A line of [`SEEDS_HEAD`].
pub fn seed(name: &str, e: &Evaluation) -> String {
    let p = &e.called.precision;
    format!(
        "| {name} | {} {} ({} of {}) |",
        scores(&e.all_transfers),
        share(p),
        p.count,
        p.of
    )
}

/// The figures of each kind of transfer.
pub fn kinds(e: &Evaluation) -> String {
    let mut out = String::from(
        "| kind | both ships heard | recall of encounters | the same, heard together 1.5 h | called a transfer | fragments |
|---|---|---|---|---|---|
",
    );
    for k in e.transfers.iter().chain(&e.modes) {
        let _ = writeln!(out, "| {} | {}", k.kind, scores(k));
    }
    out
}

/// What became of the look-alikes.
pub fn look_alikes(e: &Evaluation) -> String {
    let mut out = String::from(
        "| look-alike | true | with an encounter | called a transfer |\n|---|---|---|---|\n",
    );
    for k in &e.look_alikes {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            k.kind, k.rows, k.with_encounter.count, k.called.count
        );
    }
    let _ = writeln!(
        out,
        "| (no truth) | - | {} | {} |",
        e.other.encounters, e.other.called
    );
    out
}

/// Truth by line, reported by column.
pub fn confusion(e: &Evaluation) -> String {
    let mut columns: Vec<&str> = e.confusion.iter().map(|c| c.reported.as_str()).collect();
    columns.sort_unstable();
    columns.dedup();
    let mut lines: Vec<&str> = e.confusion.iter().map(|c| c.truth.as_str()).collect();
    lines.dedup();
    let mut out = format!("| truth | {} |\n|---|", columns.join(" | "));
    let _ = writeln!(out, "{}", "---|".repeat(columns.len()));
    for line in lines {
        let _ = write!(out, "| {line} |");
        for column in &columns {
            let cell = e
                .confusion
                .iter()
                .find(|c| c.truth == line && c.reported == *column);
            let _ = write!(
                out,
                " {} |",
                cell.map_or("".to_owned(), |c| c.count.to_string())
            );
        }
        out.push('\n');
    }
    out
}
