//! The command line `alongside`.

/// Days of rows come and go in many pieces from several threads; the system's allocator keeps a third more of them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use std::process::ExitCode;

fn main() -> ExitCode {
    alongside::cli::run()
}
