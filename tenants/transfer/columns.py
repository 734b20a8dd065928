"""Which column of a file is which of our fields: guessed from its headings, and from what stands in it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

FIELDS = (
    "first_name",
    "last_name",
    "full_name",
    "email",
    "phone",
    "home_phone",
    "birthday",
    "language",
    "tags",
    "number",
    "note",
)
NAMES = ("first_name", "last_name", "full_name")

# Headings of common programs in English, French and Spanish, folded: no case, no accents, no signs.
_HEADINGS = {
    "first_name": "first name,firstname,given name,forename,first,prenom,prenoms,nombre,nombre de pila,primer nombre",
    "last_name": "last name,lastname,surname,family name,last,nom,nom de famille,apellido,apellidos,primer apellido",
    "full_name": "full name,fullname,name,client,client name,patient,display name,nom complet,nom et prenom,"
    "prenom et nom,nom du client,nombre completo,nombre y apellidos,cliente,paciente",
    "email": "email,e mail,email address,e mail address,mail,email 1,e mail 1 value,courriel,adresse courriel,"
    "adresse email,adresse e mail,adresse electronique,correo,correo electronico,direccion de correo",
    "phone": "phone,mobile,mobile phone,cell,cell phone,cellphone,phone number,telephone,phone 1,phone 1 value,"
    "telephone mobile,tel mobile,portable,telephone portable,cellulaire,mobile number,movil,celular,telefono,"
    "telefono movil,tel",
    "home_phone": "home phone,home,landline,other phone,phone 2,phone 2 value,telephone maison,tel domicile,"
    "telephone domicile,domicile,telephone fixe,fixe,maison,telefono fijo,fijo,telefono de casa,telefono casa",
    "birthday": "birthday,birth date,birthdate,date of birth,dob,born,date de naissance,naissance,ne le,anniversaire,"
    "fecha de nacimiento,nacimiento,cumpleanos",
    "language": "language,preferred language,langue,langue preferee,idioma,lengua",
    "tags": "tags,tag,labels,categories,groups,group membership,etiquettes,mots cles,groupes,etiquetas,grupos",
    "note": "note,notes,comment,comments,remarks,commentaire,commentaires,remarque,remarques,nota,notas,comentario,"
    "comentarios,observaciones",
    "number": "id,client id,patient id,number,client number,customer id,external id,reference,ref,uid,numero,"
    "numero de client,no client,no de dossier,identifiant,numero de cliente,identificador",
}
_FIELD_OF = {heading: name for name, headings in _HEADINGS.items() for heading in headings.split(",")}
_DAY = re.compile(r"\s*(\d{1,2})\D(\d{1,2})\D\d{2,4}")


def folded(said: str) -> str:
    """Without case and accents, signs as single spaces."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", said) if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[\W_]+", " ", bare.casefold()).split())


def guess_columns(headings: Sequence[str]) -> dict[str, int]:
    """The first column of each heading that is known; "nombre" alone beside no "apellido" is a whole name."""
    found: dict[str, int] = {}
    for number, heading in enumerate(headings):
        name = _FIELD_OF.get(folded(heading))
        if name and name not in found:
            found[name] = number
    if "first_name" not in found and "full_name" not in found and "last_name" in found:
        found["full_name"] = found.pop("last_name")
    elif "first_name" in found and "last_name" not in found and folded(headings[found["first_name"]]) == "nombre":
        found["full_name"] = found.pop("first_name")
    if "full_name" in found and "first_name" in found and "last_name" in found:
        del found["full_name"]
    return found


def guess_day_first(values: Iterable[str], country: str) -> bool:
    """Whether 3/4 is the third of April: what the values can only mean, or else what the country writes."""
    day_first = month_first = 0
    for value in values:
        if said := _DAY.match(value):
            day_first += int(said[1]) > 12  # noqa: PLR2004 - months
            month_first += int(said[2]) > 12  # noqa: PLR2004
    return day_first > month_first if day_first != month_first else country != "US"


def wrong_columns(chosen: dict[str, int], count: int) -> dict[str, str]:
    """By field: "missing" for what no record can do without, "twice" for a column of two, "unknown" for none."""
    wrong: dict[str, str] = {}
    taken: set[int] = set()
    for name, number in chosen.items():
        if not 0 <= number < count:
            wrong[name] = "unknown"
        elif number in taken:
            wrong[name] = "twice"
        taken.add(number)
    if not any(name in chosen for name in NAMES):
        wrong["first_name"] = "missing"
    return wrong
