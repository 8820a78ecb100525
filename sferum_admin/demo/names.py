"""Invented names of invented people: Russian, Tatar, Buryat and some without a patronymic."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

# Fathers whose names do not follow the rule of `patronymic`: stem of the son's and the daughter's patronymic.
_IRREGULAR = {
    "Пётр": ("Петрович", "Петровна"),
    "Павел": ("Павлович", "Павловна"),
    "Лев": ("Львович", "Львовна"),
    "Илья": ("Ильич", "Ильинична"),
    "Никита": ("Никитич", "Никитична"),
    "Михаил": ("Михайлович", "Михайловна"),
    "Дмитрий": ("Дмитриевич", "Дмитриевна"),
}


@dataclass(frozen=True)
class Name:
    """A person's name as the roster writes it."""

    last: str
    first: str
    patronymic: str = ""


@dataclass(frozen=True)
class Pool:
    """Names that go together."""

    surnames: tuple[str, ...]
    men: tuple[str, ...]
    women: tuple[str, ...]
    boys: tuple[str, ...]
    girls: tuple[str, ...]
    has_patronymics: bool = True


def words(text: str) -> tuple[str, ...]:
    """Return the words of `text`: long lists of names are easier to read without quotes."""
    return tuple(text.split())


_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщыэюя"
_LATIN = dict(
    zip(_LETTERS, words("a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch y e yu ya"), strict=True)
) | {"ъ": "", "ь": ""}


RUSSIAN = Pool(
    surnames=words(
        """Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев
        Лебедев Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв
        Борисов Яковлев Григорьев Романов Воробьёв Сергеев Кузьмин Фролов Александров Дмитриев Королёв Гусев Киселёв
        Ильин Максимов Поляков Сорокин Виноградов Ковалёв Белов Медведев Антонов Тарасов Жуков Баранов Филиппов Комаров
        Давыдов Беляев Герасимов Богданов Осипов Сидоров Матвеев Титов Марков Миронов Крылов Куликов Карпов Власов
        Мельников Денисов Гаврилов Тихонов Казаков Афанасьев Данилов Савельев Тимофеев Фомин Чернов Абрамов Мартынов
        Ефимов Федотов Щербаков Назаров Калинин Исаев Чернышёв Быков Маслов Родионов Коновалов Лазарев Воронин Климов
        Филатов Пономарёв Голубев Кудрявцев Прохоров Наумов Потапов Журавлёв Овчинников Трофимов Леонов Соболев Ермаков
        Колесников Гончаров Емельянов Никифоров Грачёв Котов Гришин Ефремов Архипов Громов Кириллов Малышев Панов
        Моисеев Румянцев Акимов Кондратьев Бирюков Горбунов Анисимов Ерёмин Тихомиров Галкин Лукьянов Михеев Скворцов
        Юдин Белоусов Нестеров Симонов Прокофьев Харитонов Князев Цветков Левин Митрофанов Воронов Аксёнов Софронов
        Мальцев Логинов Горшков Савин Краснов Майоров Демидов Елисеев Рыбаков Сафонов Плотников Хохлов Молчанов
        Вишневский Покровский Заречный Луговой Шевченко Бондаренко Мороз Ёлкин Ёжиков Звёздный
        Соколов-Рождественский Вишневский-Преображенский Сухово-Ковалёв Мамин-Заречный Задунайский-Тихомиров"""
    ),
    men=words(
        """Александр Сергей Дмитрий Андрей Алексей Максим Евгений Владимир Иван Михаил Николай Игорь Роман Павел Антон
        Денис Олег Виктор Константин Юрий Илья Артём Вячеслав Станислав Пётр Василий Анатолий Валерий Григорий Семён"""
    ),
    women=words(
        """Елена Ольга Наталья Анна Татьяна Екатерина Светлана Мария Юлия Ирина Анастасия Оксана Марина Людмила
        Надежда Галина Вера Алёна Ксения Евгения Любовь Виктория Дарья Полина Инна Яна Алина Лариса Кристина Жанна"""
    ),
    boys=words(
        """Артём Александр Михаил Максим Иван Дмитрий Кирилл Никита Матвей Егор Илья Тимофей Роман Марк Лев Ярослав
        Степан Фёдор Семён Арсений Глеб Даниил Богдан Захар Пётр Мирон Савелий Демьян Константин Елисей Гордей Платон"""
    ),
    girls=words(
        """София Анастасия Дарья Мария Анна Виктория Полина Елизавета Екатерина Ксения Варвара Алиса Вероника Ева
        Василиса Алёна Арина Милана Таисия Ульяна Кира Диана Маргарита Вера Злата Алина Есения Майя Стефания Агата"""
    ),
)
TATAR = Pool(
    surnames=words(
        """Галиуллин Хабибуллин Сафин Гарипов Шакиров Зайнуллин Ахметов Валиев Гилязов Мингазов Нуриев Фаттахов
        Хайруллин Шарафутдинов Сабиров Закиров Ибрагимов Латыпов Миннуллин Юсупов"""
    ),
    men=words("Рустам Айдар Ильдар Марат Ринат Шамиль Тимур Раиль Азат Фарид Наиль Дамир"),
    women=words("Гузель Алсу Лейсан Эльмира Резеда Гульнара Айгуль Ляйля Венера Динара Рамиля Альфия"),
    boys=words("Амир Тимур Карим Самат Ильнур Дамир Айрат Эмиль Рамиль Булат Тагир Аскар"),
    girls=words("Алия Камиля Амина Ясмина Сабина Азалия Диляра Эвелина Самира Малика Аделя Зарина"),
)
BURYAT = Pool(
    surnames=words(
        """Цыренов Доржиев Бадмаев Дашиев Очиров Гомбоев Цыдыпов Батуев Жамбалов Раднаев Санжиев Ринчинов Дамбаев
        Аюшеев Нимаев Базаров Цыбиков Балданов Шагдаров Будаев"""
    ),
    men=words("Баир Доржи Бато Зорикто Жаргал Солбон Тумэн Булат Аюр Чингис Эрдэм Амгалан"),
    women=words("Сэсэг Туяна Аюна Баярма Соёлма Дарима Эржена Наран Билигма Сарюна Цыпелма Оюна"),
    boys=words("Алдар Батор Зорик Тамир Доржи Бато Саян Эрдэни Амгалан Чингис"),
    girls=words("Аюна Сарана Дари Арюна Алтана Эржена Янжима Номина Сэсэг Туяна"),
)
# Families whose tradition knows no patronymic.
OTHERS = Pool(
    surnames=words("Нгуен Ким Ли Тран Пак Чжан"),
    men=words("Минь Тхань Сону Вэй Хоанг"),
    women=words("Линь Хоа Мина Суён Лан"),
    boys=words("Минь Ан Мину Давид Хао"),
    girls=words("Линь Анна Май Юна Мэй"),
    has_patronymics=False,
)


