"""What a column's heading means, in English and Spanish."""

from __future__ import annotations

import re
from functools import lru_cache

from labtracker.kit.text import folded

# What a column may be. The first ones can be chosen by people; the rest are never kept.
FIELDS = (
    "full_name",
    "given_name",
    "middle_name",
    "family_name",
    "second_family_name",
    "suffix",
    "email",
    "phone",
    "employee_number",
    "hired_on",
    "job_title",
    "language",
)
PRIVATE = {
    "ssn": "ssn_removed",
    "birth_date": "birth_date_removed",
    "release": "release_ignored",
    "private": "column_ignored",
}
# Those of which each row is told that it held one.
NEVER_KEPT = ("ssn_removed", "birth_date_removed")
# What is not about the worker, such as a supervisor's e-mail: neither read nor guessed at.
OTHERS = "others"
NAME_FIELDS = ("full_name", "given_name", "family_name")
# No heading is longer, its hint in brackets included.
LONGEST = 200

_EXACT: dict[str, str] = {}
for _field, _names in {
    "full_name": "name;full name;employee;employee name;worker;worker name;participant;participant name;"
    "trainee;student;student name;attendee;person;team member;associate;associate name;staff;staff name;"
    "crew member;name last first;last first;last name first name;first and last name;names;nombre completo;"
    "nombre y apellido;nombre y apellidos;apellido y nombre;apellidos y nombre;apellidos y nombres;"
    "apellidos nombre;nombre apellidos;empleado;trabajador;trabajadora;nombre del empleado;colaborador;"
    "nombre del trabajador;nombre del colaborador;participante;alumno;persona;nombres y apellidos;"
    "nombre apellido;empleado a;trabajador a",
    "given_name": "first name;first;firstname;given name;given names;given;fname;forename;forenames;"
    "first names;legal first name;preferred name;nombre;nombres;primer nombre;nombre s;nombre de pila;"
    "employee first name;name first;emp first name",
    "middle_name": "middle name;middle;middle initial;mi;m i;middlename;segundo nombre;inicial",
    "family_name": "last name;last;lastname;surname;surnames;family name;lname;legal last name;apellido;"
    "apellidos;apellido s;primer apellido;apellido paterno;paterno;apellido 1;employee last name;name last;"
    "emp last name;last names",
    "second_family_name": "segundo apellido;apellido materno;materno;apellido 2;second last name;"
    "second surname;mother s last name;maternal last name",
    "suffix": "suffix;name suffix;sufijo",
    "email": "email;e mail;mail;email address;e mail address;work email;company email;personal email;"
    "email work;correo;correo electronico;correo e;direccion de correo;direccion de correo electronico;"
    "e correo;mail address;correo de trabajo;correo electronico de trabajo;emails",
    "phone": "phone;telephone;cell;cell phone;cellphone;mobile;mobile phone;phone number;cell number;"
    "contact number;contact phone;tel;telefono;telefonos;celular;movil;telefono celular;telefono movil;"
    "numero de telefono;num de telefono;no de telefono;n de telefono;telefono de contacto;phone no;tel no;"
    "cell no;mobile number;mobile no;work phone;home phone;numero de celular;n o de telefono",
    "employee_number": "employee number;employee no;employee num;employee id;employee code;emp id;emp no;"
    "emp number;empl id;ee id;ee no;badge number;badge no;badge;badge id;clock number;clock no;clock id;"
    "payroll number;payroll no;payroll id;staff id;staff no;staff number;worker id;worker no;id;id no;"
    "id number;number;no;numero de empleado;no de empleado;n de empleado;n o de empleado;num de empleado;"
    "num empleado;numero empleado;no empleado;nro de empleado;nro empleado;n empleado;clave;"
    "clave de empleado;ficha;numero de ficha;codigo;codigo de empleado;legajo;nomina;numero de nomina;"
    "no de nomina;matricula;associate id;person id;file number;file no;identificacion del empleado;"
    "id de empleado;id empleado;gafete;no de gafete;numero de gafete",
    "hired_on": "hire date;hired;date hired;date of hire;hired on;start date;started;start;started on;doh;"
    "employment date;date of employment;employment start;employment start date;original hire date;since;"
    "seniority date;date started;employed since;date joined;joined;fecha de ingreso;ingreso;fecha ingreso;"
    "fecha de contratacion;fecha contratacion;contratacion;contratado;fecha de alta;alta;fecha de inicio;"
    "fecha inicio;inicio;antiguedad;fecha de antiguedad;fecha de entrada;entrada;fecha de incorporacion;"
    "contratado el;fecha de empleo;f ingreso;f de ingreso;hire dt;hiredate;startdate;empleado desde;desde",
    "job_title": "job title;title;position;job;role;occupation;job role;puesto;cargo;ocupacion;"
    "puesto de trabajo;posicion;oficio;titulo del puesto;trade;classification",
    "language": "language;languages;preferred language;language preference;pref language;pref lang;lang;"
    "primary language;main language;first language;native language;home language;spoken language;speaks;"
    "language spoken;language pref;idioma;idiomas;idioma preferido;idioma de preferencia;idioma principal;"
    "idioma materno;idioma que habla;primer idioma;lengua;lengua materna;lengua preferida;lenguaje;habla",
    "ssn": "ssn;ss;ss no;s s n;s s;ssn no;ssn number;social;social security;social security number;"
    "social security no;soc sec;soc sec no;ssn last 4;last 4 ssn;last four ssn;last 4;ss number;itin;tin;"
    "tax id;taxpayer id;ssn itin;national id;seguro social;numero de seguro social;no de seguro social;nss;"
    "num seguro social;n de seguro social;num de seguro social;curp;rfc;dni;id fiscal;seguridad social",
    "birth_date": "dob;d o b;date of birth;birth date;birthdate;birthday;bday;born;birth;age;"
    "fecha de nacimiento;nacimiento;fecha nacimiento;f nac;f nacimiento;fecha nac;fec nac;cumpleanos;edad;"
    "ano de nacimiento;birth year;year of birth;f de nacimiento;dia de nacimiento",
    "release": "release;consent;ferpa;ferpa release;release signed;signed release;release on file;waiver;"
    "authorization;consent given;consentimiento;autorizacion;autoriza;permiso;release of attendance;"
    "attendance release;consent form;media release",
    "private": "wage;wages;hourly wage;hourly rate;pay;pay rate;rate;rate of pay;salary;annual salary;sex;"
    "gender;race;ethnicity;race ethnicity;hispanic;veteran;veteran status;disability;marital status;"
    "home address;address;street;street address;driver license;drivers license;license no;passport;"
    "citizenship;immigration status;visa;bank account;account no;routing;salario;sueldo;genero;sexo;raza;"
    "etnia;estado civil;direccion;domicilio;discapacidad;licencia;pasaporte;ciudadania;"
    "emergency contact;contacto de emergencia;religion;medical;nationality;nacionalidad",
}.items():
    for _name in _names.split(";"):
        _EXACT[_name] = _field

