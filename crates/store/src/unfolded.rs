//! A gzip stream that ends in an error where a bomb would go off.

use std::io::{self, Read};

use trimtab_model::explain::Explained;
use trimtab_model::text::Text;

/// Compression ratio above which a gzip is taken for a bomb.
MAXDOC

/// A stream of which only so much may come.
pub(crate) struct Unfolded<R> {
    pub(crate) inner: R,
    /// Bytes that may still come.
    pub(crate) left: u64,
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
