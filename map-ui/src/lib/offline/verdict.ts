/** What an attempt to send says about the next one. */
import { Problem } from '$lib/api/problem';

/**
 * - `later`: nobody answered, or not now; the same again, after a while and before anything that came after it.
 * - `sign-in`: the session has ended; the same again once the person has signed in.
 * - `refused`: the service will not have it as it is; a person has to decide.
 */
export type Verdict = 'later' | 'sign-in' | 'refused';

/** A service that keeps failing at one thing must not hold up the rest for ever. */
const MOST_FAULTS = 4;

export function verdictOf(error: unknown, tries: number): Verdict {
  if (!(error instanceof Problem)) return 'refused';
  if (error.status === 401) return 'sign-in';
  if (error.isAway || error.status === 429) return 'later';
  if (error.status >= 500) return tries < MOST_FAULTS ? 'later' : 'refused';
  return 'refused';
}

const FIRST_WAIT_MS = 3_000;
const LONGEST_WAIT_MS = 60_000;

/** How long to wait after the nth failure in a row. */
export function waitMs(failures: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** Math.max(failures - 1, 0), LONGEST_WAIT_MS);
}
