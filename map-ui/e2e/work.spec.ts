/** Story: a day of walking, a look at the risk, and the figures a planner draws boundaries from. */
import { expect, origin, Person, test } from './person';

test('a grid member walks today’s patrol, in English, on a phone', async ({ browser }) => {
  const member = await Person.at(browser, 'phone');
  const { page } = member;
  await page.goto(origin());
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('heading', { name: 'Demo: enter as' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await member.screenIsAccessible();
  await page.getByRole('button', { name: /Enter: .*Grid 1/i }).first().click();
  await member.mapIsDrawn();

  await page.getByRole('button', { name: 'Patrol', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Patrol', exact: true })).toBeVisible();
  await expect(page.getByText(/^0 of \d+ done$/)).toBeVisible();
  await expect(page.getByText(/Kept here at/)).toBeVisible();
  await page.getByRole('button', { name: 'Expand the panel' }).click();
  await member.screenIsAccessible();
  await page.getByRole('button', { name: 'Start the patrol' }).click();

  // Here, why without a position, how it went: three taps, and two more for a note.
  const first = await page.locator('#next-heading').innerText();
  await page.getByRole('button', { name: 'Check in' }).click();
  await expect(page.getByRole('button', { name: 'Visited' })).toBeDisabled();
  await page.getByRole('group', { name: 'No position: say why' }).getByRole('button', { name: 'By telephone' }).click();
  await page.getByRole('button', { name: 'Note', exact: true }).click();
  await page.getByLabel('Note').fill('All well');
  await member.screenIsAccessible();
  await page.getByRole('button', { name: 'Visited' }).click();
  await expect(page.getByText(/^1 of \d+ done$/)).toBeVisible();
  await expect(page.locator('#next-heading')).not.toHaveText(first);

  await page.getByRole('button', { name: 'Skip', exact: true }).click();
  await page.getByRole('radio', { name: 'Out of time' }).check();
  await member.screenIsAccessible();
  await page.getByRole('button', { name: 'Skip it', exact: true }).click();
  await expect(page.getByText('Skipped · Out of time')).toBeVisible();

  await page.getByRole('button', { name: 'Open card' }).first().click();
  await expect(page.getByRole('heading', { name: /Household|Enterprise|Hazard point/ })).toBeVisible();
  await member.screenIsAccessible();
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await expect(page.getByText(/^2 of \d+ done$/)).toBeVisible();

  await page.getByRole('radio', { name: 'Week' }).check();
  await expect(page.getByRole('listitem').filter({ hasText: 'Under way' })).toContainText(/2 of \d+ done/);
  await member.screenIsAccessible();

  // Their chief sees how far they have come, and by which way.
  const chief = await Person.at(browser, 'desktop');
  await chief.enter(/进入：网格长/);
  await chief.page.getByRole('button', { name: '巡查', exact: true }).click();
  const row = chief.page.getByRole('button', { name: /第1网格.*进行中.*已完成 2 \// });
  await expect(row).toBeVisible();
  await chief.screenIsAccessible();
  await row.click();
  await expect(chief.page.getByText('已跳过').first()).toBeVisible();
  await expect(chief.page.getByText('没有定位')).toBeVisible();
  await chief.screenIsAccessible();
  const download = chief.page.waitForEvent('download');
  await chief.page.getByRole('button', { name: 'GPX' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.gpx$/);
  await chief.leave();

  await page.getByRole('radio', { name: 'Today' }).check();
  await page.getByRole('button', { name: 'End the patrol' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End the patrol' }).click();
  await expect(page.getByText('Today’s patrol is over')).toBeVisible();
  await member.leave();
});

test('a planner reads the figures, and a file with an overlap is asked about', async ({ browser }) => {
  const planner = await Person.at(browser, 'desktop');
  const { page } = planner;
  await planner.enter(/进入：.*规划/);
  await page.getByRole('button', { name: '数据', exact: true }).click();
  await expect(page.getByRole('rowheader', { name: /崔口村第\d网格/ })).toHaveCount(3);
  await expect(page.getByRole('row', { name: /合计/ })).toContainText('1,360');
  await planner.screenIsAccessible();

  const grids = await page.request.get(`${origin()}/api/v1/grids?village=370828003218`);
  const { items } = (await grids.json()) as { items: { code: string; name: string; kind: string; geometry: { type: string } }[] };
  const collection = (features: typeof items) => ({
    name: 'grids.geojson',
    mimeType: 'application/geo+json',
    buffer: Buffer.from(JSON.stringify({
      type: 'FeatureCollection',
      features: features.map(({ code, name, kind, geometry }) => ({ type: 'Feature', properties: { code, name, kind }, geometry })),
    })),
  });
  await page.getByRole('button', { name: '导入网格边界' }).click();
  await page.getByLabel('选择 GeoJSON 文件').setInputFiles(collection(items));
  await expect(page.getByText('没有空隙，没有重叠，可以起草')).toBeVisible();

  const [first, , third] = items;
  await page.getByLabel(/换一个文件/).setInputFiles(collection([first!, { ...items[1]!, geometry: first!.geometry }, third!]));
  await expect(page.getByText(/块土地归属不明，请逐块选定/)).toBeVisible();
  await expect(page.getByText(/重叠 .*(公顷|平方公里|平方米)/).first()).toBeVisible();
  await planner.screenIsAccessible();
  await page.getByRole('button', { name: '定位' }).first().click();
  await planner.leave();
});

test('an administrator makes an account and disables it', async ({ browser }) => {
  const administrator = await Person.at(browser, 'phone');
  const { page } = administrator;
  await administrator.enter(/进入：.*管理员/);
  await page.getByRole('button', { name: '账号', exact: true }).click();
  await expect(page.getByText(/\d+ 个账号/)).toBeVisible();
  await page.getByRole('button', { name: '展开面板' }).click();
  await administrator.screenIsAccessible();
  await page.getByRole('button', { name: '新建账号' }).click();
  const login = `e2e${Date.now()}`;
  await page.getByLabel('姓名').fill('测试网格员');
  await page.getByLabel('用户名').fill(login);
  await page.getByLabel('辖区编码').fill('370828003218002');
  await page.getByLabel('初始密码').fill('correct horse battery');
  await administrator.screenIsAccessible();
  await page.getByRole('button', { name: '新建账号' }).click();
  await page.getByRole('searchbox').fill(login);
  await expect(page.getByText('1 个账号')).toBeVisible();
  await page.getByRole('button', { name: '停用 测试网格员' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '停用' }).click();
  await expect(page.getByText('已停用')).toBeVisible();
  await administrator.leave();
});
