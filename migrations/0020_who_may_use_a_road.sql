-- Who may go along a road and which way, as OpenStreetMap knows it by mode: people on foot ignore a one-way sign, a
-- bollard stops a car, a motorway is closed to feet. Absent means what the class and one_way say. What stands across
-- a road is kept with the road, by the number of the vertex it stands at: cut from the road it would say nothing.

ALTER TABLE roads
    ADD COLUMN foot text,
    ADD COLUMN e_bike text,
    ADD COLUMN car text,
    ADD COLUMN max_km_per_h real,
    ADD COLUMN barriers jsonb NOT NULL DEFAULT '[]',
    ADD CONSTRAINT roads_foot_is_known CHECK (foot IN ('both', 'forward', 'backward', 'no')),
    ADD CONSTRAINT roads_e_bike_is_known CHECK (e_bike IN ('both', 'forward', 'backward', 'no')),
    ADD CONSTRAINT roads_car_is_known CHECK (car IN ('both', 'forward', 'backward', 'no')),
    ADD CONSTRAINT roads_limit_is_plausible CHECK (max_km_per_h > 0 AND max_km_per_h <= 200),
    ADD CONSTRAINT roads_barriers_are_a_list CHECK (jsonb_typeof(barriers) = 'array');
