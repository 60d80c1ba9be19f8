//! Who buys: two payers in two currencies, their accounts, and what runs in them.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;

use super::market::PRICE_SCALE;
use crate::story::focus_row::{Account, BilledResource, Meter};

/// Accounts of the whole bill.
const ACCOUNTS: usize = 40;

/// One account in this many belongs to the payer in won.
const WON_ACCOUNT: usize = 8;

/// Won for a dollar, for the payer in won.
const WON_FOR_A_DOLLAR: Decimal = Decimal::from_parts(13_852, 0, 0, false, 1);

/// How a resource is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Payment {
    /// At the list price.
    OnDemand,
    /// At a price that moves with the market.
    Spot,
    /// A Savings Plan covers it.
    SavingsPlan,
    /// A reservation covers it.
    Reservation,
}

/// A resource that is charged for again and again.
#[derive(Debug, Clone)]
pub(super) struct Tenant {
    /// Index of the account.
    pub(super) account: usize,
    /// What is sold, in the payer's currency.
    pub(super) meter: Meter,
    /// What it is sold for; absent for traffic and requests.
    pub(super) resource: Option<BilledResource>,
    /// How it is paid for.
    pub(super) payment: Payment,
}

/// Everyone on the bill.
#[derive(Debug, Clone)]
pub(super) struct Population {
    /// The payer in dollars and the payer in won.
    pub(super) payers: [Account; 2],
    /// The accounts.
    pub(super) accounts: Vec<Account>,
    /// What runs in them.
    pub(super) tenants: Vec<Tenant>,
}

impl Population {
    /// Draws `count` resources that use `meters`.
    pub(super) fn new(meters: &[Meter], count: usize, rng: &mut ChaCha8Rng) -> Self {
        let payer = |id: &str, name: &str, currency| Account {
            id: id.to_owned(),
            name: name.to_owned(),
            currency,
        };
        let payers = [
            payer("100000000001", "payer-global", "USD"),
            payer("100000000002", "payer-korea", "KRW"),
        ];
        let accounts = (0..ACCOUNTS)
            .map(|index| {
                let currency = if is_won(index) { "KRW" } else { "USD" };
                payer(&format!("2000000{index:05}"), &format!("account-{index}"), currency)
            })
            .collect();
        let tenants = (0..count).filter_map(|index| tenant(index, meters, rng)).collect();
        Self { payers, accounts, tenants }
    }

    /// Returns who pays for an account.
    pub(super) fn payer_of(&self, account: &Account) -> &Account {
        let [dollars, won] = &self.payers;
        if account.currency == won.currency { won } else { dollars }
    }
}

fn is_won(account: usize) -> bool {
    account % WON_ACCOUNT == WON_ACCOUNT - 1
}

fn tenant(index: usize, meters: &[Meter], rng: &mut ChaCha8Rng) -> Option<Tenant> {
    let account = rng.random_range(0..ACCOUNTS);
    let mut meter = meters.get(rng.random_range(0..meters.len().max(1)))?.clone();
    if is_won(account) {
        meter.price = (meter.price * WON_FOR_A_DOLLAR).round_dp(PRICE_SCALE);
        meter.description =
            format!("{} KRW per {} of {}", meter.price, meter.unit, meter.usage_type);
    }
    let is_hour = meter.unit.eq_ignore_ascii_case("hour") || meter.unit == "Hours";
    let payment = match rng.random_range(0..100) {
        0..4 if is_hour => Payment::Spot,
        4..16 if is_hour => Payment::SavingsPlan,
        16..22 if is_hour => Payment::Reservation,
        _ => Payment::OnDemand,
    };
    // A tenth of what is metered has no resource: traffic, requests, interfaces.
    let resource = (rng.random_range(0..10) > 0).then(|| resource(index, account, &meter, rng));
    Some(Tenant { account, meter, resource, payment })
}

fn resource(index: usize, account: usize, meter: &Meter, rng: &mut ChaCha8Rng) -> BilledResource {
    let random: u64 = rng.random();
    let region = meter.region.as_deref().unwrap_or("us-east-1");
    let (id, resource_type) = if meter.usage_type.contains("BoxUsage") {
        (format!("i-0{random:016x}"), "instance")
    } else if meter.usage_type.contains("volume_storage") {
        (format!("vol-0{random:016x}"), "volume")
    } else {
        let service = meter.service_code.to_lowercase();
        (format!("arn:aws:{service}:{region}:2000000{account:05}:resource/r-{index}"), "resource")
    };
    let environment = ["prod", "staging", "dev", "운영"];
    let tags = match rng.random_range(0..10) {
        // Untagged.
        0..3 => Vec::new(),
        draw => vec![
            ("Name".to_owned(), format!("resource-{index}")),
            (
                "Environment".to_owned(),
                environment.get(draw % environment.len()).copied().unwrap_or("prod").to_owned(),
            ),
            ("Team".to_owned(), format!("team-{}", index % 17)),
        ],
    };
    BilledResource {
        id,
        resource_type,
        availability_zone: matches!(resource_type, "instance" | "volume")
            .then(|| format!("{region}{}", if random.is_multiple_of(2) { "a" } else { "c" })),
        tags,
    }
}

/// Returns sixteen letters and digits that follow from a text (FNV-1a).
pub(super) fn letters(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016X}")
}
