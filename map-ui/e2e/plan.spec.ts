/**
 * Story: a planner drags a border on the map, both grids change and no gap opens; takes it back; asks for proposals, looks at
 * them on the map and adopts one; compares; has it approved by the grid chief; and publishes it from tomorrow. On a phone
 * the plan can be looked at. When tomorrow has come, a report at a house that moved goes to the new grid, and one of
 * yesterday to the old. And: when two draw in one draft, the second is shown what the first did.
 */
import { expect, Person, test } from './person';
import { holds, onScreen, ringsOf, sharedArcs, VILLAGE, type Place, type Plan, type Point } from './planning';
import { dataDirectory, demo, forget } from './service';

/** The day in China some days from now. */
const dayFromNow = (days: number) => new Date(Date.now() + (8 + 24 * days) * 3_600_000).toISOString().slice(0, 10);

interface Unit { at: Place; households: number }
interface Report { grid: { code: string } }

test('a planner drags, asks for proposals, compares and publishes; from tomorrow reports follow', async ({ browser }) => {
  test.slow();
  const data = dataDirectory();
  const today = await demo(data);
  const planner = await Person.at(browser, 'desktop', {}, today.url);
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
  const plan = () => planner.ask<Plan>(`plans/${id}`, today.url);
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

  // Proposals: asked for, seen side by side and on the map, one adopted, taken back, and adopted again.
  await page.getByRole('radio', { name: '建议' }).check();
  await page.getByLabel('网格数').fill('3');
  await planner.screenIsAccessible();
  await page.getByRole('button', { name: '求建议' }).click();
  const figures = page.getByRole('region', { name: '各建议的数据' });
  await expect(figures).toBeVisible({ timeout: 180_000 });
  const even = page.getByRole('listitem', { name: '最均衡' });
  await expect(even).toContainText('最大负荷偏差由');
  await even.getByRole('button', { name: '在地图上看' }).click();
  await planner.screenIsAccessible();
  await even.getByRole('button', { name: '采用' }).click();
  await expect(page.getByText('已采用建议，可撤销。')).toBeVisible();
  await expect.poll(async () => (await plan()).position).toBe(2);
  const adopted = await plan();
  expect(adopted.sheet.grids.map(({ code }) => code)).toEqual(before.sheet.grids.map(({ code }) => code));
  expect(adopted.findings.filter(({ kind }) => ['gap', 'overlap', 'outside', 'building_cut', 'in_pieces'].includes(kind))).toEqual([]);
  await page.getByRole('button', { name: '撤销' }).click();
  await expect.poll(async () => (await plan()).position).toBe(1);
  await page.getByRole('button', { name: '重做' }).click();
  await expect.poll(async () => (await plan()).position).toBe(2);

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

  const chief = await Person.at(browser, 'phone', {}, today.url);
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
  const tomorrow = await planner.ask<{ items: { valid_from: string }[] }>(`grids?village=${VILLAGE}&on=${effective}`, today.url);
  expect(tomorrow.items.map(({ valid_from }) => valid_from)).toEqual(tomorrow.items.map(() => effective));

  // A house that goes from one grid to another, by what the plan holds and what is in force.
  const { items: units } = await planner.ask<{ items: Unit[] }>(`plans/${id}/units`, today.url);
  const { items: old } = await planner.ask<{ items: { code: string; geometry: { coordinates: Place[][][] } }[] }>(`grids?village=${VILLAGE}`, today.url);
  const now = (await plan()).sheet;
  const rings = (code: string) => now.grids.find((grid) => grid.code === code)!.polygons.flat().map((uses) =>
    uses.flatMap((use) => (use < 0 ? now.arcs[~use]!.toReversed() : now.arcs[use]!).slice(0, -1)));
  const homes = units.filter(({ households }) => households > 0).map(({ at }) => ({
    at,
    from: old.find(({ geometry }) => holds(geometry.coordinates.flat(), at))?.code,
    to: now.grids.find(({ code }) => holds(rings(code), at))?.code,
  }));
  const house = homes.find(({ from, to }) => from && to && from !== to)!;
  expect(house).toBeDefined();
  await planner.leave();
  await today.stop();

  const later = await demo(data, 1);
  const member = await Person.at(browser, 'phone', {}, later.url);
  await member.enter(/进入：网格长/);
  const gridOf = async (daysAgo: number): Promise<string> => {
    const happened = new Date(Date.now() + (1 - daysAgo) * 86_400_000 - 60_000).toISOString();
    const report = {
      id: crypto.randomUUID(), kind: 'request', severity: 1, words: '路灯不亮', happened_at: happened,
      place: { x: house.at[0], y: house.at[1], crs: 'wgs84' },
    };
    const filed = await member.page.request.post(`${later.url}/api/v1/reports`, { data: report, headers: { origin: later.url } });
    expect(filed.status()).toBe(201);
    return ((await filed.json()) as Report).grid.code;
  };
  expect(await gridOf(0)).toBe(house.to);
  expect(await gridOf(1)).toBe(house.from);
  await member.leave();
  await later.stop();
  forget(data);
});

test('two planners in one draft: the second is shown what the first did and goes on from there', async ({ browser }) => {
  const first = await Person.at(browser, 'desktop');
  await first.enter(/进入：.*规划/);
  await first.page.getByRole('button', { name: '划分', exact: true }).click();
  await first.page.getByRole('button', { name: '新建方案' }).click();
  await first.page.getByLabel('方案名称').fill('两人同画');
  await first.page.getByRole('button', { name: '开始绘制' }).click();
  await expect(first.page.getByRole('heading', { name: '两人同画' })).toBeVisible();
  const id = new URL(first.page.url()).searchParams.get('plan')!;
  const plan = () => first.ask<Plan>(`plans/${id}`);

  const second = await Person.at(browser, 'desktop');
  await second.enter(/进入：.*规划/);
  await second.page.goto(`${second.home}/plans?plan=${id}`);
  await expect(second.page.getByRole('heading', { name: '两人同画' })).toBeVisible();
  const lock = (of: Person) => of.page.getByRole('button', { name: '锁定网格', exact: true });
  const choose = (of: Person, row: number) => of.page.locator('tr[data-grid] th button').nth(row).click();
  await choose(second, 1);
  await expect(lock(second)).toBeVisible();

  await choose(first, 0);
  await lock(first).click();
  await expect.poll(async () => (await plan()).position).toBe(1);
  // The service says that somebody was first; the browser logs that answer.
  second.expectFailures(/\/edits$/);
  await lock(second).click();
  const clash = second.page.getByRole('alertdialog', { name: '他人已修改此方案' });
  await expect(clash).toContainText('锁定网格');
  await expect(clash).toContainText('您有 1 步尚未保存');
  await second.screenIsAccessible();
  expect((await plan()).position).toBe(1);
  await clash.getByRole('button', { name: '采用对方版本并重做我的步骤' }).click();
  await expect(clash).toBeHidden();
  await expect.poll(async () => (await plan()).position).toBe(2);
  expect((await plan()).sheet.grids.map(({ locked }) => locked).slice(0, 2)).toEqual([true, true]);
  await first.leave();
  await second.leave();
});
