//! The command line `alongside`.

use std::process::ExitCode;

fn main() -> ExitCode {
    alongside::cli::run()
}
