//! Functions that are not changed.

use trimtab_model::resource::Resource;
use trimtab_model::resource::function::{Function, MOST_PACKAGE_BYTES, RUNTIMES_WITHOUT_ARM64};
use trimtab_model::text::Reason;

use super::{changed, refuse};

/// How the names of the runtimes begin whose packages hold source or bytecode, which either
/// processor runs (Lambda developer guide, "Lambda runtimes").
const INTERPRETED: &[&str] = &["nodejs", "python", "ruby", "java", "dotnet"];
/// How the names of those begin whose packages hold a program for one processor.
const COMPILED: &[&str] = &["provided", "go"];

/// Returns why a function does not get another amount of memory.
pub(super) fn of_memory(function: &Resource<Function>, from_mb: u32) -> Option<Reason> {
    let has = function.kind.memory_size_mb?;
    if has == from_mb { None } else { changed("MemorySize", from_mb, has) }
}

/// Returns why a function does not get another architecture with the package that it has.
///
/// Whether the package has native parts, and whether its layers are there for the other processor,
/// is asked of its owner before anything is changed.
pub(super) fn of_architecture(function: &Resource<Function>, from: &str) -> Option<Reason> {
    let kind = &function.kind;
    if !kind.architectures.iter().any(|one| one == from) {
        return changed("Architectures", from, kind.architectures.join(", "));
    }
    if kind.package_type.as_deref() == Some("Image") {
        return refuse(
            "container-image",
            "It runs from a container image, which must be built for the other architecture.",
            "컨테이너 이미지로 실행되며, 이미지를 새 아키텍처로 다시 빌드해야 합니다.",
        );
    }
    of_runtime(kind.runtime.as_deref()).or_else(|| of_size(kind.code_size_bytes))
}

fn of_runtime(runtime: Option<&str>) -> Option<Reason> {
    let is_of = |families: &[&str]| {
        runtime.is_some_and(|name| families.iter().any(|family| name.starts_with(family)))
    };
    if is_of(COMPILED) {
        return refuse(
            "compiled-code",
            "Its code is compiled for one processor: it must be built for the other architecture.",
            "코드가 한 프로세서용으로 컴파일되어 있어 새 아키텍처로 다시 빌드해야 합니다.",
        );
    }
    if !is_of(INTERPRETED) {
        return refuse(
            "runtime-unknown",
            "Its runtime is not known, and with it whether its package runs on another processor.",
            "런타임을 알 수 없어 배포 패키지가 다른 프로세서에서 실행되는지 판단할 수 없습니다.",
        );
    }
    let runtime = runtime.filter(|name| RUNTIMES_WITHOUT_ARM64.contains(name))?;
    refuse(
        "runtime-without-arm64",
        format!("The runtime {runtime} does not exist for arm64: a newer one comes first."),
        format!("{runtime} 런타임은 arm64를 지원하지 않습니다. 런타임을 먼저 올려야 합니다."),
    )
}

fn of_size(bytes: Option<u64>) -> Option<Reason> {
    let Some(bytes) = bytes else {
        return refuse(
            "package-size-unknown",
            "The size of its package is not known: Lambda takes up to 50 MB directly.",
            "배포 패키지의 크기를 알 수 없습니다. Lambda에 직접 올릴 수 있는 크기는 50 MB까지입니다.",
        );
    };
    if bytes <= MOST_PACKAGE_BYTES {
        return None;
    }
    let megabytes = bytes.div_ceil(1 << 20);
    refuse(
        "package-too-large",
        format!(
            "Its package has {megabytes} MB, and Lambda takes more than 50 MB from a bucket only: whoever builds it gives it again."
        ),
        format!(
            "배포 패키지가 {megabytes} MB입니다. 50 MB를 넘으면 S3 버킷에서만 올릴 수 있으므로 빌드하는 쪽에서 다시 배포해야 합니다."
        ),
    )
}
