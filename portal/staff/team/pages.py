"""The doors of this room."""

from portal.staff.team import ending, invitations, leaving, member, team

PAGES = [
    team.show_team,
    invitations.ask_whom,
    invitations.send,
    invitations.send_again,
    invitations.take_back,
    member.show_member,
    member.change,
    ending.ask_to_end,
    ending.end,
    ending.restore,
    leaving.ask_to_leave,
    leaving.leave,
]
