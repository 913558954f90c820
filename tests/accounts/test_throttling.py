"""Guessing passwords gets slow, and nobody is locked out of their own device."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from newsreader.accounts import throttle
from newsreader.accounts.addresses import client_address
from newsreader.accounts.models import Attempt
from newsreader.accounts.throttle import Limit, TooMany
from tests.factories import PASSWORD

SIGN_IN = "/accounts/sign-in/"


def guess(client, username="ada", password="wrong", address="192.0.2.1"):
    return client.post(SIGN_IN, {"username": username, "password": password}, REMOTE_ADDR=address)


def guesses(number, username="ada", **more):
    """Each from a client that remembers nothing."""
    return [guess(Client(), username, **more).status_code for _ in range(number)]


def let_pass(**time):
    """What was counted lies that much longer ago."""
    Attempt.objects.update(at=F("at") - timedelta(**time))


def test_the_sixth_guess_is_not_heard_even_when_it_is_right(ada):
    assert guesses(5) == [422] * 5
    response = guess(Client(), password=PASSWORD)
    assert response.status_code == 429
    assert 890 <= int(response["Retry-After"]) <= 900
    assert "There were too many attempts. Wait 15 minutes, then try again." in response.text


def test_after_a_quarter_of_an_hour_it_is_heard_again(ada):
    guesses(5)
    let_pass(minutes=14, seconds=59)
    assert guesses(1) == [429]
    let_pass(seconds=2)
    assert guess(Client(), password=PASSWORD).status_code == 303


def test_knocking_while_shut_out_makes_it_no_longer(ada):
    guesses(5)
    let_pass(minutes=10)
    assert guesses(20) == [429] * 20
    let_pass(minutes=5, seconds=1)
    assert guess(Client(), password=PASSWORD).status_code == 303


def test_a_name_that_nobody_has_counts_the_same(db):
    assert guesses(6, "nobody") == [422] * 5 + [429]


def test_another_spelling_of_the_name_is_the_same_name(ada):
    assert guesses(3, "ada") + guesses(3, "ADA") == [422] * 5 + [429]


def test_what_succeeds_is_forgotten(ada):
    guesses(4)
    assert guess(Client(), password=PASSWORD).status_code == 303
    assert guesses(5) == [422] * 5


def test_ada_gets_in_from_home_while_somebody_guesses_elsewhere(ada):
    guesses(6, address="192.0.2.66")
    assert guess(Client(), password=PASSWORD, address="192.0.2.1").status_code == 303


def test_one_address_has_thirty_guesses_for_all_names(ada):
    assert [guesses(1, f"name{n}")[0] for n in range(31)] == [422] * 30 + [429]
    assert guesses(1, address="192.0.2.2") == [422]


def test_signing_in_to_an_account_of_ones_own_buys_an_address_no_more_guesses(ada, ben):
    for n in range(30):
        guesses(1, f"name{n}")
        if n < 29:
            assert guess(Client(), "ben", PASSWORD).status_code == 303
    assert guess(Client(), "ben", PASSWORD).status_code == 429


def test_one_account_has_fifty_guesses_an_hour_from_anywhere(ada):
    assert [guesses(1, address=f"198.51.100.{n}")[0] for n in range(51)] == [422] * 50 + [429]
    let_pass(minutes=59)
    assert guesses(1, address="203.0.113.1") == [429]
    let_pass(minutes=1, seconds=1)
    assert guesses(1, address="203.0.113.1") == [422]


def test_adas_own_device_gets_in_while_the_whole_world_guesses(client, ada):
    assert guess(client, password=PASSWORD).status_code == 303
    client.post("/accounts/sign-out/")
    for n in range(50):
        guesses(1, address=f"198.51.100.{n}")
    assert guess(Client(), password=PASSWORD).status_code == 429
    assert guess(client, password=PASSWORD).status_code == 303


def test_adas_own_device_gets_in_while_its_own_address_is_shut_out(client, ada):
    guess(client, password=PASSWORD)
    for n in range(30):
        guesses(1, f"name{n}")
    guesses(5)
    assert guess(client, password=PASSWORD).status_code == 303


def test_a_known_device_has_five_guesses_of_its_own(client, ada):
    guess(client, password=PASSWORD)
    assert [guess(client).status_code for _ in range(6)] == [422] * 5 + [429]
    assert guess(client, address="192.0.2.9").status_code == 429  # it's the device that counts


def test_bens_device_is_nothing_special_for_adas_account(client, ada, ben):
    guess(client, "ben", PASSWORD)
    guesses(5)
    assert guess(client, "ada", PASSWORD).status_code == 429


def test_a_device_two_readers_share_is_known_to_both(client, ada, ben):
    guess(client, "ada", PASSWORD)
    guess(client, "ben", PASSWORD)
    guesses(5, "ada")
    guesses(5, "ben")
    assert guess(client, "ada", PASSWORD).status_code == 303
    assert guess(client, "ben", PASSWORD).status_code == 303


def test_a_forged_device_is_none(client, ada):
    client.cookies["device"] = "eyJhIjoiYiJ9:1abcde:forged"
    assert [guess(client).status_code for _ in range(6)] == [422] * 5 + [429]


def test_neither_names_nor_addresses_are_kept(ada):
    guesses(1, "my-password-by-mistake", address="192.0.2.77")
    kept = str(list(Attempt.objects.values_list()))
    assert "my-password" not in kept
    assert "192.0.2.77" not in kept


def test_old_attempts_are_thrown_away(ada):
    guesses(3)
    let_pass(hours=1, seconds=1)
    guesses(1)
    assert Attempt.objects.count() == 3  # the last one, in three buckets


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_all_at_once_are_counted_too():
    def one(_):
        try:
            throttle.attempt({"a": Limit(5, timedelta(minutes=15))})
        except TooMany:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(one, range(24))) <= 5
    assert Attempt.objects.count() <= 5


def test_the_clock_can_be_given(db):
    limits, noon = {"a": Limit(2, timedelta(minutes=15))}, timezone.now().replace(hour=12)
    for minute in (0, 5):
        throttle.attempt(limits, now=noon + timedelta(minutes=minute))
    with pytest.raises(TooMany) as refusal:
        throttle.attempt(limits, now=noon + timedelta(minutes=6))
    assert refusal.value.seconds == 9 * 60  # when the first one leaves the window
    throttle.attempt(limits, now=noon + timedelta(minutes=15))


def test_the_longest_wait_of_all_limits_is_said(db):
    limits = {"a": Limit(1, timedelta(minutes=15)), "b": Limit(1, timedelta(minutes=60))}
    throttle.attempt(limits)
    with pytest.raises(TooMany, match="Wait 60 minutes"):
        throttle.check(limits)


def test_a_flood_is_turned_away_without_writing(db, django_assert_num_queries):
    limits = {"a": Limit(1, timedelta(minutes=15))}
    throttle.attempt(limits)
    with django_assert_num_queries(1), pytest.raises(TooMany):
        throttle.attempt(limits)


@pytest.mark.parametrize(
    "case",  # proxies, the connection's own address, X-Forwarded-For, what counts
    [
        (0, "192.0.2.1", "198.51.100.1", "192.0.2.1"),
        (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "10.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "10.0.0.1", "198.51.100.1", "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "garbage", "10.0.0.1"),
        (1, "10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        (1, "10.0.0.1", "[2001:db8:1:2::5]:4711", "2001:db8:1:2::/64"),
        (0, "2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),
        (0, "fe80::1%eth0", "", "fe80::/64"),
        (0, "::ffff:192.0.2.1", "", "192.0.2.1"),
        (0, "", "", "unknown"),
        (1, "", "unix:", "unknown"),
    ],
)
def test_the_address_is_the_one_that_can_be_believed(rf, settings, case):
    settings.PROXIES, own, forwarded, counted = case
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(rf.get("/", headers=headers, REMOTE_ADDR=own)) == counted


def test_a_household_of_ipv6_addresses_counts_as_one(ada):
    answers = [guesses(1, address=f"2001:db8::{n}")[0] for n in range(6)]
    assert answers == [422] * 5 + [429]
