/**
 * Typefaces of map labels. The style names no `glyphs`, so MapLibre draws every label from the machine's own
 * fonts; it reads the weight out of the first name of the list.
 */
const families = ['PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', 'WenQuanYi Micro Hei'];

export const regular = ['PingFang SC Regular', ...families];
export const medium = ['PingFang SC Medium', ...families];
export const bold = ['PingFang SC Bold', ...families];
