-- Who is acting, and what they may open. The functions that look up assignments speak as the owner of the tables
-- (SECURITY DEFINER): policies that asked the tables themselves would ask each other without end.

CREATE FUNCTION acting_person() RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('app.user_id', true), '')::uuid
$$;

CREATE FUNCTION acting_job() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('app.job', true), '')
$$;

CREATE FUNCTION my_live_assignments() RETURNS SETOF conferences_assignment
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp ROWS 20 AS $$
    SELECT * FROM conferences_assignment
    WHERE user_id = acting_person() AND (until IS NULL OR until > now())
$$;

-- Those a person may know exist.
CREATE FUNCTION my_conferences() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp ROWS 20 AS $$
    SELECT conference_id FROM my_live_assignments()
$$;

-- Those whose record they read.
CREATE FUNCTION records_i_read() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp ROWS 20 AS $$
    SELECT conference_id FROM my_live_assignments() WHERE role IN ('chair', 'cover', 'minute_taker', 'break_glass')
$$;

-- Those whose record they write.
CREATE FUNCTION records_i_write() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp ROWS 20 AS $$
    SELECT conference_id FROM my_live_assignments() WHERE role IN ('chair', 'cover', 'minute_taker')
$$;

-- Those they chair, or cover for the chair.
CREATE FUNCTION records_i_chair() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp ROWS 20 AS $$
    SELECT conference_id FROM my_live_assignments() WHERE role IN ('chair', 'cover')
$$;

-- The children of those conferences they were let in for: all of them, or those named.
CREATE FUNCTION children_i_read() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp ROWS 40 AS $$
    SELECT c.id FROM conferences_conferencechild c JOIN my_live_assignments() a ON a.conference_id = c.conference_id
    WHERE a.all_children
       OR EXISTS (SELECT 1 FROM conferences_assignmentchild n WHERE n.assignment_id = a.id AND n.child_id = c.id)
$$;

CREATE FUNCTION children_i_know() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp ROWS 40 AS $$
    SELECT child_id FROM conferences_conferencechild WHERE id IN (SELECT children_i_read())
$$;

CREATE FUNCTION children_i_write() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp ROWS 40 AS $$
    SELECT child_id FROM conferences_conferencechild
    WHERE conference_id IN (SELECT records_i_write()) AND id IN (SELECT children_i_read())
$$;

CREATE FUNCTION children_whose_record_i_read() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp ROWS 40 AS $$
    SELECT child_id FROM conferences_conferencechild
    WHERE conference_id IN (SELECT records_i_read()) AND id IN (SELECT children_i_read())
$$;

-- For somebody let in to some sections alone, such as a child's advocate.
CREATE FUNCTION sections_i_was_given() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp ROWS 5 AS $$
    SELECT s.id FROM conferences_section s JOIN my_live_assignments() a ON a.conference_id = s.conference_id
    WHERE a.role = 'advocate' AND s.kind = ANY (a.sections)
      AND s.child_id IN (SELECT n.child_id FROM conferences_assignmentchild n WHERE n.assignment_id = a.id)
$$;

CREATE FUNCTION my_reports() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp ROWS 5 AS $$
    SELECT id FROM conferences_agencyreport WHERE contributor_id = acting_person() AND withdrawn_at IS NULL
      AND conference_id IN (SELECT my_conferences())
$$;

CREATE FUNCTION my_copies() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp ROWS 5 AS $$
    SELECT id FROM conferences_copy
    WHERE reader_id = acting_person() AND issued_at IS NOT NULL AND withdrawn_at IS NULL AND method = 'portal'
$$;

-- Whether they manage the chairs' team of a conference. Asked row by row, after the sets above said no.
CREATE FUNCTION manages(conference uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM conferences_conference c JOIN conferences_teammember m ON m.team_id = c.team_id
        WHERE c.id = conference AND m.user_id = acting_person() AND m.role = 'manager' AND m.until IS NULL)
$$;

CREATE FUNCTION manages_child(child uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM conferences_conferencechild c WHERE c.child_id = child AND manages(c.conference_id))
$$;

