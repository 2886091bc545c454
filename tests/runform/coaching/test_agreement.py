import pytest
from django.test import Client
from django.urls import reverse

from runform.accounts.models import User
from runform.clubs.models import Role
from runform.clubs.services import coach_assign, member_add
from runform.coaching.agreement import Share, compute_kappa
from runform.coaching.models import Answer, Review, Verdict
from runform.coaching.selectors.agreement import agreement_of, kappa_of, reader_pairs
from runform.coaching.services.claims import ReviewError
from runform.coaching.services.verdicts import second_reading_finish, second_reading_start, verdict_give
from runform.reports.models import MetricResult
from tests.runform.world import World, make_user


def test_kappa_is_that_of_a_published_example() -> None:
    # Fleiss, Levin, Paik: Statistical Methods for Rates and Proportions, 3rd ed. 2003, table 18.1: two raters, three
    # diagnoses, 100 people; kappa = 0.676.
    table = {("p", "p"): 75, ("p", "n"): 1, ("p", "o"): 4, ("n", "p"): 5, ("n", "n"): 4, ("n", "o"): 1, ("o", "o"): 10}
    found = compute_kappa([pair for pair, n in table.items() for _ in range(n)])
    assert found
    assert found.n == 100
    assert found.value == pytest.approx(0.676, abs=0.0005)
    # Its standard error is 0.088.
    assert (found.high - found.low) / 2 / 1.96 == pytest.approx(0.088, abs=0.001)


def test_kappa_at_its_ends() -> None:
    assert compute_kappa([]) is None
    assert compute_kappa([("a", "a")] * 5) is None
    perfect = compute_kappa([("a", "a"), ("b", "b")] * 5)
    assert perfect
    assert perfect.value == pytest.approx(1)
    by_chance = compute_kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")] * 5)
    assert by_chance
    assert by_chance.value == pytest.approx(0)


def test_a_share_has_the_interval_of_wilson() -> None:
    # Newcombe, Statistics in Medicine 1998; 17: 857-872, table I: 81 of 263 and 15 of 148.
    for yes, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)):
        assert Share(yes, n).interval == pytest.approx((low, high), abs=0.00006)
    assert Share(0, 20).interval[0] == 0


@pytest.fixture
def second(world: World) -> User:
    coach = make_user("second_coach")
    member_add(club=world.club, user=coach, role=Role.COACH)
    coach_assign(club=world.club, coach=coach, athlete=world.athlete)
    return coach


def judge(review: Review, coach: User, key: str, answer: Answer) -> None:
    metric = MetricResult.objects.get(report__clip__form_check=review.form_check, key=key)
    verdict_give(review=review, coach=coach, metric=metric, answer=answer)


def test_nothing_is_told_before_there_are_enough_verdicts(world: World, client: Client) -> None:
    judge(world.review, world.coach, "cadence", Answer.AGREE)
    assert agreement_of("cadence")[0].share is None
    page = client.get(reverse("metric_agreement", args=["cadence"])).content.decode()
    assert "too few to say" in page
    assert "100 %" not in page


def test_enough_verdicts_tell_the_share_with_its_interval(world: World, client: Client) -> None:
    metric = MetricResult.objects.get(report=world.report, key="cadence")
    answers = [Answer.AGREE] * 8 + [Answer.DISAGREE, Answer.MISSED, Answer.CANT_TELL]
    for number, answer in enumerate(answers):
        coach = make_user(f"judge{number}")
        world.review.verdicts.create(coach=coach, metric=metric, answer=answer)
    found = agreement_of("cadence")[0]
    assert (found.agreed, found.otherwise, found.cant_tell, found.view) == (8, 2, 1, "side")
    page = " ".join(client.get(reverse("metric_agreement", args=["cadence"])).content.decode().split())
    assert "80 % (between 49 and 94 %)" in page
    assert "Once they could not tell." in page


def test_the_second_reader_is_blind_until_done(world: World, second: User, client: Client) -> None:
    judge(world.review, world.coach, "cadence", Answer.DISAGREE)
    world.review.verdicts.filter(metric__key="cadence").update(why="Too slow to be true.")
    client.force_login(second)
    path = reverse("review", args=[world.check.code])
    assert "Too slow to be true." not in client.get(path).content.decode()
    client.post(reverse("second_reading", args=[world.review.code]))
    assert "Too slow to be true." not in client.get(path).content.decode()
    reading = world.review.second_readings.get(coach=second)
    with pytest.raises(ReviewError, match="at least one"):
        second_reading_finish(reading=reading)
    judge(world.review, second, "cadence", Answer.AGREE)
    client.post(reverse("second_reading", args=[world.review.code]), {"finish": "1"})
    assert "Too slow to be true." in client.get(path).content.decode()
    with pytest.raises(ReviewError, match="finished"):
        judge(world.review, second, "cadence", Answer.DISAGREE)


def test_who_held_the_review_is_no_blind_reader(world: World) -> None:
    with pytest.raises(ReviewError, match="know this review"):
        second_reading_start(review=world.review, coach=world.coach)


def test_pairs_of_first_and_second_reader_make_kappa(world: World, second: User) -> None:
    reading = second_reading_start(review=world.review, coach=second)
    judge(world.review, world.coach, "cadence", Answer.AGREE)
    judge(world.review, second, "cadence", Answer.DISAGREE)
    assert kappa_of("cadence") is None
    second_reading_finish(reading=reading)
    assert reader_pairs(Verdict.objects.filter(metric__key="cadence")) == [(Answer.AGREE, Answer.DISAGREE)]
