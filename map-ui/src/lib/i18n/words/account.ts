import { bilingual } from '../bilingual';

export const ownAccount = bilingual(
  {
    heading: '我的账号', open: '密码与 API 令牌', password: '修改密码', current: '原密码', next: '新密码', again: '再次输入新密码',
    nextHint: '至少 10 个字符，不含用户名', differ: '两次输入的新密码不一致', change: '修改密码',
    changed: '密码已修改，其他设备须重新登录', required: '请填写原密码和新密码', tokens: 'API 令牌',
    tokensLead: '供 QGIS 等程序使用，权限与本账号相同。程序可用用户名加令牌（HTTP Basic）或 Bearer 令牌访问。',
    newToken: '新建令牌', name: '用途', nameHint: '例如：办公室 QGIS', expires: '有效期', days: (n: number) => `${n} 天`, never: '不过期',
    create: '新建', secret: '令牌', secretOnce: '令牌只显示这一次，请立即复制保存。', copy: '复制', copied: '已复制',
    copyFailed: '无法自动复制，请手动选取', understood: '已保存', noTokens: '还没有令牌', noTokensHint: '需要让其他程序读取数据时再新建。',
    madeOn: (day: string) => `建于 ${day}`, lastUsed: (when: string) => `最近使用 ${when}`, unused: '从未使用',
    until: (day: string) => `${day} 到期`, expired: '已过期', revoke: '撤销', revoked: '令牌已撤销',
    confirmRevoke: (name: string) => `撤销令牌「${name}」？使用它的程序将立即失去访问权限。`,
  },
  {
    heading: 'My account', open: 'Password and API tokens', password: 'Change the password', current: 'Current password',
    next: 'New password', again: 'New password again', nextHint: 'At least 10 characters, without the user name',
    differ: 'The two new passwords differ', change: 'Change password',
    changed: 'Password changed; other devices have to sign in again', required: 'Enter the current and the new password',
    tokens: 'API tokens',
    tokensLead: 'For QGIS and other programs, with the rights of this account. They send the user name and the token (HTTP Basic) or a bearer token.',
    newToken: 'New token', name: 'What for', nameHint: 'For example: QGIS in the office', expires: 'Valid for',
    days: (n: number) => `${n} days`, never: 'No end', create: 'Create', secret: 'Token',
    secretOnce: 'The token is shown this once: copy it now and keep it safe.', copy: 'Copy', copied: 'Copied',
    copyFailed: 'Copying is not allowed here: select it by hand', understood: 'I have kept it', noTokens: 'No token yet',
    noTokensHint: 'Make one when another program is to read the data.', madeOn: (day: string) => `Made ${day}`,
    lastUsed: (when: string) => `last used ${when}`, unused: 'never used', until: (day: string) => `ends ${day}`,
    expired: 'expired', revoke: 'Revoke', revoked: 'Token revoked',
    confirmRevoke: (name: string) => `Revoke “${name}”? Programs that use it lose access at once.`,
  },
);

export const exporting = bilingual(
  {
    open: '导出数据', heading: '导出数据', layer: '图层', format: '格式', crs: '坐标系', download: '下载', downloading: '正在准备…',
    done: (name: string) => `已下载 ${name}`, scope: '只含本账号可见的数据；电话和身份证号一律脱敏。每次导出记入审计日志。',
    template: '下载空白表格（XLSX）', templateHint: '带填写说明和可选项，填好后交管理员导入。',
    formats: { geojson: 'GeoJSON', csv: 'CSV', xlsx: 'Excel' },
    crsName: { wgs84: 'WGS84（GPS）', cgcs2000: 'CGCS2000（国家大地坐标系）', gcj02: 'GCJ-02（高德、腾讯）', bd09: 'BD-09（百度）' },
  },
  {
    open: 'Export data', heading: 'Export data', layer: 'Layer', format: 'Format', crs: 'Coordinates', download: 'Download',
    downloading: 'Preparing…', done: (name: string) => `${name} downloaded`,
    scope: 'Only what this account may see; telephone and identity numbers are masked. Every export is in the audit log.',
    template: 'Empty table to fill in (XLSX)', templateHint: 'With instructions and lists to choose from; an administrator imports it.',
    formats: { geojson: 'GeoJSON', csv: 'CSV', xlsx: 'Excel' },
    crsName: { wgs84: 'WGS84 (GPS)', cgcs2000: 'CGCS2000', gcj02: 'GCJ-02 (Amap, Tencent)', bd09: 'BD-09 (Baidu)' },
  },
);
