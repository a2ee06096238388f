import { expect, test } from 'vitest';
import { actionsFor } from './actions';

test('a grid member closes what is open on the spot, and only adds notes afterwards', () => {
  expect(actionsFor('grid_member', 'open')).toEqual(['resolve_on_spot', 'coordinate', 'note']);
  expect(actionsFor('grid_member', 'resolved')).toEqual(['note']);
});

test('the command centre dispatches what was escalated and closes or sends back what was resolved', () => {
  expect(actionsFor('command', 'escalated')).toEqual(['dispatch', 'note']);
  expect(actionsFor('command', 'resolved')).toEqual(['close', 'rework', 'note']);
});

test('a planner works on no case', () => {
  expect(actionsFor('planner', 'open')).toEqual([]);
});
