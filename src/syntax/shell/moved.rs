//! Scripts that stand elsewhere than before: their places move, and nothing is read again.

use std::sync::Arc;

use super::{
    Assignment, Body, Command, Compound, Heredoc, Item, List, Node, OptionValue, Part, PartKind,
    Pipeline, Redirection, Script, Variable, Word,
};
use crate::source::Placed;

impl Placed for Script {
    fn shift(&mut self, by: u32) {
        self.change(|list| list.shift(by));
    }
}

impl Placed for List {
    fn shift(&mut self, by: u32) {
        let Self { items } = self;
        for Item { pipeline, separator: _ } in items {
            Arc::make_mut(pipeline).shift(by);
        }
    }
}

impl Placed for Pipeline {
    fn shift(&mut self, by: u32) {
        let Self { span, negated: _, commands } = self;
        span.shift(by);
        commands.shift(by);
    }
}

impl Placed for Node {
    fn shift(&mut self, by: u32) {
        match self {
            Self::Simple(command) => command.shift(by),
            Self::Compound(compound) => compound.shift(by),
        }
    }
}

impl Placed for Command {
    fn shift(&mut self, by: u32) {
        let Self { assignments, words, redirections, inner, wrapped: _, named: _ } = self;
        assignments.shift(by);
        words.shift(by);
        redirections.shift(by);
        inner.as_deref_mut().into_iter().for_each(|script| script.shift(by));
    }
}

impl Placed for Assignment {
    fn shift(&mut self, by: u32) {
        let Self { span, name: _, value } = self;
        span.shift(by);
        value.shift(by);
    }
}

impl Placed for Compound {
    fn shift(&mut self, by: u32) {
        let Self { span, kind: _, words, bodies, redirections } = self;
        span.shift(by);
        words.shift(by);
        for Body { role: _, list } in bodies {
            list.shift(by);
        }
        redirections.shift(by);
    }
}

impl Placed for Redirection {
    fn shift(&mut self, by: u32) {
        let Self { span, operator: _, descriptor: _, target, heredoc } = self;
        span.shift(by);
        target.shift(by);
        let heredoc = heredoc.as_mut().and_then(|heredoc| Arc::make_mut(heredoc).get_mut());
        if let Some(Heredoc { body, script }) = heredoc {
            body.shift(by);
            script.shift(by);
        }
    }
}

impl Placed for Word {
    fn shift(&mut self, by: u32) {
        let Self { span, parts } = self;
        span.shift(by);
        parts.shift(by);
    }
}

impl Placed for Part {
    fn shift(&mut self, by: u32) {
        let Self { span, quoted: _, kind } = self;
        span.shift(by);
        match kind {
            PartKind::Literal(_) => {}
            PartKind::Variable(variable) => {
                let Variable { name: _, operator: _, argument } = &mut **variable;
                argument.shift(by);
            }
            PartKind::Substitution(list) | PartKind::Process(list) => list.shift(by),
            PartKind::Arithmetic(parts) => parts.shift(by),
            PartKind::Array(words) => words.shift(by),
        }
    }
}

impl Placed for OptionValue {
    fn shift(&mut self, by: u32) {
        let Self { text: _, span } = self;
        span.shift(by);
    }
}
