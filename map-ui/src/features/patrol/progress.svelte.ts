import { SvelteMap } from 'svelte/reactivity';
import type { Patrol, Stop, VisitResult } from '$lib/api/types';

const keyOf = (stop: Pick<Stop, 'target_kind' | 'target_id'>) => `${stop.target_kind}:${stop.target_id}`;

/** Today's plan and what became of its stops since it was made. */
class Progress {
  plan = $state.raw<Patrol | null>(null);
  readonly results = new SvelteMap<string, VisitResult>();

  get done(): number {
    return this.results.size;
  }

  begin(plan: Patrol): void {
    this.plan = plan;
    this.results.clear();
  }

  end(): void {
    this.plan = null;
    this.results.clear();
  }

  record(stop: Stop, result: VisitResult): void {
    this.results.set(keyOf(stop), result);
  }

  resultOf(stop: Stop): VisitResult | undefined {
    return this.results.get(keyOf(stop));
  }

  isDone(stop: Stop): boolean {
    return this.results.has(keyOf(stop));
  }
}

export const progress = new Progress();
