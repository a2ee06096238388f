//! What people report, and in which words: themes with their season, their place and a handful of sentences.
//! `{e}` stands for the business, `{p}` for the place, `{n}` for a small number.

/// Where a theme happens.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Where {
    /// At a business of one of these categories.
    Business(&'static [&'static str]),
    House,
    OldHouse,
    Road,
    Pond,
}

pub(crate) struct Theme {
    pub(crate) kind: &'static str,
    pub(crate) hazard_kind: Option<&'static str>,
    pub(crate) place: Where,
    /// How common it is among themes of its kind.
    pub(crate) weight: f64,
    /// How much more or less common in each month, January first.
    pub(crate) months: [f64; 12],
    /// Weights of severities 1 to 4.
    pub(crate) severities: [f64; 4],
    pub(crate) department: Option<&'static str>,
    /// Of yards, ponds and fields: not among blocks of flats.
    pub(crate) rural: bool,
    pub(crate) words: &'static [&'static str],
}

const WINTER: [f64; 12] = [1.9, 1.6, 0.7, 0.5, 0.6, 0.9, 0.9, 0.8, 0.5, 0.6, 1.7, 2.1];
const HARVEST: [f64; 12] = [0.5, 0.5, 0.6, 0.8, 1.9, 2.4, 2.0, 1.1, 1.0, 0.8, 0.6, 0.5];
const SUMMER: [f64; 12] = [0.3, 0.3, 0.5, 0.8, 1.2, 2.0, 2.6, 2.3, 1.1, 0.6, 0.3, 0.3];
const SPRAYING: [f64; 12] = [0.3, 0.5, 1.5, 2.0, 1.3, 0.8, 0.8, 1.0, 1.7, 1.5, 0.5, 0.3];
const EVEN: [f64; 12] = [1.0; 12];

const LIGHT: [f64; 4] = [5.0, 4.0, 1.0, 0.0];
const MEDIUM: [f64; 4] = [2.0, 5.0, 3.0, 0.3];
const GRAVE: [f64; 4] = [0.3, 3.0, 5.0, 1.7];

const STORES: Where = Where::Business(&["cold_store"]);
const GARLIC: Where = Where::Business(&["garlic_processor", "packer"]);
const KITCHENS: Where = Where::Business(&["restaurant"]);
const SHOPS: Where = Where::Business(&["shop", "other", "farm_supply"]);
const WORKSHOPS: Where = Where::Business(&["workshop"]);
const SUPPLIES: Where = Where::Business(&["farm_supply"]);
const BUYERS: Where = Where::Business(&["cold_store", "packer", "garlic_processor"]);

