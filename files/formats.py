"""The kinds of files we take in. What is not in this list is refused (CHAT-5)."""

from dataclasses import dataclass

from files.models import FileKind


@dataclass(frozen=True)
class Format:
    """One kind of file: its type for browsers, and the endings of names that are true for it, the best one first."""

    kind: FileKind
    content_type: str
    endings: tuple[str, ...]

    @property
    def ending(self) -> str:
        return self.endings[0]


def _document(content_type: str, *endings: str) -> Format:
    return Format(FileKind.DOCUMENT, content_type, endings)


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

PDF = _document("application/pdf", "pdf")
DOCX = _document(f"{_OOXML}.wordprocessingml.document", "docx")
XLSX = _document(f"{_OOXML}.spreadsheetml.sheet", "xlsx")
PPTX = _document(f"{_OOXML}.presentationml.presentation", "pptx")
ODT = _document(f"{_ODF}.text", "odt")
ODS = _document(f"{_ODF}.spreadsheet", "ods")
ODP = _document(f"{_ODF}.presentation", "odp")
DOC = _document("application/msword", "doc")
XLS = _document("application/vnd.ms-excel", "xls")
PPT = _document("application/vnd.ms-powerpoint", "ppt", "pps")
RTF = _document("application/rtf", "rtf")
TXT = _document("text/plain", "txt")
CSV = _document("text/csv", "csv")
ZIP = _document("application/zip", "zip")
# No browser but Safari shows it, and we cannot draw it anew: it is kept to be downloaded.
HEIC = _document("image/heic", "heic", "heif")

PNG = Format(FileKind.PICTURE, "image/png", ("png",))
JPEG = Format(FileKind.PICTURE, "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"))
WEBP = Format(FileKind.PICTURE, "image/webp", ("webp",))
GIF = Format(FileKind.PICTURE, "image/gif", ("gif",))

MP4 = Format(FileKind.VIDEO, "video/mp4", ("mp4", "m4v"))
WEBM = Format(FileKind.VIDEO, "video/webm", ("webm",))
MOV = Format(FileKind.VIDEO, "video/quicktime", ("mov", "qt"))

MP3 = Format(FileKind.AUDIO, "audio/mpeg", ("mp3",))
OGG = Format(FileKind.AUDIO, "audio/ogg", ("ogg", "oga", "opus"))
M4A = Format(FileKind.AUDIO, "audio/mp4", ("m4a", "m4b"))
WAV = Format(FileKind.AUDIO, "audio/wav", ("wav",))
# What a browser records from a microphone.
WEBM_SOUND = Format(FileKind.AUDIO, "audio/webm", ("webm", "weba"))

ALL = (
    *(PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, DOC, XLS, PPT, RTF, TXT, CSV, ZIP, HEIC),
    *(PNG, JPEG, WEBP, GIF, MP4, WEBM, MOV, MP3, OGG, M4A, WAV, WEBM_SOUND),
)
CONTENT_TYPES = tuple(found.content_type for found in ALL)
