import type { Opened } from '$lib/state/route.svelte';

/** What lay under the click that marked a place, if anything: it can be opened from there. */
class Spot {
  thing = $state.raw<Opened | null>(null);
}

export const spot = new Spot();
