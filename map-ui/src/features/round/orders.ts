/** Orders of a round: for each walk the ids of its targets. */
export type Orders = readonly (readonly string[])[];

export interface Spot {
  walk: number;
  index: number;
}

/** `orders` with the target at `from` moved to `to`, a position in the orders as they are before it leaves. */
export function moved(orders: Orders, from: Spot, to: Spot): string[][] {
  const next = orders.map((order) => [...order]);
  const [target] = next[from.walk]?.splice(from.index, 1) ?? [];
  const walk = next[to.walk];
  if (target === undefined || walk === undefined) return orders.map((order) => [...order]);
  const shift = from.walk === to.walk && from.index < to.index ? 1 : 0;
  walk.splice(to.index - shift, 0, target);
  return next;
}

export function without(orders: Orders, target: string): string[][] {
  return orders.map((order) => order.filter((other) => other !== target));
}

export function same(a: Orders, b: Orders): boolean {
  return a.length === b.length && a.every((order, walk) => order.length === b[walk]?.length && order.every((target, i) => target === b[walk]?.[i]));
}
