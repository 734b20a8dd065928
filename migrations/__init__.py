"""How a database comes to be as the code expects it: one change each, in `portal/` (roles, people) and `tenants/`."""
