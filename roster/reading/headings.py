"""Headings as electronic journals write them, and the ones our exports write: Russian data, not words of pages."""

from __future__ import annotations

import re
from collections.abc import Mapping

# What exports write.
HEADINGS: Mapping[str, str] = {
    "platform_id": "Номер на платформе",
    "record_number": "№ личного дела",
    "full_name": "ФИО",
    "last_name": "Фамилия",
    "first_name": "Имя",
    "patronymic": "Отчество",
    "birth_date": "Дата рождения",
    "role": "Роль",
    "parallel": "Параллель",
    "letter": "Литера",
    "leads": "Классное руководство",
    "phone": "Телефон",
    "email": "Электронная почта",
    "position": "Должность",
}
UNIT_HEADINGS: Mapping[str, str] = {"class": "Класс", "group": "Группа", "circle": "Кружок", "staff": "Класс"}
PARENT_HEADINGS: Mapping[str, str] = {
    "name": "Родитель %(number)s",
    "phone": "Телефон родителя %(number)s",
    "email": "Электронная почта родителя %(number)s",
}

# --- What imports understand: keys as `roster.reading.texts.key_of` makes them ---------------------------------------
# About nobody, or about somebody else than the row: addresses, numbers in the list, what the parents work as.
LEFT_OUT = re.compile(
    r"^(№|№пп|№п|пп|нпп|номерпп|порядковыйномер|пол|возраст|смена|школа)$"
    r"|(?<!электронный)(?<!эл)(?<!email)адрес(?!эл|e|поч)|снилс|паспорт|полис|документ|свидетельств|гражданств|прописк"
    r"|месторабот|местожит|работы|степеньродств|примечан|коммент|подпис|приказ|домашн|рабочийтел|телефонраб|телраб"
    r"|телдом|телефондом|логин|парол|имяпольз|падеж|национальн|язык|медиц|группаздоров|физкультур|предмет|нагрузк|стаж"
    r"|категорияпедаг|квалиф|^образован|зачислен|отчислен|выбыти|прибыти|форма(обуч|получ)|учебныйгод"
    r"|организац(ия|ии)$|наименованиеоу|классн\w*руководител|руководительгр|куратор|тьютор"
)
PARENTS = re.compile(
    r"(?P<mother>матер[иь](?!ал)|мать|мам[аы])|(?P<father>отец|отца|пап[аы])|(?P<guardian>опекун|попечител)"
    r"|(?P<parent>родител|представител)"
)
_MAIL = r"mail|емайл|емейл|имейл|почт|элект\w*адрес|^эладрес"
_PHONE = r"телеф|^тел|тел\d?$|мобил|^моб|сотов|^сот|phone"
WHAT_OF_PARENTS: Mapping[str, re.Pattern[str]] = {
    "email": re.compile(_MAIL),
    "phone": re.compile(_PHONE + "|контакт"),
}
EXACT: Mapping[str, str] = {
    "фио": "full_name",
    "полноеимя": "full_name",
    "ученик": "full_name",
    "учащийся": "full_name",
    "обучающийся": "full_name",
    "воспитанник": "full_name",
    "ребенок": "full_name",
    "сотрудник": "full_name",
    "педагог": "full_name",
    "учитель": "full_name",
    "работник": "full_name",
    "студент": "full_name",
    "фамилия": "last_name",
    "имя": "first_name",
    "отчество": "patronymic",
    "др": "birth_date",
    "датар": "birth_date",
    "дрожд": "birth_date",
    "рожден": "birth_date",
    "гр": "",
    "класс": "unit",
    "кл": "unit",
    "группа": "unit",
    "кружок": "unit",
    "секция": "unit",
    "объединение": "unit",
    "подразделение": "unit",
    "параллель": "parallel",
    "литера": "letter",
    "литер": "letter",
    "буква": "letter",
    "роль": "role",
    "статус": "role",
    "категория": "role",
    "тип": "role",
    "должность": "position",
    "телефон": "phone",
    "тел": "phone",
    "моб": "phone",
    "мобильный": "phone",
    "сотовый": "phone",
    "почта": "email",
    "email": "email",
    "лд": "record_number",
    "№лд": "record_number",
    "табельный": "record_number",
    "таб№": "record_number",
    "таб": "record_number",
    "idнаплатформе": "platform_id",
    "кодплатформы": "platform_id",
    "lastname": "last_name",
    "firstname": "first_name",
    "middlename": "patronymic",
    "fullname": "full_name",
    "name": "full_name",
    "class": "unit",
    "group": "unit",
    "birthdate": "birth_date",
    "dateofbirth": "birth_date",
    "role": "role",
    "phone": "phone",
}
# The first that is found in a heading says what it means.
PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), field)
    for pattern, field in (
        (r"платформ", "platform_id"),
        (r"личногодел|личноедело|личндел|табельн|алфавитн|номердела|№дела", "record_number"),
        (r"классн\w*руководств|^(ведет|руководит)класс", "leads"),
        (r"дата?рожд|деньрожд|родил|годрожд|дтрожд", "birth_date"),
        (_MAIL, "email"),
        (_PHONE, "phone"),
        (r"должност", "position"),
        (r"фамилия.*имя|^фио|фио$|фамилияио", "full_name"),
        (r"^фамилия|фамилия$", "last_name"),
        (r"^имя|имя$", "first_name"),
        (r"^отчество|отчество$", "patronymic"),
        (r"параллел", "parallel"),
        (r"литер|букв", "letter"),
        (r"^(роль|статус|категория|типпольз)", "role"),
        (r"класс|групп|объединен|кружо|кружк|секци|студи[яи]|подразделен", "unit"),
    )
)
