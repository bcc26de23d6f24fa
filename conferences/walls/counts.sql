-- Numbers for those who may not see what they are numbers of. One cut of the same people, whole quarters that are
-- over, and small numbers left out here, so that no mistake in a page can show one (docs/decisions/0018).

-- One row of counts that add up to a known total, as it may be published: 1 to 4 left out, and then the next smallest
-- while a gap could still be worked out. A gap is known to be 1 or more, because zero is shown.
CREATE FUNCTION published_counts(counts int[]) RETURNS int[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    nothing int[] := array_fill(NULL::int, ARRAY[cardinality(counts)]);
    total int := (SELECT coalesce(sum(n), 0) FROM unnest(counts) n);
    least_shown int := 4;  -- everything up to here is left out, but for zero
    gaps int;
    in_gaps int;
BEGIN
    IF total BETWEEN 1 AND 4 THEN RETURN nothing; END IF;
    LOOP
        SELECT count(*), coalesce(sum(n), 0) INTO gaps, in_gaps FROM unnest(counts) n WHERE n BETWEEN 1 AND least_shown;
        EXIT WHEN gaps = 0 OR (gaps > 1 AND in_gaps > gaps);
        SELECT min(n) INTO least_shown FROM unnest(counts) n WHERE n > least_shown;
        IF least_shown IS NULL THEN RETURN nothing; END IF;
    END LOOP;
    RETURN (SELECT array_agg(CASE WHEN n NOT BETWEEN 1 AND least_shown THEN n END ORDER BY place)
            FROM unnest(counts) WITH ORDINALITY AS each(n, place));
END $$;

-- Whether a day is the first of a quarter that is over, in London.
CREATE FUNCTION is_a_past_quarter(first_day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT first_day = date_trunc('quarter', first_day)::date
       AND (first_day + interval '3 months')::date <= (now() AT TIME ZONE 'Europe/London')::date
$$;

CREATE FUNCTION may_see_counts() RETURNS boolean LANGUAGE sql STABLE SET search_path = conferences, public, pg_temp AS $$
    SELECT acting_person_may('enter_admin') AND acting_person_may('manage_training')
$$;

-- How people answered, by cohort: for a team's manager that team's, for programme staff (no team) everybody's. Nothing
-- for anybody else, and nothing before the quarter is over. The row without a question says how many answered; people
-- is NULL where it is left out. Who skipped a question is counted under 'skipped'.
CREATE FUNCTION feedback_counts(of_team uuid, quarter date)
RETURNS TABLE (cohort text, question text, answer text, people int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    WITH given AS (
        SELECT f.cohort, f.answers FROM conferences_feedback f JOIN conferences_conference c ON c.id = f.conference_id
        WHERE is_a_past_quarter(quarter) AND f.received_on >= quarter AND f.received_on < quarter + interval '3 months'
          AND CASE WHEN of_team IS NULL THEN may_see_counts() ELSE c.team_id = of_team AND EXISTS (
              SELECT 1 FROM conferences_teammember m WHERE m.team_id = of_team AND m.user_id = acting_person()
              AND m.role = 'manager' AND m.until IS NULL) END
    ), groups AS (
        SELECT g.cohort, count(*)::int AS size FROM given g GROUP BY g.cohort
    ), asked AS (
        SELECT DISTINCT g.cohort, q.question FROM given g CROSS JOIN LATERAL jsonb_object_keys(g.answers) q(question)
        JOIN groups s ON s.cohort = g.cohort AND s.size >= 5
    ), possible (answer, place) AS (
        VALUES ('yes', 1), ('partly', 2), ('no', 3), ('not_sure', 4), ('skipped', 5)
    ), counted AS (
        SELECT a.cohort, a.question, p.answer, p.place,
               (SELECT count(*)::int FROM given g WHERE g.cohort = a.cohort
                AND coalesce(g.answers ->> a.question, 'skipped') = p.answer) AS n
        FROM asked a CROSS JOIN possible p
    ), publishable AS (
        SELECT c.cohort, c.question, array_agg(c.answer ORDER BY c.place) AS names,
               published_counts(array_agg(c.n ORDER BY c.place)) AS numbers
        FROM counted c GROUP BY c.cohort, c.question
    )
    SELECT s.cohort, '', '', CASE WHEN s.size >= 5 THEN s.size END FROM groups s
    UNION ALL
    SELECT p.cohort, p.question, each.name, each.number
    FROM publishable p CROSS JOIN LATERAL unnest(p.names, p.numbers) AS each(name, number)
$$;

-- The pilot's measures over every team, for programme staff: conferences held in a quarter that is over, the children
-- they were about, and the reports for them. n is NULL where it is left out.
CREATE FUNCTION conference_counts(quarter date) RETURNS TABLE (measure text, code text, n int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    WITH held AS (
        SELECT c.* FROM conferences_conference c
        WHERE may_see_counts() AND is_a_past_quarter(quarter) AND NOT was_disposed(c.id)
          AND c.held_on >= quarter AND c.held_on < quarter + interval '3 months'
    ), possible (measure, code, place) AS (
        SELECT of.measure, each.code, each.place FROM (VALUES
            ('kind', ARRAY['initial', 'review', 'transfer_in', 'pre_birth']),
            ('quorum', ARRAY['yes', 'no', 'not_said']),
            ('family', ARRAY['yes', 'no']),
            ('conference', ARRAY['in_time', 'late', 'no_limit']),
            ('decision_letter', ARRAY['in_time', 'late', 'not_yet', 'no_limit']),
            ('record', ARRAY['in_time', 'late', 'not_yet', 'no_limit']),
            ('report_in_time', ARRAY['yes', 'no', 'not_said']),
            ('report_discussed', ARRAY['yes', 'no', 'not_said']),
            ('report_spoke', ARRAY['yes', 'no', 'not_said']),
            ('participation', ARRAY['PN0', 'PN1', 'PN2', 'PN3', 'PN4', 'PN5', 'PN6', 'PN7', 'not_said']),
            ('advocate', ARRAY['has', 'declined', 'offered', 'not_offered'])
        ) AS of(measure, codes) CROSS JOIN LATERAL unnest(of.codes) WITH ORDINALITY AS each(code, place)
    ), clocks AS (
        SELECT h.id, k.kind, CASE
            WHEN l.id IS NULL OR l.not_needed THEN 'no_limit'
            WHEN k.kind = 'conference' AND h.held_on <= l.due_on OR l.met_on <= l.due_on THEN 'in_time'
            WHEN k.kind = 'conference' OR l.met_on IS NOT NULL THEN 'late'
            ELSE 'not_yet' END AS code
        FROM held h CROSS JOIN (VALUES ('conference'), ('decision_letter'), ('record')) AS k(kind)
        LEFT JOIN conferences_clock l ON l.conference_id = h.id AND l.child_id IS NULL AND l.kind = k.kind
    ), reports AS (
        SELECT r.* FROM conferences_agencyreport r JOIN held h ON h.id = r.conference_id WHERE r.withdrawn_at IS NULL
    ), children AS (
        SELECT cc.id, p.code, (
            SELECT array_agg(s.outcome::text) FROM conferences_support s JOIN conferences_person who ON who.id = s.person_id
            WHERE who.child_id = cc.id AND s.kind = 'advocate') AS advocate
        FROM conferences_conferencechild cc JOIN held h ON h.id = cc.conference_id
        LEFT JOIN conferences_participation p ON p.child_id = cc.id
    ), found (measure, code) AS (
        SELECT 'kind', h.kind FROM held h
        UNION ALL SELECT 'quorum', CASE WHEN h.quorate THEN 'yes' WHEN NOT h.quorate THEN 'no' ELSE 'not_said' END FROM held h
        UNION ALL SELECT 'family', CASE WHEN EXISTS (
            SELECT 1 FROM conferences_attendance a JOIN conferences_person w ON w.id = a.person_id
            WHERE a.conference_id = h.id AND a.status = 'present' AND w.kind = 'family') THEN 'yes' ELSE 'no' END FROM held h
        UNION ALL SELECT k.kind, k.code FROM clocks k
        UNION ALL SELECT 'report_in_time', CASE
            WHEN r.received_at IS NULL THEN 'not_said'
            WHEN (r.received_at AT TIME ZONE 'Europe/London')::date <= r.due_on THEN 'yes' ELSE 'no' END FROM reports r
        UNION ALL SELECT 'report_discussed', CASE
            WHEN r.discussed_on IS NOT NULL THEN 'yes' WHEN r.not_discussed THEN 'no' ELSE 'not_said' END FROM reports r
        UNION ALL SELECT 'report_spoke', CASE r.spoke_directly
            WHEN 'yes' THEN 'yes' WHEN 'no' THEN 'no' ELSE 'not_said' END FROM reports r
        UNION ALL SELECT 'participation', coalesce(c.code, 'not_said') FROM children c
        UNION ALL SELECT 'advocate', CASE
            WHEN c.advocate IS NULL THEN 'not_offered'
            WHEN c.advocate && ARRAY['arranged', 'briefed'] THEN 'has'
            WHEN 'declined' = ANY (c.advocate) THEN 'declined' ELSE 'offered' END FROM children c
    ), counted AS (
        SELECT p.measure, p.code, p.place, count(f.code)::int AS n
        FROM possible p LEFT JOIN found f ON f.measure = p.measure AND f.code = p.code
        WHERE may_see_counts() AND is_a_past_quarter(quarter)
        GROUP BY p.measure, p.code, p.place
    ), publishable AS (
        SELECT c.measure, array_agg(c.code ORDER BY c.place) AS codes,
               published_counts(array_agg(c.n ORDER BY c.place)) AS numbers
        FROM counted c GROUP BY c.measure
    )
    SELECT p.measure, each.code, each.n
    FROM publishable p CROSS JOIN LATERAL unnest(p.codes, p.numbers) AS each(code, n)
$$;
