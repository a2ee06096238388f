//! Coordinates that carry their system, point-to-grid assignment, and coverages without seams.
