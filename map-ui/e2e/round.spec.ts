/**
 * Story: an inspector takes the enterprises that most deserve a visit to a round, tries it, changes the order and sees what that
 * costs, keeps and publishes it, and takes it along.
 */
import { expect, Person, test } from './person';

interface Tried {
  walks: { course: { stops: { target_id: string; label: string }[] } }[];
  change: { walk_m: number } | null;
}

for (const size of ['desktop', 'phone'] as const) {
  test(`an inspector builds a round, ${size}`, async ({ browser }) => {
    const inspector = await Person.at(browser, size);
    const { page } = inspector;
    await inspector.enter(/进入：.*消防/);
    await page.getByRole('button', { name: '路线', exact: true }).click();
    if (size === 'phone') await page.getByRole('button', { name: '展开面板' }).click();
    await expect(page.getByText('还没有指定对象')).toBeVisible();
    await expect(page.getByRole('button', { name: '试排' })).toBeDisabled();
    await inspector.screenIsAccessible();

    // Handed over from the risk map.
    await page.getByRole('button', { name: '在地图上选', exact: true }).first().click();
    const top = page.getByRole('region', { name: '应访企业' });
    await top.getByRole('button', { name: '全选' }).click();
    await expect(page.getByText('已选 10 处')).toBeVisible();
    await page.getByRole('button', { name: '安排检查路线' }).click();
    await expect(page.getByText('必访 10 处')).toBeVisible();

    const answered = page.waitForResponse((answer) => answer.url().endsWith('/patrols/evaluate') && answer.ok());
    await page.getByRole('button', { name: '试排' }).click();
    const tried = (await (await answered).json()) as Tried;
    const stops = tried.walks[0]!.course.stops;
    expect(stops.length).toBeGreaterThan(2);
    const order = page.getByRole('list', { name: /的顺序/ });
    await expect(order.getByRole('listitem')).toHaveCount(stops.length);
    // The list scrolls, not the page.
    expect(await page.evaluate(() => document.scrollingElement?.scrollTop)).toBe(0);
    await inspector.screenIsAccessible();

    // The first stop last: what it costs is the service's answer.
    const handle = page.getByRole('button', { name: `第 1 站 ${stops[0]!.label}：拖动或用上下键换位置` });
    const changed = page.waitForResponse((answer) => answer.url().endsWith('/patrols/evaluate') && answer.ok());
    if (size === 'desktop') {
      await handle.scrollIntoViewIfNeeded();
      const from = (await handle.boundingBox())!;
      await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
      await page.mouse.down();
      const third = (await order.getByRole('listitem').nth(2).boundingBox())!;
      await page.mouse.move(third.x + 40, third.y + third.height - 3, { steps: 6 });
      await page.mouse.up();
    } else {
      await handle.press('ArrowDown');
    }
    const { walks, change } = (await (await changed).json()) as Tried;
    const moved = size === 'desktop' ? 2 : 1;
    expect(walks[0]!.course.stops.map(({ target_id }) => target_id)[moved]).toBe(stops[0]!.target_id);
    const cost = page.getByText('调整后');
    await expect(cost).toBeVisible();
    if (Math.abs(change!.walk_m) >= 1) await expect(page.getByText(change!.walk_m > 0 ? /路程 多/ : /路程 少/)).toBeVisible();
    await inspector.screenIsAccessible();
    await page.getByRole('button', { name: '撤销' }).click();
    await expect(cost).toHaveCount(0);

    await page.getByRole('radio', { name: '时间轴' }).check();
    await expect(page.getByRole('list', { name: /的时间轴/ }).getByRole('listitem')).toHaveCount(stops.length);
    await inspector.screenIsAccessible();
    await page.getByRole('radio', { name: /未排入/ }).check();
    await inspector.screenIsAccessible();

    await page.getByRole('button', { name: '保存并发布' }).click();
    await expect(page.getByText('已发布', { exact: true })).toBeVisible();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'GPX' }).click();
    expect((await download).suggestedFilename()).toMatch(/\.gpx$/);

    await page.getByRole('radio', { name: '已保存' }).check();
    await page.getByRole('button', { name: /已发布/ }).first().click();
    await expect(page.getByRole('listitem').first()).toBeVisible();
    await inspector.screenIsAccessible();
    await inspector.leave();
  });
}

