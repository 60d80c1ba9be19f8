//! Text files that may be folded by gzip, and end in an error where a bomb would go off.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use trimtab_model::explain::Explained;
use trimtab_model::text::Text;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// How many times its own size a file may unfold to, beyond a grace: text of rows unfolds to
/// twenty to fifty times its size.
const MAX_RATIO: u64 = 200;
const BUFFER: usize = 64 << 10;

/// Returns whether a file is folded by gzip, and has so many bytes at least.
pub(crate) fn is_folded(path: &Path, least: u64) -> io::Result<bool> {
    let file = File::open(path)?;
    let is_large = file.metadata()?.len() >= least;
    let mut magic = Vec::new();
    file.take(GZIP_MAGIC.len() as u64).read_to_end(&mut magic)?;
    Ok(is_large && magic == GZIP_MAGIC)
}

/// Opens a file by its content, gzip or not. `grace` is what may unfold before the ratio counts.
pub(crate) fn open(path: &Path, grace: u64) -> io::Result<Box<dyn BufRead>> {
    let mut file = BufReader::with_capacity(BUFFER, File::open(path)?);
    let folded = file.get_ref().metadata()?.len();
    if !file.fill_buf()?.starts_with(&GZIP_MAGIC) {
        return Ok(Box::new(file));
    }
    let left = grace.saturating_add(folded.saturating_mul(MAX_RATIO));
    let unfolded = Unfolded { inner: MultiGzDecoder::new(file), left };
    Ok(Box::new(BufReader::with_capacity(BUFFER, unfolded)))
}

/// A stream of which only so many bytes may come.
struct Unfolded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Unfolded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
            io::Error::other(Explained(Text::new(
                format!("it unfolds to more than {MAX_RATIO} times its size"),
                format!("압축을 풀면 {MAX_RATIO}배가 넘습니다"),
            )))
        })?;
        Ok(count)
    }
}
