import { bilingual } from '../bilingual';

/** How often whom: a village's rules, and the public holidays of a year. */
export const duties = bilingual(
  {
    pages: { rules: '走访规则', holidays: '节假日' }, village: '村', lead: '多久走访一次、每次多长、有多紧要。修改后立即生效，到期日随之变化。', own: '本村尚未修改，为系统默认规则。',
    every: '每隔（天）', atRisk: '有重大隐患时（天）', takes: '每次（分钟）', priority: '紧要程度', everyOf: (what: string) => `${what}：每隔多少天`, atRiskOf: (what: string) => `${what}：有重大隐患时每隔多少天`,
    takesOf: (what: string) => `${what}：每次多少分钟`, priorityOf: (what: string) => `${what}：紧要程度`, priorities: { 1: '一般', 2: '较紧', 3: '紧要', 4: '重大' }, severityOf: (severity: string) => `隐患（${severity}）`,
    rest: '每周休息日', weekdays: { 1: '周一', 2: '周二', 3: '周三', 4: '周四', 5: '周五', 6: '周六', 7: '周日' }, worksOnHolidays: '节假日也安排走访', save: '保存', saved: '已保存，到期日已按新规则计算',
    notYours: '只有网格长、指挥中心和管理员可以修改。', year: '年份', days: (n: number) => `${n} 天`, none: '这一年还没有节假日安排', noneHint: '通知发布后由指挥中心录入。', source: '依据', day: '日期', kind: '安排', kinds: { off: '放假', work: '上班' }, name: '节日',
    add: '加一天', remove: (day: string) => `删去 ${day}`, kept: '由指挥中心和管理员维护。', stale: '别人刚改过，已显示最新内容，请重新修改',
  },
  {
    pages: { rules: 'Rules', holidays: 'Holidays' }, village: 'Village', lead: 'How often, for how long, and how pressing. A change holds at once: due days follow.', own: 'Nothing was changed here: these are the service’s own rules.',
    every: 'Every (days)', atRisk: 'At risk (days)', takes: 'Takes (min)', priority: 'Pressing', everyOf: (what: string) => `${what}: every so many days`, atRiskOf: (what: string) => `${what}: every so many days while a severe hazard is open`,
    takesOf: (what: string) => `${what}: minutes a visit takes`, priorityOf: (what: string) => `${what}: how pressing`, priorities: { 1: 'Low', 2: 'Medium', 3: 'High', 4: 'Grave' }, severityOf: (severity: string) => `Hazard (${severity})`,
    rest: 'Days of rest', weekdays: { 1: 'Mon', 2: 'Tue', 3: 'Wed', 4: 'Thu', 5: 'Fri', 6: 'Sat', 7: 'Sun' }, worksOnHolidays: 'Visits are due on public holidays too', save: 'Save', saved: 'Saved: due days follow the new rules',
    notYours: 'Grid chiefs, the command centre and administrators change these.', year: 'Year', days: (n: number) => (n === 1 ? '1 day' : `${n} days`), none: 'No holidays of this year yet', noneHint: 'The command centre enters them when the notice is out.', source: 'By', day: 'Day', kind: 'What', kinds: { off: 'Off', work: 'Worked' }, name: 'Holiday',
    add: 'Add a day', remove: (day: string) => `Remove ${day}`, kept: 'Kept by the command centre and administrators.', stale: 'Somebody has just changed this: what is shown now is the latest, change it again',
  },
);
