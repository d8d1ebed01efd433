from concurrent.futures import ThreadPoolExecutor

from catalogue.models import Activity
from tests.world import COMPLETE, Person, World, provider_identity, teacher_identity, text_of


def test_a_teacher_adds_an_activity_once_and_sees_the_sum(world: World) -> None:
    number = world.number(world.published(world.provider()))
    teacher = world.person(teacher_identity())
    for _ in range(2):
        assert teacher.post("/dossier", {"number": number}).status_code == 303
    page = text_of(teacher.get("/dossier"))
    assert "Bij elkaar 20,5 RU" in page
    assert "1 activiteit" in page


def test_a_dossier_is_seen_and_changed_by_its_own_teacher_only(world: World) -> None:
    number = world.number(world.published(world.provider()))
    teacher, other = world.person(teacher_identity("een")), world.person(teacher_identity("twee"))
    teacher.post("/dossier", {"number": number})
    assert COMPLETE.title not in other.get("/dossier").text
    assert other.post("/dossier/1/verwijderen").status_code == 404
    assert COMPLETE.title in teacher.get("/dossier").text
    assert teacher.post("/dossier/1/verwijderen").status_code == 303
    assert COMPLETE.title not in teacher.get("/dossier").text


def test_what_was_added_stays_when_the_provider_hides_the_activity(world: World) -> None:
    activity = world.published(world.provider())
    teacher = world.person(teacher_identity())
    teacher.post("/dossier", {"number": world.number(activity)})
    seen = world.seen(Activity, activity.id)
    world.person(provider_identity()).post(f"/aanbieder/activiteiten/{activity.id}/terughalen", seen)
    page = teacher.get("/dossier").text
    assert COMPLETE.title in page
    assert "Wordt niet meer aangeboden" in page
    assert teacher.post("/dossier", {"number": world.number(activity)}).status_code == 404


def test_an_unknown_number_cannot_be_added(world: World) -> None:
    assert world.person(teacher_identity()).post("/dossier", {"number": "22222222"}).status_code == 404


def test_four_clicks_at_once_add_one_activity(world: World) -> None:
    number = world.number(world.published(world.provider()))
    people = [world.person(teacher_identity()) for _ in range(4)]

    def click(teacher: Person) -> int:
        with world.app.app_context():
            return teacher.post("/dossier", {"number": number}).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(click, people))
    assert answers == [303] * 4
    assert "1 activiteit" in text_of(people[0].get("/dossier"))


def test_the_page_of_an_activity_knows_whether_it_is_in_the_dossier(world: World) -> None:
    number = world.number(world.published(world.provider()))
    teacher, other = world.person(teacher_identity("een")), world.person(teacher_identity("twee"))
    teacher.post("/dossier", {"number": number})
    address = f"/activiteiten/{number}"
    assert "U hebt deze activiteit al toegevoegd." in text_of(teacher.get(address))
    assert "Toevoegen aan mijn dossier" not in text_of(teacher.get(address))
    for somebody in (other, world.person(), world.person(provider_identity())):
        assert "al toegevoegd" not in text_of(somebody.get(address))
    assert "Toevoegen aan mijn dossier" in text_of(other.get(address))
