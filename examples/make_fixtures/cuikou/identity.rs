//! Numbers with check characters. They are well formed, so that what checks them can be shown at work, and
//! belong to nobody on purpose: the serial parts are drawn by chance.

use super::rng::Rng;

/// An 18-character identity number: area 370828, date of birth, serial (odd for men), check character by ISO 7064
/// MOD 11-2 as GB 11643-1999 prescribes.
pub(crate) fn identity_number(birth: (i64, i64, i64), male: bool, rng: &mut Rng) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECK: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let serial = rng.int(0, 499) * 2 + i64::from(male);
    let body = format!("370828{:04}{:02}{:02}{serial:03}", birth.0, birth.1, birth.2);
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(c, w)| c.to_digit(10).unwrap_or(0) * w).sum();
    format!("{body}{}", CHECK[(sum % 11) as usize])
}

/// Who registers it, and as what: the first two characters of a unified social credit code.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Registered {
    Company,
    SelfEmployed,
    Institution,
}

/// A unified social credit code: registrar and kind, area 370828, a nine-character organisation code whose last
/// is its own check (GB 11714-1997, weighted sum modulo 11), and a check character (GB 32100-2015, powers of 3
/// modulo 31).
pub(crate) fn social_credit_code(registered: Registered, rng: &mut Rng) -> String {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let prefix = match registered {
        Registered::Company => "91",
        Registered::SelfEmployed => "92",
        Registered::Institution => "12",
    };
    let mut organisation = String::from("MA");
    for _ in 0..6 {
        organisation.push(char::from(rng.pick(ALPHABET)));
    }
    organisation.push(organisation_check(&organisation));
    let body = format!("{prefix}370828{organisation}");
    let mut weight = 1;
    let mut sum = 0;
    for byte in body.bytes() {
        sum += ALPHABET.iter().position(|&c| c == byte).unwrap_or(0) * weight;
        weight = weight * 3 % 31;
    }
    format!("{body}{}", char::from(ALPHABET[(31 - sum % 31) % 31]))
}

fn organisation_check(body: &str) -> char {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(c, w)| c.to_digit(36).unwrap_or(0) * w).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

/// A mobile number that cannot exist: Chinese mobile numbers start with 13 to 19.
pub(crate) fn mobile_number(serial: usize) -> String {
    format!("1110000{serial:04}")
}

/// A landline that cannot exist: after the area code 0537, no local number starts with 0.
pub(crate) fn landline_number(serial: usize) -> String {
    format!("0537-000{serial:04}")
}
