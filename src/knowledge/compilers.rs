//! Programs that make something out of sources: whoever runs one is building.

/// By program; the words are those of which one must be its first argument, none if any will do.
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

/// Whether a program with this first argument builds.
pub fn is_build(program: &str, first: Option<&str>) -> bool {
    COMPILERS.iter().any(|(name, words)| {
        *name == program && (words.is_empty() || first.is_some_and(|first| words.contains(&first)))
    })
}
