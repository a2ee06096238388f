/**
 * Story: a planner locks a border: it cannot be dragged any more, and that is said in both languages; every proposal keeps
 * it. The borders of a locked grid cannot be dragged either, and where it makes every plan impossible, the reason names it.
 */
import { expect, Person, test } from './person';
import { onScreen, sharedArcs, type Place, type Plan, type Point } from './planning';

interface Locks { sheet: { locked_arcs: Place[][] } }

test('what is locked stays, in the hand and in every proposal', async ({ browser }) => {
  test.slow();
  const planner = await Person.at(browser, 'desktop');
  const { page } = planner;
  await planner.enter(/进入：.*规划/);
  await page.getByRole('button', { name: '划分', exact: true }).click();
  await page.getByRole('button', { name: '新建方案' }).click();
  await page.getByLabel('方案名称').fill('锁定边界');
  await page.getByRole('button', { name: '开始绘制' }).click();
  await expect(page.getByRole('heading', { name: '锁定边界' })).toBeVisible();
  await expect(page).toHaveURL(/#at=/);
  // Places on the map are pointed at once it has come to rest.
  let view = '';
  const rests = () => {
    const before = view;
    view = page.url();
    return view === before;
  };
  await expect.poll(rests, { intervals: [1000] }).toBe(true);
  const id = new URL(page.url()).searchParams.get('plan')!;
  const plan = () => planner.ask<Plan & Locks>(`plans/${id}`);
  const before = await plan();

  // The middle of the longest edge of the longest border, so that no vertex is near.
  const arc = sharedArcs(before.sheet).toSorted((a, b) => b.length - a.length)[0]!;
  const box = (await page.getByRole('application', { name: /划分方案编辑区/ }).boundingBox())!;
  const shown = arc.map((place) => onScreen(place, page.url(), box));
  const length = (i: number) => Math.hypot(shown[i + 1]!.x - shown[i]!.x, shown[i + 1]!.y - shown[i]!.y);
  const longest = shown.slice(1).map((_, i) => i).toSorted((a, b) => length(b) - length(a))[0]!;
  const middle: Point = { x: (shown[longest]!.x + shown[longest + 1]!.x) / 2, y: (shown[longest]!.y + shown[longest + 1]!.y) / 2 };
  await page.mouse.click(middle.x, middle.y);
  await page.getByRole('button', { name: '锁定此段' }).click();
  await expect.poll(async () => (await plan()).sheet.locked_arcs.length).toBe(1);
  await planner.screenIsAccessible();

  const held = (await plan()).sheet;
  const pull = async () => {
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.down();
    await page.mouse.move(middle.x + 60, middle.y + 50, { steps: 3 });
    await page.mouse.up();
  };
  await pull();
  // The notice goes after some seconds; what is said to a screen reader stays.
  await expect(page.locator('[aria-live]').getByText('已锁定，不能改动').first()).toBeAttached();
  // Neither the border has moved nor the map under it.
  expect((await plan()).position).toBe(1);
  expect((await plan()).sheet).toEqual(held);
  expect(page.url()).toBe(view);
  await page.getByRole('button', { name: 'English' }).click();
  await pull();
  await expect(page.locator('[aria-live]').getByText('This is locked').first()).toBeAttached();
  await page.mouse.click(middle.x, middle.y);
  await expect(page.getByRole('button', { name: 'Unlock border' })).toBeVisible();
  await planner.screenIsAccessible();
  await page.getByRole('button', { name: '中文' }).click();
  expect((await plan()).position).toBe(1);

  // Every proposal that is adopted has each edge of the locked border.
  await page.getByRole('radio', { name: '建议' }).check();
  await page.getByLabel('网格数').fill('3');
  await page.getByRole('button', { name: '求建议' }).click();
  await expect(page.getByRole('region', { name: '各建议的数据' })).toBeVisible({ timeout: 180_000 });
  const edges = (arcs: readonly Place[][]) => new Set(arcs.flatMap((line) => line.slice(1).flatMap((place, i) => [`${line[i]} ${place}`, `${place} ${line[i]}`])));
  const locked = edges((await plan()).sheet.locked_arcs);
  for (const aim of ['变动最少', '最均衡', '边界最短']) {
    const { position } = await plan();
    await page.getByRole('listitem', { name: aim }).getByRole('button', { name: '采用' }).click();
    await expect.poll(async () => (await plan()).position).toBe(position + 1);
    const adopted = edges((await plan()).sheet.arcs);
    expect([...locked].filter((edge) => !adopted.has(edge)), aim).toEqual([]);
    await page.getByRole('button', { name: '撤销' }).click();
    await expect.poll(async () => (await plan()).position).toBe(position);
    await page.getByRole('radio', { name: '建议' }).check();
  }

  // A whole grid locked holds its borders too; and where locks make every plan impossible, the reason names them.
  await page.getByRole('radio', { name: '绘制' }).check();
  await page.getByRole('button', { name: '撤销' }).click();
  await expect.poll(async () => (await plan()).sheet.locked_arcs.length).toBe(0);
  const side = before.sheet.grids.findIndex(({ polygons }) => polygons.flat(2).some((use) => before.sheet.arcs[use < 0 ? ~use : use] === arc));
  await page.locator('tr[data-grid] th button').nth(side).click();
  await page.getByRole('button', { name: '锁定网格', exact: true }).click();
  await expect.poll(async () => (await plan()).sheet.grids[side]!.locked).toBe(true);
  const { position } = await plan();
  await pull();
  await expect(page.locator('[aria-live]').getByText('已锁定，不能改动').first()).toBeAttached();
  expect((await plan()).position).toBe(position);
  await page.getByRole('radio', { name: '建议' }).check();
  await page.getByLabel('网格数').fill('1');
  await page.getByRole('button', { name: '再求一次' }).click();
  await expect(page.getByRole('alert').filter({ hasText: before.sheet.grids[side]!.name })).toContainText('锁定', { timeout: 180_000 });
  await planner.screenIsAccessible();
  await planner.leave();
});
