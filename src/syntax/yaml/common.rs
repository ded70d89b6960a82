//! What two readings of a file have in common.

use std::ops::Range;

use super::{Cooked, NONE, NodeId, Property, Shape, Slot, Tree};

/// The documents at both ends of a file that say the same in an earlier tree of it, node by node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Common {
    /// How many from the first one on stand where they stood.
    pub ahead: usize,
    /// How many others up to the last one have only moved.
    pub behind: usize,
    /// How far these have moved.
    pub distance: Distance,
}

/// How far something has moved in a file and in its tree; what moves back wraps around.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Distance {
    pub bytes: u32,
    slots: u32,
}

impl NodeId {
    /// Makes it the same node of a tree in which that has moved.
    pub fn shift(&mut self, by: Distance) {
        let Self { slot, used } = self;
        *slot = slot.wrapping_add(by.slots);
        if *used != NONE {
            *used = used.wrapping_add(by.slots);
        }
    }
}

impl Tree {
    /// What it has in common with an earlier tree of the same file. `None` where a node may say
    /// what stands elsewhere, or be unknown.
    pub fn common(&self, before: &Self) -> Option<Common> {
        let is_plain =
            |tree: &Self| tree.is_whole() && tree.anchors.is_empty() && tree.others.is_empty();
        if self.file != before.file || !is_plain(self) || !is_plain(before) {
            return None;
        }
        let (now, was) = (self.documents.len(), before.documents.len());
        let most = now.min(was);
        let stays = |at: &usize| self.is_as_in(before, *at, *at, Distance::default());
        let ahead = (0..most).take_while(stays).count();
        let grown = |new: usize, old: usize| (new as u32).wrapping_sub(old as u32);
        let distance = Distance {
            bytes: grown(self.text.len(), before.text.len()),
            slots: grown(self.slots.len(), before.slots.len()),
        };
        let has_moved = |at: &usize| self.is_as_in(before, now - at, was - at, distance);
        let behind = (1..=most - ahead).take_while(has_moved).count();
        Some(Common { ahead, behind, distance })
    }

    /// The first slot of a document.
    fn first_slot(&self, document: usize) -> usize {
        let document = self.documents.get(document);
        document.map_or(self.slots.len(), |document| document.root.slot as usize)
    }

    /// Whether a document says what one of an earlier tree says, as far away from there.
    fn is_as_in(&self, before: &Self, document: usize, earlier: usize, by: Distance) -> bool {
        let slots = |tree: &Self, at: usize| tree.first_slot(at)..tree.first_slot(at + 1);
        let (now, was) = (slots(self, document), slots(before, earlier));
        if by.slot(was.start as u32) != now.start as u32 || now.len() != was.len() {
            return false;
        }
        let text = |tree: &Self, at: usize| tree.documents[at].span.range();
        let (text, text_before) = (text(self, document), text(before, earlier));
        if by.byte(text_before.start as u32) != text.start as u32
            || self.text.get(text) != before.text.get(text_before)
        {
            return false;
        }
        let tags = |tree: &Self, slots: &Range<usize>| {
            let at = |slot: usize| tree.tags.partition_point(|tag| (tag.slot as usize) < slot);
            at(slots.start)..at(slots.end)
        };
        let (tags, tags_before) = (&self.tags[tags(self, &now)], &before.tags[tags(before, &was)]);
        let is_same_tag = |(now, was): (&Property, &Property)| {
            (now.slot, now.start, now.end)
                == (by.slot(was.slot), by.byte(was.start), by.byte(was.end))
        };
        let mut slots = self.slots[now].iter().zip(&before.slots[was]);
        slots.all(|(now, was)| self.is_slot_as_in(before, now, was, by))
            && tags.len() == tags_before.len()
            && tags.iter().zip(tags_before).all(is_same_tag)
    }

    fn is_slot_as_in(&self, before: &Self, now: &Slot, was: &Slot, by: Distance) -> bool {
        let place = (by.byte(was.start), by.byte(was.end), by.slot(was.after));
        (now.start, now.end, now.after) == place
            && now.shape == was.shape
            && match now.shape {
                Shape::Alias => false,
                Shape::Scalar(_) => match (now.cooked(), was.cooked()) {
                    (Some(now), Some(was)) => {
                        self.is_cooked_as_in(before, &self.cooked[now], &before.cooked[was], by)
                    }
                    (now, was) => now == was,
                },
                Shape::Null | Shape::Sequence | Shape::Mapping => now.data == was.data,
            }
    }

    fn is_cooked_as_in(&self, before: &Self, now: &Cooked, was: &Cooked, by: Distance) -> bool {
        let range = |range: &Range<u32>| range.start as usize..range.end as usize;
        let pieces = &before.pieces[range(&was.pieces)];
        let mut moved = pieces.iter().map(|piece| piece.moved(|at| by.byte(at)));
        (now.content.start, now.content.end)
            == (by.byte(was.content.start), by.byte(was.content.end))
            && self.texts.get(range(&now.text)) == before.texts.get(range(&was.text))
            && now.pieces.len() == pieces.len()
            && self.pieces[range(&now.pieces)].iter().all(|piece| Some(*piece) == moved.next())
    }
}

impl Distance {
    fn byte(self, at: u32) -> u32 {
        at.wrapping_add(self.bytes)
    }

    fn slot(self, at: u32) -> u32 {
        at.wrapping_add(self.slots)
    }
}
