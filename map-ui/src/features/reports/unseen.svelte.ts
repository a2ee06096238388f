import { SvelteMap } from 'svelte/reactivity';

/** Reports that arrived since the person last looked: new ones and ones that moved on. */
class Unseen {
  readonly changes = new SvelteMap<string, 'created' | 'changed'>();

  get count(): number {
    return this.changes.size;
  }

  add(id: string, change: 'created' | 'changed'): void {
    // A new report that changed before it was seen is still new.
    if (this.changes.get(id) !== 'created') this.changes.set(id, change);
  }

  see(id: string): void {
    this.changes.delete(id);
  }

  seeAll(): void {
    this.changes.clear();
  }
}

export const unseen = new Unseen();
