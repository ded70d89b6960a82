use crate::model::Recipe;
use crate::model::text::Origin;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/constant-platform.md"), Check::Dockerfile(check));

fn check(recipe: &Recipe, report: &mut Report) {
    for stage in &recipe.build.stages {
        let Some(platform) = &stage.platform else { continue };
        let is_written = platform.parts().iter().all(|part| part.origin == Origin::Written);
        let Some(value) = platform.known().filter(|value| is_written && !value.is_empty()) else {
            continue;
        };
        // Windows runs on what it is made for.
        if value.starts_with("windows") {
            continue;
        }
        let name = stage.name.as_ref().map(|name| name.value.to_lowercase()).unwrap_or_default();
        if value.split('/').any(|word| !word.is_empty() && name.contains(&word.to_lowercase())) {
            continue;
        }
        report
            .at(platform.span(), format!("the stage is built for `{value}` whatever is asked for"))
            .help("leave it out, or use `$BUILDPLATFORM`; `--platform` belongs to the build");
    }
}
