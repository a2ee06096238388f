-- A small synthetic place to test against: two villages of Yushan Street with two grids each, one village of
-- another street, an account for every role, and one of everything inside and outside each scope.
-- Grids are squares of 0.01 degrees: 218001 west of 116.31, 218002 east of it; 222001 and 222002 south of 35.07.

INSERT INTO areas (code, parent_code, kind, name) VALUES
    ('37', NULL, 'province', '山东省'), ('3708', '37', 'city', '济宁市'), ('370828', '3708', 'county', '金乡县');
INSERT INTO areas (code, parent_code, kind, name, geom) VALUES
    ('370828003', '370828', 'street', '鱼山街道', ST_Multi(ST_MakeEnvelope(116.30, 35.06, 116.32, 35.08, 4326))),
    ('370828003218', '370828003', 'village', '崔口村', ST_Multi(ST_MakeEnvelope(116.30, 35.07, 116.32, 35.08, 4326))),
    ('370828003222', '370828003', 'village', '桑园村', ST_Multi(ST_MakeEnvelope(116.30, 35.06, 116.32, 35.07, 4326))),
    ('370828004', '370828', 'street', '王丕街道', ST_Multi(ST_MakeEnvelope(116.40, 35.06, 116.41, 35.07, 4326))),
    ('370828004201', '370828004', 'village', '测试村', ST_Multi(ST_MakeEnvelope(116.40, 35.06, 116.41, 35.07, 4326)));
INSERT INTO grids (code, village_code, name) VALUES
    ('370828003218001', '370828003218', '第1网格'), ('370828003218002', '370828003218', '第2网格'),
    ('370828003222001', '370828003222', '第1网格'), ('370828003222002', '370828003222', '第2网格'),
    ('370828004201001', '370828004201', '第1网格');
INSERT INTO boundary_plans (id, village_code, name, status, effective_from, published_at)
SELECT ('00000000-0000-7000-8000-0000000000' || right(code, 2))::uuid, code, '初始划分', 'published', '2020-01-01', '2020-01-01Z'
  FROM areas WHERE length(code) = 12;
INSERT INTO grid_boundaries (id, plan_id, grid_code, valid, geom)
SELECT gen_random_uuid(), p.id, v.code, '[2020-01-01,)', ST_Multi(ST_MakeEnvelope(v.w, v.s, v.w + 0.01, v.s + 0.01, 4326))
  FROM (VALUES ('370828003218001', 116.30, 35.07), ('370828003218002', 116.31, 35.07),
               ('370828003222001', 116.30, 35.06), ('370828003222002', 116.31, 35.06),
               ('370828004201001', 116.40, 35.06)) AS v (code, w, s)
  JOIN boundary_plans p ON p.village_code = left(v.code, 12);

-- Accounts sign in by the API token 'token-of-<login>'.
INSERT INTO accounts (id, login, display_name, role, scope_code, department)
SELECT ('10000000-0000-7000-8000-00000000000' || to_hex(n))::uuid, login, name, role, scope, department
  FROM (VALUES (1, 'member1', '网格员甲', 'grid_member', '370828003218001', NULL),
               (2, 'member2', '网格员乙', 'grid_member', '370828003218002', NULL),
               (3, 'chief', '网格长', 'grid_chief', '370828003218', NULL),
               (4, 'planner', '规划员', 'planner', '370828003218', NULL),
               (5, 'mediator', '调解员', 'mediator', '370828003218', NULL),
               (6, 'police', '民警', 'police', '370828003218', NULL),
               (7, 'fire', '消防检查员', 'inspector', '370828003', 'fire'),
               (8, 'command', '指挥中心', 'command', '370828003', NULL),
               (9, 'admin', '管理员', 'administrator', '370828003', NULL),
               (10, 'stranger', '外街道网格员', 'grid_member', '370828004201001', NULL),
               (11, 'member3', '邻村网格员', 'grid_member', '370828003222001', NULL))
       AS v (n, login, name, role, scope, department);
INSERT INTO api_tokens (id, account_id, name, token_hash)
SELECT gen_random_uuid(), id, 'test', sha256(convert_to('token-of-' || login, 'UTF8')) FROM accounts;

