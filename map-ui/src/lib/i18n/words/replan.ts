import { bilingual } from '../bilingual';

/** Planning anew what is left of patrols: what would change, before anybody keeps it. */
export const replan = bilingual(
  {
    heading: '重新安排', open: '重新安排', lead: '按现在的时间和位置重新安排余下的走访。确认之前，原安排不变。',
    who: '参加重排的人', left: (n: number) => `还剩 ${n} 站`, until: '须在此前结束', untilOf: (name: string) => `${name}须在此前结束`, stops: '不再继续', stopsOf: (name: string) => `${name}不再继续`,
    keeping: '怎样改', keep: { plan: '尽量不变', free: '全部重排' }, keepHint: { plan: '只在明显更好时换人或放弃原有走访', free: '谁去最合适就由谁去' },
    hold: '已告知的时间，前后不超过 15 分钟', try: '看看有什么变化', working: '正在计算…', again: '重新计算', none: '没有需要改动的地方', noneHint: '次序和时间都与原安排相同。',
    given: (n: number) => `${n} 站换人`, added: (n: number) => `新增 ${n} 站`, dropped: (n: number) => `${n} 站不再安排`, shifted: (n: number) => `${n} 站时间有变`, join: '，',
    ends: (at: string) => `${at} 结束`, endsChanged: (before: string, at: string) => `结束 ${before} → ${at}`, was: (before: string) => `原 ${before}`, fresh: '新增', from: (name: string) => `由${name}转来`,
    to: (name: string) => `转给${name}`, nobody: '不再安排', empty: '没有余下的走访', confirm: '按新安排执行', keepOld: '保持原安排', done: '已按新安排执行', doneTeam: (n: number) => `${n} 人的安排已更新`,
    stale: '情况刚有变化，请重新计算后再确认', alone: '这里只有这一条路线：只按现在的时间和位置重排', lost: '不再由本人走访', calls: '新的次序',
  },
  {
    heading: 'Plan again', open: 'Plan again', lead: 'Plans what is left anew, from here and now. Until you confirm, the plan stands.',
    who: 'Who takes part', left: (n: number) => (n === 1 ? '1 stop left' : `${n} stops left`), until: 'Done by', untilOf: (name: string) => `${name} has to be done by`, stops: 'Goes home', stopsOf: (name: string) => `${name} goes home`,
    keeping: 'How', keep: { plan: 'Change little', free: 'Share out anew' }, keepHint: { plan: 'Stops change hands or are left out only where that is clearly better', free: 'Whoever is best placed makes each stop' },
    hold: 'Keep to announced times, 15 minutes either way', try: 'See what changes', working: 'Working it out…', again: 'Work it out again', none: 'Nothing to change', noneHint: 'Order and times stay as they are.',
    given: (n: number) => (n === 1 ? '1 stop changes hands' : `${n} stops change hands`), added: (n: number) => (n === 1 ? '1 new stop' : `${n} new stops`),
    dropped: (n: number) => (n === 1 ? '1 stop is left out' : `${n} stops are left out`), shifted: (n: number) => (n === 1 ? '1 stop at another time' : `${n} stops at another time`), join: ', ',
    ends: (at: string) => `Over at ${at}`, endsChanged: (before: string, at: string) => `Over at ${before} → ${at}`, was: (before: string) => `was ${before}`, fresh: 'New', from: (name: string) => `From ${name}`,
    to: (name: string) => `To ${name}`, nobody: 'Left out', empty: 'Nothing is left to visit', confirm: 'Go by the new plan', keepOld: 'Keep the plan', done: 'The new plan holds', doneTeam: (n: number) => (n === 1 ? '1 plan was changed' : `${n} plans were changed`),
    stale: 'Things have changed meanwhile: work it out again, then confirm', alone: 'There is only this round here: it is planned again from here and now', lost: 'No longer theirs', calls: 'The new order',
  },
);
