/**
 * A day's patrol as it stands on this device: the walk and what became of its stops. Kept on the device with every
 * change, so that neither a reload nor a dead battery loses the walker's place.
 */
import { SvelteMap } from 'svelte/reactivity';
import { happening, trueNow, type Stamp } from '$lib/clock';
import { today } from '$lib/format';
import { language } from '$lib/i18n';
import type { Fix } from '$lib/map/device';
import { forgetPhotos, keepPhotos, keptPhotos } from '$lib/offline/kept-photos';
import { vault } from '$lib/offline/vault';
import { notices } from '$lib/state/notices.svelte';
import { uuidv7 } from '$lib/uuid';
import { keyOf, type Course, type CourseStop } from './course';
import type { Fate } from './fate';

export type FarReason = 'door' | 'outside' | 'phone' | 'other';

/** Standing at a door: when, where by the device, and what is being noted there. */
export interface CheckIn {
  /** The ids of the check-in and of the visit: made once, so that recording again after a reload is the same deed. */
  id: string;
  visitId: string;
  stop: string;
  at: string;
  /** What the device's clock said, where that is wrong. */
  phoneAt?: string;
  stamp: Stamp;
  fix: Fix | null;
  note: string;
  /** Why the device is far from the door, if it is. */
  why: FarReason | null;
}

interface Kept {
  course: Course;
  history: CourseStop[];
  fates: [string, Fate][];
  checkIn: CheckIn | null;
}

const nameOf = (grid: string) => `patrol/${grid}`;
/** There is one door at a time. */
const AT_THE_DOOR = 'at-the-door';

class PatrolDay {
  course = $state.raw<Course | null>(null);
  /** Stops of earlier walks of today that are over. */
  history = $state.raw<CourseStop[]>([]);
  checkIn = $state.raw<CheckIn | null>(null);
  /** Photos taken at the door, and safe on the device. */
  photos = $state.raw<readonly File[]>([]);
  /** Over when the photos chosen last are among them. */
  taking: Promise<void> = Promise.resolve();
  /** A stop the walker wants next, whatever the plan says. */
  preferred = $state<string | null>(null);
  readonly #fates = new SvelteMap<string, Fate>();

  /** The stops that are still to come, the preferred one first. */
  ahead = $derived.by<CourseStop[]>(() => {
    const open = (this.course?.stops ?? []).filter((stop) => !this.#fates.has(keyOf(stop)));
    const first = open.find((stop) => keyOf(stop) === this.preferred);
    return first ? [first, ...open.filter((stop) => stop !== first)] : open;
  });
  behind = $derived.by<CourseStop[]>(() => [...this.history, ...(this.course?.stops ?? []).filter((stop) => this.#fates.has(keyOf(stop)))]);
  next = $derived(this.ahead[0] ?? null);
  /** True while deeds count: a kept patrol has to be begun and not be over. */
  underWay = $derived(this.course !== null && (this.course.patrolId === null || this.course.status === 'under_way'));

  fateOf(stop: CourseStop): Fate | undefined {
    return this.#fates.get(keyOf(stop));
  }

  /** Takes up today's patrol of a grid where it was left on this device. False when there is none of today. */
  async resume(grid: string): Promise<boolean> {
    const kept = await vault.get<Kept>(nameOf(grid));
    if (kept === undefined || kept.course.date !== today(trueNow())) return false;
    this.course = kept.course;
    this.history = kept.history;
    this.checkIn = kept.checkIn;
    this.photos = kept.checkIn ? await keptPhotos(AT_THE_DOOR) : [];
    this.#fates.clear();
    for (const [key, fate] of kept.fates) this.#fates.set(key, fate);
    return true;
  }

  /** Goes by a new walk from now on; what is over stays over. `known` is what the service knows of its stops. */
  begin(course: Course, known: ReadonlyMap<string, Fate> = new Map()): void {
    const sameDay = this.course?.grid_code === course.grid_code && this.course.date === course.date;
    if (!sameDay) {
      this.#fates.clear();
      this.history = [];
    }
    for (const [key, fate] of known) if (!this.#fates.has(key)) this.#fates.set(key, fate);
    const inside = new Set(course.stops.map(keyOf));
    this.history = sameDay ? this.behind.filter((stop) => !inside.has(keyOf(stop))) : [];
    this.course = course;
    this.preferred = null;
    this.#keep();
  }

  setStatus(status: 'under_way' | 'finished'): void {
    if (this.course) this.course = { ...this.course, status };
    this.#keep();
  }

  arrive(stop: CourseStop, fix: Fix | null): void {
    this.checkIn = { id: uuidv7(), visitId: uuidv7(), stop: keyOf(stop), ...happening(), fix, note: '', why: null };
    this.#keep();
  }

  /** What the walker notes at the door. */
  jot(noted: Partial<Pick<CheckIn, 'note' | 'why'>>): void {
    if (this.checkIn === null) return;
    this.checkIn = { ...this.checkIn, ...noted };
    this.#keep();
  }

  /** Takes photos: what is shown as taken survives a reload. */
  takePhotos(photos: readonly File[]): Promise<void> {
    this.taking = this.#take(photos);
    return this.taking;
  }

  async #take(photos: readonly File[]): Promise<void> {
    if (!(await keepPhotos(AT_THE_DOOR, photos))) notices.say(language.t.offline.photoNotKept, 'bad');
    if (this.checkIn !== null) this.photos = photos;
  }

  undoCheckIn(): void {
    this.#goOn();
    this.#keep();
  }

  settle(stop: CourseStop, fate: Fate): void {
    this.#fates.set(keyOf(stop), fate);
    this.#goOn();
    this.preferred = null;
    this.#keep();
  }

  leave(): void {
    this.course = null;
    this.history = [];
    this.checkIn = null;
    this.photos = [];
    this.preferred = null;
    this.#fates.clear();
  }

  /** Away from the door. */
  #goOn(): void {
    this.checkIn = null;
    if (this.photos.length > 0) void forgetPhotos(AT_THE_DOOR);
    this.photos = [];
  }

  #keep(): void {
    if (this.course === null) return;
    const { course, history, checkIn } = this;
    void vault.put(nameOf(course.grid_code), { course, history, checkIn, fates: [...this.#fates] } satisfies Kept);
  }
}

export const day = new PatrolDay();
