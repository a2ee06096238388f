/** A new plan that is looked at: worked out, then kept exactly as it was shown, or not at all. */
import { api } from '$lib/api';
import { Problem } from '$lib/api/problem';
import type { KeptPatrol, PatrolsReplan, TriedReplan } from '$lib/api/types';
import { language } from '$lib/i18n';
import { notices } from '$lib/state/notices.svelte';

const CONFLICT = 409;

export class Trial {
  tried = $state.raw<TriedReplan | null>(null);
  busy = $state(false);
  error = $state.raw<unknown>(null);
  #asked: PatrolsReplan | null = null;

  async work(asked: PatrolsReplan): Promise<void> {
    this.#asked = asked;
    this.tried = null;
    await this.#attempt(async () => {
      this.tried = await api.tryReplan(asked);
    });
  }

  /** Works the same out again. */
  async again(): Promise<void> {
    if (this.#asked) await this.work(this.#asked);
  }

  /** Keeps what was shown; null where it could not be. */
  async keep(): Promise<KeptPatrol[] | null> {
    const [asked, tried] = [this.#asked, this.tried];
    if (asked === null || tried === null) return null;
    const shown = tried.patrols.map(({ calls }) => calls.map(({ target_id }) => target_id));
    const patrols = asked.patrols.map((part, i) => ({ ...part, shown: shown[i] ?? [] }));
    let kept: KeptPatrol[] | null = null;
    await this.#attempt(async () => {
      kept = (await api.replanPatrols({ ...asked, patrols, as_of: tried.as_of })).patrols;
    });
    return kept;
  }

  async #attempt(deed: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.error = null;
    try {
      await deed();
    } catch (error) {
      if (error instanceof Problem && error.status === CONFLICT && this.tried !== null) {
        // What was shown is no more: another look first.
        this.tried = null;
        notices.say(language.t.replan.stale, 'bad');
      } else this.error = error;
    } finally {
      this.busy = false;
    }
  }
}
