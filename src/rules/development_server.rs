use crate::model::container::Container;
use crate::rule::{Check, Report, Rule};

pub static RULE: Rule =
    Rule::new(include_str!("../../rules/development-server.md"), Check::Container(check));

/// What a command line says when it starts a server for developing; from the manual of each.
const SERVERS: &[&str] = &[
    "flask run",
    "manage.py runserver",
    "npm run dev",
    "yarn dev",
    "yarn run dev",
    "pnpm dev",
    "pnpm run dev",
    "bun run dev",
    "next dev",
    "nuxt dev",
    "ng serve",
    "vue-cli-service serve",
    "webpack-dev-server",
    "webpack serve",
    "nodemon",
    "ts-node-dev",
    "uvicorn --reload",
    "fastapi dev",
    "php artisan serve",
    "php -S",
    "rails server -e development",
    "rails s -e development",
    "gunicorn --reload",
    "hypercorn --reload",
    "dotnet watch",
    "ember serve",
    "gatsby develop",
    "hugo server",
    "jekyll serve",
    "mkdocs serve",
    "mvn quarkus:dev",
    "vite --host",
    "air",
    "mix phx.server --dev",
];

fn check(container: &Container, report: &mut Report) {
    for command in [&container.entrypoint, &container.command].into_iter().filter_map(|it| it.get())
    {
        let Some(line) = command.value.line() else { continue };
        let words: Vec<&str> =
            line.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word)).collect();
        let says = |server: &&&str| {
            let wanted: Vec<&str> = server.split(' ').collect();
            match wanted.as_slice() {
                // Its options stand anywhere behind it.
                [program, option] if option.starts_with("--") => {
                    words.contains(program) && words.contains(option)
                }
                wanted => words.windows(wanted.len()).any(|window| window == wanted),
            }
        };
        if let Some(server) = SERVERS.iter().find(says) {
            report
                .at(command.span, format!("`{server}` is a server for developing"))
                .help("start the server that its manual names for production");
        }
    }
}
