/**
 * The track of a patrol under way: points are kept on the device as they come and sent now and then. Nothing is
 * recorded before a patrol begins or after it ends.
 */
import { api } from '$lib/api';
import { learntSince, stampNow, trueNow, type Stamp } from '$lib/clock';
import { metresBetween } from '$lib/map/circle';
import { followDevice, type Fix } from '$lib/map/device';
import { outbox } from '$lib/offline/outbox.svelte';
import { vault } from '$lib/offline/vault';

type Point = Fix & { when: string; stamp?: Stamp };

/** A point is worth keeping when the walker has moved so far since the last. */
const STEP_M = 12;
const SEND_EVERY_MS = 60_000;
const MOST_AT_ONCE = 1_000;
/** The service takes no greater error than this. */
const WORST_M = 100_000;

const timeOf = (when: string, stamp?: Stamp) => (stamp ? new Date(Date.parse(when) + learntSince(stamp)).toISOString() : when);

class Tracker {
  #points: Point[] = [];
  #patrol = '';

  /** Sends what is kept of a patrol's track, and records more of it while it is under way; the answer stops both. */
  follow(patrol: string, underWay: boolean): () => void {
    this.#patrol = patrol;
    void this.#resume();
    const stop = underWay ? followDevice((fix) => this.#take(fix)) : () => undefined;
    const timer = setInterval(() => void this.#send(), SEND_EVERY_MS);
    return () => {
      stop();
      clearInterval(timer);
    };
  }

  #take(fix: Fix): void {
    const last = this.#points.at(-1);
    if (last && metresBetween(last.at, fix.at) < STEP_M) return;
    this.#points = [...this.#points, { ...fix, when: trueNow().toISOString(), stamp: stampNow() }];
    void vault.put(this.#name, this.#points);
  }

  async #resume(): Promise<void> {
    const kept = (await vault.get<Point[]>(this.#name)) ?? [];
    const known = new Set(kept.map(({ when }) => when));
    this.#points = [...kept, ...this.#points.filter(({ when }) => !known.has(when))];
    await this.#send();
  }

  async #send(): Promise<void> {
    const points = this.#points.slice(0, MOST_AT_ONCE);
    // The service has to know that the patrol began before it takes points of it.
    if (points.length === 0 || outbox.waiting.length > 0) return;
    const sent_at = trueNow().toISOString();
    const wire = points.map(({ when, stamp, at: [x, y], accuracyM }) => ({ at: timeOf(when, stamp), place: { x, y, crs: 'wgs84' }, accuracy_m: Math.min(accuracyM, WORST_M) }));
    try {
      await api.recordTrack(this.#patrol, { sent_at, points: wire });
      this.#points = this.#points.slice(points.length);
      await vault.put(this.#name, this.#points);
    } catch {
      // They stay on the device and go with the next.
    }
  }

  get #name(): string {
    return `track/${this.#patrol}`;
  }
}

export const tracker = new Tracker();
