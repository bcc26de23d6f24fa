-- Two ways in that no policy can say, because each changes who is let in.

-- Emergency reading: the only way in without an assignment, and it makes one that ends by itself. NULL when there is
-- nothing to open.
CREATE FUNCTION break_glass(local_child_id text, why text, reason_cipher text, review_by date) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
DECLARE
    person uuid := acting_person();
    found conferences_conferencechild;
    let_in uuid := gen_random_uuid();
    ends timestamptz := now() + interval '60 minutes';
BEGIN
    IF NOT (acting_person_may('chair_conferences') OR acting_person_may('manage_chairs')) OR NOT EXISTS (
        SELECT 1 FROM conferences_teammember
        WHERE user_id = person AND until IS NULL AND role IN ('chair', 'manager'))
    THEN
        RAISE EXCEPTION 'emergency reading is for chairs and managers' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Whoever has one to be looked at opens nothing, whether or not there is something to open.
    IF EXISTS (SELECT 1 FROM conferences_breakglass WHERE user_id = person AND reviewed_at IS NULL) THEN
        RAISE EXCEPTION 'an earlier emergency reading was not looked at' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'one_unreviewed_emergency_reading';
    END IF;
    -- The latest that has something in it; one that is only scheduled when there is no other.
    SELECT cc.* INTO found FROM conferences_conferencechild cc
    JOIN conferences_child ch ON ch.id = cc.child_id JOIN conferences_conference c ON c.id = cc.conference_id
    WHERE ch.la_child_id = local_child_id AND c.state <> 'cancelled'
    ORDER BY c.state = 'scheduled', c.scheduled_at DESC LIMIT 1;
    IF found.id IS NULL THEN RETURN NULL; END IF;
    INSERT INTO conferences_assignment (id, conference_id, user_id, role, all_children, sections, since, until, given_by_id)
    VALUES (let_in, found.conference_id, person, 'break_glass', false, NULL, now(), ends, person);
    INSERT INTO conferences_assignmentchild (id, conference_id, assignment_id, child_id)
    VALUES (gen_random_uuid(), found.conference_id, let_in, found.id);
    INSERT INTO conferences_breakglass (id, conference_id, child_id, assignment_id, user_id, ground, reason, at, until,
        review_due_on, verdict)
    VALUES (gen_random_uuid(), found.conference_id, found.id, let_in, person, why, reason_cipher, now(), ends,
        least(review_by, current_date + 14), '');
    RETURN found.conference_id;
END $$;

-- Handing over the chair: the chair, their cover or the manager makes another chair of the team the chair. The old
-- assignment ends and the new one starts together, because there is one chair at a time and nobody gives away what
-- they no longer have.
CREATE FUNCTION hand_over_chair(conference uuid, successor uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
DECLARE
    new_id uuid := gen_random_uuid();
BEGIN
    IF NOT (conference IN (SELECT records_i_chair()) OR manages(conference)) OR successor = acting_person()
       OR NOT EXISTS (
           SELECT 1 FROM conferences_conference c JOIN conferences_teammember m ON m.team_id = c.team_id
           WHERE c.id = conference AND m.user_id = successor AND m.role = 'chair' AND m.until IS NULL)
    THEN
        RAISE EXCEPTION 'the chair or the manager hands over to another chair of the team'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE conferences_conference SET chair_id = successor
    WHERE id = conference AND state IN ('scheduled', 'draft', 'check', 'adjourned');
    UPDATE conferences_assignment SET until = greatest(since, now())
    WHERE conference_id = conference AND role = 'chair' AND (until IS NULL OR until > now());
    INSERT INTO conferences_assignment (id, conference_id, user_id, role, all_children, sections, since, until, given_by_id)
    VALUES (new_id, conference, successor, 'chair', true, NULL, now(), NULL, acting_person());
    RETURN new_id;
END $$;
