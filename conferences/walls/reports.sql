-- A contributor sees no clock, and filing the last report meets one. This is all that filing does to it: the same as
-- working out the conference's clocks again would (conferences/queries/clocks.py).

CREATE OR REPLACE FUNCTION report_came(about uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = conferences, public, pg_temp AS $$
    UPDATE conferences_clock SET met_on = (
        SELECT CASE WHEN bool_and(r.received_at IS NOT NULL)
               THEN (max(r.received_at) AT TIME ZONE 'Europe/London')::date END
        FROM conferences_agencyreport r WHERE r.conference_id = about AND r.withdrawn_at IS NULL)
    WHERE conference_id = about AND kind = 'reports' AND about IN (SELECT my_conferences())
$$;
