//! Puts mapped columns together into charges and checks what every charge must have.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Decimal128Array, RecordBatch, StringArray,
    TimestampMicrosecondArray, new_null_array,
};

use trimtab_model::focus::ChargeCategory;
use trimtab_model::money::Currency;

use super::column::{self, Text};
use super::moment;
use super::notice::Counted;
use super::raw::{Layout, Raw};
use super::schema::{COLUMNS, Kind, WRITTEN, decimal_type, moment_type};
use crate::error::InputError;

/// Charges of one batch, in the schema of the lake.
#[derive(Debug)]
pub(super) struct Mapped {
    /// The charges.
    pub(super) batch: RecordBatch,
    /// First day of the billing period, per row.
    pub(super) periods: Date32Array,
    /// Billing account, per row.
    pub(super) accounts: Text,
    /// Rows to tell about.
    pub(super) counted: BTreeMap<Counted, u64>,
}

/// Columns on their way to charges.
pub(super) struct Draft<'a> {
    layout: &'a Layout,
    raw: &'a Raw,
    text: HashMap<&'static str, Text>,
    decimals: HashMap<&'static str, Decimal128Array>,
    start: Option<TimestampMicrosecondArray>,
    end: Option<TimestampMicrosecondArray>,
    billing_start: Option<TimestampMicrosecondArray>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(layout: &'a Layout, raw: &'a Raw) -> Self {
        Self {
            layout,
            raw,
            text: HashMap::new(),
            decimals: HashMap::new(),
            start: None,
            end: None,
            billing_start: None,
        }
    }

    pub(super) fn set_text(&mut self, name: &'static str, text: Text) {
        self.text.insert(name, text);
    }

    pub(super) fn set_text_if(&mut self, name: &'static str, text: Option<Text>) {
        if let Some(text) = text {
            self.set_text(name, text);
        }
    }

    pub(super) fn set_decimal(&mut self, name: &'static str, decimals: Decimal128Array) {
        self.decimals.insert(name, decimals);
    }

    pub(super) fn set_charge_period(
        &mut self,
        start: Option<TimestampMicrosecondArray>,
        end: Option<TimestampMicrosecondArray>,
    ) {
        self.start = start;
        self.end = end;
    }

    pub(super) fn set_billing_period(&mut self, start: Option<TimestampMicrosecondArray>) {
        self.billing_start = start;
    }

    pub(super) fn text(&self, name: &str) -> Option<&Text> {
        self.text.get(name)
    }

    pub(super) fn decimal(&self, name: &str) -> Option<&Decimal128Array> {
        self.decimals.get(name)
    }

    /// Checks what every charge must have, and puts the columns in order.
    ///
    /// `start` and `currency` are the names that the file has for these columns.
    pub(super) fn finish(mut self, start: &str, currency: &str) -> Result<Mapped, InputError> {
        let rows = self.raw.batch.num_rows();
        let mut counted = BTreeMap::new();
        self.check_currency(currency)?;
        self.check_category()?;
        let starts = match self.start.take() {
            Some(starts) => starts,
            None => TimestampMicrosecondArray::new_null(rows).with_timezone("UTC"),
        };
        if let Some(row) = first_null(&starts) {
            return Err(self.layout.error(
                self.raw,
                row,
                start,
                ("is empty", "비어 있습니다"),
                (
                    "every charge has a start; export the file again",
                    "모든 요금에는 시작 시각이 있습니다. 파일을 다시 내보내세요",
                ),
            ));
        }
        let days = column::days(&starts);
        let billing_days = self.billing_days(&days, &mut counted);
        let periods: Date32Array = billing_days.unary(moment::month_start);
        for (name, kind) in
            [("EffectiveCost", Counted::EffectiveUnknown), ("BilledCost", Counted::BilledUnknown)]
        {
            let unknown = self.decimals.get(name).map_or(rows, Array::null_count) as u64;
            if unknown > 0 {
                counted.insert(kind, unknown);
            }
        }
        let accounts =
            self.text.get("BillingAccountId").cloned().unwrap_or_else(|| column::nothing(rows));
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(COLUMNS.len());
        for ((name, kind), field) in COLUMNS.iter().zip(WRITTEN.fields()) {
            columns.push(match kind {
                Kind::Text => match self.text.remove(name) {
                    Some(text) => Arc::new(text),
                    None => Arc::new(column::nothing(rows)),
                },
                Kind::Decimal => match self.decimals.remove(name) {
                    Some(decimals) => Arc::new(decimals),
                    None => new_null_array(&decimal_type(), rows),
                },
                Kind::Moment if *name == "ChargePeriodStart" => Arc::new(starts.clone()),
                Kind::Moment => match self.end.take() {
                    Some(ends) => Arc::new(ends),
                    None => new_null_array(&moment_type(), rows),
                },
                Kind::Day if *name == "x_ChargeDay" => Arc::new(days.clone()),
                Kind::Day => Arc::new(billing_days.clone()),
            });
            debug_assert_eq!(
                columns.last().map(|column| column.data_type()),
                Some(field.data_type())
            );
        }
        let batch = RecordBatch::try_new(WRITTEN.clone(), columns).map_err(|cause| {
            let hint = ("export the file again", "파일을 다시 내보내세요");
            InputError::unreadable(&self.layout.file, &cause, hint)
        })?;
        Ok(Mapped { batch, periods, accounts, counted })
    }

    fn billing_days(
        &self,
        days: &Date32Array,
        counted: &mut BTreeMap<Counted, u64>,
    ) -> Date32Array {
        let known = self.billing_start.as_ref().map(column::days);
        let mut derived = 0;
        let billing: Date32Array = (0..days.len())
            .map(|row| {
                let known = known
                    .as_ref()
                    .filter(|known| known.is_valid(row))
                    .map(|known| known.value(row));
                Some(known.unwrap_or_else(|| {
                    derived += 1;
                    moment::month_start(days.value(row))
                }))
            })
            .collect();
        if derived > 0 {
            counted.insert(Counted::PeriodDerived, derived);
        }
        billing
    }

    fn check_currency(&mut self, name: &str) -> Result<(), InputError> {
        let rows = self.raw.batch.num_rows();
        let text = self.text.remove("BillingCurrency").unwrap_or_else(|| column::nothing(rows));
        if let Some(row) = first_null(&text) {
            return Err(self.layout.error(
                self.raw,
                row,
                name,
                ("is empty", "비어 있습니다"),
                (
                    "every charge has a currency; export the file again",
                    "모든 요금에는 통화가 있습니다. 파일을 다시 내보내세요",
                ),
            ));
        }
        let words = text.values().as_string::<i32>();
        let codes: Vec<Option<String>> = words
            .iter()
            .map(|word| {
                word.and_then(|word| word.parse::<Currency>().ok())
                    .map(|currency| currency.code().to_owned())
            })
            .collect();
        if let Some(row) = first_refused(&text, &codes) {
            let code = cut(column::value(&text, row));
            let problem = (
                format!("`{code}` is not a currency code"),
                format!("`{code}`: 통화 코드가 아닙니다"),
            );
            return Err(self.layout.error(
                self.raw,
                row,
                name,
                problem,
                ("a currency has three letters, such as USD", "통화는 USD처럼 세 글자로 씁니다"),
            ));
        }
        let values: StringArray = codes.into_iter().collect();
        self.text
            .insert("BillingCurrency", column::dictionary(text.keys().clone(), Arc::new(values)));
        Ok(())
    }

    fn check_category(&self) -> Result<(), InputError> {
        let name = "ChargeCategory";
        let rows = self.raw.batch.num_rows();
        let nothing = column::nothing(rows);
        let text = self.text.get(name).unwrap_or(&nothing);
        if let Some(row) = first_null(text) {
            return Err(self.layout.error(
                self.raw,
                row,
                name,
                ("is empty", "비어 있습니다"),
                (
                    "every charge has a category; export the file again",
                    "모든 요금에는 분류가 있습니다. 파일을 다시 내보내세요",
                ),
            ));
        }
        let words = text.values().as_string::<i32>();
        let known: Vec<Option<String>> = words
            .iter()
            .map(|word| {
                word.and_then(|word| word.parse::<ChargeCategory>().ok())
                    .map(|category| category.to_string())
            })
            .collect();
        match first_refused(text, &known) {
            None => Ok(()),
            Some(row) => {
                let word = cut(column::value(text, row));
                let problem = (
                    format!("`{word}` is not a charge category"),
                    format!("`{word}`: 요금 분류가 아닙니다"),
                );
                let hint = (
                    "allowed are Usage, Purchase, Tax, Credit, Adjustment",
                    "쓸 수 있는 값: Usage, Purchase, Tax, Credit, Adjustment",
                );
                Err(self.layout.error(self.raw, row, name, problem, hint))
            }
        }
    }
}

/// Returns the first row whose value has no counterpart in `known`.
fn first_refused(text: &Text, known: &[Option<String>]) -> Option<usize> {
    if known.iter().all(Option::is_some) {
        return None;
    }
    (0..text.len())
        .find(|row| text.key(*row).is_some_and(|key| known.get(key).is_none_or(Option::is_none)))
}

fn first_null(array: &dyn Array) -> Option<usize> {
    if array.null_count() == 0 {
        return None;
    }
    (0..array.len()).find(|row| array.is_null(*row))
}

fn cut(text: Option<&str>) -> String {
    text.unwrap_or_default().chars().filter(|letter| !letter.is_control()).take(40).collect()
}
