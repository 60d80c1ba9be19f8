//! Where a lake is: a directory, or a prefix of an object store.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::datasource::listing::ListingTableUrl;
use object_store::ObjectStore;
use object_store::path::Path as ObjectPath;

use super::open::LakeError;
use crate::engine::Engine;

/// A place for files that are written once and never changed.
#[derive(Debug, Clone)]
pub(super) enum Location {
    /// A directory of this machine.
    Directory(PathBuf),
    /// A prefix of an object store.
    Objects {
        store: Arc<dyn ObjectStore>,
        /// URL up to the prefix, without a slash at the end.
        base: String,
        prefix: ObjectPath,
    },
}

impl Location {
    /// Finds the place that `text` names: a path, or a URL such as `s3://bucket/prefix`.
    pub(super) fn open(
        text: &str,
        options: &BTreeMap<String, String>,
        engine: &Engine,
    ) -> Result<Self, LakeError> {
        if !text.contains("://") {
            let path = PathBuf::from(text);
            std::fs::create_dir_all(&path)
                .and_then(|()| path.canonicalize())
                .map(Self::Directory)
                .map_err(|cause| LakeError::Place {
                    place: text.to_owned(),
                    cause: Box::new(cause),
                })
        } else {
            let fail = |cause: Box<dyn std::error::Error + Send + Sync>| LakeError::Place {
                place: text.to_owned(),
                cause,
            };
            let base = text.trim_end_matches('/').to_owned();
            let url = ListingTableUrl::parse(format!("{base}/"))
                .map_err(|cause| fail(Box::new(cause)))?;
            let (store, prefix) = object_store::parse_url_opts(url.as_ref(), options)
                .map_err(|cause| fail(Box::new(cause)))?;
            let store: Arc<dyn ObjectStore> = Arc::from(store);
            engine.register(&url.object_store(), store.clone());
            Ok(Self::Objects { store, base, prefix })
        }
    }

    /// Returns what the engine calls a file of the lake.
    pub(super) fn address(&self, relative: &str) -> String {
        match self {
            Self::Directory(root) => root.join(relative).to_string_lossy().into_owned(),
            Self::Objects { base, .. } => format!("{base}/{relative}"),
        }
    }

    /// Moves a staged file to its place, on the disk before this returns.
    pub(super) fn place(
        &self,
        engine: &Engine,
        staged: &Path,
        relative: &str,
    ) -> Result<(), LakeError> {
        let fail = |cause: Box<dyn std::error::Error + Send + Sync>| LakeError::Place {
            place: self.address(relative),
            cause,
        };
        match self {
            Self::Directory(root) => {
                place_in(root, staged, relative).map_err(|cause| fail(Box::new(cause)))
            }
            Self::Objects { store, prefix, .. } => {
                let target = relative.split('/').fold(prefix.clone(), |path, part| path.join(part));
                engine.wait(upload(store.as_ref(), staged, &target)).map_err(fail)
            }
        }
    }

    /// Removes a file; one that is not there is no error.
    pub(super) fn remove(&self, engine: &Engine, relative: &str) -> Result<(), LakeError> {
        let fail = |cause: Box<dyn std::error::Error + Send + Sync>| LakeError::Place {
            place: self.address(relative),
            cause,
        };
        match self {
            Self::Directory(root) => match std::fs::remove_file(root.join(relative)) {
                Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                    Err(fail(Box::new(cause)))
                }
                _ => Ok(()),
            },
            Self::Objects { store, prefix, .. } => {
                use object_store::ObjectStoreExt;
                let target = relative.split('/').fold(prefix.clone(), |path, part| path.join(part));
                match engine.wait(store.delete(&target)) {
                    Err(object_store::Error::NotFound { .. }) | Ok(()) => Ok(()),
                    Err(cause) => Err(fail(Box::new(cause))),
                }
            }
        }
    }
}

fn place_in(root: &Path, staged: &Path, relative: &str) -> std::io::Result<()> {
    let target = root.join(relative);
    let parent = target.parent().unwrap_or(root);
    std::fs::create_dir_all(parent)?;
    if std::fs::rename(staged, &target).is_err() {
        // Staging lies on another file system.
        std::fs::copy(staged, &target)?;
    }
    std::fs::File::open(&target)?.sync_all()?;
    std::fs::File::open(parent)?.sync_all()
}

async fn upload(
    store: &dyn ObjectStore,
    staged: &Path,
    target: &ObjectPath,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    use object_store::{ObjectStoreExt, WriteMultipart};
    use std::io::Read;
    let mut file = std::fs::File::open(staged)?;
    let mut writer = WriteMultipart::new(store.put_multipart(target).await?);
    let mut buffer = vec![0; 8 << 20];
    loop {
        let read = file.read(&mut buffer)?;
        match buffer.get(..read) {
            Some(bytes) if read > 0 => {
                writer.wait_for_capacity(4).await?;
                writer.write(bytes);
            }
            _ => break,
        }
    }
    writer.finish().await?;
    Ok(())
}
