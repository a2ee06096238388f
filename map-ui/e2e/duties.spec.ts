/** Story: those who lead decide how often whom, and which days are free. */
import { expect, Person, test } from './person';

interface Rules { rules: { target_kind: string; of: string | null; every_days: number; service_min: number }[] }

for (const size of ['phone', 'desktop'] as const) {
  test(`a chief changes how often a kind of enterprise is visited, ${size}`, async ({ browser }) => {
    const chief = await Person.at(browser, size);
    const { page } = chief;
    await chief.enter(/进入：网格长/);
    await page.getByRole('button', { name: '巡查', exact: true }).click();
    if (size === 'phone') await page.getByRole('button', { name: '展开面板' }).click();
    await page.getByRole('radio', { name: '规则', exact: true }).check();
    const minutes = page.getByLabel(/^一般.*：每次多少分钟$/);
    await expect(minutes).toBeVisible();
    await chief.screenIsAccessible();
    const wanted = Number(await minutes.inputValue()) + 1;
    await minutes.fill(String(wanted));
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await expect(page.getByText('已保存，到期日已按新规则计算')).toBeVisible();
    const { rules } = await chief.ask<Rules>('duties/rules/370828003218');
    expect(rules.find(({ of }) => of === 'general')!.service_min).toBe(wanted);

    // Somebody else changes them meanwhile: nothing of theirs is overwritten.
    chief.expectFailures(/duties\/(rules|holidays)/);
    const url = `${new URL(page.url()).origin}/api/v1/duties/rules/370828003218`;
    const now = await page.request.get(url);
    await page.request.put(url, { data: await now.json(), headers: { 'if-match': now.headers()['etag']! } });
    await minutes.fill(String(wanted + 1));
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await expect(page.getByText('别人刚改过，已显示最新内容，请重新修改')).toBeVisible();
    await expect(minutes).toHaveValue(String(wanted));

    await page.getByRole('radio', { name: '节假日' }).check();
    // Theirs to read, not to edit; a year may have none yet.
    const shipped = (await page.request.get(`${new URL(page.url()).origin}/api/v1/duties/holidays/${new Date().getFullYear()}`)).ok();
    await expect(page.getByText(shipped ? /由指挥中心和管理员维护/ : '这一年还没有节假日安排')).toBeVisible();
    await expect(page.getByRole('button', { name: '加一天' })).toHaveCount(0);
    await chief.screenIsAccessible();
    await chief.leave();
  });
}

test('the command centre adds a day to the holidays of the year to come', async ({ browser }) => {
  const command = await Person.at(browser, 'desktop');
  const { page } = command;
  await command.enter(/进入：.*指挥中心/);
  await page.getByRole('button', { name: '路线', exact: true }).click();
  await page.getByRole('radio', { name: '规则', exact: true }).check();
  await page.getByRole('radio', { name: '节假日' }).check();
  const year = new Date().getFullYear() + 1;
  // Where no notice is out yet the year has none.
  command.expectFailures(/duties\/holidays/);
  await page.getByLabel('年份').selectOption(String(year));
  await page.getByLabel('依据').fill('演示通知');
  await page.getByRole('button', { name: '加一天' }).click();
  await page.getByLabel('节日').last().fill('开斋节');
  await command.screenIsAccessible();
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await expect(page.getByText('已保存，到期日已按新规则计算')).toBeVisible();
  const { days } = await command.ask<{ days: { name: string }[] }>(`duties/holidays/${year}`);
  expect(days.some(({ name }) => name === '开斋节')).toBe(true);
  await command.leave();
});
