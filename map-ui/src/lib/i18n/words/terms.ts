import { bilingual } from '../bilingual';

/** The service's enumerations, as people say them. Keys are the wire values. */
export const terms = bilingual(
  {
    reportKind: { hazard: '隐患', dispute: '矛盾纠纷', request: '诉求', opinion: '社情民意', help: '求助' },
    hazardKind: {
      fire: '火灾', electrical: '用电', gas: '燃气', ammonia: '氨泄漏', structure: '房屋结构', traffic: '交通',
      water: '溺水', food: '食品', chemical: '化学品', other: '其他',
    },
    severity: { 1: '低', 2: '中', 3: '高', 4: '重大' },
    status: {
      open: '待处理', coordinating: '网格协同', escalated: '上报街道', dispatched: '已派遣', resolved: '待核查',
      closed: '已结案',
    },
    hazardStatus: { open: '未消除', cleared: '已消除' },
    department: {
      fire: '消防', safety: '应急安监', police: '公安', law_enforcement: '综合执法', market_supervision: '市场监管',
    },
    role: {
      grid_member: '网格员', grid_chief: '网格长', planner: '规划员', mediator: '调解员', police: '民警',
      inspector: '检查员', command: '指挥中心', administrator: '管理员',
    },
    category: {
      cold_store: '冷库', garlic_processor: '大蒜加工', packer: '包装', farm_supply: '农资', restaurant: '餐饮',
      shop: '商店', workshop: '作坊', logistics: '物流', fuel: '加油加气', clinic: '诊所', school: '学校', other: '其他',
    },
    hazardClass: {
      ammonia_refrigeration: '涉氨制冷', freon_refrigeration: '氟利昂制冷', flammable_store: '易燃品储存', dust: '粉尘',
      pesticide: '农药', open_flame: '明火', crowded: '人员密集', pressure_vessel: '压力容器', general: '一般',
    },
    enterpriseStatus: { active: '在营', seasonal: '季节性经营', closed: '已停业' },
    gridKind: { base: '基础网格', exclusive: '专属网格' },
    areaKind: {
      province: '省', city: '市', county: '县', street: '街道', town: '镇', village: '村', community: '社区',
    },
    buildingKind: {
      house: '住宅', cold_store: '冷库', workshop: '作坊', shop: '商店', warehouse: '仓库', public: '公共建筑',
      greenhouse: '大棚', other: '其他',
    },
    sex: { male: '男', female: '女' },
    relation: {
      head: '户主', spouse: '配偶', child: '子女', parent: '父母', grandchild: '孙辈', sibling: '兄弟姐妹', other: '其他',
    },
    careKind: { empty_nest_elder: '空巢老人', severe_disability: '重度残疾' },
    targetKind: { household: '走访户', special_care: '重点关爱', enterprise: '企业', hazard: '隐患点' },
    patrolStatus: { draft: '草案', published: '已发布', under_way: '进行中', finished: '已结束' },
    stopState: { planned: '待走访', checked_in: '已签到', skipped: '已跳过' },
    visitResult: { done: '已走访', nobody_home: '家中无人', refused: '拒绝', hazard_found: '发现隐患' },
    searchKind: { grid: '网格', area: '行政区划', household: '户', enterprise: '企业', hazard: '隐患点', report: '事件' },
    action: {
      filed: '上报', resolved_on_spot: '即时处置', resolve_on_spot: '即时处置', coordinate: '网格协同',
      escalate: '上报街道', dispatch: '派遣', resolve: '办结', close: '结案', rework: '返工', note: '备注',
      attach: '添加照片', edit: '更正',
    },
  },
  {
    reportKind: { hazard: 'Hazard', dispute: 'Dispute', request: 'Request', opinion: 'Opinion', help: 'Call for help' },
    hazardKind: {
      fire: 'Fire', electrical: 'Electrical', gas: 'Gas', ammonia: 'Ammonia leak', structure: 'Structure',
      traffic: 'Traffic', water: 'Drowning', food: 'Food', chemical: 'Chemical', other: 'Other',
    },
    severity: { 1: 'Low', 2: 'Medium', 3: 'High', 4: 'Major' },
    status: {
      open: 'Open', coordinating: 'In coordination', escalated: 'Escalated', dispatched: 'Dispatched',
      resolved: 'To be verified', closed: 'Closed',
    },
    hazardStatus: { open: 'Open', cleared: 'Cleared' },
    department: {
      fire: 'Fire service', safety: 'Work safety', police: 'Police', law_enforcement: 'Law enforcement',
      market_supervision: 'Market supervision',
    },
    role: {
      grid_member: 'Grid member', grid_chief: 'Grid chief', planner: 'Planner', mediator: 'Mediator', police: 'Police',
      inspector: 'Inspector', command: 'Command centre', administrator: 'Administrator',
    },
    category: {
      cold_store: 'Cold store', garlic_processor: 'Garlic processing', packer: 'Packing', farm_supply: 'Farm supply',
      restaurant: 'Restaurant', shop: 'Shop', workshop: 'Workshop', logistics: 'Logistics', fuel: 'Fuel',
      clinic: 'Clinic', school: 'School', other: 'Other',
    },
    hazardClass: {
      ammonia_refrigeration: 'Ammonia refrigeration', freon_refrigeration: 'Freon refrigeration',
      flammable_store: 'Flammable storage', dust: 'Dust', pesticide: 'Pesticide', open_flame: 'Open flame',
      crowded: 'Crowded place', pressure_vessel: 'Pressure vessel', general: 'General',
    },
    enterpriseStatus: { active: 'Active', seasonal: 'Seasonal', closed: 'Closed down' },
    gridKind: { base: 'Base grid', exclusive: 'Exclusive grid' },
    areaKind: {
      province: 'Province', city: 'City', county: 'County', street: 'Street office', town: 'Town', village: 'Village',
      community: 'Community',
    },
    buildingKind: {
      house: 'House', cold_store: 'Cold store', workshop: 'Workshop', shop: 'Shop', warehouse: 'Warehouse',
      public: 'Public', greenhouse: 'Greenhouse', other: 'Other',
    },
    sex: { male: 'M', female: 'F' },
    relation: {
      head: 'Head', spouse: 'Spouse', child: 'Child', parent: 'Parent', grandchild: 'Grandchild', sibling: 'Sibling',
      other: 'Other',
    },
    careKind: { empty_nest_elder: 'Elder living alone', severe_disability: 'Severe disability' },
    targetKind: { household: 'Household', special_care: 'Special care', enterprise: 'Enterprise', hazard: 'Hazard point' },
    patrolStatus: { draft: 'Draft', published: 'Published', under_way: 'Under way', finished: 'Over' },
    stopState: { planned: 'To come', checked_in: 'Checked in', skipped: 'Skipped' },
    visitResult: { done: 'Visited', nobody_home: 'Nobody home', refused: 'Refused', hazard_found: 'Hazard found' },
    searchKind: {
      grid: 'Grid', area: 'Area', household: 'Household', enterprise: 'Enterprise', hazard: 'Hazard point',
      report: 'Report',
    },
    action: {
      filed: 'Filed', resolved_on_spot: 'Resolved on the spot', resolve_on_spot: 'Resolve on the spot',
      coordinate: 'Grid coordination', escalate: 'Escalate', dispatch: 'Dispatch', resolve: 'Resolve', close: 'Close',
      rework: 'Send back', note: 'Note', attach: 'Photo added', edit: 'Edited',
    },
  },
);
