//! The grammar of what holds lists: `if`, loops, `case`, groups, functions, tests.

use std::sync::Arc;

use smallvec::{SmallVec, smallvec};

use super::tokens::{Parser, Token};
use super::words::Within;
use super::{Body, Compound, Item, Kind, List, Pipeline, Role, Separator, Word};

impl Parser<'_> {
    pub fn compound(&mut self, kind: Kind) -> Compound {
        let start = self.token_range.start;
        let span = self.span(start, self.token_range.end);
        let mut compound = Compound {
            span,
            kind,
            words: Vec::new(),
            bodies: Vec::new(),
            redirections: Vec::new(),
        };
        match kind {
            Kind::Subshell => self.subshell(&mut compound),
            Kind::Group => {
                self.bump();
                self.body(&mut compound, Role::Main);
                self.expect("}");
            }
            Kind::If => self.if_(&mut compound),
            Kind::While => {
                self.bump();
                self.body(&mut compound, Role::Condition);
                self.do_(&mut compound);
            }
            Kind::For => self.for_(&mut compound),
            Kind::Case => self.case(&mut compound),
            Kind::Function => {
                self.bump();
                self.take_word(&mut compound, "the name of the function is missing");
                if self.token == Token::Operator("(") {
                    self.bump();
                    self.close_parenthesis();
                }
                self.function_body(&mut compound);
            }
            Kind::Test => self.test(&mut compound),
            Kind::Arithmetic => {
                let open = self.at - 1;
                self.at += 1;
                match self.arithmetic(open) {
                    Some(parts) => {
                        let span = self.span(open + 2, self.at);
                        compound.words.push(Word { span, parts });
                        self.bump();
                    }
                    None => {
                        self.at = open + 1;
                        compound.kind = Kind::Subshell;
                        self.subshell(&mut compound);
                    }
                }
            }
        }
        while let Some(redirection) = self.redirection(None) {
            compound.redirections.push(redirection);
        }
        compound.span = self.span(start, self.before);
        compound
    }

    fn body(&mut self, compound: &mut Compound, role: Role) {
        let list = self.list();
        if list.items.is_empty() {
            self.unexpected_token();
        }
        compound.bodies.push(Body { role, list });
    }

    fn expect(&mut self, keyword: &str) {
        if self.keyword == keyword {
            self.bump();
        } else {
            self.unexpected(&format!("`{keyword}` is missing before this"));
        }
    }

    fn close_parenthesis(&mut self) {
        if self.token == Token::Operator(")") {
            self.bump();
        } else {
            self.unexpected("`)` is missing before this");
        }
    }

    fn take_word(&mut self, compound: &mut Compound, missing: &str) {
        match self.token {
            Token::Word(_) => compound.words.extend(self.bump().word()),
            _ => self.unexpected(missing),
        }
    }

    fn subshell(&mut self, compound: &mut Compound) {
        self.bump();
        self.body(compound, Role::Main);
        self.close_parenthesis();
    }

    fn if_(&mut self, compound: &mut Compound) {
        loop {
            self.bump();
            self.body(compound, Role::Condition);
            self.expect("then");
            self.body(compound, Role::Branch);
            if self.keyword != "elif" {
                break;
            }
        }
        if self.keyword == "else" {
            self.bump();
            self.body(compound, Role::Branch);
        }
        self.expect("fi");
    }

    fn do_(&mut self, compound: &mut Compound) {
        self.expect("do");
        self.body(compound, Role::Branch);
        self.expect("done");
    }

    fn for_(&mut self, compound: &mut Compound) {
        self.bump();
        if self.token == Token::Operator("(") && self.byte(0) == Some(b'(') {
            let open = self.token_range.start;
            self.at += 1;
            if let Some(parts) = self.arithmetic(open) {
                compound.words.push(Word { span: self.span(open + 2, self.at), parts });
            }
            self.bump();
        } else {
            self.take_word(compound, "the name of the variable is missing");
            self.skip_newlines();
            if self.keyword == "in" {
                self.bump();
                while let Token::Word(_) = self.token {
                    self.take_word(compound, "");
                }
                if !matches!(self.token, Token::Operator(";") | Token::Newline) {
                    self.unexpected("`;` is missing before this");
                }
            }
        }
        if self.token == Token::Operator(";") {
            self.bump();
        }
        self.skip_newlines();
        if self.keyword == "{" {
            self.bump();
            self.body(compound, Role::Branch);
            self.expect("}");
        } else {
            self.do_(compound);
        }
    }

    fn case(&mut self, compound: &mut Compound) {
        self.bump();
        self.take_word(compound, "the word to compare is missing");
        self.skip_newlines();
        self.expect("in");
        self.skip_newlines();
        while self.keyword != "esac" && self.token != Token::End {
            if self.token == Token::Operator("(") {
                self.bump();
            }
            self.take_word(compound, "a pattern is missing before this");
            while self.token == Token::Operator("|") {
                self.bump();
                self.take_word(compound, "a pattern is missing before this");
            }
            if self.token != Token::Operator(")") {
                self.unexpected("`)` is missing before this");
            }
            self.bump();
            let list = self.list();
            compound.bodies.push(Body { role: Role::Branch, list });
            if !matches!(self.token, Token::Operator(";;" | ";&" | ";;&")) {
                break;
            }
            self.bump();
            self.skip_newlines();
        }
        self.expect("esac");
    }

    pub fn function_body(&mut self, compound: &mut Compound) {
        self.skip_newlines();
        let start = self.token_range.start;
        let command = self.command();
        let span = self.span(start, self.before.max(start));
        let commands = SmallVec::from_iter(command);
        if commands.is_empty() {
            return;
        }
        let pipeline = Arc::new(Pipeline { span, negated: false, commands });
        let list = List { items: smallvec![Item { pipeline, separator: Separator::Then }] };
        compound.bodies.push(Body { role: Role::Main, list });
    }

    fn test(&mut self, compound: &mut Compound) {
        self.bump();
        while self.keyword != "]]" && self.token != Token::End {
            if self.keyword == "=~" {
                self.skip_blanks();
                let pattern = self.word(Within::Pattern);
                compound.words.extend(self.bump().word());
                compound.words.push(pattern);
            } else {
                compound.words.extend(self.bump().word());
            }
        }
        self.expect("]]");
    }
}
