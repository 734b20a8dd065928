"""The audit log, read: lines that the database wrote, as sentences. Nothing is decided and nothing is changed here."""