CREATE FUNCTION manages_some_team() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM conferences_teammember WHERE user_id = acting_person() AND role = 'manager' AND until IS NULL)
$$;

-- The moment between writing a conference down and letting its creator in.
CREATE FUNCTION starts(conference uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM conferences_conference WHERE id = conference AND created_by_id = acting_person())
       AND NOT EXISTS (SELECT 1 FROM conferences_assignment WHERE conference_id = conference)
$$;

CREATE FUNCTION is_new_child(child uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT 1 FROM conferences_conferencechild WHERE child_id = child)
$$;


-- The access log. The app role has no other way to write it, and none to change it.

CREATE FUNCTION access_hash(previous text, chain uuid, number int, at timestamptz, person uuid, conference uuid,
    assignment uuid, role text, action text, object_type text, object_id text, sections uuid[], request_id text,
    address text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(concat_ws('|', previous, chain, number, extract(epoch FROM at), person,
        coalesce(conference::text, '-'), coalesce(assignment::text, '-'), role, action, object_type, object_id,
        array_to_string(sections, ','), request_id, address), 'UTF8')), 'hex')
$$;

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
    moment timestamptz := clock_timestamp();
    new_hash text;
BEGIN
    IF person IS NULL THEN
        RAISE EXCEPTION 'nobody is acting, so nothing may be read' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- A made-up id belongs to no conference: it goes to the person's own chain.
    SELECT id INTO conference FROM conferences_conference WHERE id = about;
    IF conference IS NOT NULL THEN
        SELECT a.id, a.role INTO assignment, as_what FROM conferences_assignment a
        WHERE a.conference_id = conference AND a.user_id = person AND (a.until IS NULL OR a.until > now())
        ORDER BY a.since LIMIT 1;
        IF assignment IS NULL AND manages(conference) THEN as_what := 'manager'; END IF;
    END IF;
    link := coalesce(conference, person);
    INSERT INTO conferences_accesschain (chain, number, hash) VALUES (link, 0, '') ON CONFLICT DO NOTHING;
    SELECT * INTO last FROM conferences_accesschain WHERE chain = link FOR UPDATE;
    new_hash := access_hash(last.hash, link, last.number + 1, moment, person, conference, assignment,
        coalesce(as_what, ''), what, thing_type, thing_id, sections, request_id, address);
    INSERT INTO conferences_accessevent (id, chain, number, at, user_id, conference_id, assignment_id, role, action,
        object_type, object_id, sections, request_id, address, previous_hash, hash)
    VALUES (gen_random_uuid(), link, last.number + 1, moment, person, conference, assignment, coalesce(as_what, ''),
        what, thing_type, thing_id, sections, request_id, address, last.hash, new_hash);
    UPDATE conferences_accesschain SET number = last.number + 1, hash = new_hash WHERE chain = link;
    RETURN new_hash;
END $$;

