import { Activity, BellRing, ChartColumn, ListChecks, PencilRuler, Route, UsersRound, type IconNode } from 'lucide';
import { plansRounds } from '$features/round/may';
import type { View } from '$lib/state/route.svelte';
import { session } from '$lib/state/session.svelte';

/** The main sections, the capability each needs, and their symbol. */
export const sections: { view: Exclude<View, 'me'>; needs: string; icon: IconNode }[] = [
  { view: 'feed', needs: 'report.read', icon: BellRing },
  { view: 'patrol', needs: 'patrol.read', icon: Route },
  { view: 'risk', needs: 'risk.read', icon: Activity },
  { view: 'round', needs: 'ranking.read', icon: ListChecks },
  { view: 'figures', needs: 'figures.read', icon: ChartColumn },
  { view: 'plans', needs: 'plan.read', icon: PencilRuler },
  { view: 'accounts', needs: 'account.manage', icon: UsersRound },
];

/** The sections this account has, in order. */
export const ownSections = () => sections.filter(({ view, needs }) => session.may(needs) && (view !== 'round' || plansRounds()));

/** What is shown at `asked`: itself when the account may use it, else the account's first section. */
export function allowedView(asked: View): View {
  const own = ownSections();
  return asked === 'me' || own.some(({ view }) => view === asked) ? asked : (own[0]?.view ?? 'me');
}
