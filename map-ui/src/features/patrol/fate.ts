import type { VisitResult } from '$lib/api/types';

/** What became of a stop. `checked_in` is all that is known of a call that another device recorded. */
export type Fate = { result: VisitResult | 'checked_in'; at: string } | { result: 'skipped'; at: string; reason: string };
