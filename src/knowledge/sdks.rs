//! Images that are made to build with, not to ship.

use std::sync::LazyLock;

use super::images::{Image, Index};

/// An image with a tool chain.
#[derive(Clone, Copy, Debug)]
pub struct Sdk {
    images: &'static [&'static str],
    /// One of these must be a word of the tag; none, if it is so for every tag.
    tags: &'static [&'static str],
    /// None of these may be a word of the tag.
    but: &'static [&'static str],
    /// What it carries, as a message says it: "the Go tool chain".
    pub carries: &'static str,
    /// What to ship instead.
    pub instead: &'static str,
    /// Programs can also run on it as they are: shipping it is waste, not a mistake.
    pub runs: bool,
}

const ANY: Sdk = Sdk { images: &[], tags: &[], but: &[], carries: "", instead: "", runs: false };

const STATIC: &str = "`gcr.io/distroless/static-debian12` or `scratch`";
const LIBC: &str = "`gcr.io/distroless/cc-debian12` or `debian:<version>-slim`";

static SDKS: &[Sdk] = &[
    Sdk {
        images: &[
            "golang",
            "cgr.dev/chainguard/go",
            "cimg/go",
            "circleci/golang",
            "bitnami/golang",
        ],
        carries: "the Go tool chain",
        instead: STATIC,
        ..ANY
    },
    Sdk {
        images: &[
            "rust",
            "rustlang/rust",
            "cgr.dev/chainguard/rust",
            "messense/rust-musl-cross",
            "ekidd/rust-musl-builder",
            "clux/muslrust",
            "lukemathwalker/cargo-chef",
        ],
        carries: "the Rust tool chain",
        instead: LIBC,
        ..ANY
    },
    Sdk {
        images: &["maven", "cgr.dev/chainguard/maven"],
        carries: "Maven and a JDK",
        instead: "a JRE such as `eclipse-temurin:<version>-jre`",
        ..ANY
    },
    Sdk {
        images: &["gradle", "cgr.dev/chainguard/gradle"],
        carries: "Gradle and a JDK",
        instead: "a JRE such as `eclipse-temurin:<version>-jre`",
        ..ANY
    },
    Sdk {
        images: &["sbtscala/scala-sbt", "hseeberger/scala-sbt", "mozilla/sbt", "clojure"],
        carries: "a build tool and a JDK",
        instead: "a JRE such as `eclipse-temurin:<version>-jre`",
        ..ANY
    },
    Sdk {
        images: &[
            "ghcr.io/graalvm/native-image",
            "ghcr.io/graalvm/native-image-community",
            "ghcr.io/graalvm/graalvm-ce",
            "container-registry.oracle.com/graalvm/native-image",
            "quay.io/quarkus/ubi-quarkus-mandrel-builder-image",
            "quay.io/quarkus/ubi-quarkus-graalvmce-builder-image",
        ],
        carries: "GraalVM's compiler",
        instead: STATIC,
        ..ANY
    },
    Sdk {
        images: &[
            "mcr.microsoft.com/dotnet/sdk",
            "mcr.microsoft.com/dotnet/core/sdk",
            "bitnami/dotnet-sdk",
        ],
        carries: "the .NET SDK",
        instead: "`mcr.microsoft.com/dotnet/aspnet` or `mcr.microsoft.com/dotnet/runtime`",
        ..ANY
    },
    Sdk {
        images: &["microsoft/dotnet", "mcr.microsoft.com/dotnet/core"],
        tags: &["sdk"],
        carries: "the .NET SDK",
        instead: "`mcr.microsoft.com/dotnet/aspnet` or `mcr.microsoft.com/dotnet/runtime`",
        ..ANY
    },
    Sdk {
        images: &["mcr.microsoft.com/dotnet/framework/sdk"],
        carries: "the .NET Framework SDK",
        instead: "`mcr.microsoft.com/dotnet/framework/runtime` or `aspnet`",
        ..ANY
    },
    Sdk {
        images: &["gcc", "silkeh/clang", "dockcross/"],
        carries: "a C and C++ tool chain",
        instead: LIBC,
        ..ANY
    },
    Sdk {
        images: &["buildpack-deps"],
        but: &["curl"],
        carries: "a C and C++ tool chain",
        instead: LIBC,
        ..ANY
    },
    Sdk {
        images: &["swift"],
        but: &["slim"],
        carries: "the Swift tool chain",
        instead: "`swift:<version>-slim`",
        ..ANY
    },
    Sdk {
        images: &["haskell", "fpco/stack-build"],
        carries: "the Haskell tool chain",
        instead: LIBC,
        ..ANY
    },
    Sdk {
        images: &["ocaml/opam", "ocaml/opam2"],
        carries: "the OCaml tool chain",
        instead: LIBC,
        ..ANY
    },
    Sdk {
        images: &["dart", "google/dart"],
        carries: "the Dart SDK",
        instead: "`scratch`, with the files of `/runtime/`",
        ..ANY
    },
    Sdk {
        images: &["cirrusci/flutter", "ghcr.io/cirruslabs/flutter"],
        carries: "the Flutter SDK",
        instead: "a web server such as `nginx`",
        ..ANY
    },
    Sdk {
        images: &["crystallang/crystal", "nimlang/nim", "nim", "haxe"],
        carries: "a compiler",
        instead: LIBC,
        ..ANY
    },
    Sdk {
        images: &["emscripten/emsdk"],
        carries: "the Emscripten SDK",
        instead: "a web server such as `nginx`",
        ..ANY
    },
    Sdk { images: &["composer"], carries: "Composer", instead: "`php:<version>-fpm`", ..ANY },
    Sdk {
        images: &["nvidia/cuda", "nvcr.io/nvidia/cuda", "pytorch/pytorch"],
        tags: &["devel"],
        carries: "the CUDA compiler and headers",
        instead: "the same image's `-runtime` tag",
        ..ANY
    },
    Sdk {
        images: &["gcr.io/bazel-public/bazel", "l.gcr.io/google/bazel"],
        carries: "Bazel",
        instead: STATIC,
        ..ANY
    },
    Sdk {
        images: &[
            "registry.access.redhat.com/ubi8/go-toolset",
            "registry.access.redhat.com/ubi9/go-toolset",
            "registry.access.redhat.com/devtools/go-toolset-rhel7",
        ],
        carries: "the Go tool chain",
        instead: "`registry.access.redhat.com/ubi9/ubi-micro`",
        ..ANY
    },
    Sdk {
        images: &["mcr.microsoft.com/devcontainers/", "mcr.microsoft.com/vscode/devcontainers/"],
        carries: "an editor's development environment",
        instead: "the language's run-time image",
        ..ANY
    },
    Sdk {
        images: &["cimg/", "circleci/"],
        carries: "the tools of a CI job",
        instead: "the language's run-time image",
        ..ANY
    },
    Sdk {
        images: &["klakegg/hugo", "hugomods/hugo"],
        carries: "the Hugo site generator",
        instead: "a web server such as `nginx`",
        runs: true,
        ..ANY
    },
    // A JDK runs programs as well; it also compiles them.
    Sdk {
        images: &["eclipse-temurin", "ibm-semeru-runtimes", "sapmachine", "openjdk", "java"],
        but: &["jre"],
        carries: "a JDK",
        instead: "the JRE, such as `eclipse-temurin:<version>-jre`",
        runs: true,
        ..ANY
    },
    Sdk {
        images: &[
            "amazoncorretto",
            "azul/zulu-openjdk",
            "azul/zulu-openjdk-alpine",
            "bellsoft/liberica-openjdk-alpine",
            "bellsoft/liberica-openjdk-debian",
            "mcr.microsoft.com/openjdk/jdk",
            "cgr.dev/chainguard/jdk",
        ],
        but: &["jre", "headless"],
        carries: "a JDK",
        instead: "the JRE, such as `eclipse-temurin:<version>-jre`",
        runs: true,
        ..ANY
    },
];

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::new(SDKS.iter().map(|row| row.images)));

