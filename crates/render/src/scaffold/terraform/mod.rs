//! A project in the words of Terraform.

mod alarm;
mod file;
mod function;
mod trigger;

pub(super) use file::files;
