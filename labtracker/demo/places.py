"""The demo's world: courses, labs, employers, hubs, campuses. Towns are real, everybody in them invented."""

from __future__ import annotations

from dataclasses import dataclass

LEVELS = (
    ("shown", "mostrado"),
    ("with help", "con ayuda"),
    ("alone", "por sí mismo"),
    ("can teach", "puede enseñarlo"),
)


@dataclass(frozen=True)
class CourseFacts:
    """A course: hours, skills as (code, English, Spanish), and whether it ends with an assessment.

    ``graded`` are the codes of skills that are signed off on ``LEVELS`` and count from the third; ``test`` is
    what the assessment is called, in English and Spanish, which may then be tried twice.
    """

    code: str
    title: str
    title_es: str
    hours: int
    credential: str | None
    skills: tuple[tuple[str, str, str], ...]
    assessed: bool = True
    graded: tuple[str, ...] = ()
    test: tuple[str, str] | None = None


@dataclass(frozen=True)
class LabFacts:
    """A lab with its figures, the courses it hosts, and the places it goes to, in order, over a year."""

    key: str
    name: str
    zip: str
    seats: int
    length_ft: int
    height_ft: str
    weight_lb: int
    power_kw: int
    courses: tuple[str, ...]
    stops: tuple[str, ...]
    generator: bool = False
    ground: str = "Level gravel or asphalt, room to turn a tractor and trailer."
    setup_hours: int = 4
    mph: int = 50


@dataclass(frozen=True)
class EmployerFacts:
    """An employer, its one worksite, its shift (see ``SHIFTS``), and the jobs its workers do."""

    key: str
    name: str
    site: str
    address: str
    zip: str
    naics: str
    size: int
    shift: str
    jobs: tuple[str, ...]


@dataclass(frozen=True)
class HubFacts:
    """A place of the college's own: a town lot or a campus, and whose workers come there."""

    key: str
    name: str
    address: str
    zip: str
    employers: tuple[str, ...]
    is_campus: bool = False


# name: weekdays, start, end, break in minutes
SHIFTS: dict[str, tuple[tuple[int, ...], str, str, int]] = {
    "early": ((1, 2, 3, 4), "06:00", "10:00", 0),
    "day": ((1, 2, 3, 4), "08:00", "12:00", 0),
    "afternoon": ((1, 2, 3, 4), "13:00", "17:00", 0),
    "evening": ((2, 3, 4), "17:00", "21:00", 0),
    "night": ((1, 2, 3, 4), "22:00", "02:00", 0),
    "full": ((1, 2, 3, 4), "07:00", "15:30", 30),
}

COURSES = (
    CourseFacts(
        "WLD-101", "Welding basics", "Soldadura básica", 24, None,
        (
            ("SAFE", "Sets up a safe welding booth", "Prepara una cabina de soldadura segura"),
            ("FILLET", "Fillet weld, flat and horizontal", "Soldadura de filete, plana y horizontal"),
            ("VEE", "Open-root groove weld", "Soldadura de ranura con raíz abierta"),
        ),
        graded=("FILLET", "VEE"),
    ),
    CourseFacts(
        "WLD-180", "Structural welding", "Soldadura estructural", 80, "AWS D1.1 qualification test",
        (
            ("VERT", "Vertical-up groove weld", "Soldadura de ranura vertical ascendente"),
            ("PRINT", "Reads weld symbols on a print", "Lee símbolos de soldadura en un plano"),
        ),
    ),
    CourseFacts(
        "ELE-110", "Motor controls", "Control de motores", 16, None,
        (
            ("LOTO", "Lock-out and tag-out", "Bloqueo y etiquetado"),
            ("START", "Wires and tests a motor starter", "Conecta y prueba un arrancador de motor"),
        ),
        graded=("LOTO",),
        test=("Practical test of motor controls", "Prueba práctica de control de motores"),
    ),
    CourseFacts(
        "MEC-120", "Mechanical drives and hydraulics", "Transmisiones mecánicas e hidráulica", 24, None,
        (
            ("ALIGN", "Aligns a coupling with an indicator", "Alinea un acople con indicador de carátula"),
            ("FLUID", "Finds a fault in a hydraulic circuit", "Halla una falla en un circuito hidráulico"),
        ),
    ),
    CourseFacts(
        "PLC-130", "PLC troubleshooting", "Diagnóstico de fallas en PLC", 32, "SACA C-207",
        (
            ("LADDER", "Reads and edits ladder logic", "Lee y modifica lógica de escalera"),
            ("FAULT", "Isolates a faulty input or output", "Aísla una entrada o salida con falla"),
        ),
    ),
    CourseFacts(
        "CNC-140", "CNC set-up and operation", "Preparación y operación de CNC", 40,
        "NIMS CNC Mill Operations",
        (
            ("OFFSET", "Sets work and tool offsets", "Ajusta los ceros de pieza y de herramienta"),
            ("GAUGE", "Measures a part to a print", "Mide una pieza según el plano"),
        ),
    ),
    CourseFacts(
        "NDT-150", "Non-destructive testing", "Ensayos no destructivos", 40, "ASNT SNT-TC-1A Level I hours",
        (
            ("PENET", "Liquid penetrant test", "Ensayo con líquidos penetrantes"),
            ("MAGNET", "Magnetic particle test", "Ensayo con partículas magnéticas"),
        ),
    ),
    CourseFacts("SAF-105", "Electrical safety", "Seguridad eléctrica", 12, None, (), assessed=False),
)  # fmt: skip

