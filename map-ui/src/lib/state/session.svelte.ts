import { api } from '$lib/api';
import { keepAnswersOn, whenSessionEnds } from '$lib/api/client';
import { Problem } from '$lib/api/problem';
import type { Config, Session } from '$lib/api/types';
import { outbox } from '$lib/offline/outbox.svelte';
import { vault } from '$lib/offline/vault';

const CONFIG = 'config';
const SESSION = 'session';

/** Who is using the page and what the service lets them do. */
class SessionState {
  config = $state.raw<Config | null>(null);
  current = $state.raw<Session | null>(null);
  /** True until the first answer of the service. */
  starting = $state(true);
  /** What kept the page from starting, if anything. */
  failure = $state.raw<unknown>(null);
  /** Whose records wait on this device for them to sign in again, and how many. */
  leftBehind = $state.raw<{ name: string; count: number } | null>(null);
  /** True when a session ended by itself, not by signing out: what is on the page and in the queue stays. */
  ended = $state(false);

  constructor() {
    keepAnswersOn(vault);
    whenSessionEnds(() => {
      if (this.current !== null) this.ended = true;
    });
  }

  async start(): Promise<void> {
    this.starting = true;
    this.failure = null;
    try {
      this.config = await api.config();
      const session = await api.session().catch((error: unknown) => {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      });
      if (session === null) await this.#lookBehind();
      else await this.enter(session);
    } catch (error) {
      if (!(error instanceof Problem && error.isAway && (await this.#startAlone()))) this.failure = error;
    } finally {
      this.starting = false;
    }
  }

  async enter(session: Session): Promise<void> {
    await vault.open(session.account.id);
    await Promise.all([vault.put(CONFIG, this.config), vault.put(SESSION, session)]);
    await outbox.open();
    this.current = session;
    this.ended = false;
    this.leftBehind = null;
  }

  /** Back to the sign-in page, leaving this account's records on the device. */
  async putAside(): Promise<void> {
    this.current = null;
    this.ended = false;
    outbox.close();
    await this.#lookBehind();
  }

  async leave(): Promise<void> {
    await api.signOut();
    await this.forget();
  }

  /** Takes everything of this account off the device. */
  async forget(): Promise<void> {
    outbox.close();
    await vault.forget();
    this.current = null;
    this.ended = false;
  }

  /** True when the service grants this account the capability. */
  may(capability: string): boolean {
    return this.current?.may.includes(capability) ?? false;
  }

  async #lookBehind(): Promise<void> {
    if (!(await vault.openLast())) return;
    const session = await vault.get<Session>(SESSION);
    const count = await outbox.count();
    this.leftBehind = session && count > 0 ? { name: session.account.display_name, count } : null;
  }

  /** Without a line: as whoever was here last and did not sign out, with what they kept. */
  async #startAlone(): Promise<boolean> {
    if (!(await vault.openLast())) return false;
    const [config, session] = await Promise.all([vault.get<Config>(CONFIG), vault.get<Session>(SESSION)]);
    if (config === undefined || session === undefined) return false;
    this.config = config;
    await outbox.open();
    this.current = session;
    return true;
  }
}

export const session = new SessionState();
