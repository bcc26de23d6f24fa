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

CREATE FUNCTION children_i_chair() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp ROWS 40 AS $$
    SELECT child_id FROM conferences_conferencechild WHERE conference_id IN (SELECT records_i_chair())
$$;

CREATE FUNCTION children_whose_record_i_read() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp ROWS 40 AS $$
    SELECT child_id FROM conferences_conferencechild
    WHERE conference_id IN (SELECT records_i_read()) AND id IN (SELECT children_i_read())
$$;

-- The brothers and sisters somebody was not let in for, as people of the conference.
CREATE FUNCTION people_kept_from_me() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp ROWS 5 AS $$
    SELECT p.id FROM conferences_person p JOIN my_live_assignments() a ON a.conference_id = p.conference_id
    WHERE NOT a.all_children AND p.child_id NOT IN (SELECT children_i_read())
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
      AND conference_id IN (SELECT my_conferences())
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

-- What the roles a person has in the portal let them do.
CREATE FUNCTION acting_person_may(permission text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM accounts_rolegrant g JOIN accounts_role r ON r.id = g.role_id JOIN accounts_user u ON u.id = g.user_id
        WHERE g.user_id = acting_person() AND g.ended_at IS NULL AND u.is_active AND permission = ANY (r.permissions))
$$;

CREATE FUNCTION my_teams() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp ROWS 2 AS $$
    SELECT team_id FROM conferences_teammember WHERE user_id = acting_person() AND until IS NULL
$$;

CREATE FUNCTION is_in_its_team(person uuid, conference uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM conferences_conference c JOIN conferences_teammember m ON m.team_id = c.team_id
        WHERE c.id = conference AND m.user_id = person AND m.until IS NULL)
$$;

-- The moment between writing a conference down and giving it its first chair.
CREATE FUNCTION starts(conference uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM conferences_conference WHERE id = conference AND created_by_id = acting_person())
       AND NOT EXISTS (SELECT 1 FROM conferences_assignment WHERE conference_id = conference AND role = 'chair')
$$;

-- Whether an assignment of somebody else is one that is given child by child. Emergency reading stays as it was given.
CREATE FUNCTION takes_children(assignment uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM conferences_assignment
        WHERE id = assignment AND role IN ('contributor', 'advocate') AND user_id <> acting_person())
$$;

CREATE FUNCTION is_new_child(child uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT 1 FROM conferences_conferencechild WHERE child_id = child)
$$;

-- Whether two people agreed that a record goes, and it went. Only dispose_of() can say so (keeping.sql), and it lets
-- through what would otherwise stay for good.
CREATE FUNCTION was_disposed(conference uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM conferences_disposalproposal p JOIN conferences_keepingrule r ON r.id = p.rule_id
        WHERE p.conference_id = conference AND p.disposed_at IS NOT NULL AND r.kind = 'record')
$$;