test('what is due fills a round, which is printed with room to sign', async ({ browser }) => {
  const inspector = await Person.at(browser, 'desktop');
  const { page } = inspector;
  await inspector.enter(/进入：.*安全/);
  await page.addInitScript(() => {
    window.print = () => undefined;
  });
  await page.goto(`${new URL(page.url()).origin}/round`);
  await page.getByRole('checkbox', { name: /另从到期对象中补充/ }).check();
  await page.getByLabel('范围').selectOption('370828003218');
  await page.getByRole('button', { name: '试排' }).click();
  await expect(page.getByText(/排入 \d+ 处/)).toBeVisible();
  await inspector.screenIsAccessible();
  await page.getByRole('button', { name: '打印' }).click();
  await page.emulateMedia({ media: 'print' });
  const sheet = page.locator('.print-round article');
  await expect(sheet).toHaveCount(1);
  await expect(sheet.getByRole('row').nth(1)).toBeVisible();
  await inspector.leave();
});

test('two inspectors are sent, each from a place and at a time of their own; the command centre may send them too', async ({ browser }) => {
  const inspector = await Person.at(browser, 'desktop');
  const { page } = inspector;
  await inspector.enter(/进入：.*消防/);
  await page.getByRole('button', { name: '路线', exact: true }).click();
  await page.getByRole('checkbox', { name: /另从到期对象中补充/ }).check();
  const add = page.getByLabel('加派检查员');
  const other = await add.getByRole('option').nth(1).innerText();
  const name = other.split(' · ')[0]!;
  await add.selectOption({ label: other });
  const cards = page.getByRole('group').filter({ has: page.getByLabel('时长') });
  await expect(cards).toHaveCount(2);
  const second = page.getByRole('group', { name: new RegExp(name) });
  await second.getByLabel('开始').fill('14:00');
  await second.getByLabel('时长').selectOption({ label: '2 小时' });
  await second.getByLabel('方式').selectOption({ label: '汽车' });
  await second.getByRole('button', { name: '在地图上选' }).click();
  const map = (await page.locator('canvas.maplibregl-canvas').boundingBox())!;
  await page.mouse.click(map.x + map.width * 0.6, map.y + map.height * 0.5);
  await expect(second.getByText('地图所选位置')).toBeVisible();
  await inspector.screenIsAccessible();

  const answered = page.waitForResponse((answer) => answer.url().endsWith('/patrols/evaluate') && answer.ok());
  await page.getByRole('button', { name: '试排' }).click();
  const tried = (await (await answered).json()) as { walks: { mode: string; starts_at: string; shift_min: number; worker: { display_name: string } }[] };
  expect(tried.walks.map(({ mode, starts_at, shift_min }) => [mode, starts_at, shift_min])).toEqual([['foot', '08:30', 240], ['car', '14:00', 120]]);
  await expect(page.getByRole('list', { name: /的顺序/ })).toHaveCount(2);
  await page.getByRole('radio', { name: '时间轴' }).check();
  await expect(page.getByRole('list', { name: /的时间轴/ })).toHaveCount(2);
  await inspector.screenIsAccessible();
  await page.getByRole('button', { name: '保存并发布' }).click();
  await expect(page.getByText('已发布', { exact: true })).toHaveCount(2);

  const command = await Person.at(browser, 'phone');
  await command.enter(/进入：.*指挥中心/);
  await command.page.getByRole('button', { name: '路线', exact: true }).click();
  await command.page.getByRole('button', { name: '展开面板' }).click();
  await expect(command.page.getByText('先选检查员')).toBeVisible();
  await expect(command.page.getByRole('button', { name: '试排' })).toBeDisabled();
  await command.page.getByLabel('加派检查员').selectOption({ label: `${other} · 当天已有安排` });
  await expect(command.page.getByText(/当天已有安排：14:00–16:00/)).toBeVisible();
  await command.screenIsAccessible();
  await command.page.getByRole('radio', { name: '已保存' }).check();
  await expect(command.page.getByRole('button', { name: new RegExp(name) }).first()).toBeVisible();
  await command.leave();
  await inspector.leave();
});
