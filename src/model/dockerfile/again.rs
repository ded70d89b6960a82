//! Evaluating again after an edit: a stage that it does not concern keeps its words, which have no
//! variables to replace any more, and only move.

use std::mem;
use std::sync::Arc;

use rayon::prelude::*;

use crate::source::{Placed, Span};
use crate::syntax::dockerfile::Left;

use super::{Base, Build, Lists, Settings, Stage, Step};

/// What is kept of a stage.
pub(super) struct Kept {
    pub steps: Vec<Step>,
    /// See [`Stage::expanding`].
    pub expanding: Vec<usize>,
    pub cost: usize,
}

/// What is kept of an earlier evaluation for each of the stages.
pub(super) fn kept(stages: &[Stage], before: Build, left: &Left) -> Vec<Option<Kept>> {
    let Build { stages: mut earlier, images, is_scarce, .. } = before;
    let same = if is_scarce { Vec::new() } else { same(stages, &earlier, left) };
    let mut is_kept = vec![false; earlier.len()];
    same.iter().flatten().for_each(|stage| is_kept[*stage] = true);
    let stages = earlier.par_iter_mut().zip(&is_kept).with_min_len(64);
    stages.filter(|(_, is_kept)| **is_kept).for_each(|(stage, _)| stage.move_steps(left));
    let kept = same.into_iter().map(|same| {
        let stage = &mut earlier[same?];
        let (steps, expanding) = (mem::take(&mut stage.steps), mem::take(&mut stage.expanding));
        Some(Kept { steps, expanding, cost: stage.cost? })
    });
    let kept = kept.collect();
    // To take it apart takes time, and nobody has to wait for it.
    rayon::spawn(move || drop((earlier, images)));
    kept
}

/// For each stage the earlier one that can be kept for it: none of its lines has changed, and
/// neither has anything that it goes on from.
fn same(stages: &[Stage], earlier: &[Stage], left: &Left) -> Vec<Option<usize>> {
    let (Some(first), Some(first_earlier)) = (stages.first(), earlier.first()) else {
        return Vec::new();
    };
    let has_arguments = first.instruction + first_earlier.instruction > 0;
    if has_arguments && !left.is_ahead(first_earlier.from) {
        return Vec::new();
    }
    // Where the next one is what it was, a stage is.
    let ahead = earlier.partition_point(|stage| left.is_ahead(stage.from)).saturating_sub(1);
    let behind = earlier.len() - earlier.partition_point(|stage| !left.is_behind(stage.from));
    let counterpart = |stage: usize| match stage < ahead {
        true => Some(stage),
        false => (earlier.len() + stage)
            .checked_sub(stages.len())
            .filter(|stage| earlier.len() - stage <= behind),
    };
    let mut same: Vec<Option<usize>> = Vec::with_capacity(stages.len());
    for (index, stage) in stages.iter().enumerate() {
        let known = counterpart(index).filter(|known| {
            let known = &earlier[*known];
            let goes_on = match (&stage.base, &known.base) {
                (Base::Stage { index, .. }, Base::Stage { index: known, .. }) => {
                    same[*index] == Some(*known)
                }
                (base, known) => mem::discriminant(base) == mem::discriminant(known),
            };
            goes_on && known.cost.is_some()
        });
        same.push(known);
    }
    same
}

impl Stage {
    /// Moves the steps, and gives up what follows from them.
    fn move_steps(&mut self, left: &Left) {
        (self.settings, self.added) = (Settings::default(), Lists::default());
        let stays = left.shift(self.from) == Some(0);
        let place = |span: &mut Span| {
            // What is written nowhere stays at the start of the file.
            if let Some(by) = left.shift(*span) {
                span.shift(by);
            }
        };
        for step in &mut self.steps {
            (step.user, step.workdir, step.shell) = (None, None, None);
            if stays {
                continue;
            }
            let texts = step.words.iter_mut().chain(&mut step.options);
            texts.for_each(|text| text.move_places(place));
            step.mounts.iter_mut().for_each(|mount| mount.move_places(place));
            for file in &mut step.files {
                place(&mut file.name.span);
                file.content.move_places(place);
            }
            for (name, value) in &mut step.pairs {
                Arc::make_mut(name).move_places(place);
                value.iter_mut().for_each(|value| Arc::make_mut(value).move_places(place));
            }
        }
    }
}
