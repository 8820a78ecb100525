"""What waits on the administrator's table: requests to be let in, notices of movement, consents, a double on the
roster; and on the operator's: applications of other organizations."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.db.models import Max
from reportlab.pdfgen.canvas import Canvas

from accounts.models import User
from common.paper import REGULAR, load_fonts
from common.text import normalise
from invitations.models import JoinRequest
from movement.models import Consent, Decision, Notice, NoticeKind, NoticePerson, NoticeState
from orgs.models import STAFF_ROLES, Kind, Part, Person, Role, Unit, Verification
from registration.models import Application, ApplicationEvent, OrderFile, State
from sferum_admin.demo.people import Cast

# Classes whose families have brought their papers, and how the others answered: child's place in the class → decision.
CONSENTED = ("1А", "2Б", "5А")
OTHERWISE = {
    3: (Decision.REFUSAL, ""),
    9: (Decision.OTHER_CHANNEL, "звонить бабушке: 8 (800) 000-19-19"),
}
UNANSWERED = 14
APPLICATIONS = (
    ("Лицей № 3", "Муниципальное автономное общеобразовательное учреждение «Лицей № 3»", "9910000030", 2, ""),
    (
        "Детский сад «Ладушки»",
        "Муниципальное дошкольное образовательное учреждение «Детский сад „Ладушки“»",
        "9920000061",
        5,
        "Приказ не читается: пришлите, пожалуйста, скан или фотографию лучшего качества.",
    ),
)


def confirm_staff(cast: Cast) -> None:
    """Whoever has joined as staff was confirmed the day of joining (INV-9); to be called before `cast.save`."""
    for held in cast.roles:
        person = held.person
        if held.role in STAFF_ROLES and held.until is None and person.joined_at is not None:
            person.verification, person.verified_at = Verification.CONFIRMED, person.joined_at


def write(cast: Cast) -> None:
    """Lay the papers of a school on its administrator's table."""
    units = {unit.name: unit for unit in Unit.objects.filter(organization=cast.organization, archived_at=None)}
    _requests(cast, units)
    _notices(cast, units)
    for name in CONSENTED:
        _consents(cast, units[name])
    _double(cast, units["6А"])


def _requests(cast: Cast, units: dict[str, Unit]) -> None:
    pupil = cast.students[units["3Б"]][4]
    waiting = next(person for person in cast.students[units["8А"]] if person.user_id is None)
    rows = (
        ("Лазарева Инна Геннадьевна", Role.TEACHER, None, "", "Новый учитель химии, с 1 сентября", 1),
        ("Панфилов Денис Олегович", Role.PARENT, units["3Б"], f"{pupil.last_name} {pupil.first_name}", "", 2),
        (waiting.full_name, Role.STUDENT, units["8А"], "", "", 3),
        ("Нестерова Алла Борисовна", Role.PARENT, units["4А"], "Нестерова Кира", "Переходим к вам с понедельника", 6),
    )
    for place, (name, role, unit, child, message, ago) in enumerate(rows):
        last, first, *patronymic = name.split()
        JoinRequest.objects.create(
            organization=cast.organization,
            user=_newcomer(cast, place, name),
            last_name=last,
            first_name=first,
            patronymic=" ".join(patronymic),
            search_name=normalise(name),
            role=role,
            unit=unit,
            child_name=child,
            message=message,
            created_at=cast.clock.at(ago, 18 * 60 + 7 * place),
        )


def _newcomer(cast: Cast, place: int, name: str) -> User:
    joined = cast.clock.at(7, 12 * 60)
    return User.objects.create(
        # One of the first hundred, which nobody is given by chance (people.Phones).
        phone=f"+797300000{60 + place}",
        display_name=name,
        phone_verified_at=joined,
        rules_version=settings.RULES_VERSION,
        date_joined=joined,
        password=make_password(None),
    )


