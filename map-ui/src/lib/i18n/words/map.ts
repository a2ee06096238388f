import { bilingual } from '../bilingual';

export const layers = bilingual(
  {
    heading: '图层与图例', show: (name: string) => `显示${name}`, reports: '上报事件', hazards: '隐患点',
    enterprises: '企业', households: '户', grids: '网格', areas: '村界', buildings: '房屋', roads: '道路', water: '水系',
    group: { work: '治理对象', ground: '底图' }, zoomToSee: '放大后显示', severityHeading: '隐患等级',
    reportsHeading: '事件类型', statusHeading: '事件状态', statusOpen: '待处理', statusActive: '办理中', statusDone: '已办理',
    dangerHeading: '企业风险（外圈）', dangerHigh: '高：涉氨、易燃、农药、压力容器', dangerMedium: '中：氟利昂、粉尘、明火、人员密集',
    dangerLow: '一般', household: '普通户', specialCare: '重点关爱户', gridBoundary: '网格界', areaBoundary: '村界',
  },
  {
    heading: 'Layers and legend', show: (name: string) => `Show ${name}`, reports: 'Reports', hazards: 'Hazard points',
    enterprises: 'Enterprises', households: 'Households', grids: 'Grids', areas: 'Villages', buildings: 'Buildings',
    roads: 'Roads', water: 'Water', group: { work: 'Work', ground: 'Base map' }, zoomToSee: 'Zoom in to see',
    severityHeading: 'Hazard severity', reportsHeading: 'Kinds of report', statusHeading: 'State of a report',
    statusOpen: 'Open', statusActive: 'In progress', statusDone: 'Done', dangerHeading: 'Enterprise risk (ring)',
    dangerHigh: 'High: ammonia, flammable, pesticide, pressure', dangerMedium: 'Medium: freon, dust, flame, crowded',
    dangerLow: 'General', household: 'Household', specialCare: 'Special care', gridBoundary: 'Grid boundary',
    areaBoundary: 'Village boundary',
  },
);

export const filters = bilingual(
  {
    heading: '筛选', kind: '类型', severity: '等级', status: '状态', period: '时间', from: '从', to: '到', clear: '清除筛选',
    any: '不限', active: (n: number) => `筛选 ${n}`, unresolved: '办理中', all: '全部', done: '已办理',
  },
  {
    heading: 'Filter', kind: 'Kind', severity: 'Severity', status: 'State', period: 'Period', from: 'From', to: 'To',
    clear: 'Clear filters', any: 'Any', active: (n: number) => `Filter ${n}`, unresolved: 'Open', all: 'All',
    done: 'Done',
  },
);

export const search = bilingual(
  {
    label: '搜索网格、地址、企业或编码', placeholder: '搜索网格、地址、企业、编码', none: '没有找到',
    noneHint: '试试门牌号、企业名称或编码的一部分', searching: '正在搜索…', results: (n: number) => `${n} 条结果`,
    clear: '清除搜索',
  },
  {
    label: 'Search grids, addresses, enterprises or codes', placeholder: 'Grid, address, enterprise, code',
    none: 'Nothing found', noneHint: 'Try part of a house number, a name or a code', searching: 'Searching…',
    results: (n: number) => (n === 1 ? '1 result' : `${n} results`), clear: 'Clear search',
  },
);

export const places = bilingual(
  {
    household: '户', residents: '居民', visits: '走访记录', people: (n: number) => `${n} 人`, code: '编码', address: '地址', lastVisited: '上次走访',
    never: '尚无记录', floating: '流动人口', partyMember: '党员', phone: '电话', idNumber: '身份证', care: '重点关爱',
    careSince: '自', masked: '号码已脱敏，当前角色不显示完整号码', call: '拨打', category: '类别', hazardClass: '风险类别',
    area: '面积', staff: '人数', hours: '营业时间', status: '状态', lastInspected: '上次检查', contact: '联系人',
    hazards: '隐患点', found: '发现', cleared: '消除', severity: '等级', kind: '类型', openEnterprise: '查看所属企业', members: '网格员',
    village: '所属村', validFrom: '生效', population: '人口', partyMembers: '党员', show: '在地图上查看',
    noMember: '暂无网格员', age: (n: number) => `${n} 岁`, markCleared: '标记为已消除', clearedOk: '已标记为消除',
    reportHere: '在此上报', openReport: '查看事件', confirmClear: '确认隐患已消除？',
  },
  {
    household: 'Household', residents: 'Residents', visits: 'Visits', people: (n: number) => (n === 1 ? '1 person' : `${n} people`),
    code: 'Code', address: 'Address', lastVisited: 'Last visit', never: 'No record', floating: 'Floating population',
    partyMember: 'Party member', phone: 'Phone', idNumber: 'ID number', care: 'Special care', careSince: 'since',
    masked: 'Numbers are masked for this role', call: 'Call', category: 'Category', hazardClass: 'Hazard class',
    area: 'Floor area', staff: 'Staff', hours: 'Hours', status: 'State', lastInspected: 'Last inspection',
    contact: 'Contact', hazards: 'Hazard points', found: 'Found', cleared: 'Cleared', severity: 'Severity', kind: 'Kind',
    openEnterprise: 'Open the enterprise', members: 'Grid members', village: 'Village', validFrom: 'In force from',
    population: 'Population', partyMembers: 'Party members', show: 'Show on the map', noMember: 'No grid member yet',
    age: (n: number) => `${n} y`, markCleared: 'Mark as cleared', clearedOk: 'Marked as cleared',
    reportHere: 'Report here', openReport: 'Open report',
    confirmClear: 'Confirm that the hazard is gone?',
  },
);