-- One household with a resident in care, one enterprise, one hazard and reports in every grid.
INSERT INTO households (id, code, place_code, address, resident_count, geom)
SELECT ('20000000-0000-7000-8000-00000000000' || n)::uuid, left(code, 12) || '-H000' || n, code, '测试路' || n || '号', 2, ST_SetSRID(ST_MakePoint(x, y), 4326)
  FROM (VALUES (1, '370828003218001', 116.305, 35.075), (2, '370828003218002', 116.315, 35.075),
               (3, '370828003222001', 116.305, 35.065), (4, '370828003222002', 116.315, 35.065),
               (5, '370828004201001', 116.405, 35.065)) AS v (n, code, x, y);
INSERT INTO residents (id, code, household_id, place_code, name, sex, birth_year, relation)
SELECT ('21000000-0000-7000-8000-00000000000' || right(code, 1))::uuid, code || '-1', id, place_code, '测试人' || right(code, 1), 'female', 1945, 'head' FROM households;
INSERT INTO resident_identities (resident_id, place_code, phone, id_number)
SELECT id, place_code, '1990000000' || right(id::text, 1), '37082819450101002X' FROM residents;
INSERT INTO special_care (id, code, resident_id, place_code, kind, details, since)
SELECT gen_random_uuid(), code || '-C', id, place_code, 'empty_nest_elder', '独居，需每周探望', '2021-07-01' FROM residents;
INSERT INTO enterprises (id, code, place_code, name, category, hazard_class, floor_area_m2, staff, geom)
SELECT ('30000000-0000-7000-8000-00000000000' || n)::uuid, (ARRAY['91370828MA3TET1007', '91370828MA3TET200W', '91370828MA3TET300J', '91370828MA3TET4008', '91370828MA3TET500X'])[n::int], place_code, '测试冷库' || n, 'cold_store', 'ammonia_refrigeration', 1500, 12, ST_Translate(geom, 0.001, 0.001)
  FROM (SELECT *, right(code, 1) AS n FROM households) h;
INSERT INTO enterprise_contacts (enterprise_id, place_code, contact_name, phone)
SELECT id, place_code, '联系人', '19900000009' FROM enterprises;
INSERT INTO hazards (id, code, place_code, kind, severity, description, enterprise_id, found_on, geom)
SELECT ('40000000-0000-7000-8000-00000000000' || right(id::text, 1))::uuid, left(place_code, 12) || '-Y000' || right(id::text, 1), place_code, 'fire', 3, '消防通道堵塞', id, '2022-01-01', geom FROM enterprises;
INSERT INTO reports (id, content_hash, place_code, kind, hazard_kind, severity, words, happened_at, given_x, given_y, geom)
SELECT ('5' || k || '000000-0000-7000-8000-00000000000' || right(h.id::text, 1))::uuid, '\x00', h.place_code, kind,
       CASE WHEN kind = 'hazard' THEN 'fire' END, 2, '测试上报', '2022-06-01T08:00:00+08', ST_X(h.geom), ST_Y(h.geom), h.geom
  FROM households h, (VALUES (0, 'hazard'), (1, 'dispute'), (2, 'request'), (3, 'opinion'), (4, 'help')) AS r (k, kind);
INSERT INTO report_events (id, report_id, place_code, report_kind, action, to_status)
SELECT gen_random_uuid(), id, place_code, kind, 'filed', 'open' FROM reports;
INSERT INTO buildings (id, code, place_code, kind, geom)
SELECT gen_random_uuid(), left(place_code, 12) || '-B' || right(code, 4), place_code, 'house', ST_Multi(ST_Expand(geom, 0.0001)) FROM households;
INSERT INTO roads (id, code, place_code, class, name, geom) VALUES
    (gen_random_uuid(), '370828003-R0001', '370828003', 'main', '测试路', ST_GeomFromText('LINESTRING(116.30 35.07, 116.32 35.07)', 4326)),
    (gen_random_uuid(), '370828003-R0002', '370828003', 'lane', NULL, ST_GeomFromText('LINESTRING(116.31 35.06, 116.31 35.07, 116.31 35.08)', 4326));
INSERT INTO water (id, code, place_code, kind, name, geom) VALUES
    (gen_random_uuid(), '370828003-W0001', '370828003218', 'pond', '村塘', ST_MakeEnvelope(116.3010, 35.0710, 116.3020, 35.0720, 4326));
