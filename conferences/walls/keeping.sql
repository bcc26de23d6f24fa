-- Disposal of what was kept long enough: proposed by dates, agreed by two people, and then carried out here and
-- nowhere else.

-- Everything that was kept as long as the rule in force says, and whether somebody holds it all the same. For the job
-- that proposes it, all of it; for a manager, that of their teams.
CREATE FUNCTION past_keeping(today date)
RETURNS TABLE (conference uuid, team uuid, rule uuid, kind text, kept_until date, held boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    WITH rules AS (
        SELECT DISTINCT ON (r.kind) r.* FROM conferences_keepingrule r WHERE r.in_force_from <= today
        ORDER BY r.kind, r.in_force_from DESC
    ), ended AS (
        SELECT c.id, c.team_id, coalesce(c.held_on, (c.scheduled_at AT TIME ZONE 'Europe/London')::date) AS met_on,
               max(p.ended_on) AS plan_ended_on, bool_or(p.id IS NOT NULL AND p.ended_on IS NULL) AS plan_goes_on
        FROM conferences_conference c
        LEFT JOIN conferences_conferencechild cc ON cc.conference_id = c.id
        LEFT JOIN conferences_plan p ON p.child_id = cc.child_id
        WHERE c.state IN ('signed', 'distributed', 'cancelled', 'adjourned') AND EXISTS (SELECT 1 FROM rules)
          AND (acting_job() = 'keeping' OR manages(c.id))
        GROUP BY c.id
    ), until AS (
        SELECT e.id, e.team_id, r.id AS rule_id, r.kind, (make_interval(years => r.years) +
            CASE r.trigger WHEN 'held' THEN e.met_on ELSE greatest(e.met_on, e.plan_ended_on) END)::date AS last_day
        FROM ended e CROSS JOIN rules r
        WHERE r.trigger = 'held' OR NOT e.plan_goes_on
    )
    SELECT u.id, u.team_id, u.rule_id, u.kind, u.last_day,
           EXISTS (SELECT 1 FROM conferences_legalhold h WHERE h.conference_id = u.id AND h.lifted_at IS NULL)
    FROM until u
    WHERE u.last_day < today AND NOT was_disposed(u.id)
      AND (u.kind <> 'feedback' OR EXISTS (SELECT 1 FROM conferences_feedback f WHERE f.conference_id = u.id))
    ORDER BY u.last_day, u.id
$$;

-- Carries out a proposal two people agreed to, and says so in it. What stays of a record: the conference's own row of
-- ids, dates and codes, which nobody sees any more; who was let in; the access log; and the proposal. A child no other
-- record is about goes with the last one, plans and all.
CREATE FUNCTION dispose_of(agreed uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
DECLARE
    it conferences_disposalproposal;
    due record;
    emptied text;
BEGIN
    SELECT * INTO it FROM conferences_disposalproposal WHERE id = agreed FOR UPDATE;
    IF it.id IS NULL OR NOT manages(it.conference_id) THEN
        RAISE EXCEPTION 'the team''s managers agree to this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF it.first_by_id IS NULL OR it.second_by_id IS NULL OR it.first_by_id = it.second_by_id
       OR it.declined_at IS NOT NULL OR it.disposed_at IS NOT NULL THEN
        RAISE EXCEPTION 'two people have to agree' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'two_people_agree';
    END IF;
    -- A hold that is being placed points to this row, so it is waited for and then seen.
    PERFORM 1 FROM conferences_conference WHERE id = it.conference_id FOR UPDATE;
    SELECT p.* INTO due FROM past_keeping((now() AT TIME ZONE 'Europe/London')::date) p
    WHERE p.conference = it.conference_id AND p.kind = (SELECT r.kind FROM conferences_keepingrule r WHERE r.id = it.rule_id);
    IF due.held THEN
        RAISE EXCEPTION 'a legal hold keeps this' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'held_records_stay';
    END IF;
    IF due.conference IS NULL THEN
        RAISE EXCEPTION 'this has to be kept longer' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'kept_as_long_as_the_rule_says';
    END IF;
    UPDATE conferences_disposalproposal SET disposed_at = now() WHERE id = it.id;
    IF due.kind = 'feedback' THEN
        DELETE FROM conferences_feedback WHERE conference_id = it.conference_id;
        DELETE FROM conferences_feedbacklink WHERE conference_id = it.conference_id;
        RETURN;
    END IF;
    UPDATE conferences_assignment SET until = greatest(since, now())
    WHERE conference_id = it.conference_id AND (until IS NULL OR until > now());
    DELETE FROM conferences_plan p USING conferences_conferencechild here
    WHERE here.conference_id = it.conference_id AND here.child_id = p.child_id AND NOT EXISTS (
        SELECT 1 FROM conferences_conferencechild other
        WHERE other.child_id = p.child_id AND other.conference_id <> it.conference_id);
    FOR emptied IN SELECT * FROM tables_of_a_record() LOOP
        EXECUTE format('DELETE FROM %I WHERE conference_id = $1', emptied) USING it.conference_id;
    END LOOP;
END $$;

-- Every table with something of one conference in it, but for who was let in, the log, and that it was disposed of. A
-- table added later is among them.
CREATE FUNCTION tables_of_a_record() RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = conferences, public, pg_temp AS $$
    SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'conferences'::regnamespace AND c.relkind = 'r' AND a.attname = 'conference_id'
      AND c.relname NOT IN ('conferences_assignment', 'conferences_accessevent', 'conferences_disposalproposal')
    ORDER BY c.relname
$$;

-- Words and copies of words that are otherwise only ever added to.
CREATE FUNCTION refuse_unless_disposed() RETURNS trigger
LANGUAGE plpgsql SET search_path = conferences, public, pg_temp AS $$
BEGIN
    IF was_disposed(OLD.conference_id) THEN RETURN OLD; END IF;
    RAISE EXCEPTION '% is append only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- What dispose_of() may see and remove, as the owner of the tables.
DO $$
DECLARE
    it text;
BEGIN
    FOR it IN SELECT * FROM tables_of_a_record() LOOP
        EXECUTE format('CREATE POLICY disposal_sees ON %I FOR SELECT TO CURRENT_USER USING (was_disposed(conference_id))', it);
        EXECUTE format('CREATE POLICY disposal ON %I FOR DELETE TO CURRENT_USER USING (was_disposed(conference_id))', it);
    END LOOP;
    FOREACH it IN ARRAY ARRAY['amendment', 'blockversion', 'signedrecord'] LOOP
        EXECUTE format('DROP TRIGGER append_only ON conferences_%I', it);
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON conferences_%I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', it);
        EXECUTE format('CREATE TRIGGER stays BEFORE DELETE ON conferences_%I'
            ' FOR EACH ROW EXECUTE FUNCTION refuse_unless_disposed()', it);
    END LOOP;
END $$;
CREATE POLICY disposal ON conferences_plan FOR DELETE TO CURRENT_USER USING (true);
-- Feedback may go before the rest.
CREATE POLICY disposal_of_feedback ON conferences_feedback FOR DELETE TO CURRENT_USER USING (true);
CREATE POLICY disposal_of_feedback ON conferences_feedbacklink FOR DELETE TO CURRENT_USER USING (true);
