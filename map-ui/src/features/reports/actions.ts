import type { ReportAction, ReportStatus, Role } from '$lib/api/types';

/**
 * Which buttons to offer. The service decides again, and refuses what does not fit; this only spares people
 * buttons that could never work for their role or the report's state.
 */
const byRole: Record<Role, readonly ReportAction[]> = {
  grid_member: ['resolve_on_spot', 'coordinate', 'note'],
  grid_chief: ['coordinate', 'escalate', 'resolve', 'note'],
  command: ['dispatch', 'close', 'rework', 'note'],
  police: ['resolve', 'note'],
  inspector: ['resolve', 'note'],
  mediator: ['resolve', 'note'],
  planner: [],
  administrator: [],
};

const fromStatus: Record<ReportAction, readonly ReportStatus[]> = {
  resolve_on_spot: ['open', 'coordinating'],
  coordinate: ['open'],
  escalate: ['open', 'coordinating'],
  dispatch: ['open', 'coordinating', 'escalated'],
  resolve: ['open', 'coordinating', 'escalated', 'dispatched'],
  close: ['resolved'],
  rework: ['resolved', 'closed'],
  note: ['open', 'coordinating', 'escalated', 'dispatched', 'resolved', 'closed'],
};

export function actionsFor(role: Role, status: ReportStatus): ReportAction[] {
  return byRole[role].filter((action) => fromStatus[action].includes(status));
}