def feminine(surname: str) -> str:
    """Return the woman's form of a man's surname, each half of a double one by itself."""
    return "-".join(_feminine_half(half) for half in surname.split("-"))


def _feminine_half(surname: str) -> str:
    if surname.endswith(("ский", "цкий")):
        return surname.removesuffix("ий") + "ая"
    if surname.endswith(("ый", "ой")):
        return surname[:-2] + "ая"
    if surname.endswith(("ов", "ев", "ёв", "ин")):
        return surname + "а"
    return surname


def patronymic(father: str, *, female: bool) -> str:
    """Return the patronymic of the son or the daughter of `father`."""
    if father in _IRREGULAR:
        return _IRREGULAR[father][female]
    if father.endswith("ий"):
        stem = father.removesuffix("ий") + "ье"
    elif father.endswith(("й", "ь")):
        stem = father[:-1] + "е"
    elif father.endswith(("о", "и")):
        stem = father + "е"
    else:
        stem = father + "о"
    return stem + ("вна" if female else "вич")


@dataclass(frozen=True)
class Family:
    """What the names of one family have in common."""

    pool: Pool
    surname: str
    father: str
    # A mother who kept her own surname.
    mother_surname: str

    def child(self, draw: Random) -> Name:
        """Return the name of a boy or a girl."""
        girl = draw.random() < 0.5
        first = draw.choice(self.pool.girls if girl else self.pool.boys)
        last = feminine(self.surname) if girl else self.surname
        return Name(last, first, self._from_father(self.father, girl))

    def mother(self, draw: Random) -> Name:
        """Return the mother's name."""
        elder = draw.choice(self.pool.men)
        return Name(self.mother_surname, draw.choice(self.pool.women), self._from_father(elder, True))

    def father_name(self, draw: Random) -> Name:
        """Return the father's name."""
        return Name(self.surname, self.father, self._from_father(draw.choice(self.pool.men), False))

    def _from_father(self, father: str, female: bool) -> str:
        return patronymic(father, female=female) if self.pool.has_patronymics else ""


def draw_family(draw: Random, pools: tuple[tuple[Pool, int], ...]) -> Family:
    """Return a new family from weighted `pools`."""
    pool = draw.choices([pool for pool, _weight in pools], [weight for _pool, weight in pools])[0]
    surname = draw.choice(pool.surnames)
    own = feminine(draw.choice(pool.surnames))
    mother_surname = own if draw.random() < 0.15 else feminine(surname)
    return Family(pool, surname, draw.choice(pool.men), mother_surname)


def draw_adult(draw: Random, pools: tuple[tuple[Pool, int], ...], *, women: float = 0.85) -> Name:
    """Return the name of a grown-up, a woman with the probability `women`."""
    family = draw_family(draw, pools)
    if draw.random() < women:
        return family.mother(draw)
    return family.father_name(draw)


def latin(text: str) -> str:
    """Return `text` in Latin letters, for an e-mail address."""
    return "".join(_LATIN.get(char, char) for char in text.casefold())
