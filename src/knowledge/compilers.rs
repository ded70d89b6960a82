//! Programs that make something out of sources: whoever runs one is building.

/// By program; the words are those of which one must be an argument, none if any will do.
/// From the manual of each.
const COMPILERS: &[(&str, &[&str])] = &[
    ("cc", &[]),
    ("gcc", &[]),
    ("g++", &[]),
    ("c++", &[]),
    ("clang", &[]),
    ("clang++", &[]),
    ("rustc", &[]),
    ("javac", &[]),
    ("kotlinc", &[]),
    ("ghc", &[]),
    ("tsc", &[]),
    ("webpack", &[]),
    ("make", &[]),
    ("gmake", &[]),
    ("ninja", &[]),
    ("meson", &["compile", "install"]),
    ("cmake", &["--build"]),
    ("bazel", &["build"]),
    ("mvn", &["package", "install", "clean", "verify", "compile", "deploy"]),
    ("mvnw", &["package", "install", "clean", "verify", "compile", "deploy"]),
    ("gradle", &["build", "assemble", "bootJar", "shadowJar", "installDist", "clean"]),
    ("gradlew", &["build", "assemble", "bootJar", "shadowJar", "installDist", "clean"]),
    ("ant", &[]),
    ("sbt", &["assembly", "compile", "stage", "package", "dist"]),
    ("dotnet", &["build", "publish", "pack"]),
    ("msbuild", &[]),
    ("swift", &["build"]),
    ("stack", &["build", "install"]),
    ("cabal", &["build", "install"]),
    ("mix", &["release", "compile"]),
    ("ng", &["build"]),
    ("vite", &["build"]),
    ("next", &["build"]),
];

/// Whether a program with these arguments builds. Gradle's tasks may stand behind a path: `:app:build`.
pub fn is_build<'a>(program: &str, arguments: impl IntoIterator<Item = &'a str>) -> bool {
    let Some((_, words)) = COMPILERS.iter().find(|(name, _)| *name == program) else {
        return false;
    };
    let last = |argument: &'a str| argument.rsplit(':').next().unwrap_or(argument);
    words.is_empty() || arguments.into_iter().any(|argument| words.contains(&last(argument)))
}
