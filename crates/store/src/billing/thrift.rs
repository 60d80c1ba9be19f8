//! Walks Thrift's compact protocol without building anything from it.
//!
//! Parquet's footer and page headers are Thrift. A list there states its length
//! before its elements, and a reader that believes it allocates what a hostile file
//! says. This walk checks first that every stated length fits what is left.

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

/// Why the bytes are no sound Thrift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not sound Parquet: its description is broken")]
pub(super) struct Unsound;

impl Explain for Unsound {
    fn text(&self) -> Text {
        Text::new(self.to_string(), "온전한 Parquet이 아닙니다. 파일의 구조 정보가 깨졌습니다")
    }
}

/// Deepest nesting: a footer needs six.
const DEPTH: u32 = 24;
/// Types of the compact protocol.
const STOP: u8 = 0;
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
const I32: u8 = 5;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
const STRUCT: u8 = 12;

/// Hears the whole numbers of a struct, each with its path of field ids.
type Hear<'h> = dyn FnMut(&[i16], i64) + 'h;

/// One place in Thrift bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Returns how many bytes were walked.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Walks one struct. `number` hears every whole number in it with its path of
    /// field ids, such as `[5, 1]`; numbers in lists are not reported.
    pub(super) fn walk(&mut self, number: &mut Hear<'_>) -> Result<(), Unsound> {
        let mut path = Vec::new();
        self.structure(&mut path, 0, Some(number))
    }

    fn structure(
        &mut self,
        path: &mut Vec<i16>,
        depth: u32,
        mut number: Option<&mut Hear<'_>>,
    ) -> Result<(), Unsound> {
        if depth > DEPTH {
            return Err(Unsound);
        }
        let mut field: i16 = 0;
        loop {
            let head = self.byte()?;
            let kind = head & 0x0f;
            if kind == STOP {
                return Ok(());
            }
            let step = i16::from(head >> 4);
            field = if step == 0 {
                i16::try_from(self.zigzag()?).map_err(|_| Unsound)?
            } else {
                field.checked_add(step).ok_or(Unsound)?
            };
            path.push(field);
            match kind {
                TRUE | FALSE => {}
                I16 | I32 | I64 => {
                    let value = self.zigzag()?;
                    if let Some(number) = number.as_mut() {
                        number(path, value);
                    }
                }
                STRUCT => match number.as_mut() {
                    Some(number) => self.structure(path, depth + 1, Some(&mut **number))?,
                    None => self.structure(path, depth + 1, None)?,
                },
                other => self.value(other, path, depth + 1)?,
            }
            path.pop();
        }
    }

    fn value(&mut self, kind: u8, path: &mut Vec<i16>, depth: u32) -> Result<(), Unsound> {
        if depth > DEPTH {
            return Err(Unsound);
        }
        match kind {
            TRUE | FALSE | BYTE => self.skip(1),
            I16 | I32 | I64 => self.zigzag().map(|_| ()),
            DOUBLE => self.skip(8),
            BINARY => {
                let length = self.length()?;
                self.skip(length)
            }
            LIST | SET => {
                let head = self.byte()?;
                let count = if head >> 4 == 15 { self.length()? } else { usize::from(head >> 4) };
                self.fits(count)?;
                for _ in 0..count {
                    self.value(head & 0x0f, path, depth + 1)?;
                }
                Ok(())
            }
            MAP => {
                let count = self.length()?;
                self.fits(count)?;
                if count > 0 {
                    let kinds = self.byte()?;
                    for _ in 0..count {
                        self.value(kinds >> 4, path, depth + 1)?;
                        self.value(kinds & 0x0f, path, depth + 1)?;
                    }
                }
                Ok(())
            }
            STRUCT => self.structure(path, depth + 1, None),
            _ => Err(Unsound),
        }
    }

    /// Every element takes a byte at least, so no list is longer than what is left.
    fn fits(&self, count: usize) -> Result<(), Unsound> {
        if count <= self.bytes.len() - self.at { Ok(()) } else { Err(Unsound) }
    }

    fn length(&mut self) -> Result<usize, Unsound> {
        usize::try_from(self.varint()?).map_err(|_| Unsound)
    }

    fn skip(&mut self, count: usize) -> Result<(), Unsound> {
        self.fits(count)?;
        self.at += count;
        Ok(())
    }

    fn byte(&mut self) -> Result<u8, Unsound> {
        let byte = *self.bytes.get(self.at).ok_or(Unsound)?;
        self.at += 1;
        Ok(byte)
    }

    fn varint(&mut self) -> Result<u64, Unsound> {
        let mut value = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Unsound)
    }

    fn zigzag(&mut self) -> Result<i64, Unsound> {
        let value = self.varint()?;
        Ok(i64::try_from(value >> 1).map_err(|_| Unsound)? ^ -i64::from(value & 1 == 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_heard_with_their_path() {
        // Field 1 i32 = 3; field 2 struct with field 1 i64 = -2.
        let bytes = [0x15, 0x06, 0x1c, 0x16, 0x03, 0x00, 0x00];
        let mut heard = Vec::new();
        let mut cursor = Cursor::new(&bytes);
        cursor.walk(&mut |path, value| heard.push((path.to_vec(), value))).unwrap();
        assert_eq!(heard, [(vec![1], 3), (vec![2, 1], -2)]);
        assert_eq!(cursor.position(), bytes.len());
    }

    #[test]
    fn a_list_longer_than_the_file_is_refused() {
        // Field 1: a list that states a billion structs in a few bytes.
        let bytes = [0x19, 0xfc, 0x80, 0x94, 0xeb, 0xdc, 0x03, 0x00];
        assert_eq!(Cursor::new(&bytes).walk(&mut |_, _| ()), Err(Unsound));
    }
}
