use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/development-mode.md"), Check::Container(check));

/// Variables with the values that switch the mode on; from the manual of each framework.
const MODES: &[(&str, &[&str])] = &[
    ("APP_DEBUG", &["true", "1"]),
    ("ASPNETCORE_ENVIRONMENT", &["development"]),
    ("DJANGO_DEBUG", &["true", "1"]),
    ("DOTNET_ENVIRONMENT", &["development"]),
    ("FLASK_DEBUG", &["true", "1"]),
    ("FLASK_ENV", &["development"]),
    ("GIN_MODE", &["debug"]),
    ("NODE_ENV", &["development", "dev"]),
    ("PYTHONDEVMODE", &["1"]),
    ("RACK_ENV", &["development"]),
    ("RAILS_ENV", &["development"]),
];

fn check(container: &Container, report: &mut Report) {
    for variable in &container.environment {
        let Some((text, value)) =
            variable.value.as_ref().and_then(|text| Some((text, text.known()?)))
        else {
            continue;
        };
        let name = variable.name.value.as_str();
        let is_mode = MODES.iter().any(|(known, values)| {
            *known == name && values.iter().any(|it| it.eq_ignore_ascii_case(value))
        });
        if is_mode {
            report
                .at(text.span(), format!("`{name}={value}` is a setting for development"))
                .help("leave it out, or set what the manual names for production");
        } else if value.contains("jdwp") || name == "NODE_OPTIONS" && value.contains("--inspect") {
            report
                .at(text.span(), format!("`{name}` opens a debugger to whoever reaches the port"))
                .help("leave it out; a debugger runs any code it is given");
        }
    }
    for command in [&container.entrypoint, &container.command].into_iter().filter_map(|it| it.get())
    {
        let Some(line) = command.value.line() else { continue };
        let opens = ["--inspect=0.0.0.0", "--inspect-brk=0.0.0.0", "-agentlib:jdwp", "-Xrunjdwp"];
        if let Some(option) = opens.iter().find(|option| line.contains(**option)) {
            report
                .at(
                    command.span,
                    format!("`{option}` opens a debugger to whoever reaches the port"),
                )
                .help("leave it out; a debugger runs any code it is given");
        }
    }
}
