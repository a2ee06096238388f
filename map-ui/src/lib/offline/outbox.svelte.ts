/**
 * The queue of what was done and has to reach the service: kept on the device first, sent in order, each thing once.
 * A reload, a dead battery or an ended session loses nothing of it.
 */
import { Problem, type ProblemBody } from '$lib/api/problem';
import { api } from '$lib/api';
import { isHeard, learntSince, stampNow, trueNow, type Stamp } from '$lib/clock';
import { line } from '$lib/state/line.svelte';
import { database, type StoredItem } from './database';
import { seal, sealJson, unseal, unsealJson } from './seal';
import { vault } from './vault';
import { verdictOf, waitMs } from './verdict';
import { deliver, putRight, type Work } from './work';

export interface Item {
  no: number;
  work: Work;
  /** What it is about, for people: the name of the door, the words of the report. */
  about: string;
  madeAt: string;
  /** What was known of the time then. */
  stamp: Stamp;
  /** How many photos go with it. */
  photos: number;
  state: StoredItem['state'] | 'sending';
  tries: number;
  /** Why the service refused it. */
  problem: Problem | null;
}

/** What became of something just after it was handed over. */
export type Outcome =
  | { state: 'sent'; item: Item; answer: unknown }
  | { state: 'waiting'; item: Item }
  | { state: 'refused'; item: Item; problem: Problem };

/** What is sealed of an item. */
interface Content {
  work: Work;
  about: string;
  madeAt: string;
  /** Absent where an older page made it. */
  stamp?: Stamp;
  photos: number;
  problem: (ProblemBody & { status: number }) | null;
}

const LOCK = 'gridkeeper.outbox';
/** How long a person waits for the service's answer before being told that it goes out by itself. */
const PATIENCE_MS = 5_000;
/** How long what was sent stays on the list. */
const REMEMBERED_MS = 24 * 3_600_000;

class Outbox {
  items = $state.raw<Item[]>([]);
  waiting = $derived(this.items.filter(({ state }) => state === 'waiting' || state === 'sending'));
  refused = $derived(this.items.filter(({ state }) => state === 'refused'));
  /** Answers of this page's life, by item. */
  #answers = new Map<number, unknown>();
  #files = new Map<number, readonly File[]>();
  #running: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  /** False while nobody is signed in on this page. */
  #active = false;
  /** Numbers for items that no database would take: negative, so that they never meet a stored one. */
  #unstored = -1;

  constructor() {
    line.whenUp(() => void this.flush());
  }

  /** Takes up the queue of the account whose vault is open. */
  async open(): Promise<void> {
    this.items = await this.#stored().catch(() => []);
    const old = this.items.filter(({ state, madeAt }) => state === 'sent' && Date.parse(madeAt) < Date.now() - REMEMBERED_MS);
    await Promise.all(old.map((item) => this.drop(item)));
    this.#active = true;
    void this.flush();
  }

  /** How many records of the account whose vault is open have not arrived. */
  async count(): Promise<number> {
    const items = await this.#stored().catch(() => []);
    return items.filter(({ state }) => state !== 'sent').length;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#active = false;
    this.items = [];
    this.#answers.clear();
    this.#files.clear();
  }

  /** Keeps `work`, whose time was noted under `stamp`, on the device. From here on it is safe, whatever becomes of the page. */
  async keep(work: Work, about: string, files: readonly File[] = [], stamp: Stamp = stampNow()): Promise<Item> {
    const content = { work, about, madeAt: trueNow().toISOString(), stamp, photos: files.length, problem: null } satisfies Content;
    const no = await this.#store(content, files);
    if (no < 0) this.#files.set(no, files);
    const item: Item = { ...content, no, state: 'waiting', tries: 0, problem: null };
    this.items = [...this.items, item];
    return item;
  }

