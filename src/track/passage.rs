//! Where a ship was in between.

use serde::{Deserialize, Serialize};

use crate::model::{Extent, LonLat};

/// The box that holds some fixes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Passage {
    about: LonLat,
    extent: Extent,
}

impl Passage {
    /// Takes in a place.
    pub(super) fn pass(passage: &mut Option<Self>, place: LonLat) {
        let passage = passage.get_or_insert(Self {
            about: place,
            extent: Extent::default(),
        });
        let offset = passage.about.offset_e7(place);
        passage.extent = passage.extent.with(Extent::at(offset));
    }

    /// The box about another place.
    pub(super) fn extent_about(&self, place: LonLat) -> Extent {
        self.extent.moved(place.offset_e7(self.about))
    }
}
