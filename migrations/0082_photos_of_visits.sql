-- Photos taken at the door. They are read by whoever may read the visit and by nobody else: the policies ask for the
-- visit under its own policies. Where a hazard was found the report gets copies of its own, since others read reports.

CREATE TABLE visit_photos (
    id          uuid PRIMARY KEY,
    visit_id    uuid NOT NULL REFERENCES visits (id),
    created_at  timestamptz NOT NULL DEFAULT now(),
    media_type  text NOT NULL,
    sha256      bytea NOT NULL,
    content     bytea NOT NULL,
    CONSTRAINT visit_photos_type_is_a_photo CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp')),
    CONSTRAINT visit_photos_size_is_limited CHECK (octet_length(content) BETWEEN 1 AND 10485760)
);
CREATE INDEX visit_photos_by_visit ON visit_photos (visit_id);
ALTER TABLE visit_photos ALTER COLUMN content SET STORAGE EXTERNAL;

ALTER TABLE visit_photos ENABLE ROW LEVEL SECURITY;
CREATE POLICY visit_photos_are_read_with_their_visit ON visit_photos FOR SELECT
    USING (EXISTS (SELECT FROM visits v WHERE v.id = visit_id));
CREATE POLICY visit_photos_are_added_by_who_made_the_visit ON visit_photos FOR INSERT
    WITH CHECK (acts_as('system')
        OR EXISTS (SELECT FROM visits v WHERE v.id = visit_id AND v.account_id = current_account()));

GRANT SELECT, INSERT ON visit_photos TO gridkeeper_app;

-- What is said of a visit's photos, for whoever asks and may.
CREATE FUNCTION photos_of_visit(visit uuid) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = public
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'id', id, 'media_type', media_type,
                       'url', format('/api/v1/visits/%s/photos/%s', visit_id, id)) ORDER BY created_at, id), '[]')
              FROM visit_photos WHERE visit_id = visit);