/// What `image` is for, if it is for building.
pub fn of(image: &Image) -> Option<&'static Sdk> {
    INDEX.rows(image.name).into_iter().map(|row| &SDKS[row]).find(|sdk| {
        image.has_word(sdk.tags) == Some(true)
            && (sdk.but.is_empty() || image.has_word(sdk.but) == Some(false))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sdk(name: &str, tag: &str) -> Option<&'static str> {
        of(&Image { name, tag: Some(tag), hidden: false, release: &Vec::new })
            .map(|sdk| sdk.carries)
    }

    #[test]
    fn a_tag_can_make_an_sdk_or_a_runtime() {
        assert_eq!(
            sdk("nvidia/cuda", "12.3.1-devel-ubuntu22.04"),
            Some("the CUDA compiler and headers")
        );
        assert_eq!(sdk("nvidia/cuda", "12.3.1-base-ubuntu22.04"), None);
        assert_eq!(sdk("swift", "5.9-slim"), None);
        assert_eq!(sdk("eclipse-temurin", "21-jre"), None);
        assert_eq!(sdk("eclipse-temurin", "21"), Some("a JDK"));
    }

    #[test]
    fn a_language_that_runs_from_source_is_no_sdk() {
        assert!(["node", "python", "ruby", "php"].iter().all(|name| sdk(name, "3").is_none()));
    }
}
