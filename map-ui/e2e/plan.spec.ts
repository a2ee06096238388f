/**
 * Story: a planner drags a border on the map, both grids change and no gap opens; takes it back; compares; has it approved
 * by the grid chief; and publishes it from tomorrow. On a phone the plan can be looked at.
 */
import { expect, Person, test } from './person';

const VILLAGE = '370828003218';
type Place = [number, number];
type Point = { x: number; y: number };
interface Sheet { arcs: [number, number][][]; grids: { code: string; name: string; polygons: number[][][] }[] }
interface Plan { id: string; sheet: Sheet; position: number; findings: { kind: string }[] }

/** The day in China some days from now. */
const dayFromNow = (days: number) => new Date(Date.now() + (8 + 24 * days) * 3_600_000).toISOString().slice(0, 10);

/** Arcs that two grids share. */
function sharedArcs({ arcs, grids }: Sheet): [number, number][][] {
  const uses = grids.flatMap(({ polygons }) => polygons.flat(2)).map((use) => (use < 0 ? ~use : use));
  return arcs.filter((_, arc) => uses.filter((use) => use === arc).length === 2);
}

test('a planner drags a border, takes it back, compares, and publishes what the chief approves', async ({ browser }) => {
  const planner = await Person.at(browser, 'desktop');
  const { page } = planner;
  await planner.enter(/进入：.*规划/);
  await page.getByRole('button', { name: '划分', exact: true }).click();
  await page.getByRole('button', { name: '新建方案' }).click();
  await page.getByLabel('方案名称').fill('均衡负担');
  await planner.screenIsAccessible();
  await page.getByRole('button', { name: '开始绘制' }).click();
  await expect(page.getByRole('heading', { name: '均衡负担' })).toBeVisible();
  await expect(page.getByRole('table', { name: /实时数据/ })).toBeVisible();
  await planner.screenIsAccessible();
  const id = new URL(page.url()).searchParams.get('plan')!;
  const plan = () => planner.ask<Plan>(`plans/${id}`);
  const before = await plan();

  // A vertex in the middle of the longest border, where no node is.
  const arc = sharedArcs(before.sheet).toSorted((a, b) => b.length - a.length)[0]!;
  const [ahead, vertex, behind] = arc.slice(Math.floor(arc.length / 2) - 1) as [Place, Place, Place];
  const canvas = page.getByRole('application', { name: /划分方案编辑区/ });
  const areas = () => page.locator('tr[data-grid] td:nth-last-child(2)').allInnerTexts();
  const shown = await areas();
  await expect(page).toHaveURL(/#at=/);
  const box = (await canvas.boundingBox())!;
  const [from, a, b] = [vertex, ahead, behind].map((place) => onScreen(place, page.url(), box)) as [Point, Point, Point];
  // Straight away from the line, so that it does not come to cross itself.
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x - (40 * (b.y - a.y)) / length, from.y + (40 * (b.x - a.x)) / length, { steps: 8 });
  // Both grids' figures follow while the button is down; nothing is kept yet.
  await expect.poll(areas).not.toEqual(shown);
  expect((await plan()).position).toBe(0);
  await page.mouse.up();
  await expect.poll(async () => (await plan()).position).toBe(1);
  const dragged = await plan();
  const changed = dragged.sheet.grids.filter((_, i) => JSON.stringify(ringsOf(dragged.sheet, i)) !== JSON.stringify(ringsOf(before.sheet, i)));
  expect(changed.length).toBeGreaterThanOrEqual(2);
  expect(dragged.findings.filter(({ kind }) => ['gap', 'overlap', 'outside'].includes(kind))).toEqual([]);

  await page.getByRole('button', { name: '撤销' }).click();
  await expect.poll(async () => (await plan()).position).toBe(0);
  await expect.poll(areas).toEqual(shown);
  await page.getByRole('button', { name: '重做' }).click();
  await expect.poll(async () => (await plan()).position).toBe(1);

  await page.getByRole('radio', { name: /检查/ }).check();
  await planner.screenIsAccessible();
  await page.getByRole('radio', { name: '对比' }).check();
  await expect(page.getByRole('heading', { name: '易手情况' })).toBeVisible();
  await planner.screenIsAccessible();

  await page.getByRole('radio', { name: '发布' }).check();
  const effective = dayFromNow(1);
  await page.getByLabel('生效日期').fill(effective);
  await page.getByLabel('未办结事件').selectOption('follow');
  await page.getByLabel('告知村民').fill('自明日起调整网格，请周知。');
  await planner.screenIsAccessible();
  await page.getByRole('button', { name: '提交审批' }).click();
  await expect(page.getByText('待审批', { exact: true })).toBeVisible();

  const chief = await Person.at(browser, 'phone');
  await chief.enter(/进入：网格长/);
  await chief.page.goto(`${new URL(page.url()).origin}/plans?plan=${id}`);
  await expect(chief.page.getByRole('heading', { name: '均衡负担' })).toBeVisible();
  await chief.screenIsAccessible();
  await chief.page.getByRole('radio', { name: '发布' }).check();
  await chief.page.getByRole('button', { name: '批准', exact: true }).click();
  await expect(chief.page.getByText('已批准', { exact: true }).first()).toBeVisible();
  await chief.leave();

  await page.reload();
  await expect(page.getByRole('heading', { name: '均衡负担' })).toBeVisible();
  await page.getByRole('radio', { name: '发布' }).check();
  await page.getByRole('button', { name: '发布', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click();
  await expect(page.getByText('已发布', { exact: true })).toBeVisible();
  const tomorrow = await planner.ask<{ items: { valid_from: string }[] }>(`grids?village=${VILLAGE}&on=${effective}`);
  expect(tomorrow.items.map(({ valid_from }) => valid_from)).toEqual(tomorrow.items.map(() => effective));
  await planner.leave();
});

/** Where a place is on the screen, by the position of the map that the address tells (zoom, latitude, longitude). */
function onScreen([lon, lat]: [number, number], url: string, box: { x: number; y: number; width: number; height: number }) {
  const [zoom, centreLat, centreLon] = /#at=([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)/.exec(url)!.slice(1).map(Number) as [number, number, number];
  const world = 512 * 2 ** zoom;
  const y = (degrees: number) => (world / (2 * Math.PI)) * Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360));
  return {
    x: box.x + box.width / 2 + ((lon - centreLon) / 360) * world,
    y: box.y + box.height / 2 - (y(lat) - y(centreLat)),
  };
}

function ringsOf({ arcs, grids }: Sheet, grid: number): [number, number][] {
  return grids[grid]!.polygons.flat(2).flatMap((use) => arcs[use < 0 ? ~use : use]!).toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
}
