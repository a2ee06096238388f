//! Slowing down those who guess passwords, without letting them lock anybody out.
//!
//! Failures are counted per login and address, so a stranger's guesses slow down nobody but the stranger. A
//! browser that has signed in to the account before carries a device cookie and is counted apart, even from the
//! same address (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). Beside that, each address has
//! a budget of attempts for all logins together.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use moka::future::Cache;

/// Attempts an address may make at once, and per minute after that. A village office signs in from one address.
const BURST: u32 = 60;
const PER_MINUTE: u32 = 30;
/// Failures that cost nothing.
const FREE_FAILURES: u32 = 5;
/// The wait after the first failure that costs something; each further one doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// How long a failure is held against anyone, and how many are remembered.
const HELD: Duration = Duration::from_secs(60 * 60);
const REMEMBERED_AT_MOST: u64 = 100_000;
/// The address table is swept when it has grown by this much.
const SWEEP_AT: usize = 10_000;

/// Who is trying.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Who {
    /// A browser the account knows, by its device cookie.
    Device(String),
    /// Anybody else.
    Stranger { login: String, address: IpAddr },
}

#[derive(Debug, Default)]
struct Failures {
    count: u32,
    not_before: Option<Instant>,
}

/// Counts attempts. Cheap to clone.
#[derive(Clone)]
pub(super) struct Throttle {
    addresses: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    failures: Cache<Who, Arc<Mutex<Failures>>>,
}

impl std::fmt::Debug for Throttle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Throttle").finish_non_exhaustive()
    }
}

impl Default for Throttle {
    fn default() -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(PER_MINUTE).unwrap_or(NonZeroU32::MIN))
            .allow_burst(NonZeroU32::new(BURST).unwrap_or(NonZeroU32::MIN));
        Self {
            addresses: Arc::new(DefaultKeyedRateLimiter::keyed(quota)),
            failures: Cache::builder().max_capacity(REMEMBERED_AT_MOST).time_to_idle(HELD).build(),
        }
    }
}

impl Throttle {
    /// Takes one attempt from the budget of `address`.
    ///
    /// # Errors
    /// How long to wait.
    pub(super) fn admit(&self, address: IpAddr) -> Result<(), Duration> {
        if self.addresses.len() > SWEEP_AT {
            self.addresses.retain_recent();
        }
        self.addresses
            .check_key(&neighbourhood(address))
            .map_err(|until| until.wait_time_from(DefaultClock::default().now()))
    }

    /// Counts an attempt by `who` as failed until [`Throttle::succeeded`] says otherwise: attempts made at the
    /// same moment cannot all slip through.
    ///
    /// # Errors
    /// How long to wait.
    pub(super) async fn try_now(&self, who: &Who) -> Result<(), Duration> {
        let failures = self.failures.get_with_by_ref(who, async { Arc::default() }).await;
        let mut failures = failures.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if let Some(wait) = failures.not_before.and_then(|then| then.checked_duration_since(now)) {
            return Err(wait);
        }
        failures.count = failures.count.saturating_add(1);
        failures.not_before = wait_after(failures.count).map(|wait| now + wait);
        Ok(())
    }

    /// The attempt succeeded: nothing is held against `who`.
    pub(super) async fn succeeded(&self, who: &Who) {
        self.failures.invalidate(who).await;
    }
}

impl Who {
    /// A stranger at `address` trying `login`.
    pub(super) fn stranger(login: &str, address: IpAddr) -> Self {
        Self::Stranger { login: login.to_owned(), address: neighbourhood(address) }
    }
}

fn wait_after(failures: u32) -> Option<Duration> {
    let costly = failures.checked_sub(FREE_FAILURES)?;
    Some(FIRST_WAIT.saturating_mul(2_u32.saturating_pow(costly)).min(LONGEST_WAIT))
}

/// An IPv4 address, or the /64 of an IPv6 address: one household or office gets a whole one of those.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    #[tokio::test]
    async fn a_guesser_slows_down_nobody_else() {
        let throttle = Throttle::default();
        let guesser = Who::stranger("chief", THERE);
        for _ in 0..FREE_FAILURES {
            assert_eq!(throttle.try_now(&guesser).await, Ok(()));
        }
        assert!(throttle.try_now(&guesser).await.is_err());
        for other in [
            Who::stranger("chief", HERE),
            Who::stranger("police", THERE),
            Who::Device("the chief's telephone".into()),
        ] {
            assert_eq!(throttle.try_now(&other).await, Ok(()));
        }
    }

    #[tokio::test]
    async fn success_wipes_the_slate() {
        let throttle = Throttle::default();
        let who = Who::stranger("chief", HERE);
        for _ in 0..3 * FREE_FAILURES {
            assert_eq!(throttle.try_now(&who).await, Ok(()));
            throttle.succeeded(&who).await;
        }
    }

    #[test]
    fn waits_double_and_end() {
        assert_eq!(wait_after(FREE_FAILURES - 1), None);
        assert_eq!(wait_after(FREE_FAILURES), Some(FIRST_WAIT));
        assert_eq!(wait_after(FREE_FAILURES + 3), Some(FIRST_WAIT * 8));
        assert_eq!(wait_after(u32::MAX), Some(LONGEST_WAIT));
    }

    #[test]
    fn an_address_has_a_budget_and_ipv6_hosts_share_one() {
        let throttle = Throttle::default();
        for host in 0..u128::from(BURST) {
            let address = IpAddr::V6((0x2001_0db8_u128 << 96 | host).into());
            assert_eq!(throttle.admit(address), Ok(()));
        }
        let next: IpAddr = "2001:db8::ffff".parse().unwrap();
        assert!(throttle.admit(next).is_err());
        assert_eq!(throttle.admit("2001:db8:0:1::1".parse().unwrap()), Ok(()));
        assert_eq!(neighbourhood("::ffff:192.0.2.1".parse().unwrap()), HERE);
    }
}
