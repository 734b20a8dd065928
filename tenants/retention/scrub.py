"""What erasing a record does to each table: one statement each, and none forgotten.

$1 is the tenant, $2 the ids of the record and of those that were merged into it. A test reads off the database which
tables hang from a record or an appointment: each stands in SCRUBS, or in LEFT_ALONE with its reason.
"""

SCRUBS = {
    "client_document": """
        DELETE FROM client_document WHERE tenant_id = $1 AND client_record_id = ANY ($2)
    """,
    "client_note": """
        DELETE FROM client_note WHERE tenant_id = $1 AND client_record_id = ANY ($2)
    """,
    "consent": """
        DELETE FROM consent WHERE tenant_id = $1 AND client_record_id = ANY ($2)
    """,
    "client_number": """
        DELETE FROM client_number WHERE tenant_id = $1 AND client_record_id = ANY ($2)
    """,
    "client_distinct": """
        DELETE FROM client_distinct WHERE tenant_id = $1 AND (one_id = ANY ($2) OR other_id = ANY ($2))
    """,
    "client_reply": """
        DELETE FROM client_reply WHERE tenant_id = $1 AND (client_record_id = ANY ($2) OR appointment_id = ANY (ARRAY(
            SELECT id FROM appointment WHERE tenant_id = $1 AND client_record_id = ANY ($2))))
    """,
    "client_change": """
        UPDATE client_change SET before = '', after = '' WHERE tenant_id = $1 AND client_record_id = ANY ($2)
    """,
    "retention_choice": """
        DELETE FROM retention_choice WHERE tenant_id = $1 AND client_record_id = ANY ($2)
    """,
    "waiting_wish": """
        UPDATE waiting_wish
        SET note = '', ended_at = coalesce(ended_at, now()), ended_why = coalesce(ended_why, 'removed')
        WHERE tenant_id = $1 AND client_record_id = ANY ($2)
    """,
    # What staff were told, and when, is theirs; whom it was about is gone. A failure may quote the address.
    "message": """
        UPDATE message SET said = '', link = NULL, failure = '', provider_id = '',
                           sent_to = CASE WHEN audience = 'client' THEN '' ELSE sent_to END
        WHERE tenant_id = $1 AND (appointment_id = ANY (ARRAY(
            SELECT id FROM appointment WHERE tenant_id = $1 AND client_record_id = ANY ($2)))
            OR offer_id = ANY (ARRAY(
            SELECT id FROM waiting_offer WHERE tenant_id = $1 AND client_record_id = ANY ($2))))
    """,
    "booking_override": """
        UPDATE booking_override SET reason = ''
        WHERE tenant_id = $1 AND appointment_id = ANY (ARRAY(
            SELECT id FROM appointment WHERE tenant_id = $1 AND client_record_id = ANY ($2)))
    """,
    # What was typed beside a time that was kept; it becomes the appointment, and is forgotten after a day anyway.
    "hold": """
        UPDATE hold SET email = '', first_name = '', last_name = '', phone = '', note = '', code_ref = NULL,
                        browser = NULL
        WHERE tenant_id = $1 AND key = ANY (ARRAY(
            SELECT booking_key FROM appointment WHERE tenant_id = $1 AND client_record_id = ANY ($2)))
    """,
    "appointment": """
        UPDATE appointment SET note = '', cancel_reason = '', booked_from = ''
        WHERE tenant_id = $1 AND client_record_id = ANY ($2)
    """,
    "client_record": """
        UPDATE client_record SET
            email = NULL, first_name = '', last_name = '', phone = '', home_phone = '', held = '{}',
            own_first_name = NULL, own_last_name = NULL, own_phone = NULL, own_home_phone = NULL, own_said_at = NULL,
            sms_off_at = NULL, sms_off_by = NULL, reminders_off_at = NULL, birthday = NULL, language = '', tags = '{}',
            guardian_id = NULL, erase_at = NULL
        WHERE tenant_id = $1 AND id = ANY ($2)
    """,
}

LEFT_ALONE = {
    "document_content": "goes with its document, by the key between them",
    "client_note_version": "goes with its note, by the key between them",
    "waiting_offer": "says which time was offered and what became of it, and no word of the client's",
    "resource_use": "which room an appointment had",
    "client_merge": "emptied by a trigger once the record is erased (migration 18:40)",
}
