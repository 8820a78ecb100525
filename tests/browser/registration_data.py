"""What the story of registration needs: numbers nobody of this run has."""


def next_inn() -> str:
    """An INN whose check digits are true."""
    from tests.browser import data

    start = f"77{data.next_phone()[-7:]}"
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return start + str(sum(int(digit) * weight for digit, weight in zip(start, weights, strict=True)) % 11 % 10)


def letters_to(address: str) -> list[str]:
    """Which letters went to `address`, by their templates."""
    from outbox.models import Message

    return list(Message.objects.filter(recipient=address).order_by("id").values_list("template", flat=True))
