"""Who works for the practice: invited, given something to do, let go. `tenants/team/` decides what may be done."""
