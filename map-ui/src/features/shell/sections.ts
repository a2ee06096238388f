import { Activity, BellRing, ChartColumn, Route, UsersRound, type IconNode } from 'lucide';
import type { View } from '$lib/state/route.svelte';

/** The main sections, the capability each needs, and their symbol. */
export const sections: { view: View; needs: string | null; icon: IconNode }[] = [
  { view: 'feed', needs: null, icon: BellRing },
  { view: 'patrol', needs: 'patrol.read', icon: Route },
  { view: 'risk', needs: 'risk.read', icon: Activity },
  { view: 'figures', needs: 'figures.read', icon: ChartColumn },
  { view: 'accounts', needs: 'account.manage', icon: UsersRound },
];