LABS = (
    LabFacts(
        "weld", "Welding lab", "81004", 6, 40, "9.0", 15000, 100, ("WLD-101", "WLD-180"),
        ("steel", "railcar", "hub-lajunta", "cement", "timber", "finishing", "machine", "hub-lamar"),
        generator=True,
    ),
    LabFacts(
        "elec", "Electrical and mechanical lab", "81004", 12, 48, "13.5", 28000, 45,
        ("ELE-110", "MEC-120", "SAF-105"),
        ("dairy", "packers", "potato", "hub-lajunta", "grain", "ethanol", "steel", "dairy"),
    ),
    LabFacts(
        "ndt", "Non-destructive testing lab", "81004", 10, 53, "13.5", 34000, 40, ("NDT-150",),
        ("blades", "steel", "wind", "optics", "molybdenum", "railcar", "blades"),
        ground="Level asphalt, 80 by 30 feet: the classroom slides out on both sides.", setup_hours=6,
    ),
    LabFacts(
        "west", "Western Slope welding lab", "81501", 8, 53, "13.5", 38000, 60, ("WLD-101", "WLD-180"),
        ("fabrication", "mine", "power", "pipeline", "precision", "hub-craig", "hub-delta", "fabrication"),
    ),
    LabFacts(
        "cnc", "CNC lab", "81050", 10, 53, "13.5", 42000, 55, ("CNC-140", "MEC-120"),
        ("beef", "sugar", "machine", "optics", "hub-morgan", "wind", "packers"),
        ground="Ten parking spaces in a row, level within two inches.", setup_hours=6,
    ),
    LabFacts(
        "auto", "Automation lab", "81101", 10, 44, "13.0", 26000, 30, ("PLC-130", "ELE-110"),
        ("malting", "potato", "aerospace", "precision", "hub-montevista", "fruit", "malting"),
    ),
)  # fmt: skip

