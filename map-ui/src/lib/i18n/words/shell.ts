import { bilingual } from '../bilingual';

export const app = bilingual(
  { title: 'Gridkeeper 村级网格治理', name: '网格治理', tagline: '村级网格治理平台' },
  { title: 'Gridkeeper: village grid governance', name: 'Gridkeeper', tagline: 'Village grid governance' },
);

export const shell = bilingual(
  {
    navigation: '主导航', feed: '事件', patrol: '巡查', risk: '风险', round: '路线', figures: '数据', plans: '划分', accounts: '账号',
    skipToList: '跳到列表', map: '地图', mapHint: '地图。方向键平移，加减键缩放；列表中有同样的内容。',
    panel: '面板', back: '返回', close: '关闭', retry: '重试', cancel: '取消', save: '保存', loading: '正在加载…',
    signOut: '退出登录', language: '语言', switchLanguage: 'English', account: '当前账号',
    synthetic: '演示数据：地图为合成，仅编码、名称与数量真实',
    offline: '网络已断开，恢复后自动更新', zoomIn: '放大', zoomOut: '缩小', locate: '我的位置', layers: '图层',
    home: '回到辖区', more: '加载更多', expand: '展开面板', collapse: '收起面板', newItems: (n: number) => `${n} 条新事件`,
    unseen: (n: number) => `${n} 条未读`, notAllowed: '当前角色无此功能',
    locateFailed: '无法取得当前位置', locateDenied: '未允许定位，可在地图上点选位置',
  },
  {
    navigation: 'Main', feed: 'Reports', patrol: 'Patrol', risk: 'Risk', round: 'Rounds', figures: 'Figures', plans: 'Plans', accounts: 'Accounts',
    skipToList: 'Skip to the list', map: 'Map',
    mapHint: 'Map. Arrow keys pan, plus and minus zoom; the list holds the same content.',
    panel: 'Panel', back: 'Back', close: 'Close', retry: 'Try again', cancel: 'Cancel', save: 'Save', loading: 'Loading…',
    signOut: 'Sign out', language: 'Language', switchLanguage: '中文', account: 'Signed in as',
    synthetic: 'Demo data: the map is synthetic; only codes, names and counts are real',
    offline: 'No connection; updates resume when it returns', zoomIn: 'Zoom in', zoomOut: 'Zoom out',
    locate: 'My position', layers: 'Layers', home: 'Back to my area', more: 'Load more', expand: 'Expand the panel',
    collapse: 'Collapse the panel', newItems: (n: number) => (n === 1 ? '1 new report' : `${n} new reports`),
    unseen: (n: number) => `${n} unread`, notAllowed: 'Not available to this role',
    locateFailed: 'Position not available',
    locateDenied: 'Position not allowed; pick the place on the map',
  },
);

export const signin = bilingual(
  {
    heading: '登录', login: '用户名', password: '密码', submit: '登录', submitting: '正在登录…',
    demoHeading: '演示：选择一个角色进入', demoHint: '无需密码，各角色看到的内容和能做的事不同。',
    enterAs: (role: string) => `进入：${role}`, orPassword: '或用账号登录', required: '请填写用户名和密码',
    lead: '一张图上看清每个网格：谁负责、发生了什么、下一步去哪儿。',
  },
  {
    heading: 'Sign in', login: 'User name', password: 'Password', submit: 'Sign in', submitting: 'Signing in…',
    demoHeading: 'Demo: enter as', demoHint: 'No password. Each role sees and may do different things.',
    enterAs: (role: string) => `Enter: ${role}`, orPassword: 'or sign in with an account',
    required: 'Enter a user name and a password',
    lead: 'Every grid on one map: who keeps it, what happened, where to go next.',
  },
);

export const problems = bilingual(
  {
    network: '连接不上服务，请检查网络后重试', unexpected: '出错了', unauthorised: '用户名或密码不正确',
    tooMany: '尝试次数过多，请稍后再试', requestId: '请求编号',
  },
  {
    network: 'The service cannot be reached; check the connection and try again', unexpected: 'Something went wrong',
    unauthorised: 'Wrong user name or password', tooMany: 'Too many attempts; wait a moment', requestId: 'Request id',
  },
);
