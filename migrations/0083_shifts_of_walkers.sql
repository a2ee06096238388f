-- Whoever sends people out has to know who is out already. Inspectors plan for each other without seeing each other's
-- patrols: they are told when a colleague is on the way, and nothing of where and to whom.

CREATE FUNCTION shifts_of_walkers(day date)
    RETURNS TABLE (worker_id uuid, shift_from timestamptz, shift_to timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT p.worker_id, p.shift_from, p.shift_to
          FROM patrols p JOIN accounts a ON a.id = p.worker_id
         WHERE p.on_date = day AND p.status <> 'draft'
           AND (acts_as('system') OR p.worker_id = current_account() OR leads_walker(p.worker_role, p.place_code)
               OR (acts_as('inspector', 'command') AND p.worker_role = 'inspector' AND in_map_scope(a.scope_code)));
    END;
