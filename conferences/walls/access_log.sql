-- The access log. The app role has no other way to write it, and none to change it.

CREATE FUNCTION access_hash(previous text, chain uuid, number int, at timestamptz, person uuid, conference uuid,
    assignment uuid, role text, action text, object_type text, object_id text, sections uuid[], request_id text,
    address text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(json_build_array(previous, chain, number, extract(epoch FROM at), person,
        conference, assignment, role, action, object_type, object_id, sections, request_id, address)::text,
        'UTF8')), 'hex')
$$;

-- A conference has a chain of all that was read in it by those let in. Everything else goes to the person's own:
-- searches, and what was refused, so that a real conference answers a stranger no sooner and no later than a made-up id.
CREATE FUNCTION log_access(what text, thing_type text, thing_id text, about uuid, sections uuid[],
    request_id text, address text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
DECLARE
    person uuid := acting_person();
    conference uuid;
    assignment uuid;
    as_what text;
    last conferences_accesschain;
    link uuid;
    moment timestamptz;
    new_hash text;
BEGIN
    IF person IS NULL THEN
        RAISE EXCEPTION 'nobody is acting, so nothing may be read' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT id INTO conference FROM conferences_conference WHERE id = about;
    SELECT a.id, a.role INTO assignment, as_what FROM my_live_assignments() a WHERE a.conference_id = conference
    ORDER BY array_position(ARRAY['chair', 'cover', 'minute_taker', 'break_glass', 'advocate'], a.role::text), a.since
    LIMIT 1;
    IF manages(conference) AND (as_what IS NULL OR as_what IN ('advocate', 'contributor', 'break_glass')) THEN
        as_what := 'manager';
        assignment := NULL;
    END IF;
    link := CASE WHEN as_what IS NULL THEN person ELSE conference END;
    INSERT INTO conferences_accesschain (chain, number, hash) VALUES (link, 0, '') ON CONFLICT DO NOTHING;
    SELECT * INTO last FROM conferences_accesschain WHERE chain = link FOR UPDATE;
    moment := clock_timestamp();  -- once it is this entry's turn, so that numbers and moments agree
    new_hash := access_hash(last.hash, link, last.number + 1, moment, person, conference, assignment,
        coalesce(as_what, ''), what, thing_type, thing_id, sections, request_id, address);
    INSERT INTO conferences_accessevent (id, chain, number, at, user_id, conference_id, assignment_id, role, action,
        object_type, object_id, sections, request_id, address, previous_hash, hash)
    VALUES (gen_random_uuid(), link, last.number + 1, moment, person, conference, assignment, coalesce(as_what, ''),
        what, thing_type, thing_id, sections, request_id, address, last.hash, new_hash);
    UPDATE conferences_accesschain SET number = last.number + 1, hash = new_hash WHERE chain = link;
    RETURN new_hash;
END $$;

-- How many different records somebody opened in the hour before an entry: asked by those who may see the entry.
CREATE FUNCTION records_opened_in_the_hour_before(entry uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    SELECT count(DISTINCT other.conference_id) FROM conferences_accessevent e JOIN conferences_accessevent other
        ON other.user_id = e.user_id AND other.at > e.at - interval '1 hour' AND other.at <= e.at
    WHERE e.id = entry AND other.action <> 'denied'
      AND (e.conference_id IN (SELECT records_i_chair()) OR manages(e.conference_id))
$$;

-- Each chain that does not hold: where, and what is wrong. For the job that looks.
CREATE FUNCTION broken_access_chains() RETURNS TABLE (chain uuid, number int, problem text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    WITH links AS (
        SELECT e.*, lag(e.hash, 1, '') OVER w AS hash_before, lag(e.number, 1, 0) OVER w AS number_before
        FROM conferences_accessevent e WHERE acting_job() IS NOT NULL WINDOW w AS (PARTITION BY e.chain ORDER BY e.number)
    ), ends AS (
        SELECT e.chain, max(e.number) AS number,
               (array_agg(e.hash ORDER BY e.number DESC))[1] AS hash FROM conferences_accessevent e
        WHERE acting_job() IS NOT NULL GROUP BY e.chain
    )
    SELECT l.chain, l.number, CASE
        WHEN l.number <> l.number_before + 1 THEN 'an entry before it is missing'
        WHEN l.previous_hash <> l.hash_before THEN 'it does not follow the entry before it'
        ELSE 'it was changed' END
    FROM links l
    WHERE l.number <> l.number_before + 1 OR l.previous_hash <> l.hash_before
       OR l.hash <> access_hash(l.previous_hash, l.chain, l.number, l.at, l.user_id, l.conference_id, l.assignment_id,
              l.role, l.action, l.object_type, l.object_id, l.sections, l.request_id, l.address)
    UNION ALL
    SELECT c.chain, c.number, 'the last entries are missing'
    FROM conferences_accesschain c LEFT JOIN ends ON ends.chain = c.chain
    WHERE c.number > coalesce(ends.number, 0) AND acting_job() IS NOT NULL
    UNION ALL
    SELECT ends.chain, ends.number, 'its end is not written down'
    FROM ends LEFT JOIN conferences_accesschain c ON c.chain = ends.chain
    WHERE c.chain IS NULL OR c.number < ends.number OR c.number = ends.number AND c.hash <> ends.hash
    ORDER BY 1, 2
$$;
