import { describe, expect, it } from 'vitest';
import { moved, same, without } from './orders';

const orders = [['a', 'b', 'c'], ['d']];

describe('orders', () => {
  it('moves a stop within its walk, before and after where it was', () => {
    expect(moved(orders, { walk: 0, index: 0 }, { walk: 0, index: 3 })).toEqual([['b', 'c', 'a'], ['d']]);
    expect(moved(orders, { walk: 0, index: 2 }, { walk: 0, index: 1 })).toEqual([['a', 'c', 'b'], ['d']]);
    expect(moved(orders, { walk: 0, index: 1 }, { walk: 0, index: 1 })).toEqual(orders);
    expect(moved(orders, { walk: 0, index: 1 }, { walk: 0, index: 2 })).toEqual(orders);
  });

  it('gives a stop to another walk, and leaves alone what is not there', () => {
    expect(moved(orders, { walk: 1, index: 0 }, { walk: 0, index: 1 })).toEqual([['a', 'd', 'b', 'c'], []]);
    expect(moved(orders, { walk: 1, index: 5 }, { walk: 0, index: 0 })).toEqual(orders);
    expect(moved(orders, { walk: 0, index: 0 }, { walk: 7, index: 0 })).toEqual(orders);
  });

  it('takes a stop out and compares', () => {
    expect(without(orders, 'b')).toEqual([['a', 'c'], ['d']]);
    expect(same(orders, moved(orders, { walk: 0, index: 0 }, { walk: 0, index: 0 }))).toBe(true);
    expect(same(orders, without(orders, 'd'))).toBe(false);
  });
});
