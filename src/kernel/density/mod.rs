//! Risk surfaces: kernel density in events per square kilometre, in metres, independent of zoom and tile.
