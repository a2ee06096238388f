/** Saving what somebody else may have changed meanwhile, and saying how it went. */
import { explain, Problem } from '$lib/api/problem';
import { language } from '$lib/i18n';
import { notices } from '$lib/state/notices.svelte';

const STALE = 412;

/** Saves by `put`; where that is refused because another version is kept by now, gets it by `ask`. Never throws. */
export async function keep(put: () => Promise<void>, ask: () => Promise<unknown>): Promise<void> {
  const { t } = language;
  try {
    await put();
    notices.say(t.duties.saved, 'good');
  } catch (error) {
    if (error instanceof Problem && error.status === STALE) {
      await ask().catch(() => undefined);
      notices.say(t.duties.stale, 'bad');
    } else {
      const fields = error instanceof Problem ? error.fields.map(({ message }) => message) : [];
      notices.say([explain(error, t), ...fields].join(' '), 'bad');
    }
  }
}
