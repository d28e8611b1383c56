//! How a run tells its caller how far it is.

/// A part of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Reading inputs; counted in bytes.
    Read,
    /// Stepping the stages; counted in days.
    Detect,
    /// Judging events.
    Assess,
    /// Writing tables; counted in tables.
    Write,
}

impl Step {
    /// The name in `run.json` and on the terminal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Detect => "detect",
            Self::Assess => "assess",
            Self::Write => "write",
        }
    }
}

/// Is told how a run goes on; may be called from several threads at once.
pub trait Progress: Sync {
    /// A step begins; `total` is its size in the step's unit, if that is known.
    fn begin(&self, step: Step, total: Option<u64>);

    /// `done` more units of the current step, and `rows` more rows.
    fn advance(&self, done: u64, rows: u64);

    /// The current step ends.
    fn end(&self);

    /// Something that the user should know, though the run goes on.
    fn warn(&self, message: &str);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: Step, _: Option<u64>) {}
    fn advance(&self, _: u64, _: u64) {}
    fn end(&self) {}
    fn warn(&self, _: &str) {}
}
