/**
 * The service's time on a device whose clock cannot be trusted. Phones are set wrong more often than servers, and set anew
 * on the way: by hand, by the network, by an empty battery. Of three things the time is worked out: the service's
 * (`Date` of its answers), the device's clock, and the browser's count of milliseconds, which nobody can set but which
 * stands still while the device sleeps.
 *
 * A clock that loses time against that count was set back, and one that gains while somebody looks at the page was set
 * forward: neither changes the time here. One that gains unseen has slept, or was set forward; which of both is learnt
 * from the service's next answer, and what was noted since can then be put right.
 */

/** `Date` counts whole seconds and an answer takes time: less than this is no difference. */
export const TOLERANCE_MS = 60_000;
/** The clock and the count differ by less than this by themselves. */
const JUMP_MS = 5_000;
/** So many unseen gains and corrections are remembered. */
const MOST = 30;

/** A time in which the clock may have been set unseen: by so much at most, or back by any. */
interface Gap {
  no: number;
  gainedMs: number;
  back: boolean;
}

/** What an answer of the service showed: since a gap, times were wrong by so much. */
interface Correction {
  no: number;
  byMs: number;
  sinceGap: number;
}

export interface Kept {
  aheadMs: number;
  wall: number;
  gaps: Gap[];
  corrections: Correction[];
}

/** When something was noted, in gaps and corrections that came before. */
export interface Stamp {
  gap: number;
  correction: number;
}

export class Timekeeper {
  /** What is to be added to the device's clock. */
  aheadMs: number;
  #wall: number;
  #count: number | null = null;
  #seen = false;
  #gaps: Gap[];
  #corrections: Correction[];

  constructor(kept: Partial<Kept> | null, wall: number) {
    this.aheadMs = kept?.aheadMs ?? 0;
    this.#gaps = kept?.gaps ?? [];
    this.#corrections = kept?.corrections ?? [];
    this.#wall = wall;
    if (kept?.wall === undefined) return;
    // Between two lives of the page anything may have happened, but time did not go back.
    const passed = wall - kept.wall;
    if (passed < 0) this.aheadMs -= passed;
    if (Math.abs(passed) > JUMP_MS) this.#gap(Math.max(passed, 0), passed < 0);
  }

  get kept(): Kept {
    return { aheadMs: this.aheadMs, wall: this.#wall, gaps: this.#gaps, corrections: this.#corrections };
  }

  get stamp(): Stamp {
    return { gap: this.#gaps.at(-1)?.no ?? 0, correction: this.#corrections.at(-1)?.no ?? 0 };
  }

  /** Compares the clock with the count; `visible` is whether somebody can see the page. */
  look(wall: number, count: number, visible: boolean): void {
    const gained = this.#count === null ? 0 : wall - this.#wall - (count - this.#count);
    if (gained < -JUMP_MS || (gained > JUMP_MS && this.#seen && visible)) this.aheadMs -= gained;
    else if (gained > JUMP_MS) this.#gap(gained, false);
    [this.#wall, this.#count, this.#seen] = [wall, count, visible];
  }

  /** Takes the service's time; gives by how much times were wrong, 0 where they were right. */
  hear(theirs: number, wall: number): number {
    const difference = Math.abs(theirs - wall) > TOLERANCE_MS ? theirs - wall : 0;
    const by = difference - this.aheadMs;
    if (by === 0 || Math.abs(by) < TOLERANCE_MS / 2) return 0;
    this.aheadMs = difference;
    // The last gap that can have hidden it; without one it was wrong from the beginning.
    const hides = ({ gainedMs, back }: Gap) => (by > 0 ? back : gainedMs >= -by - TOLERANCE_MS);
    const sinceGap = this.#gaps.findLast(hides)?.no ?? 0;
    const no = (this.#corrections.at(-1)?.no ?? 0) + 1;
    this.#corrections = [...this.#corrections, { no, byMs: by, sinceGap }].slice(-MOST);
    return by;
  }

  /** By how much a time noted then has to be moved. */
  learntSince({ gap, correction }: Stamp): number {
    const later = this.#corrections.filter(({ no, sinceGap }) => no > correction && gap >= sinceGap);
    const by = later.reduce((sum, { byMs }) => sum + byMs, 0);
    return Math.abs(by) < TOLERANCE_MS ? 0 : by;
  }

  #gap(gainedMs: number, back: boolean): void {
    const no = (this.#gaps.at(-1)?.no ?? 0) + 1;
    this.#gaps = [...this.#gaps, { no, gainedMs, back }].slice(-MOST);
  }
}
