import { bilingual } from '../bilingual';

export const figures = bilingual(
  {
    heading: '网格数据', area: '范围', grid: '网格', households: '户数', people: '人口', specialCare: '重点关爱', enterprises: '企业',
    openHazards: '未消除隐患', openReports: '未办结事件', areaKm2: '面积', perimeter: '周长', compactness: '紧凑度', total: '合计', onMap: '地图显示',
    empty: '该范围还没有网格', sortBy: (name: string) => `按${name}排序`, export: '导出',
  },
  {
    heading: 'Figures', area: 'Area', grid: 'Grid', households: 'Households', people: 'People', specialCare: 'Special care',
    enterprises: 'Enterprises', openHazards: 'Open hazards', openReports: 'Open reports', areaKm2: 'Area', perimeter: 'Perimeter',
    compactness: 'Compactness', total: 'Total', onMap: 'On the map', empty: 'No grid in this area yet',
    sortBy: (name: string) => `Sort by ${name}`, export: 'Export',
  },
);

export const boundaries = bilingual(
  {
    heading: '导入网格边界', lead: '选择 GeoJSON 文件，检查是否有空隙和重叠；不合的地方逐块选定归属，再以此起草方案。', choose: '选择 GeoJSON 文件',
    checking: '正在检查…', ok: '没有空隙，没有重叠，可以起草', gaps: '空隙', overlaps: '重叠', defects: '图形问题', notJson: '不是有效的 GeoJSON 文件',
    gap: (area: string) => `空隙 ${area}`, overlap: (grids: string[], area: string) => `${grids.join('与')}重叠 ${area}`,
    outside: (grid: string, area: string) => `${grid}超出村界 ${area}`,
    numbering: (list: string) => `按“自西北起、先西后东、由北到南”的规则，编号应为：${list}。已有网格可保留原编号。`, zoomTo: '定位',
    name: '方案名称', begin: '以此起草方案', begun: '已起草方案，经审批后发布', another: '换一个文件', features: (n: number) => `${n} 个网格`,
    fix: '图形有缺陷，请修正后重新选择文件', pieces: (n: number) => `有 ${n} 块土地归属不明，请逐块选定`, repaired: '已按所选修补，可以起草', slivers: '只有极细的缝隙，已自动并入相邻网格，可以起草',
    giveTo: (what: string) => `${what} 划给`, cutOff: '村界以外的部分将裁去', still: '仍有无法自动修补之处，请修正文件',
  },
  {
    heading: 'Import grid boundaries', lead: 'Choose a GeoJSON file and check it for gaps and overlaps; say whose each piece in doubt is, and begin a plan with it.',
    choose: 'Choose a GeoJSON file', checking: 'Checking…', ok: 'No gap, no overlap: a plan can begin with it', gaps: 'Gaps', overlaps: 'Overlaps',
    defects: 'Defects', notJson: 'Not a valid GeoJSON file', gap: (area: string) => `Gap of ${area}`,
    overlap: (grids: string[], area: string) => `${grids.join(' and ')} overlap by ${area}`,
    outside: (grid: string, area: string) => `${grid} reaches ${area} beyond its village`,
    numbering: (list: string) => `By the numbering rule (from the north-west, west to east, then south): ${list}. Existing grids may keep theirs.`, zoomTo: 'Zoom to', name: 'Name of the plan',
    begin: 'Begin a plan with this', begun: 'Draft begun; it is published once approved', another: 'Another file', features: (n: number) => (n === 1 ? '1 grid' : `${n} grids`),
    fix: 'A shape is broken: fix the file and choose it again', pieces: (n: number) => (n === 1 ? 'One piece of land is in doubt: say whose it is' : `${n} pieces of land are in doubt: say whose each is`),
    repaired: 'Repaired as chosen: a plan can begin with it', slivers: 'Only slivers, which went to their neighbours: a plan can begin with it', giveTo: (what: string) => `${what}: give to`,
    cutOff: 'What lies beyond the village is cut off', still: 'Something is left that cannot be repaired here: fix the file',
  },
);

export const accounts = bilingual(
  {
    heading: '账号', create: '新建账号', login: '用户名', displayName: '姓名', role: '角色', scope: '辖区编码', department: '部门', password: '初始密码',
    disabled: '已停用', disable: '停用', enable: '恢复', filter: '按姓名、用户名或编码查找', empty: '没有符合条件的账号', created: '账号已建立',
    count: (n: number) => `${n} 个账号`, scopeHint: '街道 9 位、村 12 位、网格 15 位', passwordHint: '至少 10 个字符', none: '无',
    confirmDisable: (name: string) => `停用「${name}」？停用后不能登录，历史记录保留。`,
  },
  {
    heading: 'Accounts', create: 'New account', login: 'User name', displayName: 'Name', role: 'Role', scope: 'Scope code', department: 'Department',
    password: 'First password', disabled: 'Disabled', disable: 'Disable', enable: 'Enable', filter: 'Find by name, user name or code',
    empty: 'No matching account', created: 'Account created', count: (n: number) => (n === 1 ? '1 account' : `${n} accounts`),
    scopeHint: 'Street 9 digits, village 12, grid 15', passwordHint: 'At least 10 characters', none: 'None',
    confirmDisable: (name: string) => `Disable “${name}”? They can no longer sign in; the record stays.`,
  },
);
