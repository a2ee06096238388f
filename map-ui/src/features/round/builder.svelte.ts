/** A round while it is being built: what is asked for, what was tried, what a change of order costs, what was kept. */
import { api } from '$lib/api';
import type { Category, HazardClass, KeptPatrol, LonLat, NewPatrol, PatrolCandidate, RoundMode, TargetKind, TriedRound } from '$lib/api/types';
import { today } from '$lib/format';
import { uuidv7 } from '$lib/uuid';
import { moved, same, without, type Orders, type Spot } from './orders';
import { selection } from './selection.svelte';

/** Somebody who goes: when, how and from where. */
export interface Goer {
  account: string;
  name: string;
  startsAt: string;
  hours: number;
  mode: RoundMode;
  /** The village's office where null. */
  start: LonLat | null;
}

/** The service plans for so many at once. */
const MOST_GOERS = 10;

class Builder {
  /** What is due may fill the time that is left. */
  fill = $state(false);
  kinds = $state<TargetKind[]>(['enterprise', 'hazard']);
  category = $state<Category | ''>('');
  hazardClass = $state<HazardClass | ''>('');
  minSeverity = $state(1);
  early = $state(false);

  place = $state('');
  date = $state(today());
  team = $state<Goer[]>([]);
  /** Those who can be sent, and when they are out already that day; null until it is known. */
  roster = $state.raw<PatrolCandidate[] | null>(null);

  tried = $state.raw<TriedRound | null>(null);
  /** What a changed order is compared with: the last one that was taken. */
  #taken = $state.raw<TriedRound | null>(null);
  busy = $state(false);
  error = $state.raw<unknown>(null);
  kept = $state.raw<KeptPatrol[]>([]);
  /** Counts up with each question, so that only the last one's answer counts. */
  #asked = 0;

  asksForSomething = $derived(selection.ids.length > 0 || (this.fill && this.kinds.length > 0));
  /** Who could be sent besides. */
  others = $derived(this.team.length >= MOST_GOERS ? [] : (this.roster ?? []).filter(({ id }) => !this.team.some(({ account }) => account === id)));
  starts = $derived(this.team.flatMap(({ start }) => (start ? [start] : [])));
  orders = $derived<Orders>(ordersOf(this.tried));
  changed = $derived(this.tried !== null && this.#taken !== null && !same(this.orders, ordersOf(this.#taken)));

  /** What is asked of the service. With no filling up, the choice is the whole of it. */
  #round(orders?: Orders): NewPatrol {
    const must = [...selection.ids];
    return {
      place: this.place || null,
      date: this.date,
      workers: this.team.map(({ account, startsAt, hours, mode, start }) => ({
        account, starts_at: startsAt, hours, mode, ...(start && { start: { x: start[0], y: start[1], crs: 'wgs84' } }),
      })),
      only: {
        must,
        ...(this.fill
          ? {
              target_kinds: this.kinds,
              categories: this.category === '' ? [] : [this.category],
              hazard_classes: this.hazardClass === '' ? [] : [this.hazardClass],
              min_severity: this.minSeverity,
              not_yet_due: this.early,
            }
          : { targets: must }),
      },
      ...(orders && { orders: orders.map((order) => [...order]) }),
    };
  }

  /** Sends somebody along: as the last one goes, until told otherwise. */
  send(account: string, name: string): void {
    const last = this.team.at(-1);
    const { startsAt, hours, mode, start } = last ?? { startsAt: '08:30', hours: 4, mode: 'foot' as const, start: null };
    this.team.push({ account, name, startsAt, hours, mode, start });
  }

  leaveOut(account: string): void {
    this.team = this.team.filter((goer) => goer.account !== account);
  }

  async try(): Promise<void> {
    await this.#ask(async () => {
      const tried = await api.tryRound({ round: this.#round() });
      return () => {
        this.#taken = tried;
        this.tried = tried;
        this.kept = [];
      };
    });
  }

  /** Tries another order, and learns what it costs against the last one that was taken. */
  async change(orders: Orders): Promise<void> {
    if (this.#taken === null || same(orders, this.orders)) return;
    const before = ordersOf(this.#taken).map((order) => [...order]);
    await this.#ask(async () => {
      const tried = await api.tryRound({ round: this.#round(orders), before });
      return () => {
        this.tried = tried;
        this.kept = [];
      };
    });
  }

  move(from: Spot, to: Spot): Promise<void> {
    return this.change(moved(this.orders, from, to));
  }

  takeOut(target: string): Promise<void> {
    return this.change(without(this.orders, target));
  }

  accept(): void {
    this.#taken = this.tried;
  }

  undo(): void {
    this.tried = this.#taken;
  }

  /** Keeps what is shown, a patrol for each who walks, exactly once however often it is sent. */
  async keep(publish: boolean): Promise<void> {
    if (this.tried === null) return;
    const ids = this.team.map(() => uuidv7());
    await this.#ask(async () => {
      const round = this.#round(this.orders);
      const workers = (round.workers ?? []).map((worker, i) => ({ ...worker, id: ids[i] ?? null }));
      let { patrols } = await api.planPatrol({ ...round, workers });
      if (publish) patrols = await Promise.all(patrols.map(({ id }) => api.publishPatrol(id)));
      return () => {
        this.kept = patrols;
        this.#taken = this.tried;
      };
    });
  }

  /** For whoever signs in next on this device. */
  reset(): void {
    this.#asked += 1;
    this.tried = null;
    this.#taken = null;
    this.kept = [];
    this.team = [];
    this.roster = null;
    this.error = null;
    this.busy = false;
  }

  async #ask(question: () => Promise<() => void>): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    this.busy = true;
    this.error = null;
    try {
      const take = await question();
      if (mine === this.#asked) take();
    } catch (error) {
      if (mine === this.#asked) this.error = error;
    } finally {
      if (mine === this.#asked) this.busy = false;
    }
  }
}

const ordersOf = (round: TriedRound | null): Orders =>
  round?.walks.map(({ course }) => course.stops.map(({ target_id }) => target_id)) ?? [];

export const builder = new Builder();
