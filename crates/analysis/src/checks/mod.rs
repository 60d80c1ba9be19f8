//! Every check, one file each. Written by `make gen` from the files beside it.
