"""The pages of an import: the same for the bureau and for a provider, each under its own address and with its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial, update_wrapper
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue.importing.report import problems_of, report_as_csv
from catalogue.importing.running import (
    BUREAU,
    IMPORT_KINDS,
    KINDS,
    MOST_REASONS,
    TAKING_BACK,
    ImportRunning,
    NothingToLand,
    NothingToTakeBack,
    can_land,
    forget_others,
    owner_of,
    start_check,
    start_landing,
    store,
)
from catalogue.importing.taking_back import KIND as TAKING_BACK_KIND
from catalogue.importing.taking_back import start_taking_back, takeable_count
from catalogue.importing.templates import csv_template, xlsx_template
from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.jobs import Job, cancel, find_job, jobs_of
from core.policy import Policy
from core.policy.loading import current_policies
from core.texts import tidy_line
from core.uploads import takes_file, too_large
from core.web import current_settings
from providers.queries import provider_of

LISTED, SHOWN = 10, 20
LONGEST_NAME = 100
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Entrance:
    """Where one audience finds its imports, and whether those are of its own offers."""

    name: str
    prefix: str
    role: Role
    is_own: bool

    @property
    def owner(self) -> str:
        """Whose imports the signed-in person may see."""
        return owner_of(provider_of(signed_in()).id) if self.is_own else BUREAU


def import_page(entrance: Entrance) -> str:
    """The form, and the imports so far."""
    return _start(entrance, {})


def upload(entrance: Entrance) -> Response | tuple[str, int]:
    """Keep the file, and begin to check it."""
    owner, file = entrance.owner, request.files.get("file")
    if file is None or not file.filename:
        return _start(entrance, {"file": "Kies een bestand."}), HTTPStatus.UNPROCESSABLE_ENTITY
    name = tidy_line(file.filename)[-LONGEST_NAME:]
    try:
        with store().kept(file.stream) as kept, transaction():
            import_id = start_check(owner, kept, name, by=signed_in().actor, now=clock.now()).id
    except ImportRunning as refused:
        return _start(entrance, {"file": refused.detail}), refused.status
    forget_others(owner, kept)
    return redirect(url_for(".job_page", import_id=import_id), 303)


def job_page(entrance: Entrance, import_id: int) -> str:
    """How far a check or a landing is, or what came of it."""
    job = find_job(import_id, entrance.owner, *KINDS)
    return render_template("import/job.html", entrance=entrance, **_facts(job))


def progress(entrance: Entrance, import_id: int) -> str:
    """The part of that page that changes."""
    facts = _facts(find_job(import_id, entrance.owner, *KINDS))
    return render_template(facts["state"], entrance=entrance, **facts)


def take_over(entrance: Entrance, import_id: int) -> Response:
    """Land what was checked."""
    try:
        with transaction():
            check = find_job(import_id, entrance.owner, *KINDS, lock=True)
            import_id = start_landing(check, by=signed_in().actor, now=clock.now())
    except (NothingToLand, ImportRunning) as refused:
        flash(refused.detail, "info")
    return redirect(url_for(".job_page", import_id=import_id), 303)


def stop(entrance: Entrance, import_id: int) -> Response:
    """Stop a check or a landing; what landed stays."""
    with transaction():
        job = find_job(import_id, entrance.owner, *KINDS, lock=True)
        cancel(job, by=signed_in().actor, now=clock.now())
    return redirect(url_for(".job_page", import_id=import_id), 303)


def take_back(entrance: Entrance, import_id: int) -> Response:
    """Let what a landing made, and nobody touched since, go away again."""
    try:
        with transaction():
            landing = find_job(import_id, entrance.owner, *KINDS, lock=True)
            import_id = start_taking_back(landing, by=signed_in().actor, now=clock.now()).id
    except (NothingToTakeBack, ImportRunning) as refused:
        flash(refused.detail, "info")
    return redirect(url_for(".job_page", import_id=import_id), 303)


def report(entrance: Entrance, import_id: int) -> Response:
    """Everything that does not land, with line, column, value and reason."""
    job = find_job(import_id, entrance.owner, *KINDS)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- it is read after this request
    return _file(report_as_csv(app, job.id), CSV, f"verslag-import-{job.id}.csv")


def template_csv(entrance: Entrance) -> Response:
    """An example to fill in, for any program."""
    return _file(csv_template(_policy(), own=entrance.is_own), CSV, "sjabloon-activiteiten.csv")


def template_xlsx(entrance: Entrance) -> Response:
    """An example to fill in, with lists to choose from."""
    return _file(xlsx_template(_policy(), own=entrance.is_own), XLSX, "sjabloon-activiteiten.xlsx")


PAGES: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("GET", "", import_page),
    ("POST", "", takes_file(upload)),
    ("GET", "/<id:import_id>", job_page),
    ("GET", "/<id:import_id>/voortgang", progress),
    ("POST", "/<id:import_id>/overnemen", take_over),
    ("POST", "/<id:import_id>/stoppen", stop),
    ("POST", "/<id:import_id>/terugdraaien", take_back),
    ("GET", "/<id:import_id>/verslag.csv", report),
    ("GET", "/sjabloon.csv", template_csv),
    ("GET", "/sjabloon.xlsx", template_xlsx),
)


def _blueprint(entrance: Entrance) -> Blueprint:
    bp = Blueprint(entrance.name, __name__, url_prefix=entrance.prefix)
    for method, rule, page in PAGES:
        view = open_to(entrance.role)(update_wrapper(partial(page, entrance), page))
        bp.add_url_rule(rule, page.__name__, view, methods=[method])
    return bp


ENTRANCES = (
    Entrance("bureau_import", "/commissie/import", Role.BUREAU, is_own=False),
    Entrance("own_import", "/aanbieder/activiteiten/import", Role.PROVIDER, is_own=True),
)


def init_imports(app: Flask) -> None:
    """Open both entrances, let the worker do imports, and clear up files that nobody came back for."""
    for entrance in ENTRANCES:
        app.register_blueprint(_blueprint(entrance))
    app.extensions["job_kinds"].update({**IMPORT_KINDS, TAKING_BACK: TAKING_BACK_KIND})
    app.extensions["before_work"].append(lambda: store().sweep(clock.now()))


def _start(entrance: Entrance, errors: dict[str, str]) -> str:
    jobs = jobs_of(entrance.owner, *KINDS, most=LISTED)
    limit = current_settings().largest_import_mb
    facts = {"limit": limit, "too_large": too_large(limit)}
    return render_template("import/start.html", entrance=entrance, jobs=jobs, errors=errors, **facts)


def _facts(job: Job) -> dict[str, Any]:
    state = "import/taking_back.html" if job.kind == TAKING_BACK else "import/state.html"
    facts = {"state": state, "may_land": can_land(job), "takeable": takeable_count(job)}
    return {"job": job, "problems": problems_of(job.id, most=SHOWN), "most": MOST_REASONS, **facts}


def _policy() -> Policy:
    return current_policies().on(clock.today())


def _file(content: bytes | Iterable[str], kind: str, name: str) -> Response:
    return Response(content, mimetype=kind, headers={"Content-Disposition": f"attachment; filename={name}"})
