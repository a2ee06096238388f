import { bilingual } from '../bilingual';

export const feed = bilingual(
  {
    heading: '事件', scope: '范围', inView: '地图范围', myGrid: '我的网格', mine: '我上报的',
    empty: '这个范围内没有符合条件的事件', emptyHint: '移动地图或放宽筛选条件。', count: (n: number, more: boolean) => `${n}${more ? '+' : ''} 件`,
    nearBoundary: '临近网格边界', onSpot: '即时处置', photos: (n: number) => `${n} 张照片`, newMark: '新',
    line: { opening: '正在连接…', open: '实时更新中', broken: '实时更新已中断，正在重连' },
    outsideGrids: '不在任何网格内', by: (name: string) => `${name} 上报`, updated: '有更新',
    markSeen: '全部已读',
  },
  {
    heading: 'Reports', scope: 'Scope', inView: 'On the map', myGrid: 'My grid', mine: 'Filed by me',
    empty: 'No matching report in this area', emptyHint: 'Move the map or loosen the filters.',
    count: (n: number, more: boolean) => (n === 1 && !more ? '1 report' : `${n}${more ? '+' : ''} reports`),
    nearBoundary: 'Near a grid boundary', onSpot: 'Resolved on the spot',
    photos: (n: number) => (n === 1 ? '1 photo' : `${n} photos`), newMark: 'New',
    line: { opening: 'Connecting…', open: 'Live', broken: 'Interrupted; reconnecting' },
    outsideGrids: 'In no grid', by: (name: string) => `by ${name}`,
    updated: 'Updated', markSeen: 'Mark all as read',
  },
);

export const filing = bilingual(
  {
    open: '上报', heading: '上报事件', place: '位置', pickOnMap: '在地图上点选', picking: '在地图上点选事件位置',
    usePosition: '用当前位置', locating: '正在定位…', useCentre: '用地图中心', accuracy: (m: string) => `定位精度约 ${m}`,
    noPlace: '请先选择位置', change: '重新选择', kind: '事件类型', hazardKind: '隐患类别', severity: '严重程度', words: '情况说明',
    wordsHint: '发生了什么、在什么地方、有没有人受影响', when: '发生时间', photos: '照片', addPhoto: '添加照片',
    removePhoto: (n: number) => `移除第 ${n} 张照片`, photoLimit: '最多 5 张，每张不超过 10 MB', tooLarge: '照片超过 10 MB', keepingPhoto: '正在保存…',
    onSpot: '已现场处置', onSpotHint: '问题当场解决，无需再派人', submit: '提交上报', submitting: '正在提交…',
    missingWords: '请填写情况说明', missingPlace: '请选择位置',
    filed: '上报成功', inGrid: '所在网格', keptBy: '负责人', toBoundary: '距网格边界', near: '此处临近网格边界，请留意相邻网格的分工',
    outside: '该位置不在任何网格内', nearest: (name: string, distance: string) => `最近的网格：${name}，相距 ${distance}`,
    duplicates: '附近可能是同一件事', duplicatesHint: '如确为同一件事，请在原事件中补充备注。', another: '再报一件',
    view: '查看事件', photoPlace: '照片带有拍摄位置', usePhotoPlace: '定位到照片位置', discard: '放弃填写',
    attached: (name: string) => `关联：${name}`, coordinates: '经纬度', future: '发生时间不能晚于现在',
  },
  {
    open: 'Report', heading: 'File a report', place: 'Place', pickOnMap: 'Pick on the map',
    picking: 'Pick the place on the map', usePosition: 'Use my position', locating: 'Locating…',
    useCentre: 'Use the map centre', accuracy: (m: string) => `Accurate to about ${m}`, noPlace: 'Choose a place first',
    change: 'Choose again', kind: 'Kind', hazardKind: 'Hazard', severity: 'Severity', words: 'What happened',
    wordsHint: 'What, where exactly, and whether anybody is affected', when: 'When', photos: 'Photos',
    addPhoto: 'Add a photo', removePhoto: (n: number) => `Remove photo ${n}`, photoLimit: 'Up to 5, 10 MB each',
    tooLarge: 'Photo over 10 MB', keepingPhoto: 'Keeping…', onSpot: 'Resolved on the spot', onSpotHint: 'Solved there and then; nobody needs to come',
    submit: 'Submit', submitting: 'Submitting…', missingWords: 'Describe what happened', missingPlace: 'Choose a place',
    filed: 'Report filed', inGrid: 'Grid', keptBy: 'Kept by',
    toBoundary: 'To the boundary', near: 'Close to a grid boundary: mind the neighbouring grid',
    outside: 'This place is in no grid', nearest: (name: string, distance: string) => `Nearest grid: ${name}, ${distance} away`,
    duplicates: 'Possibly the same case', duplicatesHint: 'If it is the same, add a note there instead.',
    another: 'File another', view: 'Open the report', photoPlace: 'The photo carries a position',
    usePhotoPlace: 'Show the photo’s position', discard: 'Discard', attached: (name: string) => `Linked to ${name}`,
    coordinates: 'Longitude, latitude', future: 'The time cannot be in the future',
  },
);

export const report = bilingual(
  {
    heading: '事件详情', timeline: '办理过程', actions: '可执行操作', note: '备注', noteOptional: '备注（可不填）',
    noteRequired: '请填写备注', department: '派遣部门', happened: '发生', received: '接报', reporter: '上报人', grid: '网格',
    confirm: (action: string) => `确认${action}`, nothingToDo: '当前角色没有可执行的操作', photo: (n: number) => `第 ${n} 张照片`,
    done: '已更新', boundary: '距边界', show: '在地图上查看', service: '系统', copyCode: '事件编号',
  },
  {
    heading: 'Report', timeline: 'History', actions: 'Actions', note: 'Note', noteOptional: 'Note (optional)',
    noteRequired: 'Write a note', department: 'Department', happened: 'Happened', received: 'Received',
    reporter: 'Reporter', grid: 'Grid', confirm: (action: string) => `Confirm: ${action}`,
    nothingToDo: 'No action for this role', photo: (n: number) => `Photo ${n}`, done: 'Updated', boundary: 'To the boundary',
    show: 'Show on the map', service: 'Service', copyCode: 'Report id',
  },
);