  /** Tries to send what was kept at once, and tells how that went; not for longer than a person likes to wait. */
  async outcome(item: Item): Promise<Outcome> {
    await Promise.race([this.flush(), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
    return this.#outcome(item);
  }

  /** Sends what waits, in order, until there is nothing left or no answer. One pass at a time. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running = this.#running.then(() => this.#locked(() => this.#sendAll()));
    return this.#running;
  }

  /** Sends a refused item again, changed or as it is. */
  async again(item: Item, work: Work = item.work): Promise<void> {
    await this.#change({ ...item, work, state: 'waiting', problem: null, tries: 0 });
    await this.flush();
  }

  /** Gives an item up for good. */
  async drop({ no }: Item): Promise<void> {
    this.items = this.items.filter((item) => item.no !== no);
    this.#files.delete(no);
    if (no > 0) await (await database()).delete('queue', no);
  }

  /** Two pages of one browser take turns; where the browser has no locks, the service's ids keep things single. */
  async #locked(task: () => Promise<void>): Promise<void> {
    const locks = navigator.locks as LockManager | undefined;
    await (locks ? locks.request(LOCK, task) : task());
  }

  async #sendAll(): Promise<void> {
    for (;;) {
      const item = this.items.find(({ state }) => state === 'waiting');
      if (item === undefined || !this.#active) return;
      this.#show({ ...item, state: 'sending' });
      try {
        const timed = await this.#timed(item);
        const answer = await deliver(timed.work, await this.#filesOf(item.no));
        this.#answers.set(item.no, answer);
        this.#failures = 0;
        await this.#change({ ...timed, state: 'sent' });
      } catch (error) {
        const verdict = verdictOf(error, item.tries);
        if (verdict === 'refused') {
          const problem = error instanceof Problem ? error : new Problem(500, {});
          await this.#change({ ...this.#latest(item), state: 'refused', problem });
          continue;
        }
        this.#show({ ...this.#latest(item), state: 'waiting', tries: item.tries + 1 });
        if (verdict === 'later') this.#comeAgain();
        return;
      }
    }
  }

  /** The item with its time put right by what the service's clock says, once for all: sent again it has to be the same. */
  async #timed(item: Item): Promise<Item> {
    if (!isHeard()) await api.config();
    const by = learntSince(item.stamp);
    if (by === 0) return item;
    const madeAt = new Date(Date.parse(item.madeAt) + by).toISOString();
    const timed: Item = { ...item, work: putRight(item.work, by), madeAt, stamp: stampNow(), state: 'sending' };
    await this.#change(timed);
    return timed;
  }

  #comeAgain(): void {
    this.#failures += 1;
    this.#timer = setTimeout(() => void this.flush(), waitMs(this.#failures));
  }

  #latest(known: Item): Item {
    return this.items.find(({ no }) => no === known.no) ?? known;
  }

  #show(changed: Item): void {
    this.items = this.items.map((item) => (item.no === changed.no ? changed : item));
  }

  #outcome(added: Item): Outcome {
    const item = this.#latest(added);
    if (item.state === 'sent') return { state: 'sent', item, answer: this.#answers.get(item.no) };
    if (item.state === 'refused' && item.problem) return { state: 'refused', item, problem: item.problem };
    return { state: 'waiting', item };
  }

  async #stored(): Promise<Item[]> {
    const { account, key } = vault;
    if (account === null) return [];
    const rows = await (await database()).getAllFromIndex('queue', 'account', account);
    const read = rows.map(async ({ no = 0, state, content }): Promise<Item> => {
      const { problem, ...rest } = await unsealJson<Content>(key, content);
      return { no, state, tries: 0, stamp: stampNow(), ...rest, problem: problem && new Problem(problem.status, problem) };
    });
    return Promise.all(read);
  }

  async #store(content: Content, files: readonly File[]): Promise<number> {
    const { account, key } = vault;
    try {
      if (account === null) throw new Error('no account');
      const kept = files.map(async (file) => ({ name: file.name, type: file.type, content: await seal(key, await file.arrayBuffer()) }));
      const row = { account, state: 'waiting' as const, content: await sealJson(key, content), files: await Promise.all(kept) };
      return await (await database()).add('queue', row);
    } catch (error) {
      // Without storage the item lives as long as the page; it is sent all the same.
      console.warn('not kept on this device', error);
      this.#unstored -= 1;
      return this.#unstored;
    }
  }

  async #change(item: Item): Promise<void> {
    this.#show(item);
    if (item.no < 0) return;
    const base = await database();
    const row = await base.get('queue', item.no);
    if (row === undefined) return;
    const { work, about, madeAt, stamp, photos, problem } = item;
    const state = item.state === 'sending' ? 'waiting' : item.state;
    const content = await sealJson(vault.key, { work, about, madeAt, stamp, photos, problem: problem && { ...problem.body, status: problem.status } } satisfies Content);
    // What has arrived needs its photos no more.
    await base.put('queue', { ...row, state, content, files: state === 'sent' ? [] : row.files });
  }

  async #filesOf(no: number): Promise<readonly File[]> {
    const unstored = this.#files.get(no);
    if (unstored) return unstored;
    const row = no > 0 ? await (await database()).get('queue', no) : undefined;
    return Promise.all((row?.files ?? []).map(async ({ name, type, content }) => new File([await unseal(vault.key, content)], name, { type })));
  }
}

export const outbox = new Outbox();
