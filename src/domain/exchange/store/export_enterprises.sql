-- $1: with contacts. They are absent where row-level security hides them.
SELECT to_jsonb(t) AS "properties!", ST_AsGeoJSON(e.geom, 7)::jsonb AS geometry
  FROM enterprises e
  LEFT JOIN enterprise_contacts c ON $1 AND c.enterprise_id = e.id, LATERAL (
       SELECT e.code, e.name, e.category, e.hazard_class, e.floor_area_m2, e.staff, to_char(e.opens, 'HH24:MI') AS opens,
              to_char(e.closes, 'HH24:MI') AS closes, e.address, e.building_code, e.status, e.last_inspected_at,
              c.contact_name, c.phone) t
 ORDER BY e.code
