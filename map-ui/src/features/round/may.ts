import { session } from '$lib/state/session.svelte';

/** Who builds rounds here: inspectors, their own. The command centre does so over the service, naming the inspectors. */
export const plansRounds = () => session.current?.account.role === 'inspector';
