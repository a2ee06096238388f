//! The demonstration's files into an empty database, by the ways any other file takes, all in one transaction.

use anyhow::{Context, anyhow, bail};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::story::{ACCOUNTS, LAYERS, Shift, VISITS};
use crate::domain::exchange::{self, ImportError, Layer};
use crate::domain::grids::BoundaryMap;
use crate::domain::visits::{PastVisit, record_past};
use crate::interop::tables::{self, Format};
use crate::kernel::geometry::Crs;
use crate::platform::accounts::{Department, Language, Login, NewAccount, Role, create_account};
use crate::platform::clock::china_date;
use crate::platform::code::PlaceCode;
use crate::platform::database::{Database, Scope};

/// Which telling of the story is due at `now`: the same day and the same files give the same edition.
pub(super) fn edition(now: DateTime<Utc>) -> String {
    let mut hash = Sha256::new();
    for bytes in LAYERS.iter().map(|(_, _, bytes)| *bytes).chain([ACCOUNTS, VISITS]) {
        hash.update(bytes);
    }
    let files = URL_SAFE_NO_PAD.encode(&hash.finalize()[..12]);
    let version = env!("CARGO_PKG_VERSION");
    format!("{} {version} {files}", Shift::ending_before(china_date(now)).first_day())
}

/// Loads the story, moved so that it ended on the day before `now`; nothing if anything is wrong.
///
/// # Errors
/// When the database fails, or holds something the story contradicts.
pub async fn load(database: &Database, now: DateTime<Utc>) -> anyhow::Result<()> {
    let shift = Shift::ending_before(china_date(now));
    let mut transaction = database.begin(&Scope::system()).await?;
    let mut boundaries = BoundaryMap::load(&mut transaction).await?;
    for (layer, name, bytes) in LAYERS {
        import(&mut transaction, layer, name, bytes, shift, &boundaries, now).await.context(name)?;
        match layer {
            Layer::Areas => make_accounts(&mut transaction).await.context("accounts.json")?,
            Layer::Grids => boundaries = BoundaryMap::load(&mut transaction).await?,
            _ => {}
        }
    }
    record_visits(&mut transaction, shift).await.context("visits.csv")?;
    transaction.commit().await?;
    Ok(())
}

async fn import(
    connection: &mut PgConnection,
    layer: Layer,
    name: &str,
    bytes: &[u8],
    shift: Shift,
    boundaries: &BoundaryMap,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let format = Format::of_name(name).context("a file of no known format")?;
    let mut table = tables::read(format, layer, bytes)?;
    shift.apply(&mut table);
    let prepared = exchange::prepare(layer, &table, Crs::Wgs84).map_err(|faults| first_of(&faults))?;
    match exchange::import(connection, &prepared, boundaries, now, &|_| {}).await {
        Ok(_) => Ok(()),
        Err(ImportError::Faults(faults)) => Err(first_of(&faults)),
        Err(error @ ImportError::Problem(_)) => Err(error.into()),
    }
}

fn first_of(faults: &exchange::Faults) -> anyhow::Error {
    match faults.listed().first() {
        Some(fault) => anyhow!("row {}, {}: {}", fault.row, fault.column, fault.reason),
        None => anyhow!("the file was refused"),
    }
}

/// An account as the file has it.
#[derive(Debug, Deserialize)]
struct FileAccount {
    login: Login,
    display_name: String,
    role: Role,
    scope_code: PlaceCode,
    department: Option<Department>,
}

#[derive(Debug, Deserialize)]
struct FileAccounts {
    accounts: Vec<FileAccount>,
}

/// Accounts without passwords: in the demonstration, nobody needs one.
async fn make_accounts(connection: &mut PgConnection) -> anyhow::Result<()> {
    let file: FileAccounts = serde_json::from_slice(ACCOUNTS)?;
    for account in file.accounts {
        let account = NewAccount {
            login: account.login,
            display_name: account.display_name,
            role: account.role,
            scope_code: account.scope_code,
            department: account.department,
            locale: Language::Zh,
        };
        create_account(connection, &account, None).await?;
    }
    Ok(())
}

async fn record_visits(connection: &mut PgConnection, shift: Shift) -> anyhow::Result<()> {
    let mut visits: Vec<PastVisit> =
        csv::Reader::from_reader(VISITS).deserialize().collect::<Result<_, _>>()?;
    for visit in &mut visits {
        visit.visited_at = shift.moment(visit.visited_at);
    }
    let recorded = record_past(connection, &visits).await?;
    if recorded != visits.len() {
        bail!("only {recorded} of {} visits have a known target and visitor", visits.len());
    }
    Ok(())
}
