"""The wires between the apps, by name: what one calls in another without importing it. Nothing here depends on the
environment; this is the only place where such a wire exists.
"""

from celery.schedules import crontab

from sferum_admin.settings_operation import WORKER_QUEUES

# --- Jobs by the clock ------------------------------------------------------------------------------------------------
CELERY_BEAT_SCHEDULE = {
    "deliver what waits in the outbox": {"task": "outbox.tasks.deliver_due", "schedule": 60.0},
    "deliver the urgent that waits in the outbox": {"task": "outbox.tasks.deliver_due_urgent", "schedule": 30.0},
    # Signs of life: whoever asks /readyz learns from them that schedule and workers are at work.
    **{
        f"leave a sign of life: {queue}": {
            "task": "common.tasks.beat",
            "schedule": 60.0,
            "kwargs": {"queue": queue},
            "options": {"queue": queue, "expires": 120},
        }
        for queue in WORKER_QUEUES
    },
    "record expired invitations": {"task": "invitations.tasks.expire_invitations", "schedule": 300.0},
    "remind of invitations that expire soon": {
        "task": "invitations.tasks.remind_before_expiry",
        "schedule": crontab(minute=10),
    },
    "remind of join requests, and close those that nobody answered": {
        "task": "invitations.tasks.tend_requests",
        "schedule": crontab(minute=45),
    },
    "delete accounts whose time has come": {
        "task": "accounts.tasks.delete_due_accounts",
        "schedule": crontab(minute="*/10"),
    },
    "remove archives whose time is over": {
        "task": "accounts.tasks.remove_expired_exports",
        "schedule": crontab(minute=5, hour=2),
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
    "forget requests for help of long ago": {
        "task": "support.tasks.forget",
        "schedule": crontab(hour=1, minute=50),
    },
    "tend requests for help": {"task": "support.tasks.tend", "schedule": crontab(minute=30)},
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
    "take up long work that was lost": {"task": "works.tasks.take_up_lost", "schedule": 120.0},
    "forget files of the roster": {"task": "roster.tasks.forget_files", "schedule": crontab(hour=2, minute=20)},
    "remove expired sessions": {"task": "accounts.tasks.clear_sessions", "schedule": crontab(hour=2, minute=40)},
    "remove orders of applications that were not sent": {
        "task": "registration.tasks.remove_unused_orders",
        "schedule": crontab(minute=55),
    },
    "delete organizations whose time has come": {
        "task": "registration.tasks.delete_due_organizations",
        "schedule": crontab(hour=0, minute=30),
    },
    "remove uploads that were not used": {"task": "files.tasks.remove_unclaimed", "schedule": crontab(minute=50)},
    # What is kept for a time only: docs/retention.md is made of these and of the personal_data.py of the apps.
    "forget codes, addresses and old letters": {
        "task": "outbox.tasks.forget_old",
        "schedule": crontab(hour=3, minute=15),
    },
    "remove devices that nothing reaches": {
        "task": "accounts.tasks.remove_failing_devices",
        "schedule": crontab(hour=2, minute=45),
    },
    "forget what works have changed": {"task": "works.tasks.forget_ledgers", "schedule": crontab(hour=2, minute=25)},
    "forget words of reports, mutes and reading marks": {
        "task": "chats.tasks.forget_old",
        "schedule": crontab(hour=1, minute=30),
    },
    "forget what was typed on the way in": {
        "task": "invitations.tasks.forget_old",
        "schedule": crontab(hour=2, minute=5),
    },
    "remove applications that came to nothing": {
        "task": "registration.tasks.remove_old_applications",
        "schedule": crontab(hour=0, minute=50),
    },
    "forget who came years ago": {"task": "stats.tasks.forget_people", "schedule": crontab(hour=4, minute=10)},
    "forget what operators did years ago": {
        "task": "sferum_admin.tasks.forget_operators_log",
        "schedule": crontab(hour=4, minute=25),
    },
    "clear the cache table": {"task": "sferum_admin.tasks.clear_cache", "schedule": crontab(minute=40)},
    "look for files that nobody knows of": {
        "task": "files.tasks.check_store",
        "schedule": crontab(day_of_week="sunday", hour=4, minute=40),
    },
}

# --- Asked by monitoring ----------------------------------------------------------------------------------------------
# Functions that tell /readyz whether something waits longer than it should.
READINESS_CHECKS = ["outbox.selectors.is_late"]
# Functions whose figures join those of the process on /metrics.
METRICS_SOURCES = ["outbox.selectors.figures", "stats.selectors.health.figures"]

# --- Home page -------------------------------------------------------------------------------------------------------
# What upper floors add to «Требует внимания» of an organization's home page: functions of the actor.
HOME_BLOCKS = [
    "orgs.home_accounts.attention",
    "registration.home.attention",
    "invitations.home.attention",
    "support.home.attention",
    "readings.home.attention",
    "meetings.home.attention",
    "channels_app.home.attention",
    "chats.home.attention",
    "movement.home.attention",
    "movement.offers.attention",
]

# --- Long work -------------------------------------------------------------------------------------------------------
# Name of a kind → its `works.kinds.WorkKind`.
WORK_KINDS = {
    "roster_check": "roster.kinds.CHECK",
    "roster_import": "roster.kinds.IMPORT",
    "movement": "movement.kinds.moving.MOVEMENT",
    "merge": "movement.kinds.merging.MERGE",
    "next_year": "movement.kinds.next_year.NEXT_YEAR",
}
# Tables that listeners of `orgs.units_created` write into, each with a `unit`; in the order in which they are made.
MADE_WITH_UNITS = ("chats.chat", "chats.chataudience", "channels_app.channel", "channels_app.channelaudience")
# Tables (or whole apps) whose rows follow what they hang on by themselves: undoing a work takes them along.
UNDO_FOLLOWS = {"stats", "works", "roster.loadrow", "chats.memberstate", "channels_app.readerstate"}

# --- Daily letter -----------------------------------------------------------------------------------------------------
# What upper floors add to the letter about what was missed, in this order: an `orgs.digest.Part` of each.
DIGEST_PARTS = ["chats.digest.part", "channels_app.digest.part"]

# --- Choosing an organization ----------------------------------------------------------------------------------------
# What upper floors offer besides the user's organizations: functions of the user's id, each an `orgs.choosing.Offer`.
OFFERS = ["invitations.offers.to_follow", "stats.offers.to_curate"]

# --- Asked by name ----------------------------------------------------------------------------------------------------
# Tells the pages of people to whom the reader may write: a function of the actor and the people's ids.
CONTACTS = "chats.selectors.contacts.writable_of"
# Returns the organization whose page for people without a link is open, for those who cannot sign in: of its address.
OPEN_ORGANIZATION = "invitations.selectors.requests.open_organization"
# Tells when an organization's quiet hours end: a function of the organization and the moment.
QUIET_HOURS = "chats.selectors.rules.quiet_until"
# Tells how users are called and where they learn, when children of one e-mail choose who signs in: of users' ids.
PLACES = "orgs.selectors.places.places_of"
ORGANIZATIONS_OF_USER = "orgs.selectors.places.organizations_of"
# Tells what an account is in each organization: a function of the user's id.
ACCOUNT_HOLDINGS = "orgs.selectors.accounts.places_held"
# Counts what people wrote, for the page on which an account is deleted: functions of people's ids.
WRITTEN_BY = ["chats.selectors.accounts.messages_of", "channels_app.selectors.accounts.comments_of"]
# Rights on what upper floors hold, for the page «Права»: functions of the organization's id.
RIGHTS_ELSEWHERE = ["channels_app.selectors.editors.held_rights"]

# --- Words of letters, SMS and pushes ---------------------------------------------------------------------------------
OUTBOX_RENDERERS = {
    "sign_in_code": "accounts.letters.sign_in_code",
    "parent_code": "accounts.letters.parent_code",
    "security_notice": "accounts.letters.security_notice",
    "push_trial": "accounts.letters.push_trial",
    "invitation": "invitations.letters.invitation",
    "invitation_reminder": "invitations.letters.invitation_reminder",
    "invitations_expired": "invitations.letters.invitations_expired",
    "request_accepted": "invitations.letters.request_accepted",
    "request_rejected": "invitations.letters.request_rejected",
    "request_stale": "invitations.letters.request_stale",
    "requests_waiting": "invitations.letters.requests_waiting",
    "account_hacked": "orgs.letters.account_hacked",
    "contact_code": "accounts.letters.contact_code",
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
    "help_came": "support.letters.help_came",
    "help_due": "support.letters.help_due",
    "help_told": "support.letters.help_told",
    "help_outside": "support.letters.help_outside",
    "help_for_operator": "support.letters.help_for_operator",
    "help_due_operator": "support.letters.help_due_operator",
    "notice_sent": "movement.letters.notice_sent",
    "notice_decided": "movement.letters.notice_decided",
    "stats_reminder": "stats.letters.stats_reminder",
    "stats_join": "stats.letters.stats_join",
    "stats_weekly": "stats.letters.stats_weekly",
    "application_received": "registration.letters.application_received",
    "application_came": "registration.letters.application_came",
    "application_returned": "registration.letters.application_returned",
    "application_approved": "registration.letters.application_approved",
    "application_rejected": "registration.letters.application_rejected",
    "deletion_planned": "registration.letters.deletion_planned",
    "deletion_cancelled": "registration.letters.deletion_cancelled",
}

# --- What one app tells another without knowing it ------------------------------------------------------------------
# Called in the same transaction, in this order (see common/events.py). The only place where such a wire exists.
DOMAIN_LISTENERS = {
    "accounts.account_closing": ["orgs.services.accounts.release_people"],
    "accounts.account_hacked": ["orgs.services.accounts.tell_hacked", "invitations.services.accounts.annul_handed_out"],
    "orgs.account_leaves": [
        "invitations.services.accounts.pass_on",
        "chats.services.members.pass_on_chats",
        "channels_app.services.channels.end_rights_of_account",
    ],
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
    "movement.people_merging": ["chats.services.following.follow_merging"],
    "movement.year_begins": ["invitations.services.following.hold_links"],
    "movement.units_continued": [
        "invitations.services.following.follow_units",
        "chats.services.following.follow_units",
        "channels_app.services.following.follow_units",
    ],
    "movement.year_passed": ["chats.live.year_passed"],
}