#[rustfmt::skip]
pub(crate) const THEMES: [Theme; 27] = [
    Theme { kind: "hazard", hazard_kind: Some("fire"), place: GARLIC, weight: 15.0, months: HARVEST, severities: MEDIUM, department: Some("fire"), rural: false, words: &[
        "{e}院内纸箱、网袋堆到屋檐，把消防通道占了一半", "{e}包装车间灭火器压力不足，{n}具指针在红区", "{e}安全出口被蒜袋堵住，只能侧身通过",
        "{e}晾晒棚下有工人抽烟，旁边就是塑料网袋", "{e}车间里住了{n}名季节工，做饭和存货在一个屋", "{e}蒜皮堆在配电箱下面没有清理",
    ] },
    Theme { kind: "hazard", hazard_kind: Some("fire"), place: Where::OldHouse, weight: 10.0, months: WINTER, severities: MEDIUM, department: Some("fire"), rural: true, words: &[
        "{p}一户门口堆着玉米秸和蒜秸，紧挨电线", "{p}老房子土炉子离柴火不到一米", "{p}巷子里烧落叶，火星飘到隔壁柴垛", "{p}老院木梁下挂电褥子线，插座发黑",
        "{p}一户炉灰没灭透就倒在柴堆边",
    ] },
    Theme { kind: "hazard", hazard_kind: Some("fire"), place: STORES, weight: 6.0, months: HARVEST, severities: GRAVE, department: Some("fire"), rural: false, words: &[
        "{e}库体聚氨酯保温层裸露，旁边正在动火作业，没有看火人", "{e}冷库穿堂被周转筐堵死，疏散门从外面锁着", "{e}制冷机房堆放{n}桶废机油",
    ] },
    Theme { kind: "hazard", hazard_kind: Some("fire"), place: KITCHENS, weight: 5.0, months: EVEN, severities: MEDIUM, department: Some("fire"), rural: false, words: &[
        "{e}后厨油烟管道油垢很厚，好久没洗", "{e}液化气瓶放在灶台底下，{n}瓶连着用", "{e}门口炭火炉没有挡风，火星往人行道飘",
    ] },
    Theme { kind: "hazard", hazard_kind: Some("electrical"), place: STORES, weight: 10.0, months: HARVEST, severities: MEDIUM, department: Some("safety"), rural: false, words: &[
        "{e}压缩机电缆接头发烫，外皮已经变色", "{e}库内照明灯没有防潮罩，{n}盏接线外露", "{e}配电柜门敞着，里面落满灰", "{e}叉车充电处线头裸露，地面有水",
    ] },
    Theme { kind: "hazard", hazard_kind: Some("electrical"), place: Where::OldHouse, weight: 9.0, months: WINTER, severities: MEDIUM, department: Some("safety"), rural: true, words: &[
        "{p}一户私拉电线给电动车充电，从窗户甩到巷子里", "{p}老宅进户线老化，风一吹就打火", "{p}电暖器和电褥子插在一个插排上，插排烫手", "{p}电表箱下面结了冰，箱门关不上",
    ] },
    Theme { kind: "hazard", hazard_kind: Some("electrical"), place: SHOPS, weight: 4.0, months: EVEN, severities: LIGHT, department: Some("safety"), rural: false, words: &[
        "{e}插排串插插排，一共{n}个", "{e}电动车在店里过夜充电", "{e}招牌灯箱漏电，下雨时跳闸",
    ] },
    Theme { kind: "hazard", hazard_kind: Some("gas"), place: Where::OldHouse, weight: 8.0, months: [2.4, 1.9, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4, 2.0, 2.6], severities: GRAVE, department: Some("fire"), rural: true, words: &[
        "{p}一户用煤炉取暖，烟筒接口漏烟，屋里没装报警器", "{p}炉子烟道被鸟窝堵了，屋里有煤烟味", "{p}老人把炉子搬进卧室，门窗都关着", "{p}一氧化碳报警器没电，已经{n}天没响过",
    ] },
    Theme { kind: "hazard", hazard_kind: Some("ammonia"), place: STORES, weight: 9.0, months: HARVEST, severities: GRAVE, department: Some("safety"), rural: false, words: &[
        "{e}机房有明显氨味，{n}号阀门压盖渗漏", "{e}氨气报警探头离线，值班记录也没写", "{e}应急喷淋没有水，防毒面具过期", "{e}氨管道保温破损结霜，支架松动",
    ] },
    Theme { kind: "hazard", hazard_kind: Some("traffic"), place: Where::Road, weight: 12.0, months: HARVEST, severities: MEDIUM, department: Some("police"), rural: false, words: &[
        "{p}拉蒜的半挂车排队占了半幅路，看不见对面来车", "{p}路面撒落蒜头和泥土，骑电动车容易滑倒", "{p}三轮车超高拉蒜，捆绳松了", "{p}路口反光镜被撞歪，看不到巷子里出来的人",
        "{p}减速带断了{n}截，螺丝露在外面", "{p}晚上路灯不亮，货车停在路边没放警示牌",
    ] },
    Theme { kind: "hazard", hazard_kind: Some("structure"), place: Where::OldHouse, weight: 6.0, months: SUMMER, severities: GRAVE, department: Some("law_enforcement"), rural: true, words: &[
        "{p}老院墙向巷子外倾，雨后裂缝有两指宽", "{p}空房子屋顶塌了一角，孩子常进去玩", "{p}门楼砖松动，掉下来{n}块",
    ] },
    Theme { kind: "hazard", hazard_kind: Some("water"), place: Where::Pond, weight: 6.0, months: SUMMER, severities: MEDIUM, department: Some("safety"), rural: true, words: &[
        "坑塘护栏断了{n}米，放学时有孩子在水边", "坑塘边警示牌倒了，水比平时深", "坑塘里有人洗澡，劝离了", "机井盖板丢失，井口敞着",
    ] },
    Theme { kind: "hazard", hazard_kind: Some("food"), place: KITCHENS, weight: 3.0, months: SUMMER, severities: LIGHT, department: Some("market_supervision"), rural: false, words: &[
        "{e}冰柜里生熟不分，有{n}袋没有日期", "{e}健康证过期还在上灶", "{e}后厨纱窗破了，苍蝇多",
    ] },
    Theme { kind: "hazard", hazard_kind: Some("chemical"), place: SUPPLIES, weight: 4.0, months: SPRAYING, severities: MEDIUM, department: Some("market_supervision"), rural: false, words: &[
        "{e}农药和饲料放在一个架子上", "{e}仓库没有通风，味道很重", "{e}过期农药{n}箱没有登记处理",
    ] },
    Theme { kind: "hazard", hazard_kind: Some("other"), place: WORKSHOPS, weight: 4.0, months: EVEN, severities: MEDIUM, department: Some("safety"), rural: false, words: &[
        "{e}氧气瓶和乙炔瓶挨着放，没有固定", "{e}砂轮机没有护罩", "{e}门口切割火花溅到人行道",
    ] },
    Theme { kind: "dispute", hazard_kind: None, place: BUYERS, weight: 14.0, months: HARVEST, severities: LIGHT, department: Some("market_supervision"), rural: false, words: &[
        "在{e}卖蒜，过磅的数和自家称的差{n}十斤，双方争执", "{e}说好的蒜价第二天变了，卖蒜户不同意", "{e}欠{n}名工人工钱，约定秋后结，工人等不及", "{e}退回一车蒜说有霉变，运费谁出谈不拢",
        "季节工和{e}因为加班费起争执",
    ] },
    Theme { kind: "dispute", hazard_kind: None, place: Where::House, weight: 16.0, months: EVEN, severities: LIGHT, department: Some("police"), rural: true, words: &[
        "{p}两家因为院墙滴水闹矛盾", "{p}邻居把车停在门口，出不来车，吵起来了", "{p}分家后老人赡养费的事谈不拢", "{p}狗咬了人，医药费没说好", "{p}两家因巷口堆土堵路争吵",
        "{p}宅基地边界差{n}砖，要求重新量", "{p}彩礼退还意见不一，请乡贤来说和",
    ] },
    Theme { kind: "dispute", hazard_kind: None, place: Where::Road, weight: 8.0, months: [0.3, 0.4, 1.4, 1.3, 1.6, 1.5, 0.8, 0.8, 1.8, 2.0, 0.6, 0.3], severities: LIGHT, department: None, rural: true, words: &[
        "{p}地边子耕过界，两户争一垄地", "{p}浇地排队起争执，都说自己先来", "{p}地头沟被填，下游户浇不上水", "{p}收割时压坏邻家蒜苗{n}垄",
    ] },
    Theme { kind: "request", hazard_kind: None, place: Where::Road, weight: 14.0, months: EVEN, severities: LIGHT, department: Some("law_enforcement"), rural: false, words: &[
        "{p}路灯坏了{n}盏，晚上老人不敢出门", "{p}路面坑洼积水，请求修补", "{p}下水道口堵了，雨天往院里倒灌", "{p}垃圾桶满了两天没清", "{p}希望在路口装减速带", "{p}树枝挡住监控，请修剪",
    ] },
    Theme { kind: "request", hazard_kind: None, place: Where::House, weight: 14.0, months: EVEN, severities: LIGHT, department: None, rural: false, words: &[
        "{p}一户想咨询低保办理材料", "{p}老人不会用手机认证养老资格，请上门帮忙", "{p}自来水压力小，二楼上不去水", "{p}新农合缴费没有查到记录", "{p}残疾证换证需要代办", "{p}天然气改造什么时候到这条巷",
    ] },
    Theme { kind: "request", hazard_kind: None, place: GARLIC, weight: 5.0, months: HARVEST, severities: LIGHT, department: None, rural: false, words: &[
        "{e}想给{n}名外来工人办居住登记", "{e}申请收蒜期间临时占道停车", "{e}请求协调临时用电增容",
    ] },
    Theme { kind: "opinion", hazard_kind: None, place: Where::House, weight: 10.0, months: EVEN, severities: [9.0, 1.0, 0.0, 0.0], department: None, rural: false, words: &[
        "{p}群众希望文化大院晚上多开一小时", "{p}几户反映收蒜季大车夜里过村太吵", "{p}有人建议把红白事标准再写明白些", "{p}群众对网格员上门反映不错，希望固定时间", "{p}群众担心今年蒜价，想多听听行情",
        "{p}建议坑塘边装几条长椅", "{p}对村务公开栏的账目想看得更细",
    ] },
    Theme { kind: "opinion", hazard_kind: None, place: SHOPS, weight: 4.0, months: EVEN, severities: [9.0, 1.0, 0.0, 0.0], department: None, rural: false, words: &[
        "{e}说集市日摊位摆到店门口，影响生意", "{e}希望街上划停车位", "{e}反映网络不稳，扫码收款常断",
    ] },
    Theme { kind: "help", hazard_kind: None, place: Where::OldHouse, weight: 9.0, months: [1.6, 1.5, 1.0, 0.8, 0.8, 0.9, 1.2, 1.2, 0.8, 0.8, 1.1, 1.5], severities: MEDIUM, department: None, rural: true, words: &[
        "{p}独居老人摔倒起不来，请人帮忙送卫生室", "{p}老人两天没出门，邻居敲门没人应", "{p}老人血压高头晕，家里没人", "{p}老人钥匙锁屋里，炉子上还坐着锅",
    ] },
    Theme { kind: "help", hazard_kind: None, place: Where::House, weight: 8.0, months: EVEN, severities: LIGHT, department: Some("police"), rural: false, words: &[
        "{p}孩子放学没回家，家长着急", "{p}接到自称公安的电话要转账，请帮忙核实", "{p}半夜停电，家里有吸氧病人", "{p}水管冻裂，院里全是水", "{p}走失老人在村口，问不出家在哪",
    ] },
    Theme { kind: "help", hazard_kind: None, place: BUYERS, weight: 5.0, months: HARVEST, severities: MEDIUM, department: Some("police"), rural: false, words: &[
        "{e}一名工人中暑，已扶到阴凉处", "{e}卸车时砸伤脚，需要车送医院", "{e}夜里有人翻墙，怀疑偷蒜",
    ] },
    Theme { kind: "help", hazard_kind: None, place: Where::Road, weight: 6.0, months: HARVEST, severities: MEDIUM, department: Some("police"), rural: false, words: &[
        "{p}两辆三轮车相撞，有人擦伤", "{p}货车陷在路边沟里，要找吊车", "{p}骑车的老人摔倒，腿疼走不了",
    ] },
];
