import { api } from '$lib/api';
import { whenSessionEnds } from '$lib/api/client';
import { Problem } from '$lib/api/problem';
import type { Config, Session } from '$lib/api/types';

/** Who is using the page and what the service lets them do. */
class SessionState {
  config = $state.raw<Config | null>(null);
  current = $state.raw<Session | null>(null);
  /** True until the first answer of the service. */
  starting = $state(true);
  /** What kept the page from starting, if anything. */
  failure = $state.raw<unknown>(null);
  /** True when a session ended by itself, not by signing out. */
  ended = $state(false);

  constructor() {
    whenSessionEnds(() => {
      if (this.current === null) return;
      this.current = null;
      this.ended = true;
    });
  }

  async start(): Promise<void> {
    this.starting = true;
    this.failure = null;
    try {
      this.config = await api.config();
      this.current = await api.session().catch((error: unknown) => {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      });
    } catch (error) {
      this.failure = error;
    } finally {
      this.starting = false;
    }
  }

  enter(session: Session): void {
    this.current = session;
    this.ended = false;
  }

  async leave(): Promise<void> {
    await api.signOut();
    this.current = null;
  }

  /** True when the service grants this account the capability. */
  may(capability: string): boolean {
    return this.current?.may.includes(capability) ?? false;
  }
}

export const session = new SessionState();
