"""A file in JSON, by hand: pages full of messages need it fast. `files.api.shapes.HeldFile` describes it."""

from typing import Any

from files.models import StoredFile


def file_shape(file: StoredFile, url: str) -> dict[str, Any]:
    """The file with the addresses under which those who may read what it hangs on read it; `url` is its own."""
    return {
        "id": file.pk,
        "name": file.original_name,
        "kind": file.kind,
        "content_type": file.content_type,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "url": url,
        "preview_url": f"{url}?preview=1" if file.preview else None,
    }
