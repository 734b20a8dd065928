"""The worker's part in imports and exports: reads files, writes files, says how far it is. No pages."""
