"""The wires between the apps, by name: what one calls in another without importing it. Nothing here depends on the
environment; this is the only place where such a wire exists.
"""

from celery.schedules import crontab

# --- Jobs by the clock ------------------------------------------------------------------------------------------------
CELERY_BEAT_SCHEDULE = {
    "deliver what waits in the outbox": {"task": "outbox.tasks.deliver_due", "schedule": 60.0},
    "record expired invitations": {"task": "invitations.tasks.expire_invitations", "schedule": 300.0},
    "remind of invitations that expire soon": {
        "task": "invitations.tasks.remind_before_expiry",
        "schedule": crontab(minute=10),
    },
    "remove sign-ups that were never confirmed": {
        "task": "accounts.tasks.remove_unconfirmed_users",
        "schedule": crontab(minute=25),
    },
    "forget pushes of the past weeks": {
        "task": "outbox.tasks.forget_old_pushes",
        "schedule": crontab(hour=3, minute=5),
    },
    "publish posts whose time has come": {"task": "channels_app.tasks.publish_due", "schedule": 60.0},
    "remove posts that were removed long ago": {
        "task": "channels_app.tasks.remove_deleted",
        "schedule": crontab(hour=1, minute=40),
    },
    "remind of required reading": {"task": "readings.tasks.remind", "schedule": crontab(minute=15)},
    "remind of events": {"task": "meetings.tasks.remind", "schedule": 300.0},
    "end broadcasts that nobody ended": {"task": "meetings.tasks.end_broadcasts", "schedule": crontab(minute=35)},
    # By each organization's clock: on Monday morning, or later when the machine stood still.
    "send the weekly letter about the statistics": {
        "task": "stats.tasks.send_weekly_letters",
        "schedule": crontab(minute=20),
    },
    "send letters about what was missed": {"task": "orgs.tasks.send_digests", "schedule": crontab(minute=5)},
    "remove messages whose time is over": {
        "task": "chats.tasks.remove_old_messages",
        "schedule": crontab(hour=1, minute=20),
    },
    "count the statistics": {"task": "stats.tasks.roll_up", "schedule": 300.0},
    "check the statistics": {"task": "stats.tasks.reconcile", "schedule": crontab(hour=3, minute=10)},
    "remove expired sessions": {"task": "accounts.tasks.clear_sessions", "schedule": crontab(hour=2, minute=40)},
    "remove uploads that were not used": {"task": "files.tasks.remove_unclaimed", "schedule": crontab(minute=50)},
}

# --- Home page -------------------------------------------------------------------------------------------------------
# What upper floors add to «Требует внимания» of an organization's home page: functions of the actor.
HOME_BLOCKS = [
    "invitations.home.attention",
    "readings.home.attention",
    "meetings.home.attention",
    "channels_app.home.attention",
    "chats.home.attention",
]

# --- Daily letter -----------------------------------------------------------------------------------------------------
# What upper floors add to the letter about what was missed, in this order: an `orgs.digest.Part` of each.
DIGEST_PARTS = ["chats.digest.part", "channels_app.digest.part"]

# --- Choosing an organization ----------------------------------------------------------------------------------------
# What upper floors offer besides the user's organizations: functions of the user's id, each an `orgs.choosing.Offer`.
OFFERS = ["stats.offers.to_curate"]

# --- Asked by name ----------------------------------------------------------------------------------------------------
# Tells the pages of people to whom the reader may write: a function of the actor and the people's ids.
CONTACTS = "chats.selectors.contacts.writable_of"
# Tells when an organization's quiet hours end: a function of the organization and the moment.
QUIET_HOURS = "chats.selectors.rules.quiet_until"
# Rights on what upper floors hold, for the page «Права»: functions of the organization's id.
RIGHTS_ELSEWHERE = ["channels_app.selectors.editors.held_rights"]

# --- Words of letters, SMS and pushes ---------------------------------------------------------------------------------
OUTBOX_RENDERERS = {
    "sign_in_code": "accounts.letters.sign_in_code",
    "security_notice": "accounts.letters.security_notice",
    "push_trial": "accounts.letters.push_trial",
    "invitation": "invitations.letters.invitation",
    "invitation_reminder": "invitations.letters.invitation_reminder",
    "invitations_expired": "invitations.letters.invitations_expired",
    "handover_offered": "orgs.letters.handover_offered",
    "daily_digest": "orgs.letters.daily_digest",
    "chat_message": "chats.letters.chat_message",
    "chat_report": "chats.letters.chat_report",
    "channel_post": "channels_app.letters.channel_post",
    "proposal_sent": "channels_app.letters.proposal_sent",
    "proposal_decided": "channels_app.letters.proposal_decided",
    "reading_asked": "readings.letters.reading_asked",
    "reading_reminder": "readings.letters.reading_reminder",
    "event_planned": "meetings.letters.event_planned",
    "event_changed": "meetings.letters.event_changed",
    "event_cancelled": "meetings.letters.event_cancelled",
    "event_reminder": "meetings.letters.event_reminder",
    "event_place": "meetings.letters.event_place",
    "stats_reminder": "stats.letters.stats_reminder",
    "stats_join": "stats.letters.stats_join",
    "stats_weekly": "stats.letters.stats_weekly",
}

# --- What one app tells another without knowing it ------------------------------------------------------------------
# Called in the same transaction, in this order (see common/events.py). The only place where such a wire exists.
DOMAIN_LISTENERS = {
    "orgs.membership_changed": ["chats.live.memberships_changed"],
    "orgs.role_ended": [
        "invitations.services.annul_beyond_rights",
        "chats.services.members.leave_chats_owned",
        "channels_app.services.channels.end_rights",
        "stats.services.access.end_rights",
    ],
    "orgs.enrolment_ended": ["invitations.services.annul_beyond_rights"],
    "orgs.right_revoked": ["invitations.services.annul_beyond_rights", "chats.live.memberships_changed"],
    "orgs.handover_accepted": ["invitations.services.take_over"],
    "orgs.organization_created": ["channels_app.services.system.make_system_channels"],
    "orgs.units_created": [
        "chats.services.system.make_unit_chats",
        "channels_app.services.system.make_unit_channels",
    ],
    "orgs.unit_archived": ["invitations.services.annul_of_unit", "chats.live.unit_changed"],
    "orgs.unit_restored": ["chats.live.unit_restored"],
}
