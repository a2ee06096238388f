/** Choosing by drawing around: on while the person draws. */
import type { LonLat } from '$lib/api/types';
import { language } from '$lib/i18n';
import { notices } from '$lib/state/notices.svelte';
import { sheet } from '$lib/state/sheet.svelte';
import { explain } from '$lib/api/problem';
import { candidates } from './candidates.svelte';
import { inside } from './inside';
import { selection } from './selection.svelte';

class Lasso {
  active = $state(false);

  begin(): void {
    this.active = true;
    // The whole map is needed.
    sheet.height = 'peek';
  }

  /** Chooses what lies within a ring, and says how much that is. */
  async take(ring: readonly LonLat[]): Promise<void> {
    const { t } = language;
    this.active = false;
    sheet.raise();
    try {
      const found = (await candidates.load()).filter(({ at }) => inside(ring, at));
      const over = selection.add(found.map(({ id }) => id));
      if (found.length === 0) notices.say(t.risk.lassoNone, 'bad');
      else if (over > 0) notices.say(t.round.tooMany(over), 'bad');
      else notices.say(t.risk.lassoFound(found.length), 'good');
    } catch (error) {
      notices.say(explain(error, t), 'bad');
    }
  }
}

export const lasso = new Lasso();
