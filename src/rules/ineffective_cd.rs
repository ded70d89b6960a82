use crate::model::Recipe;
use crate::rule::{Check, Report, Rule};
use crate::syntax::dockerfile::Keyword;
use crate::syntax::shell::Node;

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/ineffective-cd.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for run in recipe.runs_calling(&["cd"]) {
        let Some(last) = run.script.list.items.last() else { continue };
        let [Node::Simple(command)] = last.pipeline.commands.as_slice() else { continue };
        let Some(program) = command.program().filter(|program| program.name == "cd") else {
            continue;
        };
        // Behind other commands some go back for the sake of order.
        let back = ["..", "-", "/", "~"];
        let target = program.arguments.first().map(|word| word.prefix());
        let next = recipe.build.stages[run.stage].steps.get(run.step + 1);
        if next.is_some_and(|next| next.instruction(&recipe.tree).kind == Keyword::Workdir) {
            continue;
        }
        let is_alone = run.script.list.items.len() == 1;
        if target.is_some_and(|target| is_alone || !back.contains(&&*target)) {
            report
                .at(program.word.span, "this `cd` ends with its `RUN`: the next starts elsewhere")
                .help("use `WORKDIR`");
        }
    }
}
