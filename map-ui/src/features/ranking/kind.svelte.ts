import type { RiskKind } from '$lib/api/types';
import { question } from '$features/risk/question.svelte';
import { route } from '$lib/state/route.svelte';

export const kinds: readonly RiskKind[] = ['all', 'fire', 'safety'];

/** The kind asked about: as the address says, else as goes with the events on the map. */
export function askedKind(): RiskKind {
  return kinds.find((kind) => kind === route.query.get('trade')) ?? question.trade;
}
