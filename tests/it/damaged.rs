//! Everything that reads files withstands damaged ones: a short form of the fuzzing of `benches/fuzz`, with its own
//! seeds and damages.

use std::fs;

#[path = "../../benches/fuzz/mutate.rs"]
mod mutate;
#[path = "../../benches/fuzz/targets.rs"]
mod targets;

/// Inputs for each target; the program feeds thousands a second for as long as it is told to.
const INPUTS: usize = 60;

#[test]
fn every_reader_withstands_damaged_files() {
    let folder = tempfile::tempdir().unwrap();
    for target in targets::all() {
        let seeds = (target.seeds)();
        let mut dice = mutate::Dice::new(2);
        let input = folder.path().join(target.name);
        for i in 0..INPUTS {
            // Shown only if it panics.
            println!("{}, input {i}", target.name);
            let seed = dice.pick(&seeds).clone();
            let bytes = (target.wrap)(mutate::damaged(&seed, &seeds, &mut dice));
            fs::write(&input, bytes).unwrap();
            (target.run)(&input);
        }
    }
}
