import { api } from '$lib/api';
import { explain } from '$lib/api/problem';
import type { Stop } from '$lib/api/types';
import { language } from '$lib/i18n';
import { notices } from '$lib/state/notices.svelte';
import { route } from '$lib/state/route.svelte';

/** Opens the card of whatever a stop calls at. */
export async function openCard(stop: Stop): Promise<void> {
  if (stop.target_kind !== 'special_care') {
    route.open(stop.target_kind, stop.target_id);
    return;
  }
  // A person in special care has no card of their own: they are on that of their household.
  try {
    const household = await api.householdAt(stop.at);
    if (household) route.open('household', household.id);
  } catch (error) {
    notices.say(explain(error, language.t), 'bad');
  }
}
