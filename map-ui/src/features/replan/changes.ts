/** What a new plan changes, counted. */
import type { PatrolChange } from '$lib/api/types';
import type { Words } from '$lib/i18n';

export interface Changes {
  /** Calls that another makes now. */
  given: number;
  /** Calls that nobody had. */
  added: number;
  /** Calls that nobody makes any more. */
  dropped: number;
  /** Calls of the same walker at another time. */
  shifted: number;
}

/** The times of walks that go on differ by a minute or two with every look: that is no news. */
const SAME_MIN = 2;

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

export function isShifted(before: string | null, arrive: string): boolean {
  return before !== null && Math.abs(minutes(before) - minutes(arrive)) > SAME_MIN;
}

export function count(patrols: readonly PatrolChange[]): Changes {
  const calls = patrols.flatMap((patrol) => patrol.calls);
  return {
    given: calls.filter(({ from }) => from !== null).length,
    added: calls.filter(({ before }) => before === null).length,
    dropped: patrols.flatMap(({ lost }) => lost).filter(({ to }) => to === null).length,
    shifted: calls.filter(({ from, before, arrive }) => from === null && isShifted(before, arrive)).length,
  };
}

/** The changes in words; empty where there are none. */
export function told(changes: Changes, t: Words): string {
  const parts = (['given', 'added', 'dropped', 'shifted'] as const).filter((what) => changes[what] > 0).map((what) => t.replan[what](changes[what]));
  return parts.join(t.replan.join);
}