EMPLOYERS = (
    EmployerFacts("steel", "Pueblo Steel Works", "Rail mill, gate 3", "2100 Mill Road", "81004", "331110",
                  640, "early", ("Millwright", "Welder", "Crane operator", "Maintenance technician")),
    EmployerFacts("dairy", "High Plains Dairy", "Milking barn lot", "9880 County Road 7", "81052", "112120",
                  62, "afternoon", ("Milker", "Herd technician", "Plant operator", "Mechanic")),
    EmployerFacts("packers", "Arkansas Valley Melon & Onion Packers", "Packing shed 2", "415 Elm Avenue",
                  "81067", "115114", 88, "day", ("Line mechanic", "Sorter operator", "Forklift driver")),
    EmployerFacts("potato", "San Luis Potato Cooperative", "Cold storage yard", "7 Sherman Street", "81144",
                  "493120", 74, "day", ("Storage technician", "Line mechanic", "Electrician’s helper")),
    EmployerFacts("malting", "Blanca Peak Malting", "Malt house", "1130 Railroad Avenue", "81101", "311213",
                  48, "early", ("Maltster", "Process operator", "Maintenance technician")),
    EmployerFacts("fabrication", "Uncompahgre Fabrication", "North bay", "6300 Rio Grande Drive", "81401",
                  "332312", 57, "early", ("Welder", "Fitter", "Press brake operator")),
    EmployerFacts("fruit", "Grand Mesa Fruit Growers", "Packing house", "220 Main Street", "81413", "115114",
                  41, "day", ("Line mechanic", "Packing lead", "Refrigeration helper")),
    EmployerFacts("mine", "West Elk Mine Equipment Repair", "Shop yard", "40100 Highway 133", "81428",
                  "811310", 38, "evening", ("Diesel mechanic", "Welder", "Hydraulics technician")),
    EmployerFacts("power", "Yampa Valley Power Maintenance", "Boiler yard", "2101 Ranney Street", "81625",
                  "238290", 96, "full", ("Boilermaker", "Pipefitter", "Welder")),
    EmployerFacts("pipeline", "Piceance Pipeline Services", "Pipe yard", "1800 Airport Road", "81650",
                  "237120", 130, "full", ("Welder", "Pipefitter", "Operator")),
    EmployerFacts("precision", "Four Corners Precision", "Shop floor lot", "2500 Empire Street", "81321",
                  "332710", 44, "afternoon", ("Machinist", "Welder", "Inspector")),
    EmployerFacts("aerospace", "Animas River Aerospace Components", "Hangar lot", "1000 Airport Road",
                  "81303", "336413", 68, "afternoon", ("Assembler", "Machinist", "Quality technician")),
    EmployerFacts("beef", "Sterling Beef Processors", "Maintenance yard", "18000 County Road 39", "80751",
                  "311611", 410, "night", ("Maintenance mechanic", "Refrigeration technician", "Line lead")),
    EmployerFacts("sugar", "South Platte Sugar", "Beet yard", "18521 Road 16", "80701", "311313", 190,
                  "evening", ("Process operator", "Millwright", "Electrician’s helper")),
    EmployerFacts("ethanol", "Republican River Ethanol", "Truck court", "1000 Road J", "80759", "325193", 46,
                  "full", ("Plant operator", "Lab technician", "Maintenance technician")),
    EmployerFacts("grain", "Burlington Grain Elevators", "Elevator B lot", "300 Lincoln Street", "80807",
                  "493130", 35, "day", ("Elevator operator", "Millwright", "Truck mechanic")),
    EmployerFacts("cement", "Royal Gorge Cement", "Kiln road lot", "3500 Highway 120", "81226", "327310",
                  150, "early", ("Kiln operator", "Welder", "Millwright")),
    EmployerFacts("finishing", "Cañon Metal Finishing", "Back lot", "700 South 9th Street", "81212",
                  "332812", 33, "day", ("Plater", "Polisher", "Welder")),
    EmployerFacts("timber", "Spanish Peaks Wood Products", "Log yard", "12100 County Road 75", "81082",
                  "321113", 52, "early", ("Sawyer", "Millwright", "Loader operator")),
    EmployerFacts("railcar", "Walsenburg Rail Car Repair", "Track 4", "220 West 7th Street", "81089",
                  "336510", 58, "early", ("Car repairer", "Welder", "Inspector")),
    EmployerFacts("molybdenum", "Leadville Molybdenum Services", "Mill lot", "2 Highway 91", "80461",
                  "213114", 120, "full", ("Mill mechanic", "Inspector", "Operator")),
    EmployerFacts("wind", "Comanche Wind Services", "Service yard", "1500 Main Street", "80828", "811310",
                  84, "full", ("Wind technician", "Rope access technician", "Inspector")),
    EmployerFacts("blades", "Front Range Turbine Blades", "Finishing hall", "1750 Weld County Road 27",
                  "80601", "333611", 720, "full", ("Laminator", "Inspector", "Finisher")),
    EmployerFacts("optics", "Loveland Precision Optics", "Dock 2", "815 14th Street SW", "80537", "333310",
                  210, "full", ("Machinist", "Polisher", "Inspector")),
    EmployerFacts("machine", "Pikes Peak Machine & Tool", "Shop lot", "3320 Astrozon Boulevard", "80916",
                  "332710", 95, "full", ("Machinist", "Tool maker", "Welder")),
)  # fmt: skip

HUBS = (
    HubFacts("hub-lajunta", "La Junta fairground", "800 Grace Avenue", "81050",
             ("packers", "railcar", "dairy")),
    HubFacts("hub-lamar", "Lamar town lot", "102 East Parmenter Street", "81052",
             ("dairy", "packers", "grain")),
    HubFacts("hub-craig", "Moffat County fairground", "640 East Victory Way", "81625",
             ("power", "pipeline")),
    HubFacts("hub-morgan", "Fort Morgan armory lot", "528 State Street", "80701",
             ("sugar", "beef", "ethanol")),
    HubFacts("hub-montevista", "Monte Vista stockyard lot", "2335 Sherman Street", "81144",
             ("potato", "malting")),
    HubFacts("hub-delta", "Grand Mesa industrial park", "700 Wellington Avenue", "81413",
             ("fruit", "mine")),
    HubFacts("campus", "Main campus", "900 College Avenue", "81004",
             ("steel", "machine", "finishing", "cement", "blades"), is_campus=True),
    HubFacts("campus-west", "Western campus", "2508 Blichmann Avenue", "81505",
             ("fabrication", "pipeline", "mine", "fruit"), is_campus=True),
)  # fmt: skip
