//! Roads as a graph: snapping, shortest paths, walking distances.
