"""The journal of actions (ORG-12)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """Who did what to whom, when, by which order.

    Append-only: a trigger of the database refuses change and removal. Ids and names are values, without foreign
    keys, so nothing that happens to a person or a unit later can touch what is written here.
    """

    organization_id = models.BigIntegerField(verbose_name=_("organization"))
    at = models.DateTimeField(default=timezone.now, verbose_name=_("when"))
    # Empty actor: the platform itself (a scheduled job) or its operator.
    actor_id = models.BigIntegerField(null=True, blank=True, verbose_name=_("who did it (number)"))
    actor_name = models.CharField(max_length=250, blank=True, verbose_name=_("who did it"))
    # A dotted name of orgs.audit.Action («person.role_granted»): its sentence is found there.
    action = models.CharField(max_length=60, verbose_name=_("action"))
    person_id = models.BigIntegerField(null=True, blank=True, verbose_name=_("person (number)"))
    person_name = models.CharField(max_length=250, blank=True, verbose_name=_("person"))
    unit_id = models.BigIntegerField(null=True, blank=True, verbose_name=_("unit (number)"))
    unit_name = models.CharField(max_length=100, blank=True, verbose_name=_("unit"))
    order_number = models.CharField(max_length=40, blank=True, verbose_name=_("number of the order"))
    order_date = models.DateField(null=True, blank=True, verbose_name=_("date of the order"))
    details = models.JSONField(default=dict, verbose_name=_("details"))

    class Meta:
        verbose_name = _("event of the journal")
        verbose_name_plural = _("journal")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization_id", "-id"], name="audit_newest"),
            models.Index(fields=["organization_id", "person_id", "-id"], name="audit_of_person"),
            models.Index(fields=["organization_id", "actor_id", "-id"], name="audit_by_actor"),
            models.Index(fields=["organization_id", "unit_id", "-id"], name="audit_of_unit"),
            models.Index(fields=["organization_id", "action", "-id"], name="audit_of_action"),
            models.Index(
                fields=["organization_id", "order_number", "-id"],
                name="audit_by_order",
                condition=~models.Q(order_number=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
