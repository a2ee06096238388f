import { bilingual } from '../bilingual';

/** Which enterprises deserve a visit, and whether to believe it. */
export const ranking = bilingual(
  {
    views: '风险视图', backtest: '回测', lead: '分数是今后 91 天内至少发现一件该类隐患的机会（%）。',
    kind: '类别', kinds: { all: '全部', fire: '消防', safety: '安全' }, nearby: '只看地图中心 2 公里内的前 10 家',
    empty: '没有可排序的企业', download: '导出表格（XLSX）', count: (n: number) => `共 ${n} 家企业`, thin: '资料不足', interval: (low: string, high: string) => `区间 ${low}–${high}`,
    points: (points: string) => `${points} 分`, average: '平均企业', notKnown: '不详', why: '理由', openCard: '查看企业', distance: (text: string) => `距中心 ${text}`,
    units: { 'days': '天', 'hazards': '件', 'm²': 'm²', 'severity/4': '', '0–1': '' } as Record<string, string>,
    basis: '依据',
    trust: '用当时已知的资料在过去的日期排序，再与其后发现的隐患对照。', percent: '每期检查比例', method: '方法',
    methods: { model: '风险模型', cell_count: '网格单元计数', density: '核密度' }, hitRate: '命中率', pai: 'PAI', peiStar: 'PEI*', auc: 'AUC',
    hitRateMeans: '命中率：所查企业占全部发现的份额', paiMeans: 'PAI：命中率 ÷ 检查比例，1 为随机', peiMeans: 'PEI*：与同样数量的最佳选择之比，1 为最好',
    aucMeans: 'AUC：有隐患者排在前面的概率，0.5 为随机', calibration: '预计与实际（由低到高五组）', expected: '预计', observed: '实际',
    noTrials: '记录太短，还不能回测', trialLength: '每期 30 天',
    fairness: '巡查越勤，发现越多：计数已按检查次数折算；未登记的走访无从校正。',
  },
  {
    views: 'Views of risk', backtest: 'Backtest',
    lead: 'The score is the chance in a hundred that at least one such hazard is found within 91 days.',
    kind: 'Kind', kinds: { all: 'All', fire: 'Fire', safety: 'Safety' }, nearby: 'Only the top 10 within 2 km of the map’s centre',
    empty: 'No enterprise to rank', download: 'Export table (XLSX)', count: (n: number) => (n === 1 ? '1 enterprise' : `${n} enterprises`), thin: 'Too little known',
    interval: (low: string, high: string) => `from ${low} to ${high}`, points: (points: string) => `${points} points`, average: 'An average enterprise',
    notKnown: 'not known', why: 'Why', openCard: 'Open card', distance: (text: string) => `${text} from the centre`,
    units: { 'days': 'days', 'hazards': '', 'm²': 'm²', 'severity/4': '', '0–1': '' } as Record<string, string>,
    basis: 'Rests on',
    trust: 'Ranks on days in the past by what was known then, and holds it against the hazards found afterwards.', percent: 'Visited each time',
    method: 'Method', methods: { model: 'Risk model', cell_count: 'Count per cell', density: 'Density' }, hitRate: 'Hit rate', pai: 'PAI',
    peiStar: 'PEI*', auc: 'AUC', hitRateMeans: 'Hit rate: share of all finds at those visited', paiMeans: 'PAI: hit rate over share visited; 1 is chance',
    peiMeans: 'PEI*: against the best choice of as many; 1 is best', aucMeans: 'AUC: how often one with finds ranks above one without; 0.5 is chance',
    calibration: 'Expected and found, from the least to the most risky fifth', expected: 'Expected', observed: 'Found',
    noTrials: 'The record is too short for a backtest', trialLength: 'periods of 30 days',
    fairness: 'More patrols find more: counts are per inspection made; visits nobody wrote down cannot be corrected for.',
  },
);
