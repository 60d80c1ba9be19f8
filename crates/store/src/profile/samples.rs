//! The samples of one series, as they come.

use trimtab_model::profile::UsageProfile;

use super::series::Series;
use super::window::Window;

/// Bytes of one sample in a state: its offset and its value.
const SAMPLE_BYTES: usize = 12;
/// Stands for the period of samples that declare none.
pub(super) const UNDECLARED: u32 = 0;

/// Samples of one declared period: unordered, perhaps with several of one moment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Track {
    /// The period in seconds, or [`UNDECLARED`].
    pub(super) period: u32,
    /// Seconds since the start of the window.
    pub(super) offsets: Vec<u32>,
    /// The value at the offset of the same index.
    pub(super) values: Vec<f64>,
}

/// The samples of one series.
///
/// Nearly every series has one period. Those that have several keep them apart, so that
/// no sample has to carry its own.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Samples {
    /// One per declared period, in order of periods.
    tracks: Vec<Track>,
    /// Whether the values are amounts, which add up over time.
    adds_up: bool,
    /// Samples that have no value, no time, or no finite one.
    bad: u64,
    /// Bytes held by `tracks`, kept up to date because the engine asks for every batch.
    bytes: usize,
}

impl Samples {
    /// Adds one sample.
    pub(super) fn push(&mut self, offset: u32, value: f64, period: Option<u32>) {
        self.change(period.unwrap_or(UNDECLARED), |track| {
            track.offsets.push(offset);
            track.values.push(value);
        });
    }

    /// Counts a sample that cannot be read.
    pub(super) fn push_bad(&mut self) {
        self.bad += 1;
    }

    /// Says that the values are amounts, which add up over time.
    pub(super) fn add_up(&mut self) {
        self.adds_up = true;
    }

    /// Returns how many samples cannot be read.
    pub(super) fn bad(&self) -> u64 {
        self.bad
    }

    /// Returns the lowest value that can be read, infinite without any.
    pub(super) fn lowest(&self) -> f64 {
        let values = self.tracks.iter().flat_map(|track| &track.values);
        values.copied().fold(f64::INFINITY, f64::min)
    }

    /// Returns whether no sample was added yet.
    pub(super) fn is_empty(&self) -> bool {
        self.tracks.is_empty()
    }

    /// Returns the bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Reduces the samples. Returns `None` if there is none.
    pub(super) fn profile(self, window: &Window) -> Option<UsageProfile> {
        Series::new(self.tracks, self.adds_up)?.profile(window)
    }

    /// Writes the samples as one value of a state: counts first, then 12 bytes a sample.
    pub(super) fn encode(&self) -> Vec<u8> {
        let samples: usize = self.tracks.iter().map(|track| track.offsets.len()).sum();
        let mut bytes = Vec::with_capacity(9 + self.tracks.len() * 12 + samples * SAMPLE_BYTES);
        bytes.extend(self.bad.to_le_bytes());
        bytes.push(u8::from(self.adds_up));
        for track in &self.tracks {
            bytes.extend(track.period.to_le_bytes());
            bytes.extend((track.offsets.len() as u64).to_le_bytes());
            for (offset, value) in track.offsets.iter().zip(&track.values) {
                bytes.extend(offset.to_le_bytes());
                bytes.extend(value.to_le_bytes());
            }
        }
        bytes
    }

    /// Adds the samples of an encoded state. Returns `None` if it is malformed.
    pub(super) fn merge(&mut self, bytes: &[u8]) -> Option<()> {
        let (bad, rest) = bytes.split_first_chunk()?;
        let (adds_up, mut rest) = rest.split_first()?;
        self.bad += u64::from_le_bytes(*bad);
        self.adds_up |= *adds_up != 0;
        while !rest.is_empty() {
            let (period, after) = rest.split_first_chunk()?;
            let (count, after) = after.split_first_chunk()?;
            let length = usize::try_from(u64::from_le_bytes(*count)).ok()?;
            let (samples, after) = after.split_at_checked(length.checked_mul(SAMPLE_BYTES)?)?;
            let (samples, _) = samples.as_chunks::<SAMPLE_BYTES>();
            self.change(u32::from_le_bytes(*period), |track| track.extend(samples))?;
            rest = after;
        }
        Some(())
    }

    /// Changes the samples of one period.
    fn change<T>(&mut self, period: u32, change: impl FnOnce(&mut Track) -> T) -> T {
        let index = match self.tracks.first() {
            Some(first) if first.period == period => 0,
            _ => self.tracks.partition_point(|track| track.period < period),
        };
        if self.tracks.get(index).is_none_or(|track| track.period != period) {
            let track = Track { period, offsets: Vec::new(), values: Vec::new() };
            self.tracks.insert(index, track);
            self.bytes += size_of::<Track>();
        }
        let track = self.tracks.get_mut(index).expect("it is there, or was inserted above");
        let before = track.bytes();
        let changed = change(track);
        self.bytes += track.bytes() - before;
        changed
    }
}

impl Track {
    fn bytes(&self) -> usize {
        self.offsets.capacity() * SAMPLE_BYTES
    }

    fn extend(&mut self, samples: &[[u8; SAMPLE_BYTES]]) -> Option<()> {
        self.offsets.reserve(samples.len());
        self.values.reserve(samples.len());
        for sample in samples {
            let (offset, value) = sample.split_first_chunk()?;
            self.offsets.push(u32::from_le_bytes(*offset));
            self.values.push(f64::from_le_bytes(value.try_into().ok()?));
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both() -> Samples {
        let mut samples = Samples::default();
        samples.push(300, 2.0, Some(300));
        samples.push(3600, 5.0, Some(3600));
        samples.push(0, 1.0, Some(300));
        samples.push(60, 1.0, None);
        samples.push_bad();
        samples.add_up();
        samples
    }

    #[test]
    fn a_state_survives_its_encoding() {
        let original = both();
        let mut copy = Samples::default();
        copy.merge(&original.encode()).unwrap();
        assert_eq!(copy.encode(), original.encode());
        assert_eq!((copy.bad, copy.adds_up, copy.tracks.len()), (1, true, 3));
        copy.merge(&original.encode()).unwrap();
        assert_eq!(copy.bad, 2);
    }

    #[test]
    fn a_malformed_state_is_refused() {
        let state = both().encode();
        for length in [0, 3, 8, 10, 20, 25, state.len() - 1] {
            assert_eq!(Samples::default().merge(&state[..length]), None, "{length}");
        }
    }

    #[test]
    fn the_bytes_held_are_those_of_all_periods() {
        let samples = both();
        let held: usize =
            samples.tracks.iter().map(|track| track.bytes() + size_of::<Track>()).sum();
        assert_eq!(samples.bytes(), held);
    }
}
