//! Engines, as inventory and price list spell them.

use trimtab_model::id::DbInstanceClass;
use trimtab_model::price::DbPriceKey;
use trimtab_model::resource::db_instance::DbInstance;

/// The part of a price key that stays the same when the class changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engine {
    /// The engine in the catalogue's words.
    pub engine: &'static str,
    /// The edition, empty for open-source engines.
    pub edition: &'static str,
    /// `none`, `li` or `byol`.
    pub license: &'static str,
}

impl Engine {
    /// Returns the engine of a DB instance; absent where the catalogue has no word for it.
    pub fn of(db: &DbInstance) -> Option<Self> {
        let open = |engine| Some(Self { engine, edition: "", license: "none" });
        let byol = match db.license_model.as_deref() {
            Some("bring-your-own-license") => Some("byol"),
            Some("license-included") => Some("li"),
            _ => None,
        };
        let oracle = |edition| Some(Self { engine: "oracle", edition, license: byol? });
        let sql_server = |edition| Some(Self { engine: "sqlserver", edition, license: "li" });
        match db.engine.as_str() {
            "mysql" => open("mysql"),
            "mariadb" => open("mariadb"),
            "postgres" => open("postgres"),
            "aurora" | "aurora-mysql" => open("aurora-mysql"),
            "aurora-postgresql" => open("aurora-postgresql"),
            "oracle-ee" | "oracle-ee-cdb" => oracle("ee"),
            "oracle-se2" | "oracle-se2-cdb" => oracle("se2"),
            "sqlserver-ee" => sql_server("ee"),
            "sqlserver-se" => sql_server("se"),
            "sqlserver-ex" => sql_server("ex"),
            "sqlserver-web" => sql_server("web"),
            _ => None,
        }
    }

    /// Returns the price key of a class of this engine.
    pub fn key(&self, class: &DbInstanceClass) -> DbPriceKey {
        DbPriceKey {
            db_instance_class: class.clone(),
            engine: self.engine.to_owned(),
            edition: self.edition.to_owned(),
            license: self.license.to_owned(),
        }
    }

    /// Returns whether a key is of this engine, whatever its class.
    pub fn matches(&self, key: &DbPriceKey) -> bool {
        key.engine == self.engine && key.edition == self.edition && key.license == self.license
    }

    /// Returns whether storage is Aurora's own, so that no EBS limit applies.
    pub fn is_aurora(&self) -> bool {
        self.engine.starts_with("aurora")
    }
}
