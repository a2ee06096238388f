/**
 * A day's patrol as it stands on this device: the plan and what became of its stops. Kept on the device with every
 * change, so that neither a reload nor a dead battery loses the walker's place.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { Patrol, Stop, VisitResult } from '$lib/api/types';
import { trueNow } from '$lib/clock';
import { today } from '$lib/format';
import type { Fix } from '$lib/map/device';
import { vault } from '$lib/offline/vault';
import { uuidv7 } from '$lib/uuid';

export type FarReason = 'door' | 'outside' | 'phone' | 'other';
export type SkipReason = 'blocked' | 'no_time' | 'later' | 'other';
/** What became of a stop. */
export type Fate = { result: VisitResult; at: string } | { result: 'skipped'; at: string; reason: SkipReason };

/** Standing at a door: when, where by the device, and what is being noted there. */
export interface CheckIn {
  /** The id of the visit that comes of it: made once, so that recording it again after a reload is the same visit. */
  id: string;
  stop: string;
  at: string;
  fix: Fix | null;
  note: string;
  /** Why the device is far from the door, if it is. */
  why: FarReason | null;
}

interface Kept {
  plan: Patrol;
  history: Stop[];
  fates: [string, Fate][];
  checkIn: CheckIn | null;
}

export const keyOf = (stop: Pick<Stop, 'target_kind' | 'target_id'>) => `${stop.target_kind}:${stop.target_id}`;
const nameOf = (grid: string) => `patrol/${grid}`;

class PatrolDay {
  plan = $state.raw<Patrol | null>(null);
  /** Stops of earlier plans of today that are over. */
  history = $state.raw<Stop[]>([]);
  checkIn = $state.raw<CheckIn | null>(null);
  /** A stop the walker wants next, whatever the plan says. */
  preferred = $state<string | null>(null);
  readonly #fates = new SvelteMap<string, Fate>();

  /** The plan's stops that are still to come, the preferred one first. */
  ahead = $derived.by<Stop[]>(() => {
    const open = (this.plan?.stops ?? []).filter((stop) => !this.#fates.has(keyOf(stop)));
    const first = open.find((stop) => keyOf(stop) === this.preferred);
    return first ? [first, ...open.filter((stop) => stop !== first)] : open;
  });
  behind = $derived.by<Stop[]>(() => [...this.history, ...(this.plan?.stops ?? []).filter((stop) => this.#fates.has(keyOf(stop)))]);
  next = $derived(this.ahead[0] ?? null);

  fateOf(stop: Stop): Fate | undefined {
    return this.#fates.get(keyOf(stop));
  }

  /** Takes up today's patrol of a grid where it was left on this device. False when there is none of today. */
  async resume(grid: string): Promise<boolean> {
    const kept = await vault.get<Kept>(nameOf(grid));
    if (kept === undefined || kept.plan.date !== today(trueNow())) return false;
    this.plan = kept.plan;
    this.history = kept.history;
    this.checkIn = kept.checkIn;
    this.#fates.clear();
    for (const [key, fate] of kept.fates) this.#fates.set(key, fate);
    return true;
  }

  /** Goes by a new plan from now on; what is over stays over. */
  begin(plan: Patrol): void {
    const sameWalk = this.plan?.grid_code === plan.grid_code && this.plan.date === plan.date;
    this.history = sameWalk ? this.behind : [];
    if (!sameWalk) this.#fates.clear();
    const over = new Set(this.history.map(keyOf));
    this.plan = { ...plan, stops: plan.stops.filter((stop) => !over.has(keyOf(stop))) };
    this.preferred = null;
    this.#keep();
  }

  arrive(stop: Stop, fix: Fix | null): void {
    this.checkIn = { id: uuidv7(), stop: keyOf(stop), at: trueNow().toISOString(), fix, note: '', why: null };
    this.#keep();
  }

  /** What the walker notes at the door. */
  jot(noted: Partial<Pick<CheckIn, 'note' | 'why'>>): void {
    if (this.checkIn === null) return;
    this.checkIn = { ...this.checkIn, ...noted };
    this.#keep();
  }

  undoCheckIn(): void {
    this.checkIn = null;
    this.#keep();
  }

  settle(stop: Stop, fate: Fate): void {
    this.#fates.set(keyOf(stop), fate);
    this.checkIn = null;
    this.preferred = null;
    this.#keep();
  }

  /** Takes a skipped stop back into the walk. */
  restore(stop: Stop): void {
    this.#fates.delete(keyOf(stop));
    this.history = this.history.filter((one) => one !== stop);
    if (this.plan && !this.plan.stops.some((one) => keyOf(one) === keyOf(stop))) this.plan = { ...this.plan, stops: [...this.plan.stops, stop] };
    this.#keep();
  }

  leave(): void {
    this.plan = null;
    this.history = [];
    this.checkIn = null;
    this.preferred = null;
    this.#fates.clear();
  }

  #keep(): void {
    if (this.plan === null) return;
    const { plan, history, checkIn } = this;
    void vault.put(nameOf(plan.grid_code), { plan, history, checkIn, fates: [...this.#fates] } satisfies Kept);
  }
}

export const day = new PatrolDay();
