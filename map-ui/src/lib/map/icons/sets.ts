/** Which icon stands for what: the same on the map, in lists and in the legend. */
import {
  Boxes, Building, Flame, Fuel, GraduationCap, Hammer, HandHelping, Heart, House, LifeBuoy, MapPin, Megaphone, Package,
  Scale, ShoppingBag, Snowflake, Sprout, Stethoscope, TriangleAlert, Truck, Utensils, Grid3x3, Map as MapIcon,
  type IconNode,
} from 'lucide';
import type { Category, Found, ReportKind, TargetKind } from '$lib/api/types';

export const categoryIcons: Record<Category, IconNode> = {
  cold_store: Snowflake,
  garlic_processor: Boxes,
  packer: Package,
  farm_supply: Sprout,
  restaurant: Utensils,
  shop: ShoppingBag,
  workshop: Hammer,
  logistics: Truck,
  fuel: Fuel,
  clinic: Stethoscope,
  school: GraduationCap,
  other: Building,
};

export const reportIcons: Record<ReportKind, IconNode> = {
  hazard: Flame,
  dispute: Scale,
  request: HandHelping,
  opinion: Megaphone,
  help: LifeBuoy,
};

export const targetIcons: Record<TargetKind, IconNode> = {
  household: House,
  special_care: Heart,
  enterprise: Building,
  hazard: TriangleAlert,
};

export const foundIcons: Record<Found['kind'], IconNode> = {
  grid: Grid3x3,
  area: MapIcon,
  household: House,
  enterprise: Building,
  hazard: TriangleAlert,
  report: MapPin,
};
