/** What the page says when there is nothing, when it has to wait, and when the service or the line fails. */
import { expect, Person, test } from './person';

test('nothing found, nothing matching', async ({ browser }) => {
  const command = await Person.at(browser, 'desktop');
  const { page } = command;
  await command.enter(/进入：.*指挥中心/);
  await page.getByRole('combobox', { name: '搜索网格、地址、企业或编码' }).fill('没有这样的地方');
  await expect(page.getByText('没有找到')).toBeVisible();
  await command.screenIsAccessible();
  await page.getByRole('button', { name: '清除搜索' }).click();

  await page.getByRole('radio', { name: '我上报的' }).check();
  await page.getByRole('button', { name: '筛选' }).click();
  await page.getByRole('button', { name: '重大' }).click();
  await page.getByLabel('从', { exact: true }).fill('2021-01-01');
  await page.getByLabel('到', { exact: true }).fill('2021-01-02');
  await expect(page.getByText('这个范围内没有符合条件的事件')).toBeVisible();
  await command.screenIsAccessible();
  await page.getByRole('button', { name: '清除筛选' }).click();
  await page.getByRole('radio', { name: '地图范围' }).check();
  await expect(page.getByText(/^\d+\+? 件$/)).toBeVisible();
  await command.leave();
});

test('a slow answer, a refused one, and no line at all', async ({ browser }) => {
  const command = await Person.at(browser, 'phone');
  const { page } = command;
  command.expectFailures(/\/(api|tiles)\/|\/icon/);
  await command.enter(/进入：.*指挥中心/);
  await expect(page.getByText(/^\d+\+? 件$/)).toBeVisible();

  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/api/v1/areas/*/figures', async (route) => {
    await held;
    await route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ title: '服务暂时不可用', status: 503 }) });
  });
  await page.getByRole('button', { name: '数据', exact: true }).click();
  await expect(page.getByText('正在加载…')).toBeVisible();
  await command.screenIsAccessible();
  release();
  await expect(page.getByRole('alert').getByText('服务暂时不可用')).toBeVisible();
  await command.screenIsAccessible();
  await page.unroute('**/api/v1/areas/*/figures');
  await page.getByRole('button', { name: '重试' }).click();
  await expect(page.getByRole('row', { name: /合计/ })).toBeVisible();

  await page.context().setOffline(true);
  await page.getByRole('button', { name: '风险', exact: true }).click();
  await page.getByLabel('事件', { exact: true }).selectOption('fire');
  await expect(page.getByText('连接不上服务，请检查网络后重试').first()).toBeVisible();
  await command.screenIsAccessible();
  await page.context().setOffline(false);
  await command.leave();
});
