/** Planning the rest of the walk anew from where the walker is: what would change is shown first. */
import { explain, Problem } from '$lib/api/problem';
import { language } from '$lib/i18n';
import { outbox } from '$lib/offline/outbox.svelte';
import { notices } from '$lib/state/notices.svelte';
import { Trial } from '$features/replan/trial.svelte';
import { fixNow } from './check-in';
import type { Course } from './course';
import { day } from './day.svelte';
import { pack } from './pack.svelte';
import { follow, looksAgain } from './source';
import { walker } from './walker.svelte';

class Replanning {
  busy = $state(false);
  /** What is being looked at; null while nothing is. */
  trial = $state.raw<Trial | null>(null);

  async begin(course: Course): Promise<void> {
    const { t } = language;
    this.busy = true;
    const fix = await fixNow();
    await outbox.flush();
    try {
      if (outbox.waiting.length > 0) throw new Problem(0, {});
      if (fix === null) notices.say(t.shell.locateFailed, 'plain');
      await this.#from(course, fix?.at ?? course.start.at);
    } catch (error) {
      notices.say(error instanceof Problem && error.isAway ? t.patrol.replanAway : explain(error, t), 'bad');
    } finally {
      this.busy = false;
    }
  }

  async #from(course: Course, at: readonly [number, number]): Promise<void> {
    if (course.patrolId === null) {
      // A look at what is due, which nobody goes by.
      await looksAgain(course, [...at]);
      notices.say(language.t.patrol.replanned, 'good');
      return;
    }
    // Where the walker has chosen to go next, or is being led, stays the next.
    const next = day.preferred !== null || walker.following ? day.next?.stopId : null;
    const trial = new Trial();
    await trial.work({ patrols: [{ id: course.patrolId, place: { x: at[0], y: at[1], crs: 'wgs84' }, ...(next && { next: [next] }) }] });
    if (trial.error) throw trial.error;
    this.trial = trial;
  }

  async confirm(): Promise<void> {
    const [kept] = (await this.trial?.keep()) ?? [];
    if (kept === undefined) return;
    const course = follow(kept);
    this.trial = null;
    notices.say(language.t.replan.done, 'good');
    void pack.ensure(course);
  }

  leave(): void {
    this.trial = null;
  }
}

export const replanning = new Replanning();
