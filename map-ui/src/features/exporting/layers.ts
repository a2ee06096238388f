/** Layers a role may take away as a file, and the capability that reading each needs; the service has the last word. */
export const exportable = [
  { layer: 'reports', needs: 'report.read' },
  { layer: 'hazards', needs: 'hazard.read' },
  { layer: 'enterprises', needs: 'enterprise.read' },
  { layer: 'households', needs: 'household.read' },
  { layer: 'grids', needs: null },
  { layer: 'areas', needs: null },
  { layer: 'buildings', needs: null },
  { layer: 'roads', needs: null },
  { layer: 'water', needs: null },
] as const;
export type ExportLayer = (typeof exportable)[number]['layer'];
