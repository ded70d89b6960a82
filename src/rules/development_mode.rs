use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/development-mode.md"), Check::Container(check));

/// Variables with the values that switch the mode on; from the manual of each framework.
const MODES: &[(&str, &[&str])] = &[
    ("APP_DEBUG", &["true", "1"]),
    ("ASPNETCORE_ENVIRONMENT", &["development"]),
    ("DEBUG", &["true", "1", "yes", "on"]),
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

/// What opens a port to debug through when it stands in a command, and what else has to.
const DEBUGGERS: &[(&str, &str)] = &[
    ("--inspect=0.0.0.0", ""),
    ("--inspect-brk=0.0.0.0", ""),
    ("-agentlib:jdwp", ""),
    ("-Xrunjdwp", ""),
    ("debugpy", "--listen 0.0.0.0"),
    ("dlv", "--headless"),
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
        let is_given =
            |(first, second): &&(&str, &str)| line.contains(first) && line.contains(second);
        if let Some((debugger, _)) = DEBUGGERS.iter().find(is_given) {
            report
                .at(
                    command.span,
                    format!("`{debugger}` opens a debugger to whoever reaches the port"),
                )
                .help("leave it out; a debugger runs any code it is given");
        }
    }
}
