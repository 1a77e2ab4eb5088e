"""Publications: whatever is proposed, told, objected to and brought in force; their subjects, papers and objections."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import OFFICES, READERS, STAFF, Role
from xiangyue.base.scope import Policy, Scope, below
from xiangyue.people.models import Organisation, Person
from xiangyue.places.models import Place

ACTOR = settings.AUTH_USER_MODEL
SEE = READERS | {Role.DEPARTMENT, Role.BEARER}


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Look-ups by reader and by what is published."""

    def read_by(self, scope: Scope) -> PublicationQuerySet:
        """What concerns a place of the actor's: a ground publishes for all below it, so it is read from below too."""
        condition = Q(pk__in=())
        for grant in scope.grants:
            if grant.role in SEE:
                codes = grant.path.split("/")[:-1]
                above = ["/".join(codes[:depth]) + "/" for depth in range(1, len(codes) + 1)]
                condition |= Q(ground__path__in=above) | Q(ground__path__startswith=grant.path)
        return self.filter(condition)

    def shown_to(self, scope: Scope, public: frozenset[str]) -> PublicationQuerySet:
        """Of those, the kinds that all read, everything for offices, and else what concerns the actor by name."""
        if scope.holds(READERS):
            return self
        return self.filter(Q(kind__in=public) | Q(pk__in=PublicationSubject.objects.own(scope).values("publication")))

    def of(self, kind: str, ground_id: int, key: str) -> PublicationQuerySet:
        """Every version of one thing that is published."""
        return self.filter(kind=kind, ground_id=ground_id, key=key)


class Publication(models.Model):
    """One version of what a ground publishes, from its notice to in force; never edited, only superseded."""

    policy = Policy(path="ground__path", see=SEE, write=OFFICES)

    class State(models.TextChoices):
        """Where the version stands."""

        PROPOSED = "proposed", _("公示中")
        IN_FORCE = "in_force", _("已生效")
        SUPERSEDED = "superseded", _("已被新版替代")
        WITHDRAWN = "withdrawn", _("已撤回")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("种类"), max_length=24)
    ground = models.ForeignKey(Place, models.PROTECT, related_name="publications", verbose_name=_("辖区"))
    key = models.CharField(_("编号"), max_length=80)
    """What is published, the same in all its versions: a code, or scheme and period."""
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    title = models.CharField(_("标题"), max_length=120)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField(_("公示时间"))
    proposed_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    notice_days = models.PositiveSmallIntegerField(_("公示天数"))
    notice_ends_on = models.DateField(_("公示截止"))
    in_force_at = models.DateTimeField(null=True)
    in_force_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    """When it was withdrawn or superseded."""
    ended_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="supersedes")
    reason = models.CharField(_("说明"), max_length=200, blank=True, default="")
    """Why this version was made, or why it was withdrawn."""
    digest = models.CharField(max_length=64, blank=True, default="")
    summary: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """What its kind needs to show it as it was proposed; never names or phones of villagers."""

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("公示事项")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "ground", "key", "version"],
                condition=~Q(state="withdrawn"),
                name="publication_version_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "ground", "key"], condition=Q(state="proposed"), name="publication_proposed_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "ground", "key"], condition=Q(state="in_force"), name="publication_in_force_once"
            ),
        ]
        indexes = [models.Index(fields=["ground", "state"], name="publication_state")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"

    @property
    def is_proposed(self) -> bool:
        """Whether its notice has begun and it is not yet in force."""
        return self.state == self.State.PROPOSED


class PublicationSubjectQuerySet(models.QuerySet["PublicationSubject"]):
    """Look-ups by whom it concerns."""

    def own(self, scope: Scope) -> PublicationSubjectQuerySet:
        """Those that name the actor, or the organisation that the actor works in as its department."""
        if not scope.person_id:
            return self.none()
        mine = Q(person=scope.person_id)
        if scope.holds(frozenset({Role.DEPARTMENT})):
            mine |= Q(organisation__in=Organisation.objects.filter(people=scope.person_id).values("pk"))
        return self.filter(mine)

    def at(self, paths: tuple[str, ...]) -> PublicationSubjectQuerySet:
        """Those that stand at or below one of these places: persons and organisations where they have their seat."""
        return self.filter(
            below("place__path", paths)
            | below("person__place__path", paths)
            | below("organisation__place__path", paths)
        )


class PublicationSubject(models.Model):
    """Whom a publication concerns by name and who is told of it: a place (a household too), a person, an organisation."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="subjects")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", verbose_name=_("对象"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("人员"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("单位"), db_index=False
    )
    told_on = models.DateField(_("告知日期"), null=True)
    told_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")

    objects = PublicationSubjectQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("公示对象")
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=False, person=None, organisation=None)
                | Q(place=None, person__isnull=False, organisation=None)
                | Q(place=None, person=None, organisation__isnull=False),
                name="publication_subject_is_one",
            ),
            models.UniqueConstraint(
                fields=["publication", "place"], condition=Q(place__isnull=False), name="publication_place_once"
            ),
            models.UniqueConstraint(
                fields=["publication", "person"], condition=Q(person__isnull=False), name="publication_person_once"
            ),
            models.UniqueConstraint(
                fields=["publication", "organisation"],
                condition=Q(organisation__isnull=False),
                name="publication_organisation_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation"], condition=Q(organisation__isnull=False), name="publication_organisation"
            )
        ]
        ordering = ["id"]


class PublicationPaper(models.Model):
    """A document that belongs to a publication, by its title and number: minutes, an approval, a basis."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="papers")
    title = models.CharField(_("文件名称"), max_length=120)
    number = models.CharField(_("文号"), max_length=60, blank=True, default="")
    on = models.DateField(_("日期"))
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("相关文件")
        ordering = ["on", "id"]


OBJECTION_DAYS = 1_095
"""How long an objection's words, its answer's and who made it are kept after the answer."""


class Objection(models.Model):
    """An objection to what is proposed, answered one by one."""

    policy = Policy(path="subject__path", see=STAFF | {Role.AUDITOR}, write=STAFF)

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="objections", verbose_name=_("公示事项"))
    part = models.CharField(max_length=40, default="", blank=True)
    """Which part of it: a composite, a line of an award list; empty for the whole."""
    subject = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("对象"))
    """Whom it concerns; for a person or an organisation, the place where it works."""
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("人员"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("单位"), db_index=False
    )
    text = models.CharField(_("异议"), max_length=500)
    by_name = models.CharField(_("提出人"), max_length=40)
    received_on = models.DateField(_("收到日期"))
    recorded_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    upheld = models.BooleanField(_("是否成立"), null=True)
    answer = models.CharField(_("答复"), max_length=500, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(_("处理"), max_length=200, blank=True, default="")
    """What an upheld objection reopened, in words."""
    erase_on = models.DateField(null=True)
    """None until it is answered: its words and who made it go three years later, what was decided stands."""

    class Meta:
        verbose_name = verbose_name_plural = _("异议")
        ordering = ["-id"]

    @property
    def whom(self) -> Place | Person | Organisation:
        """Whom it concerns."""
        return self.person or self.organisation or self.subject

    @property
    def named(self) -> str:
        """Whom it concerns as it is said: a household by its village and door."""
        whom = self.whom
        if isinstance(whom, Place) and whom.village and whom.village_id != whom.pk:
            return f"{whom.village.name} {whom.name}"
        return whom.name