-- Each chain that does not hold: where, and what is wrong.
CREATE FUNCTION broken_access_chains() RETURNS TABLE (chain uuid, number int, problem text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    WITH links AS (
        SELECT e.*, lag(e.hash, 1, '') OVER w AS hash_before, lag(e.number, 1, 0) OVER w AS number_before
        FROM conferences_accessevent e WINDOW w AS (PARTITION BY e.chain ORDER BY e.number)
    ), ends AS (
        SELECT e.chain, max(e.number) AS number,
               (array_agg(e.hash ORDER BY e.number DESC))[1] AS hash FROM conferences_accessevent e GROUP BY e.chain
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
    WHERE (ends.number, ends.hash) IS DISTINCT FROM (c.number, c.hash)
    UNION ALL
    SELECT ends.chain, ends.number, 'its end is not written down'
    FROM ends LEFT JOIN conferences_accesschain c ON c.chain = ends.chain WHERE c.chain IS NULL
$$;

-- Emergency reading: the only way in without an assignment, and it makes one that ends by itself.
CREATE FUNCTION break_glass(local_child_id text, why text, reason_cipher text, review_by date) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
DECLARE
    person uuid := acting_person();
    found conferences_conferencechild;
    let_in uuid := gen_random_uuid();
BEGIN
    IF person IS NULL THEN
        RAISE EXCEPTION 'nobody is acting' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT cc.* INTO found FROM conferences_conferencechild cc
    JOIN conferences_child ch ON ch.id = cc.child_id JOIN conferences_conference c ON c.id = cc.conference_id
    WHERE ch.la_child_id = local_child_id AND c.state <> 'cancelled'
    ORDER BY c.scheduled_at DESC LIMIT 1;
    IF found.id IS NULL THEN RETURN NULL; END IF;
    INSERT INTO conferences_assignment (id, conference_id, user_id, role, all_children, sections, since, until, given_by_id)
    VALUES (let_in, found.conference_id, person, 'break_glass', false, NULL, now(), now() + interval '60 minutes', person);
    INSERT INTO conferences_assignmentchild (id, conference_id, assignment_id, child_id)
    VALUES (gen_random_uuid(), found.conference_id, let_in, found.id);
    INSERT INTO conferences_breakglass (id, conference_id, child_id, assignment_id, user_id, ground, reason, at, until,
        review_due_on, verdict)
    VALUES (gen_random_uuid(), found.conference_id, found.id, let_in, person, why, reason_cipher, now(),
        now() + interval '60 minutes', review_by, '');
    RETURN found.conference_id;
END $$;


-- What is signed stays as it was signed.

CREATE FUNCTION refuse_once_signed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
DECLARE
    its_state text;
BEGIN
    FOR its_state IN
        SELECT state FROM conferences_conference
        WHERE id IN (CASE WHEN TG_OP <> 'DELETE' THEN NEW.conference_id END,
                     CASE WHEN TG_OP <> 'INSERT' THEN OLD.conference_id END) FOR SHARE
    LOOP
        IF its_state IN ('signed', 'distributed', 'cancelled') THEN
            RAISE EXCEPTION 'this record is closed' USING ERRCODE = 'restrict_violation',
                CONSTRAINT = 'frozen_once_signed', TABLE = TG_TABLE_NAME;
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION keep_signed_conference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT (OLD.state IN ('signed', 'distributed', 'cancelled')) THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'this stays' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'frozen_once_signed';
    END IF;
    IF OLD.state IN ('signed', 'distributed') AND
       (to_jsonb(NEW) - 'state' - 'version') IS DISTINCT FROM (to_jsonb(OLD) - 'state' - 'version')
       OR OLD.state = 'distributed' AND NEW.state <> 'distributed'
       OR OLD.state = 'signed' AND NEW.state NOT IN ('signed', 'distributed')
       OR OLD.state = 'cancelled' THEN
        RAISE EXCEPTION 'this record is closed' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'frozen_once_signed', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

-- Words that were read back are nobody's to change: a correction is added.
CREATE FUNCTION keep_sealed_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT (OLD.sealed_at IS NOT NULL) THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'this stays' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'sealed_words_stay';
    END IF;
    IF OLD.sealed_at IS NOT NULL AND (to_jsonb(NEW) - 'position' - 'parent_may_read' - 'in_break')
       IS DISTINCT FROM (to_jsonb(OLD) - 'position' - 'parent_may_read' - 'in_break') THEN
        RAISE EXCEPTION 'these words were read back' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'sealed_words_stay', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

-- A copy that was given out stays as it was given out; it can be taken back.
CREATE FUNCTION keep_issued_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT (OLD.issued_at IS NOT NULL) THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'this stays' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'issued_copies_stay';
    END IF;
    IF OLD.issued_at IS NOT NULL AND (to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_reason')
       IS DISTINCT FROM (to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_reason') THEN
        RAISE EXCEPTION 'this copy was given out' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'issued_copies_stay', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION keep_issued_content() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM conferences_copy WHERE id = OLD.copy_id AND issued_at IS NOT NULL) THEN
        RAISE EXCEPTION 'this copy was given out' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'issued_copies_stay', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
