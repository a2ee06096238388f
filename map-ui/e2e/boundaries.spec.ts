/**
 * Story: a planner has a file in which two grids overlap and leave a gap, says whose each piece is, and a draft begins with
 * what comes of it, without a seam.
 */
import { expect, Person, test } from './person';

const VILLAGE = '370828003218';
type Ring = [number, number][];
interface Grid { code: string; name: string; kind: string; geometry: { type: 'MultiPolygon'; coordinates: Ring[][] } }

/** A corner in the middle of the line between two grids: moving it changes nothing but that line. */
function sharedCorner(grids: Grid[]): string {
  const owners = new Map<string, Set<string>>();
  for (const { code, geometry } of grids) {
    for (const corner of geometry.coordinates.flat(2).map(String)) owners.set(corner, (owners.get(corner) ?? new Set()).add(code));
  }
  const shared = [...owners].filter(([, codes]) => codes.size === 2).map(([corner, codes]) => ({ corner, pair: [...codes].join() }));
  const line = shared.filter(({ pair }) => pair === shared[0]!.pair);
  return line[Math.floor(line.length / 2)]!.corner;
}

const moved = (geometry: Grid['geometry'], corner: string, to: [number, number]) => ({
  ...geometry, coordinates: geometry.coordinates.map((polygon) => polygon.map((ring) => ring.map((at) => (String(at) === corner ? to : at)))),
});

test('a file that does not fit is repaired piece by piece and becomes a draft', async ({ browser }) => {
  const planner = await Person.at(browser, 'desktop');
  const { page } = planner;
  await planner.enter(/进入：.*规划/);
  const { items } = await planner.ask<{ items: Grid[] }>(`grids?village=${VILLAGE}`);
  const corner = sharedCorner(items);
  const [lon, lat] = corner.split(',').map(Number) as [number, number];
  // One side of the border moves, the other does not: a gap on one side of the corner, or an overlap on the other.
  const mover = items.find(({ geometry }) => geometry.coordinates.flat(2).some((at) => String(at) === corner))!.code;
  const features = items.map(({ code, name, kind, geometry }) => ({
    type: 'Feature', properties: { code, name, kind }, geometry: code === mover ? moved(geometry, corner, [lon + 2e-4, lat + 2e-4]) : geometry,
  }));

  await page.getByRole('button', { name: '数据', exact: true }).click();
  await page.getByRole('button', { name: '导入网格边界' }).click();
  await page.getByLabel('选择 GeoJSON 文件').setInputFiles({
    name: '试划方案.geojson', mimeType: 'application/geo+json',
    buffer: Buffer.from(JSON.stringify({ type: 'FeatureCollection', features })),
  });
  await expect(page.getByText(/块土地归属不明，请逐块选定/)).toBeVisible();
  await planner.screenIsAccessible();
  const pieces = page.getByRole('combobox', { name: /划给/ });
  for (let i = 0; i < (await pieces.count()); i++) {
    await expect(pieces.nth(i)).toBeEnabled();
    const names = await pieces.nth(i).locator('option').allInnerTexts();
    const shown = await pieces.nth(i).locator('option:checked').innerText();
    await pieces.nth(i).selectOption({ label: names.find((name) => name !== shown) ?? shown });
    await expect(pieces.nth(i)).toBeEnabled();
  }
  await expect(page.getByText('已按所选修补，可以起草')).toBeVisible();
  await expect(page.getByLabel('方案名称')).toHaveValue('试划方案');
  await page.getByRole('button', { name: '以此起草方案' }).click();
  await expect(page.getByRole('heading', { name: '试划方案' })).toBeVisible();
  const id = new URL(page.url()).searchParams.get('plan')!;
  const plan = await planner.ask<{ status: string; findings: { blocks: boolean }[]; sheet: { grids: unknown[] } }>(`plans/${id}`);
  expect([plan.status, plan.sheet.grids.length]).toEqual(['draft', items.length]);
  expect(plan.findings.filter(({ blocks }) => blocks)).toEqual([]);
  // Nobody's grid has changed.
  const { items: inForce } = await planner.ask<{ items: Grid[] }>(`grids?village=${VILLAGE}`);
  expect(inForce.map(({ geometry }) => geometry)).toEqual(items.map(({ geometry }) => geometry));
  await planner.leave();
});
