import type { RiskKind } from '$lib/api/types';
import { route } from '$lib/state/route.svelte';
import { session } from '$lib/state/session.svelte';

export const kinds: readonly RiskKind[] = ['all', 'fire', 'safety'];

/** The kind asked about: as the address says, else the inspector's own trade. */
export function askedKind(): RiskKind {
  const asked = kinds.find((kind) => kind === route.query.get('kind'));
  return asked ?? (session.current?.account.department === 'fire' ? 'fire' : 'all');
}