# "EmployeeID" and "employeeid" are what programs write.
_SQUASHED = {name.replace(" ", ""): known for name, known in _EXACT.items() if len(name) > 4}

# Words that decide alone, wherever they stand in a longer heading; the private ones come first.
_CONTAINS: tuple[tuple[str, str], ...] = (
    (r"\bemergenc|\bspouse|\bguardian|\bnext of kin|\bbeneficia|\bconyuge", "private"),
    (
        r"\bsupervisor|\bmanager|\bboss\b|\bforeman|\breports to|\blead\b|\bjefe|\bgerente|\bencargad|"
        r"\bcapataz|\brecruiter|\breferred|\bterminat|\brehire|\blast day|\bfecha de baja|\bfax\b",
        OTHERS,
    ),
    (r"\bssn\b|\bsoc(ial)? sec|\bseguro social|\bs s n\b|\btaxpayer|\bitin\b|\bcurp\b", "ssn"),
    (r"\bdob\b|\bbirth|\bnacimiento|\bcumplean", "birth_date"),
    (r"\bferpa\b|\bconsent|\bautoriza|\brelease\b|\bwaiver\b", "release"),
    (r"\bwage|\bsalar|\bsueldo|\bpay rate|\brace\b|\bethnic|\bgender|\bdisabilit", "private"),
    (r"\be ?mail|\bcorreo", "email"),
    (r"\bphone|\btelefono|\bcelular|\bmobile\b|\bcell\b", "phone"),
    (r"\bhire|\bfecha de (ingreso|contrat|alta)", "hired_on"),
    (r"\b(employee|empleado|badge|payroll|clock) (no|num|number|id)\b", "employee_number"),
    (r"\b(last|family) name|\bapellidos? patern", "family_name"),
    (r"\bapellidos? matern", "second_family_name"),
    (r"\bapellidos? y nombre|\bnombres? y apellido", "full_name"),
    (r"\b(first|given) name", "given_name"),
    (r"\blanguage\b|\bidioma\b", "language"),
)
_SPANISH = re.compile(
    r"\b(nombres?|apellidos?|correo|telefono|celular|empleado|fecha|ingreso|trabajador|puesto|alta|"
    r"numero|contratacion|participante|cargo|nacimiento|seguro|colaborador|clave|antiguedad)\b"
)
_SPANISH_LETTERS = re.compile(r"[áéíóúñ¿]", re.IGNORECASE)


_FAMILY_FIRST = re.compile(
    r"^(name )?(last|apellidos?)\b|\b(last|surname|family|apellidos?)\b.*\b(first|given|nombres?)\b"
)


def plain_heading(text: str) -> str:
    """A heading for comparing; the sign # and its like are the word "no", "HireDate" is two words."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})", " ", text)
    return folded(re.sub(r"#|№|n[.]?\s?[º°ª]", " no ", apart.casefold()))


@lru_cache(maxsize=1024)
def meaning_of(text: str) -> str | None:
    """The field that a heading names, or nothing."""
    if len(text) > LONGEST:
        return None
    plain = plain_heading(text)
    if not plain or len(plain) > 60:
        return None
    # What stands in brackets is usually a hint: "Hire date (mm/dd/yyyy)".
    without_hint = plain_heading(re.sub(r"[(\[].*?[)\]]", " ", text))
    for candidate in (plain, without_hint):
        known = exact_meaning(candidate)
        if known:
            return known
    return next((field for pattern, field in _CONTAINS if re.search(pattern, plain)), None)


def exact_meaning(plain: str) -> str | None:
    """The field that a plain heading names in just these words, spaced or not."""
    return _EXACT.get(plain) or _SQUASHED.get(plain.replace(" ", ""))


def is_spanish(headings: list[str]) -> bool:
    """Whether a sheet's headings are Spanish."""
    return any(
        _SPANISH.search(plain_heading(heading)) or _SPANISH_LETTERS.search(heading) for heading in headings
    )


def puts_family_first(heading: str) -> bool:
    """Whether a heading for whole names says that the family name comes first."""
    return bool(_FAMILY_FIRST.search(plain_heading(heading)))
