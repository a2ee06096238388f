//! The order of stops: which way round costs the least walking.
