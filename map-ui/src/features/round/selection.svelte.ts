/** What was chosen to be visited. Ids only, and in the address: a reload or a colleague finds the same choice. */
import { route } from '$lib/state/route.svelte';

/** More than a team of ten can call at in a day; and an address has an end. */
export const MOST_CHOSEN = 100;

const ID = /^[0-9a-f-]{36}$/;

class Selection {
  ids = $derived((route.query.get('pick') ?? '').split(',').filter((id) => ID.test(id)).slice(0, MOST_CHOSEN));
  #set = $derived(new Set(this.ids));

  has(id: string): boolean {
    return this.#set.has(id);
  }

  /** Adds what fits; says how many did not. */
  add(ids: readonly string[]): number {
    const all = [...new Set([...this.ids, ...ids])];
    this.#write(all.slice(0, MOST_CHOSEN));
    return Math.max(all.length - MOST_CHOSEN, 0);
  }

  toggle(id: string): void {
    if (this.has(id)) this.#write(this.ids.filter((other) => other !== id));
    else this.add([id]);
  }

  clear(): void {
    this.#write([]);
  }

  #write(ids: readonly string[]): void {
    route.set({ pick: ids.join(',') });
  }
}

export const selection = new Selection();
