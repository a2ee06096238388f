//! Names of people who do not exist, in the manner of south-western Shandong: 崔 is the name of the house, the
//! older generations carry a generation character, the young ones what was in fashion when they were born.

use super::rng::Rng;

const SURNAMES: [(&str, f64); 18] = [
    ("崔", 52.0),
    ("李", 8.0),
    ("王", 7.0),
    ("张", 7.0),
    ("刘", 4.5),
    ("周", 3.0),
    ("孙", 2.6),
    ("赵", 2.6),
    ("杨", 2.2),
    ("陈", 2.0),
    ("马", 1.6),
    ("郭", 1.5),
    ("朱", 1.4),
    ("窦", 1.2),
    ("程", 1.0),
    ("胡", 0.9),
    ("苏", 0.8),
    ("吕", 0.7),
];

const GENERATIONS: [&str; 8] = ["德", "广", "兆", "庆", "传", "继", "宪", "昭"];
const OLD_MEN: [&str; 16] =
    ["福", "田", "海", "山", "礼", "臣", "义", "堂", "军", "民", "银", "友", "金", "运", "生", "坤"];
const OLD_WOMEN: [&str; 18] = [
    "秀英", "桂兰", "玉兰", "凤英", "秀兰", "桂英", "爱芝", "素芹", "翠莲", "兰英", "月荣", "玉芝", "景荣",
    "瑞芹", "春花", "桂荣", "金凤", "秀云",
];
const MEN: [&str; 22] = [
    "建国", "卫东", "爱军", "志强", "建军", "国庆", "红军", "保平", "新华", "立新", "永刚", "勇", "涛", "伟",
    "磊", "鹏", "超", "东升", "海涛", "振华", "洪亮", "长青",
];
const WOMEN: [&str; 20] = [
    "红", "艳", "丽娟", "春霞", "海霞", "秋菊", "敏", "桂芳", "爱玲", "玉梅", "慧", "静", "娟", "燕", "雪梅",
    "丽丽", "冬梅", "晓燕", "文静", "瑞霞",
];
const BOYS: [&str; 16] = [
    "浩然", "子轩", "宇航", "博文", "俊杰", "一诺", "梓豪", "家豪", "明轩", "奕辰", "天佑", "晨阳", "嘉琪",
    "泽宇", "子涵", "皓轩",
];
const GIRLS: [&str; 16] = [
    "梓涵", "欣怡", "雨桐", "诗涵", "佳怡", "可馨", "若曦", "思雨", "梦瑶", "语嫣", "心怡", "雅琪", "紫萱",
    "依诺", "静怡", "晨曦",
];

pub(crate) fn surname(rng: &mut Rng) -> &'static str {
    rng.weighted(&SURNAMES)
}

/// A surname from elsewhere, for those who came for the season.
pub(crate) fn foreign_surname(rng: &mut Rng) -> &'static str {
    rng.pick(&["吴", "何", "罗", "高", "林", "韩", "唐", "冯", "董", "袁", "邓", "曹"])
}

/// A given name for somebody of that sex born in that year.
pub(crate) fn given_name(male: bool, birth_year: i64, rng: &mut Rng) -> String {
    match (male, birth_year) {
        (true, ..1965) => format!("{}{}", rng.pick(&GENERATIONS), rng.pick(&OLD_MEN)),
        (false, ..1965) => (rng.pick(&OLD_WOMEN)).to_owned(),
        (true, 1965..1998) => (rng.pick(&MEN)).to_owned(),
        (false, 1965..1998) => (rng.pick(&WOMEN)).to_owned(),
        (true, _) => (rng.pick(&BOYS)).to_owned(),
        (false, _) => (rng.pick(&GIRLS)).to_owned(),
    }
}
