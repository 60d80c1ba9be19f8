//! Decides which converted bills replace what, before anything is touched.
//!
//! A run's files for one billing period and billing account replace what the lake had
//! for them: twice is once, and a correction corrects. Several files of one format add
//! up. The same content twice counts once. Of two formats the richer one is kept, never
//! both. When a file of the run could not be read, it may have held rows of any bill:
//! then bills that the lake has already stay as they were, so that none is half
//! replaced, and bills that are new are taken and marked incomplete.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use trimtab_model::text::Reason;

use crate::billing::{BillFormat, BillGroup, Converted, FailedFile, GroupPart, Notice};
use crate::state::Bill;

/// A bill that is to replace what the lake has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settled {
    /// The bill.
    pub(super) bill: Bill,
    /// Its staged charges.
    pub(super) staged: Vec<PathBuf>,
}

/// What the files of a run hold of one bill, by format.
type ByFormat<'a> = BTreeMap<BillFormat, Vec<(&'a Converted, &'a GroupPart)>>;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Settlement {
    /// Bills to replace.
    pub(super) bills: Vec<Settled>,
    /// Bills that stay as they were although the run brought something for them.
    pub(super) held_back: Vec<BillGroup>,
    /// What somebody should know.
    pub(super) notices: Vec<Notice>,
}

/// Decides.
pub(super) fn settle(
    converted: &[Converted],
    failed: &[FailedFile],
    existing: &BTreeSet<BillGroup>,
) -> Settlement {
    let mut settlement = Settlement::default();
    let mut contents: BTreeMap<&str, &Converted> = BTreeMap::new();
    let mut groups: BTreeMap<&BillGroup, ByFormat<'_>> = BTreeMap::new();
    for file in converted {
        if let Some(first) = contents.get(file.sha256.as_str()) {
            settlement.notices.push(same_content(file, first));
            continue;
        }
        contents.insert(&file.sha256, file);
        settlement.notices.extend(file.notices.iter().cloned());
        for (group, part) in &file.groups {
            groups.entry(group).or_default().entry(file.format).or_default().push((file, part));
        }
    }
    let incomplete = failed.iter().find(|failed| failed.holds_back);
    for (group, mut formats) in groups {
        let Some((format, parts)) = formats.pop_last() else { continue };
        for (poorer, files) in &formats {
            for (file, _) in files {
                settlement.notices.push(poorer_format(file, *poorer, format, group));
            }
        }
        if let (Some(failed), true) = (incomplete, existing.contains(group)) {
            settlement.notices.push(held_back(failed, group));
            settlement.held_back.push(group.clone());
            continue;
        }
        if let Some(failed) = incomplete {
            settlement.notices.push(taken_incomplete(failed, group));
        }
        let mut whole = GroupPart::default();
        for (_, part) in parts {
            whole.add(part.clone());
        }
        settlement.bills.push(Settled {
            bill: Bill {
                group: group.clone(),
                format: format.as_str().to_owned(),
                complete: incomplete.is_none(),
                usage_from: whole.usage_from,
                usage_until: whole.usage_until,
                sums: whole.sums,
            },
            staged: whole.files,
        });
    }
    settlement
}

fn same_content(file: &Converted, first: &Converted) -> Notice {
    let name = first.file.display();
    Notice::new(
        &file.file,
        Reason::new(
            "same-content",
            format!("has the same content as {name} and is counted once"),
            format!("다음 파일과 내용이 같아 한 번만 집계했습니다: {name}"),
        ),
    )
}

fn poorer_format(
    file: &Converted,
    poorer: BillFormat,
    kept: BillFormat,
    group: &BillGroup,
) -> Notice {
    let BillGroup { billing_period, billing_account } = group;
    Notice::new(
        &file.file,
        Reason::new(
            "poorer-format-left-out",
            format!(
                "its {poorer} rows of {billing_period}, account {billing_account}, are left out because another file has them in {kept}"
            ),
            format!(
                "{billing_period} 청구 기간, 계정 {billing_account}의 {poorer} 행은 다른 파일에 {kept} 형식으로 있어 제외했습니다"
            ),
        ),
    )
}

fn held_back(failed: &FailedFile, group: &BillGroup) -> Notice {
    let BillGroup { billing_period, billing_account } = group;
    Notice::new(
        &failed.error.file,
        Reason::new(
            "bill-held-back",
            format!(
                "could not be read, so the bill of {billing_period}, account {billing_account}, stays as it was; mend or remove the file and ingest again"
            ),
            format!(
                "이 파일을 읽지 못해 {billing_period} 청구 기간, 계정 {billing_account}의 청구서를 이전 상태로 두었습니다. 파일을 고치거나 지운 뒤 다시 수집하세요"
            ),
        ),
    )
}

fn taken_incomplete(failed: &FailedFile, group: &BillGroup) -> Notice {
    let BillGroup { billing_period, billing_account } = group;
    Notice::new(
        &failed.error.file,
        Reason::new(
            "bill-incomplete",
            format!(
                "could not be read, so the bill of {billing_period}, account {billing_account}, may lack rows; mend or remove the file and ingest again"
            ),
            format!(
                "이 파일을 읽지 못해 {billing_period} 청구 기간, 계정 {billing_account}의 청구서에 빠진 행이 있을 수 있습니다. 파일을 고치거나 지운 뒤 다시 수집하세요"
            ),
        ),
    )
}
