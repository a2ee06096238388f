/** Planning the rest of the walk anew from where the walker is, and saying how that went. */
import { explain, Problem } from '$lib/api/problem';
import { language } from '$lib/i18n';
import { outbox } from '$lib/offline/outbox.svelte';
import { notices } from '$lib/state/notices.svelte';
import { fixNow } from './check-in';
import type { Course } from './course';
import { pack } from './pack.svelte';
import { replanned } from './source';

class Replanning {
  busy = $state(false);

  async begin(course: Course): Promise<void> {
    const { t } = language;
    this.busy = true;
    const fix = await fixNow();
    await outbox.flush();
    try {
      if (outbox.waiting.length > 0) throw new Problem(0, {});
      if (fix === null) notices.say(t.shell.locateFailed, 'plain');
      const next = await replanned(course, fix?.at ?? course.start.at);
      notices.say(t.patrol.replanned, 'good');
      if (course.patrolId !== null) void pack.ensure(next);
    } catch (error) {
      notices.say(error instanceof Problem && error.isAway ? t.patrol.replanAway : explain(error, t), 'bad');
    } finally {
      this.busy = false;
    }
  }
}

export const replanning = new Replanning();