def _notices(cast: Cast, units: dict[str, Unit]) -> None:
    head = next(held.person for held in cast.roles if held.role == Role.HEAD)
    moving = cast.students[units["5В"]][2]
    leaving = next(row.person for row in reversed(cast.enrolments) if row.unit == cast.staff_unit and row.until is None)
    administrator = cast.administrator_at(cast.clock.now)
    for kind, person, unit, number, ago, done in (
        (NoticeKind.DISMISS, leaving, None, "31-к", 1, False),
        (NoticeKind.TRANSFER, moving, units["5Б"], "44-у", 2, False),
        (NoticeKind.TRANSFER, cast.students[units["7А"]][1], units["7А"], "39-у", 20, True),
    ):
        notice = Notice.objects.create(
            organization=cast.organization,
            kind=kind,
            unit=unit,
            day=cast.clock.day(ago - 1),
            order_number=number,
            order_date=cast.clock.day(ago),
            reported_by=head,
            reported_at=cast.clock.at(ago, 15 * 60),
            state=NoticeState.DONE if done else NoticeState.SENT,
            decided_by=administrator if done else None,
            decided_at=cast.clock.at(ago - 1, 9 * 60 + 30) if done else None,
        )
        NoticePerson.objects.create(organization=cast.organization, notice=notice, person=person)


def _consents(cast: Cast, unit: Unit) -> None:
    leader = cast.leaders[unit][0]
    signed, recorded = cast.clock.day(40), cast.clock.at(38, 17 * 60)
    rows = []
    for place, child in enumerate(cast.students[unit]):
        if place % UNANSWERED == UNANSWERED - 1 or not cast.parents.get(child):
            continue
        decision, channel = OTHERWISE.get(place, (Decision.CONSENT, ""))
        rows.append(
            Consent(
                organization=cast.organization,
                child=child,
                parent=cast.parents[child][0],
                decision=decision,
                channel=channel,
                signed_on=signed,
                recorded_by=leader,
                recorded_at=recorded,
            )
        )
    Consent.objects.bulk_create(rows)


def _double(cast: Cast, unit: Unit) -> None:
    """The same child came into the roster twice: once with ё and once without."""
    child = next((one for one in cast.students[unit] if "ё" in one.full_name), cast.students[unit][0])
    double = Person.objects.create(
        organization=cast.organization,
        last_name=child.last_name.replace("ё", "е"),
        first_name=child.first_name.replace("ё", "е"),
        patronymic=child.patronymic,
        search_name=child.search_name,
        birth_date=child.birth_date,
        created_at=cast.clock.at(9, 11 * 60),
    )
    double.roles.create(organization=cast.organization, role=Role.STUDENT, since=double.created_at)
    double.enrolments.create(organization=cast.organization, unit=unit, part=Part.STUDENT, since=cast.clock.day(9))
    for parent in cast.parents.get(child, ())[:1]:
        double.parent_links.create(organization=cast.organization, parent=parent, since=double.created_at)


def send_applications(now: datetime) -> None:
    """Two organizations apply: one waits for the operator, one has to send its order again (REG-1, REG-2)."""
    for place, (short_name, name, inn, ago, remark) in enumerate(APPLICATIONS):
        sent = now - timedelta(days=ago)
        application = Application.objects.create(
            state=State.RETURNED if remark else State.SUBMITTED,
            attempt=UUID(int=place + 1),
            kind=Kind.KINDERGARTEN if "сад" in short_name else Kind.SCHOOL,
            name=name,
            short_name=short_name,
            search_name=normalise(f"{short_name} {name}"),
            inn=inn,
            region="Республика Татарстан",
            municipality="Светлоозёрский район",
            address=f"г. Светлоозёрск, ул. Лесная, д. {7 + place}",
            time_zone="Europe/Moscow",
            last_name=("Журавлёва", "Яковлева")[place],
            first_name="Вероника",
            patronymic="Андреевна",
            position="Заместитель директора",
            email=f"office{place}@example.org",
            phone=f"+797300000{80 + place}",
            order=_order(short_name, sent),
            rules_version=settings.RULES_VERSION,
            submitted_at=sent,
        )
        ApplicationEvent.objects.create(application=application, state=State.SUBMITTED, at=sent)
        if remark:
            back = sent + timedelta(hours=20)
            ApplicationEvent.objects.create(application=application, state=State.RETURNED, at=back, text=remark)


def _order(short_name: str, at: datetime) -> OrderFile:
    drawn = BytesIO()
    load_fonts()
    canvas = Canvas(drawn, invariant=True)
    canvas.setFont(REGULAR, 14)
    canvas.drawString(70, 760, short_name)
    canvas.drawString(70, 720, "ПРИКАЗ о назначении администратора платформы")
    canvas.save()
    content = drawn.getvalue()
    number = (OrderFile.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    order = OrderFile(
        original_name="Приказ о назначении администратора.pdf",
        content_type="application/pdf",
        size=len(content),
        sha256=sha256(content).hexdigest(),
        uploaded_at=at,
    )
    order.content.save(f"order-{number}.pdf", ContentFile(content))
    return order
