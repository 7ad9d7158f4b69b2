"""Secrets and personal data in excerpts: what is taken out, and what stays."""

from __future__ import annotations

import pytest

from bedrock_audit.detect.redaction import redactions

TAKEN = {
    "e-mail": ("write to jo.doe+x@mail.example.org today", "jo.doe+x@mail.example.org", "e-mail"),
    "card": ("pay with 4111 1111 1111 1111 now", "4111 1111 1111 1111", "card"),
    "card without blanks": ("card 5500005555555559.", "5500005555555559", "card"),
    "IBAN": ("to DE89 3704 0044 0532 0130 00 please", "DE89 3704 0044 0532 0130 00", "IBAN"),
    "social security number": ("SSN 123-45-6789 ok", "123-45-6789", "social security number"),
    "phone, international": ("call +49 151 2345678 soon", "+49 151 2345678", "phone number"),
    "phone, American": ("call (212) 555-0199 soon", "(212) 555-0199", "phone number"),
    "phone, in one": ("call +4915123456789 soon", "+4915123456789", "phone number"),
    "AWS key": ("key AKIAIOSFODNN7EXAMPLE here", "AKIAIOSFODNN7EXAMPLE", "AWS key"),
    "GitHub token": ("use ghp_abcdefghijklmnop0123 here", "ghp_abcdefghijklmnop0123", "token"),
    "JSON web token": ("a eyJhbGciOiJI.eyJzdWIiOiIx.abc-_", "eyJhbGciOiJI.eyJzdWIiOiIx.abc-_", "token"),
    "password": ("my password: hunter22, yes", "password: hunter22", "secret"),
    "made-up string": ("id Zx81kQ0pLm55TtRw2Vb9Yn7c here", "Zx81kQ0pLm55TtRw2Vb9Yn7c", "token"),
    "hash": ("sum 3f786850e387550fdab836ed7e6dc881de23001b ok", "3f786850e387550fdab836ed7e6dc881de23001b", "token"),
    "IP address": ("from 10.12.0.255 to us", "10.12.0.255", "IP address"),
    "private key": ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "-----BEGIN RSA PRIVATE KEY-----\nMIIE", "private key"),
}
KEPT = [
    "on 2026-11-23 at 10:30",
    "order 12345 for 3 hens, 20 % off, € 1,299.00",
    "version 1.2.3 of my_long_identifier_name_here",
    "card 4111 1111 1111 1112 has a wrong check digit",
    "the password policy says passwords are secret",
    "Jo Doe lives in Springfield",
    "antidisestablishmentarianism",
]


@pytest.mark.parametrize(("text", "taken", "what"), TAKEN.values(), ids=TAKEN)
def test_what_must_not_be_shown_is_found(text, taken, what):
    found = [(text[one.start : one.end], one.what) for one in redactions(text)]

    assert (taken, what) in found or any(taken in shown for shown, _ in found), found
    assert len(found) == 1


@pytest.mark.parametrize("text", KEPT)
def test_what_may_be_shown_stays(text):
    assert redactions(text) == []


def test_overlapping_finds_are_one():
    text = "password: AKIAIOSFODNN7EXAMPLE"

    assert len(redactions(text)) == 1
