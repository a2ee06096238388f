//! What the map is drawn from besides boundaries: buildings (房屋), roads (道路) and water (水系). They are imported
//! and drawn, never edited one by one, so the room has terms and no handlers.

use crate::terms;

terms! {
    /// What a building is for.
    BuildingKind {
        /// 民居.
        House = "house", "民居";
        /// 冷库.
        ColdStore = "cold_store", "冷库";
        /// 作坊, 厂房.
        Workshop = "workshop", "厂房";
        /// 商铺.
        Shop = "shop", "商铺";
        /// 仓库.
        Warehouse = "warehouse", "仓库";
        /// 公共建筑.
        Public = "public", "公共建筑";
        /// 大棚.
        Greenhouse = "greenhouse", "大棚";
        /// 其他.
        Other = "other", "其他";
    }
}

terms! {
    /// What a road carries.
    RoadClass {
        /// 公路.
        Highway = "highway", "公路";
        /// 主干道.
        Main = "main", "主干道";
        /// 街道, within a settlement.
        Street = "street", "街";
        /// 巷.
        Lane = "lane", "巷";
        /// 田间路.
        Path = "path", "田间路";
        /// 步道.
        Footway = "footway", "步道";
    }
}

terms! {
    /// What kind of water it is.
    WaterKind {
        /// 坑塘.
        Pond = "pond", "坑塘";
        /// 沟渠.
        Ditch = "ditch", "沟";
        /// 渠.
        Canal = "canal", "渠";
        /// 河.
        River = "river", "河";
        /// 水库.
        Reservoir = "reservoir", "水库";
    }
}
