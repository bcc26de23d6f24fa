-- What is signed stays as it was signed.

CREATE FUNCTION refuse_once_signed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
DECLARE
    its_state text;
BEGIN
    IF TG_OP = 'DELETE' AND was_disposed(OLD.conference_id) THEN RETURN OLD; END IF;
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

CREATE FUNCTION keep_conference() RETURNS trigger
LANGUAGE plpgsql SET search_path = conferences, public, pg_temp AS $$
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
    -- The team's managers read it, so it stays with its team.
    IF (NEW.team_id, NEW.previous_id, NEW.created_by_id, NEW.created_at)
       IS DISTINCT FROM (OLD.team_id, OLD.previous_id, OLD.created_by_id, OLD.created_at) THEN
        RAISE EXCEPTION 'a conference stays where it began' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'a_conference_stays_in_its_team', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.chair_id <> OLD.chair_id AND NOT (OLD.id IN (SELECT records_i_chair()) OR manages(OLD.id)) THEN
        RAISE EXCEPTION 'the chair or the manager names the chair' USING ERRCODE = 'insufficient_privilege',
            CONSTRAINT = 'the_chair_is_handed_over', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.state IN ('signed', 'distributed') AND OLD.state NOT IN ('signed', 'distributed')
       AND OLD.id NOT IN (SELECT records_i_chair()) THEN
        RAISE EXCEPTION 'the chair signs, or somebody for them' USING ERRCODE = 'insufficient_privilege',
            CONSTRAINT = 'only_who_chairs_signs', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.independence_overridden_by_id IS DISTINCT FROM OLD.independence_overridden_by_id AND NOT manages(OLD.id) THEN
        RAISE EXCEPTION 'the manager decides that' USING ERRCODE = 'insufficient_privilege',
            CONSTRAINT = 'the_manager_decides_on_independence', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

-- Words that were read back are nobody's to change: a correction is added.
CREATE FUNCTION keep_sealed_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT (OLD.sealed_at IS NOT NULL) OR was_disposed(OLD.conference_id) THEN RETURN OLD; END IF;
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
        IF NOT (OLD.issued_at IS NOT NULL) OR was_disposed(OLD.conference_id) THEN RETURN OLD; END IF;
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
    IF TG_OP = 'DELETE' AND was_disposed(OLD.conference_id) THEN RETURN OLD; END IF;
    IF EXISTS (SELECT 1 FROM conferences_copy WHERE id = OLD.copy_id AND issued_at IS NOT NULL) THEN
        RAISE EXCEPTION 'this copy was given out' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'issued_copies_stay', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- Who is let in is written down once: it can only end, and what ended stays ended.
CREATE FUNCTION only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'until') IS DISTINCT FROM (to_jsonb(OLD) - 'until')
       OR OLD.until <= now() OR NEW.until IS NULL OR NEW.until > OLD.until THEN
        RAISE EXCEPTION 'it can only be ended' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'it_can_only_end', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

-- An emergency reading is looked at once; what it was stays.
CREATE FUNCTION keep_emergency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND was_disposed(OLD.conference_id) THEN RETURN OLD; END IF;
    IF TG_OP = 'DELETE' OR OLD.reviewed_at IS NOT NULL
       OR (to_jsonb(NEW) - 'reviewed_by_id' - 'reviewed_at' - 'was_right' - 'verdict')
       IS DISTINCT FROM (to_jsonb(OLD) - 'reviewed_by_id' - 'reviewed_at' - 'was_right' - 'verdict') THEN
        RAISE EXCEPTION 'an emergency reading stays as it was' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'emergency_readings_stay', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

-- A contributor says what they did; whom they were asked about and by when is not theirs to change, nor is the day
-- on which it first came.
CREATE FUNCTION keep_report() RETURNS trigger
LANGUAGE plpgsql SET search_path = conferences, public, pg_temp AS $$
DECLARE
    theirs text[] := ARRAY['changed_at', 'discussed_on', 'not_discussed', 'spoke_directly', 'version'];
BEGIN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;  -- no policy lets anybody but the disposal of the record do this
    IF OLD.received_at IS NULL THEN theirs := theirs || 'received_at'::text; END IF;
    IF (to_jsonb(NEW) - theirs) IS DISTINCT FROM (to_jsonb(OLD) - theirs)
       AND NOT (OLD.conference_id IN (SELECT records_i_write()) OR manages(OLD.conference_id)) THEN
        RAISE EXCEPTION 'this is not the contributor''s to change' USING ERRCODE = 'insufficient_privilege',
            CONSTRAINT = 'contributors_change_their_report_alone', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

-- Nobody signs, agrees, decides or seconds in another person's name. The columns are the trigger's arguments.
CREATE FUNCTION in_ones_own_name() RETURNS trigger
LANGUAGE plpgsql SET search_path = conferences, public, pg_temp AS $$
DECLARE
    new_row jsonb := to_jsonb(NEW);
    old_row jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    who text;
BEGIN
    FOREACH who IN ARRAY TG_ARGV LOOP
        IF new_row ->> who IS NOT NULL AND new_row ->> who IS DISTINCT FROM old_row ->> who
           AND new_row ->> who IS DISTINCT FROM acting_person()::text THEN
            RAISE EXCEPTION 'nobody acts in another name' USING ERRCODE = 'insufficient_privilege',
                CONSTRAINT = 'in_ones_own_name', TABLE = TG_TABLE_NAME, COLUMN = who;
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

-- A hold is placed once and lifted once.
CREATE FUNCTION keep_hold() RETURNS trigger
LANGUAGE plpgsql SET search_path = conferences, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND was_disposed(OLD.conference_id) THEN RETURN OLD; END IF;
    IF TG_OP = 'DELETE' OR OLD.lifted_at IS NOT NULL
       OR (to_jsonb(NEW) - 'lifted_by_id' - 'lifted_at') IS DISTINCT FROM (to_jsonb(OLD) - 'lifted_by_id' - 'lifted_at')
    THEN
        RAISE EXCEPTION 'a legal hold can only be lifted' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'holds_stay', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

-- A proposal is agreed to by one person, then by another, or declined; what came of it stays. That it was carried out
-- is for dispose_of() to say, which speaks as the owner of the tables. Where one role owns them and uses them too
-- (DATABASE_OWNER_URL is not set), this line is not held by the database.
CREATE FUNCTION keep_proposal() RETURNS trigger
LANGUAGE plpgsql SET search_path = conferences, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.declined_at IS NOT NULL OR OLD.disposed_at IS NOT NULL
       OR (NEW.id, NEW.conference_id, NEW.rule_id, NEW.proposed_on, NEW.kept_until)
       IS DISTINCT FROM (OLD.id, OLD.conference_id, OLD.rule_id, OLD.proposed_on, OLD.kept_until)
       OR OLD.first_by_id IS NOT NULL AND (NEW.first_by_id, NEW.first_at) IS DISTINCT FROM (OLD.first_by_id, OLD.first_at)
       OR OLD.second_by_id IS NOT NULL
       AND (NEW.second_by_id, NEW.second_at) IS DISTINCT FROM (OLD.second_by_id, OLD.second_at)
       OR NEW.disposed_at IS NOT NULL
       AND current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
    THEN
        RAISE EXCEPTION 'a proposal stays as it was agreed' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'proposals_stay', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
