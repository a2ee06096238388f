import { session } from '$lib/state/session.svelte';

/** Who builds rounds here: inspectors, for themselves and each other, and the command centre for them. */
export const plansRounds = () => ['inspector', 'command'].includes(session.current?.account.role ?? '');
