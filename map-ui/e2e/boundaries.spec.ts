/** Story: a planner moves the line between two grids in a file and publishes it from the day after tomorrow. */
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

/** The day in China some days from now. */
const dayFromNow = (days: number) => new Date(Date.now() + (8 + 24 * days) * 3_600_000).toISOString().slice(0, 10);

test('boundaries are published from a file', async ({ browser }) => {
  const planner = await Person.at(browser, 'desktop');
  const { page } = planner;
  await planner.enter(/进入：.*规划/);
  const { items } = await planner.ask<{ items: Grid[] }>(`grids?village=${VILLAGE}`);
  const corner = sharedCorner(items);
  const [lon, lat] = corner.split(',').map(Number) as [number, number];
  const to: [number, number] = [lon + 2e-5, lat + 2e-5];
  const features = items.map(({ code, name, kind, geometry }) => ({
    type: 'Feature', properties: { code, name, kind }, geometry: moved(geometry, corner, to),
  }));

  await page.getByRole('button', { name: '数据', exact: true }).click();
  await page.getByRole('button', { name: '导入网格边界' }).click();
  await page.getByLabel('选择 GeoJSON 文件').setInputFiles({
    name: '试划方案.geojson', mimeType: 'application/geo+json',
    buffer: Buffer.from(JSON.stringify({ type: 'FeatureCollection', features })),
  });
  await expect(page.getByText('没有空隙，没有重叠，可以发布')).toBeVisible();
  await expect(page.getByLabel('方案名称')).toHaveValue('试划方案');
  const effective = dayFromNow(2);
  await page.getByLabel('生效日期').fill(effective);
  await planner.screenIsAccessible();
  await page.getByRole('button', { name: '发布方案' }).click();
  await expect(page.getByText('方案已发布')).toBeVisible();

  const cornersOn = async (query: string) => {
    const { items: grids } = await planner.ask<{ items: Grid[] }>(`grids?village=${VILLAGE}${query}`);
    return grids.flatMap(({ geometry }) => geometry.coordinates.flat(2).map(([x, y]) => `${x.toFixed(6)},${y.toFixed(6)}`));
  };
  const [was, is] = [[lon, lat], to].map(([x, y]) => `${x!.toFixed(6)},${y!.toFixed(6)}`) as [string, string];
  expect(await cornersOn('')).toContain(was);
  expect(await cornersOn(`&on=${effective}`)).toContain(is);
  expect(await cornersOn(`&on=${effective}`)).not.toContain(was);
  await planner.leave();
});
